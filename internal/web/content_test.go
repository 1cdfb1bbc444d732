package web

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

var (
	page    = "<!doctype html><p>" + strings.Repeat("All the news that fits. ", 400)
	picture = strings.Repeat("\xff\xd8picture", 1000)
)

// contents serves the three sorts of content that differ.
func contents(t *testing.T) string {
	f, _, _ := newFloor(t, "info")
	content := func(contentType, body, cache string) http.Handler {
		return f.Handle(func(w http.ResponseWriter, r *http.Request) error {
			return f.WriteContent(w, r, &Content{Type: contentType, Body: []byte(body), CacheControl: cache})
		})
	}
	server := serve(t, f, func(mux *http.ServeMux) {
		mux.Handle("GET /page", content("text/html; charset=utf-8", page, ""))
		mux.Handle("GET /short", content("text/html; charset=utf-8", "<p>short", ""))
		mux.Handle("GET /picture", content("image/jpeg", picture, "public, max-age=31536000, immutable"))
	})
	return server.URL
}

func TestTextsAreCompressedForWhoAcceptsIt(t *testing.T) {
	url := contents(t)
	tests := []struct {
		path, accept string
		compressed   bool
		body         string
	}{
		{"/page", "gzip", true, page},
		{"/page", "identity", false, page},
		{"/page", "gzip;q=0", false, page},
		{"/short", "gzip", false, "<p>short"},
		{"/picture", "gzip", false, picture},
	}
	for _, tt := range tests {
		answer, body := do(t, "GET", url+tt.path, nil, "Accept-Encoding: "+tt.accept)
		if got := answer.Header.Get("Content-Encoding") == "gzip"; got != tt.compressed {
			t.Errorf("%s for %q: compressed %v, want %v", tt.path, tt.accept, got, tt.compressed)
			continue
		}
		if tt.compressed {
			body = unzip(t, body)
		}
		if body != tt.body {
			t.Errorf("%s for %q: another body arrives", tt.path, tt.accept)
		}
		if got := answer.Header.Get("Vary"); (got == "Accept-Encoding") != (tt.path != "/picture") {
			t.Errorf("%s for %q: Vary %q", tt.path, tt.accept, got)
		}
	}
}

func TestACopyThatIsStillGoodIsNotSentAgain(t *testing.T) {
	url := contents(t)
	for _, path := range []string{"/page", "/short", "/picture"} {
		tags := map[string]bool{}
		for _, accept := range []string{"gzip", "identity"} {
			first, _ := do(t, "GET", url+path, nil, "Accept-Encoding: "+accept)
			tag := first.Header.Get("Etag")
			tags[tag] = true
			for header, want := range map[string]int{
				"If-None-Match: " + tag:                            304,
				`If-None-Match: "other", ` + tag:                   304,
				`If-None-Match: W/"a" , ,"b",` + tag:               304,
				"If-None-Match: *":                                 304,
				`If-None-Match: "other"`:                           200,
				`If-None-Match: ` + strings.Trim(tag, `W/"`):       200,
				`If-None-Match: "`:                                 200,
				"If-None-Match: W/":                                200,
				"If-None-Match: ":                                  200,
				`If-None-Match: ` + strings.Repeat(`"x",`, 2000):   200,
				"If-Modified-Since: Mon, 04 May 2026 03:02:01 GMT": 200,
				`If-Match: "other"`:                                412,
			} {
				answer, body := do(t, "GET", url+path, nil, "Accept-Encoding: "+accept, header)
				if answer.StatusCode != want || want == 304 && body != "" {
					t.Errorf("%s, %s, %s: %d with %d bytes, want %d", path, accept, header, answer.StatusCode, len(body), want)
				}
				if got := answer.Header.Get("Etag"); got != tag && want != 412 {
					t.Errorf("%s, %s, %s: the tag was %s and is %s", path, accept, header, tag, got)
				}
			}
		}
		if len(tags) != 1 {
			t.Errorf("%s has several tags: %v", path, tags)
		}
	}
}

// One strong tag for two sequences of bytes would let a cache join their parts.
func TestTheTagOfATextIsWeakAndOfAPictureStrong(t *testing.T) {
	url := contents(t)
	for path, weak := range map[string]bool{"/page": true, "/short": true, "/picture": false} {
		answer, _ := do(t, "GET", url+path, nil)
		if tag := answer.Header.Get("Etag"); strings.HasPrefix(tag, `W/"`) != weak || !strings.HasSuffix(tag, `"`) {
			t.Errorf("%s has the tag %s", path, tag)
		}
	}
}

