package page

import (
	"fmt"
	"html/template"
	"time"

	"example.org/broadside"
	"example.org/broadside/internal/locale"
)

// Archive is the data of the archive's page, or of that of one year.
type Archive struct {
	Base
	Year   int     // 0 for all
	Months []Month // those with articles, newest first
}

// A Month is a month in which articles were published.
type Month struct {
	Year  int
	Month time.Month
	Count int
}

// Path returns the address of the page that lists the month.
func (m Month) Path() string { return fmt.Sprintf("/archive/%d/%02d/", m.Year, m.Month) }

// archiveView is the data of templates/archive.html.
type archiveView struct {
	frame
	Heading string
	Years   []yearView
}

type yearView struct {
	Name, Path, ID string
	Months         []monthView
}

type monthView struct{ Name, Path, Count string }

// Archive writes the list of months.
func (p *Pages) Archive(d Archive) (*Sheet, error) {
	path := "/archive/"
	if d.Year != 0 {
		path = fmt.Sprintf("/archive/%d/", d.Year)
	}
	v := archiveView{frame: p.frame(&d.Base, "", "", meta{Path: path})}
	v.Heading = v.voice.Archive
	if d.Year != 0 {
		v.Heading = fmt.Sprintf(v.ArchiveOf, fmt.Sprint(d.Year))
	}
	v.Meta.Title = v.Heading
	for _, m := range d.Months {
		name := fmt.Sprint(m.Year)
		if len(v.Years) == 0 || v.Years[len(v.Years)-1].Name != name {
			v.Years = append(v.Years, yearView{Name: name, Path: "/archive/" + name + "/", ID: "y" + name})
		}
		year := &v.Years[len(v.Years)-1]
		year.Months = append(year.Months, monthView{locale.MonthName(v.Lang, m.Month), m.Path(), v.Count(v.StoriesCount, m.Count)})
	}
	return p.sheet("archive.html", &d.Base, &v)
}

// MonthArchive is the data of the page that lists what was published in a month.
type MonthArchive struct {
	Base
	Month    Month
	Listings []broadside.Listing // newest first
}

// monthArchiveView is the data of templates/month.html.
type monthArchiveView struct {
	frame
	Heading string
	Count   string
	Days    []dayView
}

type dayView struct {
	ID      string
	Date    template.HTML
	Stories []teaser
}

// MonthArchive writes the list of a month, day by day.
func (p *Pages) MonthArchive(d MonthArchive) (*Sheet, error) {
	zone := d.Paper.Location()
	v := monthArchiveView{frame: p.frame(&d.Base, "", "", meta{Path: d.Month.Path()})}
	first := time.Date(d.Month.Year, d.Month.Month, 1, 0, 0, 0, 0, zone)
	v.Heading = fmt.Sprintf(v.ArchiveOf, locale.MonthYear(v.Lang, first))
	v.Meta.Title = v.Heading
	v.Count = v.voice.Count(v.StoriesCount, len(d.Listings))
	t := newTeller(&v.frame, &d.Base)
	t.together = true
	for _, l := range d.Listings {
		id := "d" + l.Article.Published.In(zone).Format("02")
		if len(v.Days) == 0 || v.Days[len(v.Days)-1].ID != id {
			v.Days = append(v.Days, dayView{ID: id, Date: v.time(l.Article.Published, locale.LongDate)})
		}
		day := &v.Days[len(v.Days)-1]
		day.Stories = append(day.Stories, t.tell(l, "", ""))
	}
	return p.sheet("month.html", &d.Base, &v)
}
