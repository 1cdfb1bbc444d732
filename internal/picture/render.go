package picture

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"slices"

	"github.com/disintegration/imaging"

	"example.org/broadside"
)

// A quality is how well renditions are encoded, on the scales of JPEG and of
// WebP, which look alike.
type quality struct{ jpeg, webp int }

// Narrow renditions are seen as they are. Wide ones are loaded for dense
// screens, which show two or three of their pixels as one: what is lost there
// nobody sees, and on a phone it is the most of a page.
var (
	seen  = quality{jpeg: 80, webp: 76}
	dense = quality{jpeg: 72, webp: 58}
)

// denseFrom is the width from which renditions are for dense screens, in pixels.
const denseFrom = 700

func qualityOf(img image.Image) quality {
	if img.Bounds().Dx() >= denseFrom {
		return dense
	}
	return seen
}

// A Rendition is a copy of a picture in one width and one format.
type Rendition struct {
	Width, Height int    // pixels
	Format        string // one of [Formats]
	Data          []byte
}

// Formats lists the formats that this build can render, the one that every
// browser knows first: "jpeg", and "webp" if a C compiler was there.
func Formats() []string {
	if !hasWebP {
		return []string{"jpeg"}
	}
	return []string{"jpeg", "webp"}
}

// Render makes copies of a master in each width and each format, the widest
// first. It never enlarges: widths above the master's own give that one, once.
// What is transparent becomes white, as on paper.
func (s *Studio) Render(ctx context.Context, master []byte, widths []int, formats []string) ([]Rendition, error) {
	format := Sniff(master)
	size, err := measure(format, master)
	if err != nil {
		return nil, err
	}
	if widths, err = fitting(widths, size.Width); err != nil {
		return nil, err
	}
	for _, f := range formats {
		if !slices.Contains(Formats(), f) {
			return nil, broadside.Errorf(broadside.Invalid, "Pictures cannot be rendered as %q here; there is %v.", f, Formats())
		}
	}
	leave, err := s.enter(ctx, size)
	if err != nil {
		return nil, err
	}
	defer leave()
	return render(ctx, format, master, widths, formats)
}

// fitting returns the widths to make for a master that is own wide: each once,
// from the widest to the narrowest.
func fitting(widths []int, own int) ([]int, error) {
	var fit []int
	for _, w := range widths {
		if w < 1 {
			return nil, broadside.Errorf(broadside.Invalid, "A picture cannot be %d pixels wide.", w)
		}
		fit = append(fit, min(w, own))
	}
	slices.Sort(fit)
	slices.Reverse(fit)
	return slices.Compact(fit), nil
}

func render(ctx context.Context, format string, master []byte, widths []int, formats []string) ([]Rendition, error) {
	if len(widths) == 0 || len(formats) == 0 {
		return nil, nil
	}
	img, err := decode(format, master)
	if err != nil {
		return nil, err
	}
	full := img.Bounds().Size()
	img = shrink(opaque(img), widths[0])
	var made []Rendition
	for _, w := range widths {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		img = resize(img, w, max(1, (full.Y*w+full.X/2)/full.X))
		for _, f := range formats {
			data, err := encode(f, img)
			if err != nil {
				return nil, fmt.Errorf("picture of %d pixels as %s: %w", w, f, err)
			}
			size := img.Bounds().Size()
			made = append(made, Rendition{Width: size.X, Height: size.Y, Format: f, Data: data})
		}
	}
	return made, nil
}

// resize returns an opaque picture in that size.
func resize(img image.Image, w, h int) image.Image {
	if img.Bounds().Size() == image.Pt(w, h) {
		return img
	}
	out := imaging.Resize(img, w, h, imaging.Lanczos)
	return &image.RGBA{Pix: out.Pix, Stride: out.Stride, Rect: out.Rect}
}

func encode(format string, img image.Image) ([]byte, error) {
	var b bytes.Buffer
	var err error
	if format == "webp" {
		err = encodeWebP(&b, img, qualityOf(img).webp)
	} else {
		err = jpeg.Encode(&b, img, &jpeg.Options{Quality: qualityOf(img).jpeg})
	}
	return b.Bytes(), err
}

// shrink makes a large photograph smaller by a whole factor, but not narrower
// than w, by taking means of squares of pixels in the planes that the decoder
// returned. It is several times quicker than the fine filter over every pixel,
// whose work is left to the last step. Up to a factor's rest of pixels at the
// right and lower edge is lost. Pictures of other kinds are returned as they are.
func shrink(img image.Image, w int) image.Image {
	m, ok := img.(*image.YCbCr)
	factor := img.Bounds().Dx() / w
	if !ok || factor < 2 || img.Bounds().Dy() < factor {
		return img
	}
	size := img.Bounds().Size().Div(factor)
	out := image.NewYCbCr(image.Rectangle{Max: size}, image.YCbCrSubsampleRatio444)
	h, v := sampling(m.SubsampleRatio)
	mean(out.Y, size, m.Y, m.YStride, factor, 1, 1)
	mean(out.Cb, size, m.Cb, m.CStride, factor, h, v)
	mean(out.Cr, size, m.Cr, m.CStride, factor, h, v)
	return out
}

// sampling returns how many pixels share one chroma value across and down.
func sampling(r image.YCbCrSubsampleRatio) (across, down int) {
	switch r {
	case image.YCbCrSubsampleRatio422:
		return 2, 1
	case image.YCbCrSubsampleRatio420:
		return 2, 2
	case image.YCbCrSubsampleRatio440:
		return 1, 2
	case image.YCbCrSubsampleRatio411:
		return 4, 1
	case image.YCbCrSubsampleRatio410:
		return 4, 2
	}
	return 1, 1
}

// mean fills dst, which has that size, with the means of squares of factor by
// factor pixels of a plane in which across by down pixels share a value.
func mean(dst []byte, size image.Point, src []byte, stride, factor, across, down int) {
	for y := range size.Y {
		top, bottom := y*factor/down, ((y+1)*factor-1)/down
		for x := range size.X {
			left, right := x*factor/across, ((x+1)*factor-1)/across
			sum, n := 0, (right-left+1)*(bottom-top+1)
			for row := top; row <= bottom; row++ {
				for _, v := range src[row*stride+left : row*stride+right+1] {
					sum += int(v)
				}
			}
			dst[y*size.X+x] = byte((sum + n/2) / n)
		}
	}
}
