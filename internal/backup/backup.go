// Package backup writes a whole newspaper into one file while it is being
// served, and makes a newspaper of such a file again.
//
// The file is a tar archive, compressed with Zstandard and, if asked, encrypted
// with age. It holds every row as text that both database engines read, every
// blob, the paper's keys and its configuration, and last a manifest with the
// SHA-256 of each. A file is only given its name once it has been read back
// whole; whoever restores reads it whole before anything is written.
//
// A backup holds the paper's keys. Unless it is encrypted, it must be kept as
// safe as the server itself.
package backup

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"
	"github.com/gofrs/flock"
	"github.com/klauspost/compress/zstd"

	"example.org/broadside"
	"example.org/broadside/internal/blob"
	"example.org/broadside/internal/durable"
	"example.org/broadside/internal/keyring"
	"example.org/broadside/internal/store"
)

// The names of the archive's entries, in their order.
const (
	headEntry     = "broadside.json"
	rowsEntry     = "rows.jsonl"
	keysEntry     = "keys"
	configEntry   = "broadside.toml"
	blobPrefix    = "blobs/"
	manifestEntry = "manifest.json"
)

// format is the version of the file's layout.
const format = 1

// A head says what the archive holds, before the rest is read.
type head struct {
	Format  int       `json:"format"`
	Schema  int64     `json:"schema"` // of the database, see store.Version
	Created time.Time `json:"created"`
}

// A manifest names every entry before it and the SHA-256 of its bytes in hex.
type manifest map[string]string

// A Paper is what is backed up.
type Paper struct {
	Store  *store.DB
	Blobs  blob.Store
	Keys   *keyring.Keyring
	Config string // path of the configuration file; it need not exist
}

// A Summary says what a file holds.
type Summary struct {
	Created time.Time
	Blobs   int
	Size    int64 // of the file, in bytes
}

// Write backs the paper up into a file of that name, readable by its owner
// only. Readers and writers of the paper go on meanwhile; the backup is of the
// moment at which it began. With recipients the file is encrypted for them.
func Write(ctx context.Context, name string, p Paper, recipients []age.Recipient, now time.Time) (Summary, error) {
	partial := name + ".partial"
	lock := flock.New(partial, flock.SetPermissions(0o600))
	if ok, err := lock.TryLock(); err != nil {
		return Summary{}, fmt.Errorf("backup: %w", err)
	} else if !ok {
		return Summary{}, broadside.Errorf(broadside.Conflict, "Another backup is being written to %s.", name)
	}
	defer lock.Unlock()
	// To read an encrypted file back one needs an identity. This one exists
	// for as long as the backup runs.
	var own []age.Identity
	if len(recipients) > 0 {
		id, err := age.GenerateX25519Identity()
		if err != nil {
			return Summary{}, fmt.Errorf("backup: %w", err)
		}
		recipients, own = append(recipients, id.Recipient()), []age.Identity{id}
	}
	if err := writeFile(ctx, partial, p, recipients, now); err != nil {
		return Summary{}, errors.Join(fmt.Errorf("writing %s: %w", partial, err), os.Remove(partial))
	}
	s, err := Verify(partial, own)
	if err != nil {
		return s, errors.Join(fmt.Errorf("reading the backup back: %w", err), os.Remove(partial))
	}
	if err := os.Rename(partial, name); err != nil {
		return s, err
	}
	return s, durable.SyncDir(filepath.Dir(name))
}

func writeFile(ctx context.Context, name string, p Paper, recipients []age.Recipient, now time.Time) (err error) {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	var out io.WriteCloser = f
	if len(recipients) > 0 {
		if out, err = age.Encrypt(f, recipients...); err != nil {
			return err
		}
	}
	z, err := zstd.NewWriter(out, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(1<<20))
	if err != nil {
		return err
	}
	a := &archive{tar: tar.NewWriter(z), sums: manifest{}, now: now}
	if err := a.paper(ctx, p, filepath.Dir(name)); err != nil {
		return err
	}
	if err := errors.Join(a.tar.Close(), z.Close()); err != nil {
		return err
	}
	if len(recipients) > 0 {
		if err := out.Close(); err != nil {
			return err
		}
	}
	return f.Sync()
}

