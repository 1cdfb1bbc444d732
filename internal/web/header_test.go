package web

import (
	"strings"
	"testing"
)

func TestTidyRange(t *testing.T) {
	const far = "9223372036854775807"
	for _, tt := range []struct{ method, line, want string }{
		{"GET", "bytes=0-99", "bytes=0-99"},
		{"GET", "Bytes=0-", "bytes=0-"},
		{"GET", "bytes=-5, 10-19 ,,\t7-", "bytes=-5,10-19,7-"},
		{"GET", "bytes=-0", "bytes=" + far + "-"},
		{"GET", "bytes=0-0, -00", "bytes=0-0," + far + "-"},
		{"GET", "bytes=0-99999999999999999999", "bytes=0-" + far},
		{"GET", "bytes=99999999999999999999-99999999999999999999", "bytes=" + far + "-" + far},
		{"GET", "bytes=-99999999999999999999", "bytes=-" + far},
		{"GET", "bytes=" + strings.Repeat("0-0,", maxRanges), "bytes=" + strings.TrimSuffix(strings.Repeat("0-0,", maxRanges), ",")},
		{"GET", "bytes=" + strings.Repeat("0-0,", maxRanges+1), ""},
		{"HEAD", "bytes=0-99", ""},
		{"POST", "bytes=0-99", ""},
		{"GET", "items=0-5", ""},
		{"GET", "bytes=5-2", ""},
		{"GET", "bytes=0-0,5-2", ""},
		{"GET", "bytes=0 - 9", ""},
		{"GET", "bytes=+1-+2", ""},
		{"GET", "bytes=--5", ""},
		{"GET", "bytes=1", ""},
		{"GET", "bytes=-", ""},
		{"GET", "bytes=,", ""},
		{"GET", "bytes=", ""},
		{"GET", "bytes", ""},
		{"GET", "", ""},
	} {
		if got := tidyRange(tt.method, []string{tt.line}); got != tt.want {
			t.Errorf("%s with Range %.80q is taken as %q, want %q", tt.method, tt.line, got, tt.want)
		}
	}
	if got := tidyRange("GET", []string{"bytes=0-1", "bytes=3-4"}); got != "" {
		t.Errorf("two Range headers are taken as %q, want none", got)
	}
}
