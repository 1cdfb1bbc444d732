package web

import (
	"math"
	"net/http"
	"strconv"
	"strings"
)

// tidy lets the rest see the request's headers as net/http's own helpers
// understand them rightly: a list of entity tags that stands in several lines is
// one (RFC 9110, section 5.3), and of ranges only those are left that
// [tidyRange] finds fit. Most requests have neither.
func tidy(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.Header["If-None-Match"]) > 1 || r.Header["Range"] != nil {
			r = tidied(r)
		}
		h.ServeHTTP(w, r)
	})
}

func tidied(r *http.Request) *http.Request {
	clean := *r
	clean.Header = r.Header.Clone()
	if tags := r.Header["If-None-Match"]; len(tags) > 1 {
		clean.Header.Set("If-None-Match", strings.Join(tags, ", "))
	}
	clean.Header.Del("Range")
	if wish := tidyRange(r.Method, r.Header["Range"]); wish != "" {
		clean.Header.Set("Range", wish)
	}
	return &clean
}

const (
	// maxRanges is how many parts of one thing are sent in an answer. Each has a
	// head of its own, so thousands of single bytes would make a long answer of
	// a short page.
	maxRanges = 8

	// beyond is a position that no content has.
	beyond = math.MaxInt64
)

// tidyRange returns a Range header that [http.ServeContent] answers as RFC 9110,
// section 14, wants, or "" if the whole is to be sent: for another method than
// GET, in another unit than bytes, or if the ranges are malformed or too many.
func tidyRange(method string, lines []string) string {
	if method != http.MethodGet || len(lines) != 1 {
		return ""
	}
	unit, set, ok := strings.Cut(lines[0], "=")
	if !ok || !strings.EqualFold(unit, "bytes") {
		return ""
	}
	var ranges []string
	for one := range strings.SplitSeq(set, ",") {
		if one = strings.Trim(one, " \t"); one == "" {
			continue
		}
		one, ok := tidyOne(one)
		if !ok || len(ranges) == maxRanges {
			return ""
		}
		ranges = append(ranges, one)
	}
	if ranges == nil {
		return ""
	}
	return "bytes=" + strings.Join(ranges, ",")
}

// tidyOne returns a range with positions that fit into 64 bits. That of the
// last no bytes is one that cannot be satisfied.
func tidyOne(s string) (string, bool) {
	first, last, ok := strings.Cut(s, "-")
	switch {
	case !ok || first == "" && last == "" || !allDigits(first+last):
		return "", false
	case first == "" && position(last) == 0:
		return written(beyond) + "-", true
	case first == "":
		return "-" + written(position(last)), true
	case last == "":
		return written(position(first)) + "-", true
	}
	return written(position(first)) + "-" + written(position(last)), position(first) <= position(last)
}

func allDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }

func written(position int64) string { return strconv.FormatInt(position, 10) }

// position returns a number of digits, or [beyond] if it is larger.
func position(digits string) int64 {
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return beyond
	}
	return n
}
