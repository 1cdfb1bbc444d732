// Package picture turns a file that somebody uploads into a picture that can be
// printed: it decodes safely, reads the credit and the caption, removes
// everything else that is not the picture, turns it upright, and makes the
// smaller copies that pages show.
//
// It is not for keeping pictures and knows neither database nor blobs. It never
// looks at a file's name: what a file is, its bytes say.
//
// What it promises: no position, serial number, thumbnail or other metadata
// survives in a [Master] or a [Rendition]; a [Studio] is safe for concurrent
// use; the same bytes in give the same bytes out of the same build, so the
// hash of a master can be the picture's identity.
package picture

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"
	"golang.org/x/sync/semaphore"

	"example.org/broadside"
)

const (
	// MaxBytes is the size of the largest file that is read.
	MaxBytes = 40 << 20
	// MaxPixels is the number of pixels of the largest picture that is decoded.
	MaxPixels = 100_000_000
	// MaxSide is the longest side in pixels; WebP knows none longer.
	MaxSide = 16383
)

// bench is the number of pixels that are decoded at one time. A picture that
// has as many or more has the studio to itself; small ones share it.
const bench = 12_000_000

// A Master is a picture ready to be kept: upright, in the colours of sRGB,
// without metadata.
type Master struct {
	Data          []byte
	Format        string // "jpeg" or "png"
	Width, Height int    // pixels
	Colour        string // the dominant one, as "#rrggbb"

	// What the file said in IPTC, XMP or EXIF, as defaults for the person who
	// uploads it. Each may be empty, and none is in Data any more.
	Alt, Caption, Credit, Licence string
}

// A Studio reads and renders pictures, at most one large one at a time, since
// a decoded photograph takes hundreds of megabytes.
type Studio struct{ room *semaphore.Weighted }

// NewStudio returns a studio. A process needs one.
func NewStudio() *Studio {
	return &Studio{semaphore.NewWeighted(bench)}
}

// enter waits until there is room to decode a picture of that size, or until
// ctx ends. The caller leaves when it is done.
func (s *Studio) enter(ctx context.Context, size image.Config) (leave func(), err error) {
	n := int64(min(size.Width*size.Height, bench))
	if err := s.room.Acquire(ctx, n); err != nil {
		return nil, fmt.Errorf("waiting to decode a picture: %w", err)
	}
	return func() { s.room.Release(n) }, nil
}

// Read makes a master of the file in r, which may be JPEG, PNG, GIF (its first
// frame) or WebP. A JPEG that is upright and in ordinary colours keeps its
// compressed data bit for bit; others are encoded anew, as JPEG, or as PNG if
// they have transparency or came as PNG or GIF.
//
// What cannot become a picture gives a [broadside.Invalid] error that says
// why: too many bytes or pixels, cut off, damaged, or something else
// altogether.
func (s *Studio) Read(ctx context.Context, r io.Reader) (*Master, error) {
	data, err := readBounded(r)
	if err != nil {
		return nil, err
	}
	format := Sniff(data)
	size, err := measure(format, data)
	if err != nil {
		return nil, err
	}
	found := readNotes(format, data)
	leave, err := s.enter(ctx, size)
	if err != nil {
		return nil, err
	}
	defer leave()
	m, err := develop(format, data, found.orientation)
	if err != nil {
		return nil, err
	}
	m.Alt, m.Caption, m.Credit, m.Licence = found.alt, found.caption, found.credit, found.licence
	return m, nil
}

func readBounded(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("picture: %w", err)
	}
	if len(data) > MaxBytes {
		return nil, broadside.Errorf(broadside.Invalid, "The picture's file is larger than %d MB. Make it smaller and try again.", MaxBytes>>20)
	}
	return data, nil
}

