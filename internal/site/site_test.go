package site_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"example.org/broadside"
	"example.org/broadside/internal/card"
	"example.org/broadside/internal/document"
	"example.org/broadside/internal/newsroom"
	"example.org/broadside/internal/newstest"
	"example.org/broadside/internal/page"
	"example.org/broadside/internal/site"
	"example.org/broadside/internal/store"
	"example.org/broadside/internal/web"
)

var owner = broadside.Actor{Name: "Olga", Role: broadside.Owner}

// serve returns the whole handler of a paper, as the program serves it.
func serve(t *testing.T, p *newstest.Paper) http.Handler {
	t.Helper()
	_, h := open(t, p, p.Clock.Now)
	return h
}

// open returns the site of a paper, which asks now for the time whenever it
// makes a page, and the whole handler.
func open(t testing.TB, p *newstest.Paper, now func() time.Time) (*site.Site, http.Handler) {
	t.Helper()
	pages, err := page.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	cards, err := card.New()
	if err != nil {
		t.Fatal(err)
	}
	opt := site.Options{Store: p.Store, Newsroom: p.Newsroom, Pages: pages, Cards: cards, Now: now, URL: "https://record.example"}
	floor := web.New(web.Options{
		Log: slog.New(slog.DiscardHandler), Page: site.ErrorPage(opt), Now: p.Clock.Now,
		Hash: func(b []byte) []byte { return p.Keys.Hash("entity tag", b) },
	})
	s := site.New(opt, floor)
	return s, floor.Wrap(s)
}

func get(t *testing.T, h http.Handler, path string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// want checks the status, and the body or the Location of a redirect.
func want(t *testing.T, h http.Handler, path string, status int, text string) {
	t.Helper()
	r := get(t, h, path)
	if got := body(t, r) + r.Header.Get("Location"); r.StatusCode != status || !strings.Contains(got, text) {
		t.Errorf("GET %s = %d %.300q, want %d with %q", path, r.StatusCode, got, status, text)
	}
}

func TestAddresses(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		p.Publish(t, "The ice stopped first", "She put her hand flat on the main switch.")
		p.Create(t, "Only a draft")
		p.Update(t, func(ctx context.Context, tx *store.Tx) error {
			return tx.PutRedirect(ctx, broadside.Redirect{Path: "/2011/03/old-page", Target: "/world/"})
		})
		h := serve(t, p)
		for _, tt := range []struct {
			path   string
			status int
			text   string
		}{
			{"/", 200, "The ice stopped first"},
			{"/world/", 200, "The ice stopped first"},
			{"/culture/", 200, "Culture"},
			{"/world/the-ice-stopped-first", 200, "She put her hand flat"},
			{"/world/the-ice-stopped-first.txt", 200, "She put her hand flat"},
			{"/feed.xml", 200, "She put her hand flat"},
			{"/rss.xml", 200, "She put her hand flat"},
			{"/feed.json", 200, "She put her hand flat"},
			{"/world/feed.xml", 200, "She put her hand flat"},
			{"/culture/rss.xml", 200, "<rss"},
			{"/sitemap.xml", 200, "https://record.example/sitemap.xml?part=2"},
			{"/sitemap.xml?part=1", 200, "https://record.example/world/"},
			{"/sitemap.xml?part=2", 200, "https://record.example/world/the-ice-stopped-first"},
			{"/sitemap-news.xml", 200, "<news:title>The ice stopped first</news:title>"},
			{"/robots.txt", 200, "Sitemap: https://record.example/sitemap.xml"},
			{"/healthz", 200, "ok"},

			{"/world", 301, "/world/"},
			{"/World/The-Ice-Stopped-First", 301, "/world/the-ice-stopped-first"},
			{"/world/the-ice-stopped-first/", 301, "/world/the-ice-stopped-first"},
			{"/world/the-ice-stopped-first/?a=b", 301, "/world/the-ice-stopped-first?a=b"},
			{"/2011/03/old-page", 301, "/world/"},

			{"/world/only-a-draft", 404, "The ice stopped first"},
			{"/world/nothing", 404, "href=\"/\""},
			{"/nowhere/", 404, ""}, {"/nowhere/feed.xml", 404, ""}, {"/nowhere", 404, ""},
			{"/world/?page=2", 404, ""}, {"/world/?page=-1", 404, ""}, {"/world/?page=x", 404, ""},
			{"/world/a/b", 404, ""}, {"/world/..%2f..%2fetc", 404, ""}, {"/%00", 404, ""}, {"/desk/", 404, ""},
			{"/world/" + strings.Repeat("a", 10_000), 404, ""},
			{"/media/nothing/320.jpg", 404, ""}, {"/media/nothing/320.exe", 404, ""}, {"/media/file/nothing/x", 404, ""},
			{"/sitemap.xml?part=9", 404, ""}, {"/sitemap.xml?part=x", 404, ""},
			{"/static/0/site.css", 404, ""},
		} {
			want(t, h, tt.path, tt.status, tt.text)
		}
	})
}

