package backup

import (
	"archive/tar"
	"bufio"
	"bytes"
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
// database comes last, so a target without one has not been restored.
func Restore(ctx context.Context, name string, identities []age.Identity, t Target) (Summary, error) {
	s, err := Verify(name, identities)
	if err != nil {
		return s, err
	}
	rows, err := os.CreateTemp(t.Spool, ".broadside-rows-*")
	if err != nil {
		return s, err
	}
	defer rows.Close()
	if err := os.Remove(rows.Name()); err != nil {
		return s, err
	}
	var version int64
	err = read(name, identities, func(entry string, h head, r io.Reader) error {
		version = h.Schema
		return t.take(ctx, entry, r, rows)
	}, func(head) {})
	if err != nil {
		return s, err
	}
	if _, err := rows.Seek(0, io.SeekStart); err != nil {
		return s, err
	}
	return s, store.Restore(ctx, t.DSN, version, rows)
}

func (t *Target) take(ctx context.Context, entry string, r io.Reader, rows io.Writer) error {
	switch {
	case entry == rowsEntry:
		_, err := io.Copy(rows, r)
		return err
	case entry == keysEntry:
		b, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		return keyring.Import(t.Keys, b)
	case entry == configEntry:
		b, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		return os.WriteFile(t.Config, b, 0o600)
	case strings.HasPrefix(entry, blobPrefix):
		name, _, err := t.Blobs.Put(ctx, r)
		if err == nil && blobPrefix+name != entry {
			err = damaged(entry)
		}
		return err
	}
	return nil
}

func damaged(entry string) error {
	return broadside.Errorf(broadside.Invalid, "The backup is damaged at %s: nothing can be restored from it. Take another one.", entry)
}

// read passes every entry of a backup but the first and the last to take, and
// the head to begin. It returns an error if the file ends early, holds anything
// twice or unnamed, or if an entry's bytes are not those of the manifest.
func read(name string, identities []age.Identity, take func(entry string, h head, r io.Reader) error, begin func(head)) error {
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
	sums, listed, at := manifest{}, manifest(nil), "its beginning"
	var h head
	for tr := tar.NewReader(plain); ; {
		entry, err := tr.Next()
		if err == io.EOF {
			break
		}
		if err != nil || listed != nil || sums[entry.Name] != "" || (entry.Name == headEntry) != (len(sums) == 0) {
			return errors.Join(damaged(at), err)
		}
		at = entry.Name
		sum := sha256.New()
		body := io.TeeReader(tr, sum)
		switch at {
		case headEntry:
			if h, err = readHead(body); err != nil {
				return err
			}
			begin(h)
		case manifestEntry:
			err = json.NewDecoder(tr).Decode(&listed)
		default:
			err = take(at, h, body)
		}
		if err != nil {
			return takeError(at, err)
		}
		if listed == nil {
			sums[at] = hex.EncodeToString(sum.Sum(nil))
		}
	}
	if listed == nil || !maps.Equal(sums, listed) {
		return damaged(filepath.Base(name) + ", which does not end as it should or differs from its own manifest")
	}
	// The last bytes hold the checksums of compression and encryption.
	if _, err := io.Copy(io.Discard, plain); err != nil {
		return errors.Join(damaged("its end"), err)
	}
	return nil
}

// takeError tells a fault of the file from a fault of the place that it is
// restored to.
func takeError(entry string, err error) error {
	if _, ours := errors.AsType[*broadside.Error](err); ours {
		return err
	}
	if _, place := errors.AsType[*os.PathError](err); place {
		return err
	}
	return errors.Join(damaged(entry), err)
}

func readHead(r io.Reader) (h head, err error) {
	b, err := io.ReadAll(io.LimitReader(r, 1<<16))
	if err != nil {
		return h, errors.Join(damaged(headEntry), err)
	}
	if err := json.Unmarshal(b, &h); err != nil {
		return h, errors.Join(damaged(headEntry), err)
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
			return nil, errors.Join(broadside.Errorf(broadside.Invalid, "None of the identities opens this backup, or it is damaged at its beginning."), err)
		}
		r = plain
	}
	z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(256<<20))
	if err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	return z.IOReadCloser(), nil
}
