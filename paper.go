package broadside

import (
	"fmt"
	"strings"
	"time"
)

// A Paper is the newspaper's own particulars, kept in its settings.
type Paper struct {
	Name     string // as on the nameplate
	Tagline  string // one line under the name; may be empty
	Lang     string // BCP 47 tag of the interface and of articles that name none
	TimeZone string // IANA name, such as "Europe/London"
	URL      string // public address without a slash at the end, such as "https://paper.example"
	Licence  string // under which articles may be reused; may be empty

	// Nameplate is the master of a picture that stands on the front page in
	// place of the name; empty for the name set in type.
	Nameplate string

	// Colour is the signal colour of kickers, as "#rrggbb"; empty for the red
	// of the theme. See [CheckColour].
	Colour string
}

// Location returns the paper's time zone, or UTC if it has none that is known.
func (p *Paper) Location() *time.Location {
	loc, err := time.LoadLocation(p.TimeZone)
	if err != nil {
		return time.UTC
	}
	return loc
}

// Absolute returns the public address of a path on the paper's site. What is an
// address already stays as it is.
func (p *Paper) Absolute(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") {
		return path
	}
	return strings.TrimSuffix(p.URL, "/") + path
}

// A Section is a part of the paper; each article is in one.
type Section struct {
	Slug        string // first element of the addresses of its articles
	Name        string
	Description string // one line; may be empty
	Position    int    // in the navigation, from 0
}

// A Tag joins articles across sections.
type Tag struct{ Slug, Name string }

// A Person is somebody in a byline. A person need not be a user: pseudonyms
// and guests have no account.
type Person struct {
	ID        string // UUIDv7
	Slug      string // last element of the address /by/{person}/
	Name      string
	Biography string
	Portrait  string // master of a picture, or empty
}

// Path returns the address of the page about the person.
func (p *Person) Path() string { return "/by/" + p.Slug + "/" }

// Path returns the address of the page with the tag's articles.
func (t *Tag) Path() string { return "/tag/" + t.Slug + "/" }

// Path returns the address of the section's page.
func (s *Section) Path() string { return "/" + s.Slug + "/" }

// A Picture is an image, stored once and rendered in many widths. Each use of
// it in a revision carries its own words, so a change here alters no published
// page. The words here are what the desk offers as defaults.
type Picture struct {
	ID            string // random, for the address /media/{picture}/{width}.{ext}
	Master        string // identity: SHA-256 of the stripped, upright master, also its blob's name
	Original      string // blob of the camera's own file, encrypted; empty if it was not kept
	Format        string // of the master: "jpeg" or "png"
	Width, Height int    // of the master, in pixels
	Alt           string
	Caption       string
	Credit        string
	Licence       string
	Colour        string // dominant colour, as "#rrggbb"
	FocalX        int    // point that a crop must keep, in thousandths of the width and
	FocalY        int    // of the height; 500, 500 is the middle
	Created       time.Time
}

// RenditionWidths returns the widths in which the picture is rendered: those of
// [Widths] that are narrower than its master, and the master's own if that is
// no wider than the widest.
func (p *Picture) RenditionWidths() []int {
	var widths []int
	for _, w := range Widths {
		if w >= p.Width {
			return append(widths, p.Width)
		}
		widths = append(widths, w)
	}
	return widths
}

// WidthWithin returns the widest of the picture's renditions that is no wider
// than limit, or the narrowest if all are wider.
func (p *Picture) WidthWithin(limit int) int {
	widths := p.RenditionWidths()
	within := widths[0]
	for _, w := range widths {
		if w <= limit {
			within = w
		}
	}
	return within
}

// Fit returns the size in pixels of the rendition that [Picture.WidthWithin]
// names for a limit.
func (p *Picture) Fit(limit int) (width, height int) {
	width = p.WidthWithin(limit)
	return width, (p.Height*width + p.Width/2) / max(p.Width, 1)
}

// Path returns the address of a rendition on the site. Ext is the ending of its
// format: "jpg" or "webp".
func (p *Picture) Path(width int, ext string) string {
	return fmt.Sprintf("/media/%s/%d.%s", p.ID, width, ext)
}

// A Rendition is a picture in one width and one format.
type Rendition struct {
	Picture string // its ID
	Width   int    // pixels
	Format  string // "jpeg" or "webp"
	Blob    string
	Size    int64 // bytes
}

// Widths lists the widths in which pictures are rendered, in pixels. A picture
// narrower than a width is not enlarged: it is rendered in its own.
var Widths = [...]int{320, 480, 800, 1080, 1620, 2160}

// An Edition is a numbered, dated issue of the paper: articles in order.
type Edition struct {
	ID     string // UUIDv7
	Number int    // unique, from 1
	Date   string // as 2006-01-02
	Lang   string
	Title  string    // may be empty
	Closed time.Time // when its list was closed; zero while it is open
	Items  []EditionItem
}

// An EditionItem is an article's place in an edition.
type EditionItem struct {
	Article string
	Weight  Weight
}

// Path returns the address of the edition's page.
func (e *Edition) Path() string { return fmt.Sprintf("/edition/%d/", e.Number) }

// Weight is how much room an edition gives an article.
type Weight string

const (
	Lead  Weight = "lead"
	Major Weight = "major"
	Minor Weight = "minor"
	Brief Weight = "brief"
)

// A Redirect sends the readers of an old address to a new one. It names either
// an article, wherever that has moved by then, or a path.
type Redirect struct {
	Path    string
	Article string
	Target  string
}

// A Listing is an article as a list of articles shows it.
type Listing struct {
	Article Article
	Summary Summary
	Picture *Picture // of Summary.Picture; nil if the article has none

	// Portrait is that of somebody in the byline of an opinion piece; nil if
	// nobody there has one, and for every other kind.
	Portrait *Picture
}
