package demo_test

import (
	"bytes"
	"fmt"
	"image/jpeg"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the paper's zone, also where the system has none

	"go.yaml.in/yaml/v3"

	"example.org/broadside/internal/demo"
	"example.org/broadside/internal/document"
)

// picture is the front matter of one picture.
type picture struct {
	File, Alt, Caption, Credit, Licence string
	Decorative                          bool
	Focal                               []int
}

// article is an article's front matter; unknown keys are errors.
type article struct {
	Title, Standfirst, Author string
	Authors                   []any
	Date, Section             string
	Tags                      []string
	Kind, Lang, Slug, Story   string
	Dateline                  struct{ Place, Date string }
	Picture                   *picture
	Pictures                  []picture

	name, body string
	file       string // all of it
}

var (
	references = regexp.MustCompile(`(?:src|href)="([^"]+)"|\]\(([^) ]+)`)
	titles     = regexp.MustCompile(`\]\(([^) ]+) "([^"]*)"\)`)
	elements   = regexp.MustCompile(`<[^>]*>`)
)

// read returns the articles.
func read(t *testing.T) []article { return readAll(t, "articles/*.md") }

// readPages returns the pages of the paper itself.
func readPages(t *testing.T) []article { return readAll(t, "pages/*.md") }

func readAll(t *testing.T, pattern string) []article {
	t.Helper()
	names, err := fs.Glob(demo.Files(), pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("%s: %q, %v", pattern, names, err)
	}
	var all []article
	for _, name := range names {
		data, err := fs.ReadFile(demo.Files(), name)
		if err != nil {
			t.Fatal(err)
		}
		parts := strings.SplitN(string(data), "---\n", 3)
		if len(parts) != 3 || parts[0] != "" {
			t.Fatalf("%s: no front matter between lines of ---", name)
		}
		a := article{name: name, body: parts[2], file: string(data)}
		dec := yaml.NewDecoder(strings.NewReader(parts[1]))
		dec.KnownFields(true)
		if err := dec.Decode(&a); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all = append(all, a)
	}
	return all
}

// prose is the text that readers see, without markup and addresses.
func (a article) prose() string {
	body := titles.ReplaceAllString(a.body, "]($1) $2")
	return elements.ReplaceAllString(body, "")
}

func (a article) pictures() []picture {
	if a.Picture == nil {
		return a.Pictures
	}
	return append([]picture{*a.Picture}, a.Pictures...)
}

// references lists what the body names: files beside it and addresses.
func (a article) references() []string {
	var found []string
	for _, m := range references.FindAllStringSubmatch(a.body, -1) {
		found = append(found, m[1]+m[2])
	}
	return found
}

// path is the article's address; that of a page has no section.
func (a article) path() string {
	if a.Section == "" {
		return "/" + a.Slug
	}
	return "/" + strings.ToLower(a.Section) + "/" + a.Slug
}

func (a article) english() bool { return a.Lang == "" }

// kind is what the importer makes of an article that does not say.
func (a article) kind() string {
	if a.Kind == "" {
		return "news"
	}
	return a.Kind
}

// at is the article's date, or the zero time if it does not parse.
func (a article) at(t *testing.T) time.Time { return moment(t, a.Date) }

// bylines names all who had a part in the article.
func (a article) bylines() []string {
	var names []string
	if a.Author != "" {
		names = append(names, a.Author)
	}
	for _, who := range a.Authors {
		switch who := who.(type) {
		case string:
			names = append(names, who)
		case map[string]any:
			names = append(names, fmt.Sprint(who["name"]))
		}
	}
	return names
}

// tree is the body as the importer reads it. Any name of a picture or file
// gets the same identity.
func (a article) tree(t *testing.T) *document.Node {
	t.Helper()
	identity := strings.Repeat("0", 64)
	body, err := document.FromMarkdown([]byte(a.body), document.Options{
		Picture: func(string, string) (string, error) { return identity, nil },
		File:    func(string) (string, error) { return identity, nil },
	})
	if err != nil {
		t.Fatalf("%s: %v", a.name, err)
	}
	return body
}

// moment reads a date and hour in the paper's zone.
func moment(t *testing.T, s string) time.Time {
	t.Helper()
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
	if err != nil {
		t.Error(err)
	}
	return at
}

// find returns the article at an address.
func find(all []article, address string) (article, bool) {
	i := slices.IndexFunc(all, func(a article) bool { return a.Slug != "" && a.path() == address })
	if i < 0 {
		return article{}, false
	}
	return all[i], true
}

