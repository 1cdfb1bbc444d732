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
	const own = "tag by edition archive search newsletter donate record lite media desk api healthz metrics"
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
