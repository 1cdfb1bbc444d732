package page

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"example.org/broadside"
	"example.org/broadside/internal/document"
)

// identity is the made-up identity of a picture or a file.
func identity(name string) string {
	sum := sha256.Sum256([]byte(name))
	return hex.EncodeToString(sum[:])
}

var now = time.Date(2026, time.March, 14, 15, 10, 0, 0, time.UTC)

func sampleBase() Base {
	return Base{
		Paper: broadside.Paper{
			Name: "The Harbour Record", Tagline: "Owned by its readers", Lang: "en-GB",
			TimeZone: "Europe/London", URL: "https://record.example", Licence: "CC BY-SA 4.0",
		},
		Sections: []broadside.Section{
			{Slug: "harbour", Name: "Harbour", Description: "The port & the people who work it."},
			{Slug: "work", Name: "Work"},
			{Slug: "town", Name: "Town"},
			{Slug: "opinion", Name: "Opinion"},
		},
		Now: now, Linked: true,
	}
}

// samplePicture is 1,500 pixels wide; "tall" is upright and "small" is narrow.
func samplePicture(name string) *broadside.Picture {
	p := &broadside.Picture{ID: name, Master: identity(name), Width: 1500, Height: 1000, FocalX: 500, FocalY: 500}
	switch name {
	case "tall":
		p.Width, p.Height = 1000, 1500
	case "small":
		p.Width, p.Height = 200, 100
	case "quay":
		p.FocalX, p.FocalY = 250, 900
	}
	return p
}

// listing is an article in a list, so many hours old.
func listing(section, headline string, hours int, change ...func(*broadside.Listing)) broadside.Listing {
	at := now.Add(-time.Duration(hours) * time.Hour)
	l := broadside.Listing{
		Article: broadside.Article{
			Section: section, Slug: strings.ToLower(strings.Join(strings.Fields(headline), "-")), Published: at, Updated: at,
		},
		Summary: broadside.Summary{Kind: "news", Lang: "en-GB", Dir: "ltr", Headline: headline, Byline: "Ana Reyes", Words: 900},
	}
	for _, c := range change {
		c(&l)
	}
	return l
}

func pictured(name string) func(*broadside.Listing) {
	return func(l *broadside.Listing) { l.Picture = samplePicture(name) }
}

func standfirst(s string) func(*broadside.Listing) {
	return func(l *broadside.Listing) { l.Summary.Standfirst = s }
}

func kind(k string) func(*broadside.Listing) {
	return func(l *broadside.Listing) { l.Summary.Kind = k }
}

// long makes a feature of an article.
func long(l *broadside.Listing) { l.Summary.Words = 5000 }

func arabic(l *broadside.Listing) {
	l.Summary.Lang, l.Summary.Dir, l.Summary.Headline, l.Summary.Byline = "ar", "rtl", "بيع الميناء", "نورا"
	l.Article.Slug = "harbour-ar"
}

// sampleListings are sixteen articles of four sections, newest first.
func sampleListings() []broadside.Listing {
	return []broadside.Listing{
		listing("harbour", "The harbour was sold", 1, pictured("quay"), standfirst("For nineteen days nobody landed a “fish” & more")),
		listing("work", "Ferry crews vote", 2, standfirst("Three routes will stop.")),
		listing("town", "Ward nine", 3, kind("analysis")),
		listing("work", "Crane drivers win", 4, pictured("harbour"), standfirst("A coroner asked for it in 1998.")),
		listing("harbour", "Slack water", 5),
		listing("town", "Rents on the hill", 6, pictured("hill")),
		listing("harbour", "Pilots warn", 7, pictured("small")),
		listing("work", "Nobody sweeps the hall", 8, pictured("hall"), kind("interview")),
		listing("harbour", "At midnight", 9, arabic),
		listing("harbour", "What a berth costs", 30),
		listing("opinion", "Print is what is left", 31, kind("opinion")),
		listing("work", "Night shifts end", 32, pictured("press")),
		listing("town", "Night bus saved", 33),
		listing("town", "Forty dark windows", 34, pictured("flats"), long),
		listing("town", "Library opens on Sundays", 35),
		listing("elsewhere", "A section that was given up", 36),
	}
}

