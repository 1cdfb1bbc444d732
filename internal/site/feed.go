package site

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"example.org/broadside"
	"example.org/broadside/internal/feed"
	"example.org/broadside/internal/store"
	"example.org/broadside/internal/web"
)

// A feedForm is one of the forms in which a feed is written.
type feedForm struct {
	contentType string
	write       func(*feed.Feed, io.Writer) error
}

var (
	atom     = feedForm{feed.AtomType, (*feed.Feed).Atom}
	rss      = feedForm{feed.RSSType, (*feed.Feed).RSS}
	jsonFeed = feedForm{feed.JSONType, (*feed.Feed).JSON}
)

// feedSize is how many articles a feed holds.
const feedSize = 30

// sectionFeed returns the handler for a section's feed, or NotFound if there is
// no such section.
func (s *Site) sectionFeed(ctx context.Context, section string, form feedForm) (web.Handler, error) {
	if _, err := s.Store.Section(ctx, section); err != nil {
		return nil, err
	}
	return s.feed(section, form), nil
}

// feed returns the handler for the feed of a section, or of the whole paper if
// section is empty.
func (s *Site) feed(section string, form feedForm) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, err := s.feedOf(r.Context(), section)
		if err != nil {
			return err
		}
		return s.content(w, r, form.contentType, func(w io.Writer) error { return form.write(f, w) })
	}
}

func (s *Site) feedOf(ctx context.Context, section string) (*feed.Feed, error) {
	base, err := s.base(ctx)
	if err != nil {
		return nil, err
	}
	f := &feed.Feed{Paper: base.Paper, Path: "/"}
	names := map[string]string{}
	for _, sec := range base.Sections {
		names[sec.Slug] = sec.Name
	}
	if section != "" {
		f.Title, f.Path = names[section], "/"+section+"/"
	}
	ls, err := s.Store.Listings(ctx, store.Scope{Section: section}, 0, feedSize)
	if err != nil {
		return nil, err
	}
	for _, l := range ls {
		e, err := s.entry(ctx, &l.Article)
		if err != nil {
			return nil, err
		}
		e.Section = names[l.Article.Section]
		f.Entries = append(f.Entries, *e)
	}
	return f, nil
}

func (s *Site) entry(ctx context.Context, a *broadside.Article) (e *feed.Entry, err error) {
	e = &feed.Entry{Article: *a, Files: map[string]feed.File{}}
	if e.Document, err = s.live(ctx, a); err != nil {
		return nil, err
	}
	if e.Pictures, err = s.pictures(ctx, e.Document); err != nil {
		return nil, err
	}
	files, err := s.files(ctx, e.Document)
	if err != nil {
		return nil, err
	}
	for id, f := range files {
		e.Files[id] = feed.File{URL: filePath(f), Type: f.MIME, Size: f.Size}
	}
	if e.Notes, err = s.notes(ctx, a); err != nil {
		return nil, err
	}
	tags, err := s.Store.ArticleTags(ctx, a.ID)
	for _, t := range tags {
		e.Tags = append(e.Tags, t.Name)
	}
	return e, err
}

// sitemap lists every public address, in several parts behind an index if
// there are many.
func (s *Site) sitemap(w http.ResponseWriter, r *http.Request) error {
	paper, err := s.paper(r.Context())
	if err != nil {
		return err
	}
	count, err := s.Store.CountListings(r.Context(), store.Scope{})
	if err != nil {
		return err
	}
	parts := feed.SitemapParts(count)
	part, err := strconv.Atoi(cmp.Or(r.URL.Query().Get("part"), "0"))
	if err != nil || part < 0 || part > parts {
		return nothingAt()
	}
	if part == 0 && parts > 1 {
		index := make([]feed.SitemapEntry, parts)
		for i := range index {
			index[i].Path = fmt.Sprintf("/sitemap.xml?part=%d", i+1)
		}
		return s.content(w, r, feed.SitemapType, func(w io.Writer) error { return feed.SitemapIndex(w, paper, index) })
	}
	entries, err := s.sitemapEntries(r.Context(), max(part, 1))
	if err != nil {
		return err
	}
	return s.content(w, r, feed.SitemapType, func(w io.Writer) error { return feed.Sitemap(w, paper, entries) })
}

// sitemapEntries returns the addresses of one part; the first begins with the
// front page and the sections.
func (s *Site) sitemapEntries(ctx context.Context, part int) ([]feed.SitemapEntry, error) {
	var entries []feed.SitemapEntry
	if part == 1 {
		sections, err := s.Store.Sections(ctx)
		if err != nil {
			return nil, err
		}
		entries = append(entries, feed.SitemapEntry{Path: "/"})
		for _, sec := range sections {
			entries = append(entries, feed.SitemapEntry{Path: "/" + sec.Slug + "/"})
		}
	}
	addresses, err := s.Store.Addresses(ctx, (part-1)*feed.SitemapMax, feed.SitemapMax)
	for _, a := range addresses {
		entries = append(entries, feed.SitemapEntry{Path: a.Path, Updated: a.Changed})
	}
	return entries, err
}

// robots lets everybody read everything, and says where the list is.
func (s *Site) robots(w http.ResponseWriter, r *http.Request) error {
	paper, err := s.paper(r.Context())
	if err != nil {
		return err
	}
	return s.content(w, r, "text/plain; charset=utf-8", func(w io.Writer) error {
		_, err := io.WriteString(w, "User-agent: *\nAllow: /\n\nSitemap: "+paper.URL+"/sitemap.xml\n")
		return err
	})
}
