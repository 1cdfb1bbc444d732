package keyring

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"example.org/broadside"
	"example.org/broadside/internal/durable"
)

// The file is text, so that a person can print it and keep it in a safe. The
// check says whether it was typed in again without a slip; it is a hash of
// random bytes that nobody can guess, and gives nothing away.
const (
	fileHead   = "broadside keyring 1\n"
	fileFormat = fileHead + "master %x\ncheck %x\n"
	checkSize  = 4
)

// maxFile is more than the file can be, in bytes.
const maxFile = 4096

// staleAfter is how old a temporary file is before it must be a leftover.
const staleAfter = time.Minute

// Open reads the keyring from the file at path, and makes file and keys if
// there is none; of several processes that do so at once, all get the same
// keys. It refuses a file that others on the machine can read with
// [broadside.Denied], and a damaged one with [broadside.Internal].
func Open(path string) (*Keyring, error) {
	k, err := load(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := create(path); err != nil {
			return nil, fmt.Errorf("new keyring: %w", err)
		}
		k, err = load(path)
	}
	if err != nil {
		return nil, fmt.Errorf("keyring %s: %w", path, err)
	}
	sweep(path)
	return k, nil
}

// create makes a file of new keys, unless another process is faster.
func create(path string) error {
	var master [keySize]byte
	rand.Read(master[:])
	err := write(path, newKeyring(master).Export())
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}

// Import writes a keyring that [Keyring.Export] gave to the file at path. It
// does nothing if the file holds the same keys, and gives
// [broadside.Conflict] if it holds others.
func Import(path string, data []byte) error {
	k, err := parse(data)
	if err != nil {
		return fmt.Errorf("keyring to import: %w", err)
	}
	err = write(path, k.Export())
	if !errors.Is(err, fs.ErrExist) {
		return err
	}
	there, err := load(path)
	if err != nil {
		return fmt.Errorf("keyring %s: %w", path, err)
	}
	if !hmac.Equal(there.master[:], k.master[:]) {
		return broadside.Errorf(broadside.Conflict,
			"The file %s holds other keys already. Move it away first if nothing that it encrypted is needed any more.", path)
	}
	return nil
}

// Export returns the bytes of the keyring's file, for a backup. Whoever has
// them can read everything that the keyring encrypts.
func (k *Keyring) Export() []byte {
	return fmt.Appendf(nil, fileFormat, k.master[:], checksum(k.master))
}

func checksum(master [keySize]byte) []byte {
	sum := sha256.Sum256(append([]byte(fileHead), master[:]...))
	return sum[:checkSize]
}

// load reads the file and refuses one that others can read. It looks at the
// file it has opened, not at the name, which may point elsewhere meanwhile.
func load(path string) (*Keyring, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, broadside.Errorf(broadside.Invalid, "The keyring %s is not a file. Name a file, or a place where one can be made.", path)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return nil, broadside.Errorf(broadside.Denied,
			"Others on this machine may use the paper's keys: the file %s has mode %04o. Run: chmod 600 %[1]s", path, mode)
	}
	data, err := io.ReadAll(io.LimitReader(f, maxFile))
	if err != nil {
		return nil, err
	}
	return parse(data)
}

// parse accepts exactly what Export writes. A carriage return at a line's end
// is forgiven, since the file may have been typed in again on any machine.
func parse(data []byte) (*Keyring, error) {
	text := strings.ReplaceAll(string(data), "\r\n", "\n")
	rest, ok := strings.CutPrefix(text, fileHead)
	if !ok {
		return nil, broadside.Errorf(broadside.Internal,
			"The file of the paper's keys is damaged, or comes from a newer version: its first line is not %q.", strings.TrimSpace(fileHead))
	}
	var master [keySize]byte
	fields := strings.Fields(rest)
	if len(fields) == 4 && len(fields[1]) == 2*keySize {
		// What is not hexadecimal leaves a key whose check cannot match.
		_, _ = hex.Decode(master[:], []byte(fields[1]))
	}
	k := newKeyring(master)
	if !bytes.Equal(k.Export(), []byte(text)) {
		return nil, broadside.Errorf(broadside.Internal,
			"The file of the paper's keys is damaged: its lines do not match its check. Put it back from a backup; without it nothing encrypted can be read.")
	}
	return k, nil
}

// write puts data into a new file at path, durably, and gives [fs.ErrExist] if
// there is one. A reader never meets half of it: the file is complete before
// it gets its name, by a link, which unlike a rename never overwrites.
func write(path string, data []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), tempPrefix(path))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(f.Name())) }()
	_, err = f.Write(data)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); err != nil {
		return err
	}
	return durable.SyncDir(filepath.Dir(path))
}

func tempPrefix(path string) string { return "." + filepath.Base(path) + "-" }

// sweep removes the copies of the keys that a process left which was killed
// while it made the file: nobody would look for them when the keys must go. It
// does what it can, for the folder may be one that we may not list or change.
func sweep(path string) {
	dir := filepath.Dir(path)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), tempPrefix(path)) {
			continue
		}
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > staleAfter {
			_ = os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}
