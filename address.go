package broadside

import (
	"regexp"
	"slices"
	"strings"
)

// slugForm is lower-case ASCII words joined by single hyphens: it needs no
// escaping in an address, a file name or a command.
var slugForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// MaxSlug is the longest slug, in bytes.
const MaxSlug = 100

// PageSection is the section of the paper's own pages, such as /about. Their
// addresses leave it out, no list of articles holds them, and it is not among
// the sections that readers see.
const PageSection = "page"

// siteAddresses are first elements of addresses that the site needs itself,
// now or by its published plan of addresses. Those with a dot, such as
// feed.xml, are no slugs to begin with.
var siteAddresses = []string{
	"api", "archive", "assets", "by", "corrections", "desk", "donate", "edition", "healthz", "lang", "lite",
	"media", "metrics", "newsletter", PageSection, "record", "search", "section", "static", "tag",
}

// pageSlugs are the pages that every paper should have.
var pageSlugs = []string{"about", "accessibility", "privacy"}

// CheckSlug returns an [Invalid] error, which names what, if slug cannot be
// the last element of an address.
func CheckSlug(what, slug string) error {
	switch {
	case slug == "":
		return Errorf(Invalid, "The %s has no slug: give it one in lower-case letters, digits and hyphens.", what)
	case len(slug) > MaxSlug:
		return Errorf(Invalid, "The slug %q of the %s is longer than %d characters.", slug[:20]+"…", what, MaxSlug)
	case !slugForm.MatchString(slug):
		return Errorf(Invalid, "The slug %q of the %s may hold lower-case letters, digits and single hyphens between them, nothing else.", slug, what)
	}
	return nil
}

// CheckSection returns an [Invalid] error if slug cannot be a section's:
// the form is wrong, or the site needs the address itself.
func CheckSection(slug string) error {
	if err := CheckSlug("section", slug); err != nil {
		return err
	}
	if slices.Contains(siteAddresses, slug) || slices.Contains(pageSlugs, slug) {
		return Errorf(Invalid, "The section cannot have the slug %q: the site needs the address /%s itself.", slug, slug)
	}
	return nil
}

// CheckPage returns an [Invalid] error if slug cannot be that of one of the
// paper's own pages. That no section has it is for the caller to see to.
func CheckPage(slug string) error {
	if err := CheckSlug("page", slug); err != nil {
		return err
	}
	if slices.Contains(siteAddresses, slug) {
		return Errorf(Invalid, "The page cannot have the slug %q: the site needs the address /%s itself.", slug, slug)
	}
	return nil
}

// SplitPath returns the section and the slug of an article's address. The
// section of one of the paper's own pages is [PageSection]. It returns false if
// path does not have the form of either.
func SplitPath(path string) (section, slug string, ok bool) {
	rest, ok := strings.CutPrefix(path, "/")
	if !ok {
		return "", "", false
	}
	section, slug, ok = strings.Cut(rest, "/")
	if !ok {
		section, slug = PageSection, rest
		return section, slug, CheckPage(slug) == nil
	}
	return section, slug, section != PageSection && slugForm.MatchString(section) && slugForm.MatchString(slug)
}
