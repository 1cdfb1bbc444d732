package site

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.org/broadside"
	"example.org/broadside/internal/locale"
	"example.org/broadside/internal/page"
	"example.org/broadside/internal/store"
	"example.org/broadside/internal/web"
)

// A making is one content while it is made. It notes what it is made from, so
// that the cache can drop it when that changes.
type making struct {
	*Site
	ctx  context.Context
	r    *http.Request
	base page.Base
	keys []string
}

// A view makes what stands at an address.
type view func(*making) (*web.Content, error)

// begin starts a content for a request.
func (s *Site) begin(ctx context.Context, r *http.Request) (*making, error) {
	base, err := s.everywhere(ctx)
	if err != nil {
		return nil, err
	}
	m := &making{Site: s, ctx: ctx, r: r, base: *base}
	form := web.FormOf(r)
	m.base.Linked, m.base.Sparing = form.Within, form.Sparing
	m.base.Now = s.Now()
	return m, nil
}

// everywhere returns what every page shows.
func (s *Site) everywhere(ctx context.Context) (*page.Base, error) {
	if b := s.shared.base.Load(); b != nil {
		return b, nil
	}
	mark := s.shared.mark()
	b, err := s.load(ctx)
	if err == nil {
		s.shared.keep(b, mark)
	}
	return b, err
}

// load reads it.
func (s *Site) load(ctx context.Context) (*page.Base, error) {
	b := &page.Base{Now: s.Now(), WebP: s.webp}
	var err error
	if b.Paper, err = s.Store.Paper(ctx); err != nil {
		return nil, err
	}
	if b.Paper.URL == "" {
		b.Paper.URL = s.URL
	}
	if b.Sections, err = s.Store.Sections(ctx); err != nil {
		return nil, err
	}
	if b.Own, err = s.Store.Headlines(ctx, store.Scope{Section: broadside.PageSection, Lang: b.Paper.Lang}, 0, ownSize); err != nil {
		return nil, err
	}
	slices.SortFunc(b.Own, func(x, y broadside.Listing) int { return strings.Compare(x.Article.Slug, y.Article.Slug) })
	editions, err := s.Store.Editions(ctx, 0, 1)
	if err != nil {
		return nil, err
	}
	if len(editions) > 0 {
		b.Edition = &editions[0]
	}
	if b.Paper.Nameplate != "" {
		if b.Plate, err = s.Store.PictureByMaster(ctx, b.Paper.Nameplate); err != nil && broadside.KindOf(err) != broadside.NotFound {
			return nil, err
		}
	}
	langs, err := s.Store.Languages(ctx)
	for _, lang := range langs {
		if !locale.SameLanguage(lang, b.Paper.Lang) {
			b.Languages = append(b.Languages, lang)
		}
	}
	return b, err
}

// ownSize is how many of the paper's own pages the foot of each page lists.
const ownSize = 12

// The keys of what contents are made from.
const (
	allKey         = "all"         // which articles there are
	correctionsKey = "corrections" // which notes there are
)

func articleKey(id string) string   { return "a-" + id }
func storyKey(id string) string     { return "st-" + id }
func sectionKey(slug string) string { return "s-" + slug }
func tagKey(slug string) string     { return "t-" + slug }
func personKey(id string) string    { return "p-" + id }
func langKey(lang string) string    { return "l-" + lang }
func monthKey(t time.Time) string   { return "m-" + t.Format("2006-01") }

// scopeKey names the list of a scope.
func (m *making) scopeKey(s store.Scope) string {
	switch {
	case s.Story != "":
		return storyKey(s.Story)
	case s.Section != "":
		return sectionKey(s.Section)
	case s.Tag != "":
		return tagKey(s.Tag)
	case s.Person != "":
		return personKey(s.Person)
	case s.Only != "":
		return langKey(s.Only)
	case !s.From.IsZero():
		return monthKey(s.From)
	}
	return allKey
}

// made notes what the content is made from.
func (m *making) made(keys ...string) {
	for _, k := range keys {
		if !slices.Contains(m.keys, k) {
			m.keys = append(m.keys, k)
		}
	}
}

func (m *making) shows(ls []broadside.Listing) {
	for i := range ls {
		m.made(articleKey(ls[i].Article.ID))
	}
}

// listings returns a list with pictures.
func (m *making) listings(s store.Scope, skip, limit int) ([]broadside.Listing, error) {
	m.made(m.scopeKey(s))
	ls, err := m.Store.Listings(m.ctx, s, skip, limit)
	m.shows(ls)
	return ls, err
}

// headlines returns a list without pictures.
func (m *making) headlines(s store.Scope, skip, limit int) ([]broadside.Listing, error) {
	m.made(m.scopeKey(s))
	ls, err := m.Store.Headlines(m.ctx, s, skip, limit)
	m.shows(ls)
	return ls, err
}

// sheet returns a page as a content. It shows the day, so at midnight by the
// paper's clock it is stale.
func (m *making) sheet(s *page.Sheet, err error) (*web.Content, error) {
	if err != nil {
		return nil, err
	}
	return &web.Content{
		Type: "text/html; charset=utf-8", Body: s.Body, Same: s.Same, Styles: s.Styles, Vary: web.FormVary,
		Keys: m.keys, Until: midnight(m.base.Now, m.base.Paper.Location()),
	}, nil
}

// midnight returns the end of the day of t in a zone.
func midnight(t time.Time, zone *time.Location) time.Time {
	y, mo, d := t.In(zone).Date()
	return time.Date(y, mo, d+1, 0, 0, 0, 0, zone)
}

// page returns which page of how many a request asks for, of a list of so many.
func (m *making) page(count, size int) (page, pages int, err error) {
	pages = max(1, (count+size-1)/size)
	wish := m.r.URL.Query().Get("page")
	if wish == "" {
		return 1, pages, nil
	}
	page, err = strconv.Atoi(wish)
	if err != nil || page < 1 || page > pages || fmt.Sprint(page) != wish {
		return 0, 0, nothingAt()
	}
	return page, pages, nil
}

func nothingAt() error {
	return broadside.Errorf(broadside.NotFound, "There is nothing at this address.")
}
