// Package store keeps the newspaper in a SQL database, SQLite or PostgreSQL,
// from one SQL text. It is the only package that contains SQL.
//
// It knows rows and transactions, not the newsroom's rules: those are in the
// root package and in newsroom. Reading methods hang on [Reader] and so work on
// a [DB] and inside a transaction alike; writing methods hang on [Tx] only, so
// nothing is written outside a transaction.
//
// A DB is safe for concurrent use, by several processes too; a Tx belongs to
// one goroutine. Errors carry a [broadside.Kind]: NotFound for a missing row,
// Conflict where somebody was first, Unavailable when the database is away or
// its disk is full.
package store

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"runtime"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // PostgreSQL, as "pgx"
	_ "modernc.org/sqlite"             // SQLite, as "sqlite"

	"example.org/broadside"
)

// A DB is an open newspaper database.
type DB struct {
	Reader
	writer   *sql.DB // SQLite: the one connection that writes; PostgreSQL: the pool
	reader   *sql.DB
	path     string // of the SQLite file; empty for PostgreSQL
	postgres bool   // the few places that differ ask this
}

// Open opens the database that dsn names and brings its schema up to date.
// A dsn that begins with "postgres:" or "postgresql:" is a PostgreSQL URL; any
// other is the path of a SQLite file, which is made if there is none.
func Open(ctx context.Context, dsn string) (*DB, error) {
	db, err := connect(dsn)
	if err != nil {
		return nil, err
	}
	if err := db.migrate(ctx, latest); err != nil {
		db.Close()
		return nil, fmt.Errorf("preparing the database %s: %w", Redact(dsn), err)
	}
	return db, nil
}

// IsPostgres reports whether dsn names a PostgreSQL database.
func IsPostgres(dsn string) bool {
	return strings.HasPrefix(dsn, "postgres:") || strings.HasPrefix(dsn, "postgresql:")
}

// Redact returns dsn without its password, for messages.
func Redact(dsn string) string {
	if u, err := url.Parse(dsn); err == nil && IsPostgres(dsn) {
		return u.Redacted()
	}
	return dsn
}

func connect(dsn string) (*DB, error) {
	if IsPostgres(dsn) {
		return connectPostgres(dsn)
	}
	return connectSQLite(dsn)
}

func connectPostgres(dsn string) (*DB, error) {
	if _, err := pgconn.ParseConfig(dsn); err != nil {
		return nil, fmt.Errorf("opening the database %s: %w", Redact(dsn), err)
	}
	pool, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, fmt.Errorf("opening the database: %w", err)
	}
	pool.SetMaxOpenConns(20)
	pool.SetMaxIdleConns(5)
	return &DB{Reader: Reader{conn{pool}}, writer: pool, reader: pool, postgres: true}, nil
}

func connectSQLite(path string) (*DB, error) {
	// A file: URI may hold any path once its special characters are escaped.
	base := "file:" + (&url.URL{Path: path}).EscapedPath() + "?_txlock=immediate&_pragma=busy_timeout(15000)" +
		"&_pragma=journal_mode(wal)&_pragma=synchronous(full)&_pragma=foreign_keys(1)&_pragma=cache_size(-4000)&_pragma=secure_delete(1)"
	writer, err := sql.Open("sqlite", base)
	if err != nil {
		return nil, fmt.Errorf("opening the database: %w", err)
	}
	writer.SetMaxOpenConns(1)
	reader, err := sql.Open("sqlite", base+"&_pragma=query_only(1)")
	if err != nil {
		writer.Close()
		return nil, fmt.Errorf("opening the database: %w", err)
	}
	reader.SetMaxOpenConns(max(4, runtime.NumCPU()))
	reader.SetMaxIdleConns(4)
	return &DB{Reader: Reader{conn{newStatements(reader)}}, writer: writer, reader: reader, path: path}, nil
}

// Close closes the database. Transactions in flight are rolled back.
func (db *DB) Close() error {
	err := db.writer.Close()
	if db.reader != db.writer {
		if rerr := db.reader.Close(); err == nil {
			err = rerr
		}
	}
	return err
}

// Ping returns nil if the database answers.
func (db *DB) Ping(ctx context.Context) error {
	var one int
	return db.c.row(ctx, `SELECT 1`).scan("database", &one)
}

// A Reader holds the methods that read.
type Reader struct{ c conn }

// A Tx is a transaction: it reads what it has written and, on SQLite, holds
// the one lock for writing.
type Tx struct {
	Reader
	postgres bool
}

// deadlockTries is how often a transaction is begun that others bring to a halt.
const deadlockTries = 5

// Update calls f in a transaction, which is committed, and on disk, if and
// only if Update returns nil. On PostgreSQL f is called again, in a new
// transaction, if it and another one were waiting for each other: so f must
// change nothing outside that a second call would not change again.
func (db *DB) Update(ctx context.Context, f func(*Tx) error) error {
	for try := 1; ; try++ {
		err := db.transact(ctx, f)
		if try == deadlockTries || !isDeadlock(err) {
			return err
		}
	}
}

func (db *DB) transact(ctx context.Context, f func(*Tx) error) error {
	tx, err := db.writer.BeginTx(ctx, nil)
	if err != nil {
		return classify("transaction", err)
	}
	defer tx.Rollback()
	if err := f(&Tx{Reader{conn{tx}}, db.postgres}); err != nil {
		return err
	}
	return classify("transaction", tx.Commit())
}

// scrubTries is how often Scrub looks again whether readers have left.
const scrubTries = 100

// Scrub overwrites what erased rows have left behind in the database's files.
// While somebody reads from an older state, such as a backup, SQLite needs that:
// then Scrub waits, up to ten seconds, and returns an Unavailable error. On
// PostgreSQL it writes the tables anew; the server's own write-ahead log and
// archives keep what they hold until the server recycles them.
func (db *DB) Scrub(ctx context.Context) error {
	if db.postgres {
		_, err := conn{db.writer}.exec(ctx, "database", `VACUUM (FULL) article, article_read, article_source, article_tag, job, person, picture, file, publication, redirect, revision, revision_salt, revision_use, tag`)
		return err
	}
	for range scrubTries {
		var busy, pages, moved int
		if err := (conn{db.writer}).row(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).scan("database", &busy, &pages, &moved); err != nil || busy == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	return broadside.Errorf(broadside.Unavailable, "It is removed, but traces stay in the database's log for as long as somebody reads an older state of it, such as a backup. The paper erases them once it is served.")
}

// NewID returns a new UUIDv7: unique without asking anybody, and in the order
// of its making.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }
