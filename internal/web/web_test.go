package web

import (
	"bytes"
	"compress/gzip"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"example.org/broadside"
	"example.org/broadside/internal/telemetry"
)

// A log is a buffer that several goroutines may write to.
type log struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *log) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(b)
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

func keyed(b []byte) []byte {
	m := hmac.New(sha256.New, []byte("a key of the paper's own"))
	m.Write(b)
	return m.Sum(nil)
}

func errorPage(w io.Writer, r *http.Request, status int, message string) error {
	_, err := fmt.Fprintf(w, "<!doctype html><h1>%d</h1><p>%s</p>", status, html.EscapeString(message))
	return err
}

// newFloor returns a floor whose log is kept from level on.
func newFloor(t *testing.T, level string) (*Floor, *telemetry.Metrics, *log) {
	t.Helper()
	kept := &log{}
	logger, err := telemetry.Logger(kept, level, "text")
	if err != nil {
		t.Fatal(err)
	}
	metrics := telemetry.NewMetrics("test")
	return New(Options{Log: logger, Metrics: metrics, Page: errorPage, Hash: keyed}), metrics, kept
}

// serve starts a real server of the handlers that routes adds.
func serve(t *testing.T, f *Floor, routes func(*http.ServeMux)) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	routes(mux)
	server := httptest.NewServer(f.Wrap(mux))
	t.Cleanup(server.Close)
	return server
}

// plain asks for no compression unless a header says so; net/http would
// otherwise ask for it and hide it.
var plain = &http.Client{Transport: &http.Transport{DisableCompression: true}}

// do sends a request with headers, given as "Name: value".
func do(t *testing.T, method, url string, body io.Reader, headers ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequest(method, url, body)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	answer, err := plain.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(text)
}

func unzip(t *testing.T, s string) string {
	t.Helper()
	z, err := gzip.NewReader(strings.NewReader(s))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestEachKindOfErrorHasItsStatusAndItsPlaceInTheLog(t *testing.T) {
	cause := errors.New("the cause")
	tests := []struct {
		err     error
		status  int
		message string
		level   string // what the log says, or "" for nothing at level info
	}{
		{&broadside.Error{Kind: broadside.Invalid, Public: "Give a <date>.", Err: cause}, 422, "Give a &lt;date&gt;.", ""},
		{&broadside.Error{Kind: broadside.Denied, Public: "Not yours.", Err: cause}, 403, "Not yours.", ""},
		{&broadside.Error{Kind: broadside.NotFound, Public: "Nothing here.", Err: cause}, 404, "Nothing here.", ""},
		{&broadside.Error{Kind: broadside.Gone, Public: "Withdrawn.", Err: cause}, 410, "Withdrawn.", ""},
		{&broadside.Error{Kind: broadside.Conflict, Public: "Too late.", Err: cause}, 409, "Too late.", ""},
		{&broadside.Error{Kind: broadside.Unavailable, Public: "Later.", Err: cause}, 503, "Later.", "level=WARN"},
		{&broadside.Error{Kind: broadside.Internal, Public: "Sorry.", Err: cause}, 500, "Sorry.", "level=ERROR"},
		{fmt.Errorf("article: %w", cause), 500, broadside.PublicOf(nil), "level=ERROR"},
		{fmt.Errorf("article: %w", broadside.Errorf(broadside.NotFound, "None.")), 404, "None.", ""},
		{&broadside.Error{Kind: "a kind from the future", Public: "Odd."}, 500, "Odd.", "level=ERROR"},
	}
	for _, tt := range tests {
		f, _, kept := newFloor(t, "info")
		server := serve(t, f, func(mux *http.ServeMux) {
			mux.Handle("/", f.Handle(func(w http.ResponseWriter, r *http.Request) error {
				w.Header().Set("Etag", `"x"`)
				w.Header().Set("Content-Length", "99999")
				w.Header().Set("Cache-Control", "max-age=600")
				return tt.err
			}))
		})
		answer, body := do(t, "GET", server.URL+"/page", nil)
		want := fmt.Sprintf("<!doctype html><h1>%d</h1><p>%s</p>", tt.status, tt.message)
		if answer.StatusCode != tt.status || body != want {
			t.Errorf("%v is answered by %d %q, want %q", tt.err, answer.StatusCode, body, want)
		}
		if got := answer.Header.Get("Content-Type"); got != "text/html; charset=utf-8" {
			t.Errorf("the error page has the type %q", got)
		}
		if h := answer.Header; h.Get("Etag") != "" || h.Get("Cache-Control") != "no-store" {
			t.Errorf("the error page can be kept: %v", h)
		}
		if got := answer.Header.Get("Retry-After"); (got == "10") != (tt.status == 503) {
			t.Errorf("%d is answered with Retry-After %q", tt.status, got)
		}
		logged := kept.String()
		if tt.level == "" && logged != "" || !strings.Contains(logged, tt.level) || strings.Count(logged, "\n") > 1 {
			t.Errorf("%v is logged as %q, want %q once", tt.err, logged, tt.level)
		}
		if errors.Is(tt.err, cause) && tt.level != "" && !strings.Contains(logged, "the cause") {
			t.Errorf("the log lacks the cause: %q", logged)
		}
	}
}

func TestHEADOfAnErrorHasTheHeadersAndNoBody(t *testing.T) {
	f, _, _ := newFloor(t, "info")
	server := serve(t, f, func(mux *http.ServeMux) {
		mux.Handle("GET /", f.Handle(func(http.ResponseWriter, *http.Request) error {
			return broadside.Errorf(broadside.NotFound, "Nothing here.")
		}))
	})
	answer, body := do(t, "HEAD", server.URL+"/", nil)
	if answer.StatusCode != 404 || body != "" || answer.Header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("HEAD is answered by %d %q %v", answer.StatusCode, body, answer.Header)
	}
}

