package page

import (
	"fmt"
	"html/template"
	"time"

	"example.org/broadside"
	"example.org/broadside/internal/locale"
)

// Edition is the data of an edition's page.
type Edition struct {
	Base
	Issue    broadside.Edition
	Listings []broadside.Listing // those of its articles that are public, in their order
}

// editionView is the data of templates/edition.html.
type editionView struct {
	frame
	Heading, Title string
	Date           template.HTML
	Lead           *teaser
	Major          []teaser
	Minor          []teaser
	Brief          []teaser
}

// Edition writes the page of an edition: its articles in their order, each with
// the room that its weight gives it.
func (p *Pages) Edition(d Edition) (*Sheet, error) {
	v := editionView{frame: p.frame(&d.Base, "", "", meta{Path: d.Issue.Path()}), Title: d.Issue.Title}
	v.Heading = fmt.Sprintf(v.voice.Edition, locale.Number(v.Lang, d.Issue.Number))
	v.Meta.Title = v.Heading
	v.Date = v.longDay(d.Issue.Date)
	v.Skip = v.SkipToNews
	t := newTeller(&v.frame, &d.Base)
	weights := map[string]broadside.Weight{}
	for _, item := range d.Issue.Items {
		weights[item.Article] = item.Weight
	}
	for _, l := range d.Listings {
		switch weight := weights[l.Article.ID]; {
		case weight == broadside.Lead && v.Lead == nil:
			lead := t.tell(l, sizesBig, atOnce)
			v.Lead = &lead
		case weight == broadside.Lead, weight == broadside.Major:
			v.Major = append(v.Major, t.tell(l, sizesThumb, lazily))
		case weight == broadside.Brief:
			v.Brief = append(v.Brief, t.tell(l, "", ""))
		default:
			v.Minor = append(v.Minor, t.tell(l, "", ""))
		}
	}
	return p.sheet("edition.html", &d.Base, &v)
}

// longDay writes a day with its weekday.
func (v voice) longDay(date string) template.HTML {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return ""
	}
	return v.element(date, locale.LongDate(v.dateLang(), t))
}

// Editions is the data of a page of the list of editions.
type Editions struct {
	Base
	Issues []broadside.Edition // newest first, without their articles
	Page   int                 // from 1
	Pages  int                 // at least 1
}

// editionsView is the data of templates/editions.html.
type editionsView struct {
	frame
	Issues []issueView
	pager
}

// An issueView is an edition in the list.
type issueView struct {
	Name, Path, Title string
	Date              template.HTML
}

// Editions writes a page of the list of editions.
func (p *Pages) Editions(d Editions) (*Sheet, error) {
	const path = "/edition/"
	v := editionsView{frame: p.frame(&d.Base, "", "", meta{Path: pagePath(path, d.Page)})}
	v.Meta.Title = v.voice.Editions
	for _, e := range d.Issues {
		name := fmt.Sprintf(v.voice.Edition, locale.Number(v.Lang, e.Number))
		v.Issues = append(v.Issues, issueView{name, e.Path(), e.Title, v.longDay(e.Date)})
	}
	v.pager = v.turn(path, d.Page, d.Pages)
	return p.sheet("editions.html", &d.Base, &v)
}
