package feed

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"

	"example.org/broadside"
	"example.org/broadside/internal/document"
)

var update = flag.Bool("update", false, "rewrite the wanted output in testdata")

func identity(name string) string {
	sum := sha256.Sum256([]byte(name))
	return hex.EncodeToString(sum[:])
}

const sampleBody = `<p>The ice <em>stopped</em> first &amp; the “market” &lt;after&gt; it<sup class="fn" id="fnref-1"><a href="#fn-1" role="doc-noteref">1</a></sup>.</p>
<p>See <a href="/town/ward-nine">ward nine</a>, <a href="#ice">the ice</a> or <a href="https://tides.example/?a=1&amp;b=2">the tides</a>.</p>
<ul><li>Tear it up.</li><li>Publish every letter.</li></ul>
<figure class="in wide"><img src="hall" alt="An empty hall"><figcaption>The hall</figcaption></figure>
<figure class="in media"><audio controls preload="none" src="tape"></audio><figcaption>The ice starts again</figcaption></figure>
<section class="notes" role="doc-endnotes"><h2>Notes</h2><ol><li id="fn-1">Minute book, page 4. <a href="#fnref-1" role="doc-backlink">↩</a></li></ol></section>`

var published = time.Date(2026, time.March, 14, 6, 0, 0, 0, time.UTC)

// sample is a feed of two articles: one with everything, one with nothing but
// a headline and a line of text, in Arabic.
func sample(t *testing.T) *Feed {
	t.Helper()
	body := func(src string) *document.Node {
		named := func(src string) (string, error) { return identity(src), nil }
		n, err := document.FromHTML([]byte(src), document.Options{
			Picture: func(src, _ string) (string, error) { return named(src) }, File: named,
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	use := document.Use{Credit: "Ivo Tarn", Licence: "CC BY-SA 4.0", FocalX: 500, FocalY: 500}
	lead, hall := use, use
	lead.Picture, lead.Alt, lead.Caption = identity("quay"), "Three boats", "The quay & its ice plant"
	hall.Picture, hall.Alt = identity("hall"), "An empty hall"
	return &Feed{
		Paper: broadside.Paper{
			Name: "The Harbour Record", Tagline: "Owned by its readers", Lang: "en-GB", TimeZone: "Europe/London",
			URL: "https://record.example", Licence: "CC BY-SA 4.0",
		},
		Path: "/",
		Entries: []Entry{
			{
				Article: broadside.Article{
					ID: "01912345-0000-7000-8000-000000000001", Section: "harbour", Slug: "the-harbour-was-sold",
					Published: published, Updated: published.Add(7 * time.Hour),
				},
				Section: "Harbour", Tags: []string{"Ports", "Trusts & deeds"},
				Document: &document.Document{
					Kind: "news", Lang: "en-GB", Dir: "ltr", Headline: "The harbour was sold <at> midnight & shut", Standfirst: "Nobody landed a fish",
					Bylines: []document.Byline{{Name: "Nora Quillan"}, {Name: "Ivo Tarn", Role: "pictures"}, {Name: "Tom Hale"}},
					Lead:    lead.Picture, Pictures: []document.Use{lead, hall}, Body: body(sampleBody),
				},
				Pictures: map[string]*broadside.Picture{
					lead.Picture: {ID: "quay", Width: 1500, Height: 1000}, hall.Picture: {ID: "hall", Width: 300, Height: 200},
				},
				Files: map[string]File{identity("tape"): {URL: "/files/tape.mp3", Type: "audio/mpeg", Size: 4182}},
				Notes: []broadside.Publication{
					{Kind: broadside.Correction, At: published.Add(7 * time.Hour), Note: "The wall was rebuilt in 2016 <not 2018>."},
					{Kind: broadside.First, At: published},
				},
			},
			{
				Article:  broadside.Article{ID: "01912345-0000-7000-8000-000000000002", Section: "harbour", Slug: "ice", Published: published.Add(-time.Hour)},
				Document: &document.Document{Kind: "news", Lang: "ar", Dir: "rtl", Headline: "توقّف الثلج", Body: body("<p>توقّف الثلج أولاً.</p>")},
			},
		},
	}
}

// formats are the ways to write a feed, by the name of their golden file.
var formats = map[string]func(*Feed, io.Writer) error{
	"atom.xml":  (*Feed).Atom,
	"rss.xml":   (*Feed).RSS,
	"feed.json": (*Feed).JSON,
}

func TestFeeds(t *testing.T) {
	for name, write := range formats {
		golden(t, name, func(w io.Writer) error { return write(sample(t), w) })
	}
}

// golden compares what write writes with a file in testdata.
func golden(t *testing.T, name string, write func(w io.Writer) error) {
	t.Helper()
	var got bytes.Buffer
	if err := write(&got); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Errorf("%s: got:\n%s\n(run with -update to accept it)", file, &got)
	}
}

// An independent parser finds in each format what was put into it.
func TestFeedsAreReadBack(t *testing.T) {
	for name, write := range formats {
		t.Run(name, func(t *testing.T) {
			f := sample(t)
			var b bytes.Buffer
			if err := write(f, &b); err != nil {
				t.Fatal(err)
			}
			got, err := gofeed.NewParser().Parse(&b)
			if err != nil {
				t.Fatal(err)
			}
			if got.Title != "The Harbour Record" || got.Link != "https://record.example/" || got.Language != "en-GB" {
				t.Errorf("the feed is %q at %q in %q", got.Title, got.Link, got.Language)
			}
			if len(got.Items) != len(f.Entries) {
				t.Fatalf("%d items, want %d", len(got.Items), len(f.Entries))
			}
			for i, item := range got.Items {
				e := &f.Entries[i]
				checkEqual(t, "title", item.Title, e.Document.Headline)
				checkEqual(t, "link", item.Link, "https://record.example"+e.Article.Path())
				checkEqual(t, "id", item.GUID, "urn:uuid:"+e.Article.ID)
				checkEqual(t, "summary", item.Description, e.Document.Standfirst)
				checkEqual(t, "full text", item.Content, f.content(e))
				checkEqual(t, "published", item.PublishedParsed.UTC(), e.Article.Published)
				var authors []string
				for _, a := range item.Authors {
					authors = append(authors, a.Name)
				}
				want := f.authors(e)
				if name == "rss.xml" {
					want = []string{strings.Join(want, " and ")}
				}
				checkEqual(t, "authors", authors, want)
				checkEqual(t, "categories", item.Categories, e.categories())
			}
			if name != "rss.xml" {
				checkEqual(t, "updated", got.Items[0].UpdatedParsed.UTC(), f.Entries[0].Article.Updated)
			}
			if got.Items[0].Enclosures[0].URL != "https://record.example/files/tape.mp3" {
				t.Errorf("enclosure = %+v", got.Items[0].Enclosures[0])
			}
		})
	}
}

func checkEqual(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s = %q, want %q", what, got, want)
	}
}

// Every word of an article is in the feed, in order, and nothing in the full
// text leads to an address that is not whole.
func TestContentIsWhole(t *testing.T) {
	f := sample(t)
	content := f.content(&f.Entries[0])
	for _, want := range []string{
		`<figure><img src="https://record.example/media/quay/1080.jpg" width="1080" height="720" alt="Three boats">`,
		"The quay &amp; its ice plant", ">CC BY-SA 4.0</a>", "The ice <em>stopped</em> first", "<li>Publish every letter.</li>",
		`src="https://record.example/media/hall/300.jpg"`, `src="https://record.example/files/tape.mp3"`,
		`href="https://record.example/town/ward-nine"`, `href="https://record.example/harbour/the-harbour-was-sold#ice"`,
		`href="https://record.example/harbour/the-harbour-was-sold#fn-1"`, "Minute book, page 4.",
		"<strong>Correction, 14 March 2026:</strong> The wall was rebuilt in 2016 &lt;not 2018&gt;.",
	} {
		i := strings.Index(content, want)
		if i < 0 {
			t.Errorf("the full text lacks %s in:\n%s", want, content)
		}
	}
	for _, attr := range []string{` href="/`, ` href="#`, ` src="/`, "srcset"} {
		if strings.Contains(content, attr) {
			t.Errorf("the full text holds%s in:\n%s", attr, content)
		}
	}
}

// A feed is well-formed XML whatever characters a name smuggles in.
func TestForbiddenCharactersAreLeftOut(t *testing.T) {
	f := sample(t)
	f.Paper.Name = "The \x00Harbour\x1b Re\xffcord\uFFFE 🚢"
	f.Entries[0].Tags = []string{"a\x08b]]>"}
	for _, write := range []func(io.Writer) error{f.Atom, f.RSS} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), "The Harbour Record 🚢") {
			t.Errorf("the name is damaged in:\n%.400s", &b)
		}
		dec := xml.NewDecoder(&b)
		for {
			if _, err := dec.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
		}
	}
}