// A query that means nothing at an address does not make its page anew, however
// often it is thought up.
func TestQueriesThatMeanNothingAreOneAddress(t *testing.T) {
	p := newstest.SQLite(t)
	a := p.Publish(t, "The ice stopped first")
	p.Update(t, func(ctx context.Context, tx *store.Tx) error {
		return tx.PutEdition(ctx, &broadside.Edition{ID: "e", Number: 7, Date: "2026-03-14", Lang: "en", Closed: newstest.Noon, Items: []broadside.EditionItem{{Article: a.ID, Weight: broadside.Lead}}})
	})
	n := startNode(t, p)
	for _, path := range []string{"/", a.Path(), a.Path() + ".txt", "/lite/", "/lite/world/", "/lite" + a.Path(), "/archive/", "/archive/2026/03/", "/edition/7/", "/feed.xml", "/world/feed.xml", "/corrections", "/robots.txt"} {
		n.load(t, path)
		for _, query := range []string{"?page=17", "?part=1", "?page=1&part=1", "?utm_source=x"} {
			if !n.keeps(t, path+query) {
				t.Errorf("%s%s was made anew", path, query)
			}
		}
	}
	n.load(t, "/world/?page=1", "/sitemap.xml?part=1")
	for _, path := range []string{"/world/?page=1&page=17", "/world/?page=1&part=5", "/sitemap.xml?part=1&page=4"} {
		if !n.keeps(t, path) {
			t.Errorf("%s was made anew", path)
		}
	}
	for _, path := range []string{"/sitemap.xml?part=01", "/sitemap.xml?part=%2B1", "/world/?page=01"} {
		want(t, n, path, 404, "")
	}
}

// An error page holds no style that its policy forbids.
func TestErrorPagesKeepTheirPolicy(t *testing.T) {
	p := newstest.SQLite(t)
	p.Update(t, func(ctx context.Context, tx *store.Tx) error {
		return tx.SetPaper(ctx, broadside.Paper{Name: "Record", Lang: "en-GB", TimeZone: "UTC", Colour: "#005a9c"})
	})
	r := get(t, serve(t, p), "/nothing")
	if text := body(t, r); r.StatusCode != 404 || strings.Contains(text, "<style>") && !strings.Contains(r.Header.Get("Content-Security-Policy"), "sha256-") {
		t.Errorf("the page has a style within it, and the policy %q", r.Header.Get("Content-Security-Policy"))
	}
}

// A path that leads elsewhere never leads to another site.
func TestRedirectsStayOnTheSite(t *testing.T) {
	h := serve(t, newstest.SQLite(t))
	for _, path := range []string{"//evil.example/", "//evil.example", "/\\evil.example", "/http://evil.example/", "//world/"} {
		r := get(t, h, "http://record.example"+path)
		if to := r.Header.Get("Location"); strings.HasPrefix(to, "//") || strings.Contains(to, "evil") && strings.Contains(to, "://") {
			t.Errorf("GET %s leads to %q", path, to)
		}
	}
}

