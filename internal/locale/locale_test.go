package locale

import (
	"reflect"
	"testing"
	"time"
)

var day = time.Date(2026, time.March, 14, 14, 5, 0, 0, time.UTC)

func TestDates(t *testing.T) {
	tests := []struct{ lang, date, long, short, clock, writtenIn string }{
		{"en", "14 March 2026", "Saturday 14 March 2026", "14 March", "14.05", "en"},
		{"en-GB", "14 March 2026", "Saturday 14 March 2026", "14 March", "14.05", "en-GB"},
		{"en-US", "March 14, 2026", "Saturday, March 14, 2026", "March 14", "14:05", "en-US"},
		{"ru", "14 марта 2026", "суббота, 14 марта 2026", "14 марта", "14:05", "ru"},
		{"RU-ru", "14 марта 2026", "суббота, 14 марта 2026", "14 марта", "14:05", "RU-ru"},
		{"kk", "2026 ж. 14 наурыз", "2026 ж. 14 наурыз, сенбі", "14 наурыз", "14:05", "kk"},
		{"enx", "14 March 2026", "Saturday 14 March 2026", "14 March", "14.05", "en"},
		{"", "14 March 2026", "Saturday 14 March 2026", "14 March", "14.05", "en"},
	}
	for _, tt := range tests {
		got := []string{Date(tt.lang, day), LongDate(tt.lang, day), ShortDate(tt.lang, day), Clock(tt.lang, day), DateLang(tt.lang)}
		want := []string{tt.date, tt.long, tt.short, tt.clock, tt.writtenIn}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("dates in %q = %q, want %q", tt.lang, got, want)
		}
	}
}

// A month by itself is in the nominative, which Russian dates do not use.
func TestMonths(t *testing.T) {
	tests := []struct{ lang, monthYear, may, december string }{
		{"en", "March 2026", "May", "December"},
		{"en-US", "March 2026", "May", "December"},
		{"ru", "март 2026", "май", "декабрь"},
		{"kk", "2026 ж. наурыз", "мамыр", "желтоқсан"},
		{"xx", "March 2026", "May", "December"},
	}
	for _, tt := range tests {
		got := []string{MonthYear(tt.lang, day), MonthName(tt.lang, time.May), MonthName(tt.lang, time.December)}
		want := []string{tt.monthYear, tt.may, tt.december}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("months in %q = %q, want %q", tt.lang, got, want)
		}
	}
	for _, c := range conventions {
		seen := map[string]bool{}
		for m := time.January; m <= time.December; m++ {
			seen[c.monthName(m)] = true
		}
		if len(seen) != 12 || seen[""] {
			t.Errorf("%s has not twelve names of months: %v", c.tag, seen)
		}
	}
}

// A date is that of the zone its time is in: the paper's day, not Greenwich's.
func TestDateKeepsItsZone(t *testing.T) {
	almaty := time.FixedZone("+05", 5*60*60)
	late := time.Date(2026, time.March, 14, 22, 0, 0, 0, time.UTC).In(almaty)
	if got, want := Date("en", late), "15 March 2026"; got != want {
		t.Errorf("Date = %q, want %q", got, want)
	}
}

func TestDir(t *testing.T) {
	tests := []struct{ lang, dir, script string }{
		{"en", "ltr", "Latn"}, {"ru", "ltr", "Cyrl"}, {"kk", "ltr", "Cyrl"}, {"kk-Latn", "ltr", "Latn"},
		{"ar", "rtl", "Arab"}, {"ar-EG", "rtl", "Arab"}, {"he", "rtl", "Hebr"}, {"fa", "rtl", "Arab"},
		{"ckb", "rtl", "Arab"}, {"ku", "ltr", "Latn"}, {"az-Arab", "rtl", "Arab"}, {"dv", "rtl", "Thaa"},
		{"", "ltr", "Latn"}, {"no such language", "ltr", "Latn"},
	}
	for _, tt := range tests {
		if dir, script := Dir(tt.lang), Script(tt.lang); dir != tt.dir || script != tt.script {
			t.Errorf("Dir, Script(%q) = %q, %q, want %q, %q", tt.lang, dir, script, tt.dir, tt.script)
		}
	}
}

func TestNames(t *testing.T) {
	tests := []struct {
		lang  string
		names []string
		want  string
	}{
		{"en", nil, ""},
		{"en", []string{"Ana Reyes"}, "Ana Reyes"},
		{"en", []string{"Ana Reyes", "Tom Hale"}, "Ana Reyes and Tom Hale"},
		{"en", []string{"Ana Reyes", "Tom Hale", "Mira Okafor"}, "Ana Reyes, Tom Hale and Mira Okafor"},
		{"ru", []string{"Ана Рейес", "Том Хейл"}, "Ана Рейес и Том Хейл"},
		{"kk", []string{"Айгерім", "Дана"}, "Айгерім және Дана"},
		{"xx", []string{"Ana", "Tom"}, "Ana and Tom"},
	}
	for _, tt := range tests {
		if got := Names(tt.lang, tt.names); got != tt.want {
			t.Errorf("Names(%q, %q) = %q, want %q", tt.lang, tt.names, got, tt.want)
		}
	}
}

func TestNumber(t *testing.T) {
	tests := []struct {
		lang string
		n    int
		want string
	}{
		{"en", 7, "7"}, {"en", 4182, "4,182"}, {"en", 1234567, "1,234,567"},
		{"ru", 4182, "4\u00a0182"}, {"xx", 4182, "4,182"},
	}
	for _, tt := range tests {
		if got := Number(tt.lang, tt.n); got != tt.want {
			t.Errorf("Number(%q, %d) = %q, want %q", tt.lang, tt.n, got, tt.want)
		}
	}
}

func TestLanguageName(t *testing.T) {
	tests := []struct{ lang, want string }{
		{"en-GB", "English"}, {"ru", "Русский"}, {"ar", "العربية"}, {"kk", "Қазақ тілі"}, {"!", "!"},
	}
	for _, tt := range tests {
		if got := LanguageName(tt.lang); got != tt.want {
			t.Errorf("LanguageName(%q) = %q, want %q", tt.lang, got, tt.want)
		}
	}
}

func TestKindLabel(t *testing.T) {
	kinds := &For("en").Kinds
	for kind, want := range map[string]string{"news": "", "analysis": "Analysis", "opinion": "Opinion", "interview": "Interview", "review": "Review", "letter": "Letter", "obituary": "Obituary", "?": ""} {
		if got := kinds.Label(kind); got != want {
			t.Errorf("Label(%q) = %q, want %q", kind, got, want)
		}
	}
}
