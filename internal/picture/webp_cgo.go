//go:build cgo

package picture

import (
	"image"
	"io"

	"github.com/bep/gowebp/libwebp"
	"github.com/bep/gowebp/libwebp/webpoptions"
)

// hasWebP says whether encodeWebP can encode.
const hasWebP = true

func encodeWebP(w io.Writer, img image.Image, quality int) error {
	return libwebp.Encode(w, img, webpoptions.EncodingOptions{
		Quality:        quality,
		EncodingPreset: webpoptions.EncodingPresetPhoto,
	})
}
