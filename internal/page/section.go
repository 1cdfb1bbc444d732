package page

import (
	"fmt"
	"io"

	"example.org/broadside"
	"example.org/broadside/internal/locale"
)

// Section is the data of a page of a section.
type Section struct {
	Base
	Section   broadside.Section
	Listings  []broadside.Listing // of this page, newest first
	Page      int                 // from 1
	Pages     int                 // at least 1
	Elsewhere []broadside.Listing // the newest of other sections; may be empty
}

// sectionView is the data of templates/section.html.
type sectionView struct {
	frame
	Section      broadside.Section
	Big          *teaser
	Three        []teaser
	Earlier      []teaser
	Elsewhere    []teaser
	Position     string // "Page 2 of 38"; empty if there is one page only
	Newer, Older string // addresses
	First        bool
}

// Section writes a page of a section: on the first its newest stories stand
// large, on later ones all are in a list.
func (p *Pages) Section(w io.Writer, d Section) error {
	base := "/" + d.Section.Slug + "/"
	path := pagePath(base, d.Page)
	m := meta{Title: d.Section.Name, Description: d.Section.Description, Path: path}
	v := sectionView{frame: p.frame(&d.Base, "", d.Section.Slug, m), Section: d.Section, First: d.Page <= 1}
	v.Skip = v.SkipToNews
	v.Meta.Feeds = append(v.Meta.Feeds, v.sectionFeed(d.Section)...)

	t := newTeller(&v.frame, &d.Base)
	rest := d.Listings
	if v.First && len(rest) > 0 {
		big := t.tell(rest[0], sizesBig, atOnce)
		big.Section, big.Length, big.When = "", "", t.dayLine(rest[0].Article.Published)
		v.Big = &big
		three := min(len(rest)-1, 3)
		v.Three = t.dated(rest[1:1+three], sizesThumb)
		rest = rest[1+three:]
	}
	v.Earlier = t.dated(rest, sizesThumb)
	v.Elsewhere = t.all(d.Elsewhere, "")
	if d.Pages > 1 {
		v.Position = fmt.Sprintf(v.voice.Page, locale.Number(v.Lang, d.Page), locale.Number(v.Lang, d.Pages))
	}
	if !v.First {
		v.Meta.Title += ", " + v.Position
		v.Newer = pagePath(base, d.Page-1)
	}
	if d.Page < d.Pages {
		v.Older = pagePath(base, d.Page+1)
	}
	return p.write(w, "section.html", &v)
}

func pagePath(base string, page int) string {
	if page <= 1 {
		return base
	}
	return fmt.Sprintf("%s?page=%d", base, page)
}

// sectionFeed returns the link to the feed of a section.
func (f *frame) sectionFeed(s broadside.Section) []feedLink {
	feeds := f.feeds("/" + s.Slug + "/")[:1]
	feeds[0].Title = s.Name
	return feeds
}
