package newsroom_test

import (
	"strings"
	"testing"

	"example.org/broadside"
	"example.org/broadside/internal/newsroom"
)

func TestSlug(t *testing.T) {
	long := strings.Repeat("harbour ", 20)
	tests := []struct{ headline, lang, want string }{
		{"The long strike", "en", "the-long-strike"},
		{"  Who paid? The mayor's men don’t say — “nobody”  ", "en-GB", "who-paid-the-mayors-men-dont-say-nobody"},
		{"Bread & roses", "en", "bread-and-roses"},
		{"1,200 jobs, 3 years", "en", "1-200-jobs-3-years"},
		{"snake_case __and__ dots...", "en", "snake-case-and-dots"},
		{"＿full＿width＿", "en", "full-width"},
		{"Забастовка в порту", "ru", "zabastovka-v-portu"},
		{"Қазақстан теңізі", "kk", "qazaqstan-tenizi"},
		{"Straßenbahn fährt über Köln", "de", "strassenbahn-faehrt-ueber-koeln"},
		{"Straßenbahn fährt über Köln", "de-AT", "strassenbahn-faehrt-ueber-koeln"},
		{"صباح الخير", "ar", "sbh-lkhyr"},
		{"東京の朝", "ja", "dong-jing-nozhao"},
		{"🧊🚢", "en", ""},
		{"🧊 Ice 🚢", "en", "ice"},
		{"", "en", ""},
		{"---", "", ""},
		{"A headline without a language", "", "a-headline-without-a-language"},
		{long, "en", strings.TrimSuffix(strings.Repeat("harbour-", 12), "-")},
		{strings.Repeat("a", 100) + " b", "en", strings.Repeat("a", 100)},
		{strings.Repeat("a", 150), "en", strings.Repeat("a", 100)},
	}
	for _, tt := range tests {
		if got := newsroom.Slug(tt.headline, tt.lang); got != tt.want {
			t.Errorf("Slug(%q, %q) = %q, want %q", tt.headline, tt.lang, got, tt.want)
		}
	}
}

// Whatever the headline, its slug can be an address or is empty.
func FuzzSlug(f *testing.F) {
	for _, seed := range []string{"The long strike", "Қазақстан", "‿_﹍a", "\xff\x00", strings.Repeat("ж", 200)} {
		f.Add(seed, "en")
		f.Add(seed, "kk")
	}
	f.Fuzz(func(t *testing.T, headline, lang string) {
		s := newsroom.Slug(headline, lang)
		if s == "" {
			return
		}
		if err := broadside.CheckSlug("article", s); err != nil {
			t.Errorf("Slug(%q, %q) = %q: %v", headline, lang, s, err)
		}
	})
}
