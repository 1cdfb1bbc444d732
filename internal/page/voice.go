package page

import (
	"html/template"
	"time"

	"example.org/broadside/internal/locale"
)

// A voice speaks the words of the interface in one part of a page. The words
// may be in another language than what is around them, because we have no words
// in that language: then they say so, for the sake of those who listen.
type voice struct {
	*locale.Words
	around string // language of what is around the words
	zone   *time.Location
}

// newVoice returns the voice for a part in the language around. Where there
// are no words in it, they are in the language otherwise, or in English.
func newVoice(around, otherwise string, zone *time.Location) voice {
	w, ok := locale.Known(around)
	if !ok {
		w = locale.For(otherwise)
	}
	return voice{Words: w, around: around, zone: zone}
}

// Say sets a phrase of the interface. Where it is not in the language around
// it, it says so, and keeps its own direction.
func (v voice) Say(phrase string) template.HTML {
	if phrase == "" {
		return ""
	}
	return foreign(v.around, v.Lang, template.HTMLEscapeString(phrase))
}

// foreign wraps escaped text if its language is not that around it.
func foreign(around, lang, escaped string) template.HTML {
	if !locale.SameLanguage(around, lang) {
		escaped = `<bdi lang="` + template.HTMLEscapeString(lang) + `">` + escaped + `</bdi>`
	}
	return template.HTML(escaped)
}

// langDirAttr returns a lang attribute and, with it, the direction: for
// something that is as a whole in another language.
func langDirAttr(lang string) template.HTMLAttr {
	return template.HTMLAttr(` lang="` + template.HTMLEscapeString(lang) + `" dir="` + locale.Dir(lang) + `"`)
}

// time returns a time element whose text is made by write, such as [locale.Date].
func (v voice) time(t time.Time, write func(lang string, t time.Time) string) template.HTML {
	t = t.In(v.zone)
	return v.element(t.Format("2006-01-02T15:04Z07:00"), write(v.dateLang(), t))
}

// day returns a time element for a date without an hour, or "" if it is none.
func (v voice) day(date string) template.HTML {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return ""
	}
	return v.element(date, locale.Date(v.dateLang(), t))
}

func (v voice) element(machine, text string) template.HTML {
	said := foreign(v.around, v.dateLang(), template.HTMLEscapeString(text))
	return template.HTML(`<time datetime="` + machine + `">` + string(said) + `</time>`)
}

// date writes a day as plain text.
func (v voice) date(t time.Time) string { return locale.Date(v.dateLang(), t.In(v.zone)) }

// dateLang is the language of dates: that of the part, or else of the words.
func (v voice) dateLang() string {
	if locale.DateLang(v.around) == v.around {
		return v.around
	}
	return v.Lang
}
