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
		f, err := o.theme.Open(name)
		if err == nil || !errors.Is(err, fs.ErrNotExist) {
			return f, err
		}
	}
	return o.base.Open(name)
}

// ReadDir lists the files of both.
func (o overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(o.base, name)
	if err != nil || o.theme == nil {
		return entries, err
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
func parseAll(files overlay) (*template.Template, error) {
	entries, err := files.ReadDir("templates")
	if err != nil {
		return nil, fmt.Errorf("page templates: %w", err)
	}
	all := template.New("")
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
