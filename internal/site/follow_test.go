package site_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"example.org/broadside"
	"example.org/broadside/internal/document"
	"example.org/broadside/internal/newsroom"
	"example.org/broadside/internal/newstest"
	"example.org/broadside/internal/store"
)

// A node serves a paper and keeps its pages.
type node struct {
	http.Handler
	made atomic.Int64 // how often the time was asked for, as each making does
}

func startNode(t *testing.T, p *newstest.Paper) *node {
	t.Helper()
	n := &node{}
	s, h := open(t, p, func() time.Time {
		n.made.Add(1)
		return p.Clock.Now()
	})
	n.Handler = h
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.Follow(ctx)
	}()
	t.Cleanup(func() {
		stop()
		<-done
	})
	until(t, "pages are kept", func() bool { return n.keeps(t, "/") })
	return n
}

// keeps reports whether a page is answered without being made.
func (n *node) keeps(t *testing.T, path string) bool {
	t.Helper()
	before := n.made.Load()
	if r := get(t, n, path); r.StatusCode != 200 {
		t.Fatalf("GET %s = %d", path, r.StatusCode)
	}
	return n.made.Load() == before
}

// load asks for pages, so that they are kept.
func (n *node) load(t *testing.T, paths ...string) {
	t.Helper()
	for _, path := range paths {
		until(t, path+" is kept", func() bool { return n.keeps(t, path) })
	}
}

func (n *node) says(t *testing.T, path, text string) bool {
	t.Helper()
	return strings.Contains(body(t, get(t, n, path)), text)
}

// until waits until something is so.
func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); !is(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("after five seconds it is not so that %s", what)
		}
	}
}

// What any process publishes is on every node's pages at once, also on those
// that were kept, and pages that it does not touch stay.
func TestPublicationsReachKeptPages(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		old := p.Publish(t, "The ice stopped first")
		n := startNode(t, p)
		p.Update(t, func(ctx context.Context, tx *store.Tx) error {
			return tx.EnsureTag(ctx, broadside.Tag{Slug: "ice", Name: "Ice"})
		})
		until(t, "the front page is kept again", func() bool { return n.keeps(t, "/") })
		touched := []string{"/", "/world/", "/feed.xml", "/world/rss.xml", "/sitemap.xml?part=2", "/archive/", "/archive/2026/03/", "/lite/", old.Path()}
		untouched := []string{"/culture/", "/corrections", old.Path() + ".txt", "/robots.txt"}
		n.load(t, append(touched, untouched...)...)

		// Another process with a store of its own publishes.
		other := newstest.Open(t, p.Dir, p.DSN, p.Clock)
		a := other.Publish(t, "The ferry is late")
		until(t, "the front page shows it", func() bool { return n.says(t, "/", "The ferry is late") })
		for _, path := range touched[:len(touched)-1] {
			if path != "/archive/" && !n.says(t, path, a.Slug) {
				t.Errorf("%s does not show what was just published", path)
			}
		}
		for _, path := range untouched {
			if path != "/culture/" && path != old.Path()+".txt" && !n.keeps(t, path) {
				t.Errorf("%s was made anew, though nothing in it has changed", path)
			}
		}
	})
}

