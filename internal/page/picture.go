package page

import (
	"fmt"
	"html/template"
	"slices"
	"strings"

	"example.org/broadside"
	"example.org/broadside/internal/document"
)

// Sizes says how wide a picture is shown, for the browser to choose a file by.
const (
	sizesHero   = "(min-width: 78rem) 74rem, 100vw"
	sizesLead   = "(min-width: 62rem) 40rem, 100vw"
	sizesBig    = "(min-width: 62rem) 43rem, 100vw"
	sizesSecond = "(min-width: 62rem) 18rem, (min-width: 40rem) 33vw, 100vw"
	sizesPair   = "(min-width: 62rem) 31rem, 100vw"
	sizesThumb  = "(min-width: 40rem) 15rem, 6rem"
	sizesHalf   = "(min-width: 62rem) 56vw, 100vw"
	sizesColumn = "(min-width: 40rem) 36.5rem, 100vw"
	sizesWide   = "(min-width: 62rem) 48rem, (min-width: 40rem) 36.5rem, 100vw"
	sizesFull   = "(min-width: 62rem) 58rem, 100vw"
	sizesPlate  = "(min-width: 78rem) 74rem, 100vw"

	sizesPortrait = "6rem"
)

// shown is the width of the file that a browser takes which cannot choose.
const shown = 1080

// widest is the widest file that a picture shown in that size can be of use in,
// on a screen of three pixels to the inch's one, for those sizes that are small.
var widest = map[string]int{sizesThumb: 800, sizesPortrait: 320, sizesSecond: 1080}

// image returns the files of a picture, in every width that is of use.
func image(pic *broadside.Picture, sizes string, webp bool) document.Image {
	widths := pic.RenditionWidths()
	if limit, ok := widest[sizes]; ok {
		widths = slices.DeleteFunc(widths, func(w int) bool { return w > max(limit, widths[0]) })
	}
	img := document.Image{
		Src: pic.Path(min(pic.WidthWithin(shown), widths[len(widths)-1]), "jpg"), Srcset: srcset(pic, widths, "jpg"), Sizes: sizes,
		Width: pic.Width, Height: pic.Height,
	}
	if webp {
		img.Webp = srcset(pic, widths, "webp")
	}
	return img
}

func srcset(pic *broadside.Picture, widths []int, ext string) string {
	var set []string
	for _, w := range widths {
		set = append(set, fmt.Sprintf("%s %dw", pic.Path(w, ext), w))
	}
	return strings.Join(set, ", ")
}

// focus returns the classes that keep the focal point of a cropped picture in
// sight, or "" for the middle.
func focus(x, y int) string {
	var classes []string
	for _, axis := range []struct {
		name        string
		thousandths int
	}{{"x", x}, {"y", y}} {
		if tenth := (min(max(axis.thousandths, 0), 1000) + 50) / 100; tenth != 5 {
			classes = append(classes, fmt.Sprintf("%s%d", axis.name, tenth))
		}
	}
	return strings.Join(classes, " ")
}

// thumbnail shows the picture of a listing. It is an ornament of the headline
// beside it, so it has no text of its own. Further attributes come in extra.
func thumbnail(pic *broadside.Picture, sizes, extra string, webp bool) template.HTML {
	if c := focus(pic.FocalX, pic.FocalY); c != "" {
		extra = `class="` + c + `" ` + extra
	}
	return template.HTML(document.ImageHTML(document.Use{}, image(pic, sizes, webp), extra))
}

const (
	lazily = `loading="lazy" decoding="async"`
	atOnce = `fetchpriority="high"`
)

// words are the words of the interface as package document takes them.
func (v voice) words() document.Words {
	return document.Words{Picture: v.Body.Picture, Notes: v.Body.Notes, BackToText: v.Body.BackToText, Table: v.Body.Table}
}
