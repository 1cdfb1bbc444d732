package site

import (
	"slices"
	"strings"

	"example.org/broadside"
	"example.org/broadside/internal/locale"
	"example.org/broadside/internal/page"
	"example.org/broadside/internal/store"
	"example.org/broadside/internal/web"
)

// A list is a part of the paper that readers may look through or follow.
type list struct {
	scope     store.Scope // of its feeds
	page      page.List   // what its page says of it, without articles
	feedTitle string      // empty for the whole paper
}

func wholePaper(*making) *list { return &list{page: page.List{Path: "/"}} }

func sectionList(m *making, slug string) (*list, error) {
	i := slices.IndexFunc(m.base.Sections, func(s broadside.Section) bool { return s.Slug == slug })
	if i < 0 {
		return nil, nothingAt()
	}
	s := &m.base.Sections[i]
	return &list{
		scope: store.Scope{Section: slug}, feedTitle: s.Name,
		page: page.List{Title: s.Name, Description: s.Description, Section: slug, Path: s.Path(), Lite: true},
	}, nil
}

func tagList(m *making, slug string) (*list, error) {
	if broadside.CheckSlug("tag", slug) != nil {
		return nil, nothingAt()
	}
	t, err := m.Store.Tag(m.ctx, slug)
	if err != nil {
		return nil, err
	}
	l := &list{scope: store.Scope{Tag: slug}, feedTitle: t.Name, page: page.List{Title: t.Name, Topic: true, Path: t.Path()}}
	return l, m.mustHold(l)
}

func personList(m *making, slug string) (*list, error) {
	if broadside.CheckSlug("person", slug) != nil {
		return nil, nothingAt()
	}
	p, err := m.Store.Person(m.ctx, slug)
	if err != nil {
		return nil, err
	}
	l := &list{
		scope: store.Scope{Person: p.ID}, feedTitle: p.Name,
		page: page.List{Title: p.Name, By: true, Description: p.Biography, Path: p.Path()},
	}
	if p.Portrait != "" {
		if l.page.Portrait, err = m.Store.PictureByMaster(m.ctx, p.Portrait); err != nil && broadside.KindOf(err) != broadside.NotFound {
			return nil, err
		}
	}
	return l, m.mustHold(l)
}

func langList(m *making, tag string) (*list, error) {
	i := slices.IndexFunc(m.base.Languages, func(l string) bool { return strings.ToLower(l) == tag })
	if i < 0 {
		return nil, nothingAt()
	}
	lang := m.base.Languages[i]
	m.base.Lang = lang
	return &list{scope: store.Scope{Only: lang}, feedTitle: locale.LanguageName(lang), page: page.List{Title: locale.LanguageName(lang), Path: page.LangPath(lang)}}, nil
}

// mustHold returns NotFound for a list that has no article: nobody shall learn
// from it of a tag or a name that is not public yet.
func (m *making) mustHold(l *list) error {
	m.made(m.scopeKey(l.scope))
	n, err := m.Store.CountListings(m.ctx, l.scope)
	if err == nil && n == 0 {
		return nothingAt()
	}
	return err
}

// listSize is how many articles a page of a list shows.
const listSize = 20

// list makes a page of a list.
func (m *making) list(l *list) (*web.Content, error) {
	d := l.page
	d.Base = m.base
	scope := l.scope
	if scope.Only == "" {
		scope.Lang = m.base.Paper.Lang
	}
	count, err := m.Store.CountListings(m.ctx, scope)
	if err != nil {
		return nil, err
	}
	if d.Page, d.Pages, err = m.page(count, listSize); err != nil {
		return nil, err
	}
	if d.Listings, err = m.listings(scope, (d.Page-1)*listSize, listSize); err != nil {
		return nil, err
	}
	if d.Section != "" {
		d.Elsewhere, err = m.others(store.Scope{Lang: scope.Lang}, func(l *broadside.Listing) bool { return l.Article.Section != d.Section })
	} else if scope.Only != "" && d.Page == 1 {
		d.Untranslated, err = m.untranslated(scope.Only, d.Listings)
	}
	if err != nil {
		return nil, err
	}
	return m.sheet(m.Pages.List(d))
}

// untranslatedSize is how many articles in the paper's own language are offered
// to readers of another.
const untranslatedSize = 20

// untranslated returns the newest articles that are not to be had in a language.
func (m *making) untranslated(lang string, have []broadside.Listing) ([]broadside.Listing, error) {
	all, err := m.headlines(store.Scope{Lang: lang}, 0, untranslatedSize+len(have))
	var others []broadside.Listing
	for _, l := range all {
		if l.Article.Lang == m.base.Paper.Lang && len(others) < untranslatedSize {
			others = append(others, l)
		}
	}
	return others, err
}

// othersSize is how many other stories a page offers beside its own.
const othersSize = 4

// others returns the newest articles of a scope that the page wants.
func (m *making) others(scope store.Scope, want func(*broadside.Listing) bool) ([]broadside.Listing, error) {
	all, err := m.headlines(scope, 0, 3*othersSize)
	var others []broadside.Listing
	for i := range all {
		if len(others) < othersSize && want(&all[i]) {
			others = append(others, all[i])
		}
	}
	return others, err
}

// frontSize is how many articles the front page may show.
const frontSize = 60

// front makes the front page.
func (m *making) front() (*web.Content, error) {
	ls, err := m.frontListings()
	if err != nil {
		return nil, err
	}
	return m.sheet(m.Pages.Front(page.Front{Base: m.base, Listings: ls}))
}

// frontListings are those of the editor's choice, then the newest.
func (m *making) frontListings() ([]broadside.Listing, error) {
	ids, err := m.Store.Front(m.ctx)
	if err != nil {
		return nil, err
	}
	chosen, err := m.Store.ListingsOf(m.ctx, ids)
	if err != nil {
		return nil, err
	}
	m.shows(chosen)
	newest, err := m.listings(store.Scope{Lang: m.base.Paper.Lang}, 0, frontSize)
	if err != nil {
		return nil, err
	}
	for _, l := range newest {
		if !slices.ContainsFunc(chosen, func(c broadside.Listing) bool { return c.Article.ID == l.Article.ID }) {
			chosen = append(chosen, l)
		}
	}
	return chosen, nil
}

// liteFront makes the text-only twin of the front page.
func (m *making) liteFront() (*web.Content, error) {
	ls, err := m.frontListings()
	if err != nil {
		return nil, err
	}
	return m.sheet(m.Pages.LiteFront(page.Front{Base: m.base, Listings: ls[:min(len(ls), liteSize)]}))
}

// liteSize is how many articles a text-only list holds.
const liteSize = 30

// liteList makes the text-only twin of a section's page.
func (m *making) liteList(l *list) (*web.Content, error) {
	d := l.page
	d.Base = m.base
	scope := l.scope
	scope.Lang = m.base.Paper.Lang
	var err error
	if d.Listings, err = m.headlines(scope, 0, liteSize); err != nil {
		return nil, err
	}
	return m.sheet(m.Pages.LiteList(d))
}
