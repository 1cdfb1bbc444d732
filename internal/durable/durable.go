// Package durable makes what was done to files outlive a power cut. It knows
// nothing of what the files hold. Its functions are safe for concurrent use.
package durable

import (
	"errors"
	"os"
)

// SyncDir returns when the names in a directory are on the disk: after a file
// was made, renamed or removed there, whose own bytes its Sync has seen to
// (fsync(2) of the directory).
func SyncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
