package demo_test

import (
	"bytes"
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
}

var (
	references = regexp.MustCompile(`(?:src|href)="([^"]+)"|\]\(([^) ]+)`)
	titles     = regexp.MustCompile(`\]\(([^) ]+) "([^"]*)"\)`)
	elements   = regexp.MustCompile(`<[^>]*>`)
	sections   = regexp.MustCompile(`(?m)^\[\[section\]\]\nname = "([^"]+)"\ndescription = "[^"]+"$`)
)

func read(t *testing.T) []article {
	t.Helper()
	names, err := fs.Glob(demo.Files(), "articles/*.md")
	if err != nil || len(names) == 0 {
		t.Fatalf("articles: %q, %v", names, err)
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
		a := article{name: name, body: parts[2]}
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

func (a article) path() string { return "/" + strings.ToLower(a.Section) + "/" + a.Slug }

func sectionNames(t *testing.T) []string {
	t.Helper()
	data, err := fs.ReadFile(demo.Files(), "paper.toml")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, m := range sections.FindAllStringSubmatch(string(data), -1) {
		names = append(names, m[1])
	}
	return names
}

func TestEachArticleIsReadyToPrint(t *testing.T) {
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	lead := time.Date(2026, 3, 14, 6, 0, 0, 0, zone)
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
		if at, err := time.ParseInLocation("2006-01-02 15:04", a.Date, zone); err != nil || at.After(lead) {
			t.Errorf("%s: the date %q does not parse or is later than the lead's: %v", a.name, a.Date, err)
		}
		if n := len(a.Tags); n < 2 || n > 4 {
			t.Errorf("%s: %d tags, want two to four", a.name, n)
		}
		if n := len(strings.Fields(a.prose())); n < 300 {
			t.Errorf("%s: %d words, want 300 at least", a.name, n)
		}
		for _, p := range a.pictures() {
			if p.Alt == "" || p.Credit == "" {
				t.Errorf("%s: %s lacks its description or its credit", a.name, p.File)
			}
		}
	}
}

func TestEachSectionHasAnArticle(t *testing.T) {
	count := map[string]int{}
	for _, a := range read(t) {
		count[a.Section]++
	}
	for _, name := range sectionNames(t) {
		if count[name] == 0 {
			t.Errorf("the section %s is empty", name)
		}
	}
	if count["Harbour"] < 4 {
		t.Errorf("Harbour has %d articles, want 4 at least", count["Harbour"])
	}
}

func TestQuotationMarksAreSetAsBritishNewspapersSetThem(t *testing.T) {
	for _, a := range read(t) {
		text := []string{a.Title, a.Standfirst, a.prose()}
		for _, p := range a.pictures() {
			text = append(text, p.Alt, p.Caption)
		}
		all := strings.Join(text, "\n")
		for _, bad := range []string{"'", "\"", "--", "lorem"} {
			if i := strings.Index(strings.ToLower(strings.ReplaceAll(all, "\n---\n", "\n")), bad); i >= 0 {
				t.Errorf("%s: the prose holds %s", a.name, bad)
			}
		}
	}
}

// Every file that an article names is there, and nothing lies there unused.
func TestFilesAreThereAndUsed(t *testing.T) {
	used := map[string]bool{}
	for _, a := range read(t) {
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
	err := fs.WalkDir(demo.Files(), ".", func(file string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !used[file] {
			t.Errorf("%s is used by no article", file)
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

// Links and translations lead to articles of this paper.
func TestAddressesLeadSomewhere(t *testing.T) {
	all := read(t)
	there := func(address string) bool {
		return slices.ContainsFunc(all, func(a article) bool { return a.Slug != "" && a.path() == address })
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
