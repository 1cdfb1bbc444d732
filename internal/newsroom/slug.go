package newsroom

import (
	"strings"

	"github.com/gosimple/slug"

	"example.org/broadside"
)

// Slug returns the last element of an address for a headline in that language:
// its words in Latin letters, as many as fit. It is empty if there are none.
func Slug(headline, lang string) string {
	base, _, _ := strings.Cut(lang, "-")
	// Apostrophes stand inside words: don’t is dont, not don-t.
	words := strings.NewReplacer("’", "", "'", "").Replace(headline)
	s := strings.Join(strings.FieldsFunc(slug.MakeLang(words, base), func(r rune) bool { return r == '-' || r == '_' }), "-")
	if len(s) <= broadside.MaxSlug {
		return s
	}
	s = s[:broadside.MaxSlug+1]
	if cut := strings.LastIndexByte(s, '-'); cut > 0 {
		return s[:cut]
	}
	return s[:broadside.MaxSlug]
}
