package card

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"strings"
	"sync"
	"testing"

	"github.com/go-text/typesetting/shaping"
)

// samples are cards of every kind that a newsroom may ask for.
var samples = map[string]Card{
	"plain":    {Headline: "The harbour was sold at midnight. By morning the town had shut it", Lang: "en"},
	"short":    {Headline: "Slack water", Lang: "en"},
	"long":     {Headline: "Behind forty dark windows, nobody has lived for nine years: how the council, three landlords and a company that does not exist emptied Quay Street without telling anyone, and what the last tenants found out", Lang: "en"},
	"endless":  {Headline: strings.Repeat("The harbour was sold at midnight. ", 3000), Lang: "en"},
	"giant":    {Headline: strings.Repeat("Donaudampfschifffahrtselektrizitätenhauptbetriebswerk", 9), Lang: "de"},
	"russian":  {Headline: "Гавань — это обещание: город закрыл порт за одну ночь", Lang: "ru"},
	"kazakh":   {Headline: "Қазақстан үкіметі жаңа заң қабылдады: өңірлер ұзақ күтті", Lang: "kk"},
	"arabic":   {Headline: "بيع الميناء عند منتصف الليل، وأغلقته المدينة صباحًا", Lang: "ar"},
	"persian":  {Headline: "روزنامه می\u200cنویسد: گزارش ۱۴ مارس", Lang: "fa"},
	"mixed":    {Headline: "وزير الخارجية: اتفاق BBC وNATO في 14 مارس «مهم جدًا»", Lang: "ar"},
	"empty":    {Lang: "en"},
	"nothing":  {Headline: " \t\n", Lang: "ar"},
	"emoji":    {Headline: "The town 🎉👩‍👩‍👧 wins 🏴󠁧󠁢󠁳󠁣󠁴󠁿 again ❤️", Lang: "en"},
	"japanese": {Headline: "東京で新しい港", Lang: "ja"},
	"controls": {Headline: "The\x00har\x1bbour\u202e was\u2066 so\u00adld\ufeff\r\nat mid\u200bnight\xff", Lang: "en"},
	"marks":    {Headline: "\u0301\u0301За\u0301мок и замо\u0301к\u0301\u0301 東\u0301", Lang: "ru"},
	"accented": {Headline: "ÅÇŠǼẞ ÉĞÖ Ỳ gjpqy", Lang: "de", Accent: color.RGBA{0, 0x60, 0xa0, 0xff}},
}

// whole fills in what every card has.
func whole(c Card) Card {
	c.Paper, c.Section, c.Foot = "The Harbour Record", "Investigations", "By Nora Quillan and Tom Adeyemi · 14 March 2026"
	return c
}

