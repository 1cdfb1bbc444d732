package e2e

import (
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	leadPath = "/harbour/sold-at-midnight"
	evil     = "evil.example" // somebody else's site
)

// wantCalm complains if the server has been in trouble.
func (s *server) wantCalm(t *testing.T) {
	t.Helper()
	for line := range strings.SplitSeq(s.log.String(), "\n") {
		if strings.Contains(line, "level=ERROR") || strings.Contains(line, "level=WARN") || strings.Contains(line, "panic") {
			t.Errorf("the log says %s", line)
		}
	}
}

// wantOnSite complains if a redirect would lead a browser, which takes a
// backslash for a slash, to another site.
func wantOnSite(t *testing.T, what string, a answer) {
	t.Helper()
	to := strings.ReplaceAll(a.header.Get("Location"), `\`, "/")
	if a.header.Get("Location") != "" && (!strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//")) {
		t.Errorf("%s redirects away to %q", what, to)
	}
}

// Whatever stands where a path should, the answer is the page that is meant,
// the way to it, or that there is none.
func TestBadPaths(t *testing.T) {
	s := readers(t)
	for _, tt := range []struct {
		target   string
		status   int
		location string
	}{
		{"/..", 307, "/"},
		{"/../../etc/passwd", 307, "/etc/passwd"},
		{"/harbour/../harbour/", 307, "/harbour/"},
		{"/media/../healthz", 307, "/healthz"},
		{"/./harbour/./", 307, "/harbour/"},
		{"/%2e%2e/", 404, ""},
		{"/%2e%2e/%2e%2e/etc/passwd", 404, ""},
		{"/harbour/%2E%2E/culture/", 404, ""},
		{"/media/%2e%2e/320.jpg", 404, ""},
		{"/media/file/%2e%2e/keys", 404, ""},
		{"/media/file/x/%2e%2e%2fkeys", 404, ""},
		{"/static/%2e%2e/%2e%2e/keys", 404, ""},
		{"/static/", 404, ""},
		{"/%00", 404, ""},
		{"/harbour%00/", 404, ""},
		{"/harbour/sold-at-midnight%00.txt", 404, ""},
		{"/media/%00/320.jpg", 404, ""},
		{"/media/file/%00/x", 404, ""},
		{"/harbour/?page=%00", 404, ""},
		{"/harbour/?page=99999999999999999999", 404, ""},
		{"/harbour/?page=-1", 404, ""},
		{"/sitemap.xml?part=\xff", 404, ""},
		{"/?%zz=%", 200, ""},
		{"/harbour%2fsold-at-midnight", 200, ""}, // which names the same page; its canonical address says so
		{"/%2f%2f" + evil + "/", 404, ""},
		{"/" + evil + "%2f..", 404, ""},
		{"/" + strings.Repeat("a", 10_000), 404, ""},
		{"/harbour/" + strings.Repeat("a", 10_000), 404, ""},
		{"/" + strings.Repeat("a/", 5_000), 404, ""},
		{"/" + strings.Repeat("%41", 3_333), 404, ""},
		{"/" + strings.Repeat("a", 30_000), 431, ""},
		{"/\xff\xfe/", 404, ""},
		{"/%ff%fe/", 404, ""},
		{"/harbour/\xff", 404, ""},
		{"/harbour/%c0%af", 404, ""},
		{"/\u0433\u0430\u0432\u0430\u043d\u044c/", 404, ""},
		{`/\` + evil, 404, ""},
		{`/%5c` + evil + "/", 404, ""},
		{`/..\..\keys`, 404, ""},
		{`\\` + evil, 400, ""},
		{"//", 307, "/"},
		{"//" + evil, 307, "/" + evil},
		{"///" + evil + "//..", 307, "/"},
		{"/HARBOUR//..//" + evil, 307, "/" + evil},
		{"//harbour//sold-at-midnight", 307, "/harbour/sold-at-midnight"},
		{"/Harbour//", 307, "/Harbour/"},
		{"/harbour/sold-at-midnight.TXT/", 301, "/harbour/sold-at-midnight.txt"},
		{"/FEED.XML/", 301, "/feed.xml"},
		{"harbour", 400, ""},
		{"?page=1", 400, ""},
		{"*", 400, ""},
		{"/%", 400, ""},
		{"/%zz", 400, ""},
		{"/a b", 400, ""},
		{"/\x01", 400, ""},
		{"/\x7f", 400, ""},
		{"/\x00", 400, ""},
	} {
		what := fmt.Sprintf("GET %.60q", tt.target)
		a := s.raw(t, "GET", tt.target)
		if got := a.header.Get("Location"); a.status != tt.status || got != tt.location {
			t.Errorf("%s = %d to %q, want %d to %q", what, a.status, got, tt.status, tt.location)
		}
		wantOnSite(t, what, a)
		if a.status != 400 && a.status != 431 { // which net/http answers before anybody else
			wantProtected(t, what, a)
		}
	}
	s.wantCalm(t)
}

// A span is a part of a body from one byte to another, both included. Numbers
// below 0 count from the end: -1 is the last byte.
type span struct{ from, to int }

func (p span) of(size int) span {
	if p.from < 0 {
		p.from = max(0, p.from+size)
	}
	if p.to < 0 {
		p.to += size
	}
	return span{p.from, min(p.to, size-1)}
}

// wholeOrRefused is what a server may make of what is no range, or too many: it
// may ignore or reject it (RFC 9110, section 14.2).
var wholeOrRefused = []int{200, 400, 416}

// badRanges are ranges with the statuses that are right for each and, for a
// 206, what has to come.
var badRanges = []struct {
	header string
	want   []int
	parts  []span
}{
	{"bytes=0-0", []int{206}, []span{{0, 0}}},
	{"bytes=100-", []int{206}, []span{{100, -1}}},
	{"bytes=-100", []int{206}, []span{{-100, -1}}},
	{"bytes=0-99,200-299", []int{206}, []span{{0, 99}, {200, 299}}},
	{"bytes=200-299,0-99", []int{206}, []span{{200, 299}, {0, 99}}},
	{"bytes= 0-9 , 20-29\t", []int{206}, []span{{0, 9}, {20, 29}}},
	{"bytes=,0-9,,20-29,", []int{206}, []span{{0, 9}, {20, 29}}},
	{"bytes=0-9,5-14", []int{200, 206}, []span{{0, 9}, {5, 14}}},
	{"bytes=-999999999", []int{206}, []span{{0, -1}}},
	{"bytes=0-999999999", []int{206}, []span{{0, -1}}},
	{"bytes=0-99999999999999999999999", []int{206}, []span{{0, -1}}},
	{"bytes=-99999999999999999999999", []int{206}, []span{{0, -1}}},
	{"bytes=0-0,999999999-", []int{206}, []span{{0, 0}}},
	{"bytes=0-0,-0", []int{206}, []span{{0, 0}}},
	{"Bytes=0-0", []int{200, 206}, []span{{0, 0}}},
	{"bytes=999999999-", []int{416}, nil},
	{"bytes=999999999-9999999999", []int{416}, nil},
	{"bytes=99999999999999999999999-", []int{416}, nil},
	{"bytes=-0", []int{416}, nil},
	{"bytes=999999999-,-0", []int{416}, nil},
	{"items=0-5", []int{200}, nil}, // a unit that is not understood has to be ignored
	{"seconds=1-2,5-6", []int{200}, nil},
	{"none=", []int{200}, nil},
	{"bytes=5-2", wholeOrRefused, nil},
	{"bytes=0-0,5-2", wholeOrRefused, nil},
	{"bytes", wholeOrRefused, nil},
	{"bytes=", wholeOrRefused, nil},
	{"bytes=-", wholeOrRefused, nil},
	{"bytes=,", wholeOrRefused, nil},
	{"bytes=--5", wholeOrRefused, nil},
	{"bytes=5", wholeOrRefused, nil},
	{"bytes=a-b", wholeOrRefused, nil},
	{"bytes=0x0-0x5", wholeOrRefused, nil},
	{"bytes=+0-+5", wholeOrRefused, nil},
	{"bytes=0-1-2", wholeOrRefused, nil},
	{"bytes 0-5", wholeOrRefused, nil},
	{"bytes=0-5;6-7", wholeOrRefused, nil},
	{"0-5", wholeOrRefused, nil},
	{"=0-5", wholeOrRefused, nil},
	{"", wholeOrRefused, nil},
	{"\xff\xfe", wholeOrRefused, nil},
	{strings.Repeat("x", 8000), wholeOrRefused, nil},
	{"bytes=" + strings.Repeat("9", 8000) + "-", []int{200, 416}, nil},
	{"bytes=" + strings.Repeat("0-,", 3000), wholeOrRefused, nil},
	{"bytes=" + strings.Repeat("0-0,", 3000), wholeOrRefused, nil},
	{"bytes=" + strings.Repeat("-1,", 3000), wholeOrRefused, nil},
	{"bytes=" + manyRanges(1500), wholeOrRefused, nil},
	{"bytes=" + strings.Repeat(",", 8000), wholeOrRefused, nil},
}

// manyRanges returns ranges of every second byte.
func manyRanges(n int) string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf("%d-%d", 2*i, 2*i))
	}
	return strings.Join(all, ",")
}

// Whatever part of a page, a picture or a file is asked for, the answer is that
// part, the whole, or that there is no such part, as RFC 9110 wants, and never
// much more than the whole.
func TestBadRanges(t *testing.T) {
	s := readers(t)
	page := s.want(t, "/culture/how-this-page-is-made", http.StatusOK)
	picture, file := pictureAddress.FindString(page), fileAddress.FindString(page)
	for _, path := range []string{leadPath, leadPath + ".txt", "/feed.xml", picture, file} {
		whole := s.raw(t, "GET", path)
		if whole.status != 200 || len(whole.body) < 400 {
			t.Fatalf("GET %q = %d with %d bytes", path, whole.status, len(whole.body))
		}
		isText := path != picture && path != file
		for _, tt := range badRanges {
			what := fmt.Sprintf("GET %s with Range: %.60q", path, tt.header)
			a := s.raw(t, "GET", path, "Range: "+tt.header)
			if !slices.Contains(tt.want, a.status) && (!isText || a.status != 200) { // what is made anew each time need not come in parts
				t.Errorf("%s = %d, want %v", what, a.status, tt.want)
			}
			wantParts(t, what, a, whole.body, tt.parts)
		}
		for _, header := range [][]string{
			{"Range: bytes=0-9", "Range: bytes=20-29"},
			{"Range: bytes=0-9", "Accept-Encoding: gzip, br, zstd"},
			{"Range: bytes=0-9", `If-Range: "another"`},
			{"Range: bytes=0-9", "If-Range: nonsense"},
		} {
			what := fmt.Sprintf("GET %s with %q", path, header)
			a := s.raw(t, "GET", path, header...)
			if strings.HasPrefix(header[1], "If-Range") && a.status != 200 {
				t.Errorf("%s = %d, want 200", what, a.status)
			}
			wantParts(t, what, a, whole.body, nil)
		}
		if a := s.raw(t, "HEAD", path, "Range: bytes=0-9"); a.status != 200 { // a range is of GET alone
			t.Errorf("HEAD %s with a range = %d, want 200", path, a.status)
		}
	}
	if a := s.raw(t, "GET", "/nowhere/", "Range: bytes=0-9"); a.status != 404 {
		t.Errorf("GET /nowhere/ with a range = %d, want 404", a.status)
	}
	s.wantCalm(t)
}

// wantParts complains unless an answer to a range holds what it says it does
// and, if it is a 206, the parts that are wanted.
func wantParts(t *testing.T, what string, a answer, whole string, want []span) {
	t.Helper()
	if n := len(a.body); n > 2*len(whole)+4096 {
		t.Errorf("%s makes %d bytes of %d", what, n, len(whole))
	}
	switch a.status {
	case 200:
		if unpack(t, a) != whole {
			t.Errorf("%s = 200 with another body than without", what)
		}
	case 416:
		if got, want := a.header.Get("Content-Range"), fmt.Sprintf("bytes */%d", len(whole)); got != want {
			t.Errorf("%s = 416 with Content-Range %q, want %q", what, got, want)
		}
	case 206:
		if c := a.header.Get("Content-Encoding"); c != "" {
			t.Errorf("%s = 206 in %s: of which bytes?", what, c)
		}
		var got []span
		for _, part := range partsOf(t, what, a) {
			var p span
			var size int
			if n, err := fmt.Sscanf(part.place, "bytes %d-%d/%d", &p.from, &p.to, &size); n != 3 || size != len(whole) || p.from > p.to || p.to >= size || part.body != whole[p.from:p.to+1] {
				t.Errorf("%s has the part %q (%v) with %d other bytes", what, part.place, err, len(part.body))
			}
			got = append(got, p)
		}
		for i := range want {
			if w := want[i].of(len(whole)); len(got) != len(want) || got[i] != w {
				t.Errorf("%s brings %v, want %v in it", what, got, w)
			}
		}
	case 400:
	default:
		t.Errorf("%s = %d", what, a.status)
	}
}

// A part is one of those that a 206 consists of.
type part struct{ place, body string }

func partsOf(t *testing.T, what string, a answer) []part {
	t.Helper()
	contentType, params, err := mime.ParseMediaType(a.header.Get("Content-Type"))
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if contentType != "multipart/byteranges" {
		return []part{{a.header.Get("Content-Range"), a.body}}
	}
	var all []part
	for r := multipart.NewReader(strings.NewReader(a.body), params["boundary"]); ; {
		p, err := r.NextRawPart()
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		body, err := io.ReadAll(p)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		all = append(all, part{p.Header.Get("Content-Range"), string(body)})
	}
}

// Whoever has a page and says so oddly is told that it is unchanged, or sent
// it; nobody who does not have it is told that it is unchanged.
func TestBadTags(t *testing.T) {
	s := readers(t)
	picture := pictureAddress.FindString(s.want(t, leadPath, http.StatusOK))
	for _, path := range []string{"/", leadPath, "/feed.json", picture} {
		whole := s.raw(t, "GET", path)
		tag := whole.header.Get("Etag")
		opaque := strings.TrimPrefix(tag, "W/")
		bare := strings.Trim(opaque, `"`)
		for _, tt := range []struct {
			status int
			lines  []string // values of If-None-Match
		}{
			{304, []string{tag}},
			{304, []string{opaque}},
			{304, []string{"W/" + opaque}}, // compared weakly: RFC 9110, section 13.1.2
			{304, []string{"*"}},
			{304, []string{`"a", W/"b", ` + tag}},
			{304, []string{opaque + `,"a"`}},
			{304, []string{`  "a" ,` + tag + "\t"}},
			{304, []string{",, ," + tag + ",,"}},
			{304, []string{`"` + strings.Repeat("x", 8000) + `",` + tag}},
			{304, []string{strings.Repeat(`"x",`, 2000) + tag}},
			{304, []string{`"a"`, tag}},
			{304, []string{`"a,b", "", ` + tag}},
			{200, []string{""}},
			{200, []string{","}},
			{200, []string{"W/"}},
			{200, []string{`"`}},
			{200, []string{`""`}},
			{200, []string{bare}},
			{200, []string{"W/" + bare}},
			{200, []string{"'" + bare + "'"}},
			{200, []string{"w/" + opaque}},
			{200, []string{"W/W/" + opaque}},
			{200, []string{`"` + bare}},
			{200, []string{`"` + bare + ` "`}},
			{200, []string{`"` + strings.ToUpper(bare) + `x"`}},
			{200, []string{`"` + strings.Repeat("x", 8000) + `"`}},
			{200, []string{strings.Repeat(`"x",`, 2000)}},
			{200, []string{strings.Repeat("x", 8000)}},
			{200, []string{"\xff\xfe"}},
		} {
			var headers []string
			for _, l := range tt.lines {
				headers = append(headers, "If-None-Match: "+l)
			}
			a := s.raw(t, "GET", path, headers...)
			if a.status != tt.status || a.status == 304 && (a.body != "" || a.header.Get("Etag") != tag) || a.status == 200 && a.body != whole.body {
				t.Errorf("GET %s with If-None-Match: %.60q = %d with %d bytes and the tag %s, want %d and %s", path, tt.lines, a.status, len(a.body), a.header.Get("Etag"), tt.status, tag)
			}
		}
	}
	if a := s.raw(t, "GET", "/nowhere/", "If-None-Match: *"); a.status != 404 {
		t.Errorf("GET /nowhere/ with If-None-Match: * = %d, want 404", a.status)
	}
	s.wantCalm(t)
}

