package site

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"strconv"
	"time"

	"example.org/broadside"
	"example.org/broadside/internal/feed"
	"example.org/broadside/internal/page"
	"example.org/broadside/internal/store"
	"example.org/broadside/internal/web"
)

// A feedForm is one of the forms in which a feed is written.
type feedForm struct {
	contentType string
	write       func(*feed.Feed, io.Writer) error
}

// feedForms are the forms by the name of the file.
var feedForms = map[string]feedForm{
	feed.AtomName: {feed.AtomType, (*feed.Feed).Atom},
	feed.RSSName:  {feed.RSSType, (*feed.Feed).RSS},
	feed.JSONName: {feed.JSONType, (*feed.Feed).JSON},
}

// feedSize is how many articles a feed holds.
const feedSize = 30

// written returns what write writes as a content.
func (m *making) written(contentType string, write func(io.Writer) error) (*web.Content, error) {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return nil, err
	}
	return &web.Content{Type: contentType, Body: b.Bytes(), Keys: m.keys}, nil
}

// feed makes the feed of a list.
func (m *making) feed(l *list, form feedForm) (*web.Content, error) {
	f := &feed.Feed{Paper: m.base.Paper, Title: l.feedTitle, Path: l.page.Path}
	names := map[string]string{}
	for _, sec := range m.base.Sections {
		names[sec.Slug] = sec.Name
	}
	ls, err := m.headlines(l.scope, 0, feedSize)
	if err != nil {
		return nil, err
	}
	for _, one := range ls {
		e, err := m.entry(&one.Article)
		if err != nil {
			return nil, err
		}
		e.Section = names[one.Article.Section]
		f.Entries = append(f.Entries, *e)
	}
	return m.written(form.contentType, func(w io.Writer) error { return form.write(f, w) })
}

func (m *making) entry(a *broadside.Article) (e *feed.Entry, err error) {
	e = &feed.Entry{Article: *a, Files: map[string]feed.File{}}
	if e.Document, _, err = m.live(m.ctx, a); err != nil {
		return nil, err
	}
	if e.Pictures, err = m.pictures(m.ctx, e.Document); err != nil {
		return nil, err
	}
	files, err := m.files(m.ctx, e.Document)
	if err != nil {
		return nil, err
	}
	for id, f := range files {
		e.Files[id] = feed.File{URL: filePath(f.ID, f.Name), Type: f.MIME, Size: f.Size}
	}
	if e.Notes, err = m.notes(a); err != nil {
		return nil, err
	}
	tags, err := m.Store.ArticleTags(m.ctx, a.ID)
	for _, t := range tags {
		e.Tags = append(e.Tags, t.Name)
	}
	return e, err
}

// sitemap lists every public address: part by part, behind an index. The first
// part holds the pages that are no articles.
func (m *making) sitemap() (*web.Content, error) {
	m.made(allKey, correctionsKey) // a correction is a change, and may be of a byline
	count, err := m.Store.CountListings(m.ctx, store.Scope{})
	if err != nil {
		return nil, err
	}
	parts := 1 + feed.SitemapParts(count)
	wish := cmp.Or(m.r.URL.Query().Get("part"), "0")
	part, err := strconv.Atoi(wish)
	if err != nil || part < 0 || part > parts || fmt.Sprint(part) != wish {
		return nil, nothingAt()
	}
	var entries []feed.SitemapEntry
	switch part {
	case 0:
		index := []feed.SitemapEntry{{Path: "/sitemap-news.xml"}}
		for i := range parts {
			index = append(index, feed.SitemapEntry{Path: fmt.Sprintf("/sitemap.xml?part=%d", i+1)})
		}
		return m.written(feed.SitemapType, func(w io.Writer) error { return feed.SitemapIndex(w, m.base.Paper, index) })
	case 1:
		entries, err = m.sitemapOfLists()
	default:
		entries, err = m.sitemapOfArticles(part - 2)
	}
	if err != nil {
		return nil, err
	}
	return m.written(feed.SitemapType, func(w io.Writer) error { return feed.Sitemap(w, m.base.Paper, entries) })
}

// sitemapOfLists are the addresses of everything that is no article.
func (m *making) sitemapOfLists() ([]feed.SitemapEntry, error) {
	entries := []feed.SitemapEntry{{Path: "/"}, {Path: "/corrections"}, {Path: "/archive/"}}
	for _, s := range m.base.Sections {
		entries = append(entries, feed.SitemapEntry{Path: s.Path()})
	}
	for _, lang := range m.base.Languages {
		entries = append(entries, feed.SitemapEntry{Path: page.LangPath(lang)})
	}
	tags, err := m.Store.PublicTags(m.ctx)
	if err != nil {
		return nil, err
	}
	for _, t := range tags {
		entries = append(entries, feed.SitemapEntry{Path: t.Path()})
	}
	people, err := m.Store.PublicPeople(m.ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range people {
		entries = append(entries, feed.SitemapEntry{Path: p.Path()})
	}
	editions, err := m.Store.Editions(m.ctx, 0, feed.SitemapMax/2)
	for _, e := range editions {
		entries = append(entries, feed.SitemapEntry{Path: e.Path()})
	}
	return entries[:min(len(entries), feed.SitemapMax)], err
}

func (m *making) sitemapOfArticles(part int) (entries []feed.SitemapEntry, err error) {
	addresses, err := m.Store.Addresses(m.ctx, part*feed.SitemapMax, feed.SitemapMax)
	for _, a := range addresses {
		entries = append(entries, feed.SitemapEntry{Path: a.Path, Updated: a.Changed})
	}
	return entries, err
}

// newsSitemap lists what was published in the last two days, for Google News.
func (m *making) newsSitemap() (*web.Content, error) {
	m.made(allKey)
	ls, err := m.headlines(store.Scope{From: m.base.Now.Add(-feed.NewsAge)}, 0, feed.NewsMax)
	if err != nil {
		return nil, err
	}
	c, err := m.written(feed.SitemapType, func(w io.Writer) error { return feed.NewsSitemap(w, m.base.Paper, ls) })
	if err == nil {
		c.Until = m.base.Now.Add(time.Hour)
	}
	return c, err
}

// robots lets everybody read everything, and says where the list is.
func (m *making) robots() (*web.Content, error) {
	return m.written("text/plain; charset=utf-8", func(w io.Writer) error {
		_, err := io.WriteString(w, "User-agent: *\nAllow: /\n\nSitemap: "+m.base.Paper.Absolute("/sitemap.xml")+"\n")
		return err
	})
}
