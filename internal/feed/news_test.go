package feed

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"
	"time"

	"example.org/broadside"
)

// A newsMap is a sitemap for news as Google's programs read it: by namespace,
// whatever the prefix.
type newsMap struct {
	XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	URLs    []struct {
		Loc  string `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 loc"`
		News struct {
			Publication struct {
				Name     string `xml:"http://www.google.com/schemas/sitemap-news/0.9 name"`
				Language string `xml:"http://www.google.com/schemas/sitemap-news/0.9 language"`
			} `xml:"http://www.google.com/schemas/sitemap-news/0.9 publication"`
			Date  string `xml:"http://www.google.com/schemas/sitemap-news/0.9 publication_date"`
			Title string `xml:"http://www.google.com/schemas/sitemap-news/0.9 title"`
		} `xml:"http://www.google.com/schemas/sitemap-news/0.9 news"`
	} `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 url"`
}

func readNews(t *testing.T, paper broadside.Paper, listings []broadside.Listing) (raw string, got newsMap) {
	t.Helper()
	var b bytes.Buffer
	if err := NewsSitemap(&b, paper, listings); err != nil {
		t.Fatal(err)
	}
	raw = b.String()
	if err := xml.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatalf("%v in:\n%s", err, raw)
	}
	return raw, got
}

func newsListing(lang, slug, headline string, at time.Time) broadside.Listing {
	return broadside.Listing{
		Article: broadside.Article{Section: "harbour", Slug: slug, Lang: lang, Published: at, Updated: at.Add(time.Hour)},
		Summary: broadside.Summary{Lang: lang, Headline: headline},
	}
}

func TestNewsSitemap(t *testing.T) {
	paper := broadside.Paper{Name: "The <Harbour> & Record", Lang: "en-GB", URL: "https://record.example/"}
	raw, got := readNews(t, paper, []broadside.Listing{
		newsListing("en-GB", "ice", "Ice <at> “midnight” & \"after\"\x01", published),
		newsListing("ru", "lyod", "Лёд встал", published.In(time.FixedZone("", 5*3600))),
		newsListing("KK-Cyrl", "muz", "Мұз қатты", published),
	})
	if len(got.URLs) != 3 {
		t.Fatalf("%d addresses, want 3:\n%s", len(got.URLs), raw)
	}
	for i, want := range []struct{ loc, lang, title string }{
		{"https://record.example/harbour/ice", "en", "Ice <at> “midnight” & \"after\""},
		{"https://record.example/harbour/lyod", "ru", "Лёд встал"},
		{"https://record.example/harbour/muz", "kk", "Мұз қатты"},
	} {
		u := got.URLs[i]
		if u.Loc != want.loc || u.News.Publication.Language != want.lang || u.News.Title != want.title || u.News.Publication.Name != paper.Name {
			t.Errorf("entry %d is %+v, want %+v of %q", i, u, want, paper.Name)
		}
		// The hour of publication, in W3C's form, which names its zone; what was
		// amended since is no news.
		if at, err := time.Parse(time.RFC3339, u.News.Date); err != nil || !at.Equal(published) {
			t.Errorf("entry %d is of %q, %v; want %s", i, u.News.Date, err, published)
		}
	}
	if !strings.HasPrefix(raw, "<?xml") {
		t.Errorf("it begins with %.40q", raw)
	}
}

// On a quiet day the sitemap is empty, and one all the same.
func TestNewsSitemapWithoutNews(t *testing.T) {
	raw, got := readNews(t, broadside.Paper{Name: "Dawn", URL: "https://dawn.example"}, nil)
	if len(got.URLs) != 0 || !strings.Contains(raw, "sitemap-news/0.9") {
		t.Errorf("it is %s", raw)
	}
	if err := NewsSitemap(gone{}, broadside.Paper{}, nil); err == nil {
		t.Error("nobody is told that it could not be written")
	}
}

// gone is a reader who has left.
type gone struct{}

func (gone) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }
