package page

import (
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"slices"

	"github.com/pelletier/go-toml/v2"
)

// An overlay is a file system in which the files of a theme stand in the place
// of the embedded ones.
type overlay struct {
	theme fs.FS // may be nil
	base  fs.FS
}

// Open opens a file of the theme, or else the embedded one.
func (o overlay) Open(name string) (fs.File, error) {
	if o.theme != nil {
		err := o.checkFile(name)
		if err == nil {
			return o.theme.Open(name)
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	return o.base.Open(name)
}

// maxFile is more than a template, a sheet, a face or a picture of a theme is
// long, in bytes: all of them are kept in memory.
const maxFile = 8 << 20

// checkFile refuses what is no file of the theme that can be read. Of a pipe
// already the opening would wait for ever.
func (o overlay) checkFile(name string) error {
	info, err := fs.Stat(o.theme, name)
	switch {
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is no file", name)
	case info.Size() > maxFile:
		return fmt.Errorf("%s is longer than %d MB", name, maxFile>>20)
	}
	return nil
}

// ReadDir lists the files of both.
func (o overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(o.base, name)
	if err != nil || o.theme == nil {
		return entries, err
	}
	if info, err := fs.Stat(o.theme, name); err == nil && !info.IsDir() {
		return nil, fmt.Errorf("%s is no directory", name)
	}
	own, err := fs.ReadDir(o.theme, name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, e := range own {
		if e.Type().IsRegular() && !slices.ContainsFunc(entries, func(b fs.DirEntry) bool { return b.Name() == e.Name() }) {
			entries = append(entries, e)
		}
	}
	return entries, nil
}

// checkContract refuses a theme that was made for other data.
func (o overlay) checkContract() error {
	text, err := fs.ReadFile(o, "theme.toml")
	if err != nil {
		return fmt.Errorf("theme.toml: %w", err)
	}
	var made struct{ Contract int }
	if err := toml.Unmarshal(text, &made); err != nil {
		return fmt.Errorf("theme.toml: %w", err)
	}
	if made.Contract != Contract {
		return fmt.Errorf("theme.toml: the theme was made for version %d of the data contract, this program offers version %d: see docs/themes.md for what has changed", made.Contract, Contract)
	}
	return nil
}

// parseAll parses every template, each under the name of its file, so that errors
// name the file and the line.
func parseAll(files overlay, g *guard) (*template.Template, error) {
	entries, err := files.ReadDir("templates")
	if err != nil {
		return nil, fmt.Errorf("page templates: %w", err)
	}
	all := template.New("").Funcs(template.FuncMap{guardName: g.step})
	for _, e := range entries {
		if path.Ext(e.Name()) != ".html" {
			continue
		}
		text, err := fs.ReadFile(files, path.Join("templates", e.Name()))
		if err != nil {
			return nil, fmt.Errorf("page templates: %w", err)
		}
		if _, err := all.New(e.Name()).Parse(string(text)); err != nil {
			return nil, fmt.Errorf("page templates: %w", err)
		}
	}
	return all, nil
}

// Embedded returns the theme that the program brings along: what a theme of
// one's own begins with.
func Embedded() fs.FS { return embedded }
