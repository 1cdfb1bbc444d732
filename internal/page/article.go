package page

import (
	"cmp"
	"fmt"
	"html/template"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"example.org/broadside"
	"example.org/broadside/internal/document"
	"example.org/broadside/internal/locale"
)

// Article is the data of an article's page and of its text twin.
type Article struct {
	Base
	Article      broadside.Article
	Document     *document.Document
	Words        int                           // of the document
	Pictures     map[string]*broadside.Picture // by master; one that is missing shows its caption only
	Files        map[string]File               // by identity; one that is missing shows its title only
	People       map[string]broadside.Person   // of the byline, by ID; one that is missing is a name only
	Tags         []broadside.Tag
	Notes        []broadside.Publication // what readers were told since, newest first; others are passed over
	More         []broadside.Listing     // what to read next; may be empty
	OnStory      bool                    // More is on the same story rather than of the same section
	Translations []Translation           // the story's other languages
	Card         string                  // address of the picture that is drawn where the article has none
}

// A File is a sound, a film or a paper to download.
type File struct {
	URL  string
	Type string // media type
}

// A Translation is the same story in another language.
type Translation struct {
	Lang string
	Path string
}

// articleView is the data of templates/article.html.
type articleView struct {
	frame
	Section      navItem
	Label        string // "Analysis" and the like
	Headline     string
	Standfirst   string
	Writers      template.HTML // with links to the pages about them
	Credits      []string      // pictures, translation
	Dateline     template.HTML // "From Almaty, 5 January 2022"
	Published    template.HTML
	Updated      template.HTML
	ReadingTime  string
	YearsOld     string
	Republish    string       // address of the page for those who reprint; empty if the licence allows none
	Mail         template.URL // of a message that recommends the article
	Translations []translationView
	Hero         *hero
	Drop         bool // a drop initial
	Body         template.HTML
	Notes        []noteView
	Tags         []navItem
	MoreIn       string
	More         []teaser
}

// A hero is the picture under the headline.
type hero struct {
	Class   string // "tall" for a picture that would lose too much as a wide band
	Image   template.HTML
	Caption string
	Credit  template.HTML
}

// A noteView is a correction or one of its milder kinds.
type noteView struct {
	ID, Kind string
	At       template.HTML
	Note     string
}

// A translationView is a link to the story in another language.
type translationView struct{ Lang, Dir, Name, Path string }

// Article writes the page of an article, or of one of the paper's own pages.
// What the article does not have is left out, and what is left still looks whole.
func (p *Pages) Article(d Article) (*Sheet, error) {
	doc := d.Document
	m := meta{Title: doc.Headline, Description: doc.Standfirst, Path: d.Article.Path(), Type: "article"}
	d.lead(&m)
	v := articleView{
		frame:      p.frame(&d.Base, doc.Lang, d.Article.Section, m),
		Headline:   doc.Headline,
		Standfirst: doc.Standfirst,
		Drop:       startsLong(doc.Body) && !d.Article.IsPage(),
	}
	v.Skip = v.SkipToArticle
	v.Dir = cmp.Or(doc.Dir, v.Dir)
	v.LitePath = LitePath(d.Article.Path())
	v.Label = v.Main.Kinds.Label(doc.Kind)
	v.byline(&d)
	v.dates(&d)
	v.Hero = d.hero(v.Main)
	v.Body = template.HTML(doc.HTML(document.HTMLOptions{Image: d.image, File: d.file, Words: v.Main.words(), Ask: d.ask(v.Main)}))
	v.translations(&d)
	v.passOn(&d)
	v.surroundings(&d)
	v.Meta.Data = d.linkedData(&v)
	return p.sheet("article.html", &d.Base, &v)
}

// ask returns the words by which a sparing reader asks for a picture, or "".
func (b *Base) ask(v voice) string {
	if b.Sparing {
		return v.ShowPicture
	}
	return ""
}

// passOn offers to send the article to others, and to reprint it where its
// licence allows that.
func (v *articleView) passOn(d *Article) {
	if v.Meta.URL != "" {
		v.Mail = template.URL("mailto:?subject=" + forMail(v.Headline) + "&body=" + forMail(v.Meta.URL))
	}
	if v.LicenceAt != "" && !d.Article.IsPage() {
		v.Republish = d.Article.Path() + "/republish"
	}
	for _, t := range d.Tags {
		v.Tags = append(v.Tags, navItem{Name: t.Name, Path: t.Path(), Attr: v.foreignIn(v.PageLang)})
	}
}

