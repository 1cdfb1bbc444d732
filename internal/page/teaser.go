package page

import (
	"html/template"
	"time"

	"example.org/broadside"
	"example.org/broadside/internal/locale"
)

// A teaser is an article as a list shows it. All but Path and Headline may be empty.
type teaser struct {
	Path       string
	Headline   string
	Standfirst string
	Attr       template.HTMLAttr // language and direction where they are not the page's
	Class      string            // " op" for opinion, " p" with a picture
	Section    string            // name of its section, where the list has several
	Label      template.HTML     // "Analysis" and the like
	Byline     string
	Length     template.HTML // "6 minutes"
	When       template.HTML
	Picture    template.HTML
}

// A teller makes teasers for one page.
type teller struct {
	voice
	lang     string // the page's
	webp     bool
	sparing  bool // no pictures
	together bool // lists hold articles of several sections
	now      time.Time
	sections map[string]string // names by slug
}

func newTeller(f *frame, b *Base) *teller {
	t := &teller{voice: f.Main, lang: f.PageLang, webp: b.WebP, sparing: b.Sparing, now: b.Now, sections: map[string]string{}}
	for _, s := range b.Sections {
		t.sections[s.Slug] = s.Name
	}
	return t
}

// tell returns the teaser of l with its picture in that size, or without one if
// sizes is empty. The picture's further attributes are in extra.
func (t *teller) tell(l broadside.Listing, sizes, extra string) teaser {
	s := &l.Summary
	out := teaser{
		Path: l.Article.Path(), Headline: s.Headline, Standfirst: s.Standfirst, Byline: s.Byline,
		Section: t.sections[l.Article.Section],
	}
	v := t.voice
	if s.Lang != "" && !locale.SameLanguage(s.Lang, t.lang) {
		out.Attr = langDirAttr(s.Lang)
		v.around = s.Lang
	}
	if label := v.Kinds.Label(s.Kind); label != out.Section {
		out.Label = v.Say(label)
	}
	if n := s.Minutes(); n > 0 {
		out.Length = v.Say(v.Count(v.Minutes, n))
	}
	if s.Kind == "opinion" {
		out.Class = " op"
	}
	if l.Picture != nil && sizes != "" && !t.sparing && l.Picture.Width >= broadside.Widths[0] {
		out.Picture = thumbnail(l.Picture, sizes, extra, t.webp)
		out.Class += " p"
	}
	return out
}

// all tells of several articles alike.
func (t *teller) all(ls []broadside.Listing, sizes string) []teaser {
	var out []teaser
	for _, l := range ls {
		out = append(out, t.tell(l, sizes, lazily))
	}
	return out
}

// dated tells of several articles with the day of each instead of its length,
// and without the section, unless they are of several.
func (t *teller) dated(ls []broadside.Listing, sizes string) []teaser {
	out := t.all(ls, sizes)
	for i, l := range ls {
		if !t.together {
			out[i].Section = ""
		}
		out[i].Length = ""
		out[i].When = t.dayLine(l.Article.Published)
	}
	return out
}

// dayLine writes a date, without the year if it is less than half a year ago.
func (t *teller) dayLine(at time.Time) template.HTML {
	if at.IsZero() {
		return ""
	}
	if t.now.Sub(at) < 183*24*time.Hour && at.Year() == t.now.Year() {
		return t.time(at, locale.ShortDate)
	}
	return t.time(at, locale.Date)
}

// hour writes the hour if the article is of today, and the day if it is not.
func (t *teller) hour(at time.Time) template.HTML {
	if t.today(at) {
		return t.time(at, locale.Clock)
	}
	return t.time(at, locale.ShortDate)
}

// today reports whether at is of this day, by the paper's clock.
func (t *teller) today(at time.Time) bool { return dayOf(at, t.zone) == dayOf(t.now, t.zone) }

// dayOf returns the day of t in a zone, to compare with another.
func dayOf(t time.Time, zone *time.Location) string { return t.In(zone).Format(time.DateOnly) }
