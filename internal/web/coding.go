package web

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"strconv"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// A coding is a content coding of RFC 9110, section 8.4.1. The greater makes
// the smaller pages, so it is preferred where a reader accepts several alike.
type coding int

const (
	identity coding = iota
	gzipped
	zstandard
	brotlied
	codings // how many there are
)

var codingNames = [codings]string{"identity", "gzip", "zstd", "br"}

// Effort is how much time is spent on making a body small.
type effort int

const (
	atOnce  effort = iota // about half a millisecond for a page, while its reader waits
	atEase                // about 100 ms, in the background
	efforts               // how many there are
)

// minCompressed is the size from which on compression saves a packet.
const minCompressed = 1 << 10

// A compressor is a writer that can be used again.
type compressor interface {
	io.WriteCloser
	Reset(io.Writer)
}

// window is the base 2 logarithm of how far back Brotli looks: more than a page
// is long, and less than would take much memory.
const window = 18

// makeCompressor returns a new one. That options of ours are refused is
// impossible, and shown by the tests.
func makeCompressor(c coding, e effort) compressor {
	switch c {
	case gzipped:
		w, _ := gzip.NewWriterLevel(nil, [efforts]int{5, 9}[e])
		return w
	case zstandard:
		level := [efforts]zstd.EncoderLevel{zstd.SpeedBetterCompression, zstd.SpeedBestCompression}[e]
		w, _ := zstd.NewWriter(nil, zstd.WithEncoderLevel(level), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(1<<window))
		return w
	default:
		if e == atOnce { // the newer of the library's two, four times as fast for 9 % more bytes
			return brotli.NewWriterV2(nil, 3)
		}
		return brotli.NewWriterOptions(nil, brotli.WriterOptions{Quality: 11, LGWin: window})
	}
}

// A press compresses bodies. It keeps its compressors, which are expensive to
// make, and is safe for concurrent use.
type press struct {
	pools [codings][efforts]sync.Pool
}

// compress returns body in that coding.
func (p *press) compress(body []byte, c coding, e effort) ([]byte, error) {
	if c == identity {
		return body, nil
	}
	pool := &p.pools[c][e]
	w, ok := pool.Get().(compressor)
	if !ok {
		w = makeCompressor(c, e)
	}
	defer pool.Put(w)
	var b bytes.Buffer
	w.Reset(&b)
	if _, err := w.Write(body); err != nil {
		return nil, fmt.Errorf("compressing as %s: %w", codingNames[c], err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("compressing as %s: %w", codingNames[c], err)
	}
	return b.Bytes(), nil
}

// negotiate returns the coding that a reader likes best of those that we have,
// by the values of Accept-Encoding (RFC 9110, section 12.5.3). Nothing that is
// malformed keeps a reader from an answer: it counts as not said. Whoever
// refuses all of them, identity too, gets that.
func negotiate(values []string) coding {
	var quality [codings]int // thousandths, 0 for what was not named
	var named [codings]bool
	others := 0 // of "*"
	for _, line := range values {
		for line != "" {
			var item string
			item, line, _ = strings.Cut(line, ",")
			name, q, ok := codingItem(item)
			if !ok {
				continue
			}
			if name == "*" {
				others = q
			}
			for c := range codings {
				if strings.EqualFold(name, codingNames[c]) || c == gzipped && strings.EqualFold(name, "x-gzip") {
					quality[c], named[c] = q, true
				}
			}
		}
	}
	best, most := identity, 0
	for c := gzipped; c < codings; c++ {
		if !named[c] {
			quality[c] = others
		}
		if quality[c] > 0 && quality[c] >= most {
			best, most = c, quality[c]
		}
	}
	if named[identity] && quality[identity] > most {
		return identity
	}
	return best
}

// codingItem reads an item of Accept-Encoding, such as "br;q=0.8".
func codingItem(item string) (name string, thousandths int, ok bool) {
	name, rest, weighted := strings.Cut(item, ";")
	name = strings.TrimSpace(name)
	if !weighted {
		return name, 1000, name != ""
	}
	key, value, _ := strings.Cut(rest, "=")
	q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if !strings.EqualFold(strings.TrimSpace(key), "q") || err != nil || !(q >= 0 && q <= 1) {
		return "", 0, false
	}
	return name, int(q * 1000), name != ""
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
