package picture

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/color/palette"
	"image/draw"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"example.org/broadside"
)

func read(t testing.TB, file []byte) *Master {
	t.Helper()
	m, err := NewStudio().Read(t.Context(), bytes.NewReader(file))
	if err != nil {
		t.Fatalf("Read: %v", err)
	}
	img := decoded(t, m.Data)
	if size := img.Bounds().Size(); size != image.Pt(m.Width, m.Height) || Sniff(m.Data) != m.Format {
		t.Fatalf("the master says %s of %d by %d, its data are %s of %v", m.Format, m.Width, m.Height, Sniff(m.Data), size)
	}
	return m
}

func refused(t *testing.T, what string, file []byte, says string) {
	t.Helper()
	_, err := NewStudio().Read(t.Context(), bytes.NewReader(file))
	if err == nil || broadside.KindOf(err) != broadside.Invalid {
		t.Errorf("%s: error %v of kind %s, want one of kind invalid", what, err, broadside.KindOf(err))
		return
	}
	if got := broadside.PublicOf(err); !strings.Contains(got, says) {
		t.Errorf("%s: the error says %q, want %q in it", what, got, says)
	}
}

func decoded(t testing.TB, data []byte) image.Image {
	t.Helper()
	img, err := decode(Sniff(data), data)
	if err != nil {
		t.Fatalf("decoding: %v", err)
	}
	return img
}

// distance returns the greatest difference of any channel of any pixel. What
// nobody can see makes none.
func distance(a, b image.Image) int {
	if a.Bounds().Size() != b.Bounds().Size() {
		return 256
	}
	far := 0
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			p := color.NRGBAModel.Convert(a.At(x+a.Bounds().Min.X, y+a.Bounds().Min.Y)).(color.NRGBA)
			q := color.NRGBAModel.Convert(b.At(x+b.Bounds().Min.X, y+b.Bounds().Min.Y)).(color.NRGBA)
			if p.A == 0 && q.A == 0 {
				continue
			}
			for _, d := range []int{int(p.R) - int(q.R), int(p.G) - int(q.G), int(p.B) - int(q.B), int(p.A) - int(q.A)} {
				far = max(far, d, -d)
			}
		}
	}
	return far
}

func gray(img image.Image) *image.Gray {
	g := image.NewGray(img.Bounds())
	draw.Draw(g, g.Rect, img, img.Bounds().Min, draw.Src)
	return g
}

func paletted(img image.Image) *image.Paletted {
	p := image.NewPaletted(img.Bounds(), palette.WebSafe)
	draw.Draw(p, p.Rect, img, img.Bounds().Min, draw.Src)
	return p
}

// glass is a picture that is clear at the left and solid at the right.
func glass(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.SetNRGBA(x, y, color.NRGBA{10, 20, 200, byte(255 * x / (w - 1))})
		}
	}
	return m
}

func TestEveryKindOfPictureCanBeRead(t *testing.T) {
	img := scene(48, 32)
	deep := image.NewNRGBA64(img.Rect)
	draw.Draw(deep, deep.Rect, img, image.Point{}, draw.Src)
	deepAlpha := image.NewNRGBA64(img.Rect)
	draw.Draw(deepAlpha, deepAlpha.Rect, glass(48, 32), image.Point{}, draw.Src)
	deepGray := image.NewGray16(img.Rect)
	draw.Draw(deepGray, deepGray.Rect, img, image.Point{}, draw.Src)

	tests := []struct {
		name   string
		file   []byte
		format string
		want   image.Image
		near   int
	}{
		{"a JPEG", jpegOf(t, img), "jpeg", img, 40},
		{"a grey JPEG", jpegOf(t, gray(img)), "jpeg", gray(img), 10},
		{"a PNG", pngOf(t, img), "png", img, 0},
		{"a grey PNG", pngOf(t, gray(img)), "png", gray(img), 0},
		{"a PNG with a palette", pngOf(t, paletted(img)), "png", paletted(img), 0},
		{"a PNG of 16 bits", pngOf(t, deep), "png", img, 0},
		{"a grey PNG of 16 bits", pngOf(t, deepGray), "png", gray(img), 1},
		{"a PNG with transparency", pngOf(t, glass(48, 32)), "png", glass(48, 32), 0},
		{"a PNG of 16 bits with transparency", pngOf(t, deepAlpha), "png", glass(48, 32), 2},
		{"a GIF", gifOf(t, paletted(img)), "png", paletted(img), 0},
	}
	for _, tt := range tests {
		m := read(t, tt.file)
		if m.Format != tt.format {
			t.Errorf("%s becomes a %s, want %s", tt.name, m.Format, tt.format)
		}
		if far := distance(decoded(t, m.Data), tt.want); far > tt.near {
			t.Errorf("%s: pixels are off by %d, want at most %d", tt.name, far, tt.near)
		}
		if again := read(t, tt.file); !bytes.Equal(m.Data, again.Data) {
			t.Errorf("%s: reading it twice gives two pictures", tt.name)
		}
		if again := read(t, m.Data); !bytes.Equal(m.Data, again.Data) {
			t.Errorf("%s: reading its master gives another master", tt.name)
		}
	}
}

