package page

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"example.org/broadside"
	"example.org/broadside/internal/document"
)

// tryTime is how long all pages of a theme may take to be tried.
const tryTime = 3 * time.Second

// try makes every page once, of a made-up paper, so that a theme that names
// what there is not, or never comes to an end, is found before readers do.
func (p *Pages) try(g *guard) error {
	if err := p.bound(); err != nil {
		return err
	}
	p.instrument()
	end := time.Now().Add(tryTime)
	g.end.Store(&end)
	defer g.end.Store(nil)
	for _, page := range tryPages() {
		sheet, err := page.make(p)
		if err != nil {
			return err
		}
		if time.Now().After(end) {
			return fmt.Errorf("%s: the theme needs longer than %v for its pages", page.name, tryTime)
		}
		for _, part := range []string{`id="main"`, "</html>"} {
			if page.name != "lite.html" && !strings.Contains(string(sheet.Body), part) {
				return fmt.Errorf("%s: the page has no %s", page.name, part)
			}
		}
	}
	return nil
}

// A trial is a page of the made-up paper, by the name of its template.
type trial struct {
	name string
	make func(*Pages) (*Sheet, error)
}

func tryPages() []trial {
	b, l := tryBase(), tryListing()
	many := []broadside.Listing{l, l, l, l, l, l, l, l, l, l, l, l}
	article := Article{
		Base: b, Article: l.Article, Document: tryDocument(), More: many[:3], Tags: []broadside.Tag{{Slug: "tag", Name: "Tag"}},
		Notes:        []broadside.Publication{{Kind: broadside.Correction, At: b.Now, Note: "Note"}},
		Translations: []Translation{{"ru", "/section/slug-ru"}},
	}
	issue := broadside.Edition{Number: 1, Date: "2026-03-14", Title: "Title", Items: []broadside.EditionItem{{Article: l.Article.ID, Weight: broadside.Lead}}}
	list := List{Base: b, Title: "Section", Section: "section", Path: "/section/", Listings: many, Page: 2, Pages: 3, Elsewhere: many[:2], Untranslated: many[:2]}
	return []trial{
		{"front.html", func(p *Pages) (*Sheet, error) { return p.Front(Front{b, many}) }},
		{"list.html", func(p *Pages) (*Sheet, error) { return p.List(list) }},
		{"article.html", func(p *Pages) (*Sheet, error) { return p.Article(article) }},
		{"republish.html", func(p *Pages) (*Sheet, error) { return p.Republish(article) }},
		{"edition.html", func(p *Pages) (*Sheet, error) { return p.Edition(Edition{b, issue, many}) }},
		{"editions.html", func(p *Pages) (*Sheet, error) {
			return p.Editions(Editions{b, []broadside.Edition{issue}, 2, 3})
		}},
		{"archive.html", func(p *Pages) (*Sheet, error) { return p.Archive(Archive{b, 0, []Month{{2026, time.March, 1}}}) }},
		{"month.html", func(p *Pages) (*Sheet, error) {
			return p.MonthArchive(MonthArchive{b, Month{2026, time.March, 12}, many})
		}},
		{"corrections.html", func(p *Pages) (*Sheet, error) {
			return p.Corrections(Corrections{b, article.Notes, map[string]broadside.Listing{"": l}})
		}},
		{"notice.html", func(p *Pages) (*Sheet, error) {
			return p.Notice(Notice{Base: b, Status: http.StatusGone, Reason: "Reason", Newest: many[:2]})
		}},
		{"lite.html", func(p *Pages) (*Sheet, error) { return p.LiteArticle(article) }},
		{"lite.html", func(p *Pages) (*Sheet, error) { return p.LiteFront(Front{b, many}) }},
	}
}

func tryBase() Base {
	return Base{
		Paper:    broadside.Paper{Name: "Paper", Tagline: "Tagline", Lang: "en-GB", TimeZone: "UTC", URL: "https://paper.example", Licence: "CC BY 4.0"},
		Sections: []broadside.Section{{Slug: "section", Name: "Section", Description: "Description"}},
		Edition:  &broadside.Edition{Number: 1, Date: "2026-03-14"}, Languages: []string{"ru"},
		Now: time.Date(2026, time.March, 14, 12, 0, 0, 0, time.UTC), Linked: true,
	}
}

func tryListing() broadside.Listing {
	return broadside.Listing{
		Article: broadside.Article{ID: "id", Section: "section", Slug: "slug", Published: time.Date(2026, time.March, 14, 6, 0, 0, 0, time.UTC)},
		Summary: broadside.Summary{Kind: "analysis", Lang: "en-GB", Dir: "ltr", Headline: "Headline", Standfirst: "Standfirst", Byline: "Name", Words: 2000},
		Picture: &broadside.Picture{ID: "picture", Width: 1500, Height: 1000, FocalX: 500, FocalY: 500},
	}
}

func tryDocument() *document.Document {
	return &document.Document{
		Kind: "analysis", Lang: "en-GB", Dir: "ltr", Headline: "Headline", Standfirst: "Standfirst", Bylines: []document.Byline{{Name: "Name"}},
		Dateline: document.Dateline{Place: "Place", Date: "2026-03-13"},
		Body:     &document.Node{Type: document.Doc, Content: []*document.Node{{Type: document.Paragraph, Content: []*document.Node{{Type: document.Text, Text: "Text"}}}}},
	}
}
