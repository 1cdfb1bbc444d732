package page

import (
	"bytes"
	"cmp"
	"fmt"
	"html/template"

	"example.org/broadside"
	"example.org/broadside/internal/document"
	"example.org/broadside/internal/locale"
)

// Text-only twins have no pictures and no faces, and a style of three lines. On
// the slowest networks they are there at once.

// liteView is the data of templates/lite.html.
type liteView struct {
	frame
	Heading    string
	Standfirst string
	Byline     template.HTML // of an article
	Lead       string        // the lead picture of an article, in words
	Body       template.HTML // of an article
	Notes      []noteView
	List       []teaser // of a page that lists
	Full       string   // address of the page with pictures
}

// LiteFront writes the text-only twin of the front page.
func (p *Pages) LiteFront(d Front) (*Sheet, error) {
	v := liteView{frame: p.liteFrame(&d.Base, "", "/"), Full: "/"}
	v.Heading = cmp.Or(d.Paper.Name, v.FrontPage)
	t := newTeller(&v.frame, &d.Base)
	v.List = t.dated(d.Listings, "")
	return p.liteSheet(&v, &d.Base)
}

// LiteList writes the text-only twin of a section's page.
func (p *Pages) LiteList(d List) (*Sheet, error) {
	v := liteView{frame: p.liteFrame(&d.Base, "", d.Path), Full: d.Path, Heading: d.Title, Standfirst: d.Description}
	v.Meta.Title = d.Title
	t := newTeller(&v.frame, &d.Base)
	v.List = t.dated(d.Listings, "")
	return p.liteSheet(&v, &d.Base)
}

// LiteArticle writes the text-only twin of an article.
func (p *Pages) LiteArticle(d Article) (*Sheet, error) {
	doc, path := d.Document, d.Article.Path()
	v := liteView{frame: p.liteFrame(&d.Base, doc.Lang, path), Full: path, Heading: doc.Headline, Standfirst: doc.Standfirst}
	v.Dir = cmp.Or(doc.Dir, v.Dir)
	v.Meta.Title = doc.Headline
	v.Byline = v.liteByline(&d)
	v.Lead = v.Main.textLead(doc)
	v.Body = template.HTML(doc.HTML(document.HTMLOptions{Image: noPicture, File: d.file, Words: v.Main.words(), Link: d.liteLink, Bare: true, Describe: true}))
	for _, n := range d.told() {
		v.Notes = append(v.Notes, v.Main.note(n, len(v.Notes)))
	}
	v.List = newTeller(&v.frame, &d.Base).all(d.More, "")
	return p.liteSheet(&v, &d.Base)
}

// noPicture leaves the caption of a picture and its description.
func noPicture(document.Use, string) (document.Image, bool) { return document.Image{}, false }

// liteLink keeps readers of text-only pages among them.
func (d *Article) liteLink(href string) string {
	if section, _, ok := broadside.SplitPath(href); ok && section != broadside.PageSection {
		return LitePath(href)
	}
	return href
}

func (v *liteView) liteByline(d *Article) template.HTML {
	doc := d.Document
	line := template.HTMLEscapeString(locale.Names(v.PageLang, doc.Writers()))
	for _, credit := range v.Main.credits(doc) {
		line = joinLine(line, string(v.Main.Say(credit)))
	}
	if doc.Dateline.Place != "" {
		line = joinLine(line, string(v.Main.Say(fmt.Sprintf(v.Main.From, doc.Dateline.Place))))
	}
	if !d.Article.Published.IsZero() && !d.Article.IsPage() {
		line = joinLine(line, string(v.Main.time(d.Article.Published, locale.Date)))
	}
	return template.HTML(line)
}

func joinLine(line, part string) string {
	if line == "" {
		return part
	}
	return line + ", " + part
}

// liteFrame is the frame of the twin of the page at a path. Machines are told
// that that is the page.
func (p *Pages) liteFrame(b *Base, lang, path string) frame {
	f := p.frame(b, lang, "", meta{Path: path})
	for i := range f.Nav {
		if item := &f.Nav[i]; item.Path != "" {
			item.Current = ""
			if item.Path == path {
				item.Current = "page"
			}
			if item.Attr == "" { // the languages have no twins
				item.Path = LitePath(item.Path)
			}
		}
	}
	return f
}

// liteSheet executes the template and puts the small style in.
func (p *Pages) liteSheet(v *liteView, b *Base) (*Sheet, error) {
	for i := range v.List {
		v.List[i].Path = LitePath(v.List[i].Path)
	}
	body, err := p.execute("lite.html", v)
	if err != nil {
		return nil, err
	}
	style := []byte("<style>" + p.assets.lite + "</style>")
	return &Sheet{Body: bytes.Replace(body, stylePlace, style, 1), Same: p.same(body, b), Styles: []string{styleSource(p.assets.lite)}}, nil
}
