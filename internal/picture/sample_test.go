package picture

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"slices"
	"strings"
	"testing"
)

// The pictures of these tests are drawn here, and so are their files.

// scene draws a picture whose corners differ, so that no turn goes unseen: red
// and green above, blue and yellow below, in soft slopes.
func scene(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{200, byte(40 * x / w), byte(40 * y / h), 255}
			switch left, top := x < w/2, y < h/2; {
			case !left && top:
				c.R, c.G = c.G, 180
			case left && !top:
				c.R, c.B = c.B, 190
			case !left && !top:
				c.R, c.G = 220, 210
			}
			m.SetRGBA(x, y, c)
		}
	}
	return m
}

func jpegOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gifOf(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := gif.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// part returns a segment of a JPEG file.
func part(marker byte, body ...string) []byte {
	return segment{marker: marker, body: []byte(strings.Join(body, ""))}.append(nil)
}

// withParts puts segments behind the start of a JPEG file.
func withParts(file []byte, parts ...[]byte) []byte {
	return slices.Concat(file[:2], slices.Concat(parts...), file[2:])
}

// chunk returns a chunk of a PNG file.
func chunk(kind, content string) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(content)))
	b = append(b, kind+content...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE([]byte(kind+content)))
}

// withChunks puts chunks behind the header of a PNG file.
func withChunks(file []byte, chunks ...[]byte) []byte {
	const header = 8 + 12 + 13
	return slices.Concat(file[:header], slices.Concat(chunks...), file[header:])
}

// An entry is one tag of an image file directory. A value is a string, a
// number, or a further directory.
type entry struct {
	tag   uint16
	value any
}

// tiff returns EXIF data: the directory, and one with a thumbnail behind it.
func tiff(order binary.AppendByteOrder, entries []entry, thumbnail string) string {
	b := []byte("II")
	if order.String() == binary.BigEndian.String() {
		b = []byte("MM")
	}
	b = order.AppendUint16(b, 42)
	b = order.AppendUint32(b, 8)
	b = directory(b, order, entries)
	if thumbnail != "" {
		// The offset of the next directory stands behind the entries.
		next := 8 + 2 + 12*len(entries)
		copy(b[next:], order.AppendUint32(nil, uint32(len(b))))
		at := uint32(len(b) + 2 + 2*12 + 4)
		b = directory(b, order, []entry{{0x0201, at}, {0x0202, uint32(len(thumbnail))}})
		b = append(b, thumbnail...)
	}
	return string(b)
}

func directory(b []byte, order binary.AppendByteOrder, entries []entry) []byte {
	b = order.AppendUint16(b, uint16(len(entries)))
	start := len(b)
	b = append(b, make([]byte, 12*len(entries)+4)...)
	for i, e := range entries {
		head := order.AppendUint16(nil, e.tag)
		switch v := e.value.(type) {
		case string:
			v += "\x00\x00\x00\x00"
			head = order.AppendUint16(head, 2)
			head = order.AppendUint32(head, uint32(len(v)))
			head = order.AppendUint32(head, uint32(len(b)))
			b = append(b, v...)
		case int:
			head = order.AppendUint16(head, 3)
			head = order.AppendUint32(head, 1)
			head = order.AppendUint16(head, uint16(v))
			head = append(head, 0, 0)
		case uint32:
			head = order.AppendUint16(head, 4)
			head = order.AppendUint32(head, 1)
			head = order.AppendUint32(head, v)
		case []entry:
			head = order.AppendUint16(head, 4)
			head = order.AppendUint32(head, 1)
			head = order.AppendUint32(head, uint32(len(b)))
			b = directory(b, order, v)
		}
		copy(b[start+12*i:], head)
	}
	return b
}

func exifPart(tiff string) []byte { return part(markAPP1, "Exif\x00\x00", tiff) }

func oriented(orientation int) string {
	return tiff(binary.BigEndian, []entry{{0x0112, orientation}}, "")
}

func xmpPacket(properties string) string {
	return `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">` +
		`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""` +
		` xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"` +
		` xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"` +
		` xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/" xmlns:cc="http://creativecommons.org/ns#">` +
		properties + `</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`
}

func xmpPart(packet string) []byte {
	return part(markAPP1, "http://ns.adobe.com/xap/1.0/\x00", packet)
}

// record returns one field of IPTC.
func record(group, number byte, text string) string {
	return string([]byte{0x1c, group, number, byte(len(text) >> 8), byte(len(text))}) + text
}

// iptcPart returns the segment in which Photoshop keeps IPTC, behind another
// resource, of odd length, as it likes to.
func iptcPart(records ...string) []byte {
	resource := func(number uint16, content string) string {
		b := binary.BigEndian.AppendUint16([]byte("8BIM"), number)
		b = append(b, 0, 0)
		b = binary.BigEndian.AppendUint32(b, uint32(len(content)))
		return string(b) + content + strings.Repeat("\x00", len(content)%2)
	}
	return part(markAPP13, photoshop, resource(0x03f3, "odd"), resource(0x0404, strings.Join(records, "")))
}

