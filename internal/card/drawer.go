package card

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"unicode"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"

	"example.org/broadside/internal/typeface"
)

// A Drawer draws cards. It keeps the parsed faces, and is safe for concurrent
// use.
type Drawer struct {
	fonts map[typeface.Face]*font.Font
	hands sync.Pool
}

// New returns a Drawer. It fails only if the program was built with a damaged
// face.
func New() (*Drawer, error) {
	d := &Drawer{fonts: map[typeface.Face]*font.Font{}}
	for _, f := range []typeface.Face{typeface.Head700, typeface.Head900, typeface.Text400, typeface.Naskh700} {
		face, err := font.ParseTTF(bytes.NewReader(typeface.Data(f)))
		if err != nil {
			return nil, fmt.Errorf("typeface %d: %w", f, err)
		}
		d.fonts[f] = face.Font
	}
	return d, nil
}

// A hand is what one goroutine needs to draw a card: faces with their caches,
// the shaper's buffers, the sheet.
type hand struct {
	sheet
	head700, head900, text400 style

	shaper    shaping.HarfbuzzShaper
	segmenter shaping.Segmenter
	wrapper   shaping.LineWrapper
}

func (d *Drawer) hand() *hand {
	if h, ok := d.hands.Get().(*hand); ok {
		return h
	}
	naskh := font.NewFace(d.fonts[typeface.Naskh700])
	h := &hand{sheet: newSheet()}
	for s, set := range map[*style]struct {
		face     typeface.Face
		tracking float32
		leading  float32
	}{
		&h.head700: {typeface.Head700, -.018, 1.07},
		&h.head900: {typeface.Head900, -.03, .96},
		&h.text400: {typeface.Text400, 0, 1.3},
	} {
		*s = style{
			latin: font.NewFace(d.fonts[set.face]), naskh: naskh,
			tracking: fixed.Int26_6(set.tracking * reference * 64), leading: set.leading,
		}
	}
	return h
}

func (d *Drawer) put(h *hand) { d.hands.Put(h) }

// A style is a face for Latin and Cyrillic with the one for Arabic, and how
// they are spaced. It chooses the face of each character for the segmenter.
type style struct {
	latin, naskh *font.Face
	tracking     fixed.Int26_6 // between letters at the reference size, which words are kept from; never between those that join
	leading      float32       // from line to line, in ems; Arabic takes arabicLeading at least
}

const arabicLeading = 1.42

// ResolveFace returns the face that has the character.
func (s *style) ResolveFace(r rune) *font.Face {
	if !has(s.latin, r) && has(s.naskh, r) {
		return s.naskh
	}
	return s.latin
}

func has(f *font.Face, r rune) bool {
	_, ok := f.NominalGlyph(r)
	return ok
}

// longest is how many characters of a text are looked at: more than any card
// has room for.
const longest = 600

// clean returns the text without what cannot be drawn: characters that no face
// has, with the marks upon them, and controls. Spaces become single ones.
func (s *style) clean(text string) string {
	if len(text) > 4*longest*2 {
		text = strings.ToValidUTF8(text[:4*longest*2], "")
	}
	var out []rune
	dropped := false
	for _, r := range norm.NFC.String(text) {
		switch {
		case unicode.IsSpace(r):
			if len(out) > 0 && !unicode.IsSpace(out[len(out)-1]) {
				out = append(out, keptSpace(r))
			}
			dropped = true // a mark on a space has nothing to stand on
		case r == '\u00ad' || unicode.IsControl(r) || r == unicode.ReplacementChar:
		case unicode.Is(unicode.M, r) && (dropped || len(out) == 0):
		case has(s.latin, r) || has(s.naskh, r):
			out = append(out, r)
			dropped = false
		default:
			dropped = !unicode.Is(unicode.M, r)
		}
		if len(out) == longest {
			break
		}
	}
	if !strings.ContainsFunc(string(out), visible) {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// keptSpace keeps a no-break space and makes every other an ordinary one.
func keptSpace(r rune) rune {
	if r == '\u00a0' || r == '\u202f' {
		return '\u00a0'
	}
	return ' '
}

func visible(r rune) bool { return unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S) }
