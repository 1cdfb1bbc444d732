package page

import (
	"cmp"
	"fmt"
	"html/template"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"example.org/broadside"
	"example.org/broadside/internal/document"
	"example.org/broadside/internal/locale"
)

// A frame is what stands around the content of every page: its head, the
// plate or the bar with the navigation, and the foot. Head and foot speak the
// paper's language; the content speaks the page's, which an article chooses.
type frame struct {
	voice       // of head and foot
	Main  voice // of the content

	Paper     broadside.Paper
	PageLang  string
	Dir       string
	PaperAttr template.HTMLAttr // language of head and foot where it is not the page's
	Nav       []navItem
	Home      bool          // the plate rather than the bar
	Today     template.HTML // the day, for the bar
	Plate     string        // class for the size of the name on the plate
	Picture   template.HTML // the nameplate as a picture; empty for the name in type
	Skip      string        // where the first link leads, in words
	LicenceAt string        // address of the paper's licence; may be empty
	Own       []navItem     // the paper's own pages
	LastIssue navItem       // the newest edition; empty if there is none
	LitePath  string        // address of this page's text-only twin; may be empty

	Static string       // where the assets are, with a slash at the end
	Icon   template.URL // of the browser's tab

	Meta meta
}

// A meta is what the page tells machines about itself.
type meta struct {
	Title       string // of the page; the paper's name is added
	Description string
	Path        string // canonical; empty for a page that has none
	URL         string // of Path; empty if the paper has no address of its own yet
	Type        string // Open Graph: "website" or "article"
	Image       string // absolute; may be empty
	ImageAlt    string
	Feeds       []feedLink
	Alternates  []alternate
	Data        template.JS // JSON-LD; may be empty
	Hidden      bool        // search engines should not list the page
}

// A feedLink is a feed that readers of the page may follow.
type feedLink struct{ Type, Title, Path string }

// An alternate is the same story in another language.
type alternate struct{ Lang, URL string }

// A navItem is an entry of the navigation. Current is "page" or "true" as
// aria-current has it: the page itself, or the section that the page is in.
// Attr holds its language and direction where they are not the frame's.
type navItem struct {
	Name, Path, Current string
	Attr                template.HTMLAttr
}

// frame returns the frame of a page in the language lang, or in that of the
// interface if that is empty. The page stands in the section of that slug.
func (p *Pages) frame(b *Base, lang, section string, m meta) frame {
	frameLang := cmp.Or(b.Lang, b.Paper.Lang, "en")
	lang = cmp.Or(lang, frameLang)
	zone := b.Paper.Location()
	f := frame{
		voice:    newVoice(frameLang, cmp.Or(b.Paper.Lang, "en"), zone),
		Main:     newVoice(lang, frameLang, zone),
		Paper:    b.Paper,
		PageLang: lang,
		Dir:      locale.Dir(lang),
		Plate:    plateClass(b.Paper.Name),
		Static:   p.assets.prefix,
		Icon:     p.assets.icon,
		Meta:     m,

		LicenceAt: document.LicenceURL(b.Paper.Licence),
	}
	if !locale.SameLanguage(lang, frameLang) {
		// The direction stays the page's, so that the frame is mirrored with it.
		f.PaperAttr = template.HTMLAttr(` lang="` + template.HTMLEscapeString(frameLang) + `"`)
	}
	if !b.Now.IsZero() {
		f.Today = f.longDay(b.Now.In(zone).Format(time.DateOnly))
	}
	f.Skip = f.SkipToPage
	f.nav(b, section)
	f.foot(b)
	f.Meta.Type = cmp.Or(m.Type, "website")
	if b.Paper.URL != "" && m.Path != "" {
		f.Meta.URL = b.Paper.Absolute(m.Path)
	}
	f.Meta.Feeds = append(f.feeds("/"), m.Feeds...)
	return f
}

