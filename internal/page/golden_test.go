package page

import (
	"bytes"
	"flag"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"example.org/broadside/internal/document"
)

var update = flag.Bool("update", false, "rewrite the wanted output in testdata")

// renders is what each golden case renders, given the body in its file.
var renders = map[string]func(p *Pages, w io.Writer, body *document.Node) error{
	"front": func(p *Pages, w io.Writer, _ *document.Node) error {
		return p.Front(w, Front{sampleBase(), sampleListings()})
	},
	"front-russian": func(p *Pages, w io.Writer, _ *document.Node) error {
		d := Front{sampleBase(), sampleListings()[:3]}
		d.Paper.Lang, d.Paper.Name, d.Paper.Licence, d.Paper.URL = "ru", "Портовая летопись", "", ""
		return p.Front(w, d)
	},
	"front-empty": func(p *Pages, w io.Writer, _ *document.Node) error {
		return p.Front(w, Front{Base: sampleBase()})
	},
	"section": func(p *Pages, w io.Writer, _ *document.Node) error {
		ls := sampleListings()
		return p.Section(w, Section{Base: sampleBase(), Section: sampleBase().Sections[0], Listings: ls[:6], Page: 1, Pages: 2, Elsewhere: ls[10:12]})
	},
	"section-second-page": func(p *Pages, w io.Writer, _ *document.Node) error {
		return p.Section(w, Section{Base: sampleBase(), Section: sampleBase().Sections[0], Listings: sampleListings()[6:9], Page: 2, Pages: 3})
	},
	"article": func(p *Pages, w io.Writer, body *document.Node) error {
		d := sampleArticle(body)
		d.WebP = true
		return p.Article(w, d)
	},
	"article-text": func(p *Pages, w io.Writer, body *document.Node) error {
		return p.ArticleText(w, sampleArticle(body))
	},
	"article-bare": func(p *Pages, w io.Writer, body *document.Node) error {
		return p.Article(w, bareArticle(body))
	},
	"article-bare-text": func(p *Pages, w io.Writer, body *document.Node) error {
		return p.ArticleText(w, bareArticle(body))
	},
	"article-arabic": func(p *Pages, w io.Writer, body *document.Node) error {
		d := sampleArticle(body)
		doc := d.Document
		doc.Lang, doc.Dir, doc.Kind, doc.Headline, doc.Standfirst = "ar", "rtl", "news", "بيع الميناء عند منتصف الليل", "وتعلّمت مدينة ما الذي تملكه"
		doc.Bylines, doc.Pictures[0].Caption = []document.Byline{{Name: "نورا كويلان"}}, "رصيف السمك"
		d.Article.Slug = "harbour-ar"
		d.Translations = []Translation{{"en-GB", "/harbour/the-harbour-was-sold"}}
		return p.Article(w, d)
	},
	"notice-404": func(p *Pages, w io.Writer, _ *document.Node) error {
		return p.Notice(w, Notice{Base: sampleBase(), Status: http.StatusNotFound, Newest: sampleListings()[:3]})
	},
	"notice-withdrawn": func(p *Pages, w io.Writer, _ *document.Node) error {
		return p.Notice(w, Notice{Base: sampleBase(), Status: http.StatusGone, Reason: "We could not confirm what one witness told us."})
	},
	"notice-away": func(p *Pages, w io.Writer, _ *document.Node) error {
		return p.Notice(w, Notice{Status: http.StatusServiceUnavailable})
	},
}

// bareArticle has nothing but a headline and a body, and is four years old.
func bareArticle(body *document.Node) Article {
	d := Article{Base: sampleBase(), Document: &document.Document{Kind: "news", Lang: "en", Dir: "ltr", Headline: "Night bus saved", Body: body}}
	d.Article.Section, d.Article.Slug = "given-up", "night-bus-saved"
	d.Article.Published = now.AddDate(-4, -1, 0).Add(time.Hour)
	return d
}

func newPages(t testing.TB) *Pages {
	t.Helper()
	p, err := New()
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
			var got bytes.Buffer
			if err := render(p, &got, bodyOf(t, body.Data)); err != nil {
				t.Fatal(err)
			}
			if bytes.Equal(got.Bytes(), want.Data) {
				return
			}
			if !*update {
				t.Fatalf("%s: got:\n%s\n(run with -update to accept it)", file, &got)
			}
			want.Data = got.Bytes()
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