// A blocks is a JPEG file of eight by eight pixels, written bit by bit, for the
// kinds that the standard library does not write.
type blocks struct {
	frame  byte   // marker of the frame
	parts  []byte // further segments
	levels []int  // the mean of each component, -1023 to 1023
	scans  [][]int
	ac     [2]byte // first and last coefficient of each scan
	second bool    // a further scan for the other coefficients
}

func (k blocks) file() []byte {
	b := append([]byte{0xff, markSOI}, k.parts...)
	b = append(b, part(markDQT, "\x00", strings.Repeat("\x08", 64))...)
	frame := []byte{8, 0, 8, 0, 8, byte(len(k.levels))}
	for i := range k.levels {
		frame = append(frame, byte(i+1), 0x11, 0)
	}
	b = append(b, part(k.frame, string(frame))...)
	// Twelve codes of four bits for the sizes of means, one of one bit that
	// says that nothing follows.
	b = append(b, part(markDHT, "\x00\x00\x00\x00\x0c"+strings.Repeat("\x00", 12)+"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b")...)
	b = append(b, part(markDHT, "\x10\x01"+strings.Repeat("\x00", 15)+"\x00")...)
	for _, scan := range k.scans {
		b = append(b, k.scan(scan, k.ac[0], k.ac[1])...)
	}
	if k.second {
		for i := range k.levels {
			b = append(b, k.scan([]int{i}, 1, 63)...)
		}
	}
	return append(b, 0xff, markEOI)
}

func (k blocks) scan(components []int, first, last byte) []byte {
	head := []byte{byte(len(components))}
	bits := ""
	for _, c := range components {
		head = append(head, byte(c+1), 0)
		if first == 0 {
			bits += meanBits(k.levels[c])
		}
		if last > 0 {
			bits += "0"
		}
	}
	bits += strings.Repeat("1", (8-len(bits)%8)%8)
	b := part(markSOS, string(append(head, first, last, 0)))
	for ; bits != ""; bits = bits[8:] {
		v := byte(0)
		for _, bit := range bits[:8] {
			v = v<<1 | byte(bit-'0')
		}
		b = append(b, v)
		if v == 0xff {
			b = append(b, 0)
		}
	}
	return b
}

// meanBits encodes the mean of a block: the size of the number, the number.
func meanBits(v int) string {
	size, low := 0, v
	for n := max(v, -v); n > 0; n >>= 1 {
		size++
	}
	if v < 0 {
		low = v + 1<<size - 1
	}
	s := ""
	for i := 3; i >= 0; i-- {
		s += string(rune('0' + size>>i&1))
	}
	for i := size - 1; i >= 0; i-- {
		s += string(rune('0' + low>>i&1))
	}
	return s
}

// iccProfile returns a profile with those primaries, under D50, and the curve
// of sRGB.
func iccProfile(primaries [3][3]float64) string {
	fixed := func(b []byte, v float64) []byte { return binary.BigEndian.AppendUint32(b, uint32(int32(v*65536))) }
	b := make([]byte, 128)
	copy(b[16:], "RGB XYZ ")
	copy(b[36:], "acsp")
	b = binary.BigEndian.AppendUint32(b, 6)
	offset := 128 + 4 + 6*12
	curve := append([]byte("para\x00\x00\x00\x00"), 0, 3, 0, 0)
	for _, v := range []float64{2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045} {
		curve = fixed(curve, v)
	}
	for i, c := range "rgb" {
		b = append(b, string(c)+"XYZ"...)
		b = binary.BigEndian.AppendUint32(b, uint32(offset+len(curve)+20*i))
		b = binary.BigEndian.AppendUint32(b, 20)
		b = append(b, string(c)+"TRC"...)
		b = binary.BigEndian.AppendUint32(b, uint32(offset))
		b = binary.BigEndian.AppendUint32(b, uint32(len(curve)))
	}
	b = append(b, curve...)
	for _, p := range primaries {
		b = append(b, "XYZ \x00\x00\x00\x00"...)
		for _, v := range p {
			b = fixed(b, v)
		}
	}
	return string(b)
}

var (
	primariesP3   = [3][3]float64{{0.5151, 0.2412, -0.0011}, {0.2919, 0.6922, 0.0419}, {0.1571, 0.0666, 0.7841}}
	primariesSRGB = [3][3]float64{{0.4360, 0.2225, 0.0139}, {0.3851, 0.7169, 0.0971}, {0.1431, 0.0606, 0.7141}}
)

func iccPart(profile string) []byte {
	return part(markAPP2, "ICC_PROFILE\x00\x01\x01", profile)
}
