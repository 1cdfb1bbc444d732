package picture

import "image"

// turn returns the picture upright. The orientation is that of EXIF, tag 0x0112:
// 1 is upright already, 2 to 8 are the other ways to hold and mirror a sheet.
func turn(img image.Image, orientation int) image.Image {
	if orientation <= 1 || orientation > 8 {
		return img
	}
	to := turned(img.Bounds().Size(), orientation)
	switch m := img.(type) {
	case *image.Gray:
		out := image.NewGray(to)
		turnPlane(out.Pix, m.Pix, m.Stride, m.Rect.Size(), 1, orientation)
		return out
	case *image.Paletted:
		out := image.NewPaletted(to, m.Palette)
		turnPlane(out.Pix, m.Pix, m.Stride, m.Rect.Size(), 1, orientation)
		return out
	case *image.RGBA:
		out := image.NewRGBA(to)
		turnPlane(out.Pix, m.Pix, m.Stride, m.Rect.Size(), 4, orientation)
		return out
	case *image.NRGBA:
		out := image.NewNRGBA(to)
		turnPlane(out.Pix, m.Pix, m.Stride, m.Rect.Size(), 4, orientation)
		return out
	case *image.YCbCr:
		return turnYCbCr(m, to, orientation)
	}
	return turn(redraw(img), orientation)
}

func turned(size image.Point, orientation int) image.Rectangle {
	if orientation >= 5 {
		size.X, size.Y = size.Y, size.X
	}
	return image.Rectangle{Max: size}
}

// turnPlane copies pixels of depth bytes from src, which has that size and
// stride, to dst, which has no gaps between its rows. Each orientation is a
// walk through src: where it starts, and how far the next pixel and the next
// row of dst are.
func turnPlane(dst, src []byte, stride int, size image.Point, depth, orientation int) {
	right, down := (size.X-1)*depth, (size.Y-1)*stride
	var start, column, row int
	switch orientation {
	case 2:
		start, column, row = right, -depth, stride
	case 3:
		start, column, row = down+right, -depth, -stride
	case 4:
		start, column, row = down, depth, -stride
	case 5:
		start, column, row = 0, stride, depth
	case 6:
		start, column, row = down, -stride, depth
	case 7:
		start, column, row = down+right, -stride, -depth
	case 8:
		start, column, row = right, stride, -depth
	}
	to := turned(size, orientation).Max
	i := 0
	for y := range to.Y {
		from := start + y*row
		for range to.X {
			copy(dst[i:i+depth], src[from:from+depth])
			i += depth
			from += column
		}
	}
}

// across is what becomes of a way of sampling chroma when width and height
// change places. The two that image has no opposite for are left out.
var across = map[image.YCbCrSubsampleRatio]image.YCbCrSubsampleRatio{
	image.YCbCrSubsampleRatio444: image.YCbCrSubsampleRatio444,
	image.YCbCrSubsampleRatio420: image.YCbCrSubsampleRatio420,
	image.YCbCrSubsampleRatio422: image.YCbCrSubsampleRatio440,
	image.YCbCrSubsampleRatio440: image.YCbCrSubsampleRatio422,
}

// turnYCbCr turns each plane by itself, which takes a third of the memory that
// the way through RGB would.
func turnYCbCr(m *image.YCbCr, to image.Rectangle, orientation int) image.Image {
	ratio, ok := m.SubsampleRatio, true
	if orientation >= 5 {
		ratio, ok = across[ratio]
	}
	if !ok {
		return turn(redraw(m), orientation)
	}
	out := image.NewYCbCr(to, ratio)
	turnPlane(out.Y, m.Y, m.YStride, m.Rect.Size(), 1, orientation)
	chroma := turned(chromaSize(out), orientation).Max
	turnPlane(out.Cb, m.Cb, m.CStride, chroma, 1, orientation)
	turnPlane(out.Cr, m.Cr, m.CStride, chroma, 1, orientation)
	return out
}

// chromaSize is the size of the chroma planes of a picture without gaps.
func chromaSize(m *image.YCbCr) image.Point {
	return image.Pt(m.CStride, len(m.Cb)/m.CStride)
}
