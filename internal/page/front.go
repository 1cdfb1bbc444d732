package page

import (
	"html/template"
	"slices"

	"example.org/broadside"
	"example.org/broadside/internal/document"
)

// Front is the data of the front page.
type Front struct {
	Base

	// Listings are those of the editor's choice in their order, then all others,
	// the newest first. The layout takes as many as it has room for.
	Listings []broadside.Listing
}

// How many articles each part of the front page holds.
const (
	secondSize = 3
	underSize  = 2
	latestSize = 8
	blockSize  = 4
	cardsSize  = 6

	longRead = 1500 // words, from which a story with a picture may be the feature
)

// An arrangement is who stands where on the front page.
type arrangement struct {
	lead    *broadside.Listing
	under   []broadside.Listing // below the lead
	second  []broadside.Listing // beside it
	latest  []broadside.Listing // a list of headlines with their hours
	feature *broadside.Listing  // one long read, white on black
	blocks  []arrangedBlock     // a section each, in the order of the navigation
	more    []broadside.Listing // of sections with too little for a block
}

type arrangedBlock struct {
	section  broadside.Section
	listings []broadside.Listing
	opinion  bool // most are opinion pieces, which are shown by their writers
}

// arrange fills the front page from one list: the first story leads, the next
// ones stand below it, if there are enough, and beside it. The headlines of the
// latest list come again, with pictures, in the block of their section below;
// nothing else is shown twice.
func arrange(listings []broadside.Listing, sections []broadside.Section) arrangement {
	var a arrangement
	if len(listings) == 0 {
		return a
	}
	a.lead = &listings[0]
	rest := listings[1:]
	second := min(len(rest), secondSize)
	a.second, rest = rest[:second], rest[second:]
	if len(rest) >= underSize+blockSize/2 {
		a.under, rest = rest[:underSize], rest[underSize:]
	}
	a.latest = newest(rest, latestSize)

	below := slices.Clone(rest)
	if i := slices.IndexFunc(below, isFeature); i >= 0 && len(rest) > blockSize {
		feature := below[i]
		a.feature = &feature
		below = slices.Delete(below, i, i+1)
	}
	a.blocks, a.more = sortIntoBlocks(below, sections)
	return a
}

// newest returns the newest of the listings, which may be in another order.
func newest(listings []broadside.Listing, limit int) []broadside.Listing {
	sorted := slices.Clone(listings)
	slices.SortStableFunc(sorted, func(a, b broadside.Listing) int { return b.Article.Published.Compare(a.Article.Published) })
	return sorted[:min(len(sorted), limit)]
}

func isFeature(l broadside.Listing) bool {
	return l.Picture != nil && l.Summary.Words >= longRead && l.Picture.Width >= shown
}

func sortIntoBlocks(listings []broadside.Listing, sections []broadside.Section) (blocks []arrangedBlock, more []broadside.Listing) {
	inBlock := map[string]bool{}
	for _, s := range sections {
		var own []broadside.Listing
		for _, l := range listings {
			if l.Article.Section == s.Slug && len(own) < blockSize {
				own = append(own, l)
			}
		}
		if len(own) >= 2 {
			blocks = append(blocks, newBlock(s, own))
			inBlock[s.Slug] = true
		}
	}
	for _, l := range listings {
		if !inBlock[l.Article.Section] && len(more) < cardsSize {
			more = append(more, l)
		}
	}
	return blocks, more
}

// newBlock is one of opinion pieces if most of the listings are: they come first,
// and what else there is, such as a letter, after them.
func newBlock(s broadside.Section, own []broadside.Listing) arrangedBlock {
	var opinions, others []broadside.Listing
	for _, l := range own {
		if l.Summary.Kind == "opinion" {
			opinions = append(opinions, l)
		} else {
			others = append(others, l)
		}
	}
	if len(opinions) > len(others) {
		return arrangedBlock{s, append(opinions, others...), true}
	}
	return arrangedBlock{s, own, false}
}

// frontView is the data of templates/front.html.
type frontView struct {
	frame
	Stories string // "12 stories today"
	Columns string // class of the grid
	Lead    *teaser
	Second  []teaser
	Under   []teaser
	Latest  []teaser
	Rows    string // class of the latest list
	Feature *teaser
	Blocks  []block
	More    []teaser
}

// A block is a section on the front page: one story large and up to three
// small, or two side by side.
type block struct {
	ID, Name, Path string
	Attr           template.HTMLAttr // of the name
	Big            teaser
	Three          []teaser
	Opinions       []teaser // instead of Big and Three
}

