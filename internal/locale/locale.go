// Package locale holds what depends on a reader's language and on nothing
// else: the writing direction, dates, numbers, lists of names, and the words of
// the site's own interface.
//
// It is not for the words of articles, which nothing here touches, nor for
// choosing a language: callers say which. Languages are BCP 47 tags. One that
// is unknown is treated as British English and is never an error, since it
// comes from whoever wrote the article.
//
// The words stand in catalogues, words/en.toml and its translations, which
// go-i18n reads when the program starts; it also knows which plural form a
// number takes. Each is complete, as the tests make sure. Were one not, then
// what it lacks would be in English.
//
// Everything is read-only once the program has started, and safe for
// concurrent use.
package locale

import (
	"strings"
	"unicode"

	"github.com/go-playground/locales"
	english "github.com/go-playground/locales/en"
	british "github.com/go-playground/locales/en_GB"
	kazakh "github.com/go-playground/locales/kk"
	russian "github.com/go-playground/locales/ru"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// A convention is how one language writes dates, hours and lists.
type convention struct {
	tag   string // the language, as [Words.Lang] and [DateLang] name it
	names locales.Translator

	// Patterns of dates: {w} weekday, {d} day, {m} month, {y} year. In that of
	// a month without a day, {m} is its name by itself.
	date, long, short, month string

	alone []string // the names of months by themselves, if a date has others

	clock string // between hours and minutes
	and   string // before the last of several names
}

// conventions are in the order in which [find] prefers them: a tag with a
// region before the language alone.
var conventions = []convention{
	{
		tag: "en-US", names: english.New(),
		date: "{m} {d}, {y}", long: "{w}, {m} {d}, {y}", short: "{m} {d}", month: "{m} {y}",
		clock: ":", and: "and",
	},
	{
		tag: "ru", names: russian.New(),
		date: "{d} {m} {y}", long: "{w}, {d} {m} {y}", short: "{d} {m}", month: "{m} {y}",
		alone: []string{"январь", "февраль", "март", "апрель", "май", "июнь",
			"июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"},
		clock: ":", and: "и",
	},
	{
		tag: "kk", names: kazakh.New(),
		date: "{y} ж. {d} {m}", long: "{y} ж. {d} {m}, {w}", short: "{d} {m}", month: "{y} ж. {m}",
		clock: ":", and: "және",
	},
	{
		tag: "en", names: british.New(),
		date: "{d} {m} {y}", long: "{w} {d} {m} {y}", short: "{d} {m}", month: "{m} {y}",
		clock: ".", and: "and",
	},
}

// find returns the convention for lang, and whether there is one. Without one
// it returns that of British English.
func find(lang string) (*convention, bool) {
	for i := range conventions {
		if covers(conventions[i].tag, lang) {
			return &conventions[i], true
		}
	}
	return &conventions[len(conventions)-1], false
}

// covers reports whether lang is tag or a narrower form of it.
func covers(tag, lang string) bool {
	lang = strings.ReplaceAll(lang, "_", "-")
	if len(lang) > len(tag) && lang[len(tag)] != '-' {
		return false
	}
	return len(lang) >= len(tag) && strings.EqualFold(lang[:len(tag)], tag)
}

// rightToLeft lists the scripts that are written from right to left.
var rightToLeft = map[string]bool{
	"Adlm": true, "Arab": true, "Aran": true, "Hebr": true, "Mand": true, "Nkoo": true,
	"Rohg": true, "Samr": true, "Syrc": true, "Thaa": true, "Yezi": true,
}

// Dir returns "rtl" if the language is written from right to left, and "ltr"
// if it is not or is unknown. A script in the tag counts: "az-Arab" is "rtl".
func Dir(lang string) string {
	tag, err := language.Parse(lang)
	if err != nil {
		return "ltr"
	}
	if script, _ := tag.Script(); rightToLeft[script.String()] {
		return "rtl"
	}
	return "ltr"
}

// SameLanguage reports whether two tags differ by nothing that the words or the
// writing direction depend on: "en" and "en-GB" do not.
func SameLanguage(a, b string) bool {
	one, _, _ := strings.Cut(a, "-")
	other, _, _ := strings.Cut(b, "-")
	return strings.EqualFold(one, other) && Dir(a) == Dir(b)
}

// Script returns the four-letter code of the script that the language is
// written in, such as "Latn", "Cyrl" or "Arab"; "Latn" if the language is unknown.
func Script(lang string) string {
	tag, err := language.Parse(lang)
	if err != nil || tag == language.Und {
		return "Latn"
	}
	script, _ := tag.Script()
	return script.String()
}

// LanguageName returns the name of a language in that language, with a capital
// letter: "English" for "en-GB", "Русский" for "ru". It returns the tag itself
// if the language has no known name.
func LanguageName(lang string) string {
	tag, err := language.Parse(lang)
	if err != nil {
		return lang
	}
	base, _ := tag.Base()
	name := display.Self.Name(language.Make(base.String()))
	if name == "" {
		return lang
	}
	runes := []rune(name)
	runes[0] = unicode.ToUpper(runes[0])
	return string(runes)
}

// Names joins the names of people: "Ana Reyes", "Ana Reyes and Tom Hale",
// "Ana Reyes, Tom Hale and Mira Okafor".
func Names(lang string, names []string) string {
	switch n := len(names); n {
	case 0:
		return ""
	case 1:
		return names[0]
	default:
		c, _ := find(lang)
		return strings.Join(names[:n-1], ", ") + " " + c.and + " " + names[n-1]
	}
}

// Number writes n with its digits grouped: "4,182" in English, "4 182" with a
// no-break space in Russian.
func Number(lang string, n int) string {
	c, _ := find(lang)
	return c.names.FmtNumber(float64(n), 0)
}