// Whatever codings a reader says to understand, what comes is the page in a
// coding that was not refused, and caches are told that there are several.
func TestBadEncodings(t *testing.T) {
	s := readers(t)
	style := regexp.MustCompile(`/static/[^"]+\.css`).FindString(s.want(t, "/nowhere/", http.StatusNotFound))
	picture := pictureAddress.FindString(s.want(t, leadPath, http.StatusOK))
	for _, path := range []string{"/", leadPath, leadPath + ".txt", "/feed.xml", style, picture, "/nowhere/"} {
		plain := s.raw(t, "GET", path)
		if c := plain.header.Get("Content-Encoding"); c != "" {
			t.Fatalf("GET %s without Accept-Encoding is in %s", path, c)
		}
		for _, lines := range [][]string{
			{"gzip"}, {"br"}, {"zstd"}, {"deflate"}, {"identity"}, {"compress"}, {"x-gzip"}, {"foo"}, {"gzipfoo"}, {"foo-gzip"},
			{"*"}, {"*;q=0"}, {"*;q=0.5, gzip;q=0"}, {"gzip;q=0"}, {"gzip;q=0.0, br;q=0.000, zstd;q=0"}, {"gzip;q=0, *"},
			{"identity;q=0"}, {"identity;q=0, *;q=0"}, {"identity;q=0, gzip;q=0.001"}, {"*;q=0, identity;q=1"}, {"*;q=0, br"},
			{"br;q=1.0, gzip;q=0.8"}, {"gzip;q=1.0, br;q=0.1"}, {"zstd, br, gzip, deflate"}, {"gzip, deflate, br, zstd"},
			{"GZIP"}, {"Br, GZip"}, {"GZIP;Q=0"}, {"IDENTITY;Q=0, gZip"},
			{"  gzip  ;  q=0.5  ,\tidentity ; q=0.1 "}, {"gzip;q = 0"}, {",,,gzip,,"}, {"gzip,gzip,gzip"}, {"br;q=0, br;q=0"},
			{""}, {" "}, {","}, {";"}, {"gzip;"}, {"gzip;q="}, {"gzip;q=x"}, {"gzip;q=-1"}, {"gzip;q=2"}, {"gzip;q=0.0001"}, {"gzip;q=1e9"}, {"gzip;q=NaN"},
			{"gzip;level=9;q=0"}, {"gzip q=0"}, {"\"gzip\""}, {"gzip\xff"}, {"\xff"},
			{strings.Repeat("foo, ", 800) + "gzip"}, {strings.Repeat("gzip;q=0, ", 400)}, {strings.Repeat("x", 4096)}, {"gzip;q=0." + strings.Repeat("0", 4096)},
			{"br;q=0", "gzip"}, {"gzip;q=0", "br;q=0"}, {"", "gzip"},
		} {
			headers := []string(nil)
			for _, l := range lines {
				headers = append(headers, "Accept-Encoding: "+l)
			}
			what := fmt.Sprintf("GET %s with Accept-Encoding: %.60q", path, lines)
			a := s.raw(t, "GET", path, headers...)
			accept := accepted(strings.Join(lines, ","))
			if a.status == http.StatusNotAcceptable && !accept("") {
				continue // nothing that there is was wanted
			}
			coding := a.header.Get("Content-Encoding")
			if a.status != plain.status || unpack(t, a) != plain.body {
				t.Errorf("%s = %d and is in %q not what it is plain", what, a.status, coding)
			}
			if coding != "" && !accept(coding) {
				t.Errorf("%s is in %s, which was not accepted", what, coding)
			}
			if path != picture && !strings.Contains(a.header.Get("Vary"), "Accept-Encoding") {
				t.Errorf("%s has Vary: %q", what, a.header.Get("Vary"))
			}
			if n := a.header.Get("Content-Length"); n != "" && n != strconv.Itoa(len(a.body)) {
				t.Errorf("%s has Content-Length %s and %d bytes", what, n, len(a.body))
			}
		}
	}
	s.wantCalm(t)
}

