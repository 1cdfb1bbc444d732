package store

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/gofrs/flock"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"example.org/broadside"
)

//go:embed migrate/*.sql
var migrations embed.FS

// latest stands for the newest schema that this program knows.
const latest = -1

// Version returns the version of the database's schema.
func (r *Reader) Version(ctx context.Context) (int64, error) {
	var v int64
	err := r.c.row(ctx, `SELECT MAX(version_id) FROM goose_db_version WHERE is_applied`).scan("schema", &v)
	return v, err
}

// migrate brings the schema to a version. Several processes may do so at once:
// one does it, the others wait.
func (db *DB) migrate(ctx context.Context, version int64) error {
	unlock, options, err := db.migrationLock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	dialect := goose.DialectSQLite3
	if db.postgres {
		dialect = goose.DialectPostgres
	}
	files, err := fs.Sub(migrations, "migrate")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(dialect, db.writer, engineFS{files, db.postgres}, append(options, goose.WithDisableGlobalRegistry(true))...)
	if err != nil {
		return err
	}
	if err := refuseNewer(ctx, p, version); err != nil {
		return err
	}
	if version == latest {
		_, err = p.Up(ctx)
	} else {
		_, err = p.UpTo(ctx, version)
	}
	return classify("schema", err)
}

// refuseNewer stops an old program before it writes into a schema that a newer
// one has made, or is asked to make one that it does not know.
func refuseNewer(ctx context.Context, p *goose.Provider, version int64) error {
	have, known, err := p.GetVersions(ctx)
	if err != nil {
		return classify("schema", err)
	}
	if newest := max(have, version); newest > known {
		return broadside.Errorf(broadside.Conflict, "The paper has schema %d, this program knows up to %d: use the newer program that made it.", newest, known)
	}
	return nil
}

// migrationLock returns the engine's way to keep concurrent first starts apart:
// an advisory lock on PostgreSQL, a lock file beside the SQLite database.
func (db *DB) migrationLock(ctx context.Context) (unlock func(), options []goose.ProviderOption, err error) {
	if db.postgres {
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 60))
		return func() {}, []goose.ProviderOption{goose.WithSessionLocker(locker)}, err
	}
	// Before the first connection, which would turn the file to WAL: doing so
	// twice at a time fails.
	l := flock.New(db.path+".migrate", flock.SetPermissions(0o600))
	if _, err := l.TryLockContext(ctx, 20*time.Millisecond); err != nil {
		return nil, nil, fmt.Errorf("waiting for another process to prepare the database: %w", err)
	}
	f, err := os.OpenFile(db.path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		l.Unlock()
		return nil, nil, err
	}
	return func() { l.Unlock() }, nil, f.Close()
}

// engineFS shows one engine its form of the migrations. The one thing in which
// their DDL differs is that SQLite has no collation called "C", since it
// compares bytes to begin with.
type engineFS struct {
	fs.FS
	postgres bool
}

// Open opens a file for reading.
func (e engineFS) Open(name string) (fs.File, error) {
	f, err := e.FS.Open(name)
	if err != nil || e.postgres {
		return f, err
	}
	if info, err := f.Stat(); err != nil || info.IsDir() {
		return f, err
	}
	defer f.Close()
	src, err := fs.ReadFile(e.FS, name)
	if err != nil {
		return nil, err
	}
	return &textFile{File: f, Reader: bytes.NewReader(bytes.ReplaceAll(src, []byte(` COLLATE "C"`), nil))}, nil
}

// A textFile is a file with other contents.
type textFile struct {
	fs.File
	*bytes.Reader
}

// Read reads the other contents.
func (t *textFile) Read(p []byte) (int, error) { return t.Reader.Read(p) }
