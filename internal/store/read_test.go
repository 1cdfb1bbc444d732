package store

import (
	"context"
	"reflect"
	"slices"
	"testing"
	"time"

	"example.org/broadside"
)

func TestReads(t *testing.T) {
	each(t, func(t *testing.T, db *DB) {
		ctx := t.Context()
		all := fill(t, db, 3)
		a, b, quiet := all[0].ID, all[1].ID, all[2].ID
		eleven, day := noon.Add(-time.Hour), noon.Truncate(24*time.Hour)
		next := day.AddDate(0, 0, 1)
		add := func(reads []Read, sources []Source) {
			t.Helper()
			update(t, db, func(ctx context.Context, tx *Tx) error { return tx.AddReads(ctx, reads, sources) })
		}
		add([]Read{{a, noon, 3}, {b, noon, 5}, {a, eleven, 1}, {"none", noon, 9}},
			[]Source{{a, day, "tides.example", 2}, {a, day, "", 1}, {b, day, "tides.example", 4}, {"none", day, "tides.example", 9}})
		add([]Read{{a, noon, 4}}, []Source{{a, day, "tides.example", 1}, {a, next, "harbour.example", 9}})
		add(nil, nil)

		for _, tt := range []struct {
			scope ReadScope
			want  []Read
		}{
			{ReadScope{}, []Read{{a, eleven, 1}, {a, noon, 7}, {b, noon, 5}}},
			{ReadScope{Article: a}, []Read{{a, eleven, 1}, {a, noon, 7}}},
			{ReadScope{From: noon}, []Read{{a, noon, 7}, {b, noon, 5}}},
			{ReadScope{To: noon}, []Read{{a, eleven, 1}}},
			{ReadScope{Article: b, From: eleven, To: noon}, nil},
			{ReadScope{Article: quiet}, nil},
		} {
			if got, err := db.Reads(ctx, tt.scope); err != nil || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("Reads(%+v) = %v, %v; want %v", tt.scope, got, err, tt.want)
			}
		}
		for _, tt := range []struct {
			scope ReadScope
			limit int
			want  []Read
		}{
			{ReadScope{}, 9, []Read{{Article: a, Reads: 8}, {Article: b, Reads: 5}}},
			{ReadScope{}, 1, []Read{{Article: a, Reads: 8}}},
			{ReadScope{To: noon}, 9, []Read{{Article: a, Reads: 1}}},
			{ReadScope{From: next}, 9, nil},
		} {
			if got, err := db.ReadTotals(ctx, tt.scope, tt.limit); err != nil || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("ReadTotals(%+v, %d) = %v, %v; want %v", tt.scope, tt.limit, got, err, tt.want)
			}
		}
		for _, tt := range []struct {
			scope ReadScope
			limit int
			want  []Source
		}{
			{ReadScope{}, 9, []Source{{Host: "harbour.example", Reads: 9}, {Host: "tides.example", Reads: 7}, {Host: "", Reads: 1}}},
			{ReadScope{}, 1, []Source{{Host: "harbour.example", Reads: 9}}},
			{ReadScope{Article: a, To: next}, 9, []Source{{Host: "tides.example", Reads: 3}, {Host: "", Reads: 1}}},
			{ReadScope{From: next}, 9, []Source{{Host: "harbour.example", Reads: 9}}},
		} {
			if got, err := db.SourceTotals(ctx, tt.scope, tt.limit); err != nil || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("SourceTotals(%+v, %d) = %v, %v; want %v", tt.scope, tt.limit, got, err, tt.want)
			}
		}
	})
}

// Of equals the older article comes first, so that a list does not change by
// itself.
func TestReadsOfEqualsKeepTheirOrder(t *testing.T) {
	each(t, func(t *testing.T, db *DB) {
		all := fill(t, db, 4)
		update(t, db, func(ctx context.Context, tx *Tx) error {
			for _, a := range slices.Backward(all) {
				if err := tx.AddReads(ctx, []Read{{a.ID, noon, 2}}, nil); err != nil {
					return err
				}
			}
			return nil
		})
		got, err := db.ReadTotals(t.Context(), ReadScope{}, 9)
		if err != nil || len(got) != len(all) {
			t.Fatalf("ReadTotals = %v, %v", got, err)
		}
		for i, a := range all {
			if got[i].Article != a.ID {
				t.Errorf("place %d is of another article than story-%d", i, i)
			}
		}
	})
}

// With an article goes what is known of its readers, and nothing is counted
// for it afterwards: what was in memory at the time comes too late.
func TestReadsGoWithTheirArticle(t *testing.T) {
	each(t, func(t *testing.T, db *DB) {
		ctx := t.Context()
		all := fill(t, db, 2)
		gone := all[0]
		count := func() {
			t.Helper()
			update(t, db, func(ctx context.Context, tx *Tx) error {
				for _, a := range all {
					if err := tx.AddReads(ctx, []Read{{a.ID, noon, 1}}, []Source{{a.ID, noon, "tides.example", 1}}); err != nil {
						return err
					}
				}
				return nil
			})
		}
		count()
		update(t, db, func(ctx context.Context, tx *Tx) error {
			if err := tx.EraseRevisions(ctx, gone.ID); err != nil {
				return err
			}
			gone.Status, gone.Live, gone.Tags = broadside.Removed, "", nil
			return tx.UpdateArticle(ctx, &gone)
		})
		count()
		reads, err := db.ReadTotals(ctx, ReadScope{}, 9)
		if want := []Read{{Article: all[1].ID, Reads: 2}}; err != nil || !slices.Equal(reads, want) {
			t.Errorf("ReadTotals = %v, %v; want %v", reads, err, want)
		}
		if reads, err := db.Reads(ctx, ReadScope{Article: gone.ID}); err != nil || len(reads) != 0 {
			t.Errorf("of the removed article: %v, %v", reads, err)
		}
		sources, err := db.SourceTotals(ctx, ReadScope{}, 9)
		if want := []Source{{Host: "tides.example", Reads: 2}}; err != nil || !slices.Equal(sources, want) {
			t.Errorf("SourceTotals = %v, %v; want %v", sources, err, want)
		}
	})
}