func TestATagIsNoHashThatAnybodyCouldMake(t *testing.T) {
	answer, _ := do(t, "GET", contents(t)+"/page", nil)
	sum := sha256.Sum256([]byte(page))
	tag := answer.Header.Get("Etag")
	if strings.Contains(tag, hex.EncodeToString(sum[:8])) {
		t.Errorf("the tag %s is the plain hash of the page", tag)
	}
	if want := `W/"` + hex.EncodeToString(keyed([]byte(page))[:16]) + `"`; tag != want {
		t.Errorf("the tag is %s, want %s", tag, want)
	}
}

func TestCacheControlIsTheCallersOrRevalidate(t *testing.T) {
	url := contents(t)
	for path, want := range map[string]string{"/page": Revalidate, "/picture": "public, max-age=31536000, immutable"} {
		if answer, _ := do(t, "GET", url+path, nil); answer.Header.Get("Cache-Control") != want {
			t.Errorf("%s: Cache-Control %q, want %q", path, answer.Header.Get("Cache-Control"), want)
		}
	}
}

func TestHEADHasTheHeadersOfGET(t *testing.T) {
	url := contents(t)
	for _, path := range []string{"/page", "/short", "/picture"} {
		for _, accept := range []string{"gzip", "identity"} {
			get, _ := do(t, "GET", url+path, nil, "Accept-Encoding: "+accept)
			head, body := do(t, "HEAD", url+path, nil, "Accept-Encoding: "+accept)
			if body != "" || head.StatusCode != 200 {
				t.Errorf("HEAD %s: %d with %d bytes", path, head.StatusCode, len(body))
			}
			for _, name := range []string{"Content-Type", "Content-Length", "Content-Encoding", "Etag", "Cache-Control", "Vary"} {
				if g, h := get.Header.Get(name), head.Header.Get(name); g != h {
					t.Errorf("%s for %s: %s is %q for GET and %q for HEAD", path, accept, name, g, h)
				}
			}
		}
	}
}

func TestAPartCanBeAskedFor(t *testing.T) {
	url := contents(t)
	for path, body := range map[string]string{"/page": page, "/picture": picture} {
		answer, got := do(t, "GET", url+path, nil, "Range: bytes=100-199", "Accept-Encoding: gzip")
		if answer.StatusCode != 206 || got != body[100:200] || answer.Header.Get("Content-Encoding") != "" {
			t.Errorf("%s: %d, %d bytes, encoding %q", path, answer.StatusCode, len(got), answer.Header.Get("Content-Encoding"))
		}
	}
	answer, got := do(t, "GET", url+"/picture", nil, "Range: bytes=0-9", `If-Range: "of another picture"`)
	if answer.StatusCode != 200 || got != picture {
		t.Errorf("a part of another picture was asked for, and the answer is %d with %d bytes", answer.StatusCode, len(got))
	}
}

func TestIsText(t *testing.T) {
	for contentType, want := range map[string]bool{
		"text/html; charset=utf-8": true, "text/css": true, "text/plain": true, "image/svg+xml": true,
		"application/atom+xml": true, "application/feed+json": true, "application/json": true, "application/xml": true,
		"image/jpeg": false, "image/webp": false, "font/woff2": false, "application/zip": false, "": false, "text": false,
	} {
		if got := isText(contentType); got != want {
			t.Errorf("isText(%q) = %v, want %v", contentType, got, want)
		}
	}
}

// What is written bit by bit has to arrive bit by bit.
func TestAnAnswerCanBeFlushed(t *testing.T) {
	f, _, _ := newFloor(t, "info")
	goOn := make(chan bool)
	server := serve(t, f, func(mux *http.ServeMux) {
		mux.Handle("/", f.Handle(func(w http.ResponseWriter, r *http.Request) error {
			fmt.Fprint(w, "first")
			if err := http.NewResponseController(w).Flush(); err != nil {
				return err
			}
			<-goOn
			fmt.Fprint(w, "second")
			return nil
		}))
	})
	answer, err := plain.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	part := make([]byte, 5)
	if _, err := answer.Body.Read(part); err != nil || string(part) != "first" {
		t.Errorf("first part %q, %v", part, err)
	}
	close(goOn)
}

// A browser puts the headers of a 304 in the place of those that its copy came
// with. The copy may be in another form, with styles of its own.
func TestThePolicyOfACopyStays(t *testing.T) {
	url := contents(t)
	whole, _ := do(t, "GET", url+"/page", nil)
	match := "If-None-Match: " + whole.Header.Get("Etag")
	for _, header := range [][]string{{match}, {match, "Range: bytes=0-9"}} {
		resp, _ := do(t, "GET", url+"/page", nil, header...)
		if resp.StatusCode != http.StatusNotModified {
			t.Errorf("%q = %d, want 304", header, resp.StatusCode)
		}
		if policy, ok := resp.Header["Content-Security-Policy"]; ok {
			t.Errorf("%q: the 304 has the policy %q, want none", header, policy)
		}
	}
}
