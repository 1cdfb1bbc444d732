// Package site answers readers: front page, sections, articles and their twins,
// tags, people, editions, the archive, feeds, sitemaps, pictures and files.
//
// What it answers is made from what the store holds, and kept in the floor's
// cache for as long as that does not change: [Site.Follow] reads the
// publication log and drops what a publication touches, whichever process it
// came from. It writes nothing, sets no cookie and keeps nothing about a reader.
package site

import (
	"context"
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"example.org/broadside/internal/card"
	"example.org/broadside/internal/newsroom"
	"example.org/broadside/internal/page"
	"example.org/broadside/internal/picture"
	"example.org/broadside/internal/store"
	"example.org/broadside/internal/telemetry"
	"example.org/broadside/internal/web"
)

// Options are the parts that a site is made of.
type Options struct {
	Store    *store.DB
	Newsroom *newsroom.Newsroom
	Pages    *page.Pages
	Cards    *card.Drawer
	Now      func() time.Time

	// URL is the public address to use while the paper's settings name none.
	URL string
}

// A Site answers readers of one newspaper. It is made by [New] and is safe for
// concurrent use.
type Site struct {
	Options
	floor *web.Floor
	mux   *http.ServeMux
	webp  bool

	shared shared

	// langs are the languages that all pages which are kept know of. Only
	// Follow uses it.
	langs []string
}

// shared is what every page shows, while Follow sees to it that it is true.
type shared struct {
	base atomic.Pointer[page.Base]

	mu        sync.Mutex
	following bool
	drops     int64 // how often it was dropped
}

// mark returns how often the base was dropped, to be handed to keep later.
func (s *shared) mark() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.drops
}

// keep keeps a base that was begun to be loaded at a mark, unless it was dropped
// since: then something has changed that may not be in it.
func (s *shared) keep(b *page.Base, mark int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.following && s.drops == mark {
		s.base.Store(b)
	}
}

// drop drops the base.
func (s *shared) drop() { s.follow(true) }

// follow drops the base, and says whether another is kept.
func (s *shared) follow(following bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.following = following
	s.drops++
	s.base.Store(nil)
}

// New returns the site. Floor holds everything that an answer needs besides its
// content; its error page should be [ErrorPage] of the same options.
func New(opt Options, floor *web.Floor) *Site {
	s := &Site{Options: opt, floor: floor, mux: http.NewServeMux(), webp: slices.Contains(picture.Formats(), "webp")}
	for pattern, h := range map[string]web.Handler{
		"GET /media/{picture}/{file}":          soon(s.picture),
		"GET /media/file/{file}/{name}":        soon(s.file),
		"GET /media/card/{card}":               floor.Content(s.card, nil),
		"GET " + opt.Pages.Static() + "{name}": floor.Content(s.asset, nil),
		"GET /":                                floor.Content(s.content, parameters),
	} {
		s.mux.Handle(pattern, floor.Handle(h))
	}
	s.mux.Handle("GET /healthz", telemetry.Health(opt.Store.Ping))
	return s
}

// ServeHTTP answers a request for any address of the site.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// soon gives a handler up whose store has fallen silent. What then comes from
// the store is an error of kind [broadside.Unavailable].
func soon(h web.Handler) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx, cancel := context.WithTimeout(r.Context(), web.Patience)
		defer cancel()
		return h(w, r.WithContext(ctx))
	}
}

// newestSize is how many headlines an error page offers.
const newestSize = 4

// ErrorPage returns the page that tells a reader what went wrong. It works,
// if barely, while the store does not.
func ErrorPage(opt Options) web.ErrorPage {
	s := &Site{Options: opt}
	return func(w io.Writer, r *http.Request, status int, message string) error {
		// A store that made the page fail must not keep its reader waiting again.
		ctx, cancel := context.WithTimeout(r.Context(), time.Second)
		defer cancel()
		base, err := s.load(ctx)
		if err != nil {
			base = &page.Base{Now: opt.Now()}
		}
		n := page.Notice{Base: *base, Status: status}
		n.Linked, n.Paper.Colour = true, "" // an error has no policy of its own that would allow styles within it
		if status != http.StatusNotFound && status != http.StatusInternalServerError {
			n.Reason = message
		}
		if err == nil {
			// Without them the page is poorer, but still a page.
			n.Newest, _ = opt.Store.Headlines(ctx, store.Scope{Lang: base.Paper.Lang}, 0, newestSize)
		}
		sheet, err := opt.Pages.Notice(n)
		if err != nil {
			return err
		}
		_, err = w.Write(sheet.Body)
		return err
	}
}
