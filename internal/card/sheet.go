package card

import (
	"image"
	"image/color"
	"image/png"
	"io"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"golang.org/x/image/vector"
)

// The colours of the site.
var (
	white    = color.RGBA{0xff, 0xff, 0xff, 0xff}
	black    = color.RGBA{0x15, 0x17, 0x1a, 0xff}
	softened = color.RGBA{0x4c, 0x51, 0x57, 0xff}
	red      = color.RGBA{0xb8, 0x14, 0x2b, 0xff}
)

// A ramp is one colour of the palette in its steps from paper to full; its
// value is the place of the first step.
type ramp uint8

const (
	steps       = 11 // of a ramp, without the paper itself
	ink    ramp = 1
	grey   ramp = ink + steps
	accent ramp = grey + steps
)

// A sheet is the picture while it is drawn.
type sheet struct {
	picture *image.Paletted
	mask    *image.Alpha // what one block covers
	raster  *vector.Rasterizer
	encoder png.Encoder
	rtl     bool
}

func newSheet() sheet {
	bounds := image.Rect(0, 0, Width, Height)
	return sheet{
		picture: image.NewPaletted(bounds, make(color.Palette, accent+steps)),
		mask:    image.NewAlpha(bounds),
		raster:  vector.NewRasterizer(Width, Height),
		encoder: png.Encoder{BufferPool: &buffers{}},
	}
}

// begin clears the sheet for a card with the given accent.
func (s *sheet) begin(accented color.RGBA, rtl bool) {
	s.rtl = rtl
	clear(s.picture.Pix)
	s.picture.Palette[0] = white
	for first, full := range map[ramp]color.RGBA{ink: black, grey: softened, accent: accented} {
		for i := range steps {
			s.picture.Palette[int(first)+i] = blend(full, i+1)
		}
	}
}

// blend returns the colour with which i steps of a ramp cover the paper.
func blend(c color.RGBA, i int) color.RGBA {
	mix := func(v uint8) uint8 { return uint8((int(v)*i + 0xff*(steps-i) + steps/2) / steps) }
	return color.RGBA{mix(c.R), mix(c.G), mix(c.B), 0xff}
}

// fill covers a rectangle with ink.
func (s *sheet) fill(r image.Rectangle) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := s.picture.Pix[s.picture.PixOffset(r.Min.X, y):s.picture.PixOffset(r.Max.X, y)]
		for i := range row {
			row[i] = uint8(ink) + steps - 1
		}
	}
}

// draw draws a block whose first baseline is at y.
func (s *sheet) draw(b block, colour ramp, y int, at anchor) {
	if len(b.lines) == 0 {
		return
	}
	s.raster.Reset(Width, Height)
	scale := float32(b.size) / reference
	for i, line := range b.lines {
		x := at(float32(advance(line)) / 64 * scale)
		base := float32(y) + float32(i)*b.leading*float32(b.size)
		for _, run := range line {
			unit := float32(b.size) / float32(run.Face.Upem())
			for _, g := range run.Glyphs {
				s.outline(run.Face, g.GlyphID, unit, x+float32(g.XOffset)/64*scale, base-float32(g.YOffset)/64*scale)
				x += float32(g.Advance) / 64 * scale
			}
		}
	}
	s.press(colour)
}

// outline adds a glyph to what is rasterised. A character that the face lacks
// has glyph 0, the box, and is left out.
func (s *sheet) outline(face *font.Face, id font.GID, unit, x, y float32) {
	glyph, ok := face.GlyphData(id).(font.GlyphOutline)
	if id == 0 || !ok {
		return
	}
	r := s.raster
	for _, segment := range glyph.Segments {
		var p [3]struct{ x, y float32 }
		for i, a := range segment.ArgsSlice() {
			p[i].x, p[i].y = x+a.X*unit, y-a.Y*unit
		}
		switch segment.Op {
		case opentype.SegmentOpMoveTo:
			r.ClosePath()
			r.MoveTo(p[0].x, p[0].y)
		case opentype.SegmentOpLineTo:
			r.LineTo(p[0].x, p[0].y)
		case opentype.SegmentOpQuadTo:
			r.QuadTo(p[0].x, p[0].y, p[1].x, p[1].y)
		case opentype.SegmentOpCubeTo:
			r.CubeTo(p[0].x, p[0].y, p[1].x, p[1].y, p[2].x, p[2].y)
		}
	}
	r.ClosePath()
}

// press puts what was rasterised on the sheet.
func (s *sheet) press(colour ramp) {
	clear(s.mask.Pix)
	s.raster.Draw(s.mask, s.mask.Bounds(), image.Opaque, image.Point{})
	for i, a := range s.mask.Pix {
		if step := (int(a)*steps + 127) / 255; step > 0 {
			s.picture.Pix[i] = uint8(colour) + uint8(step) - 1
		}
	}
}

func (s *sheet) encode(w io.Writer) error { return s.encoder.Encode(w, s.picture) }

// buffers keeps the encoder's memory for the next card of the same hand.
type buffers struct{ last *png.EncoderBuffer }

// Get returns the memory of the last card.
func (b *buffers) Get() *png.EncoderBuffer { return b.last }

// Put keeps it.
func (b *buffers) Put(e *png.EncoderBuffer) { b.last = e }
