package page

import (
	"bytes"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"example.org/broadside"
	"example.org/broadside/internal/document"
)

var update = flag.Bool("update", false, "rewrite the wanted output in testdata")

// renders is what each golden case renders, given the body in its file.
var renders = map[string]func(p *Pages, body *document.Node) (*Sheet, error){
	"front": func(p *Pages, _ *document.Node) (*Sheet, error) {
		return p.Front(Front{sampleBase(), sampleListings()})
	},
	"front-russian": func(p *Pages, _ *document.Node) (*Sheet, error) {
		d := Front{sampleBase(), sampleListings()[:3]}
		d.Paper.Lang, d.Paper.Name, d.Paper.Licence, d.Paper.URL = "ru", "Портовая летопись", "", ""
		return p.Front(d)
	},
	"front-empty": func(p *Pages, _ *document.Node) (*Sheet, error) {
		return p.Front(Front{Base: sampleBase()})
	},
	"section": func(p *Pages, _ *document.Node) (*Sheet, error) {
		ls := sampleListings()
		d := sampleList()
		d.Listings, d.Page, d.Pages, d.Elsewhere = ls[:6], 1, 2, ls[10:12]
		return p.List(d)
	},
	"section-second-page": func(p *Pages, _ *document.Node) (*Sheet, error) {
		d := sampleList()
		d.Listings, d.Page, d.Pages = sampleListings()[6:9], 2, 3
		return p.List(d)
	},
	"tag": func(p *Pages, _ *document.Node) (*Sheet, error) {
		return p.List(List{Base: sampleBase(), Title: "Ice", Topic: true, Path: "/tag/ice/", Listings: sampleListings()[:2], Page: 1, Pages: 1})
	},
	"person": func(p *Pages, _ *document.Node) (*Sheet, error) {
		return p.List(List{
			Base: sampleBase(), Title: "Nora Quillan", By: true, Description: "Nora has reported on the harbour since 2009.", Portrait: samplePicture("small"),
			Path: "/by/nora-quillan/", Listings: sampleListings()[:2], Page: 1, Pages: 1,
		})
	},
	"language": func(p *Pages, _ *document.Node) (*Sheet, error) {
		ls := sampleListings()
		b := sampleBase()
		b.Lang, b.Languages = "ar", []string{"ar", "ru"}
		return p.List(List{Base: b, Title: "العربية", Path: "/lang/ar/", Listings: ls[8:9], Untranslated: ls[:2], Page: 1, Pages: 1})
	},
	"edition": func(p *Pages, _ *document.Node) (*Sheet, error) {
		ls := sampleListings()
		issue := broadside.Edition{Number: 4182, Date: "2026-03-14", Title: "The sale"}
		for i, weight := range []broadside.Weight{broadside.Lead, broadside.Major, broadside.Minor, broadside.Brief} {
			ls[i].Article.ID = ls[i].Article.Slug
			issue.Items = append(issue.Items, broadside.EditionItem{Article: ls[i].Article.ID, Weight: weight})
		}
		return p.Edition(Edition{sampleBase(), issue, ls[:4]})
	},
	"editions": func(p *Pages, _ *document.Node) (*Sheet, error) {
		return p.Editions(Editions{sampleBase(), []broadside.Edition{{Number: 4182, Date: "2026-03-14", Title: "The sale"}, {Number: 4181, Date: "2026-03-13"}}, 1, 2})
	},
	"archive": func(p *Pages, _ *document.Node) (*Sheet, error) {
		return p.Archive(Archive{sampleBase(), 0, []Month{{2026, time.March, 12}, {2026, time.January, 1}, {2025, time.December, 30}}})
	},
	"month": func(p *Pages, _ *document.Node) (*Sheet, error) {
		return p.MonthArchive(MonthArchive{sampleBase(), Month{2026, time.March, 3}, append(sampleListings()[:2], sampleListings()[9])})
	},
	"corrections": func(p *Pages, _ *document.Node) (*Sheet, error) {
		ls := sampleListings()
		return p.Corrections(Corrections{sampleBase(), []broadside.Publication{
			{Article: "a", Kind: broadside.Correction, At: now.Add(-2 * time.Hour), Note: "It was 2016, not 2018."},
			{Article: "b", Kind: broadside.Update, At: now.Add(-20 * time.Hour), Note: "The vote has been counted."},
		}, map[string]broadside.Listing{"a": ls[0], "b": ls[8]}})
	},
	"republish": func(p *Pages, body *document.Node) (*Sheet, error) {
		d := sampleArticle(body)
		d.Document.Pictures[1].Licence = ""
		return p.Republish(d)
	},
	"lite-front": func(p *Pages, _ *document.Node) (*Sheet, error) {
		return p.LiteFront(Front{sampleBase(), sampleListings()[:9]})
	},
	"lite-article": func(p *Pages, body *document.Node) (*Sheet, error) { return p.LiteArticle(sampleArticle(body)) },
	"article-sparing": func(p *Pages, body *document.Node) (*Sheet, error) {
		d := sampleArticle(body)
		d.Sparing = true
		return p.Article(d)
	},
	"own-page": func(p *Pages, body *document.Node) (*Sheet, error) {
		d := bareArticle(body)
		d.Article.Section, d.Article.Slug, d.Document.Kind, d.Document.Headline = broadside.PageSection, "about", "page", "About the Record"
		return p.Article(d)
	},
	"article": func(p *Pages, body *document.Node) (*Sheet, error) {
		d := sampleArticle(body)
		d.WebP = true
		return p.Article(d)
	},
	"article-text": func(p *Pages, body *document.Node) (*Sheet, error) {
		return &Sheet{Body: p.ArticleText(sampleArticle(body))}, nil
	},
	"article-bare": func(p *Pages, body *document.Node) (*Sheet, error) {
		return p.Article(bareArticle(body))
	},
	"article-bare-text": func(p *Pages, body *document.Node) (*Sheet, error) {
		return &Sheet{Body: p.ArticleText(bareArticle(body))}, nil
	},
	"article-arabic": func(p *Pages, body *document.Node) (*Sheet, error) {
		d := sampleArticle(body)
		doc := d.Document
		doc.Lang, doc.Dir, doc.Kind, doc.Headline, doc.Standfirst = "ar", "rtl", "news", "بيع الميناء عند منتصف الليل", "وتعلّمت مدينة ما الذي تملكه"
		doc.Bylines, doc.Pictures[0].Caption = []document.Byline{{Name: "نورا كويلان"}}, "رصيف السمك"
		d.Article.Slug = "harbour-ar"
		d.Translations = []Translation{{"en-GB", "/harbour/the-harbour-was-sold"}}
		return p.Article(d)
	},
	"notice-404": func(p *Pages, _ *document.Node) (*Sheet, error) {
		return p.Notice(Notice{Base: sampleBase(), Status: http.StatusNotFound, Newest: sampleListings()[:3]})
	},
	"notice-withdrawn": func(p *Pages, _ *document.Node) (*Sheet, error) {
		return p.Notice(Notice{Base: sampleBase(), Status: http.StatusGone, Reason: "We could not confirm what one witness told us."})
	},
	"notice-away": func(p *Pages, _ *document.Node) (*Sheet, error) {
		return p.Notice(Notice{Base: Base{Linked: true}, Status: http.StatusServiceUnavailable})
	},
}

