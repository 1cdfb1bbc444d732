package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"math"
	"math/rand/v2"

	"example.org/broadside"
	"example.org/broadside/internal/picture"
)

// photograph renders a large photograph in every width, as a job does after an
// upload. The reference decodes it once, which nobody can do without.
func photograph(ctx context.Context, _ *ground) ([]row, error) {
	file, err := newPhotograph()
	if err != nil {
		return nil, err
	}
	var took, decode spread
	var peak, decodePeak float64
	studio := picture.NewStudio()
	render := func() error {
		made, err := studio.Render(ctx, file, broadside.Widths[:], []string{"jpeg"})
		if err == nil && len(made) != len(broadside.Widths) {
			err = fmt.Errorf("%d renditions were made", len(made))
		}
		return err
	}
	onlyDecode := func() error {
		_, err := jpeg.Decode(bytes.NewReader(file))
		return err
	}
	for range 3 {
		if err := errors.Join(weigh(&took, &peak, render), weigh(&decode, &decodePeak, onlyDecode)); err != nil {
			return nil, err
		}
	}
	what := fmt.Sprintf("Photograph, 24 megapixels, %s MB, in six JPEG widths", digits(float64(len(file))/1e6))
	return []row{
		{what + ": CPU", "≤ 3 s", took.span("ms"), "image/jpeg decodes it once: " + decode.span("ms"), took.median() / decode.median()},
		{what + ": peak memory", "≤ 200 MB", digits(peak) + " MB, of the whole process", "the same: " + digits(decodePeak) + " MB", peak / decodePeak},
	}, nil
}

// weigh adds the processor time of f to took, and raises peak to the most
// memory that this process had meanwhile.
func weigh(took *spread, peak *float64, f func() error) error {
	if err := forgetPeak(); err != nil {
		return err
	}
	cost, err := costOf(here, f)
	if err != nil {
		return err
	}
	took.add(cost)
	_, high, err := resident("self")
	*peak = max(*peak, high)
	return err
}

// newPhotograph returns a JPEG of 6000 by 4000 pixels, of slow waves and the
// noise of a sensor, as large as a camera writes it.
func newPhotograph() ([]byte, error) {
	img := image.NewYCbCr(image.Rect(0, 0, 6000, 4000), image.YCbCrSubsampleRatio420)
	noise := rand.New(rand.NewPCG(24, 6))
	plane(img.Y, img.YStride, 700, noise)
	plane(img.Cb, img.CStride, 900, noise)
	plane(img.Cr, img.CStride, 500, noise)
	var b bytes.Buffer
	err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 88})
	return b.Bytes(), err
}

// plane fills a plane with waves of about that many pixels.
func plane(pix []byte, stride int, wave float64, noise *rand.Rand) {
	across := make([]int, stride)
	for x := range across {
		across[x] = int(128 + 60*math.Sin(float64(x)/wave*2*math.Pi))
	}
	for y := range len(pix) / stride {
		down := int(40 * math.Sin(float64(y)/wave*3))
		var bits uint64
		for x := range stride {
			if x%16 == 0 {
				bits = noise.Uint64()
			}
			pix[y*stride+x] = byte(across[x] + down + 3*int(bits&7))
			bits >>= 4
		}
	}
}