// bodyOf reads the HTML of a body; pictures and files are named by their names.
func bodyOf(t testing.TB, src []byte) *document.Node {
	t.Helper()
	body, err := document.FromHTML(src, document.Options{
		Picture: func(src, _ string) (string, error) { return identity(strings.TrimSuffix(src, ".jpg")), nil },
		File:    func(src string) (string, error) { return identity(src), nil },
	})
	if err != nil {
		t.Fatalf("the body of a sample: %v", err)
	}
	return body
}

// sampleArticle has everything that an article can have around its body.
func sampleArticle(body *document.Node) Article {
	use := func(name, alt string) document.Use {
		return document.Use{Picture: identity(name), Alt: alt, Credit: "Ivo Tarn", Licence: "CC BY-SA 4.0", FocalX: 500, FocalY: 500}
	}
	lead := use("quay", "Three boats at a stone quay")
	lead.Caption, lead.FocalX = "The fish quay & its ice plant", 250
	d := Article{
		Base: sampleBase(),
		Article: broadside.Article{
			Section: "harbour", Slug: "the-harbour-was-sold", Published: now.Add(-9 * time.Hour), Updated: now.Add(-2 * time.Hour),
		},
		Document: &document.Document{
			Kind: "analysis", Lang: "en-GB", Dir: "ltr",
			Headline:   "The harbour was sold at midnight <again>",
			Standfirst: "Nobody landed a fish, and a town learned what it owned",
			Bylines: []document.Byline{
				{Name: "Nora Quillan", Person: "nora"}, {Name: "Tom Hale", Person: "tom"}, {Name: "Ivo Tarn", Role: "pictures"}, {Name: "Ana Reyes", Role: "translation"},
			},
			Dateline: document.Dateline{Place: "Skerrow", Date: "2026-03-12"},
			Lead:     identity("quay"),
			Pictures: []document.Use{lead, use("hall", "An empty hall"), use("hill", "Roofs on a hill"), use("harbour", "Cranes"), use("press", "A press"), use("ferry", "A ferry")},
			Body:     body,
		},
		Pictures: map[string]*broadside.Picture{},
		Files: map[string]File{
			identity("tape.mp3"): {"/files/tape.mp3", "audio/mpeg"}, identity("vote.mp4"): {"/files/vote.mp4", "video/mp4"},
			identity("act.pdf"): {"/files/act.pdf", "application/pdf"},
		},
		Notes: []broadside.Publication{
			{Kind: broadside.Correction, At: now.Add(-2 * time.Hour), Note: "The north wall was rebuilt in 2016, not in 2018."},
			{Kind: broadside.Typo, At: now.Add(-3 * time.Hour)},
			{Kind: broadside.First, At: now.Add(-9 * time.Hour)},
		},
		Tags:   []broadside.Tag{{Slug: "ice", Name: "Ice"}, {Slug: "the-trust", Name: "The trust"}},
		People: map[string]broadside.Person{"nora": {ID: "nora", Slug: "nora-quillan", Name: "Nora Quillan"}},
		Card:   "/media/card/1.png",
		More:   sampleListings()[4:7], OnStory: true,
		Translations: []Translation{{"ar", "/harbour/harbour-ar"}, {"ru", "/harbour/gavan"}},
	}
	for _, u := range d.Document.Pictures {
		for _, name := range []string{"quay", "hall", "hill", "harbour", "press", "ferry"} {
			if u.Picture == identity(name) {
				d.Pictures[u.Picture] = samplePicture(name)
			}
		}
	}
	d.Words = d.Document.Words()
	return d
}

// sampleList is the list of the section Harbour.
func sampleList() List {
	s := sampleBase().Sections[0]
	return List{Base: sampleBase(), Title: s.Name, Description: s.Description, Section: s.Slug, Path: s.Path(), Lite: true}
}
