// Package newstest sets newspapers up for tests, on real parts: a store on
// either engine, blobs in a directory, keys in a file, a newsroom on them, and
// a clock that the test moves.
//
// Only tests import it. What goes wrong while a paper is set up ends the test.
// A [Paper] is as safe for concurrent use as its parts.
package newstest

import (
	"bytes"
	"context"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"example.org/broadside"
	"example.org/broadside/internal/blob"
	"example.org/broadside/internal/job"
	"example.org/broadside/internal/keyring"
	"example.org/broadside/internal/newsroom"
	"example.org/broadside/internal/store"
)

// Noon is the hour at which the clock of [Each] and [SQLite] stands at first.
var Noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

// Editor is somebody who may do what the daily work needs; Owner may also
// remove.
var (
	Editor = broadside.Actor{Name: "Edda Holm", Role: broadside.Editor}
	Owner  = broadside.Actor{Name: "Olu Wright", Role: broadside.Owner}
)

// A Paper is a newspaper with two sections, World and Culture.
type Paper struct {
	Dir      string // holds everything of the paper but a PostgreSQL database
	DSN      string
	Store    *store.DB
	Blobs    *blob.Dir
	Keys     *keyring.Keyring
	Clock    *Clock
	Newsroom *newsroom.Newsroom
}

// Each runs f on a fresh paper on every engine. PostgreSQL is skipped unless
// BROADSIDE_TEST_POSTGRES holds the URL of a server.
func Each(t *testing.T, f func(t *testing.T, p *Paper)) {
	EachDSN(t, func(t *testing.T, dsn string) {
		f(t, fresh(t, dsn))
	})
}

// SQLite returns a fresh paper on SQLite, for tests in which the engine makes
// no difference or whose subject is that file.
func SQLite(t testing.TB) *Paper {
	t.Helper()
	return fresh(t, filepath.Join(t.TempDir(), "news.db"))
}

// EachDSN runs f with the name of an empty database on every engine. That of
// SQLite is alone in its directory.
func EachDSN(t *testing.T, f func(t *testing.T, dsn string)) {
	t.Run("sqlite", func(t *testing.T) { f(t, filepath.Join(t.TempDir(), "news.db")) })
	t.Run("postgres", func(t *testing.T) {
		server := os.Getenv(serverVariable)
		if server == "" {
			t.Skip(serverVariable + " is not set")
		}
		f(t, freshSchema(t, server))
	})
}

// serverVariable names the environment's variable that holds the URL of a
// PostgreSQL server.
const serverVariable = "BROADSIDE_TEST_POSTGRES"

// freshSchema makes an empty schema on the server and returns its URL.
func freshSchema(t testing.TB, server string) string {
	t.Helper()
	name := "t" + strings.ReplaceAll(store.NewID(), "-", "")
	run := func(ctx context.Context, statement string) {
		admin, err := pgx.Connect(ctx, server)
		if err != nil {
			t.Fatal(err)
		}
		defer admin.Close(ctx)
		if _, err := admin.Exec(ctx, statement); err != nil {
			t.Fatal(err)
		}
	}
	run(t.Context(), "CREATE SCHEMA "+name)
	t.Cleanup(func() { run(context.Background(), "DROP SCHEMA "+name+" CASCADE") })
	return server + "&search_path=" + name
}

func fresh(t testing.TB, dsn string) *Paper {
	t.Helper()
	dir := t.TempDir()
	if !store.IsPostgres(dsn) {
		dir = filepath.Dir(dsn)
	}
	p := Open(t, dir, dsn, NewClock(Noon))
	p.Update(t, func(ctx context.Context, tx *store.Tx) error {
		for i, s := range []broadside.Section{{Slug: "world", Name: "World"}, {Slug: "culture", Name: "Culture"}} {
			s.Position = i
			if err := tx.PutSection(ctx, s); err != nil {
				return err
			}
		}
		return tx.SetPaper(ctx, broadside.Paper{Name: "The Skerrow Record", Lang: "en-GB", TimeZone: "Europe/London"})
	})
	return p
}

