package web

import (
	"bytes"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A Content is what stands at an address, alike for everybody who asks.
type Content struct {
	Type string // media type
	Body []byte // not to be changed any more

	// Same is what the entity tag is made from; nil stands for Body. Bodies
	// that say the same in two forms have the same one.
	Same []byte

	// CacheControl is for browsers and caches; empty is [Revalidate].
	CacheControl string

	// Vary names the request headers, other than Accept-Encoding, on which the
	// body depends.
	Vary string

	// Styles are the sources, as a content security policy names them, of the
	// styles within the body.
	Styles []string

	// Keys name what the body was made from: [Cache.Purge] drops it when one
	// of them changes. With [Options.CDN] caches in front learn them too.
	Keys []string

	// Until is when the body is stale whatever happens, such as at midnight
	// if it shows the day. Zero is never.
	Until time.Time

	// Article is the ID of the article that is read here, to be counted.
	Article string
}

// Revalidate is the Cache-Control of what may change at any moment: browsers
// keep it and ask each time, caches that many share may answer for ten seconds.
const Revalidate = "public, max-age=0, s-maxage=10, must-revalidate"

// A packed is a content that is ready to be sent: its headers are written and
// its body is compressed once for all who want it so.
type packed struct {
	*Content
	route   string
	etag    string
	text    bool
	headers []header
	press   *press

	// sent counts answers with the body, spared those that needed none.
	sent, spared func()

	hits   atomic.Int32
	making [codings]sync.Mutex
	bodies [codings]atomic.Pointer[body]
}

// A header is one that net/http can be handed as it is.
type header struct {
	name  string
	value []string
}

// A body is a content in one coding.
type body struct {
	data   []byte
	length []string // for Content-Length
	effort effort
}

var codingValues = [codings][]string{nil, {"gzip"}, {"zstd"}, {"br"}}

// pack prepares a content.
func (f *Floor) pack(c *Content, route string) *packed {
	same := c.Same
	if same == nil {
		same = c.Body
	}
	kept := *c
	kept.Same = nil // it has served, and is as long as the body
	p := &packed{Content: &kept, route: route, press: &f.press, text: isText(c.Type) && len(c.Body) >= minCompressed}
	p.etag = `"` + hex.EncodeToString(f.opt.Hash(same)[:16]) + `"`
	if isText(c.Type) {
		// The same text is sent compressed and plain, and one strong tag must not
		// stand for both (RFC 9110, section 8.8.1).
		p.etag = "W/" + p.etag
	}
	p.sent, p.spared = f.opt.Metrics.Requests(route, http.StatusOK), f.opt.Metrics.Requests(route, http.StatusNotModified)
	set := func(name, value string) { p.headers = append(p.headers, header{name, []string{value}}) }
	p.headers = append(p.headers, f.security(c.Styles)...)
	set("Etag", p.etag)
	if c.CacheControl == "" {
		set("Cache-Control", Revalidate)
	} else {
		set("Cache-Control", c.CacheControl)
	}
	vary := c.Vary
	if isText(c.Type) {
		vary = strings.TrimSuffix("Accept-Encoding, "+vary, ", ")
	}
	if vary != "" {
		set("Vary", vary)
	}
	if f.opt.CDN && len(c.Keys) > 0 {
		set("Surrogate-Key", strings.Join(c.Keys, " "))
	}
	p.headers = append(p.headers, header{"Content-Type", []string{c.Type}})
	return p
}

// in returns the body in a coding, which is made now if it was not before.
func (p *packed) in(c coding) (*body, error) {
	if b := p.bodies[c].Load(); b != nil {
		return b, nil
	}
	p.making[c].Lock()
	defer p.making[c].Unlock()
	if b := p.bodies[c].Load(); b != nil {
		return b, nil
	}
	return p.make(c, atOnce)
}

func (p *packed) make(c coding, e effort) (*body, error) {
	data, err := p.press.compress(p.Body, c, e)
	if err != nil {
		return nil, err
	}
	b := &body{data, []string{strconv.Itoa(len(data))}, e}
	p.bodies[c].Store(b)
	return b, nil
}

// improve makes the bodies that somebody wanted as small as can be.
func (p *packed) improve() error {
	for c := gzipped; c < codings; c++ {
		if b := p.bodies[c].Load(); b != nil && b.effort < atEase {
			if _, err := p.make(c, atEase); err != nil {
				return err
			}
		}
	}
	return nil
}

// write answers with the content, or says that the reader's copy is still
// good, or answers with the part that was asked for.
func (p *packed) write(w http.ResponseWriter, r *http.Request) error {
	h := w.Header()
	for i := range p.headers {
		h[p.headers[i].name] = p.headers[i].value
	}
	conditional := r.Header["If-Match"] != nil || r.Header["If-Unmodified-Since"] != nil
	if match := r.Header["If-None-Match"]; match != nil && !conditional && p.matches(match) {
		delete(h, "Content-Type")
		// The copy may be in another form, with styles of its own, and browsers
		// would put this policy in the place of the one that it came with.
		delete(h, "Content-Security-Policy")
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	if conditional || r.Header["Range"] != nil {
		// Rare, and only net/http knows all about parts, which are of the plain
		// text, and about the order of precedence.
		http.ServeContent(w, asGet(r), "", time.Time{}, bytes.NewReader(p.Body))
		return nil
	}
	c := identity
	if p.text {
		c = negotiate(r.Header["Accept-Encoding"])
	}
	b, err := p.in(c)
	if err != nil {
		return err
	}
	if c != identity {
		h["Content-Encoding"] = codingValues[c]
	}
	h["Content-Length"] = b.length
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(b.data) // whoever no longer listens needs no answer
	}
	return nil
}

// matches reports whether the values of If-None-Match name the content, by the
// weak comparison of RFC 9110, section 8.8.3.2. What is malformed matches
// nothing.
func (p *packed) matches(values []string) bool {
	own := strings.TrimPrefix(p.etag, "W/")
	for _, line := range values {
		if line == p.etag || strings.TrimSpace(line) == "*" {
			return true
		}
		for line != "" {
			line = strings.TrimLeft(line, " \t,")
			tag := strings.TrimPrefix(line, "W/")
			if tag == "" || tag[0] != '"' {
				break
			}
			end := strings.IndexByte(tag[1:], '"')
			if end < 0 {
				break
			}
			if tag[:end+2] == own {
				return true
			}
			line = tag[end+2:]
		}
	}
	return false
}

// WriteContent answers with a content that is not worth keeping.
func (f *Floor) WriteContent(w http.ResponseWriter, r *http.Request, c *Content) error {
	return f.pack(c, "").write(w, r)
}

// asGet returns a HEAD request as a GET. Its answer is then made and measured
// like any other, so that its headers are true, and net/http drops the body.
func asGet(r *http.Request) *http.Request {
	if r.Method != http.MethodHead {
		return r
	}
	get := *r
	get.Method = http.MethodGet
	return &get
}