// A correction is on the article's pages and in the list of corrections at once.
func TestCorrectionsReachKeptPages(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		a := p.Publish(t, "The wall", "It was rebuilt in 2018.")
		n := startNode(t, p)
		untouched := []string{"/archive/", "/edition/", "/robots.txt"}
		n.load(t, append(untouched, a.Path(), a.Path()+".txt", "/lite"+a.Path(), "/corrections", "/feed.xml")...)
		r, err := p.Newsroom.Save(t.Context(), newstest.Editor, a.ID, a.Head, newstest.Text("The wall", "It was rebuilt in 2016."))
		if err != nil {
			t.Fatal(err)
		}
		how := newsroom.Amendment{Kind: broadside.Correction, Note: "It was 2016, not 2018."}
		if err := p.Newsroom.Correct(t.Context(), newstest.Editor, a.ID, r.ID, how); err != nil {
			t.Fatal(err)
		}
		until(t, "the page is corrected", func() bool { return n.says(t, a.Path(), "rebuilt in 2016") })
		for path, want := range map[string]string{
			a.Path() + ".txt": "rebuilt in 2016", "/lite" + a.Path(): "It was 2016, not 2018.", "/corrections": "It was 2016, not 2018.", "/feed.xml": "rebuilt in 2016",
		} {
			if !n.says(t, path, want) {
				t.Errorf("%s does not say %q", path, want)
			}
		}
		for _, path := range untouched {
			if !n.keeps(t, path) {
				t.Errorf("%s was made anew, though a correction does not touch it", path)
			}
		}
	})
}

// Whom a correction takes out of the byline is not credited on any kept page,
// and the sitemap says when the article changed.
func TestACorrectedBylineReachesKeptPages(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		s := newsroom.Submission{Section: broadside.Section{Slug: "world", Name: "World"}, Publish: true}
		send := func(headline, name string, amend *newsroom.Amendment) {
			t.Helper()
			s.Text, s.Slug, s.Amend = newstest.Text(headline, "It was so."), newsroom.Slug(headline, "en"), amend
			s.Text.Bylines = []document.Byline{{Name: name}}
			if o := p.Newsroom.Import(t.Context(), newstest.Owner, []newsroom.Submission{s})[0]; o.Err != nil {
				t.Fatal(o.Err)
			}
		}
		send("The wall", "Ana Reyes", nil)
		p.Clock.Move(time.Hour)
		for i := range 21 {
			send(fmt.Sprintf("Story %d", i), "Ana Reyes", nil)
		}
		n := startNode(t, p)
		n.load(t, "/by/ana-reyes/?page=2", "/by/ana-reyes/", "/sitemap.xml?part=2")
		if !n.says(t, "/by/ana-reyes/?page=2", "/world/the-wall") || !n.says(t, "/by/ana-reyes/", "Page 1 of 2") {
			t.Fatal("the list of her stories has not two pages")
		}
		p.Clock.Move(time.Hour)
		a, err := p.Store.ArticleAt(t.Context(), "world", "story-20")
		if err != nil {
			t.Fatal(err)
		}
		text := newstest.Text("Story 20", "It was so.")
		text.Bylines = []document.Byline{{Name: "Nora Quillan"}}
		r, err := p.Newsroom.Save(t.Context(), newstest.Editor, a.ID, a.Head, text)
		if err != nil {
			t.Fatal(err)
		}
		how := newsroom.Amendment{Kind: broadside.Correction, Note: "Nora Quillan wrote it."}
		if err := p.Newsroom.Correct(t.Context(), newstest.Editor, a.ID, r.ID, how); err != nil {
			t.Fatal(err)
		}
		until(t, "her first page leaves it out", func() bool { return !n.says(t, "/by/ana-reyes/", "/world/story-20") })
		if n.says(t, "/by/ana-reyes/?page=2", "/world/story-0\"") {
			t.Error("her second page still begins with what is on the first")
		}
		if !n.says(t, "/sitemap.xml?part=2", "2026-03-14T14:00") {
			t.Error("the sitemap does not say when the article changed")
		}
	})
}