func readPaper(t *testing.T) *demo.Plan {
	t.Helper()
	p, err := demo.ReadPlan()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func sectionNames(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, s := range readPaper(t).Section {
		if s.Name == "" || s.Description == "" {
			t.Errorf("paper.toml: the section %q lacks its name or its description", s.Name)
		}
		names = append(names, s.Name)
	}
	return names
}

func TestEachArticleIsReadyToPrint(t *testing.T) {
	lead := moment(t, "2026-03-14 06:00")
	known := sectionNames(t)
	titles := map[string]bool{}
	for _, a := range read(t) {
		if a.Title == "" || titles[a.Title] {
			t.Errorf("%s: the title %q is empty or taken", a.name, a.Title)
		}
		titles[a.Title] = true
		if !slices.Contains(known, a.Section) {
			t.Errorf("%s: there is no section %q in paper.toml", a.name, a.Section)
		}
		if a.Slug == "" {
			t.Errorf("%s: the address is not said", a.name)
		}
		if a.at(t).After(lead) || a.at(t).Equal(lead) && a.path() != "/harbour/sold-at-midnight" && a.Story != "/harbour/sold-at-midnight" {
			t.Errorf("%s: the date %q is not earlier than the lead's", a.name, a.Date)
		}
		if n := len(a.Tags); n < 1 || n > 4 {
			t.Errorf("%s: %d tags, want one to four", a.name, n)
		}
		least := 300
		if a.kind() == "news" {
			least = 120
		}
		if n := len(strings.Fields(a.prose())); n < least {
			t.Errorf("%s: %d words, want %d at least", a.name, n, least)
		}
		for _, p := range a.pictures() {
			if p.Alt == "" || p.Credit == "" {
				t.Errorf("%s: %s lacks its description or its credit", a.name, p.File)
			}
		}
	}
}

func TestThePaperHasAnArchive(t *testing.T) {
	english := 0
	section, year, kind := map[string]int{}, map[int]int{}, map[string]int{}
	for _, a := range read(t) {
		if !a.english() {
			continue
		}
		english++
		section[a.Section]++
		year[a.at(t).Year()]++
		kind[a.kind()]++
	}
	if english < 30 {
		t.Errorf("%d English articles, want 30 at least", english)
	}
	full := 0
	for _, name := range sectionNames(t) {
		if section[name] == 0 {
			t.Errorf("the section %s is empty", name)
		}
		if section[name] >= 4 {
			full++
		}
	}
	if full < 6 {
		t.Errorf("%d sections have four articles, want six at least: %v", full, section)
	}
	for _, y := range []int{2023, 2024, 2025} {
		if year[y] < 6 {
			t.Errorf("%d articles are of %d, want 6 at least", year[y], y)
		}
	}
	for _, k := range document.Kinds {
		if k != "page" && kind[k] < 2 {
			t.Errorf("%d articles of the kind %s, want 2 at least", kind[k], k)
		}
	}
}

// Whatever can stand in an article does so somewhere in the paper, so that each
// can be looked at. It has no sounds and films.
func TestEveryBlockIsInUse(t *testing.T) {
	used := map[string]bool{}
	for _, a := range read(t) {
		a.tree(t).Walk(func(n *document.Node) bool {
			used[string(n.Type)] = true
			for _, m := range n.Marks {
				used["mark "+string(m.Type)] = true
			}
			switch n.Type {
			case document.Heading:
				used[fmt.Sprintf("heading %d", n.Int("level"))] = true
			case document.OrderedList:
				used[fmt.Sprintf("start %t", n.Int("start") > 1)] = true
			case document.PullQuote:
				used[fmt.Sprintf("attribution %t", n.Attr("attribution") != "")] = true
			case document.Figure, document.Gallery, document.FactBox, document.Table:
				used[string(n.Type)+" "+n.Attr("size")+n.Attr("layout")+n.Attr("kind")+n.Attr("head")] = true
			}
			return true
		})
	}
	for _, want := range []string{
		"paragraph", "heading 2", "heading 3", "heading 4", "bullet_list", "start false", "start true", "blockquote", "quote_cite",
		"attribution false", "attribution true", "figure column", "figure wide", "figure full", "gallery grid", "gallery row",
		"fact_box fact", "fact_box background", "fact_box profile", "timeline", "timeline_event", "table row", "table column", "table both",
		"embed", "file", "divider", "hard_break", "footnote",
		"mark link", "mark strong", "mark em", "mark strike", "mark sub", "mark sup", "mark code", "mark lang",
	} {
		if !used[want] {
			t.Errorf("no article has %q", want)
		}
	}
}

func TestPagesOfThePaperItself(t *testing.T) {
	var slugs []string
	for _, p := range readPages(t) {
		slugs = append(slugs, p.Slug)
		if p.Title == "" || p.Standfirst == "" || p.Kind != "page" || p.Section != "" || len(p.bylines()) > 0 {
			t.Errorf("%s: a page has a title, a standfirst and the kind page, but neither section nor author", p.name)
		}
		p.at(t)
		if n := len(strings.Fields(p.prose())); n < 300 || n > 500 {
			t.Errorf("%s: %d words, want 300 to 500", p.name, n)
		}
		p.tree(t)
	}
	if want := []string{"about", "accessibility", "privacy"}; !slices.Equal(slugs, want) {
		t.Errorf("pages: %q, want %q", slugs, want)
	}
}

func TestEveryoneInABylineIsAPerson(t *testing.T) {
	known := map[string]bool{}
	for _, p := range readPaper(t).Person {
		if p.Name == "" || known[p.Name] || p.Biography == "" {
			t.Errorf("paper.toml: the person %q lacks a name or a biography, or is there twice", p.Name)
		}
		known[p.Name] = true
		if p.Portrait == "" {
			continue
		}
		data, err := fs.ReadFile(demo.Files(), p.Portrait)
		if err != nil {
			t.Errorf("%s: %v", p.Name, err)
			continue
		}
		if c, err := jpeg.DecodeConfig(bytes.NewReader(data)); err != nil || c.Width != c.Height || c.Width < 480 {
			t.Errorf("%s: %d by %d pixels, want a square of 480 at least: %v", p.Portrait, c.Width, c.Height, err)
		}
	}
	unsigned := 0
	for _, a := range read(t) {
		if len(a.bylines()) == 0 {
			unsigned++
		}
		for _, name := range a.bylines() {
			if a.english() && !known[name] {
				t.Errorf("%s: %s is no person in paper.toml", a.name, name)
			}
		}
	}
	if unsigned == 0 {
		t.Error("every article has a byline")
	}
}

func TestTheFrontPageIsInOrder(t *testing.T) {
	all, front := read(t), readPaper(t).Front
	if len(front) < 6 || front[0] != "/harbour/sold-at-midnight" {
		t.Errorf("the front page has %q, want six stories at least and the lead first", front)
	}
	for i, address := range front {
		if _, ok := find(all, address); !ok || slices.Contains(front[:i], address) {
			t.Errorf("front: %s is no article or there twice", address)
		}
	}
}

func TestEditionsHoldWhatWasThere(t *testing.T) {
	all, editions := read(t), readPaper(t).Edition
	if len(editions) < 2 {
		t.Errorf("%d editions, want two at least", len(editions))
	}
	for i, e := range editions {
		if i > 0 && (e.Number <= editions[i-1].Number || e.Date <= editions[i-1].Date) {
			t.Errorf("edition %d of %s comes after %d of %s", e.Number, e.Date, editions[i-1].Number, editions[i-1].Date)
		}
		if e.Lang != "en-GB" || !strings.HasPrefix(e.Closed, e.Date+" ") || len(e.Items) < 10 {
			t.Errorf("edition %d: lang %s, closed %s, %d stories", e.Number, e.Lang, e.Closed, len(e.Items))
		}
		closed, leads, seen := moment(t, e.Closed), 0, map[string]bool{}
		for _, item := range e.Items {
			a, ok := find(all, item.Article)
			switch {
			case !ok || seen[item.Article]:
				t.Errorf("edition %d: %s is no article or there twice", e.Number, item.Article)
			case !slices.Contains([]string{"lead", "major", "minor", "brief"}, item.Weight):
				t.Errorf("edition %d: %s has the weight %q", e.Number, item.Article, item.Weight)
			case item.Weight == "lead" && a.at(t).Format(time.DateOnly) > e.Date, // it is in print before it is on the site
				item.Weight != "lead" && a.at(t).After(closed):
				t.Errorf("edition %d: %s is of %s and too new", e.Number, item.Article, a.Date)
			}
			seen[item.Article] = true
			if item.Weight == "lead" {
				leads++
			}
		}
		if leads != 1 {
			t.Errorf("edition %d has %d leads, want one", e.Number, leads)
		}
	}
}

func TestAmendmentsMatchTheirArticles(t *testing.T) {
	all, amendments := read(t), readPaper(t).Amendment
	end, kinds := moment(t, "2026-03-16 23:59"), map[string]bool{}
	for _, m := range amendments {
		a, ok := find(all, m.Article)
		if !ok {
			t.Errorf("amendment: there is no article at %s", m.Article)
			continue
		}
		if at := moment(t, m.At); !at.After(a.at(t)) || at.After(end) {
			t.Errorf("%s: amended at %s, which is not between %s and %s", m.Article, m.At, a.Date, end)
		}
		if n := strings.Count(a.file, m.Is); m.Is == "" || n != 1 {
			t.Errorf("%s: %q stands there %d times, want once", m.Article, m.Is, n)
		}
		if m.Was == "" || strings.Contains(a.file, m.Was) || m.Note == "" {
			t.Errorf("%s: %q still stands there, or nothing is said of it", m.Article, m.Was)
		}
		kinds[m.Kind] = true
	}
	for _, kind := range []string{"correction", "clarification", "update"} {
		if !kinds[kind] {
			t.Errorf("no amendment is of the kind %s", kind)
		}
		delete(kinds, kind)
	}
	if len(amendments) < 3 || len(kinds) > 0 {
		t.Errorf("%d amendments, want three at least; unknown kinds: %v", len(amendments), kinds)
	}
}

func TestQuotationMarksAreSetAsBritishNewspapersSetThem(t *testing.T) {
	texts := map[string]string{}
	for _, a := range slices.Concat(read(t), readPages(t)) {
		text := []string{a.Title, a.Standfirst, a.prose()}
		for _, p := range a.pictures() {
			text = append(text, p.Alt, p.Caption)
		}
		texts[a.name] = strings.Join(text, "\n")
	}
	paper := readPaper(t)
	for _, p := range paper.Person {
		texts["paper.toml"] += p.Biography + "\n"
	}
	for _, e := range paper.Edition {
		texts["paper.toml"] += e.Title + "\n"
	}
	for _, m := range paper.Amendment {
		texts["paper.toml"] += m.Was + "\n" + m.Is + "\n" + m.Note + "\n"
	}
	for name, text := range texts {
		text = strings.ToLower(strings.ReplaceAll(text, "\n---\n", "\n"))
		for _, bad := range []string{"'", "\"", "--", "lorem"} {
			if strings.Contains(text, bad) {
				t.Errorf("%s: the prose holds %s", name, bad)
			}
		}
	}
}

// Every file that an article, a page or a person names is there, and nothing
// lies there unused.
func TestFilesAreThereAndUsed(t *testing.T) {
	used := map[string]bool{}
	for _, a := range slices.Concat(read(t), readPages(t)) {
		names := a.references()
		for _, p := range a.pictures() {
			names = append(names, p.File)
		}
		for _, name := range names {
			if strings.ContainsAny(name, "/:") {
				continue
			}
			file := path.Join(path.Dir(a.name), name)
			used[file] = true
			if _, err := fs.Stat(demo.Files(), file); err != nil {
				t.Errorf("%s: %v", a.name, err)
			}
		}
		used[a.name] = true
	}
	used["paper.toml"] = true
	for _, p := range readPaper(t).Person {
		used[p.Portrait] = true
	}
	err := fs.WalkDir(demo.Files(), ".", func(file string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !used[file] {
			t.Errorf("%s is used by nothing", file)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Whatever stands in a body as a picture has its credit in the front matter.
func TestPicturesInTheTextAreCredited(t *testing.T) {
	for _, a := range read(t) {
		for _, name := range a.references() {
			credited := slices.ContainsFunc(a.pictures(), func(p picture) bool { return p.File == name })
			if strings.HasSuffix(name, ".jpg") && !credited {
				t.Errorf("%s: %s has no credit", a.name, name)
			}
		}
	}
}

// Links and translations lead to articles and pages of this paper, each of
// which has an address of its own.
func TestAddressesLeadSomewhere(t *testing.T) {
	all := slices.Concat(read(t), readPages(t))
	there := func(address string) bool {
		_, ok := find(all, address)
		return ok
	}
	taken := map[string]bool{}
	for _, a := range all {
		if taken[a.path()] {
			t.Errorf("%s: the address %s is taken", a.name, a.path())
		}
		taken[a.path()] = true
	}
	for _, a := range all {
		if a.Story != "" && (!there(a.Story) || a.Lang == "") {
			t.Errorf("%s: it translates %q into %q", a.name, a.Story, a.Lang)
		}
		for _, address := range a.references() {
			if strings.HasPrefix(address, "/") && !strings.HasSuffix(address, "/") && !there(address) {
				t.Errorf("%s: no article is at %s", a.name, address)
			}
		}
	}
}

func TestPicturesDecode(t *testing.T) {
	names, err := fs.Glob(demo.Files(), "articles/*.jpg")
	if err != nil || len(names) == 0 {
		t.Fatalf("pictures: %q, %v", names, err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(demo.Files(), name)
		if err != nil {
			t.Fatal(err)
		}
		if c, err := jpeg.DecodeConfig(bytes.NewReader(data)); err != nil || c.Width < 720 {
			t.Errorf("%s: %d pixels wide, %v", name, c.Width, err)
		}
	}
}
