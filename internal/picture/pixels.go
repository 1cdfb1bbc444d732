package picture

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
)

// plain turns a decoded picture into one of the few kinds that the rest of the
// package knows, with eight bits a channel and bounds that begin at the origin.
func plain(img image.Image) image.Image {
	switch m := img.(type) {
	case *image.YCbCr:
		return m
	case *image.Gray:
		return m
	case *image.Paletted:
		at := *m
		at.Rect = m.Rect.Sub(m.Rect.Min)
		return &at
	case *image.NRGBA:
		return maybeOpaque(m)
	case *image.Gray16:
		out := image.NewGray(m.Rect)
		high(out.Pix, m.Pix)
		return out
	case *image.NRGBA64:
		out := image.NewNRGBA(m.Rect)
		high(out.Pix, m.Pix)
		return maybeOpaque(out)
	case *image.RGBA64:
		if m.Opaque() {
			out := image.NewRGBA(m.Rect)
			high(out.Pix, m.Pix)
			return out
		}
	case *image.RGBA:
		if m.Opaque() {
			return m
		}
	}
	return redraw(img)
}

// high keeps the more significant byte of each 16-bit value.
func high(dst, src []byte) {
	for i := range dst {
		dst[i] = src[2*i]
	}
}

func redraw(img image.Image) image.Image {
	out := image.NewNRGBA(image.Rectangle{Max: img.Bounds().Size()})
	draw.Draw(out, out.Rect, img, img.Bounds().Min, draw.Src)
	return maybeOpaque(out)
}

// maybeOpaque returns the picture as *image.RGBA if nothing shines through it.
// The two kinds then mean the same bytes, and encoders are quick with this one.
func maybeOpaque(m *image.NRGBA) image.Image {
	if !m.Opaque() {
		return m
	}
	return &image.RGBA{Pix: m.Pix, Stride: m.Stride, Rect: m.Rect}
}

// opaque lays the picture on white paper. It may change img.
func opaque(img image.Image) image.Image {
	switch m := img.(type) {
	case *image.NRGBA:
		for i := 0; i < len(m.Pix); i += 4 {
			p := m.Pix[i : i+4 : i+4]
			p[0], p[1], p[2], p[3] = onWhite(p[0], p[3]), onWhite(p[1], p[3]), onWhite(p[2], p[3]), 255
		}
		return maybeOpaque(m)
	case *image.Paletted:
		for i, c := range m.Palette {
			n := color.NRGBAModel.Convert(c).(color.NRGBA)
			m.Palette[i] = color.RGBA{onWhite(n.R, n.A), onWhite(n.G, n.A), onWhite(n.B, n.A), 255}
		}
	}
	return img
}

func onWhite(v, alpha byte) byte {
	return byte((int(v)*int(alpha) + 255*(255-int(alpha)) + 127) / 255)
}

// widen stretches what WebP's lossy decoder returns to the full range: VP8
// counts luma from 16 to 235 and chroma from 16 to 240 (RFC 6386, section 9.2),
// where image.YCbCr counts from 0 to 255 as JFIF does.
func widen(img image.Image) {
	var m *image.YCbCr
	switch i := img.(type) {
	case *image.YCbCr:
		m = i
	case *image.NYCbCrA:
		m = &i.YCbCr
	default:
		return
	}
	var luma, chroma [256]byte
	for i := range 256 {
		luma[i] = clamp(((i-16)*255 + 109) / 219)
		chroma[i] = clamp(((i-128)*255 + 128*224 + 112) / 224)
	}
	through(m.Y, &luma)
	through(m.Cb, &chroma)
	through(m.Cr, &chroma)
}

func through(plane []byte, table *[256]byte) {
	for i, v := range plane {
		plane[i] = table[v]
	}
}

func clamp(v int) byte { return byte(max(0, min(v, 255))) }

// samples is how many points of each row and column dominant looks at.
const samples = 100

// dominant returns the colour that most of the picture is near to, as
// "#rrggbb": the mean of the fullest of 512 boxes of like colours.
func dominant(img image.Image) string {
	type box struct{ n, r, g, b int }
	var boxes [512]box
	size := img.Bounds().Size()
	best := &boxes[0]
	for i := range samples * samples {
		x, y := (i%samples)*size.X/samples, (i/samples)*size.Y/samples
		c := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
		r, g, b := int(onWhite(c.R, c.A)), int(onWhite(c.G, c.A)), int(onWhite(c.B, c.A))
		in := &boxes[r>>5<<6|g>>5<<3|b>>5]
		in.n, in.r, in.g, in.b = in.n+1, in.r+r, in.g+g, in.b+b
		if in.n > best.n {
			best = in
		}
	}
	return fmt.Sprintf("#%02x%02x%02x", best.r/best.n, best.g/best.n, best.b/best.n)
}