// Of what is removed for somebody's safety no kept page says a word.
func TestRemovalLeavesNoKeptPage(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		a := p.Publish(t, "The witness from Quay Street", "She saw it all.")
		p.Publish(t, "The ferry")
		n := startNode(t, p)
		all := []string{"/", "/world/", "/feed.xml", "/world/feed.json", "/sitemap.xml?part=2", "/archive/2026/03/", "/lite/", "/lite/world/", "/world/the-ferry"}
		n.load(t, append(all, a.Path(), a.Path()+".txt", "/lite"+a.Path(), a.Path())...)
		card := "/media/card/" + a.Live + ".png"
		if r := get(t, n, card); r.StatusCode != 200 || r.Header.Get("Content-Type") != "image/png" {
			t.Fatalf("GET %s = %d %s", card, r.StatusCode, r.Header.Get("Content-Type"))
		}
		if err := p.Newsroom.Remove(t.Context(), newstest.Owner, a.ID); err != nil {
			t.Fatal(err)
		}
		until(t, "the article is gone", func() bool { return get(t, n, a.Path()).StatusCode == 404 })
		for _, path := range []string{a.Path() + ".txt", "/lite" + a.Path(), card} {
			if r := get(t, n, path); r.StatusCode != 404 {
				t.Errorf("GET %s = %d after the removal", path, r.StatusCode)
			}
		}
		for _, path := range all {
			if n.says(t, path, "witness") || n.says(t, path, "saw it all") {
				t.Errorf("%s still speaks of what was removed", path)
			}
		}
	})
}

// What is no publication is on the pages at once, too.
func TestOtherChangesReachKeptPages(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		ctx := t.Context()
		first, second := p.Publish(t, "First story"), p.Publish(t, "Second story")
		n := startNode(t, p)
		steps := []struct {
			what, path, text string
			do               func() error
		}{
			{"a new name", "/", "The Evening Record", func() error {
				return p.Store.Update(ctx, func(tx *store.Tx) error {
					paper, err := tx.Paper(ctx)
					if err != nil {
						return err
					}
					paper.Name = "The Evening Record"
					return tx.SetPaper(ctx, paper)
				})
			}},
			{"a new section", first.Path(), "/sport/", func() error {
				return p.Store.Update(ctx, func(tx *store.Tx) error {
					return tx.PutSection(ctx, broadside.Section{Slug: "sport", Name: "Sport", Position: 9})
				})
			}},
			{"an edition", first.Path(), "/edition/", func() error {
				return p.Newsroom.PutEdition(ctx, newstest.Editor, newsroom.EditionPlan{
					Number: 7, Date: "2026-03-14", Closed: newstest.Noon, Items: []newsroom.EditionEntry{{Article: second.Path(), Weight: broadside.Lead}},
				})
			}},
			{"the editor's order", "/lite/", "<ul>\n<li><a href=\"/lite/world/first-story\">", func() error {
				return p.Newsroom.SetFront(ctx, newstest.Editor, []string{first.Path(), second.Path()})
			}},
			{"a page of the paper", "/", "About us", func() error {
				text := newstest.Text("About us", "We are the paper.")
				text.Kind = "page"
				s := newsroom.Submission{Section: broadside.Section{Slug: broadside.PageSection, Name: "Page"}, Slug: "about", Publish: true, Text: text}
				return p.Newsroom.Import(ctx, newstest.Owner, []newsroom.Submission{s})[0].Err
			}},
			{"a language", "/", "/lang/ru/", func() error {
				text := newstest.Text("Первая новость", "Лёд остановился первым.")
				text.Lang = "ru"
				s := newsroom.Submission{Section: broadside.Section{Slug: "world", Name: "World"}, Slug: "novost", Publish: true, Text: text}
				return p.Newsroom.Import(ctx, newstest.Owner, []newsroom.Submission{s})[0].Err
			}},
		}
		for _, step := range steps {
			n.load(t, step.path)
			if n.says(t, step.path, step.text) {
				t.Errorf("%s says %q before there is %s", step.path, step.text, step.what)
			}
			if err := step.do(); err != nil {
				t.Fatalf("%s: %v", step.what, err)
			}
			until(t, step.path+" shows "+step.what, func() bool { return n.says(t, step.path, step.text) })
		}
		want(t, n, "/edition/7/", 200, "Second story")
		want(t, n, "/about", 200, "We are the paper.")
		want(t, n, "/lang/ru/", 200, "Первая новость")
		want(t, n, "/lang/ru/", 200, "First story") // not translated
	})
}

