package page

import (
	"fmt"
	"io/fs"
	"os"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"
)

func theme(files ...string) fs.FS {
	all := fstest.MapFS{}
	for i := 0; i+1 < len(files); i += 2 {
		all[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return all
}

// A theme changes what it has a file for, and nothing else.
func TestAThemeReplacesFiles(t *testing.T) {
	head := `{{define "head"}}<!doctype html><html lang="{{.PageLang}}"><head><title>{{.Title}}</title><style></style></head><body><header>OUR OWN{{end}}`
	foot := `{{define "nav"}}{{end}}{{define "foot"}}</body></html>{{end}}`
	p, err := New(theme("templates/frame.html", head+foot, "assets/site.css", "body { color: #123456 }", "assets/mark.png", "png"))
	if err != nil {
		t.Fatal(err)
	}
	b := sampleBase()
	b.Linked = false
	sheet, err := p.Front(Front{b, sampleListings()})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"OUR OWN", "color:#123456", "The harbour was sold", "@font-face"} {
		if !strings.Contains(string(sheet.Body), want) {
			t.Errorf("the front page in a theme has no %q", want)
		}
	}
	if a, ok := p.Asset("mark.png"); !ok || a.Type != "image/png" {
		t.Errorf("a theme's own picture is not served: %+v", a)
	}
	own, err := New(nil)
	if err != nil {
		t.Fatal(err)
	}
	if own.Static() == p.Static() {
		t.Error("two style sheets have one address")
	}
}

// What is wrong with a theme is said with the file and the line, and before any
// reader sees it.
func TestABrokenThemeIsRefused(t *testing.T) {
	list := func(body string) string {
		return "{{template \"head\" .}}{{template \"nav\" .}}</header><main id=\"main\">\n" + body + "</main>{{template \"foot\" .}}"
	}
	nest := func(depth int) string {
		return strings.Repeat("{{range .Nav}}\n", depth) + strings.Repeat("{{end}}", depth)
	}
	var all sync.WaitGroup
	defer all.Wait()
	for _, tt := range []struct {
		name  string
		theme fs.FS
		want  string
	}{
		{"a syntax error", theme("templates/list.html", "{{if}}"), "list.html:1"},
		{"an open block", theme("templates/list.html", "\n\n{{if .Heading}}"), "list.html:3"},
		{"a field that is none", theme("templates/list.html", list("{{.Headline}}")), "list.html:2"},
		{"a template that is none", theme("templates/list.html", list(`{{template "nowhere" .}}`)), "nowhere"},
		{"a template that calls itself", theme("templates/list.html", list(`{{template "list.html" .}}`)), "list.html:2"},
		{"two that call each other", theme("templates/list.html", list(`{{template "a" .}}`)+"{{define \"a\"}}\n{{template \"b\" .}}{{end}}{{define \"b\"}}{{template \"a\" .}}{{end}}"), "calls itself"},
		{"a loop without end", theme("templates/list.html", list("{{range 1000000000000}}{{end}}")), "list.html:2"},
		{"a loop over a variable without end", theme("templates/list.html", list("{{range $i := 100000000}}x{{end}}")), "list.html:2"},
		{"loops within loops", theme("templates/list.html", list(nest(5))), "nested"},
		{"loops by way of templates", theme("templates/list.html", list(`{{range .Nav}}{{template "deep" .}}{{end}}`)+`{{define "deep"}}{{range 10}}{{range 10}}{{range 10}}{{range 10}}{{end}}{{end}}{{end}}{{end}}{{end}}`), "nested"},
		{"a loop over what a variable holds", theme("templates/list.html", list("{{$n := 1000000000000}}\n{{range $n}}{{end}}")), "list.html:3"},
		{"a loop over what is in brackets", theme("templates/list.html", list("{{range (or 1000000000000 1)}}{{end}}")), "list.html:2"},
		{"a loop over what a template is given", theme("templates/list.html", list(`{{template "count" 1000000000000}}`)+`{{define "count"}}{{range .}}{{end}}{{end}}`), "list.html:2"},
		{"four loops that write nothing", theme("templates/list.html", list("{{range 1000}}{{range 1000}}{{range 1000}}{{range 1000}}{{end}}{{end}}{{end}}{{end}}")), "list.html:2"},
		{"templates that call two others each", theme("templates/list.html", list(`{{template "t40"}}`)+doubling(40)), "list.html:2"},
		{"a directory in the place of a template", theme("templates/list.html/x", "x"), "list.html is no file"},
		{"a file in the place of a directory", theme("assets", "x"), "assets is no directory"},
		{"a pipe", fstest.MapFS{"assets/site.css": &fstest.MapFile{Mode: fs.ModeNamedPipe}}, "site.css is no file"},
		{"a huge file", theme("assets/mark.png", strings.Repeat("x", maxFile+1)), "mark.png is longer than 8 MB"},
		{"a page without end", theme("templates/list.html", list("{{range 1000}}{{range 1000}}{{range 1000}}"+strings.Repeat("x", 1000)+"{{end}}{{end}}{{end}}")), "longer than"},
		{"no place for the style", theme("templates/frame.html", `{{define "head"}}<html><head></head><body>{{end}}{{define "nav"}}{{end}}{{define "foot"}}</html>{{end}}`), "<style></style>"},
		{"nothing to skip to", theme("templates/list.html", `{{template "head" .}}{{template "foot" .}}`), "list.html"},
		{"markup where it cannot be escaped", theme("templates/list.html", list("<a href={{.Heading}} onclick=\"{{.Heading}}>")), "list.html"},
		{"data of another version", theme("theme.toml", "contract = 99\n"), "theme.toml: the theme was made for version 99"},
		{"a particular that is none", theme("theme.toml", "contract"), "theme.toml"},
		{"faces of no script", theme("assets/faces.css", "@font-face { }"), "@script"},
		{"faces of an unknown script", theme("assets/faces.css", "/* @script Grek */\n"), "Grek"},
	} {
		all.Go(func() {
			done := make(chan error, 1)
			go func() {
				_, err := New(tt.theme)
				done <- err
			}()
			select {
			case err := <-done:
				if err == nil || !strings.Contains(err.Error(), tt.want) {
					t.Errorf("%s: %v, want an error with %q", tt.name, err, tt.want)
				}
			case <-time.After(20 * time.Second):
				t.Errorf("%s: the theme is tried without end", tt.name)
			}
		})
	}
}

// doubling returns templates each of which calls the next one twice.
func doubling(depth int) string {
	all := `{{define "t0"}}{{end}}`
	for i := range depth {
		all += fmt.Sprintf(`{{define "t%d"}}{{template "t%d"}}{{template "t%[2]d"}}{{end}}`, i+1, i)
	}
	return all
}

// What the document for those who write themes says is there is there, and the
// other way round.
func TestTheDocumentOfThemesIsTrue(t *testing.T) {
	text, err := os.ReadFile("../../docs/themes.md")
	if err != nil {
		t.Fatal(err)
	}
	doc := string(text)
	if want := fmt.Sprintf("version %d of the data contract", Contract); !strings.Contains(doc, want) {
		t.Errorf("docs/themes.md does not say that it is %s", want)
	}
	files, err := fs.ReadDir(Embedded(), "templates")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.Contains(doc, "`"+f.Name()+"`") {
			t.Errorf("docs/themes.md does not name %s", f.Name())
		}
	}
	known := map[string]bool{}
	for _, view := range []any{
		frame{}, meta{}, pager{}, frontView{}, block{}, listView{}, articleView{}, hero{}, noteView{}, translationView{}, navItem{}, feedLink{}, alternate{},
		teaser{}, editionView{}, editionsView{}, issueView{}, archiveView{}, yearView{}, monthView{}, monthArchiveView{}, dayView{},
		correctionsView{}, correctedView{}, republishView{}, noticeView{}, liteView{},
	} {
		for _, field := range reflect.VisibleFields(reflect.TypeOf(view)) {
			if !field.IsExported() || field.Anonymous || len(field.Index) > 1 {
				continue
			}
			known[field.Name] = true
			if !strings.Contains(doc, "`."+field.Name+"`") {
				t.Errorf("docs/themes.md does not name .%s of %T", field.Name, view)
			}
		}
	}
	methods := reflect.TypeOf(&frame{})
	for i := range methods.NumMethod() {
		known[methods.Method(i).Name] = true
	}
	words := reflect.TypeOf(voice{}.Words).Elem()
	for i := range words.NumField() {
		known[words.Field(i).Name] = true
	}
	for _, m := range regexp.MustCompile("`\\.([A-Z]\\w*)").FindAllStringSubmatch(doc, -1) {
		if !known[m[1]] {
			t.Errorf("docs/themes.md names .%s, which is none", m[1])
		}
	}
}