// What readers have seen is gone in three ways, and each says what it should.
func TestMovedWithdrawnRemoved(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		ctx, h := t.Context(), serve(t, p)
		moved, withdrawn, removed := p.Publish(t, "Moved story"), p.Publish(t, "Withdrawn story"), p.Publish(t, "Removed story")
		if err := p.Newsroom.Move(ctx, newstest.Editor, moved.ID, "culture", "a-new-name"); err != nil {
			t.Fatal(err)
		}
		if err := p.Newsroom.Withdraw(ctx, newstest.Editor, withdrawn.ID, "A source asked us to."); err != nil {
			t.Fatal(err)
		}
		if err := p.Newsroom.Remove(ctx, owner, removed.ID); err != nil {
			t.Fatal(err)
		}
		want(t, h, "/world/moved-story", 301, "/culture/a-new-name")
		want(t, h, "/world/moved-story.txt", 301, "/culture/a-new-name.txt")
		want(t, h, "/culture/a-new-name", 200, "Moved story")
		want(t, h, "/world/withdrawn-story", 410, "A source asked us to.")
		want(t, h, "/world/removed-story", 404, "")
		for _, path := range []string{"/", "/world/", "/feed.xml", "/sitemap.xml", "/world/removed-story"} {
			got := strings.ToLower(body(t, get(t, h, path)))
			for _, gone := range []string{"withdrawn story", "withdrawn-story", "removed story"} {
				if strings.Contains(got, gone) {
					t.Errorf("GET %s still holds %q", path, gone)
				}
			}
		}
	})
}

// A correction stands under its article, with its date, on the page, in the
// text and in the feeds.
func TestCorrectionsAreShown(t *testing.T) {
	p := newstest.SQLite(t)
	a := p.Publish(t, "The north wall", "It was rebuilt in 2018.")
	r, err := p.Newsroom.Save(t.Context(), newstest.Editor, a.ID, a.Head, newstest.Text("The north wall", "It was rebuilt in 2016."))
	if err != nil {
		t.Fatal(err)
	}
	h := serve(t, p)
	want(t, h, "/world/the-north-wall", 200, "in 2018")
	if err := p.Newsroom.Correct(t.Context(), newstest.Editor, a.ID, r.ID, newsroom.Amendment{Kind: broadside.Correction, Note: "We gave the wrong year."}); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/world/the-north-wall", "/world/the-north-wall.txt", "/feed.xml"} {
		want(t, h, path, 200, "in 2016")
		want(t, h, path, 200, "We gave the wrong year.")
	}
}

// Whoever has a page already is told so, compressed or not.
func TestConditionalRequests(t *testing.T) {
	p := newstest.SQLite(t)
	p.Publish(t, "One")
	h := serve(t, p)
	for _, path := range []string{"/", "/world/", "/world/one", "/world/one.txt", "/feed.xml", "/sitemap.xml"} {
		for _, encoding := range []string{"identity", "gzip"} {
			first := get(t, h, path, "Accept-Encoding", encoding)
			tag := first.Header.Get("Etag")
			if again := get(t, h, path, "Accept-Encoding", encoding, "If-None-Match", tag); tag == "" || again.StatusCode != 304 || body(t, again) != "" {
				t.Errorf("GET %s again with %q in %s = %d, want 304", path, tag, encoding, again.StatusCode)
			}
		}
	}
	before := get(t, h, "/").Header.Get("Etag")
	p.Publish(t, "Two")
	if r := get(t, h, "/", "If-None-Match", before); r.StatusCode != 200 || !strings.Contains(body(t, r), "Two") {
		t.Errorf("after a publication: %d, want the new page", r.StatusCode)
	}
}

// The pages of a section hold each of its articles once.
func TestSectionPages(t *testing.T) {
	p := newstest.SQLite(t)
	for i := range 45 {
		p.Publish(t, fmt.Sprintf("Story number %02d", i))
		p.Clock.Move(time.Minute)
	}
	h := serve(t, p)
	all := ""
	for page := 1; page <= 3; page++ {
		all += body(t, get(t, h, fmt.Sprintf("/world/?page=%d", page)))
	}
	for i := range 45 {
		if n := strings.Count(all, fmt.Sprintf(`<a class="t" href="/world/story-number-%02d">`, i)); n != 1 {
			t.Errorf("story %d is listed %d times", i, n)
		}
	}
	want(t, h, "/world/?page=4", 404, "")
}