// Several articles in a language that is new may come at once.
func TestANewLanguageReachesKeptPages(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		a := p.Publish(t, "First story")
		n := startNode(t, p)
		n.load(t, a.Path())
		var subs []newsroom.Submission
		for _, slug := range []string{"odin", "dva", "tri"} {
			text := newstest.Text("Новость "+slug, "Лёд остановился первым.")
			text.Lang = "ru"
			subs = append(subs, newsroom.Submission{Section: broadside.Section{Slug: "culture", Name: "Culture"}, Slug: slug, Publish: true, Text: text})
		}
		for _, o := range p.Newsroom.Import(t.Context(), newstest.Owner, subs) {
			if o.Err != nil {
				t.Fatal(o.Err)
			}
		}
		until(t, "a kept page leads to the language", func() bool { return n.says(t, a.Path(), "/lang/ru/") })
	})
}

// Where a story is told in the reader's language, lists leave its other form
// out, wherever that stands.
func TestATranslationReachesKeptPages(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		p.Publish(t, "Something else")
		text := newstest.Text("Лёд остановился", "Лёд остановился первым.")
		text.Lang = "ru"
		foreign := newsroom.Submission{Section: broadside.Section{Slug: "culture", Name: "Culture"}, Slug: "led", Publish: true, Text: text}
		own := newsroom.Submission{
			Section: broadside.Section{Slug: "world", Name: "World"}, Slug: "the-ice", Story: "/culture/led", Publish: true, Text: newstest.Text("The ice stopped", "First."),
		}
		send := func(s newsroom.Submission) {
			t.Helper()
			if o := p.Newsroom.Import(t.Context(), newstest.Owner, []newsroom.Submission{s})[0]; o.Err != nil {
				t.Fatal(o.Err)
			}
		}
		send(foreign)
		p.Clock.Move(31 * 24 * time.Hour)
		n := startNode(t, p)
		lists := []string{"/culture/", "/lite/culture/", "/archive/2026/03/"}
		for _, path := range lists {
			if n.load(t, path); !n.says(t, path, "/culture/led") {
				t.Fatalf("%s does not list the story", path)
			}
		}
		send(own)
		until(t, "the translation is there", func() bool { return n.says(t, "/", "/world/the-ice") })
		for _, path := range lists {
			if r := get(t, n, path); strings.Contains(body(t, r), "/culture/led") {
				t.Errorf("%s still lists the form that its readers cannot read", path)
			}
		}
	})
}

// A change that nobody is told of is seen all the same: a connection may be
// dead without its end being seen.
func TestAChangeThatIsNotToldIsSeen(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		if !store.IsPostgres(p.DSN) {
			return // SQLite is looked at all the time
		}
		p.Publish(t, "The ice stopped first")
		n := startNode(t, p)
		n.load(t, "/")
		conn, err := pgx.Connect(t.Context(), p.DSN)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(t.Context())
		for _, change := range []string{
			`INSERT INTO setting (key, value) VALUES ('paper', '{"Name": "The Quiet Record", "Lang": "en-GB", "TimeZone": "UTC"}')
				ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
			`UPDATE counter SET value = value + 1 WHERE name = 'site'`,
		} {
			if _, err := conn.Exec(t.Context(), change); err != nil {
				t.Fatal(err)
			}
		}
		until(t, "the front page shows the new name", func() bool { return n.says(t, "/", "The Quiet Record") })
	})
}

// At midnight by the paper's clock kept pages show the new day.
func TestKeptPagesShowTheDay(t *testing.T) {
	p := newstest.SQLite(t)
	p.Publish(t, "The ice stopped first")
	n := startNode(t, p)
	n.load(t, "/")
	if !n.says(t, "/", "Saturday 14 March 2026") {
		t.Error("the front page does not show the day")
	}
	p.Clock.Move(12 * time.Hour)
	if !n.says(t, "/", "Sunday 15 March 2026") {
		t.Error("after midnight the front page does not show the new day")
	}
}
