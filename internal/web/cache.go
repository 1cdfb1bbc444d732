package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"
)

// CacheSize is how many bytes of pages are kept, compressed and plain.
const CacheSize = 48 << 20

// Patience is how long an answer may wait for what it is made from: readers on
// slow networks wait for the answer as well.
const Patience = 8 * time.Second

// A Cache keeps contents, ready to be sent, until what they were made from
// changes or there is no room for them. It is the part of a [Floor] that
// answers most readers: nothing but a look into memory.
//
// Of several who ask for the same content at once, one has it made and all get
// it. Purging and making may go on at once: what was made before a purge is not
// kept after it.
//
// It keeps nothing until [Cache.Keep] says that somebody sees to the purging.
type Cache struct {
	floor   *Floor
	now     func() time.Time
	kept    *otter.Cache[place, *packed]
	keeps   atomic.Bool
	improve chan *packed

	mu     sync.Mutex
	purges []purge // of the last minute, oldest first
	count  int64   // of all purges ever
}

// A place is an address and the form in which it is asked for.
type place struct {
	path, query string
	form        Form
}

// A purge is one call of [Cache.Purge].
type purge struct {
	number int64
	at     time.Time
	keys   []string // nil: everything
}

func newCache(f *Floor) *Cache {
	c := &Cache{floor: f, now: f.opt.Now, improve: make(chan *packed, 64)}
	c.kept = otter.Must(&otter.Options[place, *packed]{MaximumWeight: CacheSize, Weigher: weigh})
	return c
}

// weigh estimates what a content takes up: itself, and compressed in some ways.
func weigh(_ place, p *packed) uint32 { return uint32(len(p.Body)+len(p.Body)/2) + 2048 }

// Keep says whether contents are kept. Whoever purges says so once it has begun
// to watch, and says when it ends. Either way all is dropped, also what is being
// made: of what that was read from nobody knows whether it has changed since.
func (c *Cache) Keep(keep bool) {
	c.keeps.Store(keep)
	c.PurgeAll()
}

// Run improves what is asked for often, until ctx ends.
func (c *Cache) Run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case p := <-c.improve:
			if err := p.improveSoon(ctx); err != nil {
				c.floor.opt.Log.WarnContext(ctx, "compressing a page", "err", err)
			}
		}
	}
}

// settle is how long a page must have been asked for before it is worth more
// work: one that is about to change is not.
const settle = time.Second

func (p *packed) improveSoon(ctx context.Context) error {
	t := time.NewTimer(settle)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return nil
	case <-t.C:
		return p.improve()
	}
}

// Purge drops every content that was made from one of the keys.
func (c *Cache) Purge(keys ...string) {
	c.note(keys)
	gone := map[string]bool{}
	for _, k := range keys {
		gone[k] = true
	}
	for at, p := range c.kept.All() {
		if slices.ContainsFunc(p.Keys, func(k string) bool { return gone[k] }) {
			c.kept.Invalidate(at)
		}
	}
}

// PurgeAll drops every content.
func (c *Cache) PurgeAll() {
	c.note(nil)
	c.kept.InvalidateAll()
}

// note writes a purge down for those contents that are being made.
func (c *Cache) note(keys []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	c.count++
	c.purges = slices.DeleteFunc(c.purges, func(p purge) bool { return now.Sub(p.at) > time.Minute })
	c.purges = append(c.purges, purge{c.count, now, keys})
}

func (c *Cache) purged() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.count
}

// outdated reports whether one of the keys was purged after that many purges.
func (c *Cache) outdated(keys []string, after int64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.ContainsFunc(c.purges, func(p purge) bool {
		return p.number > after && (p.keys == nil || slices.ContainsFunc(p.keys, func(k string) bool { return slices.Contains(keys, k) }))
	})
}

// find returns what is kept for a place, if it is good.
func (c *Cache) find(at place, now time.Time) (*packed, bool) {
	p, ok := c.kept.GetIfPresent(at)
	if !ok || !p.Until.IsZero() && !now.Before(p.Until) {
		return nil, false
	}
	return p, true
}

