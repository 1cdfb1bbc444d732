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

// webpQuality looks like renditionQuality of JPEG in fewer bytes.
const webpQuality = 76

func encodeWebP(w io.Writer, img image.Image) error {
	return libwebp.Encode(w, img, webpoptions.EncodingOptions{
		Quality:        webpQuality,
		EncodingPreset: webpoptions.EncodingPresetPhoto,
	})
}