func newDrawer(t *testing.T) *Drawer {
	t.Helper()
	d, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func draw(t *testing.T, d *Drawer, c Card) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := d.Draw(&b, c); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func decode(t *testing.T, data []byte) *image.Paletted {
	t.Helper()
	m, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	p, ok := m.(*image.Paletted)
	if !ok || p.Palette[0] != color.Color(white) {
		t.Fatalf("the card is a %T, want one with a palette that begins with white", m)
	}
	return p
}

// inked returns the smallest rectangle with all that is not paper, within r.
func inked(m *image.Paletted, r image.Rectangle) image.Rectangle {
	var out image.Rectangle
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			if m.ColorIndexAt(x, y) != 0 {
				out = out.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return out
}

// Whatever the words are, the card has its size, keeps its margins and is a
// small file.
func TestDraw(t *testing.T) {
	d := newDrawer(t)
	for name, c := range samples {
		data := draw(t, d, whole(c))
		m := decode(t, data)
		if m.Bounds() != image.Rect(0, 0, 1200, 630) {
			t.Errorf("%s: the card is %v", name, m.Bounds())
		}
		if len(data) > 40_000 {
			t.Errorf("%s takes %d bytes, want at most 40,000", name, len(data))
		}
		if got, margins := inked(m, m.Bounds()), image.Rect(52, 36, 1148, 594); !got.In(margins) {
			t.Errorf("%s: ink in %v, want it in %v", name, got, margins)
		}
	}
}

// No headline runs into what stands above and below it.
func TestHeadlineKeepsItsPlace(t *testing.T) {
	d := newDrawer(t)
	for name, c := range samples {
		c.Section = "Investigations"
		m := decode(t, draw(t, d, c))
		if d.hand().head700.clean(c.Headline) == "" {
			continue
		}
		got := inked(m, image.Rect(0, sectionAt+16, Width, endAt))
		if got.Empty() || got.Max.Y > footAt-22 {
			t.Errorf("%s: the headline takes %v, the byline begins at %d", name, got, footAt-22)
		}
	}
}

// A headline without a character that can be drawn gives the paper's card.
func TestDrawWithoutHeadline(t *testing.T) {
	d := newDrawer(t)
	var paper bytes.Buffer
	if err := d.DrawPaper(&paper, "The Harbour Record", "", "ja"); err != nil {
		t.Fatal(err)
	}
	for _, headline := range []string{"", "東京で新しい港", "🎉"} {
		c := whole(Card{Headline: headline, Lang: "ja"})
		if !bytes.Equal(draw(t, d, c), paper.Bytes()) {
			t.Errorf("headline %q does not give the paper's card", headline)
		}
	}
}

func TestDrawPaper(t *testing.T) {
	d := newDrawer(t)
	tests := []struct{ name, tagline, lang string }{
		{"Dawn", "", "en"}, {"", "", ""}, {"", "Owned by its readers", "en"}, {"سجل الميناء", "صحيفة يملكها قراؤها", "ar"},
		{"The Skerrow and Port Aldery Record and Advertiser", strings.Repeat("News of two towns. ", 50), "en"},
		{strings.Repeat("Landeszeitung", 40), "x", "de"}, {"Портовая летопись", "Газета города", "ru"},
	}
	for _, tt := range tests {
		var b bytes.Buffer
		if err := d.DrawPaper(&b, tt.name, tt.tagline, tt.lang); err != nil {
			t.Fatal(err)
		}
		m := decode(t, b.Bytes())
		if got := inked(m, m.Bounds()); !got.In(image.Rect(52, 36, 1148, 594)) || b.Len() > 40_000 {
			t.Errorf("DrawPaper(%.20q): ink in %v, %d bytes", tt.name, got, b.Len())
		}
		if got := inked(m, image.Rect(0, endAt-12, Width, endAt)); !got.Empty() {
			t.Errorf("DrawPaper(%.20q) runs into the last rule: %v", tt.name, got)
		}
	}
}

// No sample is drawn with the box that stands for a missing glyph, and what
// can be drawn is.
func TestNoBoxes(t *testing.T) {
	h := newDrawer(t).hand()
	for name, c := range samples {
		for _, s := range []*style{&h.head700, &h.head900, &h.text400} {
			if s.clean(c.Headline) == "" {
				continue
			}
			for _, run := range h.shape(s, s.clean(c.Headline), c.Lang).runs {
				for _, g := range run.Glyphs {
					if g.GlyphID == 0 {
						t.Errorf("%s: a box at character %d", name, g.TextIndex())
					}
				}
			}
		}
	}
}

func TestClean(t *testing.T) {
	h := newDrawer(t).hand()
	tests := []struct{ text, want string }{
		{"  The   harbour\n", "The harbour"},
		{"東京 Tōkyō 🎉 wins", "Tōkyō wins"},
		{"The\x00har\x1bbour so\u00adld\u202e\xff", "Theharbour sold"},
		{"e\u0301t\u00a0?", "ét\u00a0?"},
		{"東\u0301 x", "x"},
		{"می\u200cنویسد", "می\u200cنویسد"},
		{"\u0301\u200c", ""}, {"🎉🎉", ""}, {"\u00a0", ""},
	}
	for _, tt := range tests {
		if got := h.head700.clean(tt.text); got != tt.want {
			t.Errorf("clean(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

// Headlines are as large as they go: five lines at most, words whole, and an
// ellipsis only where the smallest letters do not fit.
func TestFit(t *testing.T) {
	h := newDrawer(t).hand()
	limit := limits{width: inner, height: ground - sectionAt - gap, lines: 5, largest: 92, smallest: 44}
	tests := []struct {
		sample      string
		size, lines int // no smaller; exactly
		cut         bool
	}{
		{"short", 92, 1, false}, {"plain", 92, 3, false}, {"long", 56, 5, false}, {"endless", 44, 5, true}, {"giant", 44, 5, true},
		{"kazakh", 92, 3, false}, {"arabic", 92, 2, false},
	}
	for _, tt := range tests {
		c := samples[tt.sample]
		b := h.fit(&h.head700, h.head700.clean(c.Headline), c.Lang, limit)
		if b.size < tt.size || len(b.lines) != tt.lines {
			t.Errorf("%s: %d lines of %d pixels, want %d of %d", tt.sample, len(b.lines), b.size, tt.lines, tt.size)
		}
		if cut := runes(b.lines) < len([]rune(h.head700.clean(c.Headline))); cut != tt.cut {
			t.Errorf("%s: cut = %v", tt.sample, cut)
		}
		for i, line := range b.lines {
			if w := advance(line).Ceil() * b.size / reference; w > inner+1 {
				t.Errorf("%s: line %d is %d wide", tt.sample, i, w)
			}
		}
	}
}

// runes counts the characters in lines that are not an ellipsis for more.
func runes(lines []shaping.Line) (n int) {
	for _, line := range lines {
		for _, run := range line {
			if len(run.Glyphs) > 1 || run.Runes.Count == 1 {
				n += run.Runes.Count
			}
		}
	}
	return n
}

// A card in a language that is written from right to left begins at the right.
func TestRightToLeft(t *testing.T) {
	d := newDrawer(t)
	for name, atRight := range map[string]bool{"short": false, "persian": true} {
		m := decode(t, draw(t, d, whole(samples[name])))
		middle := image.Rect(0, thickAt+20, Width, sectionAt+10)
		got := inked(m, middle)
		if right := got.Min.X > Width/2; right != atRight {
			t.Errorf("%s: the section stands in %v", name, got)
		}
	}
}

// The same words give the same bytes, whoever draws them and whatever was
// drawn before, and many may draw at once.
func TestDrawIsRepeatable(t *testing.T) {
	d, want := newDrawer(t), map[string][]byte{}
	for _, name := range []string{"long", "arabic", "kazakh", "accented"} {
		want[name] = draw(t, d, whole(samples[name]))
	}
	other := newDrawer(t)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for name := range want {
				var b bytes.Buffer
				if err := other.Draw(&b, whole(samples[name])); err != nil || !bytes.Equal(b.Bytes(), want[name]) {
					t.Errorf("%s: another drawing differs (%v)", name, err)
				}
			}
		})
	}
	group.Wait()
}

func FuzzDraw(f *testing.F) {
	for _, c := range samples {
		f.Add(c.Headline, c.Lang)
	}
	d, err := New()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, headline, lang string) {
		draw(t, d, Card{Paper: headline, Section: headline, Headline: headline, Foot: headline, Lang: lang})
	})
}