// Open opens the paper in that directory and that database, and closes it when
// the test ends. There may be one already, open or not.
func Open(t testing.TB, dir, dsn string, clock *Clock) *Paper {
	t.Helper()
	db, err := store.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	blobs, err := blob.OpenDir(filepath.Join(dir, "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	keys, err := keyring.Open(filepath.Join(dir, "keys"))
	if err != nil {
		t.Fatal(err)
	}
	p := &Paper{Dir: dir, DSN: dsn, Store: db, Blobs: blobs, Keys: keys, Clock: clock}
	p.Newsroom = p.Over(blobs)
	return p
}

// Copy returns a paper of its own on the same engine with the same rows, blobs
// and keys.
func (p *Paper) Copy(t testing.TB) *Paper {
	t.Helper()
	dir := t.TempDir()
	dsn := filepath.Join(dir, "news.db")
	if store.IsPostgres(p.DSN) {
		dsn = freshSchema(t, os.Getenv(serverVariable))
	}
	version, err := p.Store.Version(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Restore(t.Context(), dsn, version, strings.NewReader(p.Dump(t))); err != nil {
		t.Fatal(err)
	}
	if err := keyring.Import(filepath.Join(dir, "keys"), p.Keys.Export()); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(dir, "blobs"), os.DirFS(filepath.Join(p.Dir, "blobs"))); err != nil {
		t.Fatal(err)
	}
	return Open(t, dir, dsn, p.Clock)
}

// Over returns another newsroom of the paper, which keeps its bytes in blobs.
func (p *Paper) Over(blobs blob.Store) *newsroom.Newsroom {
	return newsroom.New(p.Store, blobs, p.Keys, p.Clock.Now, slog.New(slog.DiscardHandler))
}

// Update writes to the store past the newsroom.
func (p *Paper) Update(t testing.TB, f func(ctx context.Context, tx *store.Tx) error) {
	t.Helper()
	if err := p.Store.Update(t.Context(), func(tx *store.Tx) error { return f(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

// Queue returns a queue for the newsroom's jobs, which nobody runs yet.
func (p *Paper) Queue() *job.Queue {
	workers := p.Newsroom.Workers()
	maps.Copy(workers, p.Newsroom.Timetable())
	return &job.Queue{Store: p.Store, Workers: workers, Now: p.Clock.Now, Log: slog.New(slog.DiscardHandler),
		Parallel: 2, Poll: 20 * time.Millisecond}
}

// Work runs every job that is due by the clock.
func (p *Paper) Work(t testing.TB) {
	t.Helper()
	for q := p.Queue(); ; {
		if ran, err := q.RunOne(t.Context()); err != nil {
			t.Fatal(err)
		} else if !ran {
			return
		}
	}
}

// Create saves a draft in the section World and returns it.
func (p *Paper) Create(t testing.TB, headline string, paragraphs ...string) *broadside.Article {
	t.Helper()
	a, err := p.Newsroom.Create(t.Context(), Editor, newsroom.Draft{Section: "world", Text: Text(headline, paragraphs...)})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// Publish creates an article as [Paper.Create] does, publishes it and returns
// it as it then is.
func (p *Paper) Publish(t testing.TB, headline string, paragraphs ...string) *broadside.Article {
	t.Helper()
	a := p.Create(t, headline, paragraphs...)
	if err := p.Newsroom.Publish(t.Context(), Editor, a.ID, a.Head); err != nil {
		t.Fatal(err)
	}
	return p.Article(t, a.ID)
}

// Article returns an article as it is now.
func (p *Paper) Article(t testing.TB, id string) *broadside.Article {
	t.Helper()
	a, err := p.Store.Article(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// Log returns the publication log of an article, or the whole one for "".
func (p *Paper) Log(t testing.TB, article string) []broadside.Publication {
	t.Helper()
	log, err := p.Store.Publications(t.Context(), 0, 1<<20)
	if article != "" {
		log, err = p.Store.ArticlePublications(t.Context(), article)
	}
	if err != nil {
		t.Fatal(err)
	}
	return log
}

// Dump returns every row of the store: equal papers have equal dumps.
func (p *Paper) Dump(t testing.TB) string {
	t.Helper()
	var b bytes.Buffer
	if err := p.Store.Snapshot(t.Context(), func(r *store.Reader) error { return r.Dump(t.Context(), &b) }); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// BlobNames returns the names of all blobs that are kept, used or not.
func (p *Paper) BlobNames(t testing.TB) []string {
	t.Helper()
	var names []string
	err := p.Blobs.Walk(t.Context(), func(name string, _ int64) error {
		names = append(names, name)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// Check returns the faults that a check of the whole paper reports, and one
// for each blob that nothing refers to.
func (p *Paper) Check(t testing.TB) []string {
	t.Helper()
	var faults []string
	if _, err := p.Newsroom.Check(t.Context(), func(s string) { faults = append(faults, s) }); err != nil {
		t.Fatal(err)
	}
	for _, name := range p.BlobNames(t) {
		used, err := p.Store.BlobIsUsed(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		if !used {
			faults = append(faults, "nothing refers to the blob "+name)
		}
	}
	return faults
}

// WantKind complains unless err is an error of that kind. Call names what
// returned it.
func WantKind(t testing.TB, call string, err error, want broadside.Kind) {
	t.Helper()
	if err == nil || broadside.KindOf(err) != want {
		t.Errorf("%s: %v, want an error of kind %s", call, err, want)
	}
}

// WantSame complains of the lines that two dumps do not share.
func WantSame(t testing.TB, what, before, after string) {
	t.Helper()
	if before == after {
		return
	}
	old, now := strings.SplitAfter(before, "\n"), strings.SplitAfter(after, "\n")
	var b strings.Builder
	for _, line := range old {
		if !slices.Contains(now, line) {
			b.WriteString("- " + line)
		}
	}
	for _, line := range now {
		if !slices.Contains(old, line) {
			b.WriteString("+ " + line)
		}
	}
	t.Errorf("%s has changed:\n%s", what, b.String())
}
