package broadside_test

import (
	"strings"
	"testing"

	"example.org/broadside"
)

func TestCheckSlug(t *testing.T) {
	tests := []struct {
		slug string
		want string // part of the error, or "" for none
	}{
		{"strike", ""},
		{"the-long-strike-2", ""},
		{"2026", ""},
		{"a", ""},
		{strings.Repeat("a", broadside.MaxSlug), ""},
		{"", "The article has no slug"},
		{strings.Repeat("a", broadside.MaxSlug+1), "longer than 100 characters"},
		{strings.Repeat("é", broadside.MaxSlug), "longer than 100 characters"},
		{"The-Strike", "nothing else"},
		{"the--strike", "nothing else"},
		{"-strike", "nothing else"},
		{"strike-", "nothing else"},
		{"the strike", "nothing else"},
		{"the_strike", "nothing else"},
		{"strike.pdf", "nothing else"},
		{"..", "nothing else"},
		{"a/b", "nothing else"},
		{"ünion", "nothing else"},
		{"strike\n", "nothing else"},
		{"strike\x00", "nothing else"},
	}
	for _, tt := range tests {
		err := broadside.CheckSlug("article", tt.slug)
		switch {
		case tt.want == "" && err != nil:
			t.Errorf("CheckSlug(%q) = %v", tt.slug, err)
		case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
			t.Errorf("CheckSlug(%q) = %v, want %q", tt.slug, err, tt.want)
		case err != nil && broadside.KindOf(err) != broadside.Invalid:
			t.Errorf("CheckSlug(%q) is of kind %s", tt.slug, broadside.KindOf(err))
		}
	}
}

// A section with one of these names would hide a part of the site.
func TestCheckSectionKeepsTheSitesOwnAddresses(t *testing.T) {
	const own = "tag by edition archive search newsletter donate record lite lang media desk api healthz metrics page about privacy"
	for _, slug := range strings.Fields(own) {
		err := broadside.CheckSection(slug)
		if err == nil || !strings.Contains(err.Error(), "/"+slug) || broadside.KindOf(err) != broadside.Invalid {
			t.Errorf("CheckSection(%q) = %v, want an error that names the address", slug, err)
		}
	}
	for _, slug := range []string{"world", "city-hall", "tags", "by-the-way"} {
		if err := broadside.CheckSection(slug); err != nil {
			t.Errorf("CheckSection(%q) = %v", slug, err)
		}
	}
	for _, slug := range []string{"", "World", "feed.xml", "sitemap.xml", "robots.txt"} {
		if err := broadside.CheckSection(slug); broadside.KindOf(err) != broadside.Invalid {
			t.Errorf("CheckSection(%q) = %v, want an invalid error", slug, err)
		}
	}
}

// A page of the paper itself stands at the root: it may be about the paper, but
// not where a part of the site is.
func TestCheckPage(t *testing.T) {
	for _, slug := range []string{"about", "privacy", "accessibility", "impressum", "world", "how-we-work"} {
		if err := broadside.CheckPage(slug); err != nil {
			t.Errorf("CheckPage(%q) = %v", slug, err)
		}
	}
	for _, slug := range []string{"lang", "lite", "tag", "by", "edition", "archive", "corrections", "media", "assets", "page", "section"} {
		err := broadside.CheckPage(slug)
		if err == nil || !strings.Contains(err.Error(), "/"+slug) || broadside.KindOf(err) != broadside.Invalid {
			t.Errorf("CheckPage(%q) = %v, want an error that names the address", slug, err)
		}
	}
	for _, slug := range []string{"", "About", "robots.txt", "a/b"} {
		if err := broadside.CheckPage(slug); broadside.KindOf(err) != broadside.Invalid {
			t.Errorf("CheckPage(%q) = %v, want an invalid error", slug, err)
		}
	}
}

// Each address belongs to one article or page, and each of those has one.
func TestSplitPath(t *testing.T) {
	tests := []struct {
		path, section, slug string
		ok                  bool
	}{
		{"/world/the-long-strike", "world", "the-long-strike", true},
		{"/about", broadside.PageSection, "about", true},
		{"/how-we-work", broadside.PageSection, "how-we-work", true},
		{path: "/page/about"}, // the page is at /about and nowhere else
		{path: "/lang"},
		{path: "/lite"},
		{path: "/"},
		{path: ""},
		{path: "about"},
		{path: "//about"},
		{path: "/about/"},
		{path: "/About"},
		{path: "/robots.txt"},
		{path: "/world/"},
		{path: "/world/a/b"},
		{path: "/world/The-Strike"},
		{path: "world/strike"},
	}
	for _, tt := range tests {
		section, slug, ok := broadside.SplitPath(tt.path)
		if ok != tt.ok || ok && (section != tt.section || slug != tt.slug) {
			t.Errorf("SplitPath(%q) = %q, %q, %v; want %q, %q, %v", tt.path, section, slug, ok, tt.section, tt.slug, tt.ok)
		}
		if back := broadside.ArticlePath(section, slug); ok && back != tt.path {
			t.Errorf("ArticlePath(%q, %q) = %q, want %q", section, slug, back, tt.path)
		}
	}
}

// Whatever passes needs no escaping anywhere.
func FuzzCheckSlug(f *testing.F) {
	for _, seed := range []string{"the-long-strike", "a--b", "é", "", "a/b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, slug string) {
		if broadside.CheckSlug("article", slug) == nil && strings.Trim(slug, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			t.Errorf("CheckSlug(%q) = nil", slug)
		}
	})
}