// accepted returns whether a coding may be used by RFC 9110, section 12.5.3;
// "" is none. What is malformed or said twice may be taken either way.
func accepted(header string) func(coding string) bool {
	weights := map[string]bool{} // whether it may be used
	for one := range strings.SplitSeq(strings.ToLower(header), ",") {
		name, params, _ := strings.Cut(one, ";")
		may := true
		for p := range strings.SplitSeq(params, ";") {
			if key, value, ok := strings.Cut(strings.TrimSpace(p), "="); ok && key == "q" {
				weight, err := strconv.ParseFloat(value, 64)
				may = err != nil || weight != 0
			}
		}
		if name = strings.TrimPrefix(strings.TrimSpace(name), "x-"); name != "" {
			weights[name] = weights[name] || may
		}
	}
	return func(coding string) bool {
		if coding == "" {
			coding = "identity"
		}
		if may, ok := weights[coding]; ok {
			return may
		}
		if may, ok := weights["*"]; ok {
			return may
		}
		return coding == "identity"
	}
}

// A page is the same under whatever name the server was asked for, and names
// that name nowhere, so that no cache can be made to keep it.
func TestBadHosts(t *testing.T) {
	s := newPaper(t).serve(t, "--demo") // which has not been told its address
	own := "Host: " + strings.TrimPrefix(s.url, "http://")
	for _, path := range []string{"/", "/harbour", "/HARBOUR/", "//harbour/", leadPath, leadPath + ".txt", "/feed.xml", "/rss.xml", "/feed.json", "/sitemap.xml", "/robots.txt", "/nowhere/"} {
		want := s.raw(t, "GET", path, own)
		for _, tt := range []struct {
			target  string // "" is the path
			headers []string
			status  int // 0 is the same as ever
		}{
			{"", []string{"Host: " + evil}, 0},
			{"", []string{"Host:"}, 0},
			{"", []string{"Host: " + evil + ":8080"}, 0},
			{"", []string{"Host: " + evil + ":99999"}, 0},
			{"", []string{"Host: " + strings.ToUpper(evil) + "."}, 0},
			{"", []string{"Host: [::1]:80"}, 0},
			{"", []string{"Host: " + strings.Repeat("evil.", 1000) + "example"}, 0},
			{"", []string{"Host: user:secret@" + evil}, 400},
			{"", []string{"Host: " + evil + "/path"}, 400},
			{"", []string{"Host: " + evil + "?query"}, 400},
			{"", []string{"Host: " + evil + "#"}, 400},
			{"", []string{"Host: " + evil + `\`}, 400},
			{"", []string{"Host: <script>" + evil}, 400},
			{"", []string{"Host: evil example"}, 400},
			{"", []string{"Host: " + evil + "\xff"}, 400},
			{"", []string{"Host: " + evil, own}, 400},
			{"http://" + evil + path, []string{own}, 0},
			{"http://user:secret@" + evil + path, []string{own}, 0},
			{"", []string{own, "X-Forwarded-Host: " + evil, "X-Forwarded-Proto: https", "X-Forwarded-Port: 8080", "Forwarded: host=" + evil}, 0},
			{"", []string{own, "X-Original-URL: http://" + evil + "/", "X-Rewrite-URL: /" + evil, "Referer: http://" + evil + "/", "Origin: http://" + evil}, 0},
		} {
			target := tt.target
			if target == "" {
				target = path
			}
			what := fmt.Sprintf("GET %s with %.100q", target, tt.headers)
			a := s.raw(t, "GET", target, tt.headers...)
			switch {
			case tt.status != 0:
				if a.status != tt.status {
					t.Errorf("%s = %d, want %d", what, a.status, tt.status)
				}
			case a.status != want.status || a.body != want.body || a.header.Get("Location") != want.header.Get("Location") || a.header.Get("Etag") != want.header.Get("Etag"):
				t.Errorf("%s = %d to %q, which is not the page under the server's own name", what, a.status, a.header.Get("Location"))
			}
			if strings.Contains(strings.ToLower(a.body+fmt.Sprint(a.header)), "evil") {
				t.Errorf("%s answers with that name: %v %.300q", what, a.header, a.body)
			}
		}
	}
	s.wantCalm(t)
}
