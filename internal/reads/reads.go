// Package reads counts how often articles are read, and from which hosts their
// readers come, without spying on anybody: what is kept is a total for each
// article and hour, and one for each article, day and host. No reader's address,
// device, cookie or path through the paper is looked at for longer than it takes
// to count to one.
//
// Totals are collected in memory and written once a minute and when the program
// ends. A process that is killed loses the last minute's. A [Counter] is safe
// for concurrent use; several nodes may count for one paper.
package reads

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"example.org/broadside/internal/store"
)

// flushEvery is how much of the counting a killed process may lose.
const flushEvery = time.Minute

// maxHosts is how many hosts are told apart between two writings, and maxSources
// for how many articles and hosts together. Whoever sends made-up ones does not
// fill the memory, nor the database.
const (
	maxHosts   = 500
	maxSources = 2000
)

// A Counter counts. It is made by [New].
type Counter struct {
	store *store.DB
	log   *slog.Logger

	mu      sync.Mutex
	reads   map[read]int64
	sources map[source]int64
	hosts   map[string]bool
}

type read struct {
	article string
	hour    int64 // Unix, its beginning
}

type source struct {
	article, host string
	day           int64 // Unix, its beginning in UTC
}

// New returns a counter that writes to db.
func New(db *store.DB, log *slog.Logger) *Counter {
	c := &Counter{store: db, log: log}
	c.reset()
	return c
}

func (c *Counter) reset() {
	c.reads, c.sources, c.hosts = map[read]int64{}, map[source]int64{}, map[string]bool{}
}

// Add counts that the request r gets an article to read at that hour. Requests
// that no person makes, such as those of search engines, are left out where they
// say so.
func (c *Counter) Add(article string, r *http.Request, at time.Time) {
	if !byPerson(r) {
		return
	}
	host, led := hostOf(r)
	now := at.Unix()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reads[read{article, now - now%3600}]++
	if !led {
		return
	}
	if !c.hosts[host] {
		if len(c.hosts) >= maxHosts {
			host = ""
		}
		c.hosts[host] = true
	}
	from := source{article, host, now - now%86400}
	if _, known := c.sources[from]; !known && len(c.sources) >= maxSources {
		from.host = ""
	}
	c.sources[from]++
}

// robots stand in the names of programs that read for nobody in particular.
var robots = []string{"bot", "Bot", "crawl", "Crawl", "spider", "Spider", "preview", "Preview", "headless", "Headless", "Lighthouse"}

// byPerson reports whether a person looks at what is asked for. All browsers
// begin their name with that of one of the first.
func byPerson(r *http.Request) bool {
	if len(r.Header["Sec-Purpose"]) > 0 {
		return false // fetched in case somebody wants it
	}
	agent := r.UserAgent()
	return strings.HasPrefix(agent, "Mozilla/") && !slices.ContainsFunc(robots, func(name string) bool { return strings.Contains(agent, name) })
}

// hostOf returns the host of the page that led to the article, and whether
// there was one on another site. One that is no name comes as "".
func hostOf(r *http.Request) (host string, from bool) {
	referer := r.Header["Referer"]
	if len(referer) == 0 {
		return "", false
	}
	_, rest, ok := strings.Cut(referer[0], "://")
	if !ok {
		return "", false
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	host = rest[strings.LastIndexByte(rest[:end], '@')+1 : end]
	if strings.EqualFold(host, r.Host) {
		return "", false
	}
	host, _, _ = strings.Cut(host, ":")
	return clean(host), true
}

// maxHost is the length of the longest host that is named, in bytes.
const maxHost = 100

// clean returns a host's name in lower case, or "" for what is none: numbers
// are somebody's own address.
func clean(host string) string {
	host = strings.TrimSuffix(strings.TrimPrefix(strings.ToLower(host), "www."), ".")
	dot := strings.LastIndexByte(host, '.')
	if len(host) > maxHost || dot < 0 || strings.Trim(host[dot+1:], "0123456789") == "" {
		return ""
	}
	for _, r := range host {
		if !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '.') {
			return ""
		}
	}
	return host
}

// Run writes the totals until ctx ends, and once more then.
func (c *Counter) Run(ctx context.Context) {
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			c.flushOrLog(ctx)
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer cancel()
			c.flushOrLog(last)
			return
		}
	}
}

func (c *Counter) flushOrLog(ctx context.Context) {
	if err := c.Flush(ctx); err != nil && ctx.Err() == nil {
		c.log.WarnContext(ctx, "the reads of the last minute could not be written; they are kept for the next", "err", err)
	}
}

// Flush writes what was counted since the last time. If it fails, nothing is
// lost: the totals are kept for the next.
func (c *Counter) Flush(ctx context.Context) error {
	c.mu.Lock()
	counted, sources := c.reads, c.sources
	c.reset()
	c.mu.Unlock()
	if len(counted) == 0 {
		return nil
	}
	var rows []store.Read
	for k, n := range counted {
		rows = append(rows, store.Read{Article: k.article, Hour: time.Unix(k.hour, 0).UTC(), Reads: n})
	}
	var from []store.Source
	for k, n := range sources {
		from = append(from, store.Source{Article: k.article, Day: time.Unix(k.day, 0).UTC(), Host: k.host, Reads: n})
	}
	// In one order everywhere, so that nodes do not wait for each other in a ring.
	slices.SortFunc(rows, func(a, b store.Read) int {
		return cmp.Or(strings.Compare(a.Article, b.Article), a.Hour.Compare(b.Hour))
	})
	slices.SortFunc(from, func(a, b store.Source) int {
		return cmp.Or(strings.Compare(a.Article, b.Article), a.Day.Compare(b.Day), strings.Compare(a.Host, b.Host))
	})
	err := c.store.Update(ctx, func(tx *store.Tx) error { return tx.AddReads(ctx, rows, from) })
	if err != nil {
		c.putBack(counted, sources)
	}
	return err
}

func (c *Counter) putBack(counted map[read]int64, sources map[source]int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for k, n := range c.reads {
		counted[k] += n
	}
	for k, n := range c.sources {
		sources[k] += n
	}
	c.reads, c.sources = counted, sources
	for k := range sources {
		c.hosts[k.host] = true
	}
}
