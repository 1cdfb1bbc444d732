package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"example.org/broadside"
)

// A folder is a directory of which the importer can read the files, and those
// in the folders below, and no others: a symbolic link that leads out of it is
// refused. It holds nothing open, so there may be any number of them.
type folder string

// Open opens a file for reading.
func (f folder) Open(name string) (fs.File, error) {
	file, err := os.OpenInRoot(string(f), name)
	if err != nil {
		return nil, err // and not a nil *os.File
	}
	return file, nil
}

// Stat says what a file is.
func (f folder) Stat(name string) (fs.FileInfo, error) {
	root, err := os.OpenRoot(string(f))
	if err != nil {
		return nil, err
	}
	defer root.Close()
	info, err := root.Stat(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		// The standard library has no name for the error that says so.
		if _, outside := os.Stat(filepath.Join(string(f), name)); outside == nil {
			err = broadside.Errorf(broadside.Invalid, "%s is a link that leads out of the article's folder: put the file itself there.", name)
		}
	}
	return info, err
}

// Sub returns the folder of that name, out of which nothing leads either.
func (f folder) Sub(dir string) (fs.FS, error) { return folder(filepath.Join(string(f), dir)), nil }
