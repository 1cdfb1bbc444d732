package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"example.org/broadside/internal/durable"
)

// staleAfter is how old a temporary file is before it must be the leftover of
// a process that was killed: none takes an hour to write.
const staleAfter = time.Hour

// A Dir keeps blobs as files in a directory: ab/abcdef… for the blob abcdef….
// Files that are being written are in its folder tmp, so that a reader never
// meets half a blob.
type Dir struct{ path string }

// OpenDir opens the directory, makes it if there is none, and removes what
// killed processes left in its folder tmp more than an hour ago.
func OpenDir(path string) (*Dir, error) {
	d := &Dir{path}
	if err := os.MkdirAll(d.tmp(), 0o700); err != nil {
		return nil, fmt.Errorf("directory of blobs: %w", plain(err))
	}
	if err := durable.SyncDir(filepath.Dir(path)); err != nil {
		return nil, fmt.Errorf("directory of blobs: %w", err)
	}
	if err := d.sweep(time.Now().Add(-staleAfter)); err != nil {
		return nil, fmt.Errorf("leftovers in the directory of blobs: %w", err)
	}
	return d, nil
}

func (d *Dir) tmp() string             { return filepath.Join(d.path, "tmp") }
func (d *Dir) fan(name string) string  { return filepath.Join(d.path, name[:2]) }
func (d *Dir) file(name string) string { return filepath.Join(d.fan(name), name) }

// sweep removes the temporary files last written before then. The time is the
// file system's, so it is compared with the machine's clock and no other.
func (d *Dir) sweep(before time.Time) error {
	entries, err := os.ReadDir(d.tmp())
	if err != nil {
		return err
	}
	for _, e := range entries {
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		if !info.ModTime().Before(before) {
			continue
		}
		if err := os.Remove(filepath.Join(d.tmp(), e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// Put implements [Store]. It replaces a blob that is there already, which
// mends one that was damaged. A full disk gives [broadside.Unavailable].
func (d *Dir) Put(ctx context.Context, r io.Reader) (string, int64, error) {
	f, err := os.CreateTemp(d.tmp(), "put-")
	if err != nil {
		return "", 0, fmt.Errorf("new blob: %w", plain(err))
	}
	name, size, err := fill(ctx, f, r)
	if err == nil {
		err = d.place(f.Name(), name)
	}
	if err != nil {
		// What went wrong first is what the caller must hear of; a file
		// that cannot be removed now is swept later.
		_ = os.Remove(f.Name())
		return "", 0, fmt.Errorf("new blob: %w", plain(err))
	}
	return name, size, nil
}

// fill writes r into f, makes it durable and closes it.
func fill(ctx context.Context, f *os.File, r io.Reader) (name string, size int64, err error) {
	defer func() { err = errors.Join(err, f.Close()) }()
	if name, size, err = copyHashed(ctx, f, r); err != nil {
		return "", 0, err
	}
	return name, size, f.Sync()
}

// place gives the finished temporary file its name. It syncs the directories
// above even when they were there, for another process may have made them a
// moment ago and not have come to it yet.
func (d *Dir) place(tmp, name string) error {
	if err := os.Mkdir(d.fan(name), 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := os.Rename(tmp, d.file(name)); err != nil {
		return err
	}
	if err := durable.SyncDir(d.fan(name)); err != nil {
		return err
	}
	return durable.SyncDir(d.path)
}

// Open implements [Store].
func (d *Dir) Open(_ context.Context, name string) (io.ReadSeekCloser, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	f, err := os.Open(d.file(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, notFound(name)
	}
	if err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	return f, nil
}

// Size implements [Store].
func (d *Dir) Size(_ context.Context, name string) (int64, error) {
	if err := checkName(name); err != nil {
		return 0, err
	}
	info, err := os.Stat(d.file(name))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, notFound(name)
	}
	if err != nil {
		return 0, fmt.Errorf("blob: %w", err)
	}
	return info.Size(), nil
}

// Delete implements [Store].
func (d *Dir) Delete(_ context.Context, name string) error {
	if err := checkName(name); err != nil {
		return err
	}
	err := os.Remove(d.file(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = durable.SyncDir(d.fan(name))
	}
	if err != nil {
		return fmt.Errorf("deleting a blob: %w", err)
	}
	return nil
}

// Walk implements [Store]. Files that no Put has made are passed over.
func (d *Dir) Walk(ctx context.Context, f func(name string, size int64) error) error {
	fans, err := os.ReadDir(d.path)
	if err != nil {
		return fmt.Errorf("directory of blobs: %w", err)
	}
	for _, fan := range fans {
		if len(fan.Name()) != 2 || !isHex(fan.Name()) || !fan.IsDir() {
			continue
		}
		if err := d.walkFan(ctx, fan.Name(), f); err != nil {
			return err
		}
	}
	return nil
}

func (d *Dir) walkFan(ctx context.Context, fan string, f func(name string, size int64) error) error {
	entries, err := os.ReadDir(filepath.Join(d.path, fan))
	if err != nil {
		return fmt.Errorf("directory of blobs: %w", err)
	}
	for _, e := range entries {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !isName(e.Name()) || e.Name()[:2] != fan || !e.Type().IsRegular() {
			continue
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return fmt.Errorf("blob: %w", err)
		}
		if err := f(e.Name(), info.Size()); err != nil {
			return err
		}
	}
	return nil
}

// Check implements [Store].
func (d *Dir) Check(ctx context.Context, name string) error { return check(ctx, d, name) }
