package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"example.org/broadside"
)

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

// each runs f on a fresh database of every engine. PostgreSQL is skipped
// unless BROADSIDE_TEST_POSTGRES holds the URL of a server.
func each(t *testing.T, f func(t *testing.T, db *DB)) {
	eachDSN(t, func(t *testing.T, dsn string) {
		db, err := Open(t.Context(), dsn)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		f(t, db)
	})
}

func eachDSN(t *testing.T, f func(t *testing.T, dsn string)) {
	t.Run("sqlite", func(t *testing.T) { f(t, filepath.Join(t.TempDir(), "a paper?.db")) })
	t.Run("postgres", func(t *testing.T) {
		server := serverURL()
		if server == "" {
			t.Skip("BROADSIDE_TEST_POSTGRES is not set")
		}
		f(t, freshSchema(t, server))
	})
}

// serverURL returns the URL of a PostgreSQL server, or "" if there is none.
func serverURL() string { return os.Getenv("BROADSIDE_TEST_POSTGRES") }

// freshSchema makes an empty schema on the server and returns its URL.
func freshSchema(t *testing.T, server string) string {
	t.Helper()
	admin, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	name := "t" + strings.ReplaceAll(NewID(), "-", "")
	if _, err := admin.ExecContext(t.Context(), "CREATE SCHEMA "+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		admin.ExecContext(context.Background(), "DROP SCHEMA "+name+" CASCADE")
		admin.Close()
	})
	return server + "&search_path=" + name
}

