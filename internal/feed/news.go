package feed

import (
	"encoding/xml"
	"io"
	"strings"
	"time"

	"example.org/broadside"
)

// What Google's sitemaps for news may hold: articles of the last two days, and
// a thousand of them.
const (
	NewsAge = 48 * time.Hour
	NewsMax = 1000
)

// The elements of Google's extension of sitemaps for news
// (https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap).
type (
	newsSet struct {
		XMLName xml.Name   `xml:"urlset"`
		XMLNS   string     `xml:"xmlns,attr"`
		News    string     `xml:"xmlns:news,attr"`
		URLs    []newsItem `xml:"url"`
	}
	newsItem struct {
		Loc  text     `xml:"loc"`
		News newsPart `xml:"news:news"`
	}
	newsPart struct {
		Publication newsPaper `xml:"news:publication"`
		Date        string    `xml:"news:publication_date"`
		Title       text      `xml:"news:title"`
	}
	newsPaper struct {
		Name text   `xml:"news:name"`
		Lang string `xml:"news:language"`
	}
)

// NewsSitemap writes a sitemap of the newest articles for Google News.
func NewsSitemap(w io.Writer, paper broadside.Paper, listings []broadside.Listing) error {
	out := newsSet{XMLNS: sitemapNamespace, News: "http://www.google.com/schemas/sitemap-news/0.9"}
	for _, l := range listings {
		out.URLs = append(out.URLs, newsItem{
			Loc: text(paper.Absolute(l.Article.Path())),
			News: newsPart{
				Publication: newsPaper{text(paper.Name), newsLang(l.Summary.Lang)},
				Date:        stamp(l.Article.Published), Title: text(l.Summary.Headline),
			},
		})
	}
	return writeXML(w, "news sitemap", out)
}

// newsLang writes a language as ISO 639 does, but for Chinese, which Google wants
// by the place whose signs it is in.
func newsLang(tag string) string {
	lang, rest, _ := strings.Cut(strings.ToLower(tag), "-")
	if lang != "zh" {
		return lang
	}
	for _, part := range strings.Split(rest, "-") {
		switch part {
		case "hant", "tw", "hk", "mo":
			return "zh-tw"
		}
	}
	return "zh-cn"
}
