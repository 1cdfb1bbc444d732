package store

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"example.org/broadside"
)

// Readers find the editions whose lists are closed, the newest first.
func TestEditions(t *testing.T) {
	each(t, func(t *testing.T, db *DB) {
		ctx := t.Context()
		a := fill(t, db, 2)
		put := func(number int, closed time.Time) error {
			return db.Update(ctx, func(tx *Tx) error {
				return tx.PutEdition(ctx, &broadside.Edition{ID: fmt.Sprint("e", number), Number: number, Date: "2026-03-14", Lang: "en", Title: "T", Closed: closed,
					Items: []broadside.EditionItem{{Article: a[1].ID, Weight: broadside.Lead}, {Article: a[0].ID, Weight: broadside.Brief}}})
			})
		}
		for number, closed := range map[int]time.Time{1: noon, 2: noon, 9: noon, 10: noon, 11: {}} {
			if err := put(number, closed); err != nil {
				t.Fatal(err)
			}
		}
		numbers := func(skip, limit int) (all []int) {
			t.Helper()
			es, err := db.Editions(ctx, skip, limit)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range es {
				all = append(all, e.Number)
				if len(e.Items) != 0 || e.Title != "T" || !e.Closed.Equal(noon) {
					t.Errorf("a list has the edition %+v", e)
				}
			}
			return all
		}
		for _, tt := range []struct {
			skip, limit int
			want        []int
		}{{0, 10, []int{10, 9, 2, 1}}, {1, 2, []int{9, 2}}, {4, 10, nil}} {
			if got := numbers(tt.skip, tt.limit); !slices.Equal(got, tt.want) {
				t.Errorf("Editions(%d, %d) = %v, want %v", tt.skip, tt.limit, got, tt.want)
			}
		}
		if n, err := db.CountEditions(ctx); err != nil || n != 4 {
			t.Errorf("CountEditions = %d, %v; want 4", n, err)
		}
		open, err := db.Edition(ctx, 11)
		if err != nil || !open.Closed.IsZero() || !reflect.DeepEqual(open.Items, []broadside.EditionItem{{Article: a[1].ID, Weight: broadside.Lead}, {Article: a[0].ID, Weight: broadside.Brief}}) {
			t.Errorf("the open one is %+v, %v", open, err)
		}
		if err := put(11, noon); err != nil {
			t.Fatal(err)
		}
		if got := numbers(0, 1); !slices.Equal(got, []int{11}) {
			t.Errorf("once it is closed the newest is %v", got)
		}
		err = db.Update(ctx, func(tx *Tx) error {
			return tx.PutEdition(ctx, &broadside.Edition{ID: "another", Number: 9, Date: "2026-03-15", Lang: "en"})
		})
		if broadside.KindOf(err) != broadside.Conflict {
			t.Errorf("two editions of one number: %v, want Conflict", err)
		}
		if _, err := db.Edition(ctx, 12); broadside.KindOf(err) != broadside.NotFound {
			t.Errorf("Edition(12): %v, want NotFound", err)
		}
	})
}

func TestFront(t *testing.T) {
	each(t, func(t *testing.T, db *DB) {
		ctx := t.Context()
		if ids, err := db.Front(ctx); err != nil || len(ids) != 0 {
			t.Errorf("before anybody has chosen: %v, %v", ids, err)
		}
		for _, want := range [][]string{{"b", "a"}, {"c"}, {}} {
			update(t, db, func(ctx context.Context, tx *Tx) error { return tx.SetFront(ctx, want) })
			if ids, err := db.Front(ctx); err != nil || !slices.Equal(ids, want) {
				t.Errorf("Front = %v, %v; want %v", ids, err, want)
			}
		}
	})
}
