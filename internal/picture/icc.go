package picture

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/draw"
	"math"
)

// A profile is the part of an ICC profile (ICC.1:2022) that most cameras and
// phones use: the curves and the matrix of an RGB space, such as Display P3
// or Adobe RGB. Profiles made of tables are not read.
//
// It is kept in whole numbers, so that every machine computes the same pixels:
// curve gives linear light from 0 to 65535, matrix has 14 bits after the point
// and leads straight to linear sRGB.
type profile struct {
	curve  [3][256]int32
	matrix [3][3]int32
}

// fromD50 leads from XYZ under D50, in which profiles state their colours, to
// linear sRGB.
var fromD50 = [3][3]float64{
	{3.1338561, -1.6168667, -0.4906146},
	{-0.9787684, 1.9161415, 0.0334540},
	{0.0719453, -0.2289914, 1.4052427},
}

// maxTag is the length of the longest curve that is read, in bytes.
const maxTag = 1 << 16

// parseProfile returns nil if the profile is none that it can read, or means
// the colours of sRGB, which need no profile.
func parseProfile(data []byte) *profile {
	if len(data) < 132 || string(data[16:20]) != "RGB " || string(data[36:40]) != "acsp" {
		return nil
	}
	p := &profile{}
	var column [3][3]float64
	for i, c := range []string{"r", "g", "b"} {
		var ok bool
		if column[i], ok = parseXYZ(tag(data, c+"XYZ")); !ok {
			return nil
		}
		curve := parseCurve(tag(data, c+"TRC"))
		if curve == nil {
			return nil
		}
		for v := range 256 {
			p.curve[i][v] = int32(math.Round(65535 * min(max(curve(float64(v)/255), 0), 1)))
		}
	}
	for row := range 3 {
		for i := range 3 {
			m := 0.0
			for k := range 3 {
				m += fromD50[row][k] * column[i][k]
			}
			p.matrix[row][i] = int32(math.Round(m * (1 << 14)))
		}
	}
	if p.isSRGB() {
		return nil
	}
	return p
}

// tag returns the bytes of a tag of the profile, or nil.
func tag(data []byte, name string) []byte {
	count := min(int(binary.BigEndian.Uint32(data[128:])), 100)
	for i := range count {
		entry := 132 + 12*i
		if entry+12 > len(data) {
			return nil
		}
		if string(data[entry:entry+4]) != name {
			continue
		}
		offset, size := uint64(binary.BigEndian.Uint32(data[entry+4:])), uint64(binary.BigEndian.Uint32(data[entry+8:]))
		if size > maxTag || offset+size > uint64(len(data)) {
			return nil
		}
		return data[offset : offset+size]
	}
	return nil
}

func fixed(b []byte) float64 { return float64(int32(binary.BigEndian.Uint32(b))) / 65536 }

func parseXYZ(b []byte) (xyz [3]float64, ok bool) {
	if len(b) < 20 || string(b[:4]) != "XYZ " {
		return xyz, false
	}
	for i := range xyz {
		xyz[i] = fixed(b[8+4*i:])
	}
	return xyz, true
}

// parseCurve reads the types curv and para, sections 10.6 and 10.18.
func parseCurve(b []byte) func(float64) float64 {
	switch {
	case len(b) >= 12 && string(b[:4]) == "curv":
		return parseTable(b[12:], int(binary.BigEndian.Uint32(b[8:])))
	case len(b) >= 12 && string(b[:4]) == "para":
		return parseFormula(b[12:], binary.BigEndian.Uint16(b[8:]))
	}
	return nil
}

func parseTable(b []byte, n int) func(float64) float64 {
	if n > len(b)/2 {
		return nil
	}
	at := func(i int) float64 { return float64(binary.BigEndian.Uint16(b[2*i:])) }
	switch n {
	case 0:
		return func(x float64) float64 { return x }
	case 1:
		gamma := at(0) / 256
		return func(x float64) float64 { return math.Pow(x, gamma) }
	}
	return func(x float64) float64 {
		place := x * float64(n-1)
		i := min(int(place), n-2)
		return (at(i) + (at(i+1)-at(i))*(place-float64(i))) / 65535
	}
}

