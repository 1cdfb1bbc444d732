package feed

import (
	"encoding/xml"
	"io"
	"time"

	"example.org/broadside/internal/document"
)

// The elements of RFC 4287, in the order in which they are written.
type (
	atomFeed struct {
		XMLName   xml.Name    `xml:"feed"`
		XMLNS     string      `xml:"xmlns,attr"`
		Lang      string      `xml:"xml:lang,attr,omitempty"`
		ID        string      `xml:"id"`
		Title     text        `xml:"title"`
		Subtitle  text        `xml:"subtitle,omitempty"`
		Updated   string      `xml:"updated"`
		Links     []atomLink  `xml:"link"`
		Author    atomPerson  `xml:"author"`
		Rights    text        `xml:"rights,omitempty"`
		Generator string      `xml:"generator"`
		Entries   []atomEntry `xml:"entry"`
	}
	atomEntry struct {
		Lang       string         `xml:"xml:lang,attr,omitempty"`
		ID         string         `xml:"id"`
		Title      text           `xml:"title"`
		Links      []atomLink     `xml:"link"`
		Published  string         `xml:"published"`
		Updated    string         `xml:"updated"`
		Authors    []atomPerson   `xml:"author"`
		Categories []atomCategory `xml:"category"`
		Summary    text           `xml:"summary,omitempty"`
		Content    atomContent    `xml:"content"`
	}
	atomLink struct {
		Rel  string `xml:"rel,attr"`
		Type string `xml:"type,attr,omitempty"`
		Href string `xml:"href,attr"`
	}
	atomPerson struct {
		Name text   `xml:"name"`
		URI  string `xml:"uri,omitempty"`
	}
	atomCategory struct {
		Term text `xml:"term,attr"`
	}
	atomContent struct {
		Type string `xml:"type,attr"`
		Body text   `xml:",chardata"`
	}
)

// Atom writes the feed as Atom 1.0 (RFC 4287).
func (f *Feed) Atom(w io.Writer) error {
	home := f.Paper.Absolute(f.Path)
	out := atomFeed{
		XMLNS:    "http://www.w3.org/2005/Atom",
		Lang:     f.Paper.Lang,
		ID:       home,
		Title:    text(f.title()),
		Subtitle: text(f.Paper.Tagline),
		Updated:  stamp(f.updated()),
		Links: []atomLink{
			{Rel: "self", Type: "application/atom+xml", Href: home + AtomName},
			{Rel: "alternate", Type: "text/html", Href: home},
		},
		Author:    atomPerson{Name: text(f.Paper.Name), URI: f.Paper.Absolute("/")},
		Rights:    text(f.Paper.Licence),
		Generator: generator,
	}
	if deed := document.LicenceURL(f.Paper.Licence); deed != "" {
		out.Links = append(out.Links, atomLink{Rel: "license", Href: deed})
	}
	for i := range f.Entries {
		out.Entries = append(out.Entries, f.atomEntry(&f.Entries[i]))
	}
	return writeXML(w, "Atom feed "+f.Path, out)
}

func (f *Feed) atomEntry(e *Entry) atomEntry {
	out := atomEntry{
		Lang:      e.Document.Lang,
		ID:        e.id(),
		Title:     text(e.Document.Headline),
		Links:     []atomLink{{Rel: "alternate", Type: "text/html", Href: f.Paper.Absolute(e.Article.Path())}},
		Published: stamp(e.Article.Published),
		Updated:   stamp(e.updated()),
		Summary:   text(e.Document.Standfirst),
		Content:   atomContent{Type: "html", Body: text(f.content(e))},
	}
	for _, name := range f.authors(e) {
		out.Authors = append(out.Authors, atomPerson{Name: text(name)})
	}
	for _, c := range e.categories() {
		out.Categories = append(out.Categories, atomCategory{text(c)})
	}
	for _, file := range f.media(e) {
		out.Links = append(out.Links, atomLink{Rel: "enclosure", Type: file.Type, Href: file.URL})
	}
	return out
}

// stamp writes a time as RFC 3339 in UTC.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// media returns the sounds and films of an entry, in the order of its text.
func (f *Feed) media(e *Entry) []File {
	var files []File
	e.Document.Body.Walk(func(n *document.Node) bool {
		if n.Type == document.Audio || n.Type == document.Video {
			if file, ok := e.Files[n.Attr("file")]; ok {
				file.URL = f.Paper.Absolute(file.URL)
				files = append(files, file)
			}
		}
		return true
	})
	return files
}
