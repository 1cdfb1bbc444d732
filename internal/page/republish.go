package page

import (
	"fmt"
	"html"
	"html/template"
	"strings"

	"example.org/broadside/internal/document"
	"example.org/broadside/internal/locale"
)

// republishView is the data of templates/republish.html.
type republishView struct {
	frame
	Article navItem
	Intro   []string // before and after the name of the licence
	Terms   navItem  // the licence
	Credit  string
	HTML    template.HTML     // for somebody else's page, as text to copy
	Text    template.HTML     // the same without markup
	Attr    template.HTMLAttr // language and direction of the article
	LeftOut bool              // a picture was, for want of a licence
}

// Republish writes the page for those who reprint an article: its words as
// clean HTML and as plain text, with the line of credit that the licence asks
// for. It is NotFound to the caller where the paper's licence allows no reuse:
// see [Reusable].
func (p *Pages) Republish(d Article) (*Sheet, error) {
	doc := d.Document
	v := republishView{frame: p.frame(&d.Base, doc.Lang, d.Article.Section, meta{Path: d.Article.Path() + "/republish", Hidden: true})}
	// Whoever reprints reads the paper's language; the article keeps its own.
	v.PageLang, v.Dir, v.PaperAttr = v.around, locale.Dir(v.around), ""
	v.Main = v.voice
	v.Meta.Title = v.voice.Republish
	v.Attr = langDirAttr(doc.Lang)
	v.Article = navItem{Name: doc.Headline, Path: d.Article.Path(), Attr: v.Attr}
	v.Terms = navItem{Name: d.Paper.Licence, Path: v.LicenceAt}
	v.Intro = strings.SplitN(v.RepublishIntro, "%s", 2)
	v.Credit = strings.TrimSpace(fmt.Sprintf(v.FirstPublished, d.Paper.Name) + ", " + v.date(d.Article.Published) + ": " + d.Paper.Absolute(d.Article.Path()) + " (" + d.Paper.Licence + ")")
	v.HTML = verbatim(v.cleanHTML(&d))
	v.Text = verbatim(v.plainText(&d))
	return p.sheet("republish.html", &d.Base, &v)
}

// verbatim escapes a text to be copied. Its empty lines are written so that they
// are not taken for a template's.
func verbatim(text string) template.HTML {
	return template.HTML(strings.ReplaceAll(html.EscapeString(text), "\n", "&#10;"))
}

// Reusable reports whether a licence allows others to reprint under conditions
// that it states: those that have a deed do.
func Reusable(licence string) bool { return document.LicenceURL(licence) != "" }

// cleanHTML is the article without classes, styles and scripts, all its
// addresses absolute.
func (v *republishView) cleanHTML(d *Article) string {
	doc := d.Document
	var b strings.Builder
	attr := ` lang="` + html.EscapeString(doc.Lang) + `"`
	if doc.Dir == "rtl" {
		attr += ` dir="rtl"`
	}
	b.WriteString("<article" + attr + ">\n<h1>" + html.EscapeString(doc.Headline) + "</h1>\n")
	if doc.Standfirst != "" {
		b.WriteString("<p><em>" + html.EscapeString(doc.Standfirst) + "</em></p>\n")
	}
	if names := doc.Writers(); len(names) > 0 {
		b.WriteString("<p>" + html.EscapeString(locale.Names(doc.Lang, names)) + "</p>\n")
	}
	if u, ok := doc.Use(doc.Lead); ok {
		if img, ok := v.reusable(d, u); ok {
			b.WriteString("<figure>" + document.ImageHTML(u, img, "") + "<figcaption>" +
				strings.TrimSpace(html.EscapeString(u.Caption+" "+document.CreditText(u, v.words()))) + "</figcaption></figure>\n")
		}
	}
	b.WriteString(doc.HTML(document.HTMLOptions{
		Image: func(u document.Use, _ string) (document.Image, bool) { return v.reusable(d, u) },
		File: func(identity string) (string, string, bool) {
			f, ok := d.Files[identity]
			return d.Paper.Absolute(f.URL), f.Type, ok
		},
		Link:  d.Paper.Absolute,
		Words: newVoice(doc.Lang, d.Paper.Lang, v.zone).words(),
		Bare:  true,
	}))
	b.WriteString("<p>" + html.EscapeString(v.Credit) + "</p>\n</article>\n")
	return b.String()
}

// reusable returns how to show a picture to others' readers: only one whose own
// licence allows that.
func (v *republishView) reusable(d *Article, u document.Use) (document.Image, bool) {
	pic, ok := d.Pictures[u.Picture]
	if !ok {
		return document.Image{}, false
	}
	if !Reusable(u.Licence) {
		v.LeftOut = true
		return document.Image{}, false
	}
	width, height := pic.Fit(shown)
	return document.Image{Src: d.Paper.Absolute(pic.Path(width, "jpg")), Width: width, Height: height}, true
}

func (v *republishView) plainText(d *Article) string {
	doc := d.Document
	parts := []string{doc.Headline}
	for _, s := range []string{doc.Standfirst, locale.Names(doc.Lang, doc.Writers()), doc.Twin(newVoice(doc.Lang, d.Paper.Lang, v.zone).words()), v.Credit} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, "\n\n") + "\n"
}
