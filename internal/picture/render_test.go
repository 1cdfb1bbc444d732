package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"strings"
	"testing"

	"golang.org/x/image/webp"

	"example.org/broadside"
)

func rendered(t *testing.T, file []byte, widths ...int) []Rendition {
	t.Helper()
	made, err := NewStudio().Render(t.Context(), file, widths, []string{"jpeg"})
	if err != nil {
		t.Fatalf("Render: %v", err)
	}
	return made
}

func TestPicturesAreNeverEnlarged(t *testing.T) {
	tests := []struct {
		w, h   int
		widths []int
		want   string
	}{
		{1000, 500, []int{320, 480, 720}, "720x360 480x240 320x160"},
		{1000, 501, []int{2000}, "1000x501"},
		{400, 300, []int{320, 480, 720, 1080}, "400x300 320x240"},
		{320, 200, []int{320, 480}, "320x200"},
		{100, 80, []int{320, 480}, "100x80"},
		{301, 199, []int{100, 100}, "100x66"},
		{600, 1, []int{20}, "20x1"},
		{1, 600, []int{320}, "1x600"},
		{100, 80, nil, ""},
	}
	for _, tt := range tests {
		var got []string
		for _, r := range rendered(t, jpegOf(t, scene(tt.w, tt.h)), tt.widths...) {
			got = append(got, fmt.Sprintf("%dx%d", r.Width, r.Height))
			if size := decoded(t, r.Data).Bounds().Size(); size != image.Pt(r.Width, r.Height) {
				t.Errorf("a rendition of %d by %d holds %v", r.Width, r.Height, size)
			}
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%d by %d in %v: %q, want %q", tt.w, tt.h, tt.widths, got, tt.want)
		}
	}
}

// However a photograph is sampled, a small copy looks like it.
func TestSmallCopiesLookAlike(t *testing.T) {
	big := scene(960, 640)
	files := map[string][]byte{"JPEG": jpegOf(t, big), "grey JPEG": jpegOf(t, gray(big)), "PNG": pngOf(t, big), "PNG with a palette": pngOf(t, paletted(big))}
	for name, file := range files {
		want := image.Image(scene(96, 64))
		if name == "grey JPEG" {
			want = gray(want)
		}
		for _, r := range rendered(t, file, 96) {
			got := decoded(t, r.Data)
			for _, p := range []image.Point{{10, 10}, {80, 10}, {10, 50}, {80, 50}} {
				if far := distance(pixel(got, p), pixel(want, p)); far > 30 {
					t.Errorf("%s: the pixel %v is off by %d", name, p, far)
				}
			}
		}
	}
}

func pixel(img image.Image, p image.Point) image.Image {
	out := image.NewNRGBA(image.Rect(0, 0, 1, 1))
	draw.Draw(out, out.Rect, img, p, draw.Src)
	return out
}

func TestSquaresAreAveragedInEverySampling(t *testing.T) {
	ratios := []image.YCbCrSubsampleRatio{
		image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio420,
		image.YCbCrSubsampleRatio440, image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410,
	}
	for _, ratio := range ratios {
		m := image.NewYCbCr(image.Rect(0, 0, 67, 45), ratio)
		for y := range 45 {
			for x := range 67 {
				m.Y[m.YOffset(x, y)], m.Cb[m.COffset(x, y)], m.Cr[m.COffset(x, y)] = byte(3*x), byte(2*x+60), byte(3*y)
			}
		}
		for w := 10; w <= 33; w++ {
			factor := 67 / w
			small := shrink(m, w)
			if got, want := small.Bounds().Size(), image.Pt(67/factor, 45/factor); got != want {
				t.Fatalf("%v by %d: size %v, want %v", ratio, factor, got, want)
			}
			for _, p := range []image.Point{{0, 0}, {w / 2, 3}, {w - 1, 45/factor - 1}} {
				got := color.YCbCrModel.Convert(small.At(p.X, p.Y)).(color.YCbCr)
				want := m.YCbCrAt(p.X*factor+factor/2, p.Y*factor+factor/2)
				for _, d := range []int{int(got.Y) - int(want.Y), int(got.Cb) - int(want.Cb), int(got.Cr) - int(want.Cr)} {
					if d > 12 || d < -12 {
						t.Errorf("%v by %d at %v: %v, want about %v", ratio, factor, p, got, want)
					}
				}
			}
		}
	}
}

func TestWhatIsClearIsPrintedOnWhite(t *testing.T) {
	clearPalette := paletted(scene(64, 64))
	clearPalette.Palette = append(color.Palette{color.NRGBA{}}, clearPalette.Palette[1:]...)
	for i := range clearPalette.Pix {
		clearPalette.Pix[i] = 0
	}
	for name, file := range map[string][]byte{"PNG": pngOf(t, glass(64, 64)), "PNG with a palette": pngOf(t, clearPalette)} {
		for _, width := range []int{16, 64} {
			img := decoded(t, rendered(t, file, width)[0].Data)
			if c := color.GrayModel.Convert(img.At(0, 8)).(color.Gray); c.Y < 235 {
				t.Errorf("%s, %d wide: clear became %d, want the white of paper", name, width, c.Y)
			}
		}
	}
}

func TestEveryFormatIsRendered(t *testing.T) {
	formats := Formats()
	if formats[0] != "jpeg" {
		t.Errorf("Formats() = %v: JPEG is for everybody and must come first", formats)
	}
	made, err := NewStudio().Render(t.Context(), jpegOf(t, scene(200, 100)), []int{200, 50}, formats)
	if err != nil {
		t.Fatal(err)
	}
	if len(made) != 2*len(formats) {
		t.Errorf("two widths in %v are %d renditions", formats, len(made))
	}
	for _, r := range made {
		if got := Sniff(r.Data); got != r.Format {
			t.Errorf("a rendition as %s is %s", r.Format, got)
		}
		if r.Format == "webp" {
			if img, err := webp.Decode(bytes.NewReader(r.Data)); err != nil || img.Bounds().Dx() != r.Width {
				t.Errorf("the WebP of %d pixels: %v", r.Width, err)
			}
		}
	}
}

func TestRenderRefusesWhatItCannotDo(t *testing.T) {
	photo := jpegOf(t, scene(20, 20))
	tests := []struct {
		name   string
		file   []byte
		width  int
		format string
	}{
		{"an unknown format", photo, 10, "tiff"},
		{"no width", photo, 0, "jpeg"},
		{"a negative width", photo, -5, "jpeg"},
		{"something else than a picture", []byte("%PDF-1.7"), 10, "jpeg"},
		{"half a picture", photo[:len(photo)/2], 10, "jpeg"},
	}
	for _, tt := range tests {
		_, err := NewStudio().Render(t.Context(), tt.file, []int{tt.width}, []string{tt.format})
		if broadside.KindOf(err) != broadside.Invalid {
			t.Errorf("%s: error %v, want one of kind invalid", tt.name, err)
		}
	}
}
