package newsroom_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.org/broadside"
	"example.org/broadside/internal/newsroom"
	"example.org/broadside/internal/newstest"
	"example.org/broadside/internal/store"
)

// plant changes rows behind the paper's back.
func plant(t *testing.T, p *newstest.Paper, statement string) {
	t.Helper()
	driver, dsn := "sqlite", p.DSN
	if store.IsPostgres(dsn) {
		driver = "pgx"
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	res, err := db.ExecContext(t.Context(), statement)
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		t.Fatalf("%s: %d rows, %v", statement, n, err)
	}
}

// sound fills a paper with an article of each condition and a picture.
func sound(t *testing.T, p *newstest.Paper) {
	t.Helper()
	bring(t, p, broadside.Draft)
	bring(t, p, broadside.Scheduled)
	d := bring(t, p, broadside.Published)
	if err := d.correct(newstest.Editor); err != nil {
		t.Fatal(err)
	}
	if err := bring(t, p, broadside.Published).withdraw(newstest.Editor); err != nil {
		t.Fatal(err)
	}
	if err := bring(t, p, broadside.Published).remove(newstest.Owner); err != nil {
		t.Fatal(err)
	}
	print := develop(t, p, newstest.JPEG(t, 400, 300, 2))
	take(t, p, newsroom.Submission{Text: newstest.WithLead(newstest.Text("Quibbledock"), print.Picture()), Prints: []*newsroom.Print{print}})
	p.Work(t)
}

func TestCheckFindsNothingInASoundPaper(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		sound(t, p)
		var faults []string
		tally, err := p.Newsroom.Check(t.Context(), func(s string) { faults = append(faults, s) })
		if err != nil || len(faults) > 0 {
			t.Errorf("Check: %q, %v", faults, err)
		}
		// One revision is the correction's; two blobs are not renditions.
		pictures, err := p.Store.Pictures(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		rs, err := p.Store.Renditions(t.Context(), pictures[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		if want := (newsroom.Tally{Revisions: 7, Blobs: 2 + len(rs)}); tally != want {
			t.Errorf("it looked at %+v, want %+v", tally, want)
		}
	})
}

func TestCheckReportsEveryFault(t *testing.T) {
	tests := []struct {
		name  string
		fault string // a statement; empty: meddle
		blobs func(t *testing.T, file string)
		want  string
	}{
		{name: "a word changed in a text", fault: `UPDATE revision SET canonical = REPLACE(canonical, 'harbour', 'airport') WHERE headline = 'Quibbledock'`, want: "do not match their digest"},
		{name: "another digest", fault: `UPDATE revision SET digest = 'ab' WHERE headline = 'Quibbledock'`, want: "do not match their digest"},
		{name: "another commitment", fault: `UPDATE revision SET commitment = 'ab' WHERE headline = 'Quibbledock'`, want: "do not match their commitment"},
		{name: "another salt", fault: `UPDATE revision_salt SET salt = 'abab'`, want: "do not match their commitment"},
		{name: "a damaged salt", fault: `UPDATE revision_salt SET salt = 'xyz'`, want: "salt is damaged"},
		{name: "no salt", fault: `DELETE FROM revision_salt`, want: "salt is missing"},
		{name: "another headline in lists", fault: `UPDATE revision SET headline = 'Marrowbone' WHERE headline = 'Quibbledock'`, want: "what lists show"},
		{name: "a revision emptied without a removal", fault: `UPDATE revision SET canonical = '' WHERE headline = 'Quibbledock'`, want: "revision"},
		{name: "a head that is not there", fault: `UPDATE article SET head = 'none' WHERE status = 'draft'`, want: "its newest revision is missing"},
		{name: "a live revision that is not there", fault: `UPDATE article SET live = 'none' WHERE slug = 'quibbledock'`, want: "the revision that readers see is missing"},
		{name: "a public draft", fault: `UPDATE article SET status = 'draft' WHERE slug = 'quibbledock'`, want: "its status does not agree"},
		{name: "a log that ends early", fault: `DELETE FROM publication WHERE seq = (SELECT MAX(seq) FROM publication)`, want: "publication log"},
		{name: "a gap in the log", fault: `UPDATE publication SET seq = 900 WHERE seq = 2`, want: "is missing"},
		{name: "a counter that runs ahead", fault: `UPDATE counter SET value = 999 WHERE name = 'publication'`, want: "counter of publications stands at 999"},
		{name: "a picture without a row", fault: `DELETE FROM picture`, want: "uses a picture that is missing"},
		{name: "a timetable without a job", fault: `DELETE FROM job WHERE kind = 'publish'`, want: "no job will publish it"},
		{name: "a byte flipped in a blob", want: "damaged", blobs: func(t *testing.T, file string) {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			b[len(b)/2] ^= 1
			if err := os.WriteFile(file, b, 0o600); err != nil {
				t.Fatal(err)
			}
		}},
		{name: "half a blob", want: "damaged", blobs: func(t *testing.T, file string) {
			if err := os.Truncate(file, 100); err != nil {
				t.Fatal(err)
			}
		}},
		{name: "no blob", want: "no blob", blobs: func(t *testing.T, file string) {
			if err := os.Remove(file); err != nil {
				t.Fatal(err)
			}
		}},
	}
	t.Parallel()
	newstest.Each(t, func(t *testing.T, model *newstest.Paper) {
		t.Parallel()
		sound(t, model)
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				p := model.Copy(t)
				if tt.blobs == nil {
					plant(t, p, tt.fault)
				} else {
					name := p.BlobNames(t)[0]
					tt.blobs(t, filepath.Join(p.Dir, "blobs", name[:2], name))
				}
				faults := strings.Join(p.Check(t), "\n")
				if !strings.Contains(faults, tt.want) {
					t.Errorf("Check reports %q, want it to say %q", faults, tt.want)
				}
				for _, word := range []string{"Quibbledock", "Marrowbone", "harbour", "Nora"} {
					if strings.Contains(faults, word) {
						t.Errorf("Check tells a word of an article: %q", faults)
					}
				}
			})
		}
	})
}