// An archive is a tar file while it is written.
type archive struct {
	tar  *tar.Writer
	sums manifest
	now  time.Time
}

func (a *archive) paper(ctx context.Context, p Paper, tmp string) error {
	// A tar entry begins with its size, so the rows are spooled first.
	rows, err := spool(tmp)
	if err != nil {
		return err
	}
	defer rows.Close()
	var blobs []string
	var version int64
	err = p.Store.Snapshot(ctx, func(r *store.Reader) (err error) {
		if version, err = r.Version(ctx); err != nil {
			return err
		}
		if err := r.EachBlob(ctx, func(name string) error { blobs = append(blobs, name); return nil }); err != nil {
			return err
		}
		return r.Dump(ctx, rows)
	})
	if err != nil {
		return err
	}
	first, err := json.Marshal(head{format, version, a.now.UTC()})
	if err != nil {
		return err
	}
	if err := a.bytes(headEntry, first); err != nil {
		return err
	}
	if err := a.seeker(rowsEntry, rows); err != nil {
		return err
	}
	if err := a.bytes(keysEntry, p.Keys.Export()); err != nil {
		return err
	}
	if config, err := os.ReadFile(p.Config); err == nil {
		if err := a.bytes(configEntry, config); err != nil {
			return err
		}
	} else if !errors.Is(err, os.ErrNotExist) {
		return err
	}
	for _, name := range blobs {
		if err := a.blob(ctx, p, name); err != nil {
			return err
		}
	}
	sums, err := json.Marshal(a.sums)
	if err != nil {
		return err
	}
	return a.bytes(manifestEntry, sums)
}

func (a *archive) blob(ctx context.Context, p Paper, name string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	f, err := p.Blobs.Open(ctx, name)
	if broadside.KindOf(err) == broadside.NotFound {
		if used, uerr := p.Store.BlobIsUsed(ctx, name); uerr == nil && !used {
			return broadside.Errorf(broadside.Conflict, "Something was removed from the paper while it was backed up: run the backup again, so that it is not in there.")
		}
	}
	if err != nil {
		return err
	}
	defer f.Close()
	return a.seeker(blobPrefix+name, f)
}

func (a *archive) bytes(name string, b []byte) error { return a.seeker(name, bytes.NewReader(b)) }

func (a *archive) seeker(name string, r io.ReadSeeker) error {
	size, err := r.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if err := a.tar.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: size, ModTime: a.now, Format: tar.FormatPAX}); err != nil {
		return err
	}
	sum := sha256.New()
	if _, err := io.Copy(a.tar, io.TeeReader(r, sum)); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	a.sums[name] = hex.EncodeToString(sum.Sum(nil))
	return nil
}

// Verify reads a backup whole and compares every byte with the manifest. The
// identities open an encrypted one. Whatever is wrong with the file is a
// [broadside.Invalid] error.
func Verify(name string, identities []age.Identity) (Summary, error) {
	s, _, err := verify(name, identities, io.Discard)
	return s, err
}

// verify is [Verify], and copies the rows.
func verify(name string, identities []age.Identity, rows io.Writer) (s Summary, first head, err error) {
	err = read(name, identities, func(entry string, h head, r io.Reader) error {
		first = h
		var w io.Writer = io.Discard
		if entry == rowsEntry {
			w = rows
		} else if strings.HasPrefix(entry, blobPrefix) {
			s.Blobs++
		}
		_, err := io.Copy(w, r)
		return err
	})
	if err != nil {
		return Summary{}, first, err
	}
	info, err := os.Stat(name)
	if err != nil {
		return Summary{}, first, err
	}
	s.Created, s.Size = first.Created, info.Size()
	return s, first, nil
}
