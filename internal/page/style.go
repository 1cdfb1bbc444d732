package page

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"example.org/broadside"
	"example.org/broadside/internal/locale"
)

// stylePlace is where the head of a page wants its style.
var stylePlace = []byte("<style></style>")

// dress puts the style into a page: a link for browsers that have the sheet,
// else the sheet itself, so that the first page of a visit comes in one piece.
// Of the faces it brings only those for scripts that the page uses.
func (p *Pages) dress(body []byte, b *Base) (*Sheet, error) {
	before, after, ok := bytes.Cut(body, stylePlace)
	if !ok {
		return nil, fmt.Errorf("page: the template has no %s in its head", stylePlace)
	}
	var link, css string
	switch {
	case b.Linked && b.Sparing:
		link = plainSheet
	case b.Linked:
		link = fullSheet
	case b.Sparing:
		css = p.assets.faces.of(local) + p.assets.style
	default:
		css = p.assets.faces.of(local|scriptsIn(withoutNames(body, b))) + p.assets.style
	}
	css += colours(b.Paper.Colour)
	s := &Sheet{Same: p.same(body, b)}
	var style bytes.Buffer
	if link != "" {
		fmt.Fprintf(&style, `<link rel="stylesheet" href="%s%s">`, p.assets.prefix, link)
	}
	if css != "" {
		style.WriteString("<style>" + css + "</style>")
		s.Styles = []string{styleSource(css)}
	}
	s.Body = bytes.Join([][]byte{before, style.Bytes(), after}, nil)
	return s, nil
}

// same returns what a page says, and which style and colour it says it in: a
// copy that a reader's browser has in another style is not the same.
func (p *Pages) same(body []byte, b *Base) []byte {
	return slices.Concat(body, []byte(p.assets.prefix), []byte(colours(b.Paper.Colour)))
}

// withoutNames returns a page without the names of the languages that it leads
// to: they are in whatever face the reader's machine has, for no link is worth a
// face of its own.
func withoutNames(body []byte, b *Base) []byte {
	for _, lang := range b.Languages {
		body = bytes.ReplaceAll(body, []byte(">"+locale.LanguageName(lang)+"<"), nil)
	}
	return body
}

// styleSource names an inline style to a content security policy by its hash.
func styleSource(css string) string {
	sum := sha256.Sum256([]byte(css))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// colours returns the rule for the paper's own signal colour.
func colours(day string) string {
	c, err := broadside.ParseColour(day)
	if err != nil {
		return "" // it has none
	}
	night := broadside.NightColour(c)
	return fmt.Sprintf(":root{--kick:%s}@media(prefers-color-scheme:dark){:root{--kick:#%02x%02x%02x}}", day, night.R, night.G, night.B)
}

// scripts are the scripts for which there are faces, as a set of bits.
type scripts uint

const (
	local scripts = 1 << iota // not a script: faces that the reader's machine may have
	latn
	latx
	cyrl
	arab
)

// scriptNames are the names of the blocks in faces.css.
var scriptNames = map[string]scripts{"Latn": latn, "Latx": latx, "Cyrl": cyrl, "Arab": arab, "local": local}

// scriptBlocks say where the characters of the faces beyond the common Latin
// ones are. Signs that Cyrillic texts use stand in two.
var scriptBlocks = []struct {
	first, last rune
	script      scripts
}{
	{0x100, 0x130, latx}, {0x132, 0x151, latx}, {0x154, 0x2C5, latx}, {0x2C7, 0x2D9, latx}, {0x2DB, 0x2DB, latx}, {0x2DD, 0x2DD, latx},
	{0x1E00, 0x1EFF, latx}, {0x2032, 0x2033, latx}, {0x2070, 0x209F, latx}, {0x20A0, 0x20AB, latx}, {0x20AD, 0x20CF, latx},
	{0x2120, 0x2121, latx}, {0x2123, 0x2191, latx}, {0x2193, 0x2211, latx}, {0x2213, 0x22FF, latx},
	{0x301, 0x301, cyrl}, {0x400, 0x52F, cyrl}, {0x20AE, 0x20BD, cyrl}, {0x2116, 0x2116, cyrl},
	{0x600, 0x77F, arab}, {0x200C, 0x200F, arab}, {0xFB50, 0xFEFC, arab},
}

// scriptsIn returns which scripts a text is in. It is always in Latin: figures
// and punctuation are.
func scriptsIn(text []byte) scripts {
	found := latn
	for i := 0; i < len(text); {
		if text[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		i += size
		for _, block := range scriptBlocks {
			if r >= block.first && r <= block.last {
				found |= block.script
			}
		}
	}
	return found
}

// A faceSheet is the sheet of the faces, parted by script.
type faceSheet []struct {
	script scripts
	css    string
}

// of returns the rules for the faces of those scripts.
func (f faceSheet) of(wanted scripts) string {
	var b strings.Builder
	for _, block := range f {
		if block.script&wanted != 0 {
			b.WriteString(block.css)
		}
	}
	return b.String()
}
