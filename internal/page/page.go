// Package page writes the public pages of the newspaper: the front page, a
// section, an article and its text twin, and the notices that stand where a
// page cannot. It also holds the style sheet and the faces that they use.
//
// It decides how things look, and nothing else: callers load what is shown,
// answer requests and keep caches. Every page is complete without JavaScript,
// holds none, asks nothing of any other server, and has no inline style.
//
// The templates are parsed once, by [New]. A [Pages] is safe for concurrent
// use. A page is written to its writer whole or, if an error is returned, not
// at all.
package page

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"time"

	"example.org/broadside"
)

//go:embed templates
var templates embed.FS

// A Base is what every page needs to know, whatever it shows. The settings
// behind it may change while the paper is being served, so it comes with each call.
type Base struct {
	Paper    broadside.Paper     // a zero one still gives a page: the paper may be out of reach
	Sections []broadside.Section // in the order of the navigation
	Now      time.Time
	WebP     bool // pictures are to be had as WebP, too
}

// Pages writes pages. It is made by [New].
type Pages struct {
	templates *template.Template
	assets    *assets
}

// New parses the templates and prepares the style sheet and the faces.
func New() (*Pages, error) {
	t, err := template.ParseFS(templates, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("page templates: %w", err)
	}
	a, err := loadAssets()
	if err != nil {
		return nil, fmt.Errorf("page assets: %w", err)
	}
	return &Pages{templates: t, assets: a}, nil
}

// write executes the template of that name and then writes what came of it.
// Lines that hold nothing but the indentation of a template are left out.
func (p *Pages) write(w io.Writer, name string, data any) error {
	var b bytes.Buffer
	if err := p.templates.ExecuteTemplate(&b, name, data); err != nil {
		return fmt.Errorf("page %s: %w", name, err)
	}
	out := b.Bytes()[:0]
	for line := range bytes.Lines(b.Bytes()) {
		if len(bytes.TrimSpace(line)) > 0 {
			out = append(out, line...)
		}
	}
	if _, err := w.Write(out); err != nil {
		return fmt.Errorf("page %s: %w", name, err)
	}
	return nil
}
