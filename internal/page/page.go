// Package page writes the public pages of the newspaper: the front page, lists
// of articles, an article with its twins in text and HTML, editions, the
// archive, and the notices that stand where a page cannot. It also holds the
// style sheet and the faces that they use.
//
// It decides how things look, and nothing else: callers load what is shown,
// answer requests and keep caches. Every page is complete without JavaScript,
// holds none, and asks nothing of any other server.
//
// A theme may replace templates and style sheets, file by file; docs/themes.md
// says what templates are given. The templates are parsed once, by [New]. A
// [Pages] is safe for concurrent use. A page comes whole or not at all.
package page

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"time"

	"example.org/broadside"
)

//go:embed templates assets theme.toml
var embedded embed.FS

// A Base is what every page needs to know, whatever it shows. The settings
// behind it may change while the paper is being served, so it comes with each call.
type Base struct {
	Paper     broadside.Paper     // a zero one still gives a page: the paper may be out of reach
	Sections  []broadside.Section // in the order of the navigation
	Own       []broadside.Listing // the paper's own pages, such as /about
	Edition   *broadside.Edition  // the newest that is closed; may be nil
	Languages []string            // other than the paper's, in which there are articles
	Plate     *broadside.Picture  // of Paper.Nameplate; may be nil
	Now       time.Time
	WebP      bool // pictures are to be had as WebP, too

	// Lang is the language in which the interface speaks; empty is the paper's.
	Lang string

	// Linked says that the reader's browser has the style sheet: it is linked,
	// not brought along.
	Linked bool

	// Sparing leaves out fonts, and shows pictures when they are asked for.
	Sparing bool
}

// A Sheet is a finished page.
type Sheet struct {
	Body []byte

	// Same is the page with the name of its style: two sheets that say the same
	// in the same style have the same, whether or not they bring it along.
	Same []byte

	// Styles are the sources of the styles in Body, as a content security
	// policy (CSP Level 3, section 2.3.1) names them.
	Styles []string
}

// Pages writes pages. It is made by [New].
type Pages struct {
	templates *template.Template
	assets    *assets
}

// New parses the templates and prepares the style sheets and the faces. A theme
// holds files that stand in the place of the embedded ones of the same name,
// templates/*.html and assets/*; nil is none. The error of a theme that cannot
// be used names the file and, where it can, the line.
func New(theme fs.FS) (*Pages, error) {
	files := overlay{theme, embedded}
	if err := files.checkContract(); err != nil {
		return nil, err
	}
	g := &guard{}
	t, err := parseAll(files, g)
	if err != nil {
		return nil, err
	}
	a, err := loadAssets(files)
	if err != nil {
		return nil, err
	}
	p := &Pages{templates: t, assets: a}
	if theme != nil {
		return p, p.try(g)
	}
	return p, nil
}

// maxSheet is more than a page is long, in bytes.
const maxSheet = 4 << 20

var errTooLong = fmt.Errorf("the page is longer than %d MB", maxSheet>>20)

// A bounded buffer fails when a page grows beyond all measure.
type bounded struct{ bytes.Buffer }

// Write appends b.
func (w *bounded) Write(b []byte) (int, error) {
	if w.Len()+len(b) > maxSheet {
		return 0, errTooLong
	}
	return w.Buffer.Write(b)
}

// execute returns what comes of the template of that name. Lines that hold
// nothing but the indentation of a template are left out.
func (p *Pages) execute(name string, data any) ([]byte, error) {
	var b bounded
	if err := p.templates.ExecuteTemplate(&b, name, data); err != nil {
		if errors.Is(err, errTooLong) {
			err = fmt.Errorf("%s: %w", name, errTooLong)
		}
		return nil, fmt.Errorf("page: %w", err)
	}
	out := b.Bytes()[:0]
	for line := range bytes.Lines(b.Bytes()) {
		if len(bytes.TrimSpace(line)) > 0 {
			out = append(out, line...)
		}
	}
	return out, nil
}

// sheet executes a template that has the frame of every page, and dresses it.
func (p *Pages) sheet(name string, b *Base, data any) (*Sheet, error) {
	body, err := p.execute(name, data)
	if err != nil {
		return nil, err
	}
	return p.dress(body, b)
}

// Contract is the version of what templates are given, as docs/themes.md
// describes it. It grows when a theme that was right could be wrong.
const Contract = 1