// Front writes the front page.
func (p *Pages) Front(d Front) (*Sheet, error) {
	v := frontView{frame: p.frame(&d.Base, "", "", meta{Description: d.Paper.Tagline, Path: "/"})}
	v.Home = true
	v.Skip = v.SkipToNews
	v.LitePath = LitePath("/")
	v.plate(&d.Base)
	v.Meta.Alternates = d.languages()
	t := newTeller(&v.frame, &d.Base)
	v.fill(t, arrange(d.Listings, d.Sections))

	today := 0
	for _, l := range d.Listings {
		if t.today(l.Article.Published) {
			today++
		}
	}
	if today > 0 {
		v.Stories = v.Count(v.StoriesToday, today)
	}
	if d.Edition != nil {
		v.Stories = ""
	}
	return p.sheet("front.html", &d.Base, &v)
}

// plate shows the nameplate as a picture, where the paper has one.
func (v *frontView) plate(b *Base) {
	if b.Plate == nil || b.Sparing {
		return
	}
	img := image(b.Plate, sizesPlate, b.WebP)
	v.Picture = template.HTML(document.ImageHTML(document.Use{Alt: b.Paper.Name}, img, atOnce))
}

// languages are the front pages in the languages that there are.
func (b *Base) languages() []alternate {
	if b.Paper.URL == "" || len(b.Languages) == 0 {
		return nil
	}
	all := []alternate{{b.Paper.Lang, b.Paper.Absolute("/")}}
	for _, lang := range b.Languages {
		all = append(all, alternate{lang, b.Paper.Absolute(LangPath(lang))})
	}
	return all
}

func (v *frontView) fill(t *teller, a arrangement) {
	if a.lead == nil {
		return
	}
	lead := t.tell(*a.lead, sizesLead, atOnce)
	v.Lead = &lead
	v.Columns = [...]string{"f1", "f2", "f3"}[min(len(a.second), 1)+min(len(a.latest), 1)]

	pictured := false // one picture is enough in a narrow column
	for _, l := range a.second {
		sizes := sizesSecond
		if pictured {
			sizes = ""
		}
		pictured = pictured || l.Picture != nil
		v.Second = append(v.Second, t.tell(l, sizes, lazily))
	}
	v.Under = t.all(a.under, "")
	v.latest(t, a.latest)
	if a.feature != nil {
		s := t.tell(*a.feature, sizesHalf, lazily)
		if s.Label == "" {
			s.Label = t.Say(t.LongRead)
		}
		v.Feature = &s
	}
	for _, b := range a.blocks {
		v.Blocks = append(v.Blocks, t.block(b))
	}
	v.More = t.all(a.more, sizesSecond)
}

// latest makes room for days where not all hours are of today, and lets a long
// list fill its column.
func (v *frontView) latest(t *teller, ls []broadside.Listing) {
	for _, l := range ls {
		s := t.tell(l, "", "")
		s.When = t.hour(l.Article.Published)
		v.Latest = append(v.Latest, s)
		if !t.today(l.Article.Published) {
			v.Rows = "days"
		}
	}
	if len(ls) > latestSize/2 {
		v.Rows += " tall"
	}
}

// block leaves out the name of the section from the stories under it.
func (t *teller) block(b arrangedBlock) block {
	out := block{ID: "s-" + b.section.Slug, Name: b.section.Name, Path: b.section.Path()}
	if b.opinion {
		out.Opinions = t.opinions(b.listings)
		return out
	}
	listings := pictureFirst(b.listings)
	out.Big = t.tell(listings[0], sizesBig, lazily)
	sizes := sizesThumb
	if len(listings) == 2 {
		sizes = sizesPair
	}
	out.Three = t.all(listings[1:], sizes)
	out.Big.Section = ""
	for i := range out.Three {
		out.Three[i].Section = ""
	}
	return out
}

// pictureFirst puts the first story with a picture before the others: the large
// place is made for one.
func pictureFirst(ls []broadside.Listing) []broadside.Listing {
	i := slices.IndexFunc(ls, func(l broadside.Listing) bool { return l.Picture != nil && l.Picture.Width >= broadside.Widths[2] })
	if i <= 0 {
		return ls
	}
	return slices.Concat(ls[i:i+1], ls[:i], ls[i+1:])
}

// opinions are shown by who wrote them.
func (t *teller) opinions(ls []broadside.Listing) []teaser {
	out := t.all(ls, "")
	for i, l := range ls {
		out[i].Section, out[i].Label, out[i].Length = "", "", ""
		if l.Portrait != nil && !t.sparing {
			out[i].Picture = thumbnail(l.Portrait, sizesPortrait, lazily, t.webp)
		}
	}
	return out
}
