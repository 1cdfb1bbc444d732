// Package site answers readers: front page, sections, articles and their text
// twins, feeds, sitemap, pictures and files.
//
// Every answer is made from what the store holds at that moment, so what any
// process publishes is visible with the next request. It writes nothing, sets
// no cookie and keeps nothing about a reader.
package site

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"
	"time"

	"example.org/broadside"
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
	Now      func() time.Time

	// URL is the public address to use while the paper's settings name none.
	URL string
}

// A Site answers readers of one newspaper. It is safe for concurrent use.
type Site struct {
	Options
	floor *web.Floor
	webp  bool
}

// New returns the handler for every address of the site. Floor holds everything
// that an answer needs besides its content; its error page should be
// [ErrorPage] of the same options.
func New(opt Options, floor *web.Floor) http.Handler {
	s := &Site{opt, floor, slices.Contains(picture.Formats(), "webp")}
	assets, handler := opt.Pages.Assets()
	mux := http.NewServeMux()
	for pattern, h := range map[string]web.Handler{
		"GET /{$}":                      soon(s.front),
		"GET /feed.xml":                 soon(s.feed("", atom)),
		"GET /rss.xml":                  soon(s.feed("", rss)),
		"GET /feed.json":                soon(s.feed("", jsonFeed)),
		"GET /sitemap.xml":              soon(s.sitemap),
		"GET /robots.txt":               soon(s.robots),
		"GET /media/{picture}/{file}":   s.picture,
		"GET /media/file/{file}/{name}": s.file,
		"GET /":                         soon(s.resolve),
	} {
		mux.Handle(pattern, floor.Handle(h))
	}
	mux.Handle("GET "+assets, handler)
	mux.Handle("GET /healthz", telemetry.Health(opt.Store.Ping))
	return mux
}

// patience is how long a page may wait for the store: readers on slow networks
// wait for the page as well.
const patience = 8 * time.Second

// soon gives a handler up whose store has fallen silent. What then comes from
// the store is an error of kind [broadside.Unavailable].
func soon(h web.Handler) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		ctx, cancel := context.WithTimeout(r.Context(), patience)
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
		base, err := s.base(ctx)
		if err != nil {
			base = page.Base{Now: opt.Now()}
		}
		n := page.Notice{Base: base, Status: status}
		if status != http.StatusNotFound && status != http.StatusInternalServerError {
			n.Reason = message
		}
		if err == nil {
			// Without them the page is poorer, but still a page.
			n.Newest, _ = opt.Store.Listings(ctx, store.Scope{Lang: base.Paper.Lang}, 0, newestSize)
		}
		return opt.Pages.Notice(w, n)
	}
}

// base reads what every page shows.
func (s *Site) base(ctx context.Context) (page.Base, error) {
	paper, err := s.paper(ctx)
	if err != nil {
		return page.Base{}, err
	}
	sections, err := s.Store.Sections(ctx)
	return page.Base{Paper: paper, Sections: sections, Now: s.Now(), WebP: s.webp}, err
}

func (s *Site) paper(ctx context.Context) (broadside.Paper, error) {
	paper, err := s.Store.Paper(ctx)
	if paper.URL == "" {
		paper.URL = s.URL
	}
	return paper, err
}

// html answers with the page that render writes. It is made in memory first,
// so a page that fails becomes an error page and never half an article.
func (s *Site) html(w http.ResponseWriter, r *http.Request, render func(io.Writer) error) error {
	return s.content(w, r, "text/html; charset=utf-8", render)
}

func (s *Site) content(w http.ResponseWriter, r *http.Request, contentType string, render func(io.Writer) error) error {
	var b bytes.Buffer
	if err := render(&b); err != nil {
		return err
	}
	s.floor.WriteContent(w, r, time.Time{}, contentType, b.Bytes(), "")
	return nil
}

// frontSize is how many articles the front page may show.
const frontSize = 60

func (s *Site) front(w http.ResponseWriter, r *http.Request) error {
	base, err := s.base(r.Context())
	if err != nil {
		return err
	}
	ls, err := s.Store.Listings(r.Context(), store.Scope{Lang: base.Paper.Lang}, 0, frontSize)
	if err != nil {
		return err
	}
	return s.html(w, r, func(w io.Writer) error { return s.Pages.Front(w, page.Front{Base: base, Listings: ls}) })
}
