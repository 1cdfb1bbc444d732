package broadside_test

import (
	"image/color"
	"math"
	"testing"

	"example.org/broadside"
)

func TestContrast(t *testing.T) {
	white, black := color.RGBA{255, 255, 255, 255}, color.RGBA{0, 0, 0, 255}
	for _, tt := range []struct {
		a, b color.RGBA
		want float64
	}{{white, black, 21}, {black, white, 21}, {white, white, 1}, {color.RGBA{0x76, 0x76, 0x76, 255}, white, 4.54}} {
		if got := broadside.Contrast(tt.a, tt.b); math.Abs(got-tt.want) > 0.01 {
			t.Errorf("Contrast(%v, %v) = %.2f, want %.2f", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestAColourMustBeLegible(t *testing.T) {
	for _, good := range []string{"#b8142b", "#005a9c", "#000000", "#0b6E4F"} {
		if err := broadside.CheckColour(good); err != nil {
			t.Errorf("CheckColour(%q) = %v", good, err)
		}
		c, _ := broadside.ParseColour(good)
		night := broadside.NightColour(c)
		if got := broadside.Contrast(night, color.RGBA{0x11, 0x13, 0x15, 0xff}); got < 4.5 {
			t.Errorf("%q is %v by night, which has a contrast of %.2f", good, night, got)
		}
	}
	for _, bad := range []string{"", "red", "#fff", "#ffffff", "#ffdd00", "#12345g", "b8142b0", "#b8142b00"} {
		if err := broadside.CheckColour(bad); broadside.KindOf(err) != broadside.Invalid {
			t.Errorf("CheckColour(%q) = %v, want an invalid error", bad, err)
		}
	}
}
