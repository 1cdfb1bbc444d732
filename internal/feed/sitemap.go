package feed

import (
	"encoding/xml"
	"io"
	"time"

	"example.org/broadside"
)

// SitemapMax is how many addresses one sitemap may list. The protocol allows
// 50,000; a paper that publishes meanwhile must not run over it.
const SitemapMax = 45_000

// A SitemapEntry is a page of the site, or one sitemap of several.
type SitemapEntry struct {
	Path    string
	Updated time.Time // zero leaves it out
}

// SitemapParts returns how many sitemaps a paper of n addresses needs. With
// more than one they are listed by a [SitemapIndex].
func SitemapParts(n int) int {
	return max(1, (n+SitemapMax-1)/SitemapMax)
}

const sitemapNamespace = "http://www.sitemaps.org/schemas/sitemap/0.9"

type (
	urlSet struct {
		XMLName xml.Name      `xml:"urlset"`
		XMLNS   string        `xml:"xmlns,attr"`
		URLs    []sitemapItem `xml:"url"`
	}
	sitemapIndex struct {
		XMLName xml.Name      `xml:"sitemapindex"`
		XMLNS   string        `xml:"xmlns,attr"`
		Parts   []sitemapItem `xml:"sitemap"`
	}
	sitemapItem struct {
		Loc     text   `xml:"loc"`
		LastMod string `xml:"lastmod,omitempty"`
	}
)

// Sitemap writes a sitemap of at most [SitemapMax] pages of the paper; with
// more it returns an [broadside.Internal] error.
func Sitemap(w io.Writer, paper broadside.Paper, entries []SitemapEntry) error {
	if len(entries) > SitemapMax {
		return broadside.Errorf(broadside.Internal, "A sitemap was to list %d addresses; it may hold %d. Divide them.", len(entries), SitemapMax)
	}
	return writeXML(w, "sitemap", urlSet{XMLNS: sitemapNamespace, URLs: sitemapItems(paper, entries)})
}

// SitemapIndex writes the list of a paper's sitemaps.
func SitemapIndex(w io.Writer, paper broadside.Paper, parts []SitemapEntry) error {
	return writeXML(w, "sitemap index", sitemapIndex{XMLNS: sitemapNamespace, Parts: sitemapItems(paper, parts)})
}

func sitemapItems(paper broadside.Paper, entries []SitemapEntry) []sitemapItem {
	items := make([]sitemapItem, len(entries))
	for i, e := range entries {
		items[i].Loc = text(paper.Absolute(e.Path))
		if !e.Updated.IsZero() {
			items[i].LastMod = stamp(e.Updated)
		}
	}
	return items
}
