// Package card draws the picture that stands for an article where it is shared
// in a chat or on a network: white paper, the paper's name above a rule, and
// the headline as large as it goes.
//
// It is not for photographs, and it does not know articles: callers hand it
// words. Text is shaped as a browser would shape it, with kerning, joined
// Arabic and mixed directions, and a card in a language written from right to
// left is mirrored. The same words give the same bytes.
//
// The faces have Latin, Cyrillic and Arabic script. Characters of other
// scripts, emoji and control characters are left out, and no box is drawn in
// their place. If nothing of a headline is left, the card is the paper's own.
package card

import (
	"cmp"
	"image"
	"image/color"
	"io"
	"strings"

	"example.org/broadside/internal/locale"
)

// Width and Height are the size of every card in pixels, which is what the
// networks ask for.
const Width, Height = 1200, 630

// A Card is what stands on the card of one article. Every part may be empty.
type Card struct {
	Paper    string // the name of the paper
	Section  string
	Headline string
	Foot     string     // byline and date
	Lang     string     // the article's language, which decides the direction
	Accent   color.RGBA // of the section's name; zero is the red of the site
}

// Where things stand. What is measured down is measured to a baseline or to
// the top of a rule.
const (
	side      = 64 // the margin at both sides
	inner     = Width - 2*side
	nameAt    = 86
	thickAt   = 108
	sectionAt = 172
	footAt    = 552
	endAt     = 576
	gap       = 36  // between what stands above the headline and its first line
	ground    = 510 // nothing of a headline hangs lower
)

// Draw writes the card of an article as a PNG.
func (d *Drawer) Draw(w io.Writer, c Card) error {
	h := d.hand()
	defer d.put(h)
	headline := h.head700.clean(c.Headline)
	if headline == "" {
		return h.paper(w, c.Paper, "", c.Lang)
	}
	h.begin(cmp.Or(c.Accent, red), locale.Dir(c.Lang) == "rtl")
	h.masthead(c.Paper, c.Lang)

	top := thickAt + 8
	if section := h.line(&h.head700, c.Section, c.Lang, inner, 34, 34); len(section.lines) > 0 {
		h.draw(section, accent, sectionAt, h.start(inner))
		top = sectionAt
	}
	block := h.fit(&h.head700, headline, c.Lang, limits{
		width: inner, height: ground - top - gap, lines: 5, largest: 92, smallest: 44,
	})
	h.draw(block, ink, top+gap+block.rise(), h.start(inner))

	foot := h.line(&h.text400, c.Foot, c.Lang, inner, 28, 28)
	h.draw(foot, grey, footAt, h.start(inner))
	h.rule(endAt, 8)
	return h.encode(w)
}

// DrawPaper writes the card of the paper itself: its name as large as it goes,
// its tagline below. Either may be empty.
func (d *Drawer) DrawPaper(w io.Writer, name, tagline, lang string) error {
	h := d.hand()
	defer d.put(h)
	return h.paper(w, name, tagline, lang)
}

func (h *hand) paper(w io.Writer, name, tagline, lang string) error {
	h.begin(red, locale.Dir(lang) == "rtl")
	plate := h.fit(&h.head900, h.head900.clean(name), lang, limits{
		width: inner, height: 360, lines: 3, largest: 168, smallest: 56,
	})
	line := h.fit(&h.text400, h.text400.clean(tagline), lang, limits{
		width: inner - 2*side, height: 110, lines: 2, largest: 38, smallest: 30,
	})
	const rules, space = 11, 24 // the height of both rules, and what is around them
	height := plate.height() + space + rules + space + line.height()
	y := max(side, (endAt-height)/2)
	h.draw(plate, ink, y+plate.rise(), centred)
	y += plate.height() + space
	h.double(y)
	h.draw(line, grey, y+rules+space+line.rise(), centred)
	h.rule(endAt, 8)
	return h.encode(w)
}

// masthead draws the name of the paper and the rule below it.
func (h *hand) masthead(name, lang string) {
	h.draw(h.line(&h.head900, name, lang, inner, 44, 28), ink, nameAt, h.start(inner))
	h.double(thickAt)
}

// double draws a thick rule with a thin one below it.
func (h *hand) double(y int) {
	h.rule(y, 6)
	h.rule(y+9, 2)
}

func (h *hand) rule(y, thickness int) {
	h.fill(image.Rect(side, y, Width-side, y+thickness))
}

// An anchor says where a line of the given width begins, from the left.
type anchor func(width float32) float32

func centred(width float32) float32 { return (Width - width) / 2 }

// start returns the anchor of lines that begin where the card's language
// begins to read.
func (h *hand) start(width float32) anchor {
	if h.rtl {
		return func(w float32) float32 { return side + width - w }
	}
	return func(float32) float32 { return side }
}

// line sets text in one line, smaller if it must be, and cut short if even the
// smallest size is too wide.
func (h *hand) line(s *style, text, lang string, width, largest, smallest int) block {
	return h.fit(s, s.clean(strings.TrimSpace(text)), lang, limits{
		width: width, height: Height, lines: 1, largest: largest, smallest: smallest,
	})
}
