package e2e

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// A remark is something that the Nu Html Checker says.
type remark struct {
	Type    string // error, info
	SubType string // warning, or fatal
	URL     string
	Line    int `json:"lastLine"`
	Column  int `json:"lastColumn"`
	Message string
	Extract string
}

// unjust are the remarks that are not heeded, each with the reason.
var unjust = []*regexp.Regexp{
	// CSS Masking, section 7.9: the value of mask holds images, and a gradient
	// is one (CSS Images, section 3). The checker knows url() only.
	regexp.MustCompile(`^CSS: “mask”: “linear-gradient\(.*\)” is not a “mask” value\.$`),
}

// drawnIcon finds the icon of a page, which comes within it.
var drawnIcon = regexp.MustCompile(`<link rel="icon" href="(data:image/svg[^"]+)"`)

// dataOf returns what stands in a data URL after its type.
func dataOf(t *testing.T, s string) string {
	t.Helper()
	params, data, ok := strings.Cut(html.UnescapeString(s), ",")
	var err error
	if strings.HasSuffix(params, ";base64") {
		var b []byte
		b, err = base64.StdEncoding.DecodeString(data)
		data = string(b)
	} else {
		data, err = url.PathUnescape(data)
	}
	if !ok || err != nil {
		t.Fatalf("%.100q is no data URL: %v", s, err)
	}
	return data
}

// Every kind of page is HTML as the standard wants it, and so are the style
// sheet and the drawings that it names: the checker has neither an error nor a
// warning.
func TestHTML(t *testing.T) {
	jar := web(t, "vnu-jar/build/dist/vnu.jar")
	s := newPaper(t).serve(t, "--demo")
	dir := t.TempDir()
	from := map[string]string{} // the address of each file
	keep := func(path, ending, body string) {
		name := filepath.Join(dir, fmt.Sprintf("%02d%s", len(from), ending))
		if err := os.WriteFile(name, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
		from[filepath.Base(name)] = path
	}
	named := map[string]bool{} // style sheets and drawings
	for _, p := range sheets {
		a := s.get(t, p.path)
		if a.status != p.status {
			t.Errorf("GET %s = %d, want %d", p.path, a.status, p.status)
		}
		keep(p.path, ".html", a.body)
		for _, path := range references(t, p.path, a) {
			if ending := filepath.Ext(path); (ending == ".css" || ending == ".svg") && !named[path] {
				named[path] = true
				keep(path, ending, s.get(t, path).body)
			}
		}
	}
	icon := drawnIcon.FindStringSubmatch(s.want(t, "/", http.StatusOK))
	if len(named) == 0 || icon == nil {
		t.Fatalf("the pages name the style sheets %v and the icon %q, want one of each", named, icon)
	}
	keep("the icon", ".svg", dataOf(t, icon[1]))
	for _, r := range checkHTML(t, jar, dir) {
		u, err := url.Parse(r.URL)
		if err != nil {
			t.Fatal(err)
		}
		t.Errorf("%s, line %d, column %d: %s %s: %s\n\t%s", from[filepath.Base(u.Path)], r.Line, r.Column, r.Type, r.SubType, r.Message, strings.TrimSpace(r.Extract))
	}
}

// checkHTML returns what there is to say of the files in a directory.
func checkHTML(t *testing.T, jar, dir string) []remark {
	t.Helper()
	var out, complaint bytes.Buffer
	cmd := exec.Command("java", "-Xss4m", "-XX:TieredStopAtLevel=1", "-jar", jar, "--format", "json", "--also-check-css", "--also-check-svg", "--stdout", "--exit-zero-always", dir)
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if status := runFor(t, cmd, time.Minute); status != 0 {
		t.Fatalf("the checker exits %d: %s%s", status, &out, &complaint)
	}
	var report struct{ Messages []remark }
	if err := json.Unmarshal(out.Bytes(), &report); err != nil {
		t.Fatalf("%v in what the checker says: %.300s", err, &out)
	}
	var heeded []remark
	for _, r := range report.Messages {
		if !isUnjust(r) {
			heeded = append(heeded, r)
		}
	}
	return heeded
}

func isUnjust(r remark) bool {
	for _, u := range unjust {
		if u.MatchString(r.Message) {
			return true
		}
	}
	return false
}
