package backup

import (
	"archive/tar"
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"

	"example.org/broadside"
	"example.org/broadside/internal/blob"
	"example.org/broadside/internal/keyring"
	"example.org/broadside/internal/store"
)

// A Target is where a paper is restored: nothing of one may be there yet.
type Target struct {
	DSN    string // of the database, see store.Open
	Blobs  blob.Store
	Keys   string // path of the file of keys to be
	Config string // path of the configuration file to be
	Spool  string // a directory for a while
}

// Restore reads the backup whole and, if it is sound, makes a paper of it. The
// database is asked first, and refuses with [broadside.Conflict] if it holds a
// paper; it is filled last, so a target without one has not been restored.
func Restore(ctx context.Context, name string, identities []age.Identity, t Target) (Summary, error) {
	rows, err := spool(t.Spool)
	if err != nil {
		return Summary{}, err
	}
	defer rows.Close()
	s, h, err := verify(name, identities, rows)
	if err != nil {
		return s, err
	}
	if _, err := rows.Seek(0, io.SeekStart); err != nil {
		return s, err
	}
	var others error
	last := finally(func() error {
		others = read(name, identities, func(entry string, _ head, r io.Reader) error { return t.take(ctx, entry, r) })
		return others
	})
	err = store.Restore(ctx, t.DSN, h.Schema, io.MultiReader(rows, last))
	return s, cmp.Or(others, err)
}

// finally is an empty reader. It does something when whoever reads has come to
// the end of what is before it: the rows are in the database then, but their
// transaction is not committed.
type finally func() error

// Read returns what went wrong, or [io.EOF].
func (f finally) Read([]byte) (int, error) { return 0, cmp.Or(f(), io.EOF) }

// spool returns a file that goes with its process, however that ends.
func spool(dir string) (*os.File, error) {
	f, err := os.CreateTemp(dir, ".broadside-rows-*")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// maxSmall is more than the keys and the configuration are, in bytes.
const maxSmall = 1 << 20

func (t *Target) take(ctx context.Context, entry string, r io.Reader) error {
	if strings.HasPrefix(entry, blobPrefix) {
		name, _, err := t.Blobs.Put(ctx, r)
		if err == nil && blobPrefix+name != entry {
			err = damaged(entry, nil)
		}
		return err
	}
	if entry == rowsEntry {
		_, err := io.Copy(io.Discard, r)
		return err
	}
	b, err := io.ReadAll(io.LimitReader(r, maxSmall))
	if err != nil {
		return err
	}
	switch entry {
	case keysEntry:
		return keyring.Import(t.Keys, b)
	case configEntry:
		return writeConfig(t.Config, b)
	}
	return nil
}

// writeConfig never replaces a configuration that somebody has written.
func writeConfig(name string, config []byte) error {
	there, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) {
		return os.WriteFile(name, config, 0o600)
	}
	if err == nil && !bytes.Equal(there, config) {
		err = broadside.Errorf(broadside.Conflict, "The file %s holds another configuration: move it away first.", name)
	}
	return err
}

// damaged returns the error about an entry. The cause may be nil.
func damaged(entry string, cause error) error {
	e := broadside.Errorf(broadside.Invalid, "The backup is damaged at %s: nothing can be restored from it. Take another one.", entry)
	e.Err = cause
	return e
}

// A source is the archive while it is read. It remembers its own errors, which
// are the file's, apart from those of the place that its bytes go to.
type source struct {
	r   io.Reader
	err error
}

// Read reads on.
func (s *source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

// read passes every entry of a backup but the first and the last to take. It
// returns an error if the file ends early, holds anything twice or unnamed, or
// if an entry's bytes are not those of the manifest.
func read(name string, identities []age.Identity, take func(entry string, h head, r io.Reader) error) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	plain, err := open(f, identities)
	if err != nil {
		return err
	}
	defer plain.Close()
	src := &source{r: plain}
	a := &unpacked{sums: manifest{}, at: filepath.Base(name)}
	for tr := tar.NewReader(src); ; {
		entry, err := tr.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return damaged(a.at, err)
		}
		if err := a.entry(entry.Name, tr, take); err != nil {
			if src.err != nil {
				return damaged(entry.Name, err)
			}
			return err
		}
	}
	if a.listed == nil || !maps.Equal(a.sums, a.listed) {
		return damaged(filepath.Base(name)+", which does not end as it should or differs from its own manifest", nil)
	}
	// The last bytes hold the checksums of compression and encryption.
	if n, err := io.Copy(io.Discard, plain); err != nil || n > 0 {
		return damaged("its end", err)
	}
	return nil
}

// An unpacked is a backup as far as it has been read.
type unpacked struct {
	head   head
	sums   manifest // of what was read
	listed manifest // what the file says of it; nil before its last entry
	at     string   // the entry that is read, or was last
}

func (a *unpacked) entry(name string, r io.Reader, take func(entry string, h head, r io.Reader) error) (err error) {
	if a.listed != nil || a.sums[name] != "" || (name == headEntry) != (len(a.sums) == 0) {
		return damaged(name, nil)
	}
	a.at = name
	if name == manifestEntry {
		if err := json.NewDecoder(r).Decode(&a.listed); err != nil || a.listed == nil {
			return damaged(name, err)
		}
		return nil
	}
	sum := sha256.New()
	body := io.TeeReader(r, sum)
	if name == headEntry {
		a.head, err = readHead(body)
	} else {
		err = take(name, a.head, body)
	}
	a.sums[name] = hex.EncodeToString(sum.Sum(nil))
	return err
}

func readHead(r io.Reader) (h head, err error) {
	b, err := io.ReadAll(io.LimitReader(r, 1<<16))
	if err != nil {
		return h, damaged(headEntry, err)
	}
	if err := json.Unmarshal(b, &h); err != nil {
		return h, damaged(headEntry, err)
	}
	if h.Format != format {
		return h, broadside.Errorf(broadside.Invalid, "The backup is of format %d, this program reads format %d.", h.Format, format)
	}
	return h, nil
}

// ageMagic begins every encrypted file (age-encryption.org/v1).
var ageMagic = []byte("age-encryption.org/")

func open(f io.Reader, identities []age.Identity) (io.ReadCloser, error) {
	var r io.Reader = bufio.NewReaderSize(f, 1<<16)
	if start, _ := r.(*bufio.Reader).Peek(len(ageMagic)); bytes.Equal(start, ageMagic) {
		if len(identities) == 0 {
			return nil, broadside.Errorf(broadside.Invalid, "The backup is encrypted: name the file with your age identity by --identity.")
		}
		plain, err := age.Decrypt(r, identities...)
		if err != nil {
			return nil, &broadside.Error{Kind: broadside.Invalid, Public: "None of the identities opens this backup, or it is damaged at its beginning.", Err: err}
		}
		r = plain
	}
	z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(256<<20))
	if err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	return z.IOReadCloser(), nil
}
