package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5/stdlib"
)

// watch calls tell for every change until ctx ends or the connection fails.
func (db *DB) watch(ctx context.Context, tell func()) error {
	conn, err := db.reader.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if db.postgres {
		return conn.Raw(func(c any) error { return listen(ctx, c.(*stdlib.Conn), tell) })
	}
	var last int64
	for ctx.Err() == nil {
		var version int64
		if err := conn.QueryRowContext(ctx, `PRAGMA data_version`).Scan(&version); err != nil {
			return err
		}
		if version != last {
			last = version
			tell()
		}
		pause(ctx, lookEvery)
	}
	return ctx.Err()
}

// lookEvery is how often SQLite is asked whether somebody else has written. It
// costs some microseconds: the answer is in shared memory.
const lookEvery = 15 * time.Millisecond

// channel is the name under which PostgreSQL passes on that something changed.
const channel = "broadside"

// listen waits for notifications, which every transaction that moves the state
// sends as it commits.
func listen(ctx context.Context, c *stdlib.Conn, tell func()) error {
	if _, err := c.Conn().Exec(ctx, `LISTEN `+channel); err != nil {
		return err
	}
	tell() // something may have happened before we listened
	for {
		if _, err := c.Conn().WaitForNotification(ctx); err != nil {
			return err
		}
		tell()
	}
}

// notify wakes those who listen when the transaction commits. SQLite needs no
// such thing.
func (tx *Tx) notify(ctx context.Context) error {
	if !tx.postgres {
		return nil
	}
	_, err := tx.c.exec(ctx, "notification", `SELECT pg_notify('`+channel+`', '')`)
	return err
}
