package broadside

import (
	"image/color"
	"math"
	"strconv"
)

// The grounds on which the signal colour stands: paper by day and by night.
var (
	dayGround   = color.RGBA{0xff, 0xff, 0xff, 0xff}
	nightGround = color.RGBA{0x11, 0x13, 0x15, 0xff}
)

// legible is the least contrast of text with its ground: WCAG 2.2, success
// criterion 1.4.3.
const legible = 4.5

// CheckColour returns an [Invalid] error if s is no colour written as
// "#rrggbb", or one that could not be read on white paper. By night a lighter
// one of the same hue takes its place: see [NightColour].
func CheckColour(s string) error {
	c, err := ParseColour(s)
	if err != nil {
		return err
	}
	if got := Contrast(c, dayGround); got < legible {
		return Errorf(Invalid, "The colour %s cannot be read on white paper: its contrast is %.1f, and text needs %.1f. Choose a darker one.", s, got, legible)
	}
	return nil
}

// ParseColour reads a colour written as "#rrggbb".
func ParseColour(s string) (color.RGBA, error) {
	if len(s) == 7 && s[0] == '#' {
		if n, err := strconv.ParseUint(s[1:], 16, 32); err == nil {
			return color.RGBA{byte(n >> 16), byte(n >> 8), byte(n), 0xff}, nil
		}
	}
	return color.RGBA{}, Errorf(Invalid, "%q is no colour: write it as # and six digits from 0 to f, such as #b8142b.", s)
}

// NightColour returns the colour, mixed with as little white as makes it
// legible on dark paper.
func NightColour(c color.RGBA) color.RGBA {
	for white := 0; ; white++ {
		mixed := color.RGBA{mix(c.R, white), mix(c.G, white), mix(c.B, white), 0xff}
		if white == 100 || Contrast(mixed, nightGround) >= legible+1 {
			return mixed
		}
	}
}

// mix returns a channel mixed with that many hundredths of white.
func mix(channel byte, white int) byte {
	return byte((int(channel)*(100-white) + 255*white + 50) / 100)
}

// Contrast returns the contrast of two colours, from 1 to 21, as WCAG 2.2
// defines it.
func Contrast(a, b color.RGBA) float64 {
	light, dark := luminance(a), luminance(b)
	return (max(light, dark) + 0.05) / (min(light, dark) + 0.05)
}

// luminance is the relative luminance of WCAG 2.2.
func luminance(c color.RGBA) float64 {
	linear := func(channel byte) float64 {
		v := float64(channel) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}
