package store

import (
	"context"
	"slices"
	"testing"
	"time"

	"example.org/broadside"
)

// Whatever pages show moves the state, and nothing else does: what is kept of
// pages is thrown away no more often than it must.
func TestWhatMovesTheState(t *testing.T) {
	known := broadside.Person{ID: "p1", Slug: "ana", Name: "Ana"}
	picture := broadside.Picture{ID: "x", Master: "m", Format: "jpeg", Width: 1, Height: 1, Created: noon}
	type step struct {
		name              string
		publication, site int64
		do                func(ctx context.Context, tx *Tx, a *broadside.Article) error
	}
	steps := []step{
		{"a publication", 1, 0, func(ctx context.Context, tx *Tx, a *broadside.Article) error {
			return tx.AppendPublication(ctx, &broadside.Publication{Article: a.ID, Revision: a.Live, Kind: broadside.Typo, At: noon})
		}},
		{"the particulars", 0, 1, func(ctx context.Context, tx *Tx, _ *broadside.Article) error {
			return tx.SetPaper(ctx, broadside.Paper{Name: "Dawn"})
		}},
		{"a section", 0, 1, func(ctx context.Context, tx *Tx, _ *broadside.Article) error {
			return tx.PutSection(ctx, broadside.Section{Slug: "work", Name: "Work"})
		}},
		{"somebody new", 0, 0, func(ctx context.Context, tx *Tx, _ *broadside.Article) error {
			return tx.PutPerson(ctx, known)
		}},
		{"somebody known", 0, 1, func(ctx context.Context, tx *Tx, _ *broadside.Article) error {
			return tx.PutPerson(ctx, known)
		}},
		{"an edition", 0, 1, func(ctx context.Context, tx *Tx, a *broadside.Article) error {
			return tx.PutEdition(ctx, &broadside.Edition{ID: "e", Number: 1, Date: "2026-03-14", Lang: "en", Items: []broadside.EditionItem{{Article: a.ID, Weight: broadside.Lead}}})
		}},
		{"the front page", 0, 1, func(ctx context.Context, tx *Tx, a *broadside.Article) error {
			return tx.SetFront(ctx, []string{a.ID})
		}},
		{"a new picture", 0, 0, func(ctx context.Context, tx *Tx, _ *broadside.Article) error { return tx.PutPicture(ctx, &picture) }},
		{"a rendition", 0, 0, func(ctx context.Context, tx *Tx, _ *broadside.Article) error {
			return tx.AddRendition(ctx, broadside.Rendition{Picture: "x", Width: 320, Format: "jpeg", Blob: "b", Size: 1})
		}},
		{"a picture that is killed", 0, 1, func(ctx context.Context, tx *Tx, _ *broadside.Article) error { return tx.DeletePicture(ctx, "x") }},
		{"reads", 0, 0, func(ctx context.Context, tx *Tx, a *broadside.Article) error {
			return tx.AddReads(ctx, []Read{{a.ID, noon, 1}}, []Source{{a.ID, noon, "tides.example", 1}})
		}},
		{"a draft", 0, 0, func(ctx context.Context, tx *Tx, a *broadside.Article) error {
			return tx.InsertRevision(ctx, new(revision(a.ID, NewID(), "Draft")), "ab", Uses{})
		}},
		{"a job", 0, 0, func(ctx context.Context, tx *Tx, _ *broadside.Article) error {
			return tx.Enqueue(ctx, Job{ID: NewID(), Kind: "k", Key: "1", Args: []byte(`{}`), RunAt: noon, Created: noon})
		}},
		{"somebody says so", 0, 1, func(ctx context.Context, tx *Tx, _ *broadside.Article) error { return tx.Touch(ctx) }},
		{"looking", 0, 0, func(ctx context.Context, tx *Tx, a *broadside.Article) error {
			_, err := tx.Listings(ctx, Scope{}, 0, 9)
			return err
		}},
	}
	each(t, func(t *testing.T, db *DB) {
		ctx := t.Context()
		a := fill(t, db, 1)[0]
		was, err := db.State(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range steps {
			update(t, db, func(ctx context.Context, tx *Tx) error { return s.do(ctx, tx, &a) })
			now, err := db.State(ctx)
			want := State{was.Publication + s.publication, was.Site + s.site}
			if err != nil || now != want {
				t.Errorf("%s: the state was %+v and is %+v, %v; want %+v", s.name, was, now, err, want)
			}
			was = now
		}
	})
}

// watcher opens the paper as another process would, and looks out for changes.
// The name is one by which the server knows its connections.
func watcher(t *testing.T, dsn, name string) (changed <-chan struct{}, stop context.CancelFunc) {
	t.Helper()
	if IsPostgres(dsn) {
		dsn += "&application_name=" + name
	}
	db, err := Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(func() { cancel(); db.Close() })
	return db.Watch(ctx), cancel
}

// patience is how long these tests wait before they give up. It says nothing
// of how fast anything has to be.
const patience = 20 * time.Second

// until waits to be told of a change until there is one that is looked for, and
// returns how long that took.
func until(t *testing.T, changed <-chan struct{}, there func() bool) time.Duration {
	t.Helper()
	began := time.Now()
	timeout := time.After(patience)
	for {
		select {
		case _, open := <-changed:
			if !open {
				t.Fatal("nobody watches any more")
			}
			if there() {
				return time.Since(began)
			}
		case <-timeout:
			t.Fatal("a change was not told")
		}
	}
}

// Whatever process changes the paper, all others know at once, and miss none.
func TestWatchTellsWhatOthersChange(t *testing.T) {
	eachDSN(t, func(t *testing.T, dsn string) {
		db, err := Open(t.Context(), dsn)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		changed, _ := watcher(t, dsn, "watcher")
		ctx := t.Context()
		a := fill(t, db, 1)[0]
		var took []time.Duration
		for i := range 24 {
			before, err := db.State(ctx)
			if err != nil {
				t.Fatal(err)
			}
			update(t, db, func(ctx context.Context, tx *Tx) error {
				if i%2 == 0 {
					return tx.Touch(ctx)
				}
				return tx.AppendPublication(ctx, &broadside.Publication{Article: a.ID, Revision: a.Live, Kind: broadside.Typo, At: noon})
			})
			took = append(took, until(t, changed, func() bool {
				// One that came too early is of an earlier change: another follows.
				now, err := db.State(ctx)
				return err == nil && now != before
			}))
			// At no fixed distance: a change may come while the last is looked at.
			time.Sleep(time.Duration(i) * time.Millisecond)
		}
		slices.Sort(took)
		limit := 50 * time.Millisecond
		if IsPostgres(dsn) {
			limit = time.Second
		}
		// The machine may have other work for a moment.
		if median := took[len(took)/2]; median > limit {
			t.Errorf("half of the changes were told after %v, want %v", median, limit)
		}
	})
}

// Whoever looks as often as told has seen everything in the end, however fast
// it came.
func TestWatchMissesNothing(t *testing.T) {
	eachDSN(t, func(t *testing.T, dsn string) {
		db, err := Open(t.Context(), dsn)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		changed, _ := watcher(t, dsn, "watcher")
		for range 5 {
			before, err := db.State(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			const burst = 10
			for range burst {
				update(t, db, func(ctx context.Context, tx *Tx) error { return tx.Touch(ctx) })
			}
			until(t, changed, func() bool {
				now, err := db.State(t.Context())
				return err == nil && now.Site == before.Site+burst
			})
		}
	})
}

// What the process itself changes is told as well: it need not know who did it.
func TestWatchTellsWhatIsOurs(t *testing.T) {
	each(t, func(t *testing.T, db *DB) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		changed := db.Watch(ctx)
		<-changed // from the first look
		update(t, db, func(ctx context.Context, tx *Tx) error { return tx.SetPaper(ctx, broadside.Paper{Name: "Dawn"}) })
		until(t, changed, func() bool {
			p, err := db.Paper(t.Context())
			return err == nil && p.Name == "Dawn"
		})
	})
}

func TestWatchEnds(t *testing.T) {
	eachDSN(t, func(t *testing.T, dsn string) {
		changed, stop := watcher(t, dsn, "watcher")
		<-changed
		stop()
		timeout := time.After(patience)
		for {
			select {
			case _, open := <-changed:
				if !open {
					return
				}
			case <-timeout:
				t.Fatal("the channel stays open")
			}
		}
	})
}

// A connection that the server cuts off is made again, and what happened
// meanwhile is told.
func TestWatchOutlivesItsConnection(t *testing.T) {
	each(t, func(t *testing.T, db *DB) {
		if !db.postgres {
			return // nothing stands between SQLite and its file
		}
		ctx := t.Context()
		var dsn string
		if err := db.c.row(ctx, `SELECT current_schema()`).scan("schema", &dsn); err != nil {
			t.Fatal(err)
		}
		dsn = serverURL() + "&search_path=" + dsn
		name := "watcher-" + NewID()
		changed, _ := watcher(t, dsn, name)
		<-changed
		for range 3 {
			before, err := db.State(ctx)
			if err != nil {
				t.Fatal(err)
			}
			var cut int
			for began := time.Now(); cut == 0; { // until it is there again
				if time.Since(began) > patience {
					t.Fatal("nobody listens any more")
				}
				err := db.c.row(ctx, `SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = $1 AND query LIKE 'LISTEN%'`, name).scan("connection", &cut)
				if err != nil {
					t.Fatal(err)
				}
			}
			update(t, db, func(ctx context.Context, tx *Tx) error { return tx.Touch(ctx) })
			until(t, changed, func() bool {
				now, err := db.State(ctx)
				return err == nil && now != before
			})
		}
	})
}
