package page

import (
	"fmt"
	"strings"
	"time"

	"example.org/broadside/internal/document"
	"example.org/broadside/internal/locale"
)

// ArticleText writes the text twin of an article: all its words and those
// around it in plain UTF-8, paragraphs parted by blank lines, nothing wrapped.
func (p *Pages) ArticleText(d Article) []byte {
	doc := d.Document
	v := newVoice(doc.Lang, d.Paper.Lang, d.Paper.Location())
	var parts []string
	add := func(lines ...string) {
		if s := strings.TrimSpace(strings.Join(lines, "\n")); s != "" {
			parts = append(parts, s)
		}
	}
	add(d.Paper.Name)
	add(v.Kinds.Label(doc.Kind))
	add(doc.Headline)
	add(doc.Standfirst)
	add(v.textByline(&d)...)
	add(v.textLead(doc))
	// Not trimmed: a quotation that opens the text keeps its indent.
	if body := doc.Twin(v.words()); body != "" {
		parts = append(parts, body)
	}
	for _, n := range d.told() {
		add(v.noteKind(n.Kind) + ", " + v.date(n.At) + ": " + n.Note)
	}
	add(d.Paper.Absolute(d.Article.Path()), v.textLicence(&d))
	return []byte(strings.Join(parts, "\n\n") + "\n")
}

// textByline returns the lines under the headline.
func (v voice) textByline(d *Article) []string {
	var lines []string
	if names := d.Document.Writers(); len(names) > 0 {
		lines = append(lines, fmt.Sprintf(v.By, locale.Names(d.Document.Lang, names)))
	}
	lines = append(lines, v.credits(d.Document)...)
	if place := d.Document.Dateline.Place; place != "" {
		line := fmt.Sprintf(v.From, place)
		if t, err := time.Parse(time.DateOnly, d.Document.Dateline.Date); err == nil {
			line += ", " + locale.Date(v.dateLang(), t)
		}
		lines = append(lines, line)
	}
	if !d.Article.Published.IsZero() {
		lines = append(lines, v.date(d.Article.Published))
	}
	return lines
}

// textLead describes the lead picture, which plain text cannot show.
func (v voice) textLead(doc *document.Document) string {
	u, ok := doc.Use(doc.Lead)
	if !ok {
		return ""
	}
	return document.PictureText(u, u.Caption, v.words())
}

func (v voice) textLicence(d *Article) string {
	if d.Paper.Licence == "" {
		return ""
	}
	return fmt.Sprintf(v.Reuse, d.Paper.Licence)
}
