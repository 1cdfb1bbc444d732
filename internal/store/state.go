package store

import (
	"context"
	"time"
)

// A State is how far a paper has come. It grows, in both numbers, with every
// change that readers can see: what was made of the paper in one State is good
// until there is another.
type State struct {
	Publication int64 // number of the last row of the publication log
	Site        int64 // how often anything else that pages show has changed
}

// State returns how far the paper has come.
func (r *Reader) State(ctx context.Context) (s State, err error) {
	err = r.c.row(ctx, `SELECT (SELECT value FROM counter WHERE name = 'publication'), (SELECT value FROM counter WHERE name = 'site')`).
		scan("state", &s.Publication, &s.Site)
	return s, err
}

// Touch says that something has changed that pages show and that is no
// publication: whoever keeps pages makes all of them anew.
func (tx *Tx) Touch(ctx context.Context) error {
	if _, err := tx.c.exec(ctx, "counter", `UPDATE counter SET value = value + 1 WHERE name = 'site'`); err != nil {
		return err
	}
	return tx.notify(ctx)
}

// Watch returns a channel that receives, soon after it happens, that any
// process has changed the database, and is closed when ctx ends. Several changes
// may arrive as one, and one may arrive when nothing has changed: it is a reason
// to look, no more. On SQLite it comes within some milliseconds, on PostgreSQL
// as fast as the network is.
func (db *DB) Watch(ctx context.Context) <-chan struct{} {
	changed := make(chan struct{}, 1)
	tell := func() {
		select {
		case changed <- struct{}{}:
		default: // whoever looks now will see this change too
		}
	}
	go func() {
		defer close(changed)
		for ctx.Err() == nil {
			// What it was that failed is found out by whoever looks.
			_ = db.watch(ctx, tell)
			tell()
			pause(ctx, watchAgain)
		}
	}()
	return changed
}

// watchAgain is how long a connection that failed is left alone.
const watchAgain = 500 * time.Millisecond

// pause waits that long, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
