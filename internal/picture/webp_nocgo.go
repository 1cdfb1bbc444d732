//go:build !cgo

package picture

import (
	"errors"
	"image"
	"io"
)

// hasWebP says whether encodeWebP can encode.
const hasWebP = false

func encodeWebP(io.Writer, image.Image, int) error {
	return errors.ErrUnsupported
}
