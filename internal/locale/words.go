package locale

import (
	"strings"

	"github.com/go-playground/locales"
)

// Words are the words of the site's own interface in one language. Those with
// a verb of package fmt in them have a blank to fill, as [Words.Count] does.
type Words struct {
	Lang string // tag of the language they are in

	// The frame of a page.
	SkipToNews, SkipToArticle, SkipToPage string
	FrontPage                             string // also the link to it
	ToFrontPage                           string // for a screen reader: the name of the paper, and that it is a link
	Sections                              string
	Follow, Atom, RSS, JSONFeed           string
	Reuse                                 string // "…under %s"
	StoriesToday                          Forms

	// Lists of articles.
	Latest, Earlier, MoreStories, MoreIn, LongRead string
	Minutes                                        Forms
	Pages, Page, Newer, Older                      string
	NothingYet, NothingHere                        string

	// An article.
	By, PicturesBy, TranslatedBy      string
	From                              string // before a dateline
	ReadingTime                       Forms
	Updated                           string
	YearsOld                          Forms
	Text, TextOf                      string // the link to the text alone, short and in full
	AlsoIn                            string
	Correction, Clarification, Update string
	Kinds                             Kinds
	Body                              Body
	Notices                           Notices
}

// Kinds are the labels of the kinds of journalism that readers should be able
// to tell from news. News itself has no label.
type Kinds struct{ Analysis, Opinion, Interview, Review, Letter, Obituary string }

// Body are the words inside an article's text.
type Body struct{ Picture, Notes, BackToText, Table string }

// Notices are what readers are told in place of a page: a title and a sentence
// of help for each.
type Notices struct {
	Error                             string // "Error %d"
	NotFound, NotFoundHelp            string
	Withdrawn, WithdrawnHelp          string
	WithdrawnWhy                      string // before the reason
	Denied, DeniedHelp                string
	Broken, BrokenHelp                string
	Unavailable, UnavailableHelp      string
	TooMany, TooManyHelp              string
	Refused, RefusedHelp, ToFrontPage string
}

// Forms are the grammatical forms of a phrase that counts something; each
// holds one %s for the number, or none where the number goes without saying.
// A language with two forms repeats the last.
type Forms struct{ One, Few, Many string }

// Label returns the label of a kind of journalism, or "" for news and for
// kinds that are unknown.
func (k *Kinds) Label(kind string) string {
	switch kind {
	case "analysis":
		return k.Analysis
	case "opinion":
		return k.Opinion
	case "interview":
		return k.Interview
	case "review":
		return k.Review
	case "letter":
		return k.Letter
	case "obituary":
		return k.Obituary
	}
	return ""
}

// For returns the words in lang, or in English if lang has none. The caller
// must not change them.
func For(lang string) *Words {
	if w, ok := Known(lang); ok {
		return w
	}
	return &englishWords
}

// Known returns the words in lang, and whether there are any.
func Known(lang string) (*Words, bool) {
	for _, w := range []*Words{&englishWords, &russianWords} {
		if covers(w.Lang, lang) {
			return w, true
		}
	}
	return nil, false
}

// Count puts n into the form of f that the language uses for it: "1 minute",
// "6 minutes"; «1 минута», «3 минуты», «6 минут».
func (w *Words) Count(f Forms, n int) string {
	c, _ := find(w.Lang)
	form := f.Many
	switch c.names.CardinalPluralRule(float64(n), 0) {
	case locales.PluralRuleOne:
		form = f.One
	case locales.PluralRuleFew:
		form = f.Few
	}
	return strings.Replace(form, "%s", Number(w.Lang, n), 1)
}
