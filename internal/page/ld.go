package page

import (
	"cmp"
	"encoding/json"
	"html/template"
	"time"

	"example.org/broadside"
	"example.org/broadside/internal/document"
)

// The types of schema.org that describe an article to machines, as JSON-LD
// (https://schema.org/NewsArticle). Empty fields are left out. The text itself
// is not among them: it is on the page.
type (
	newsArticle struct {
		Context     string         `json:"@context"`
		Type        string         `json:"@type"`
		ID          string         `json:"@id,omitempty"`
		URL         string         `json:"url,omitempty"`
		Headline    string         `json:"headline"`
		Description string         `json:"description,omitempty"`
		Lang        string         `json:"inLanguage"`
		Published   string         `json:"datePublished,omitempty"`
		Modified    string         `json:"dateModified,omitempty"`
		Section     string         `json:"articleSection,omitempty"`
		Keywords    []string       `json:"keywords,omitempty"`
		Words       int            `json:"wordCount,omitempty"`
		Free        bool           `json:"isAccessibleForFree"`
		Licence     string         `json:"license,omitempty"`
		Dateline    string         `json:"dateline,omitempty"`
		Author      []ldPerson     `json:"author,omitempty"`
		Translator  []ldPerson     `json:"translator,omitempty"`
		Publisher   *ldPublisher   `json:"publisher,omitempty"`
		Image       []ldImage      `json:"image,omitempty"`
		Correction  []ldCorrection `json:"correction,omitempty"`
		Speakable   *ldSpeakable   `json:"speakable,omitempty"`
		Translation []ldWork       `json:"workTranslation,omitempty"`
	}
	ldPerson struct {
		Type string `json:"@type"`
		Name string `json:"name"`
		URL  string `json:"url,omitempty"`
	}
	ldPublisher struct {
		Type        string `json:"@type"`
		Name        string `json:"name"`
		URL         string `json:"url,omitempty"`
		Corrections string `json:"correctionsPolicy,omitempty"`
	}
	ldImage struct {
		Type    string `json:"@type"`
		URL     string `json:"url"`
		Width   int    `json:"width,omitempty"`
		Height  int    `json:"height,omitempty"`
		Caption string `json:"caption,omitempty"`
		Credit  string `json:"creditText,omitempty"`
		Licence string `json:"license,omitempty"`
	}
	ldCorrection struct {
		Type      string `json:"@type"`
		Text      string `json:"text"`
		Published string `json:"datePublished"`
	}
	ldSpeakable struct {
		Type     string   `json:"@type"`
		Selector []string `json:"cssSelector"`
	}
	ldWork struct {
		Type string `json:"@type"`
		ID   string `json:"@id"`
		Lang string `json:"inLanguage"`
	}
)

// articleTypes are the subtypes of schema.org for kinds of journalism.
var articleTypes = map[string]string{
	"analysis": "AnalysisNewsArticle", "opinion": "OpinionNewsArticle", "review": "ReviewNewsArticle", "page": "WebPage",
}

// linkedData returns what machines are told of the article. The encoder escapes
// what could end the element that it stands in.
func (d *Article) linkedData(v *articleView) template.JS {
	doc := d.Document
	out := newsArticle{
		Context: "https://schema.org", Type: cmp.Or(articleTypes[doc.Kind], "NewsArticle"), ID: v.Meta.URL, URL: v.Meta.URL,
		Headline: doc.Headline, Description: v.Meta.Description, Lang: doc.Lang, Section: v.Section.Name, Words: d.Words, Free: true,
		Licence: v.LicenceAt, Dateline: doc.Dateline.Place, Published: d.stamp(d.Article.Published), Modified: d.stamp(d.modified()),
		Publisher: &ldPublisher{"NewsMediaOrganization", d.Paper.Name, d.Paper.URL, d.absolute("/corrections")},
		Speakable: &ldSpeakable{"SpeakableSpecification", []string{"h1", ".stand"}},
	}
	if out.Type == "WebPage" {
		out.Published, out.Words = "", 0
	}
	for _, t := range d.Tags {
		out.Keywords = append(out.Keywords, t.Name)
	}
	out.Author, out.Translator = d.ldPeople()
	out.Image = d.ldImages(v)
	for _, n := range d.told() {
		if n.Kind == broadside.Correction {
			out.Correction = append(out.Correction, ldCorrection{"CorrectionComment", n.Note, d.stamp(n.At)})
		}
	}
	for _, a := range v.Meta.Alternates {
		if a.URL != v.Meta.URL {
			out.Translation = append(out.Translation, ldWork{out.Type, a.URL, a.Lang})
		}
	}
	text, err := json.Marshal(out)
	if err != nil {
		return "" // strings and numbers always can be written
	}
	return template.JS(text)
}

// modified is when readers were last told of a change, or else the date.
func (d *Article) modified() time.Time {
	if told := d.told(); len(told) > 0 && told[0].At.After(d.Article.Published) {
		return told[0].At
	}
	return d.Article.Published
}

func (b *Base) stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(b.Paper.Location()).Format(time.RFC3339)
}

// absolute returns the public address of a path, or "" if the paper has none.
func (b *Base) absolute(path string) string {
	if b.Paper.URL == "" {
		return ""
	}
	return b.Paper.Absolute(path)
}

func (d *Article) ldPeople() (authors, translators []ldPerson) {
	for _, b := range d.Document.Bylines {
		p := ldPerson{Type: "Person", Name: b.Name}
		if who, ok := d.People[b.Person]; ok {
			p.URL = d.absolute(who.Path())
		}
		switch b.Role {
		case "translation":
			translators = append(translators, p)
		case "pictures":
		default:
			authors = append(authors, p)
		}
	}
	return authors, translators
}

// ldImages are the article's pictures, the lead first, or the card that is
// drawn for it.
func (d *Article) ldImages(v *articleView) (images []ldImage) {
	if d.Paper.URL == "" {
		return nil
	}
	for _, u := range d.Document.Pictures {
		pic, ok := d.Pictures[u.Picture]
		if !ok || u.Decorative {
			continue
		}
		width, height := pic.Fit(shown)
		img := ldImage{
			Type: "ImageObject", URL: d.Paper.Absolute(pic.Path(width, "jpg")), Width: width, Height: height,
			Caption: cmp.Or(u.Caption, u.Alt), Credit: u.Credit, Licence: document.LicenceURL(u.Licence),
		}
		if u.Picture == d.Document.Lead {
			images = append([]ldImage{img}, images...)
		} else {
			images = append(images, img)
		}
	}
	if len(images) == 0 && v.Meta.Image != "" {
		images = []ldImage{{Type: "ImageObject", URL: v.Meta.Image}}
	}
	return images
}