// forMail escapes a value in a mailto: address (RFC 6068, section 2), in which a
// plus is a plus and an ampersand would begin another value.
func forMail(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// lead completes m with the lead picture, for those who share the page.
func (d *Article) lead(m *meta) {
	if d.Paper.URL == "" {
		return
	}
	if pic, ok := d.Pictures[d.Document.Lead]; ok {
		u, _ := d.Document.Use(d.Document.Lead)
		m.Image = d.Paper.Absolute(image(pic, "", false).Src)
		m.ImageAlt = u.Alt
	} else if d.Card != "" {
		m.Image, m.ImageAlt = d.Paper.Absolute(d.Card), d.Document.Headline
	}
}

// image is the way the body shows its pictures.
func (d *Article) image(u document.Use, size string) (document.Image, bool) {
	pic, ok := d.Pictures[u.Picture]
	if !ok {
		return document.Image{}, false
	}
	sizes := sizesColumn
	switch size {
	case "wide":
		sizes = sizesWide
	case "full":
		sizes = sizesFull
	}
	return image(pic, sizes, d.WebP), true
}

func (d *Article) file(identity string) (url, mime string, ok bool) {
	f, ok := d.Files[identity]
	return f.URL, f.Type, ok
}

func (d *Article) hero(v voice) *hero {
	pic, ok := d.Pictures[d.Document.Lead]
	if !ok {
		return nil
	}
	u, _ := d.Document.Use(d.Document.Lead)
	if u.Decorative {
		u.Alt = ""
	}
	h := &hero{Caption: u.Caption, Credit: template.HTML(document.CreditHTML(u, v.words()))}
	sizes := sizesHero
	if pic.Height > pic.Width || pic.Width < 720 {
		h.Class, sizes = " tall", sizesColumn
	}
	extra := atOnce
	if d.Sparing {
		extra = lazily
	}
	if c := focus(u.FocalX, u.FocalY); c != "" && h.Class == "" {
		extra = `class="` + c + `" ` + extra
	}
	h.Image = template.HTML(document.AskHTML(u, document.ImageHTML(u, image(pic, sizes, d.WebP), extra), d.ask(v)))
	return h
}

// byline sets the names under the headline, in the page's language.
func (v *articleView) byline(d *Article) {
	doc := d.Document
	var writers []string
	for _, b := range doc.Bylines {
		if b.Role == "" || b.Role == "words" {
			writers = append(writers, d.name(b))
		}
	}
	v.Writers = template.HTML(locale.Names(v.PageLang, writers))
	v.Credits = v.Main.credits(doc)
	if v.Standfirst == "" {
		v.Meta.Description = excerpt(doc.Body)
	}
	if place := doc.Dateline.Place; place != "" {
		v.Dateline = v.Main.Say(fmt.Sprintf(v.Main.From, place))
		if day := v.Main.day(doc.Dateline.Date); day != "" {
			v.Dateline += ", " + day
		}
	}
}

// name returns a name in the byline, escaped, with a link to the page about
// the person.
func (d *Article) name(b document.Byline) string {
	name := template.HTMLEscapeString(b.Name)
	if who, ok := d.People[b.Person]; ok {
		return `<a rel="author" href="` + who.Path() + `">` + name + `</a>`
	}
	return name
}

// credits are the names of those who made the pictures and the translation.
func (v voice) credits(doc *document.Document) []string {
	var pictures, translators, credits []string
	for _, b := range doc.Bylines {
		switch b.Role {
		case "pictures":
			pictures = append(pictures, b.Name)
		case "translation":
			translators = append(translators, b.Name)
		}
	}
	if len(pictures) > 0 {
		credits = append(credits, fmt.Sprintf(v.PicturesBy, locale.Names(v.Lang, pictures)))
	}
	if len(translators) > 0 {
		credits = append(credits, fmt.Sprintf(v.TranslatedBy, locale.Names(v.Lang, translators)))
	}
	return credits
}

// told returns the changes that readers were told of, newest first.
func (d *Article) told() []broadside.Publication {
	var told []broadside.Publication
	for _, n := range d.Notes {
		if n.Kind.Amends() && n.Kind.NeedsNote() {
			told = append(told, n)
		}
	}
	return told
}

func (v *articleView) dates(d *Article) {
	published := d.Article.Published
	for _, n := range d.told() {
		v.Notes = append(v.Notes, v.Main.note(n, len(v.Notes)))
	}
	if told := d.told(); len(told) > 0 {
		v.Updated = v.Main.updated(told[0].At, published)
	}
	if published.IsZero() || d.Article.IsPage() {
		return
	}
	v.Published = v.Main.time(published, locale.Date)
	if years := fullYears(published, d.Now); years > 0 {
		v.YearsOld = v.Main.Count(v.Main.YearsOld, years)
	}
	if n := (&broadside.Summary{Words: d.Words}).Minutes(); n > 0 {
		v.ReadingTime = v.Main.Count(v.Main.Words.ReadingTime, n)
	}
}

// note shows one row of the publication log that readers are told of.
func (v voice) note(n broadside.Publication, number int) noteView {
	return noteView{ID: fmt.Sprintf("note-%d", number+1), Kind: v.noteKind(n.Kind), At: v.time(n.At, locale.Date), Note: n.Note}
}

func (v voice) noteKind(k broadside.PublicationKind) string {
	switch k {
	case broadside.Correction:
		return v.Correction
	case broadside.Clarification:
		return v.Clarification
	}
	return v.Update
}

// updated says when readers were last told of a change: by the hour, if that
// was on the day of publication.
func (v voice) updated(at, published time.Time) template.HTML {
	write := locale.Date
	if dayOf(at, v.zone) == dayOf(published, v.zone) {
		write = locale.Clock
	}
	return v.sayWith(v.Updated, v.time(at, write))
}

// sayWith puts a date into the place of %s in a sentence.
func (v voice) sayWith(sentence string, date template.HTML) template.HTML {
	before, after, _ := strings.Cut(sentence, "%s")
	return foreign(v.around, v.Lang, template.HTMLEscapeString(before)+string(date)+template.HTMLEscapeString(after))
}

// fullYears returns how many years lie between two times.
func fullYears(from, to time.Time) int {
	years := to.Year() - from.Year()
	if from.AddDate(years, 0, 0).After(to) {
		years--
	}
	return years
}

// translations offers the story in other languages. To machines they are the
// same page only if there is one in each.
func (v *articleView) translations(d *Article) {
	langs := map[string]bool{v.PageLang: true}
	unique := d.Paper.URL != ""
	for _, t := range d.Translations {
		v.Translations = append(v.Translations, translationView{t.Lang, locale.Dir(t.Lang), locale.LanguageName(t.Lang), t.Path})
		unique = unique && !langs[t.Lang]
		langs[t.Lang] = true
	}
	if !unique || len(d.Translations) == 0 {
		return
	}
	for _, t := range d.Translations {
		v.Meta.Alternates = append(v.Meta.Alternates, alternate{t.Lang, d.Paper.Absolute(t.Path)})
	}
	v.Meta.Alternates = append(v.Meta.Alternates, alternate{v.PageLang, v.Meta.URL})
}

// surroundings names the article's section and what to read next.
func (v *articleView) surroundings(d *Article) {
	for _, s := range d.Sections {
		if s.Slug == d.Article.Section {
			v.Section = navItem{Name: s.Name, Path: s.Path()}
		}
	}
	switch {
	case d.OnStory:
		v.MoreIn = v.Main.MoreOnStory
	case v.Section.Name != "":
		v.MoreIn = fmt.Sprintf(v.Main.Words.MoreIn, v.Section.Name)
	default:
		v.MoreIn = v.Main.MoreStories
	}
	v.More = newTeller(&v.frame, &d.Base).all(d.More, "")
}

// startsLong reports whether the text may begin with a drop initial: in an
// alphabet that has them, a paragraph that is long enough to run around it. A
// word of one letter gets none, since its space would vanish with it.
func startsLong(body *document.Node) bool {
	if body == nil || len(body.Content) == 0 || body.Content[0].Type != document.Paragraph {
		return false
	}
	text := body.Content[0].Inner()
	first, size := utf8.DecodeRuneInString(text)
	second, _ := utf8.DecodeRuneInString(text[size:])
	return unicode.In(first, unicode.Latin, unicode.Cyrillic, unicode.Greek) && unicode.IsLetter(second) && utf8.RuneCountInString(text) >= 240
}

// excerpt returns the beginning of the text, for machines that want a
// description where the article has no standfirst.
func excerpt(body *document.Node) string {
	const enough = 160
	var text string
	body.Walk(func(n *document.Node) bool {
		if text == "" && n.Type == document.Paragraph {
			text = n.Inner()
		}
		return text == ""
	})
	runes := []rune(text)
	if len(runes) <= enough {
		return text
	}
	end := enough
	for end > 0 && !unicode.IsSpace(runes[end]) {
		end--
	}
	return string(runes[:cmp.Or(end, enough)]) + "…"
}
