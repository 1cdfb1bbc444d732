package e2e

import (
	"fmt"
	"image"
	_ "image/jpeg"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// public is the address that the demo paper is told to have.
const public = "https://paper.example"

// readers serves the demo paper as if behind that address.
func readers(t *testing.T) *server {
	t.Helper()
	return newPaper(t).serve(t, "--demo", "--url", public)
}

// Every address of the site answers with what it promises, in its type, with
// the headers that protect readers and no cookie.
func TestAddresses(t *testing.T) {
	s := readers(t)
	const lead = "The harbour was sold at midnight"
	for _, tt := range []struct {
		path        string
		status      int
		contentType string
		says        string
	}{
		{"/", 200, "text/html; charset=utf-8", lead},
		{"/harbour/", 200, "text/html; charset=utf-8", lead},
		{"/harbour/sold-at-midnight", 200, "text/html; charset=utf-8", "We stopped it.”"},
		{"/harbour/sold-at-midnight.txt", 200, "text/plain; charset=utf-8", "We stopped it.”"},
		{"/opinion/gavan-eto-obeshchanie", 200, "text/html; charset=utf-8", `lang="ru"`},
		{"/feed.xml", 200, "application/atom+xml; charset=utf-8", "We stopped it.”"},
		{"/rss.xml", 200, "application/rss+xml; charset=utf-8", "We stopped it.”"},
		{"/feed.json", 200, "application/feed+json; charset=utf-8", "We stopped it.”"},
		{"/harbour/feed.xml", 200, "application/atom+xml; charset=utf-8", "We stopped it.”"},
		{"/harbour/rss.xml", 200, "application/rss+xml; charset=utf-8", "We stopped it.”"},
		{"/harbour/feed.json", 200, "application/feed+json; charset=utf-8", "We stopped it.”"},
		{"/sitemap.xml", 200, "application/xml; charset=utf-8", "<loc>" + public + "/sitemap.xml?part=2</loc>"},
		{"/sitemap.xml?part=1", 200, "application/xml; charset=utf-8", "<loc>" + public + "/harbour/</loc>"},
		{"/sitemap.xml?part=2", 200, "application/xml; charset=utf-8", "<loc>" + public + "/harbour/sold-at-midnight</loc>"},
		{"/robots.txt", 200, "text/plain; charset=utf-8", "Sitemap: " + public + "/sitemap.xml"},
		{"/healthz", 200, "text/plain; charset=utf-8", "ok"},
		{"/harbour/nothing", 404, "text/html; charset=utf-8", lead}, // a way on: the newest stories
		{"/nowhere/", 404, "text/html; charset=utf-8", `<a href="/">`},
		{"/harbour/nothing.txt", 404, "text/html; charset=utf-8", `<a href="/">`},
		{"/nowhere/feed.xml", 404, "text/html; charset=utf-8", `<a href="/">`},
	} {
		a := s.get(t, tt.path)
		if got := a.header.Get("Content-Type"); a.status != tt.status || got != tt.contentType || !strings.Contains(a.body, tt.says) {
			t.Errorf("GET %.60s = %d %s %.300q, want %d %s with %q", tt.path, a.status, got, a.body, tt.status, tt.contentType, tt.says)
		}
		wantProtected(t, tt.path, a)
		if tt.status == 200 {
			wantSameByHead(t, s, tt.path, a)
		}
	}
}

// protection is on every answer, whatever it is.
var protection = map[string]string{
	"Content-Security-Policy":    "default-src 'self'",
	"Referrer-Policy":            "same-origin",
	"X-Content-Type-Options":     "nosniff",
	"Permissions-Policy":         "geolocation=()",
	"Cross-Origin-Opener-Policy": "same-origin",
	"Strict-Transport-Security":  "max-age=31536000",
}

func wantProtected(t *testing.T, path string, a answer) {
	t.Helper()
	for name, want := range protection {
		if got := a.header.Get(name); !strings.Contains(got, want) {
			t.Errorf("%.60s has %s: %q, want %q in it", path, name, got, want)
		}
	}
	if csp := a.header.Get("Content-Security-Policy"); strings.Contains(csp, "unsafe") || strings.Contains(csp, "*") {
		t.Errorf("%.60s has a policy with a hole: %s", path, csp)
	}
	if c := a.header.Get("Set-Cookie"); c != "" {
		t.Errorf("%.60s sets a cookie: %s", path, c)
	}
}

// wantSameByHead complains unless HEAD answers what GET did, without a body.
func wantSameByHead(t *testing.T, s *server, path string, want answer) {
	t.Helper()
	a := s.ask(t, "HEAD", path)
	if a.status != want.status || a.body != "" {
		t.Errorf("HEAD %s = %d with %d bytes, want %d with none", path, a.status, len(a.body), want.status)
	}
	for _, name := range []string{"Content-Type", "Content-Length", "Etag", "Cache-Control", "Vary"} {
		if got := a.header.Get(name); got != want.header.Get(name) {
			t.Errorf("HEAD %s has %s: %q, GET has %q", path, name, got, want.header.Get(name))
		}
	}
}

// Another spelling of an address leads to the one there is, for good and with
// its query.
func TestOtherSpellingsRedirect(t *testing.T) {
	s := readers(t)
	for _, tt := range []struct{ path, to string }{
		{"/harbour", "/harbour/"},
		{"/Harbour/", "/harbour/"},
		{"/harbour/sold-at-midnight/", "/harbour/sold-at-midnight"},
		{"/Harbour/Sold-At-Midnight", "/harbour/sold-at-midnight"},
		{"/HARBOUR/SOLD-AT-MIDNIGHT.TXT", "/harbour/sold-at-midnight.txt"},
		{"/harbour/sold-at-midnight/?from=a&b=c", "/harbour/sold-at-midnight?from=a&b=c"},
	} {
		a := s.get(t, tt.path)
		if got := a.header.Get("Location"); a.status != http.StatusMovedPermanently || got != tt.to {
			t.Errorf("GET %s = %d to %q, want 301 to %q", tt.path, a.status, got, tt.to)
		}
		wantProtected(t, tt.path, a)
	}
}

// Readers only read: whatever else is sent is refused.
func TestNothingCanBeSentIn(t *testing.T) {
	s := readers(t)
	for _, path := range []string{"/", "/harbour/", "/harbour/sold-at-midnight", "/feed.xml", "/healthz", "/nowhere"} {
		for _, method := range []string{"POST", "PUT", "DELETE", "PATCH"} {
			a := s.ask(t, method, path)
			if a.status != http.StatusMethodNotAllowed || !strings.Contains(a.header.Get("Allow"), "GET") {
				t.Errorf("%s %s = %d, Allow %q; want 405 and GET among what is allowed", method, path, a.status, a.header.Get("Allow"))
			}
			wantProtected(t, path, a)
		}
	}
	if a := s.ask(t, "POST", "/", "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"); a.status != http.StatusForbidden {
		t.Errorf("POST / from another site = %d, want 403", a.status)
	}
}

// Who has a page already is told so, whether it came compressed or plain, and
// the compressed page is the plain one.
func TestUnchangedPagesAreNotSentAgain(t *testing.T) {
	s := readers(t)
	for _, path := range []string{"/", "/harbour/", "/harbour/sold-at-midnight", "/harbour/sold-at-midnight.txt", "/feed.xml", "/rss.xml", "/feed.json", "/sitemap.xml?part=2"} {
		plain, packed := s.get(t, path), s.ask(t, "GET", path, "Accept-Encoding", "gzip")
		if packed.header.Get("Content-Encoding") != "gzip" || !strings.Contains(packed.header.Get("Vary"), "Accept-Encoding") {
			t.Errorf("%s is sent with Content-Encoding %q and Vary %q, want gzip, said to vary", path, packed.header.Get("Content-Encoding"), packed.header.Get("Vary"))
		}
		if got := unpack(t, packed); got != plain.body {
			t.Errorf("%s unpacked is not what is sent plain: %.100q, %.100q", path, got, plain.body)
		}
		for _, header := range [][]string{nil, {"Accept-Encoding", "gzip"}} {
			for _, tag := range []string{plain.header.Get("Etag"), packed.header.Get("Etag"), "*"} {
				a := s.ask(t, "GET", path, append(header, "If-None-Match", tag)...)
				if tag == "" || a.status != http.StatusNotModified || a.body != "" {
					t.Errorf("GET %s with %s, If-None-Match %q = %d with %d bytes, want 304", path, header, tag, a.status, len(a.body))
				}
			}
			if a := s.ask(t, "GET", path, append(header, "If-None-Match", `"another"`)...); a.status != http.StatusOK {
				t.Errorf("GET %s with another's tag = %d, want 200", path, a.status)
			}
		}
	}
}

var renditionAddress = regexp.MustCompile(`/media/([a-z0-9]+)/(\d+)\.(jpg|webp)`)

// Every picture that a page names is there in every width, as what its address
// says, to be kept for good, whole or in part; other widths are not.
func TestPictures(t *testing.T) {
	s := readers(t)
	seen := map[string]bool{}
	for _, path := range []string{"/", "/culture/how-this-page-is-made", "/feed.xml"} {
		for _, m := range renditionAddress.FindAllStringSubmatch(s.want(t, path, http.StatusOK), -1) {
			if seen[m[0]] {
				continue
			}
			seen[m[0]] = true
			a := s.get(t, m[0])
			if a.status != http.StatusOK || a.header.Get("Cache-Control") != "public, max-age=31536000, immutable" {
				t.Errorf("GET %s = %d, Cache-Control %q; want 200, for good", m[0], a.status, a.header.Get("Cache-Control"))
			}
			wantProtected(t, m[0], a)
			if m[3] == "jpg" {
				wantJPEG(t, m[0], m[2], a)
			} else if got := a.header.Get("Content-Type"); got != "image/webp" || !strings.HasPrefix(a.body, "RIFF") {
				t.Errorf("%s is %s, %.12q", m[0], got, a.body)
			}
		}
	}
	if len(seen) < 20 {
		t.Errorf("only %d pictures found on the pages", len(seen))
	}
	for address := range seen {
		wantRange(t, s, address)
		dir := address[:strings.LastIndexByte(address, '/')]
		for _, name := range []string{"/321.jpg", "/0.jpg", "/-320.jpg", "/99999.jpg", "/320.png", "/320", "/x.jpg"} {
			a := s.get(t, dir+name)
			if a.status != http.StatusNotFound || strings.Contains(a.header.Get("Cache-Control"), "immutable") {
				t.Errorf("GET %s = %d, Cache-Control %q; want 404, not for good", dir+name, a.status, a.header.Get("Cache-Control"))
			}
		}
		break
	}
}

func wantJPEG(t *testing.T, path, width string, a answer) {
	t.Helper()
	c, format, err := image.DecodeConfig(strings.NewReader(a.body))
	if err != nil || format != "jpeg" || a.header.Get("Content-Type") != "image/jpeg" || fmt.Sprint(c.Width) != width {
		t.Errorf("%s is %s, %s, %d wide (%v); want a JPEG of that width", path, a.header.Get("Content-Type"), format, c.Width, err)
	}
}

// wantRange complains unless a part can be fetched, and unless who has the
// picture is told so.
func wantRange(t *testing.T, s *server, path string) {
	t.Helper()
	whole := s.get(t, path)
	part := s.ask(t, "GET", path, "Range", "bytes=100-199")
	if part.status != http.StatusPartialContent || part.body != whole.body[100:200] {
		t.Errorf("GET %s, bytes 100-199 = %d with %d bytes, want 206 with those 100", path, part.status, len(part.body))
	}
	if a := s.ask(t, "GET", path, "If-None-Match", whole.header.Get("Etag")); a.status != http.StatusNotModified {
		t.Errorf("GET %s with its tag = %d, want 304", path, a.status)
	}
	wantSameByHead(t, s, path, whole)
}

// Every address that a page names, be it a link, a picture, a style sheet, a
// font or a file, leads to something.
func TestNoLinkIsBroken(t *testing.T) {
	s := readers(t)
	todo, seen := []string{"/"}, map[string]bool{"/": true}
	for len(todo) > 0 {
		path := todo[0]
		todo = todo[1:]
		a := s.get(t, path)
		if a.status != http.StatusOK {
			t.Errorf("GET %s = %d, though a page leads there", path, a.status)
		}
		for _, next := range references(t, path, a) {
			if !seen[next] {
				seen[next] = true
				todo = append(todo, next)
			}
		}
	}
	if len(seen) < 100 {
		t.Errorf("only %d addresses found", len(seen))
	}
}

var styleAddress = regexp.MustCompile(`url\(["']?([^"')]+)`)

// references returns the paths on the same site that the answer at a path
// names.
func references(t *testing.T, path string, a answer) []string {
	t.Helper()
	base, err := url.Parse(public + path)
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	add := func(address string) {
		u, err := base.Parse(address)
		if err != nil {
			t.Errorf("%s names the address %q: %v", path, address, err)
		} else if u.Scheme+"://"+u.Host == public && address != "" {
			paths = append(paths, u.RequestURI())
		}
	}
	switch contentType := a.header.Get("Content-Type"); {
	case strings.HasPrefix(contentType, "text/css"):
		for _, m := range styleAddress.FindAllStringSubmatch(a.body, -1) {
			add(m[1])
		}
	case strings.HasPrefix(contentType, "text/html"):
		root, err := html.Parse(strings.NewReader(a.body))
		if err != nil {
			t.Fatal(err)
		}
		for n := range root.Descendants() {
			add(attr(n, "href"))
			add(attr(n, "src"))
			for candidate := range strings.SplitSeq(attr(n, "srcset"), ",") {
				address, _, _ := strings.Cut(strings.TrimSpace(candidate), " ")
				add(address)
			}
		}
	}
	return paths
}
