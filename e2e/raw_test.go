package e2e

import (
	"bufio"
	"compress/gzip"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// raw sends a request byte for byte, which a client of net/http would clean up,
// and returns the answer. Each header is a whole line; without one that says
// otherwise, the Host is the demo paper's.
func (s *server) raw(t testing.TB, method, target string, headers ...string) answer {
	t.Helper()
	c, err := net.DialTimeout("tcp", strings.TrimPrefix(s.url, "http://"), 5*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(30 * time.Second)) // then reading fails, which is told
	if !strings.Contains("\n"+strings.ToLower(strings.Join(headers, "\n")), "\nhost:") {
		headers = append(headers, "Host: "+strings.TrimPrefix(public, "https://"))
	}
	request := method + " " + target + " HTTP/1.1\r\n" + strings.Join(append(headers, "Connection: close"), "\r\n") + "\r\n\r\n"
	go io.WriteString(c, request) // what is refused at once need not be read to its end
	r, err := http.ReadResponse(bufio.NewReader(c), &http.Request{Method: method})
	if err != nil {
		t.Fatalf("%s %.100q with %.100q: %v", method, target, headers, err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatalf("%s %.100q with %.100q: %v", method, target, headers, err)
	}
	return answer{r.StatusCode, r.Header, string(body)}
}

// unpack returns a body as it was before the coding that the answer names.
func unpack(t testing.TB, a answer) string {
	t.Helper()
	packed := strings.NewReader(a.body)
	var plain io.Reader
	var err error
	switch coding := a.header.Get("Content-Encoding"); coding {
	case "":
		return a.body
	case "gzip":
		plain, err = gzip.NewReader(packed)
	case "br":
		plain = brotli.NewReader(packed)
	case "zstd":
		var d *zstd.Decoder
		if d, err = zstd.NewReader(packed); err == nil {
			defer d.Close()
		}
		plain = d
	default:
		t.Fatalf("the answer is in a coding that nobody asked for: %q", coding)
	}
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(plain)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