// A codec decodes one format.
type codec struct {
	name   string
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

// codecOf returns the codec of a format that [Sniff] named. The decoders are
// called by name, since which ones image.Decode knows depends on what else is
// linked in.
func codecOf(format string) (codec, bool) {
	switch format {
	case "jpeg":
		return codec{"JPEG", jpeg.DecodeConfig, jpeg.Decode}, true
	case "png":
		return codec{"PNG", png.DecodeConfig, png.Decode}, true
	case "gif":
		return codec{"GIF", gif.DecodeConfig, gif.Decode}, true
	case "webp":
		return codec{"WebP", webp.DecodeConfig, webp.Decode}, true
	}
	return codec{}, false
}

// measure reads width and height from the head of the file and refuses what
// must not be decoded.
func measure(format string, data []byte) (image.Config, error) {
	c, ok := codecOf(format)
	if !ok {
		return image.Config{}, notAPicture(format, data)
	}
	size, err := c.config(bytes.NewReader(data))
	if err != nil {
		return image.Config{}, damaged(c, err)
	}
	w, h := size.Width, size.Height
	switch {
	case w < 1 || h < 1:
		return image.Config{}, broadside.Errorf(broadside.Invalid, "The picture is damaged: it says that it is %d by %d pixels.", w, h)
	case w > MaxPixels/h:
		return image.Config{}, broadside.Errorf(broadside.Invalid,
			"The picture has %d by %d pixels, %d megapixels; at most %d can be read. Make it smaller and try again.", w, h, w*h/1_000_000, MaxPixels/1_000_000)
	case w > MaxSide || h > MaxSide:
		return image.Config{}, broadside.Errorf(broadside.Invalid,
			"The picture has %d by %d pixels; neither side may be longer than %d. Make it smaller and try again.", w, h, MaxSide)
	}
	return size, nil
}

func damaged(c codec, err error) error {
	return &broadside.Error{Kind: broadside.Invalid, Err: err,
		Public: fmt.Sprintf("The picture is damaged or cut off, or of a rare kind: it begins like a %s file but cannot be read as one. "+
			"Save it anew as an ordinary JPEG or PNG and try again.", c.name)}
}

// develop decodes the file and makes the master of it. The orientation is that
// of EXIF, 1 to 8.
func develop(format string, data []byte, orientation int) (*Master, error) {
	if format == "jpeg" {
		m, err := keepJPEG(data, orientation)
		if m != nil || err != nil {
			return m, err
		}
	}
	img, err := decode(format, data)
	if err != nil {
		return nil, err
	}
	if p := profileOf(format, data); p != nil {
		img = p.toSRGB(img)
	}
	img = turn(img, orientation)
	m := &Master{Width: img.Bounds().Dx(), Height: img.Bounds().Dy(), Colour: dominant(img)}
	m.Format, m.Data, err = encodeMaster(format, img)
	return m, err
}

// decode returns the picture as one of *image.YCbCr, *image.Gray,
// *image.Paletted, *image.RGBA (opaque) or *image.NRGBA, whose bounds begin
// at the origin.
func decode(format string, data []byte) (image.Image, error) {
	c, ok := codecOf(format)
	if !ok {
		return nil, notAPicture(format, data)
	}
	img, err := c.decode(bytes.NewReader(data))
	if err != nil {
		return nil, damaged(c, err)
	}
	if img.Bounds().Empty() {
		return nil, broadside.Errorf(broadside.Invalid, "The picture is damaged: its first frame is empty.")
	}
	if format == "webp" {
		widen(img)
	}
	return plain(img), nil
}

// masterQuality is the quality of a JPEG that had to be encoded anew: high,
// since everything readers see is encoded once more from it.
const masterQuality = 92

func encodeMaster(from string, img image.Image) (format string, data []byte, err error) {
	var b bytes.Buffer
	if _, clear := img.(*image.NRGBA); clear || from == "png" || from == "gif" {
		if err := png.Encode(&b, img); err != nil {
			return "", nil, fmt.Errorf("encoding a PNG: %w", err)
		}
		return "png", b.Bytes(), nil
	}
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: masterQuality}); err != nil {
		return "", nil, fmt.Errorf("encoding a JPEG: %w", err)
	}
	// In the form that keepJPEG gives, so that a master read again is itself.
	j, err := parseJPEG(b.Bytes())
	if err != nil {
		return "", nil, err
	}
	return "jpeg", j.stripped(), nil
}
