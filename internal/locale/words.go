package locale

import (
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
)

// Words are the words of the site's own interface in one language. Those with
// a verb of package fmt in them have a blank to fill, as [Words.Count] does.
// What each is for, and what goes into its blanks, stands in words/en.toml.
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
	Languages, StoriesIn                  string // "…in %s", a language's own name
	Trust, About                          string
	ReadAnotherWay                        string
	Lite, LiteHelp, FullPage              string // the link to a page as text alone, what it is, and the way back

	// Lists of articles.
	Stories, Latest, Earlier, MoreStories, MoreIn, LongRead string
	Minutes, StoriesCount                                   Forms
	Pages, Page, Newer, Older                               string
	NothingYet, NothingHere, NothingListed                  string
	Editions, Edition, NoEditions                           string
	Archive, ArchiveOf, ByMonth                             string // "Archive: %s", a year or what [MonthYear] writes
	Topic, Topics                                           string
	StoriesBy, PortraitOf                                   string // "…by %s"
	NotTranslated, NotTranslatedHelp                        string // "…in %s", a language's own name

	// The page of corrections, and the link to it.
	Corrections, CorrectionsIntro, NoCorrections, AllCorrections string

	// An article.
	By, PicturesBy, TranslatedBy      string
	From                              string // before a dateline
	ReadingTime                       Forms
	Updated                           string
	YearsOld                          Forms
	Text, TextOf                      string // the link to the text alone, short and in full
	AlsoIn                            string
	Correction, Clarification, Update string
	MoreOnStory, ShowPicture          string
	Share, ShareHelp, ByEmail         string
	Kinds                             Kinds
	Body                              Body
	Notices                           Notices

	// For another paper that takes an article over.
	Republish, RepublishIntro, RepublishHTML, RepublishText string
	CreditLine, FirstPublished                              string // "…by %s", the paper
	PicturesLeftOut, BackToArticle                          string

	localizer *i18n.Localizer
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

// Forms is a phrase that counts something, in all its grammatical forms.
// [Words.Count] says it for a number.
type Forms string // the message's name in the catalogue

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
	w, _ := Known("en")
	return w
}

// Known returns the words in lang, and whether there are any.
func Known(lang string) (*Words, bool) {
	for _, w := range catalogues {
		if covers(w.Lang, lang) {
			return w, true
		}
	}
	return nil, false
}

// Count puts n into the form of f that the language uses for it: "1 minute",
// "6 minutes"; «1 минута», «3 минуты», «6 минут».
func (w *Words) Count(f Forms, n int) string {
	phrase, lang := w.say(&i18n.LocalizeConfig{MessageID: string(f), PluralCount: n})
	return strings.Replace(phrase, "%s", Number(lang.String(), n), 1)
}
