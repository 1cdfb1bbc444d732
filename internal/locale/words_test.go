package locale

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/pelletier/go-toml/v2"
)

func TestCount(t *testing.T) {
	tests := []struct {
		lang string
		n    int
		want string
	}{
		{"en", 1, "1 minute"}, {"en", 6, "6 minutes"}, {"en", 0, "0 minutes"}, {"fr", 6, "6 minutes"},
		{"ru", 1, "1 минута"}, {"ru", 3, "3 минуты"}, {"ru", 6, "6 минут"}, {"ru", 11, "11 минут"}, {"ru", 22, "22 минуты"},
		{"ru", 4182, "4\u00a0182 минуты"}, {"kk", 1, "1 минут"}, {"kk", 6, "6 минут"},
	}
	for _, tt := range tests {
		if w := For(tt.lang); w.Count(w.Minutes, tt.n) != tt.want {
			t.Errorf("%d minutes in %q = %q, want %q", tt.n, tt.lang, w.Count(w.Minutes, tt.n), tt.want)
		}
	}
}

// One may stand for the number 1 only, and then do without it. In Russian it
// also stands for 21.
func TestYearsOld(t *testing.T) {
	tests := []struct {
		lang string
		n    int
		want string
	}{
		{"en", 1, "This article is more than a year old"},
		{"en", 2, "This article is more than 2 years old"},
		{"ru", 1, "Этой статье больше 1 года"},
		{"ru", 2, "Этой статье больше 2 лет"},
		{"ru", 21, "Этой статье больше 21 года"},
		{"kk", 1, "Бұл мақаланың жарияланғанына бір жылдан астам уақыт өтті"},
		{"kk", 21, "Бұл мақаланың жарияланғанына 21 жылдан астам уақыт өтті"},
	}
	for _, tt := range tests {
		if w := For(tt.lang); w.Count(w.YearsOld, tt.n) != tt.want {
			t.Errorf("%d years in %q = %q, want %q", tt.n, tt.lang, w.Count(w.YearsOld, tt.n), tt.want)
		}
	}
}

func TestKnown(t *testing.T) {
	tests := []struct {
		lang, words string
		known       bool
	}{
		{"en", "en", true}, {"en-GB", "en", true}, {"ru", "ru", true}, {"RU_ru", "ru", true}, {"kk", "kk", true},
		{"kk-KZ", "kk", true}, {"ar", "en", false}, {"kkj", "en", false}, {"", "en", false},
	}
	for _, tt := range tests {
		_, known := Known(tt.lang)
		if got := For(tt.lang).Lang; got != tt.words || known != tt.known {
			t.Errorf("words in %q are in %q, known %v; want %q, %v", tt.lang, got, known, tt.words, tt.known)
		}
	}
}

// Every language says everything that is in [Words] and nothing else, with the
// blanks that English has, in each plural form that the language has.
func TestCatalogues(t *testing.T) {
	ids := fields(reflect.TypeFor[Words](), "")
	english := catalogue(t, files, "words/en.toml")
	names, err := fs.Glob(files, "words/*.toml")
	if err != nil || len(names) < 3 {
		t.Fatalf("catalogues: %q, %v", names, err)
	}
	for _, name := range names {
		t.Run(path.Base(name), func(t *testing.T) {
			messages := catalogue(t, files, name)
			for id := range messages {
				if _, ok := ids[id]; !ok {
					t.Errorf("%s is not in Words: is it misspelt?", id)
				}
			}
			lang := strings.TrimSuffix(path.Base(name), ".toml")
			for _, id := range slices.Sorted(maps.Keys(ids)) {
				if messages[id] == nil {
					t.Errorf("%s is missing", id)
					continue
				}
				checkForms(t, lang, messages[id], ids[id])
				checkBlanks(t, lang, messages[id], english[id])
			}
		})
	}
}

// checkForms compares the forms of a message with what the language has.
func checkForms(t *testing.T, lang string, m *i18n.Message, counts bool) {
	want := []string{"other"}
	if counts {
		c, known := find(lang)
		if !known {
			t.Fatalf("%s has no entry in the conventions of locale.go", lang)
		}
		want = nil
		for _, rule := range c.names.PluralsCardinal() {
			want = append(want, strings.ToLower(rule.String()))
		}
		slices.Sort(want)
	}
	if got := slices.Sorted(maps.Keys(forms(m))); !slices.Equal(got, want) {
		t.Errorf("%s has the forms %q, want %q", m.ID, got, want)
	}
	w, _ := Known(lang)
	for n := range 1000 {
		if counts && strings.Contains(w.Count(Forms(m.ID), n), "%") {
			t.Errorf("%s, counting %d: %q", m.ID, n, w.Count(Forms(m.ID), n))
		}
	}
}