func parseFormula(b []byte, kind uint16) func(float64) float64 {
	counts := []int{1, 3, 4, 5, 7}
	if int(kind) >= len(counts) || len(b) < 4*counts[kind] {
		return nil
	}
	v := [7]float64{0, 1} // g a b c d e f, as the standard calls them
	for i := range counts[kind] {
		v[i] = fixed(b[4*i:])
	}
	g, a, off, c, d, e, f := v[0], v[1], v[2], v[3], v[4], v[5], v[6]
	switch kind {
	case 1, 2:
		// Below the zero of the line the curve is flat, at c, which kind 1 lacks.
		e, f, d = c, c, -off/a
		c = 0
	case 0:
		d = math.Inf(-1)
	}
	return func(x float64) float64 {
		if x >= d {
			return math.Pow(a*x+off, g) + e
		}
		return c*x + f
	}
}

// encoded is the curve of sRGB (IEC 61966-2-1) in 4096 steps of linear light.
var encoded = func() (table [4096]byte) {
	for i := range table {
		x := float64(i) / 4095
		if x <= 0.0031308 {
			x *= 12.92
		} else {
			x = 1.055*math.Pow(x, 1/2.4) - 0.055
		}
		table[i] = byte(math.Round(255 * x))
	}
	return table
}()

func (p *profile) convert(r, g, b byte) (byte, byte, byte) {
	x, y, z := int64(p.curve[0][r]), int64(p.curve[1][g]), int64(p.curve[2][b])
	var out [3]byte
	for i, m := range p.matrix {
		v := (int64(m[0])*x + int64(m[1])*y + int64(m[2])*z + 1<<13) >> 14
		out[i] = encoded[max(0, min(v, 65535))*4095/65535]
	}
	return out[0], out[1], out[2]
}

// isSRGB reports whether no colour changes by more than rounding does.
func (p *profile) isSRGB() bool {
	const close = 4
	for i := range 6 * 6 * 6 {
		c := [3]byte{byte(i / 36 * 51), byte(i / 6 % 6 * 51), byte(i % 6 * 51)}
		r, g, b := p.convert(c[0], c[1], c[2])
		for k, v := range [3]byte{r, g, b} {
			if d := int(v) - int(c[k]); d > close || d < -close {
				return false
			}
		}
	}
	return true
}

// toSRGB returns the picture in the colours of sRGB. It may change img. Greys
// are left alone: a profile of RGB does not speak of them.
func (p *profile) toSRGB(img image.Image) image.Image {
	switch m := img.(type) {
	case *image.Gray:
		return m
	case *image.Paletted:
		for i, c := range m.Palette {
			n := color.NRGBAModel.Convert(c).(color.NRGBA)
			n.R, n.G, n.B = p.convert(n.R, n.G, n.B)
			m.Palette[i] = n
		}
		return m
	case *image.RGBA:
		p.convertAll(m.Pix)
		return m
	case *image.NRGBA:
		p.convertAll(m.Pix)
		return m
	}
	out := image.NewRGBA(img.Bounds())
	draw.Draw(out, out.Rect, img, out.Rect.Min, draw.Src)
	p.convertAll(out.Pix)
	return out
}

func (p *profile) convertAll(pix []byte) {
	for i := 0; i+3 < len(pix); i += 4 {
		pix[i], pix[i+1], pix[i+2] = p.convert(pix[i], pix[i+1], pix[i+2])
	}
}

// profileOf finds the profile that a file embeds; nil if there is none, or
// none that matters.
func profileOf(format string, data []byte) *profile {
	switch format {
	case "jpeg":
		if j, err := parseJPEG(data); err == nil {
			return j.colours()
		}
	case "png":
		// A name, a zero, the method of compression, the profile: PNG, 11.3.2.3.
		if _, rest, ok := bytes.Cut(pngChunk(data, "iCCP", ""), []byte{0}); ok && len(rest) > 1 {
			return parseProfile(inflate(rest[1:]))
		}
	case "webp":
		return parseProfile(riffChunk(data, "ICCP"))
	}
	return nil
}
