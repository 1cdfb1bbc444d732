package importer_test

import (
	"strings"
	"testing"

	"example.org/broadside"
	"example.org/broadside/internal/importer"
	"example.org/broadside/internal/newstest"
	"example.org/broadside/internal/store"
)

// A page of the paper itself names no section and needs no author; it stands
// at the root.
func TestPageOfThePaper(t *testing.T) {
	p := newstest.SQLite(t)
	fsys := folder(t, map[string]string{
		"about.md":  "---\ntitle: About the paper\nkind: page\nslug: about\n---\nIt belongs to its readers.\n",
		"house.md":  "---\ntitle: How we work\nkind: page\ntags: [Trust]\npicture: {file: quay.jpg, alt: A quay, credit: Ivo Tarn}\n---\nSlowly.\n",
		"strike.md": "---\ntitle: Strike\nsection: Work\n---\nThey voted.\n",
	})
	for i := range 2 { // a second time changes nothing
		rs := run(t, p, fsys, options(importer.Markdown), "about.md", "house.md", "strike.md")
		for j, want := range []string{"/about", "/how-we-work", "/work/strike"} {
			if rs[j].Err != nil || rs[j].Path != want || rs[j].Changed != (i == 0) {
				t.Errorf("import %d of %s: %+v, want %s", i+1, rs[j].File, rs[j], want)
			}
		}
	}
	a, d := articleAt(t, p, "/about")
	if !a.IsPage() || a.Status != broadside.Published || d.Kind != "page" || d.Headline != "About the paper" || len(d.Bylines) != 0 {
		t.Errorf("the page is %+v, %+v", a, d)
	}
	ls, err := p.Store.Listings(t.Context(), store.Scope{}, 0, 9)
	if err != nil || len(ls) != 1 || ls[0].Article.Slug != "strike" {
		t.Errorf("the list of articles is %+v, %v", ls, err)
	}
	if _, err := p.Store.Section(t.Context(), "about"); broadside.KindOf(err) != broadside.NotFound {
		t.Errorf("the page made a section: %v", err)
	}
	if faults := p.Check(t); len(faults) > 0 {
		t.Errorf("Check: %q", faults)
	}
}

// Where pages and sections would have one address the second is refused, and
// the line at fault is named.
func TestAddressesOfPagesThatAreRefused(t *testing.T) {
	const about = "---\ntitle: About\nkind: page\nslug: about\n---\nWords.\n"
	tests := []struct {
		name, before, text string
		kind               broadside.Kind
		want               string
	}{
		{"an address that the site needs", "", "---\ntitle: A page\nkind: page\nslug: archive\n---\nWords.\n", broadside.Invalid, "Line 4: The page cannot have the slug"},
		{"an address that the site needs, by its title", "", "---\ntitle: Search\nkind: page\n---\nWords.\n", broadside.Invalid, "/search"},
		{"an address that no address can be", "", "---\ntitle: A page\nkind: page\nslug: A page\n---\nWords.\n", broadside.Invalid, "Line 4: The slug"},
		{"the address of a section", "", "---\ntitle: World\nkind: page\n---\nWords.\n", broadside.Conflict, "/world/"},
		{"a section named like a page that every paper has", "", "---\ntitle: Us\nsection: About\n---\nWords.\n", broadside.Invalid, "Line 3: The section cannot have the slug"},
		{"a section named like a page of this paper", "---\ntitle: Our house\nkind: page\n---\nWords.\n", "---\ntitle: Us\nsection: Our house\n---\nWords.\n", broadside.Conflict, "The page /our-house"},
		{"a page in a section", "", "---\ntitle: A page\nkind: page\nsection: Work\n---\nWords.\n", broadside.Invalid, "in no section"},
		{"a section of pages", "", "---\ntitle: A story\nsection: Page\n---\nWords.\n", broadside.Invalid, "Line 3: The section cannot have the slug"},
		{"a story without a section", "", "---\ntitle: A story\nkind: news\n---\nWords.\n", broadside.Invalid, "has no section"},
		{"another page at the same address", about, "---\ntitle: About us\nkind: page\nslug: about\n---\nOther words.\n", broadside.Conflict, "/about"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newstest.SQLite(t)
			if tt.before != "" {
				if r := run(t, p, folder(t, map[string]string{"before.md": tt.before}), options(importer.Markdown), "before.md")[0]; r.Err != nil {
					t.Fatal(r.Err)
				}
			}
			before := p.Dump(t)
			r := run(t, p, folder(t, map[string]string{"a.md": tt.text}), options(importer.Markdown), "a.md")[0]
			newstest.WantKind(t, "Run", r.Err, tt.kind)
			if r.Err != nil && !strings.Contains(r.Err.Error(), tt.want) {
				t.Errorf("Run: %v, want it to say %q", r.Err, tt.want)
			}
			newstest.WantSame(t, "the paper", before, p.Dump(t))
		})
	}
}
