package card

import (
	"math"
	"slices"

	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/bidi"

	"example.org/broadside/internal/locale"
)

// reference is the size at which text is shaped, in pixels. Nothing is hinted,
// so every other size is that one scaled.
const reference = 100

// A block is text set in lines.
type block struct {
	lines   []shaping.Line // at the reference size
	size    int            // of the letters, in pixels to the em
	leading float32        // from baseline to baseline, in ems
	ascent  float32        // of capitals, in ems
	descent float32        // of what hangs below a baseline, in ems
}

// rise is the distance from the top of the block to its first baseline.
func (b *block) rise() int { return b.pixels(b.ascent) }

// height is all that the block takes.
func (b *block) height() int {
	if len(b.lines) == 0 {
		return 0
	}
	return b.pixels(b.ascent + float32(len(b.lines)-1)*b.leading + b.descent)
}

func (b *block) pixels(ems float32) int { return int(math.Round(float64(ems) * float64(b.size))) }

// limits are what a block has to keep within: pixels, lines, and sizes.
type limits struct{ width, height, lines, largest, smallest int }

// fit sets clean text as large as the limits allow, in lines of about one
// length. If the smallest size is still too large, words are broken and the
// text is cut short with an ellipsis.
func (h *hand) fit(s *style, text, lang string, l limits) block {
	if text == "" {
		return block{}
	}
	p := h.shape(s, text, lang)
	b := block{leading: s.leading, ascent: .72, descent: .22}
	if p.arabic {
		b.leading, b.ascent, b.descent = max(s.leading, arabicLeading), .8, .42
	}
	for b.size = l.largest; ; b.size -= 2 {
		b.size = max(b.size, l.smallest)
		width := fixed.Int26_6(l.width * reference * 64 / b.size)
		most := max(1, min(l.lines, 1+int((float32(l.height)/float32(b.size)-b.ascent-b.descent)/b.leading)))
		if lines, ok := h.wrapWhole(p, width); ok && len(lines) <= most {
			b.lines = h.balance(p, width, len(lines))
			return b
		}
		if b.size == l.smallest {
			b.lines = h.cut(p, width, most)
			return b
		}
	}
}

// A paragraph is text shaped at the reference size, not yet in lines.
type paragraph struct {
	text     []rune
	dir      di.Direction
	runs     []shaping.Output
	ellipsis shaping.Output
	arabic   bool // Arabic script is in it, which needs more room
}

func (h *hand) shape(s *style, text, lang string) *paragraph {
	p := &paragraph{text: []rune(text), dir: direction(text, lang)}
	in := shaping.Input{
		Text: p.text, RunEnd: len(p.text), Direction: p.dir, Size: reference * 64,
		Language: language.NewLanguage(lang),
	}
	for _, part := range h.segmenter.Split(in, s) {
		run := h.shaper.Shape(part)
		if part.Face == s.naskh {
			p.arabic = true
		} else if s.tracking != 0 {
			run.AddLetterSpacing(s.tracking, part.RunStart == 0, part.RunEnd == len(p.text))
			run.AddWordSpacing(p.text, -2*s.tracking)
		}
		p.runs = append(p.runs, run)
	}
	p.ellipsis = h.shaper.Shape(shaping.Input{
		Text: []rune("…"), RunEnd: 1, Direction: p.dir, Face: s.latin, Size: reference * 64, Script: language.Latin,
	})
	return p
}

// direction is that of the language if the text has any letter that is written
// so, and else that of the letters: a nameplate keeps its own way of writing
// on a card in another language.
func direction(text, lang string) di.Direction {
	var ltr, rtl bool
	for _, r := range text {
		props, _ := bidi.LookupRune(r)
		switch props.Class() {
		case bidi.L:
			ltr = true
		case bidi.R, bidi.AL:
			rtl = true
		}
	}
	if rtl && (!ltr || locale.Dir(lang) == "rtl") {
		return di.DirectionRTL
	}
	if !ltr && locale.Dir(lang) == "rtl" {
		return di.DirectionRTL
	}
	return di.DirectionLTR
}

// wrap puts the paragraph into lines. The wrapper writes into the glyphs and
// keeps the lines it returns, so both are copied.
func (h *hand) wrap(p *paragraph, width fixed.Int26_6, c shaping.WrapConfig) []shaping.Line {
	c.Direction = p.dir
	runs := slices.Clone(p.runs)
	for i := range runs {
		runs[i].Glyphs = slices.Clone(runs[i].Glyphs)
	}
	lines, _ := h.wrapper.WrapParagraphF(c, width, p.text, shaping.NewSliceIterator(runs))
	out := make([]shaping.Line, len(lines))
	for i, line := range lines {
		out[i] = slices.Clone(line)
		slices.SortFunc(out[i], func(a, b shaping.Output) int { return int(a.VisualIndex - b.VisualIndex) })
	}
	return out
}

// wrapWhole breaks between words only, and reports whether every line fits.
func (h *hand) wrapWhole(p *paragraph, width fixed.Int26_6) (lines []shaping.Line, ok bool) {
	lines = h.wrap(p, width, shaping.WrapConfig{BreakPolicy: shaping.Never})
	for _, line := range lines {
		if advance(line) > width {
			return nil, false
		}
	}
	return lines, true
}

// balance returns the narrowest setting that needs no more than n lines.
func (h *hand) balance(p *paragraph, width fixed.Int26_6, n int) []shaping.Line {
	best, _ := h.wrapWhole(p, width)
	narrow := width / fixed.Int26_6(n+1)
	for n > 1 && width-narrow > 64 {
		middle := (narrow + width) / 2
		if lines, ok := h.wrapWhole(p, middle); ok && len(lines) <= n {
			best, width = lines, middle
		} else {
			narrow = middle
		}
	}
	return best
}

// cut breaks words where it must, and ends line n with an ellipsis if there is
// more.
func (h *hand) cut(p *paragraph, width fixed.Int26_6, n int) []shaping.Line {
	return h.wrap(p, width, shaping.WrapConfig{TruncateAfterLines: n, Truncator: p.ellipsis})
}

func advance(line shaping.Line) fixed.Int26_6 {
	var sum fixed.Int26_6
	for _, run := range line {
		sum += run.Advance
	}
	return sum
}
