//go:build cgo

package picture

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"slices"
	"testing"

	"github.com/bep/gowebp/libwebp"
	"github.com/bep/gowebp/libwebp/webpoptions"
)

// webpOf returns a WebP file; quality 0 is lossless.
func webpOf(t *testing.T, img image.Image, quality int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := libwebp.Encode(&b, img, webpoptions.EncodingOptions{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// extended puts chunks into a simple WebP file, in the extended form.
func extended(file []byte, w, h int, flags byte, chunks ...string) []byte {
	canvas := []byte{flags, 0, 0, 0, byte(w - 1), byte((w - 1) >> 8), 0, byte(h - 1), byte((h - 1) >> 8), 0}
	body := slices.Concat([]byte("WEBP"), riff("VP8X", string(canvas)), file[12:])
	for i := 0; i < len(chunks); i += 2 {
		body = append(body, riff(chunks[i], chunks[i+1])...)
	}
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

func riff(kind, content string) []byte {
	b := binary.LittleEndian.AppendUint32([]byte(kind), uint32(len(content)))
	return append(append(b, content...), make([]byte, len(content)%2)...)
}

func TestWebPCanBeRead(t *testing.T) {
	img := scene(48, 32)
	tests := []struct {
		name   string
		file   []byte
		format string
		want   image.Image
		near   int
	}{
		{"lossy", webpOf(t, img, 95), "jpeg", img, 60},
		{"lossless", webpOf(t, img, 0), "jpeg", img, 60},
		{"clear and lossless", webpOf(t, glass(48, 32), 0), "png", glass(48, 32), 0},
		{"clear and lossy", webpOf(t, glass(48, 32), 95), "png", glass(48, 32), 255},
	}
	for _, tt := range tests {
		m := read(t, tt.file)
		if m.Format != tt.format {
			t.Errorf("%s WebP becomes a %s, want %s", tt.name, m.Format, tt.format)
		}
		got := decoded(t, m.Data)
		if far := distance(got, tt.want); far > tt.near {
			t.Errorf("%s WebP: pixels are off by %d, want at most %d", tt.name, far, tt.near)
		}
		if far := distance(pixel(got, image.Pt(46, 4)), pixel(tt.want, image.Pt(46, 4))); far > 14 {
			t.Errorf("%s WebP: a pixel of plain colour is off by %d", tt.name, far)
		}
		for i := 1; i < 10; i++ {
			cut := tt.file[:len(tt.file)*i/10]
			refused(t, fmt.Sprintf("%s WebP cut after %d bytes", tt.name, len(cut)), cut, "")
		}
	}
}

func TestNotesAndPositionInWebP(t *testing.T) {
	exif := tiff(binary.BigEndian, []entry{{0x0112, 6}, {0x8825, []entry{{0x001c, "PLANTED-POSITION"}}}}, "PLANTED-THUMBNAIL")
	packet := xmpPacket("<dc:creator>Ana Reyes</dc:creator><dc:source>PLANTED-XMP</dc:source>")
	m := read(t, extended(webpOf(t, scene(48, 32), 0), 48, 32, 1<<2|1<<3, "EXIF", exif, "XMP ", packet))
	if m.Credit != "Ana Reyes" || m.Width != 32 || m.Height != 48 {
		t.Errorf("credit %q, %d by %d; want Ana Reyes, 32 by 48", m.Credit, m.Width, m.Height)
	}
	if bytes.Contains(m.Data, []byte("PLANTED")) {
		t.Error("the master holds what the WebP said")
	}
}
