// Package web is the floor under everything that answers readers, journalists
// and programs over HTTP: handlers return errors, and one place turns each
// error into a status, a page and a line in the log. It sets the headers that
// every answer keeps, compresses, counts, bounds what is sent in, and starts
// and stops the server.
//
// It knows no page and no address. It writes down nothing by which a reader
// could be found: neither addresses nor what was asked behind a "?".
//
// A [Floor] may be used by any number of goroutines.
package web

import (
	"io"
	"log/slog"
	"net/http"
	"time"

	"example.org/broadside"
	"example.org/broadside/internal/telemetry"
)

// A Handler answers a request or returns an error, which is then answered for
// it. It does not do both.
type Handler func(w http.ResponseWriter, r *http.Request) error

// An ErrorPage writes the HTML page that tells somebody about an error. The
// message is a sentence that is safe to show, but not escaped.
type ErrorPage func(w io.Writer, r *http.Request, status int, message string) error

// MaxBody is how many bytes of a request's body a handler can read, unless it
// was made by [Floor.HandleMax].
const MaxBody = 1 << 20

// Options are the parts that a [Floor] is made of.
type Options struct {
	Log     *slog.Logger
	Metrics *telemetry.Metrics // may be nil
	Page    ErrorPage          // may be nil: then errors are plain text

	// Hash is a keyed hash of at least 16 bytes. Entity tags are made of it, so
	// that nobody can recognise a page by comparing its tag with a guess.
	Hash func([]byte) []byte

	// HTTPS says that readers come over HTTPS only, whether or not it is this
	// program that speaks it.
	HTTPS bool

	// CDN says that caches in front of the program want to know what each
	// content was made from.
	CDN bool

	// Read is called for each article that somebody gets to read, with the
	// hour; it may be nil. It must be quick and safe for concurrent use.
	Read func(article string, r *http.Request, now time.Time)

	// Now tells the time; nil stands for [time.Now].
	Now func() time.Time
}

// A Floor carries handlers. It is made by [New].
type Floor struct {
	Cache *Cache
	opt   Options
	press press
}

// New returns a floor made of those parts.
func New(opt Options) *Floor {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	f := &Floor{opt: opt}
	f.Cache = newCache(f)
	return f
}

// Handle makes an [http.Handler] of a [Handler]. Of a request's body the
// handler can read [MaxBody] bytes.
func (f *Floor) Handle(h Handler) http.Handler { return f.HandleMax(MaxBody, h) }

// HandleMax is like [Floor.Handle] with another bound on the body. Reading
// beyond the bound is an error, which is answered with status 413 if the
// handler returns it, wrapped in whatever it likes.
func (f *Floor) HandleMax(bytes int64, h Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := answerOf(w)
		r.Body = http.MaxBytesReader(answer, r.Body, bytes)
		if err := h(answer, r); err != nil {
			f.report(answer, r, err)
		}
	})
}

// Wrap puts around all of a program's handlers what every request needs. From
// the outside in: odd headers are tidied; what the cache holds is answered at
// once; requests that another site makes a reader's browser send are refused,
// headers are set, the request is counted, and a panic becomes an error like any
// other.
func (f *Floor) Wrap(h http.Handler) http.Handler {
	inside := func(h http.Handler) http.Handler {
		return f.secure(f.observe(f.recover(h)))
	}
	crossOrigin := http.NewCrossOriginProtection()
	crossOrigin.SetDenyHandler(inside(f.Handle(func(http.ResponseWriter, *http.Request) error {
		return broadside.Errorf(broadside.Denied, "This was sent from a page of another site, so it was not accepted. Open the page here and send it again.")
	})))
	return tidy(f.Cache.before(crossOrigin.Handler(inside(h))))
}