// A picture is served in each of its widths, for ever, and in parts.
func TestPictures(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		print, err := p.Newsroom.Develop(t.Context(), bytes.NewReader(newstest.JPEG(t, 700, 500, 1)), false)
		if err != nil {
			t.Fatal(err)
		}
		pic := print.Picture()
		out := p.Newsroom.Import(t.Context(), newstest.Editor, []newsroom.Submission{{
			Section: broadside.Section{Slug: "world", Name: "World"}, Publish: true, Prints: []*newsroom.Print{print},
			Text: newstest.WithLead(newstest.Text("With a picture"), pic),
		}})
		if out[0].Err != nil {
			t.Fatal(out[0].Err)
		}
		h := serve(t, p)
		var sum sync.WaitGroup
		for _, width := range []int{320, 480, 700} {
			for range 4 { // many ask at once for what is not made yet
				sum.Go(func() {
					r := get(t, h, fmt.Sprintf("/media/%s/%d.jpg", pic.ID, width))
					if r.StatusCode != 200 || r.Header.Get("Content-Type") != "image/jpeg" || !strings.Contains(r.Header.Get("Cache-Control"), "immutable") {
						t.Errorf("width %d: %d %v", width, r.StatusCode, r.Header)
					}
				})
			}
		}
		sum.Wait()
		part := get(t, h, "/media/"+pic.ID+"/320.jpg", "Range", "bytes=0-1")
		if b := body(t, part); part.StatusCode != 206 || b != "\xff\xd8" {
			t.Errorf("the first two bytes: %d %q", part.StatusCode, b)
		}
		for _, name := range []string{"321.jpg", "720.jpg", "0.jpg", "320.png", "x.jpg", "../320.jpg"} {
			if r := get(t, h, "/media/"+pic.ID+"/"+name); r.StatusCode == 200 {
				t.Errorf("GET %s = 200", name)
			}
		}
		want(t, h, "/world/with-a-picture", 200, `alt="A stone quay at dawn"`)
		want(t, h, "/world/with-a-picture", 200, `<a rel="license" href="https://creativecommons.org/licenses/by-sa/4.0/">`)
	})
}

// A file is offered for saving, never run by the browser as if it were ours.
func TestFiles(t *testing.T) {
	p := newstest.SQLite(t)
	file, err := p.Newsroom.Attach(t.Context(), strings.NewReader("boat,dues\n"), "dues.csv")
	if err != nil {
		t.Fatal(err)
	}
	raw := fmt.Sprintf(`{"schema":1,"lang":"en","headline":"Dues","body":{"type":"doc","content":[{"type":"file","attrs":{"file":"%s","title":"The figures"}}]}}`, file.Blob())
	d, err := document.Decode([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	out := p.Newsroom.Import(t.Context(), newstest.Editor, []newsroom.Submission{{
		Section: broadside.Section{Slug: "world", Name: "World"}, Publish: true, Text: d, Attachments: []*newsroom.Attachment{file},
	}})
	if out[0].Err != nil {
		t.Fatal(out[0].Err)
	}
	h := serve(t, p)
	page := body(t, get(t, h, "/world/dues"))
	_, rest, ok := strings.Cut(page, `<p class="file"><a href="`)
	path, _, _ := strings.Cut(rest, `"`)
	if !ok {
		t.Fatalf("no file on the page: %s", page)
	}
	r := get(t, h, path)
	if got := body(t, r); r.StatusCode != 200 || got != "boat,dues\n" || !strings.HasPrefix(r.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("GET %s = %d %q %v", path, r.StatusCode, got, r.Header)
	}
}

// When the database is away, readers get an honest page and machines a 503.
func TestStoreAway(t *testing.T) {
	p := newstest.SQLite(t)
	p.Publish(t, "One")
	h := serve(t, p)
	p.Store.Close()
	for _, path := range []string{"/", "/world/one", "/feed.xml"} {
		if r := get(t, h, path); r.StatusCode < 500 || !strings.Contains(body(t, r), "<h1") {
			t.Errorf("GET %s = %d, want an error page", path, r.StatusCode)
		}
	}
	if r := get(t, h, "/healthz"); r.StatusCode != 503 {
		t.Errorf("healthz = %d, want 503", r.StatusCode)
	}
}

// The JSON feed is JSON, whatever is in the articles.
func TestJSONFeed(t *testing.T) {
	p := newstest.SQLite(t)
	p.Publish(t, `A "quoted" <b>headline</b> & more`, "It said “</script>” twice.")
	var feed struct {
		Items []struct{ Title, ContentHTML string }
	}
	if err := json.Unmarshal([]byte(body(t, get(t, serve(t, p), "/feed.json"))), &feed); err != nil || len(feed.Items) != 1 {
		t.Fatalf("%+v, %v", feed, err)
	}
	if got, want := feed.Items[0].Title, `A "quoted" <b>headline</b> & more`; got != want {
		t.Errorf("title = %q, want %q", got, want)
	}
}