func update(t *testing.T, db *DB, f func(ctx context.Context, tx *Tx) error) {
	t.Helper()
	if err := db.Update(t.Context(), func(tx *Tx) error { return f(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

// fill adds a section, two tags and n published articles, a minute apart.
func fill(t *testing.T, db *DB, n int) []broadside.Article {
	t.Helper()
	var all []broadside.Article
	update(t, db, func(ctx context.Context, tx *Tx) error {
		if err := tx.PutSection(ctx, broadside.Section{Slug: "harbour", Name: "Harbour"}); err != nil {
			return err
		}
		for _, slug := range []string{"ice", "boats"} {
			if err := tx.EnsureTag(ctx, broadside.Tag{Slug: slug, Name: strings.ToUpper(slug)}); err != nil {
				return err
			}
		}
		for i := range n {
			at := noon.Add(time.Duration(i) * time.Minute)
			a := broadside.Article{ID: NewID(), Lang: "en", Section: "harbour", Slug: fmt.Sprintf("story-%d", i), Tags: []string{"boats", "ice"},
				Status: broadside.Published, Published: at, Updated: at, Created: at}
			a.Story, a.Head = a.ID, NewID()
			a.Live = a.Head
			r := revision(a.ID, a.Head, fmt.Sprintf("Story %d", i))
			if err := tx.InsertArticle(ctx, &a); err != nil {
				return err
			}
			if err := tx.InsertRevision(ctx, &r, strings.Repeat("ab", 32), Uses{People: []string{"p1"}, Pictures: []string{"m1"}}); err != nil {
				return err
			}
			all = append(all, a)
		}
		return nil
	})
	return all
}

func revision(article, id, headline string) broadside.Revision {
	return broadside.Revision{ID: id, Article: article, Author: "Ana", Created: noon, Canonical: []byte(`{"headline":"` + headline + `"}`),
		Digest: "d", Commitment: "c", Summary: broadside.Summary{Kind: "news", Lang: "en", Dir: "ltr", Headline: headline, Byline: "Ana Reyes", Words: 230}}
}

// Placeholders out of order and repeated: other drivers swap values silently.
func TestPlaceholdersAreBoundByNumber(t *testing.T) {
	each(t, func(t *testing.T, db *DB) {
		var a, b, c string
		err := db.c.row(t.Context(), `SELECT CAST($2 AS TEXT), CAST($1 AS TEXT), CAST($2 AS TEXT)`, "one", "two").scan("row", &a, &b, &c)
		if err != nil || a != "two" || b != "one" || c != "two" {
			t.Errorf("got %q %q %q, %v; want two one two", a, b, c, err)
		}
	})
}

func TestArticle(t *testing.T) {
	each(t, func(t *testing.T, db *DB) {
		ctx := t.Context()
		want := fill(t, db, 1)[0]
		for name, read := range map[string]func() (*broadside.Article, error){
			"by ID":    func() (*broadside.Article, error) { return db.Article(ctx, want.ID) },
			"by place": func() (*broadside.Article, error) { return db.ArticleAt(ctx, "harbour", "story-0") },
		} {
			if got, err := read(); err != nil || !reflect.DeepEqual(*got, want) {
				t.Errorf("%s: %+v, %v; want %+v", name, got, err, want)
			}
		}
		if _, err := db.Article(ctx, "none"); broadside.KindOf(err) != broadside.NotFound {
			t.Errorf("Article(none): %v, want NotFound", err)
		}
		twin := want
		twin.ID = NewID()
		err := db.Update(ctx, func(tx *Tx) error { return tx.InsertArticle(ctx, &twin) })
		if broadside.KindOf(err) != broadside.Conflict {
			t.Errorf("a second article at one address: %v, want Conflict", err)
		}
	})
}

// Of two writers who began from the same revision, the second is told.
func TestSecondWriterIsTold(t *testing.T) {
	each(t, func(t *testing.T, db *DB) {
		ctx := t.Context()
		a := fill(t, db, 1)[0]
		save := func() error {
			mine := a
			mine.Head = NewID()
			return db.Update(ctx, func(tx *Tx) error { return tx.UpdateArticle(ctx, &mine) })
		}
		if err := save(); err != nil {
			t.Fatal(err)
		}
		if err := save(); broadside.KindOf(err) != broadside.Conflict {
			t.Errorf("second save: %v, want Conflict", err)
		}
	})
}

func TestListings(t *testing.T) {
	each(t, func(t *testing.T, db *DB) {
		ctx := t.Context()
		all := fill(t, db, 5)
		update(t, db, func(ctx context.Context, tx *Tx) error {
			return tx.PutPicture(ctx, &broadside.Picture{ID: "x", Master: "m1", Format: "jpeg", Width: 1, Height: 1, Created: noon})
		})
		draft := all[4]
		draft.Live = ""
		update(t, db, func(ctx context.Context, tx *Tx) error {
			return tx.UpdateArticle(ctx, &draft)
		})
		for _, tt := range []struct {
			scope Scope
			want  int
		}{
			{Scope{}, 4}, {Scope{Section: "harbour"}, 4}, {Scope{Section: "work"}, 0}, {Scope{Tag: "ice"}, 4},
			{Scope{Tag: "none"}, 0}, {Scope{Person: "p1"}, 4}, {Scope{Person: "p2"}, 0}, {Scope{Story: all[1].Story}, 1},
			{Scope{Lang: "en"}, 4}, {Scope{Lang: "ru"}, 4},
		} {
			ls, err := db.Listings(ctx, tt.scope, 0, 10)
			n, cerr := db.CountListings(ctx, tt.scope)
			if err != nil || cerr != nil || len(ls) != tt.want || n != tt.want {
				t.Errorf("Listings(%+v) = %d, %v; count %d, %v; want %d", tt.scope, len(ls), err, n, cerr, tt.want)
			}
		}
		ls, _ := db.Listings(ctx, Scope{}, 1, 2)
		if len(ls) != 2 || ls[0].Summary.Headline != "Story 2" || ls[1].Article.Slug != "story-1" {
			t.Errorf("second and third newest = %+v", ls)
		}
	})
}

// A story that exists in a paper's language is listed in that one only.
func TestListingsLeaveOutTranslations(t *testing.T) {
	each(t, func(t *testing.T, db *DB) {
		ctx := t.Context()
		all := fill(t, db, 3)
		russian := all[2]
		russian.Story, russian.Lang = all[0].Story, "ru"
		update(t, db, func(ctx context.Context, tx *Tx) error {
			return tx.UpdateArticle(ctx, &russian)
		})
		for lang, want := range map[string][]string{"": {"story-2", "story-1", "story-0"}, "en": {"story-1", "story-0"}, "ru": {"story-2", "story-1"}} {
			ls, err := db.Listings(ctx, Scope{Lang: lang}, 0, 10)
			var got []string
			for _, l := range ls {
				got = append(got, l.Article.Slug)
			}
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("in %q: %v, %v; want %v", lang, got, err, want)
			}
		}
	})
}

// Numbers of the log have no gaps and are visible in order, however many
// publish at once and however many of those fail.
func TestPublicationLogHasNoGaps(t *testing.T) {
	each(t, func(t *testing.T, db *DB) {
		ctx := t.Context()
		a := fill(t, db, 1)[0]
		var wg sync.WaitGroup
		for i := range 20 {
			wg.Go(func() {
				db.Update(ctx, func(tx *Tx) error {
					p := broadside.Publication{Article: a.ID, Revision: a.Head, Kind: broadside.Typo, At: noon}
					if err := tx.AppendPublication(ctx, &p); err != nil {
						t.Error(err)
					}
					if i%3 == 0 {
						return fmt.Errorf("changed my mind")
					}
					return nil
				})
			})
		}
		wg.Wait()
		ps, err := db.Publications(ctx, 0, 100)
		if err != nil || len(ps) != 13 {
			t.Fatalf("%d publications, %v; want 13", len(ps), err)
		}
		for i, p := range ps {
			if p.Seq != int64(i+1) {
				t.Errorf("publication %d has seq %d", i, p.Seq)
			}
		}
	})
}

// Two transactions that take the same rows in opposite order both succeed.
func TestDeadlocksAreTriedAgain(t *testing.T) {
	each(t, func(t *testing.T, db *DB) {
		ctx := t.Context()
		var wg sync.WaitGroup
		for i := range 2 {
			slugs := []string{"first", "second"}
			if i%2 == 1 {
				slices.Reverse(slugs)
			}
			wg.Go(func() {
				err := db.Update(ctx, func(tx *Tx) error {
					for _, slug := range slugs {
						if err := tx.PutSection(ctx, broadside.Section{Slug: slug, Name: fmt.Sprint(i)}); err != nil {
							return err
						}
						time.Sleep(50 * time.Millisecond)
					}
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	})
}

// After a removal nothing of the words is in the database, and the salt that
// could prove a guess is gone too.
func TestEraseRevisions(t *testing.T) {
	each(t, func(t *testing.T, db *DB) {
		ctx := t.Context()
		a := fill(t, db, 2)[0]
		update(t, db, func(ctx context.Context, tx *Tx) error { return tx.EraseRevisions(ctx, a.ID) })
		var dump bytes.Buffer
		if err := db.Snapshot(ctx, func(r *Reader) error { return r.Dump(ctx, &dump) }); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(dump.String(), "Story 0") || !strings.Contains(dump.String(), "Story 1") {
			t.Errorf("after removing story 0:\n%s", dump.String())
		}
		if _, err := db.Salt(ctx, a.Head); broadside.KindOf(err) != broadside.NotFound {
			t.Errorf("Salt: %v, want NotFound", err)
		}
		if r, err := db.Revision(ctx, a.Head); err != nil || r.Canonical != nil || r.Commitment != "c" {
			t.Errorf("Revision = %+v, %v; want an empty one with its commitment", r, err)
		}
	})
}

func TestSettingsPeopleRedirectsEditions(t *testing.T) {
	each(t, func(t *testing.T, db *DB) {
		ctx := t.Context()
		a := fill(t, db, 2)
		paper := broadside.Paper{Name: "The Harbour Record", Lang: "en-GB", TimeZone: "Europe/London", URL: "https://record.example"}
		person := broadside.Person{ID: NewID(), Slug: "ana-reyes", Name: "Ana Reyes", Biography: "Writes."}
		redirect := broadside.Redirect{Path: "/old", Article: a[0].ID}
		edition := broadside.Edition{ID: NewID(), Number: 7, Date: "2026-03-14", Lang: "en", Items: []broadside.EditionItem{
			{Article: a[1].ID, Weight: broadside.Lead}, {Article: a[0].ID, Weight: broadside.Brief}}}
		for range 2 { // a second time changes what is there
			update(t, db, func(ctx context.Context, tx *Tx) error {
				for _, err := range []error{tx.SetPaper(ctx, paper), tx.PutPerson(ctx, person), tx.PutRedirect(ctx, redirect), tx.PutEdition(ctx, &edition)} {
					if err != nil {
						return err
					}
				}
				return nil
			})
		}
		if got, err := db.Paper(ctx); err != nil || got != paper {
			t.Errorf("Paper = %+v, %v", got, err)
		}
		if got, err := db.PersonNamed(ctx, "Ana Reyes"); err != nil || *got != person {
			t.Errorf("PersonNamed = %+v, %v", got, err)
		}
		if got, err := db.Redirect(ctx, "/old"); err != nil || *got != redirect {
			t.Errorf("Redirect = %+v, %v", got, err)
		}
		if got, err := db.Edition(ctx, 7); err != nil || !reflect.DeepEqual(*got, edition) {
			t.Errorf("Edition = %+v, %v", got, err)
		}
		err := db.Update(ctx, func(tx *Tx) error {
			return tx.PutPerson(ctx, broadside.Person{ID: NewID(), Slug: "ana-reyes", Name: "Another"})
		})
		if broadside.KindOf(err) != broadside.Conflict {
			t.Errorf("two people of one slug: %v, want Conflict", err)
		}
	})
}

func TestPicturesAndBlobs(t *testing.T) {
	each(t, func(t *testing.T, db *DB) {
		ctx := t.Context()
		a := fill(t, db, 1)[0]
		p := &broadside.Picture{ID: "x", Master: "m1", Original: "o1", Format: "jpeg", Width: 30, Height: 20, Credit: "Ivo", FocalX: 1, FocalY: 2, Created: noon}
		r := broadside.Rendition{Picture: "x", Width: 320, Format: "jpeg", Blob: "b320", Size: 9}
		f := &File{ID: "f", Blob: "fb", Name: "dues.csv", MIME: "text/csv", Size: 4, Created: noon}
		update(t, db, func(ctx context.Context, tx *Tx) error {
			for _, err := range []error{tx.PutPicture(ctx, p), tx.AddRendition(ctx, r), tx.AddRendition(ctx, r), tx.AddFile(ctx, f)} {
				if err != nil {
					return err
				}
			}
			return nil
		})
		if got, err := db.PictureByMaster(ctx, "m1"); err != nil || *got != *p {
			t.Errorf("PictureByMaster = %+v, %v", got, err)
		}
		if got, err := db.Rendition(ctx, "x", 320, "jpeg"); err != nil || *got != r {
			t.Errorf("Rendition = %+v, %v", got, err)
		}
		if got, err := db.FileByBlob(ctx, "fb"); err != nil || *got != *f {
			t.Errorf("FileByBlob = %+v, %v", got, err)
		}
		var names []string
		if err := db.EachBlob(ctx, func(n string) error { names = append(names, n); return nil }); err != nil || !slices.Equal(names, []string{"b320", "fb", "m1", "o1"}) {
			t.Errorf("EachBlob = %v, %v", names, err)
		}
		if u, err := db.UnusedBy(ctx, a.ID); err != nil || !slices.Equal(u.Pictures, []string{"m1"}) {
			t.Errorf("UnusedBy = %+v, %v", u, err)
		}
		update(t, db, func(ctx context.Context, tx *Tx) error { return tx.DeletePicture(ctx, "x") })
		if used, err := db.BlobIsUsed(ctx, "b320"); err != nil || used {
			t.Errorf("BlobIsUsed = %v, %v; renditions go with their picture", used, err)
		}
	})
}

// Eight workers share forty jobs: each job is claimed once.
func TestJobsAreClaimedOnce(t *testing.T) {
	each(t, func(t *testing.T, db *DB) {
		ctx := t.Context()
		update(t, db, func(ctx context.Context, tx *Tx) error {
			for i := range 40 {
				key := fmt.Sprint(i)
				if err := tx.Enqueue(ctx, Job{ID: NewID(), Kind: "pdf", Key: key, Args: []byte(`{}`), RunAt: noon, Created: noon}); err != nil {
					return err
				}
			}
			return tx.Enqueue(ctx, Job{ID: NewID(), Kind: "pdf", Key: "tomorrow", Args: []byte(`{}`), RunAt: noon.AddDate(0, 0, 1), Created: noon})
		})
		var mu sync.Mutex
		claims := map[string]int{}
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for misses := 0; misses < 50; {
					j, err := db.ClaimJob(ctx, []string{"pdf", "k"}, noon, noon.Add(10*time.Second))
					if err != nil {
						t.Error(err)
						return
					}
					if j == nil {
						misses++
						continue
					}
					mu.Lock()
					claims[j.Key]++
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		if len(claims) != 40 {
			t.Errorf("%d jobs were claimed, want 40", len(claims))
		}
		for key, n := range claims {
			if n != 1 {
				t.Errorf("job %s was claimed %d times", key, n)
			}
		}
	})
}

// A worker that stalls loses its job to another, and can no longer touch it.
func TestLeaseAndFence(t *testing.T) {
	each(t, func(t *testing.T, db *DB) {
		ctx := t.Context()
		update(t, db, func(ctx context.Context, tx *Tx) error {
			return tx.Enqueue(ctx, Job{ID: NewID(), Kind: "k", Key: "1", Args: []byte(`{}`), RunAt: noon, Created: noon})
		})
		lease := 10 * time.Second
		first, err := db.ClaimJob(ctx, []string{"pdf", "k"}, noon, noon.Add(lease))
		if err != nil || first == nil {
			t.Fatal(first, err)
		}
		if early, _ := db.ClaimJob(ctx, []string{"pdf", "k"}, noon.Add(9*time.Second), noon.Add(lease)); early != nil {
			t.Error("the job was taken before its lease ran out")
		}
		second, err := db.ClaimJob(ctx, []string{"pdf", "k"}, noon.Add(11*time.Second), noon.Add(20*time.Second))
		if err != nil || second == nil || second.Attempts != 2 {
			t.Fatalf("claim after the lease = %+v, %v", second, err)
		}
		for name, err := range map[string]error{"finish": db.FinishJob(ctx, first), "extend": db.ExtendJob(ctx, first, noon), "retry": db.RetryJob(ctx, first, noon, "x")} {
			if broadside.KindOf(err) != broadside.Conflict {
				t.Errorf("%s by the first holder: %v, want Conflict", name, err)
			}
		}
		if err := db.RetryJob(ctx, second, time.Time{}, "no ink"); err != nil {
			t.Error(err)
		}
		if js, err := db.Jobs(ctx); err != nil || len(js) != 1 || js[0].State != "failed" || js[0].Error != "no ink" {
			t.Errorf("Jobs = %+v, %v; want a failed one", js, err)
		}
	})
}

// Both engines hold the same columns of the same kinds, and a dump knows them all.
func TestEnginesHaveTheSameColumns(t *testing.T) {
	seen := map[string][]string{}
	each(t, func(t *testing.T, db *DB) {
		query := `SELECT m.name || '.' || p.name || ' ' || LOWER(p.type) || ' ' || p."notnull" FROM sqlite_schema m JOIN pragma_table_info(m.name) p
			WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE 'goose%'`
		if db.postgres {
			query = `SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || CASE is_nullable WHEN 'NO' THEN 1 ELSE 0 END
				FROM information_schema.columns WHERE table_schema = current_schema() AND table_name NOT LIKE 'goose%'`
		}
		columns, err := list(t.Context(), db.c, "column", scanText, query)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for i, c := range columns {
			name, rest, _ := strings.Cut(c, " ")
			kind, _, _ := strings.Cut(rest, " ")
			columns[i] = name + " " + kind // SQLite leaves NOT NULL to be said even of a primary key
			names = append(names, name)
		}
		slices.Sort(columns)
		engine := filepath.Base(t.Name())
		seen[engine] = columns
		var dumped []string
		for _, tb := range tables {
			for _, c := range strings.Split(tb.columns, ", ") {
				dumped = append(dumped, tb.name+"."+c)
			}
		}
		slices.Sort(names)
		slices.Sort(dumped)
		if !slices.Equal(names, dumped) {
			t.Errorf("the dump knows\n%v\nthe schema has\n%v", dumped, names)
		}
	})
	if pg, ok := seen["postgres"]; ok && !slices.Equal(pg, seen["sqlite"]) {
		t.Errorf("PostgreSQL has\n%v\nSQLite has\n%v", pg, seen["sqlite"])
	}
}

// everyTable fills every table with at least one row.
func everyTable(t *testing.T, db *DB) {
	t.Helper()
	a := fill(t, db, 3)
	update(t, db, func(ctx context.Context, tx *Tx) error {
		picture := broadside.Picture{ID: "x", Master: "m1", Original: "o1", Format: "jpeg", Width: 30, Height: 20, Alt: "Ice", Credit: "Ivo", Licence: "CC BY 4.0", Colour: "#aabbcc", FocalX: 1, FocalY: 2, Created: noon}
		edition := broadside.Edition{ID: NewID(), Number: 4182, Date: "2026-03-14", Lang: "en", Title: "Ice", Closed: noon, Items: []broadside.EditionItem{
			{Article: a[1].ID, Weight: broadside.Lead}, {Article: a[0].ID, Weight: broadside.Brief}}}
		for _, err := range []error{
			tx.SetPaper(ctx, broadside.Paper{Name: "“Ж” \u2028 <b>", Lang: "en", TimeZone: "Europe/London", Colour: "#005a9c", Nameplate: "m1"}),
			tx.SetFront(ctx, []string{a[2].ID, a[0].ID}),
			tx.PutSection(ctx, broadside.Section{Slug: broadside.PageSection, Name: "Page"}),
			tx.PutPerson(ctx, broadside.Person{ID: "p1", Slug: "ana-reyes", Name: "Ana Reyes", Biography: "Writes.", Portrait: "m1"}),
			tx.PutPicture(ctx, &picture),
			tx.AddRendition(ctx, broadside.Rendition{Picture: "x", Width: 30, Format: "jpeg", Blob: "b30", Size: 9}),
			tx.AddFile(ctx, &File{ID: "f", Blob: "fb", Name: "dues.csv", MIME: "text/csv", Size: 4, Created: noon}),
			tx.AppendPublication(ctx, &broadside.Publication{Article: a[0].ID, Revision: a[0].Live, Kind: broadside.First, At: noon}),
			tx.AppendPublication(ctx, &broadside.Publication{Article: a[0].ID, Revision: a[0].Live, Kind: broadside.Correction, At: noon, Note: "It was Friday."}),
			tx.PutRedirect(ctx, broadside.Redirect{Path: "/old", Article: a[0].ID}),
			tx.PutRedirect(ctx, broadside.Redirect{Path: "/by/ana/", Target: "/by/ana-reyes/"}),
			tx.PutEdition(ctx, &edition),
			tx.AddReads(ctx, []Read{{a[0].ID, noon, 1 << 40}, {a[1].ID, noon, 2}}, []Source{{a[0].ID, noon.Truncate(24 * time.Hour), "tides.example", 3}, {a[0].ID, noon.Truncate(24 * time.Hour), "", 1}}),
			tx.Enqueue(ctx, Job{ID: NewID(), Kind: "renditions", Key: "x", Args: []byte(`{}`), RunAt: noon, Created: noon}),
		} {
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// tablesOf returns how many rows a dump has of each table.
func tablesOf(t *testing.T, dump []byte) map[string]int {
	t.Helper()
	rows, table := map[string]int{}, ""
	for line := range bytes.Lines(dump) {
		if line[0] != '{' {
			rows[table]++
			continue
		}
		var head dumpHead
		if err := json.Unmarshal(line, &head); err != nil {
			t.Fatal(err)
		}
		table = head.Table
		rows[table] = 0
	}
	return rows
}

func dumpOf(t *testing.T, db *DB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := db.Snapshot(t.Context(), func(r *Reader) error { return r.Dump(t.Context(), &b) }); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A dump of one engine restores on either, and its dump is the same again.
func TestDumpAndRestore(t *testing.T) {
	each(t, func(t *testing.T, db *DB) {
		ctx := t.Context()
		everyTable(t, db)
		want := dumpOf(t, db)
		for table, n := range tablesOf(t, want) {
			if n == 0 {
				t.Errorf("the dump has no row of the table %s: this test would prove nothing of it", table)
			}
		}
		version, err := db.Version(ctx)
		if err != nil {
			t.Fatal(err)
		}
		state, err := db.State(ctx)
		if err != nil {
			t.Fatal(err)
		}
		eachDSN(t, func(t *testing.T, dsn string) {
			if err := Restore(ctx, dsn, version, bytes.NewReader(want)); err != nil {
				t.Fatal(err)
			}
			back, err := Open(ctx, dsn)
			if err != nil {
				t.Fatal(err)
			}
			defer back.Close()
			if got := dumpOf(t, back); !bytes.Equal(got, want) {
				t.Errorf("restored:\n%s\nwant:\n%s", got, want)
			}
			if got, err := back.State(ctx); err != nil || got != state {
				t.Errorf("the state is %+v, %v; want %+v", got, err, state)
			}
			if err := Restore(ctx, dsn, version, bytes.NewReader(want)); broadside.KindOf(err) != broadside.Conflict {
				t.Errorf("restoring over a paper: %v, want Conflict", err)
			}
		})
	})
}

// Each schema that was ever released, with rows in it, comes up to date.
func TestMigrateReleasedSchemas(t *testing.T) {
	files, err := filepath.Glob("testdata/released/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatalf("no released schemas: %v", err)
	}
	for _, file := range files {
		var version int64
		if _, err := fmt.Sscanf(filepath.Base(file), "%d.jsonl", &version); err != nil {
			t.Fatal(err)
		}
		eachDSN(t, func(t *testing.T, dsn string) {
			rows, err := os.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			defer rows.Close()
			if err := Restore(t.Context(), dsn, version, rows); err != nil {
				t.Fatal(err)
			}
			db, err := Open(t.Context(), dsn)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if ls, err := db.Listings(t.Context(), Scope{}, 0, 10); err != nil || len(ls) == 0 {
				t.Errorf("%s: %d articles, %v; want some", file, len(ls), err)
			}
			// What follows the state must find one, whatever the schema it came from had.
			before, err := db.State(t.Context())
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			update(t, db, func(ctx context.Context, tx *Tx) error { return tx.Touch(ctx) })
			if after, err := db.State(t.Context()); err != nil || after.Site != before.Site+1 {
				t.Errorf("%s: the state was %+v and is %+v, %v", file, before, after, err)
			}
		})
	}
}

// Eight processes that start at once on an empty database prepare it once.
func TestConcurrentFirstStarts(t *testing.T) {
	eachDSN(t, func(t *testing.T, dsn string) {
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				db, err := Open(t.Context(), dsn)
				if err != nil {
					t.Error(err)
					return
				}
				db.Close()
			})
		}
		wg.Wait()
	})
}

// A program that is older than the database does not touch it.
func TestNewerSchemaIsRefused(t *testing.T) {
	eachDSN(t, func(t *testing.T, dsn string) {
		db, err := Open(t.Context(), dsn)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.writer.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, ` + map[bool]string{true: "TRUE", false: "1"}[db.postgres] + `)`); err != nil {
			t.Fatal(err)
		}
		db.Close()
		if _, err := Open(t.Context(), dsn); broadside.KindOf(err) != broadside.Conflict {
			t.Errorf("Open = %v, want Conflict", err)
		}
	})
	eachDSN(t, func(t *testing.T, dsn string) {
		if err := Restore(t.Context(), dsn, 99999, strings.NewReader("")); broadside.KindOf(err) != broadside.Conflict {
			t.Errorf("Restore = %v, want Conflict", err)
		}
	})
}

// Scrubbing waits for whoever reads an older state, and then overwrites all.
func TestScrubWaitsForReaders(t *testing.T) {
	each(t, func(t *testing.T, db *DB) {
		ctx := t.Context()
		fill(t, db, 1)
		reading, done := make(chan struct{}), make(chan error)
		go func() {
			done <- db.Snapshot(ctx, func(r *Reader) error {
				_, err := r.Sections(ctx)
				close(reading)
				time.Sleep(300 * time.Millisecond)
				return err
			})
		}()
		<-reading
		fill(t, db, 0)
		if err := db.Scrub(ctx); err != nil {
			t.Error(err)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func TestPasswordsStayOutOfMessages(t *testing.T) {
	_, err := Open(t.Context(), "postgres://desk:secret@127.0.0.1:1/none?connect_timeout=1")
	if err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("Open = %v, want an error without the password", err)
	}
	if broadside.KindOf(err) != broadside.Unavailable {
		t.Errorf("KindOf(%v) = %s, want Unavailable", err, broadside.KindOf(err))
	}
	if got := Redact((&url.URL{Scheme: "postgres", User: url.UserPassword("a", "b"), Host: "h"}).String()); strings.Contains(got, ":b@") {
		t.Errorf("Redact = %q", got)
	}
}
