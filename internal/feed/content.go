package feed

import (
	"fmt"
	"html"
	"strings"

	"example.org/broadside"
	"example.org/broadside/internal/document"
	"example.org/broadside/internal/locale"
)

// shown is the width of pictures in feeds, in pixels. Feeds have no style
// sheet, so programs that show them take one file.
const shown = 1080

// content returns the full text of an entry as HTML: the lead picture, the
// body, and what readers were told since. All addresses in it are absolute.
func (f *Feed) content(e *Entry) string {
	own := f.Paper.Absolute(e.Article.Path())
	speech := locale.For(e.Document.Lang)
	words := document.Words{
		Picture: speech.Body.Picture, Notes: speech.Body.Notes, BackToText: speech.Body.BackToText, Table: speech.Body.Table,
	}
	body := e.Document.HTML(document.HTMLOptions{
		Image: func(u document.Use, _ string) (document.Image, bool) { return f.image(e, u) },
		File: func(identity string) (url, mime string, ok bool) {
			file, ok := e.Files[identity]
			return f.Paper.Absolute(file.URL), file.Type, ok
		},
		Link: func(href string) string {
			if strings.HasPrefix(href, "#") {
				return own + href
			}
			return f.Paper.Absolute(href)
		},
		Words: words,
	})
	// Notes refer to each other by fragments that mean nothing far from the page.
	body = strings.ReplaceAll(body, ` href="#fn`, ` href="`+html.EscapeString(own)+`#fn`)
	whole := f.lead(e, words) + body + f.notes(e, speech)
	if e.Document.Dir == "rtl" {
		// Feeds can say which language a text is in, but not which way it runs.
		whole = `<div lang="` + html.EscapeString(e.Document.Lang) + `" dir="rtl">` + whole + `</div>`
	}
	return whole
}

// lead returns the lead picture as a figure, or "".
func (f *Feed) lead(e *Entry, words document.Words) string {
	u, ok := e.Document.Use(e.Document.Lead)
	if !ok {
		return ""
	}
	img, ok := f.image(e, u)
	if !ok {
		return ""
	}
	caption := strings.TrimSpace(html.EscapeString(u.Caption) + " " + document.CreditHTML(u, words))
	if caption != "" {
		caption = "<figcaption>" + caption + "</figcaption>"
	}
	return "<figure>" + document.ImageHTML(u, img, "") + caption + "</figure>\n"
}

// image returns one file for a picture.
func (f *Feed) image(e *Entry, u document.Use) (document.Image, bool) {
	pic, ok := e.Pictures[u.Picture]
	if !ok {
		return document.Image{}, false
	}
	width, height := pic.Fit(shown)
	return document.Image{Src: f.Paper.Absolute(pic.Path(width, "jpg")), Width: width, Height: height}, true
}

// notes returns the corrections of an entry and their milder kinds.
func (f *Feed) notes(e *Entry, speech *locale.Words) string {
	var b strings.Builder
	for _, n := range e.Notes {
		if !n.Kind.Amends() || !n.Kind.NeedsNote() {
			continue
		}
		kind := speech.Update
		switch n.Kind {
		case broadside.Correction:
			kind = speech.Correction
		case broadside.Clarification:
			kind = speech.Clarification
		}
		day := locale.Date(speech.Lang, n.At.In(f.Paper.Location()))
		fmt.Fprintf(&b, "<p><strong>%s, %s:</strong> %s</p>\n", html.EscapeString(kind), html.EscapeString(day), html.EscapeString(n.Note))
	}
	return b.String()
}