// content returns what is kept for a place, or has it made.
func (c *Cache) content(ctx context.Context, at place, route string, make func(context.Context) (*Content, error)) (*packed, error) {
	if p, ok := c.find(at, c.now()); ok {
		return p, nil
	}
	if p, ok := c.kept.GetEntryQuietly(at); ok && !p.Value.Until.IsZero() && !c.now().Before(p.Value.Until) {
		c.kept.Invalidate(at)
	}
	before := c.purged()
	p, err := c.kept.Get(ctx, at, otter.LoaderFunc[place, *packed](func(ctx context.Context, _ place) (*packed, error) {
		// What one reader asks for is made for all: it goes on if that one leaves.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), Patience)
		defer cancel()
		content, err := make(ctx)
		if err != nil {
			return nil, err
		}
		return c.floor.pack(content, route), nil
	}))
	if err != nil {
		return nil, err
	}
	if !c.keeps.Load() || c.outdated(p.Keys, before) {
		c.kept.Invalidate(at)
	}
	return p, nil
}

// A Maker makes the content that a request asks for, or returns an error that
// is answered instead; see [Redirect]. Only the path, the query and the [Form]
// of the request may matter to it. The context is the one to use: it outlives
// the request, since others may be waiting for the same content.
type Maker func(ctx context.Context, r *http.Request) (*Content, error)

// Content returns the handler for a content that is worth keeping. Of the query
// only those parameters matter, in the first of their values, that parameters
// names for a path; nil is none. It should name none that the maker does not
// look at: each value that it gives a content for takes up room in the cache.
func (f *Floor) Content(make Maker, parameters func(path string) []string) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		at := place{path: r.URL.Path, form: FormOf(r)}
		if r.URL.RawQuery != "" && parameters != nil {
			asked, matters := r.URL.Query(), url.Values{}
			for _, name := range parameters(r.URL.Path) {
				if value := asked.Get(name); value != "" {
					matters.Set(name, value)
				}
			}
			at.query = matters.Encode()
		}
		p, err := f.Cache.content(r.Context(), at, r.Pattern, func(ctx context.Context) (*Content, error) { return make(ctx, r) })
		if err != nil {
			return err
		}
		f.Cache.seen(p, r, f.opt.Now())
		return p.write(w, r)
	}
}

// improveAfter is how often a content is asked for before it is made smaller.
const improveAfter = 3

// seen counts that somebody gets a content.
func (c *Cache) seen(p *packed, r *http.Request, now time.Time) {
	if p.Article != "" && c.floor.opt.Read != nil && r.Method == http.MethodGet {
		c.floor.opt.Read(p.Article, r, now)
	}
	if p.hits.Load() >= improveAfter || p.hits.Add(1) != improveAfter {
		return
	}
	select {
	case c.improve <- p:
	default: // busy: the next time that it is made, perhaps
	}
}

// before answers from the cache what it can, and leaves all else to next.
func (c *Cache) before(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.RawQuery != "" || r.Method != http.MethodGet && r.Method != http.MethodHead {
			next.ServeHTTP(w, r)
			return
		}
		start := c.now()
		p, ok := c.find(place{path: r.URL.Path, form: FormOf(r)}, start)
		if !ok {
			next.ServeHTTP(w, r)
			return
		}
		c.seen(p, r, start)
		watched := answer{ResponseWriter: w}
		if err := p.write(&watched, r); err != nil {
			c.floor.report(&watched, r, err)
		}
		c.answered(p, &watched)
	})
}

// answered counts an answer from the cache.
func (c *Cache) answered(p *packed, a *answer) {
	switch {
	case c.floor.opt.Metrics == nil:
	case a.status == http.StatusOK:
		p.sent()
	case a.status == http.StatusNotModified:
		p.spared()
	default:
		c.floor.opt.Metrics.Requests(p.route, a.status)()
	}
}