// nav lists the front page, the sections and the other languages.
func (f *frame) nav(b *Base, current string) {
	add := func(item navItem, isCurrent bool) {
		if isCurrent {
			item.Current = "true"
			if f.Meta.Path == item.Path {
				item.Current = "page"
			}
		}
		f.Nav = append(f.Nav, item)
	}
	add(navItem{Name: f.FrontPage, Path: "/"}, f.Meta.Path == "/")
	for _, s := range b.Sections {
		add(navItem{Name: s.Name, Path: s.Path(), Attr: f.foreignAttr(b.Paper.Lang)}, s.Slug == current)
	}
	for _, lang := range b.Languages {
		item := navItem{Name: locale.LanguageName(lang), Path: LangPath(lang), Attr: langDirAttr(lang)}
		add(item, f.Meta.Path == item.Path)
	}
}

// foreignAttr returns the attributes of words in a language that is not the
// frame's.
func (f *frame) foreignAttr(lang string) template.HTMLAttr {
	if lang == "" || locale.SameLanguage(lang, f.around) {
		return ""
	}
	return langDirAttr(lang)
}

// foreignIn returns the attributes of words in the paper's language that stand
// in a part in another one.
func (f *frame) foreignIn(part string) template.HTMLAttr {
	if f.Paper.Lang == "" || locale.SameLanguage(part, f.Paper.Lang) {
		return ""
	}
	return langDirAttr(f.Paper.Lang)
}

// LitePath returns the address of the text-only twin of a page.
func LitePath(path string) string { return "/lite" + path }

// LangPath returns the address of the list of what is written in a language.
func LangPath(lang string) string { return "/lang/" + strings.ToLower(lang) + "/" }

// foot lists what stands at the foot of every page.
func (f *frame) foot(b *Base) {
	for _, l := range b.Own {
		f.Own = append(f.Own, navItem{Name: l.Summary.Headline, Path: l.Article.Path(), Attr: f.foreignAttr(l.Summary.Lang)})
	}
	if b.Edition != nil {
		f.LastIssue = navItem{Name: fmt.Sprintf(f.Edition, locale.Number(f.Lang, b.Edition.Number)), Path: b.Edition.Path()}
	}
}

// feeds returns the links to the feeds under a path that ends in a slash.
func (f *frame) feeds(path string) []feedLink {
	return []feedLink{
		{"application/atom+xml", f.Atom, path + "feed.xml"},
		{"application/rss+xml", f.RSS, path + "rss.xml"},
		{"application/feed+json", f.JSONFeed, path + "feed.json"},
	}
}

// Title is what the browser's tab says.
func (f *frame) Title() string {
	if f.Meta.Title == "" || f.Meta.Title == f.Paper.Name {
		return cmp.Or(f.Paper.Name, f.FrontPage)
	}
	if f.Paper.Name == "" {
		return f.Meta.Title
	}
	return f.Meta.Title + " – " + f.Paper.Name
}

// ToFront names the link of the paper's name for those who do not see it.
func (f *frame) ToFront() string { return fmt.Sprintf(f.ToFrontPage, f.Paper.Name) }

// Licence is the sentence about reuse. Before and after the licence's name
// stands the rest of the sentence.
func (f *frame) Licence() []string {
	if f.Paper.Licence == "" {
		return nil
	}
	return strings.SplitN(f.Reuse, "%s", 2)
}

// plateClass returns the class for a nameplate: the longer the name, the
// smaller it is set. The widths are estimates in letters of middling width.
func plateClass(name string) string {
	width := 0.0
	for _, r := range name {
		switch {
		case unicode.Is(unicode.Cyrillic, r), unicode.IsUpper(r):
			width += 1.25
		default:
			width++
		}
	}
	switch {
	case utf8.RuneCountInString(name) <= 10 && width <= 12:
		return "n1"
	case width <= 20:
		return "n2"
	case width <= 30:
		return "n3"
	}
	return "n4"
}