// bareArticle has nothing but a headline and a body, and is four years old.
func bareArticle(body *document.Node) Article {
	d := Article{Base: sampleBase(), Document: &document.Document{Kind: "news", Lang: "en", Dir: "ltr", Headline: "Night bus saved", Body: body}}
	d.Article.Section, d.Article.Slug = "given-up", "night-bus-saved"
	d.Article.Published = now.AddDate(-4, -1, 0).Add(time.Hour)
	d.Words = d.Document.Words()
	return d
}

func newPages(t testing.TB) *Pages {
	t.Helper()
	p, err := New(nil)
	if err != nil {
		t.Fatal(err)
	}
	// The address of the assets changes with every rule of the style sheet.
	p.assets.prefix = "/static/0/"
	return p
}

// TestPages renders each testdata/*.txtar: a comment that says what the case is
// about, the body of the article if there is one, and the page wanted.
func TestPages(t *testing.T) {
	p := newPages(t)
	for name, render := range renders {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join("testdata", name+".txtar")
			ar, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			body, want := part(ar, "body.html"), part(ar, "want")
			sheet, err := render(p, bodyOf(t, body.Data))
			if err != nil {
				t.Fatal(err)
			}
			got := sheet.Body
			if bytes.Equal(got, want.Data) {
				return
			}
			if !*update {
				t.Fatalf("%s: got:\n%s\n(run with -update to accept it)", file, got)
			}
			want.Data = got
			ar.Files = []txtar.File{*want}
			if len(body.Data) > 0 {
				ar.Files = []txtar.File{*body, *want}
			}
			if err := os.WriteFile(file, txtar.Format(ar), 0o666); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// part returns the file of that name in an archive, or an empty one.
func part(ar *txtar.Archive, name string) *txtar.File {
	for i := range ar.Files {
		if ar.Files[i].Name == name {
			return &ar.Files[i]
		}
	}
	return &txtar.File{Name: name}
}
