package feed

import (
	"encoding/xml"
	"io"
	"time"

	"example.org/broadside/internal/locale"
)

// The elements of RSS 2.0 (rssboard.org/rss-specification) with the modules
// that are common practice: Atom's self link, Dublin Core's creator, and
// content:encoded for the full text.
type (
	rssDocument struct {
		XMLName xml.Name   `xml:"rss"`
		Version string     `xml:"version,attr"`
		Atom    string     `xml:"xmlns:atom,attr"`
		Content string     `xml:"xmlns:content,attr"`
		Dublin  string     `xml:"xmlns:dc,attr"`
		Channel rssChannel `xml:"channel"`
	}
	rssChannel struct {
		Title       text      `xml:"title"`
		Link        string    `xml:"link"`
		Self        atomLink  `xml:"atom:link"`
		Description text      `xml:"description"`
		Language    string    `xml:"language,omitempty"`
		Copyright   text      `xml:"copyright,omitempty"`
		Built       string    `xml:"lastBuildDate"`
		Generator   string    `xml:"generator"`
		Items       []rssItem `xml:"item"`
	}
	rssItem struct {
		Title       text          `xml:"title"`
		Link        string        `xml:"link"`
		GUID        rssGUID       `xml:"guid"`
		Published   string        `xml:"pubDate"`
		Updated     string        `xml:"atom:updated"`
		Creator     text          `xml:"dc:creator"`
		Language    string        `xml:"dc:language,omitempty"`
		Categories  []text        `xml:"category"`
		Description text          `xml:"description,omitempty"`
		Content     text          `xml:"content:encoded"`
		Enclosure   *rssEnclosure `xml:"enclosure"`
	}
	rssGUID struct {
		IsPermaLink bool   `xml:"isPermaLink,attr"`
		ID          string `xml:",chardata"`
	}
	rssEnclosure struct {
		URL    string `xml:"url,attr"`
		Length int64  `xml:"length,attr"`
		Type   string `xml:"type,attr"`
	}
)

// RSS writes the feed as RSS 2.0.
func (f *Feed) RSS(w io.Writer) error {
	home := f.Paper.Absolute(f.Path)
	out := rssDocument{
		Version: "2.0",
		Atom:    "http://www.w3.org/2005/Atom",
		Content: "http://purl.org/rss/1.0/modules/content/",
		Dublin:  "http://purl.org/dc/elements/1.1/",
		Channel: rssChannel{
			Title:       text(f.title()),
			Link:        home,
			Self:        atomLink{Rel: "self", Type: "application/rss+xml", Href: home + RSSName},
			Description: text(f.description()),
			Language:    f.Paper.Lang,
			Copyright:   text(f.Paper.Licence),
			Built:       mailDate(f.updated()),
			Generator:   generator,
		},
	}
	for i := range f.Entries {
		out.Channel.Items = append(out.Channel.Items, f.rssItem(&f.Entries[i]))
	}
	return writeXML(w, "RSS feed "+f.Path, out)
}

// description is required of a channel, so the title stands in for a tagline.
func (f *Feed) description() string {
	if f.Paper.Tagline == "" {
		return f.title()
	}
	return f.Paper.Tagline
}

// rssItem names all writers in one creator, since many programs show the first
// of several only.
func (f *Feed) rssItem(e *Entry) rssItem {
	out := rssItem{
		Title:       text(e.Document.Headline),
		Link:        f.Paper.Absolute(e.Article.Path()),
		GUID:        rssGUID{ID: e.id()},
		Published:   mailDate(e.Article.Published),
		Updated:     stamp(e.updated()),
		Creator:     text(locale.Names(e.Document.Lang, f.authors(e))),
		Language:    e.Document.Lang,
		Categories:  texts(e.categories()),
		Description: text(e.Document.Standfirst),
		Content:     text(f.content(e)),
	}
	// An item may have one enclosure: programs that play them expect it so.
	if files := f.media(e); len(files) > 0 {
		out.Enclosure = &rssEnclosure{URL: files[0].URL, Length: files[0].Size, Type: files[0].Type}
	}
	return out
}

// mailDate writes a time as RFC 822 does, with four digits for the year.
func mailDate(t time.Time) string { return t.UTC().Format(time.RFC1123Z) }