var blank = regexp.MustCompile(`%[sd]`)

// checkBlanks compares the blanks of a message with those of English.
func checkBlanks(t *testing.T, lang string, m, english *i18n.Message) {
	want := blank.FindAllString(english.Other, -1)
	for form, phrase := range forms(m) {
		if strings.TrimSpace(phrase) != phrase || strings.Contains(phrase, "{{") || strings.Contains(blank.ReplaceAllString(phrase, ""), "%") {
			t.Errorf("%s: %s is %q: no space around a phrase, and no blanks but %%s and %%d", m.ID, form, phrase)
		}
		got := blank.FindAllString(phrase, -1)
		if form == "one" && len(got) == 0 && onlyOne(lang, m) {
			continue // "more than a year old"
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %s has the blanks %q, want %q: %q", m.ID, form, got, want, phrase)
		}
	}
}

// onlyOne reports whether the form one of m stands for no number but 1.
func onlyOne(lang string, m *i18n.Message) bool {
	w, _ := Known(lang)
	for n := range 1000 {
		phrase, _ := w.say(&i18n.LocalizeConfig{MessageID: m.ID, PluralCount: n})
		if n != 1 && phrase == m.One {
			return false
		}
	}
	return true
}

// A phrase that a catalogue lacks is in English, with English plurals.
func TestFallback(t *testing.T) {
	all, err := load(fstest.MapFS{
		"words/en.toml": {Data: []byte("Latest = 'Latest'\nEarlier = 'Earlier'\nMinutes = {one = '%s minute', other = '%s minutes'}\n[Kinds]\nLetter = 'Letter'\nReview = 'Review'")},
		"words/fr.toml": {Data: []byte("Latest = 'À la une'\nNoSuchPhrase = '?'\n[Kinds]\nLetter = 'Courrier'")},
	})
	if err != nil {
		t.Fatal(err)
	}
	french := all[slices.IndexFunc(all, func(w *Words) bool { return w.Lang == "fr" })]
	got := []string{french.Latest, french.Earlier, french.Kinds.Letter, french.Kinds.Review,
		french.Count(french.Minutes, 0), french.Count(french.Minutes, 1234)} // 0 is singular in French
	want := []string{"À la une", "Earlier", "Courrier", "Review", "0 minutes", "1,234 minutes"}
	if !slices.Equal(got, want) {
		t.Errorf("French with gaps says %q, want %q", got, want)
	}
}

func TestLoadRefuses(t *testing.T) {
	for _, text := range []string{"Latest = ", "Minutes.other = 'x'\nMinutes.oen = 'y'", "Latest = 1"} {
		_, err := load(fstest.MapFS{"words/fr.toml": {Data: []byte(text)}})
		if err == nil || !strings.Contains(err.Error(), "words/fr.toml") {
			t.Errorf("load of %q = %v, want an error that names the file", text, err)
		}
	}
}

// fields returns the names of all phrases, and whether each counts something.
func fields(typ reflect.Type, prefix string) map[string]bool {
	all := map[string]bool{}
	for i := range typ.NumField() {
		field := typ.Field(i)
		id := prefix + field.Name
		switch {
		case !field.IsExported() || id == "Lang":
		case field.Type.Kind() == reflect.Struct:
			maps.Copy(all, fields(field.Type, id+"."))
		default:
			all[id] = field.Type == reflect.TypeFor[Forms]()
		}
	}
	return all
}

// catalogue returns the messages of a file by their names.
func catalogue(t *testing.T, fsys fs.FS, name string) map[string]*i18n.Message {
	t.Helper()
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		t.Fatal(err)
	}
	file, err := i18n.ParseMessageFileBytes(text, name, map[string]i18n.UnmarshalFunc{"toml": toml.Unmarshal})
	if err != nil {
		t.Fatal(fmt.Errorf("%s: %w", name, err))
	}
	all := map[string]*i18n.Message{}
	for _, m := range file.Messages {
		all[m.ID] = m
	}
	return all
}

// forms returns what a message says, by the CLDR's names of plural forms.
func forms(m *i18n.Message) map[string]string {
	all := map[string]string{"zero": m.Zero, "one": m.One, "two": m.Two, "few": m.Few, "many": m.Many, "other": m.Other}
	maps.DeleteFunc(all, func(_, phrase string) bool { return phrase == "" })
	return all
}