// The GIF's name may end in .jpg: nobody asks for the name.
func TestTheBytesSayWhatAFileIs(t *testing.T) {
	tests := []struct {
		head string
		want string
	}{
		{string(jpegOf(t, scene(8, 8))), "jpeg"},
		{string(pngOf(t, scene(8, 8))), "png"},
		{string(gifOf(t, paletted(scene(8, 8)))), "gif"},
		{"RIFF\x10\x00\x00\x00WEBPVP8 ", "webp"},
		{"RIFF\x10\x00\x00\x00WAVEfmt ", ""},
		{"%PDF-1.7\n", "pdf"},
		{"PK\x03\x04\x14\x00", "zip"},
		{"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "heic"},
		{"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00", "heic"},
		{"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00", "avif"},
		{"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00", "mp4"},
		{"II*\x00\x08\x00\x00\x00", "tiff"},
		{"<svg xmlns='http://www.w3.org/2000/svg'/>", "svg"},
		{"\ufeff<?xml version='1.0'?>\n<!-- a map -->\n<svg>", "svg"},
		{"<!DOCTYPE html><title>404", "html"},
		{"Dear editor,\n", "text"},
		{"\x01\x02\x03", ""},
		{"", ""},
	}
	for _, tt := range tests {
		if got := Sniff([]byte(tt.head)); got != tt.want {
			t.Errorf("Sniff(%.20q) = %q, want %q", tt.head, got, tt.want)
		}
	}
}

func TestWhatIsNoPictureIsNamed(t *testing.T) {
	refused(t, "nothing", nil, "is empty")
	refused(t, "a PDF", []byte("%PDF-1.7\n"), "This is a PDF document, not a picture that can be printed: save it as JPEG or PNG.")
	refused(t, "an iPhone's file", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"), "This is a HEIC file")
	refused(t, "a drawing", []byte("<svg onload='alert(1)'/>"), "This is an SVG drawing")
	refused(t, "noise", []byte("\x01\x02\x03"), "This is not a picture that can be printed")
	for _, head := range []string{"\xff\xd8\xff", "\x89PNG\r\n\x1a\n", "GIF89a", "RIFF\x10\x00\x00\x00WEBPVP8 "} {
		refused(t, fmt.Sprintf("%.4q alone", head), []byte(head), "damaged or cut off")
	}
}

// claims returns the first bytes of files that say they have w by h pixels.
func claims(w, h int) map[string][]byte {
	size := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(w)), uint32(h))
	header := slices.Concat([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", string(size)+"\x08\x02\x00\x00\x00"), chunk("IDAT", ""))
	screen := binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16([]byte("GIF89a"), uint16(w)), uint16(h))
	frame := string([]byte{8, byte(h >> 8), byte(h), byte(w >> 8), byte(w), 3, 1, 0x22, 0, 2, 0x11, 0, 3, 0x11, 0})
	canvas := []byte("RIFF\x16\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00")
	canvas = append(canvas, byte(w-1), byte((w-1)>>8), byte((w-1)>>16), byte(h-1), byte((h-1)>>8), byte((h-1)>>16))
	return map[string][]byte{
		"PNG":  header,
		"GIF":  append(screen, 0, 0, 0, 0x2c, 0, 0, 0, 0),
		"JPEG": slices.Concat([]byte{0xff, markSOI}, part(markAPP0, "JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00"), part(markSOF0, frame)),
		"WebP": canvas,
	}
}

func TestBombsAreRefusedBeforeTheyAreDecoded(t *testing.T) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for name, file := range claims(20_000, 10_000) {
		refused(t, "a "+name+" of 200 megapixels", file, "20000 by 10000 pixels, 200 megapixels; at most 100 can be read")
	}
	for name, file := range claims(20_000, 100) {
		refused(t, "a "+name+" like a tapeworm", file, "neither side may be longer than 16383")
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 2<<20 {
		t.Errorf("refusing the bombs took %d bytes of memory", used)
	}
}

func TestTooManyBytesAreRefused(t *testing.T) {
	file := append(jpegOf(t, scene(16, 16)), make([]byte, MaxBytes)...)
	refused(t, "a file of more than 40 MB", file, "larger than 40 MB")

	broken := errors.New("the line went dead")
	if _, err := NewStudio().Read(t.Context(), iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("Read of a broken upload: %v, want %v", err, broken)
	}
}

// Half a photograph must not be printed, wherever it was cut, nor when a
// careless program has put an end behind the half.
func TestCutOffFilesAreRefused(t *testing.T) {
	files := map[string][]byte{
		"JPEG":      jpegOf(t, scene(200, 120)),
		"grey JPEG": jpegOf(t, gray(scene(200, 120))),
		"PNG":       pngOf(t, scene(200, 120)),
		"GIF":       gifOf(t, paletted(scene(200, 120))),
	}
	for name, file := range files {
		for i := 1; i < 20; i++ {
			cut := file[:len(file)*i/20]
			refused(t, fmt.Sprintf("%s cut after %d of %d bytes", name, len(cut), len(file)), cut, "")
			if strings.HasSuffix(name, "JPEG") {
				ended := slices.Concat(cut, []byte{0xff, markEOI})
				refused(t, fmt.Sprintf("%s cut after %d of %d bytes, and ended", name, len(cut), len(file)), ended, "damaged or cut off")
			}
		}
	}
	refused(t, "a JPEG without its last byte", files["JPEG"][:len(files["JPEG"])-1], "damaged or cut off")

	partly := blocks{frame: markSOF0, levels: []int{100, 50, 0}, ac: [2]byte{0, 63}, scans: [][]int{{0}, {1}, {2}}}
	read(t, partly.file())
	partly.scans = partly.scans[:2]
	refused(t, "a JPEG whose last colour is missing", partly.file(), "damaged or cut off")
}

func TestAPNGWithAWrongChecksumIsRefused(t *testing.T) {
	file := pngOf(t, scene(40, 40))
	for _, kind := range []string{"IHDR", "IDAT"} {
		harmed := bytes.Clone(file)
		harmed[bytes.Index(harmed, []byte(kind))+9] ^= 1
		refused(t, "a PNG with a bit changed in its "+kind, harmed, "")
	}
}

// A JPEG that needs no change keeps its compressed data, bit for bit.
func TestUprightPhotographsAreNotEncodedAgain(t *testing.T) {
	files := map[string][]byte{
		"colour": jpegOf(t, scene(99, 65)),
		"grey":   jpegOf(t, gray(scene(99, 65))),
		"RGB":    blocks{frame: markSOF0, levels: []int{300, 0, -300}, ac: [2]byte{0, 63}, scans: [][]int{{0, 1, 2}}, parts: part(markAPP14, "Adobe\x00\x64\x80\x00\x00\x00\x00")}.file(),
		"YCbCr that Adobe wrote": blocks{frame: markSOF0, levels: []int{300, 0, -300}, ac: [2]byte{0, 63}, scans: [][]int{{0, 1, 2}},
			parts: part(markAPP14, "Adobe\x00\x64\x80\x00\x00\x00\x01")}.file(),
		"progressive":            blocks{frame: markSOF2, levels: []int{300, 100, -300}, scans: [][]int{{0, 1, 2}}, second: true}.file(),
		"with a profile of sRGB": withParts(jpegOf(t, scene(99, 65)), iccPart(iccProfile(primariesSRGB))),
	}
	for name, file := range files {
		m := read(t, file)
		if far := distance(decoded(t, m.Data), decoded(t, file)); far != 0 {
			t.Errorf("%s: the master's pixels are off by %d", name, far)
		}
		scan := file[bytes.LastIndex(file, []byte{0xff, markSOS}):]
		if !bytes.HasSuffix(m.Data, scan) {
			t.Errorf("%s: the compressed data were changed", name)
		}
	}
}

func TestPicturesForAPressBecomeRGB(t *testing.T) {
	inks := blocks{frame: markSOF0, levels: []int{-900, 900, 900, 900}, ac: [2]byte{0, 63}, scans: [][]int{{0, 1, 2, 3}},
		parts: part(markAPP14, "Adobe\x00\x64\x00\x00\x00\x00\x00")}
	m := read(t, inks.file())
	r, g, b, _ := decoded(t, m.Data).At(4, 4).RGBA()
	// Adobe counts paper, not ink: no red here, and all of green and blue.
	if m.Format != "jpeg" || r>>8 > 40 || g>>8 < 215 || b>>8 < 215 {
		t.Errorf("cyan ink became %d, %d, %d in a %s", r>>8, g>>8, b>>8, m.Format)
	}
}

// stored returns where the pixel (x, y) of an upright picture of w by h is in
// a file of that orientation, as EXIF 2.32 draws it for tag 0x0112.
func stored(orientation, x, y, w, h int) (int, int) {
	switch orientation {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return y, w - 1 - x
	case 7:
		return h - 1 - y, w - 1 - x
	case 8:
		return h - 1 - y, x
	}
	return x, y
}

func lay(upright image.Image, orientation int) *image.NRGBA {
	w, h := upright.Bounds().Dx(), upright.Bounds().Dy()
	size := image.Pt(w, h)
	if orientation >= 5 {
		size = image.Pt(h, w)
	}
	out := image.NewNRGBA(image.Rectangle{Max: size})
	for y := range h {
		for x := range w {
			sx, sy := stored(orientation, x, y, w, h)
			out.Set(sx, sy, upright.At(x, y))
		}
	}
	return out
}

func TestPicturesStandUpright(t *testing.T) {
	sharp, odd := scene(48, 32), scene(49, 31)
	for o := 1; o <= 8; o++ {
		eXIf := chunk("eXIf", oriented(o))
		tests := []struct {
			name string
			file []byte
			want image.Image
			near int
		}{
			{"a JPEG", withParts(jpegOf(t, lay(sharp, o)), exifPart(oriented(o))), sharp, 40},
			{"a grey JPEG", withParts(jpegOf(t, gray(lay(odd, o))), exifPart(oriented(o))), gray(odd), 12},
			{"a PNG", withChunks(pngOf(t, lay(odd, o)), eXIf), odd, 0},
			{"a clear PNG", withChunks(pngOf(t, lay(glass(49, 31), o)), eXIf), glass(49, 31), 0},
			{"a PNG with a palette", withChunks(pngOf(t, paletted(lay(odd, o))), eXIf), paletted(odd), 0},
		}
		for _, tt := range tests {
			m := read(t, tt.file)
			if far := distance(decoded(t, m.Data), tt.want); far > tt.near {
				t.Errorf("%s of orientation %d: pixels are off by %d, want at most %d", tt.name, o, far, tt.near)
			}
		}
	}
	for _, nonsense := range []int{0, 9, 300} {
		if m := read(t, withParts(jpegOf(t, sharp), exifPart(oriented(nonsense)))); m.Width != 48 {
			t.Errorf("orientation %d turned the picture", nonsense)
		}
	}
}

// Phones photograph in Display P3; without its profile the red would be dull.
func TestColoursOfPhonesBecomeThoseOfTheWeb(t *testing.T) {
	red := image.NewRGBA(image.Rect(0, 0, 32, 32))
	draw.Draw(red, red.Rect, image.NewUniform(color.RGBA{234, 51, 35, 255}), image.Point{}, draw.Src)
	profile := iccProfile(primariesP3)
	files := map[string][]byte{
		"JPEG": withParts(jpegOf(t, red), iccPart(profile)),
		"PNG":  withChunks(pngOf(t, red), chunk("iCCP", "Display P3\x00\x00"+deflate(profile))),
	}
	for name, file := range files {
		m := read(t, file)
		want := image.NewUniform(color.RGBA{255, 0, 0, 255})
		got := color.RGBAModel.Convert(decoded(t, m.Data).At(16, 16)).(color.RGBA)
		if got.R < 250 || got.G > 8 || got.B > 8 {
			t.Errorf("%s: the red of P3 became %v, want about %v", name, got, want.C)
		}
		if bytes.Contains(m.Data, []byte("ICC_PROFILE")) || bytes.Contains(m.Data, []byte("iCCP")) {
			t.Errorf("%s: the profile is still there", name)
		}
	}
}

func TestTheDominantColour(t *testing.T) {
	m := scene(100, 100)
	draw.Draw(m, image.Rect(0, 0, 70, 100), image.NewUniform(color.RGBA{0x20, 0x60, 0x40, 255}), image.Point{}, draw.Src)
	if got := read(t, pngOf(t, m)).Colour; got != "#206040" {
		t.Errorf("dominant colour %s, want #206040", got)
	}
	if got := read(t, pngOf(t, image.NewNRGBA(image.Rect(0, 0, 3, 3)))).Colour; got != "#ffffff" {
		t.Errorf("dominant colour of nothing %s, want that of paper", got)
	}
}

func TestWaitingForTheStudioCanBeGivenUp(t *testing.T) {
	s := NewStudio()
	leave, err := s.enter(t.Context(), image.Config{Width: 10_000, Height: 10_000})
	if err != nil {
		t.Fatal(err)
	}
	file := jpegOf(t, scene(32, 32))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Read(ctx, bytes.NewReader(file)); !errors.Is(err, context.Canceled) {
		t.Errorf("Read while the studio is taken: %v, want that it was cancelled", err)
	}
	if _, err := s.Render(ctx, file, []int{10}, []string{"jpeg"}); !errors.Is(err, context.Canceled) {
		t.Errorf("Render while the studio is taken: %v, want that it was cancelled", err)
	}
	leave()
	if _, err := s.Read(t.Context(), bytes.NewReader(file)); err != nil {
		t.Errorf("Read once the studio is free: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	img := scene(24, 16)
	f.Add(jpegOf(f, img))
	f.Add(withParts(jpegOf(f, img), exifPart(oriented(6)), iptcPart(record(2, 80, "Ana")), iccPart(iccProfile(primariesP3))))
	f.Add(withParts(jpegOf(f, img), xmpPart(xmpPacket(`<dc:creator><rdf:Seq><rdf:li>Ana</rdf:li></rdf:Seq></dc:creator>`))))
	f.Add(blocks{frame: markSOF2, levels: []int{300, 100, -300}, scans: [][]int{{0, 1, 2}}, second: true}.file())
	f.Add(withChunks(pngOf(f, glass(24, 16)), chunk("eXIf", oriented(3))))
	f.Add(gifOf(f, paletted(img)))
	for _, file := range claims(200, 100) {
		f.Add(file)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		format := Sniff(file)
		if size, err := measure(format, file); err == nil && size.Width*size.Height > 1<<18 {
			return // a large picture takes time, and teaches no more than a small one
		}
		m, err := NewStudio().Read(t.Context(), bytes.NewReader(file))
		if err != nil {
			if broadside.KindOf(err) != broadside.Invalid {
				t.Errorf("Read: %v of kind %s", err, broadside.KindOf(err))
			}
			return
		}
		again := read(t, m.Data)
		if m.Format == "jpeg" && !bytes.Equal(again.Data, m.Data) || again.Width != m.Width || again.Height != m.Height {
			t.Error("reading the master gives another master")
		}
		if _, err := NewStudio().Render(t.Context(), m.Data, []int{10}, []string{"jpeg"}); err != nil {
			t.Errorf("Render of what Read made: %v", err)
		}
	})
}
