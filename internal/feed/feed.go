// Package feed writes what machines follow the paper by: Atom (RFC 4287),
// RSS 2.0 and JSON Feed 1.1, each with the full text of every article, and
// sitemaps (sitemaps.org 0.9).
//
// It decides nothing about which articles are in a feed: callers load them,
// newest first. All addresses in a feed are absolute. Every entry is known by
// its article's ID, which survives a change of address or of headline, so that
// no reader's program shows an article twice.
//
// The functions keep no state and are safe for concurrent use. What they write
// is written whole or, if an error is returned, not at all.
package feed

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"example.org/broadside"
	"example.org/broadside/internal/document"
)

// The media types of what this package writes.
const (
	AtomType    = "application/atom+xml; charset=utf-8"
	RSSType     = "application/rss+xml; charset=utf-8"
	JSONType    = "application/feed+json; charset=utf-8"
	SitemapType = "application/xml; charset=utf-8"
)

// The last elements of the addresses of feeds, below [Feed.Path].
const (
	AtomName = "feed.xml"
	RSSName  = "rss.xml"
	JSONName = "feed.json"
)

// generator is how feeds name the program that wrote them.
const generator = "Broadside"

// A Feed is a list of articles to follow: those of the paper or of a part of it.
type Feed struct {
	// Paper must have a URL: a feed is read far from the site it belongs to.
	Paper   broadside.Paper
	Title   string    // such as the name of a section; empty for the whole paper
	Path    string    // of the page with the same articles, with a slash at both ends
	Updated time.Time // zero stands for that of the newest change among the entries
	Entries []Entry   // newest first
}

// An Entry is an article in a feed.
type Entry struct {
	Article  broadside.Article
	Document *document.Document
	Section  string                        // its name; may be empty
	Tags     []string                      // their names
	Pictures map[string]*broadside.Picture // by master; one that is missing shows its caption only
	Files    map[string]File               // by identity; one that is missing shows its title only
	Notes    []broadside.Publication       // what readers were told since, newest first; others are passed over
}

// A File is a sound, a film or a paper to download.
type File struct {
	URL  string // may be a path on the site
	Type string // media type
	Size int64  // bytes; 0 if unknown
}

// title returns the feed's whole title.
func (f *Feed) title() string {
	if f.Title == "" {
		return f.Paper.Name
	}
	return f.Paper.Name + ": " + f.Title
}

// updated returns the time of the newest change in the feed.
func (f *Feed) updated() time.Time {
	newest := f.Updated
	if !newest.IsZero() {
		return newest
	}
	for i := range f.Entries {
		if t := f.Entries[i].updated(); t.After(newest) {
			newest = t
		}
	}
	return newest
}

// id is the entry's name for ever: RFC 4287, section 4.2.6, and RFC 9562.
func (e *Entry) id() string { return "urn:uuid:" + e.Article.ID }

// updated is never before the publication, as it would be for an article that
// was dated ahead.
func (e *Entry) updated() time.Time {
	if e.Article.Updated.Before(e.Article.Published) {
		return e.Article.Published
	}
	return e.Article.Updated
}

// authors returns the writers of an entry, or the paper where nobody signed.
func (f *Feed) authors(e *Entry) []string {
	if names := e.Document.Writers(); len(names) > 0 {
		return names
	}
	return []string{f.Paper.Name}
}

// categories are the section and the tags of an entry.
func (e *Entry) categories() []string {
	var all []string
	if e.Section != "" {
		all = append(all, e.Section)
	}
	return append(all, e.Tags...)
}

// writeXML writes v as a document of its own.
func writeXML(w io.Writer, what string, v any) error {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	enc := xml.NewEncoder(&b)
	enc.Indent("", " ")
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	b.WriteByte('\n')
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// A text is character data without what XML 1.0, section 2.2, forbids even in
// escaped form. Forbidden characters are left out.
type text string

// MarshalText returns the characters that XML allows.
func (t text) MarshalText() ([]byte, error) {
	return []byte(strings.Map(func(r rune) rune {
		switch {
		case r == '\t', r == '\n', r == '\r', r >= ' ' && r < 0xD800, r >= 0xE000 && r < 0xFFFD, r >= 0x10000:
			return r
		}
		return -1 // among them U+FFFD, which broken UTF-8 is read as
	}, string(t))), nil
}

func texts(all []string) []text {
	var out []text
	for _, s := range all {
		out = append(out, text(s))
	}
	return out
}
