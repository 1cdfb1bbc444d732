package e2e

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// theme puts a file into the theme of a paper.
func (p *paper) theme(t *testing.T, name, text string) {
	t.Helper()
	file := filepath.Join(p.dir, "theme", filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A theme in the paper's directory dresses its pages, one file at a time.
func TestAThemeDressesThePaper(t *testing.T) {
	p := newPaper(t)
	p.theme(t, "assets/site.css", "body { background: #fedcba }\n")
	s := p.serve(t, "--demo")
	s.want(t, "/", http.StatusOK, "background:#fedcba", "The harbour was sold at midnight")
	b := openTab(t, s.url)
	b.open(t, "/harbour/sold-at-midnight")
	if got := eval[string](t, b, `getComputedStyle(document.body).backgroundColor`); got != "rgb(254, 220, 186)" {
		t.Errorf("the page of an article is on %s, want the theme's ground: is the style refused by the policy?", got)
	}
}

// A theme that is broken, or that would never end, is named in the log with
// file and line, and readers get the paper as it is without it.
func TestABrokenThemeLeavesThePaperAsItIs(t *testing.T) {
	for name, tt := range map[string]struct{ file, text, says string }{
		"broken":          {"templates/front.html", "{{template \"head\" .}}\n{{if .Lead}}", "front.html:2"},
		"endless":         {"templates/front.html", "{{template \"head\" .}}\n{{range 1000000000}}{{range 1000000000}}{{end}}{{end}}", "front.html:2"},
		"of another time": {"theme.toml", "contract = 1000", "theme.toml"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPaper(t)
			p.theme(t, tt.file, tt.text)
			s := p.serve(t, "--demo")
			s.want(t, "/", http.StatusOK, "The harbour was sold at midnight", "@font-face")
			if log := s.log.String(); !strings.Contains(log, tt.says) || !strings.Contains(log, "theme") {
				t.Errorf("the log does not name the fault %q:\n%s", tt.says, log)
			}
		})
	}
}
