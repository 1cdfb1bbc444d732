// Package blob keeps named immutable bytes: pictures, PDFs, packs. A blob's
// name is the SHA-256 of its bytes in hexadecimal, so a name says what must be
// in it, and what is damaged shows.
//
// It is not for bytes that change, and it knows nothing of what they mean:
// which blobs are in use is the database's knowledge.
//
// Every [Store] is safe for concurrent use by several goroutines and by several
// processes. Putting bytes that are there already changes nothing, deleting
// what is not there is no error, and a blob that Put has named survives a power
// cut.
package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"syscall"

	"example.org/broadside"
)

// A Store is a place for blobs. A name that is not 64 lower-case hexadecimal
// digits gives a [broadside.Invalid] error from every method.
type Store interface {
	// Put reads r to its end and returns the blob's name and size in bytes.
	// What it names is durable. After an error no half of a blob remains.
	Put(ctx context.Context, r io.Reader) (name string, size int64, err error)

	// Open returns the blob for reading, or a [broadside.NotFound] error.
	// The caller closes it, and does so before ctx ends.
	Open(ctx context.Context, name string) (io.ReadSeekCloser, error)

	// Size returns the blob's length in bytes, or a [broadside.NotFound] error.
	Size(ctx context.Context, name string) (int64, error)

	// Delete removes the blob. It is no error if there is none.
	Delete(ctx context.Context, name string) error

	// Walk calls f for every blob in the order of their names and returns the
	// first error of f. Blobs that come or go meanwhile may be seen or not.
	Walk(ctx context.Context, f func(name string, size int64) error) error

	// Check reads the blob whole and compares it with its name. A blob that
	// differs gives a [broadside.Internal] error that says it is damaged and
	// names it; one that is not there gives [broadside.NotFound].
	Check(ctx context.Context, name string) error
}

// checkName refuses what is not the name of a blob, before anybody makes a
// path or an address from it.
func checkName(name string) error {
	if !isName(name) {
		return broadside.Errorf(broadside.Invalid, "%q is not the name of a blob: that is 64 hexadecimal digits in lower case.", name)
	}
	return nil
}

func isName(name string) bool {
	return len(name) == 2*sha256.Size && isHex(name)
}

func isHex(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// copyHashed copies r to w until its end or until ctx ends, and returns the
// name and the length of what passed by.
func copyHashed(ctx context.Context, w io.Writer, r io.Reader) (name string, size int64, err error) {
	h := sha256.New()
	size, err = io.Copy(io.MultiWriter(w, h), contextReader{ctx, r})
	if err != nil {
		return "", 0, err
	}
	return hex.EncodeToString(h.Sum(nil)), size, nil
}

// A contextReader stops reading when its context ends.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// check is [Store.Check] for every store.
func check(ctx context.Context, s Store, name string) error {
	r, err := s.Open(ctx, name)
	if err != nil {
		return err
	}
	defer r.Close()
	got, size, err := copyHashed(ctx, io.Discard, r)
	if err != nil {
		return fmt.Errorf("reading blob %s: %w", name, err)
	}
	if got != name {
		return broadside.Errorf(broadside.Internal,
			"The blob %s is damaged: its %d bytes are not those it is named for. Put the file back from a backup.", name, size)
	}
	return nil
}

func notFound(name string) error {
	return broadside.Errorf(broadside.NotFound, "There is no blob %s.", name)
}

// plain gives a full disk a sentence of its own, since the person at the desk
// can do something about it. Other errors pass.
func plain(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		e := broadside.Errorf(broadside.Unavailable,
			"There is no space left on the disk where the paper keeps its files: nothing was stored. Free some space and try again.")
		e.Err = err
		return e
	}
	return err
}