// An empty feed is a valid one: a section may have no articles yet.
func TestEmptyFeed(t *testing.T) {
	for name, write := range formats {
		f := Feed{Paper: broadside.Paper{Name: "Dawn", URL: "https://dawn.example"}, Title: "Town", Path: "/town/", Updated: published}
		var b bytes.Buffer
		if err := write(&f, &b); err != nil {
			t.Fatal(err)
		}
		got, err := gofeed.NewParser().Parse(&b)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got.Title != "Dawn: Town" || len(got.Items) != 0 || got.Link != "https://dawn.example/town/" {
			t.Errorf("%s is %q at %q with %d items", name, got.Title, got.Link, len(got.Items))
		}
	}
}

func TestSitemaps(t *testing.T) {
	paper := broadside.Paper{URL: "https://record.example"}
	entries := []SitemapEntry{{"/", published}, {"/harbour/", time.Time{}}, {"/harbour/a?b=1&c=2", published}}
	golden(t, "sitemap.xml", func(w io.Writer) error { return Sitemap(w, paper, entries) })
	golden(t, "sitemap-index.xml", func(w io.Writer) error {
		return SitemapIndex(w, paper, []SitemapEntry{{"/sitemap.xml?part=1", published}, {"/sitemap.xml?part=2", published}})
	})
}

func TestSitemapIsBounded(t *testing.T) {
	for n, want := range map[int]int{0: 1, 1: 1, SitemapMax: 1, SitemapMax + 1: 2, 3 * SitemapMax: 3} {
		if got := SitemapParts(n); got != want {
			t.Errorf("SitemapParts(%d) = %d, want %d", n, got, want)
		}
	}
	err := Sitemap(io.Discard, broadside.Paper{}, make([]SitemapEntry, SitemapMax+1))
	if err == nil || !strings.Contains(err.Error(), fmt.Sprint(SitemapMax+1)) {
		t.Errorf("a sitemap that is too long: %v", err)
	}
}
