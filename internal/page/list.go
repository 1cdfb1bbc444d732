package page

import (
	"fmt"
	"html/template"

	"example.org/broadside"
	"example.org/broadside/internal/locale"
)

// A List is the data of a page that lists articles: those of a section, with a
// tag, by a person or in a language.
type List struct {
	Base
	Title       string
	Topic       bool                // it is of a tag, and says so
	By          bool                // it is of a person
	Description string              // may be empty
	Portrait    *broadside.Picture  // of the person; may be nil
	Section     string              // slug of the section that it is of; may be empty
	Path        string              // with a slash at both ends
	Lite        bool                // it has a text-only twin
	Listings    []broadside.Listing // of this page, newest first
	Page        int                 // from 1
	Pages       int                 // at least 1

	// Elsewhere are the newest of other parts of the paper; may be empty.
	Elsewhere []broadside.Listing

	// Untranslated are articles that are not to be had in the language of the
	// list, in that of the paper.
	Untranslated []broadside.Listing
}

// listView is the data of templates/list.html.
type listView struct {
	frame
	Kicker       string
	Heading      string
	HeadingAttr  template.HTMLAttr
	Description  string
	Portrait     template.HTML
	Big          *teaser
	Three        []teaser
	Earlier      []teaser
	EarlierHead  string
	Elsewhere    []teaser
	Untranslated []teaser
	Notice       string // that those are in another language
	pager
}

// List writes a page of a list: on the first its newest stories stand large,
// on later ones all are in a row.
func (p *Pages) List(d List) (*Sheet, error) {
	m := meta{Title: d.Title, Description: d.Description, Path: pagePath(d.Path, d.Page)}
	v := listView{frame: p.frame(&d.Base, d.Lang, d.Section, m), Heading: d.Title, Description: d.Description}
	v.Skip = v.SkipToNews
	v.Meta.Feeds = append(v.Meta.Feeds, v.listFeed(d)...)
	if d.Lite {
		v.LitePath = LitePath(d.Path)
	}
	t := newTeller(&v.frame, &d.Base)
	t.together = d.Section == ""
	v.EarlierHead = v.Words.Earlier
	v.describe(&d)
	v.fill(t, &d)
	v.pager = v.turn(d.Path, d.Page, d.Pages)
	if d.Page > 1 {
		v.Meta.Title += ", " + v.Position
	}
	if d.Lang != "" && d.Page <= 1 {
		v.Meta.Alternates = d.languages()
	}
	return p.sheet("list.html", &d.Base, &v)
}

// describe says what the list is of.
func (v *listView) describe(d *List) {
	switch {
	case d.Topic:
		v.Kicker = v.Topic
		v.HeadingAttr = v.foreignAttr(d.Paper.Lang)
	case d.By:
		v.EarlierHead = fmt.Sprintf(v.StoriesBy, d.Title)
		if d.Portrait != nil && !d.Sparing {
			v.Portrait = thumbnail(d.Portrait, sizesPortrait, atOnce, d.WebP)
		}
	}
}

// fill sets the listings of a first page large, and those of a person or of
// another page in a row.
func (v *listView) fill(t *teller, d *List) {
	rest := d.Listings
	if d.Page <= 1 && len(rest) > 0 && !d.By {
		big := t.tell(rest[0], sizesBig, atOnce)
		big.Length, big.When = "", t.dayLine(rest[0].Article.Published)
		if !t.together {
			big.Section = ""
		}
		v.Big = &big
		three := min(len(rest)-1, 3)
		v.Three = t.dated(rest[1:1+three], sizesThumb)
		rest = rest[1+three:]
	}
	v.Earlier = t.dated(rest, sizesThumb)
	v.Elsewhere = t.all(d.Elsewhere, "")
	if len(d.Untranslated) > 0 {
		v.Untranslated = t.dated(d.Untranslated, "")
		v.Notice = fmt.Sprintf(v.NotTranslatedHelp, locale.LanguageName(d.Paper.Lang))
	}
}

// A pager leads from one page of a list to those before and after.
type pager struct {
	Position     string // "Page 2 of 38"; empty if there is one page only
	Newer, Older string // addresses; empty at the ends
}

// turn returns the pager of a page of how many, of the list at a path.
func (f *frame) turn(path string, page, pages int) (p pager) {
	if pages > 1 {
		p.Position = fmt.Sprintf(f.Page, locale.Number(f.Lang, page), locale.Number(f.Lang, pages))
	}
	if page > 1 {
		p.Newer = pagePath(path, page-1)
	}
	if page < pages {
		p.Older = pagePath(path, page+1)
	}
	return p
}

func pagePath(base string, page int) string {
	if page <= 1 {
		return base
	}
	return fmt.Sprintf("%s?page=%d", base, page)
}

// listFeed returns the link to the feed of a list.
func (f *frame) listFeed(d List) []feedLink {
	feeds := f.feeds(d.Path)[:1]
	feeds[0].Title = d.Title
	return feeds
}
