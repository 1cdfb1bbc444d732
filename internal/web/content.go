package web

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"mime"
	"net/http"
	"strings"
	"time"

	"github.com/klauspost/compress/gzhttp"
)

const (
	// minCompressed is the size from which on compression saves a packet.
	minCompressed = 1 << 10

	// compression costs about 3 ms for a page; higher levels save little more.
	compression = 5
)

// compressor returns a wrapper that compresses texts as gzip for those who
// accept it. Zstandard is left out: at a level that is as fast it makes
// larger pages.
func compressor() (func(http.Handler) http.Handler, error) {
	wrap, err := gzhttp.NewWrapper(
		gzhttp.MinSize(minCompressed),
		gzhttp.CompressionLevel(compression),
		gzhttp.ContentTypeFilter(isText),
		gzhttp.EnableZstd(false),
	)
	if err != nil {
		return nil, fmt.Errorf("compression: %w", err)
	}
	return func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			// The package leaves HEAD alone, whose headers would then not be
			// those of GET. So it is shown a GET; the handler sees the truth.
			wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				h.ServeHTTP(w, r)
			})).ServeHTTP(w, asGet(r))
		})
	}, nil
}

// isText reports whether content of that type is worth compressing. Pictures,
// fonts and archives are compressed already.
func isText(contentType string) bool {
	t, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return false
	}
	switch t {
	case "application/json", "application/javascript", "application/xml":
		return true
	}
	return strings.HasPrefix(t, "text/") || strings.HasSuffix(t, "+xml") || strings.HasSuffix(t, "+json")
}

// WriteContent answers with body, or says that the reader's copy is still
// good, or answers with the range that was asked for. The cache control is
// "no-cache" (keep it, but ask each time) if cache is empty. A zero modtime is
// not shown; where something else than the modified thing appears in the body
// too, it should be zero.
//
// The entity tag is a keyed hash of body. That of a text is weak: the same text
// is sent compressed and plain, and one strong tag must not stand for both
// (RFC 9110, section 8.8.1).
func (f *Floor) WriteContent(w http.ResponseWriter, r *http.Request, modtime time.Time, contentType string, body []byte, cache string) {
	tag := `"` + hex.EncodeToString(f.opt.Hash(body)[:16]) + `"`
	if isText(contentType) {
		tag = "W/" + tag
	}
	if cache == "" {
		cache = "no-cache"
	}
	header := w.Header()
	header.Set("Content-Type", contentType)
	header.Set("Cache-Control", cache)
	header.Set("Etag", tag)
	http.ServeContent(w, asGet(r), "", modtime, bytes.NewReader(body))
}

// asGet returns a HEAD request as a GET. Its answer is then made, compressed
// and measured like any other, so that its headers are true, and net/http
// drops the body.
func asGet(r *http.Request) *http.Request {
	if r.Method != http.MethodHead {
		return r
	}
	get := *r
	get.Method = http.MethodGet
	return &get
}
