package site

import (
	"time"

	"example.org/broadside"
	"example.org/broadside/internal/page"
	"example.org/broadside/internal/store"
	"example.org/broadside/internal/web"
)

// archive makes the list of the months in which articles were published, of one
// year or, for 0, of all.
func (m *making) archive(year int) (*web.Content, error) {
	m.made(allKey)
	dates, err := m.Store.Dates(m.ctx, store.Scope{Lang: m.base.Paper.Lang})
	if err != nil {
		return nil, err
	}
	d := page.Archive{Base: m.base, Year: year}
	zone := m.base.Paper.Location()
	for _, at := range dates {
		y, mo, _ := at.In(zone).Date()
		if year != 0 && y != year {
			continue
		}
		if n := len(d.Months); n == 0 || d.Months[n-1].Year != y || d.Months[n-1].Month != mo {
			d.Months = append(d.Months, page.Month{Year: y, Month: mo})
		}
		d.Months[len(d.Months)-1].Count++
	}
	if year != 0 && len(d.Months) == 0 {
		return nil, nothingAt()
	}
	return m.sheet(m.Pages.Archive(d))
}

// monthSize is more than a newsroom publishes in a month.
const monthSize = 5000

// month makes the list of what was published in a month.
func (m *making) month(of page.Month) (*web.Content, error) {
	first := time.Date(of.Year, of.Month, 1, 0, 0, 0, 0, m.base.Paper.Location())
	scope := store.Scope{From: first, To: first.AddDate(0, 1, 0), Lang: m.base.Paper.Lang}
	ls, err := m.headlines(scope, 0, monthSize)
	if err != nil {
		return nil, err
	}
	if len(ls) == 0 {
		return nil, nothingAt()
	}
	return m.sheet(m.Pages.MonthArchive(page.MonthArchive{Base: m.base, Month: of, Listings: ls}))
}

// editionsSize is how many editions a page of their list shows.
const editionsSize = 60

// editions makes a page of the list of editions. Like every change of an
// edition, a new one drops all that is kept.
func (m *making) editions() (*web.Content, error) {
	count, err := m.Store.CountEditions(m.ctx)
	if err != nil {
		return nil, err
	}
	d := page.Editions{Base: m.base}
	if d.Page, d.Pages, err = m.page(count, editionsSize); err != nil {
		return nil, err
	}
	if d.Issues, err = m.Store.Editions(m.ctx, (d.Page-1)*editionsSize, editionsSize); err != nil {
		return nil, err
	}
	return m.sheet(m.Pages.Editions(d))
}

// edition makes the page of an edition that is closed.
func (m *making) edition(number int) (*web.Content, error) {
	e, err := m.Store.Edition(m.ctx, number)
	if err != nil {
		return nil, err
	}
	if e.Closed.IsZero() {
		return nil, nothingAt()
	}
	ids := make([]string, len(e.Items))
	for i, item := range e.Items {
		ids[i] = item.Article
		m.made(articleKey(item.Article))
	}
	ls, err := m.Store.ListingsOf(m.ctx, ids)
	if err != nil {
		return nil, err
	}
	return m.sheet(m.Pages.Edition(page.Edition{Base: m.base, Issue: *e, Listings: ls}))
}

// correctionsSize is how many corrections their page lists.
const correctionsSize = 200

// corrections makes the list of what readers were told of changes.
func (m *making) corrections() (*web.Content, error) {
	m.made(correctionsKey)
	notes, err := m.Store.Corrections(m.ctx, correctionsSize)
	if err != nil {
		return nil, err
	}
	d := page.Corrections{Base: m.base, Notes: notes, Articles: map[string]broadside.Listing{}}
	var ids []string
	for _, n := range notes {
		ids = append(ids, n.Article)
	}
	ls, err := m.Store.ListingsOf(m.ctx, ids)
	m.shows(ls)
	for _, l := range ls {
		d.Articles[l.Article.ID] = l
	}
	if err != nil {
		return nil, err
	}
	return m.sheet(m.Pages.Corrections(d))
}