func TestAnErrorPageThatFailsIsReplacedByTheSentence(t *testing.T) {
	f, _, kept := newFloor(t, "info")
	f.opt.Page = func(w io.Writer, r *http.Request, status int, message string) error {
		fmt.Fprint(w, "half a page")
		return errors.New("template broken")
	}
	server := serve(t, f, func(mux *http.ServeMux) {
		mux.Handle("/", f.Handle(func(http.ResponseWriter, *http.Request) error {
			return broadside.Errorf(broadside.Gone, "Withdrawn.")
		}))
	})
	answer, body := do(t, "GET", server.URL+"/", nil)
	if answer.StatusCode != 410 || body != "Withdrawn.\n" || !strings.Contains(kept.String(), "template broken") {
		t.Errorf("answer %d %q, log %q", answer.StatusCode, body, kept)
	}
}

// A page that breaks off must not pass for a whole one.
func TestAnErrorInTheMiddleOfAnAnswerCutsTheConnection(t *testing.T) {
	breaks := map[string]Handler{
		"error": func(w http.ResponseWriter, r *http.Request) error {
			fmt.Fprint(w, strings.Repeat("half a page ", 1000))
			return errors.New("the disk went away")
		},
		"panic": func(w http.ResponseWriter, r *http.Request) error {
			fmt.Fprint(w, strings.Repeat("half a page ", 1000))
			panic("the disk went away")
		},
	}
	for name, h := range breaks {
		for _, encoding := range []string{"identity", "gzip"} {
			f, metrics, kept := newFloor(t, "info")
			server := serve(t, f, func(mux *http.ServeMux) { mux.Handle("GET /{$}", f.Handle(h)) })
			r, err := http.NewRequest("GET", server.URL, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Accept-Encoding", encoding)
			answer, err := plain.Do(r)
			if err == nil {
				_, err = io.ReadAll(answer.Body)
				answer.Body.Close()
			}
			if err == nil {
				t.Errorf("%s, %s: half a page arrives as a whole one", name, encoding)
			}
			if got := kept.String(); !strings.Contains(got, "the disk went away") || strings.Count(got, "\n") != 1 {
				t.Errorf("%s, %s: log %q", name, encoding, got)
			}
			server.Close()
			if got := scrape(metrics); !strings.Contains(got, `requests_total{code="500",route="GET /{$}"} 1`) {
				t.Errorf("%s, %s: not counted as our fault:\n%s", name, encoding, got)
			}
		}
	}
}

// scrape returns the metrics of requests as text.
func scrape(m *telemetry.Metrics) string {
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	var lines []string
	for line := range strings.Lines(w.Body.String()) {
		if strings.HasPrefix(line, "broadside_http_requests_total") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}

func TestAPanicIsAnErrorWhoseStackIsInTheLogOnly(t *testing.T) {
	f, _, kept := newFloor(t, "info")
	server := serve(t, f, func(mux *http.ServeMux) {
		mux.HandleFunc("/", func(http.ResponseWriter, *http.Request) { panic("unthinkable") })
	})
	answer, body := do(t, "GET", server.URL+"/", nil)
	if answer.StatusCode != 500 || strings.Contains(body, "unthinkable") || strings.Contains(body, ".go:") {
		t.Errorf("answer %d %q", answer.StatusCode, body)
	}
	if got := kept.String(); !strings.Contains(got, "unthinkable") || !strings.Contains(got, "web_test.go:") {
		t.Errorf("log %q", got)
	}
}

func TestWhoLeavesIsAnsweredNothingAndLoggedQuietly(t *testing.T) {
	f, metrics, kept := newFloor(t, "info")
	arrived := make(chan bool)
	server := serve(t, f, func(mux *http.ServeMux) {
		mux.Handle("/", f.Handle(func(w http.ResponseWriter, r *http.Request) error {
			close(arrived)
			<-r.Context().Done()
			return fmt.Errorf("query: %w", errors.New("interrupted"))
		}))
	})
	r, err := http.NewRequest("GET", server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, leave := contextWithCancel(t)
	go func() { <-arrived; leave() }()
	if _, err := plain.Do(r.WithContext(ctx)); err == nil {
		t.Fatal("there was an answer")
	}
	server.Close()
	if got := kept.String(); got != "" {
		t.Errorf("log %q", got)
	}
	if got := scrape(metrics); !strings.Contains(got, `{code="499",route="/"} 1`) {
		t.Errorf("metrics %q", got)
	}
}

func TestRequestsAreCountedByRouteAndLoggedWithoutTheReader(t *testing.T) {
	f, metrics, kept := newFloor(t, "debug")
	server := serve(t, f, func(mux *http.ServeMux) {
		mux.Handle("GET /{section}/{slug}", f.Handle(func(w http.ResponseWriter, r *http.Request) error {
			_, err := fmt.Fprint(w, "a page")
			return err
		}))
	})
	headers := []string{"User-Agent: a-rare-browser", "X-Forwarded-For: 198.51.100.7", "Referer: http://127.0.0.1/where-from"}
	do(t, "GET", server.URL+"/world/a?q=secret", nil, headers...)
	do(t, "GET", server.URL+"/world/b", nil, headers...)
	do(t, "GET", server.URL+"/nowhere", nil, headers...)
	server.Close()
	want := "broadside_http_requests_total{code=\"200\",route=\"GET /{section}/{slug}\"} 2\n" +
		"broadside_http_requests_total{code=\"404\",route=\"none\"} 1\n"
	if got := scrape(metrics); got != want {
		t.Errorf("metrics:\n%swant:\n%s", got, want)
	}
	got := kept.String()
	if strings.Count(got, "path=/world/a ") != 1 {
		t.Errorf("the log lacks the request:\n%s", got)
	}
	for _, private := range []string{"secret", "127.0.0.1", "198.51.100.7", "a-rare-browser", "where-from"} {
		if strings.Contains(got, private) {
			t.Errorf("the log shows %q:\n%s", private, got)
		}
	}
}

func TestABodyIsBounded(t *testing.T) {
	f, _, _ := newFloor(t, "info")
	read := func(w http.ResponseWriter, r *http.Request) error {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return &broadside.Error{Kind: broadside.Invalid, Public: "The form is broken.", Err: err}
		}
		return nil
	}
	server := serve(t, f, func(mux *http.ServeMux) {
		mux.Handle("POST /form", f.Handle(read))
		mux.Handle("POST /upload", f.HandleMax(2<<20, read))
	})
	tests := []struct {
		path   string
		bytes  int
		status int
		says   string
	}{
		{"/form", MaxBody, 200, ""},
		{"/form", MaxBody + 1, 413, "larger than the 1 MB"},
		{"/upload", MaxBody + 1, 200, ""},
		{"/upload", 2<<20 + 1, 413, "larger than the 2 MB"},
	}
	for _, tt := range tests {
		answer, body := do(t, "POST", server.URL+tt.path, bytes.NewReader(make([]byte, tt.bytes)))
		if answer.StatusCode != tt.status || !strings.Contains(body, tt.says) {
			t.Errorf("%d bytes to %s: %d %q, want %d %q", tt.bytes, tt.path, answer.StatusCode, body, tt.status, tt.says)
		}
	}
}

func TestAFormFromAnotherSiteIsRefused(t *testing.T) {
	f, _, _ := newFloor(t, "info")
	server := serve(t, f, func(mux *http.ServeMux) {
		mux.Handle("/", f.Handle(func(w http.ResponseWriter, r *http.Request) error {
			_, err := fmt.Fprint(w, "done")
			return err
		}))
	})
	tests := []struct {
		method, header string
		status         int
	}{
		{"POST", "Sec-Fetch-Site: cross-site", 403},
		{"POST", "Origin: https://evil.example", 403},
		{"POST", "Origin: null", 403},
		{"POST", "Sec-Fetch-Site: same-origin", 200},
		{"POST", "Origin: " + server.URL, 200},
		{"POST", "X-Program: curl", 200}, // not a browser, so nobody's session is abused
		{"GET", "Sec-Fetch-Site: cross-site", 200},
	}
	for _, tt := range tests {
		answer, body := do(t, tt.method, server.URL+"/", nil, tt.header)
		if answer.StatusCode != tt.status {
			t.Errorf("%s with %s: %d, want %d", tt.method, tt.header, answer.StatusCode, tt.status)
		}
		if tt.status == 403 && (!strings.Contains(body, "<h1>403</h1>") || answer.Header.Get("Content-Security-Policy") == "") {
			t.Errorf("%s with %s is refused without page or headers: %q", tt.method, tt.header, body)
		}
	}
}

func TestEveryAnswerHasTheHeadersThatProtectReaders(t *testing.T) {
	want := map[string]string{
		"Content-Security-Policy":    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
		"Referrer-Policy":            "same-origin",
		"X-Content-Type-Options":     "nosniff",
		"Permissions-Policy":         "camera=(), geolocation=(), microphone=(), browsing-topics=()",
		"Cross-Origin-Opener-Policy": "same-origin",
	}
	for _, https := range []bool{false, true} {
		f, _, _ := newFloor(t, "info")
		f.opt.HTTPS = https
		server := serve(t, f, func(mux *http.ServeMux) {
			mux.HandleFunc("/page", func(w http.ResponseWriter, r *http.Request) {})
			mux.HandleFunc("/panic", func(w http.ResponseWriter, r *http.Request) { panic("x") })
		})
		for _, path := range []string{"/page", "/panic", "/nowhere"} {
			answer, _ := do(t, "GET", server.URL+path, nil)
			for name, value := range want {
				if got := answer.Header.Get(name); got != value {
					t.Errorf("%s: %s = %q, want %q", path, name, got, value)
				}
			}
			if got := answer.Header.Get("Strict-Transport-Security"); (got == "max-age=31536000") != https {
				t.Errorf("%s: Strict-Transport-Security = %q when HTTPS is %v", path, got, https)
			}
			if got := answer.Header.Values("Set-Cookie"); got != nil {
				t.Errorf("%s sets the cookie %v", path, got)
			}
		}
	}
}

func TestAFloorNeedsNeitherMetricsNorPage(t *testing.T) {
	f := New(Options{Log: slog.New(slog.DiscardHandler), Hash: keyed})
	server := serve(t, f, func(mux *http.ServeMux) {
		mux.Handle("/", f.Handle(func(http.ResponseWriter, *http.Request) error {
			return broadside.Errorf(broadside.Conflict, "Too late.")
		}))
	})
	answer, body := do(t, "GET", server.URL+"/", nil)
	if answer.StatusCode != 409 || body != "Too late.\n" {
		t.Errorf("answer %d %q", answer.StatusCode, body)
	}
}
