package web

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// unpack returns what a body in a coding says.
func unpack(t testing.TB, coding string, body []byte) string {
	t.Helper()
	var r io.Reader = bytes.NewReader(body)
	switch coding {
	case "":
	case "br":
		r = brotli.NewReader(r)
	case "gzip":
		z, err := gzip.NewReader(r)
		if err != nil {
			t.Fatal(err)
		}
		r = z
	case "zstd":
		z, err := zstd.NewReader(r)
		if err != nil {
			t.Fatal(err)
		}
		defer z.Close()
		r = z
	default:
		t.Fatalf("the body is in the coding %q", coding)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("%s: %v", coding, err)
	}
	return string(plain)
}

func TestNegotiate(t *testing.T) {
	for _, tt := range []struct {
		accept []string
		want   string
	}{
		{nil, "identity"},
		{[]string{""}, "identity"},
		{[]string{"gzip"}, "gzip"},
		{[]string{"GZIP"}, "gzip"},
		{[]string{"x-gzip"}, "gzip"},
		{[]string{"gzip, deflate, br, zstd"}, "br"},
		{[]string{"gzip, deflate", "br"}, "br"},
		{[]string{"gzip, zstd"}, "zstd"},
		{[]string{"*"}, "br"},
		{[]string{"*;q=0"}, "identity"},
		{[]string{"gzip;q=0, *"}, "br"},
		{[]string{"br;q=0.2, gzip;q=0.8"}, "gzip"},
		{[]string{"br ; q=1.0 ,\tgzip;q=0.8"}, "br"},
		{[]string{"gzip;q=0"}, "identity"},
		{[]string{"identity;q=0"}, "identity"},
		{[]string{"identity;q=0, gzip;q=0.1"}, "gzip"},
		{[]string{"identity, gzip;q=0.5"}, "identity"},
		{[]string{"gzip;q=2"}, "identity"},
		{[]string{"gzip;q=-1"}, "identity"},
		{[]string{"gzip;q=NaN"}, "identity"},
		{[]string{"gzip;q="}, "identity"},
		{[]string{"gzip;level=9"}, "identity"},
		{[]string{",,,;,gzip"}, "gzip"},
		{[]string{"compress, deflate, sdch"}, "identity"},
		{[]string{strings.Repeat("x,", 10_000) + "br"}, "br"},
	} {
		if got := codingNames[negotiate(tt.accept)]; got != tt.want {
			t.Errorf("negotiate(%.60q) = %s, want %s", tt.accept, got, tt.want)
		}
	}
}

func FuzzNegotiate(f *testing.F) {
	for _, s := range []string{"gzip", "*;q=0, br", "identity;q=0", ";;,=", "gzip;q=1e999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, accept string) {
		if c := negotiate([]string{accept}); c < identity || c >= codings {
			t.Errorf("negotiate(%q) = %d", accept, c)
		}
	})
}

// Whatever the coding and the effort, what arrives is what was sent, and more
// effort never makes it larger.
func TestCompress(t *testing.T) {
	var p press
	for c := identity; c < codings; c++ {
		fast, err := p.compress([]byte(page), c, atOnce)
		if err != nil {
			t.Fatal(err)
		}
		slow, err := p.compress([]byte(page), c, atEase)
		if err != nil {
			t.Fatal(err)
		}
		name := codingNames[c]
		if c == identity {
			name = ""
		}
		for _, body := range [][]byte{fast, slow} {
			if unpack(t, name, body) != page {
				t.Errorf("%s does not come back as it was", codingNames[c])
			}
		}
		if len(slow) > len(fast) {
			t.Errorf("%s makes %d bytes at once and %d at ease", codingNames[c], len(fast), len(slow))
		}
	}
}
