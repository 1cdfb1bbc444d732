package document

import (
	"cmp"
	"fmt"
	"html"
	"regexp"
	"strconv"
	"strings"
)

// HTMLOptions says how the parts of a document that live outside it are shown.
// The zero value shows no pictures and files, and speaks English.
type HTMLOptions struct {
	// Image returns how to show a picture in that size ("column", "wide" or
	// "full"). If it is nil or returns false, a figure shows its caption only.
	Image func(u Use, size string) (Image, bool)

	// File returns the address and the media type of a file.
	// If it is nil or returns false, the title stands alone.
	File func(identity string) (url, mime string, ok bool)

	// Link rewrites the address of a link, such as to make it absolute.
	// Nil leaves addresses alone.
	Link func(href string) string

	Words Words

	// Ask, if it is not empty, hides each picture behind these words until
	// somebody asks for it. Until then browsers do not fetch it. A film has no
	// picture then.
	Ask string

	// Bare leaves out classes, for pages that do not have our style sheet.
	Bare bool

	// Describe puts what a picture shows in the place of one that Image does
	// not show.
	Describe bool
}

// An Image is what an img element needs. Webp, Srcset and Sizes may be empty.
type Image struct {
	Src, Srcset, Sizes string
	Webp               string // srcset of the same picture as WebP
	Width, Height      int    // pixels
}

// Words are the words of the interface that stand inside an article's HTML.
// An empty one is English.
type Words struct{ Picture, Notes, BackToText, Table string }

// HTML returns the body as HTML: what [FromHTML] reads back to the same tree,
// within the bounds that [Document.Markdown] names, with classes for the style sheet and no style, script or event of any kind.
// Text and attributes are escaped; a link that [SafeLink] refuses is left out.
func (d *Document) HTML(opt HTMLOptions) string {
	h := &htmlWriter{doc: d, opt: opt}
	if d.Body != nil {
		h.nodes(d.Body)
	}
	h.endnotes()
	if opt.Bare {
		return classes.ReplaceAllString(h.b.String(), "")
	}
	return h.b.String()
}

// classes are the class attributes in HTML that we have written, in which a
// quotation mark stands around attributes only.
var classes = regexp.MustCompile(` class="[^"]*"`)

// CreditHTML returns what a newspaper prints behind a caption, escaped:
// "(Picture: Ana Reyes, CC BY-SA 4.0)", the licence linked to its deed.
// It is empty if there is neither credit nor licence.
func CreditHTML(u Use, w Words) string {
	parts := []string{}
	if u.Credit != "" {
		parts = append(parts, html.EscapeString(u.Credit))
	}
	if u.Licence != "" {
		licence := html.EscapeString(u.Licence)
		if deed := LicenceURL(u.Licence); deed != "" {
			licence = `<a rel="license" href="` + html.EscapeString(deed) + `">` + licence + `</a>`
		}
		parts = append(parts, licence)
	}
	if len(parts) == 0 {
		return ""
	}
	return `<span class="credit">(` + html.EscapeString(cmp.Or(w.Picture, "Picture")) + ": " + strings.Join(parts, ", ") + `)</span>`
}

// CreditText is [CreditHTML] in plain text.
func CreditText(u Use, w Words) string {
	s := u.Credit
	if s != "" && u.Licence != "" {
		s += ", "
	}
	if s += u.Licence; s == "" {
		return ""
	}
	return "(" + cmp.Or(w.Picture, "Picture") + ": " + s + ")"
}

// ImageHTML returns the element that shows a picture, without a frame. Extra
// holds further attributes of the img, already escaped, such as `loading="lazy"`.
func ImageHTML(u Use, img Image, extra string) string {
	var b strings.Builder
	if img.Webp != "" {
		fmt.Fprintf(&b, `<picture><source type="image/webp" srcset="%s"`, html.EscapeString(img.Webp))
		writeAttr(&b, "sizes", img.Sizes)
		b.WriteByte('>')
	}
	fmt.Fprintf(&b, `<img src="%s"`, html.EscapeString(img.Src))
	writeAttr(&b, "srcset", img.Srcset)
	if img.Srcset != "" {
		writeAttr(&b, "sizes", img.Sizes)
	}
	if img.Width > 0 && img.Height > 0 {
		fmt.Fprintf(&b, ` width="%d" height="%d"`, img.Width, img.Height)
	}
	fmt.Fprintf(&b, ` alt="%s"`, html.EscapeString(u.Alt))
	if extra != "" {
		b.WriteString(" " + extra)
	}
	b.WriteByte('>')
	if img.Webp != "" {
		b.WriteString(`</picture>`)
	}
	return b.String()
}

// AskHTML hides the HTML of a picture, which must be loaded lazily, behind words
// that ask for it. Without words it returns the picture as it is.
func AskHTML(u Use, image, words string) string {
	if words == "" {
		return image
	}
	if u.Alt != "" {
		words += ": " + u.Alt
	}
	return `<details class="ask"><summary>` + html.EscapeString(words) + `</summary>` + image + `</details>`
}

type htmlWriter struct {
	b      strings.Builder
	doc    *Document
	opt    HTMLOptions
	before int // the number of the last note in an earlier piece of the same text
	notes  []*Node
}

func (h *htmlWriter) nodes(n *Node) {
	for _, c := range n.Content {
		h.node(c)
	}
}

func (h *htmlWriter) node(n *Node) {
	switch n.Type {
	case Text:
		h.text(n)
	case HardBreak:
		h.b.WriteString("<br>")
	case Footnote:
		h.notes = append(h.notes, n)
		number := h.before + len(h.notes)
		fmt.Fprintf(&h.b, `<sup class="fn" id="fnref-%d"><a href="#fn-%d" role="doc-noteref">%d</a></sup>`, number, number, number)
	case Paragraph:
		h.element("p", n, "dir", n.Attr("dir"))
	case Heading:
		h.element("h"+strconv.Itoa(n.Int("level")), n, "id", n.Attr("id"))
	case BulletList:
		h.element("ul", n)
	case OrderedList:
		start := ""
		if n.Int("start") != 1 {
			start = strconv.Itoa(n.Int("start"))
		}
		h.element("ol", n, "start", start)
	case ListItem:
		h.listItem(n)
	case Blockquote:
		h.element("blockquote", n)
	case QuoteCite:
		h.element("footer", n)
	case Table:
		h.table(n)
	case Divider:
		h.b.WriteString("<hr>\n")
	default:
		h.box(n)
	}
}

// box writes the blocks that stand apart from the running text.
func (h *htmlWriter) box(n *Node) {
	switch n.Type {
	case PullQuote:
		h.b.WriteString(`<aside class="pull"><p>`)
		h.nodes(n)
		h.b.WriteString(`</p>`)
		if a := n.Attr("attribution"); a != "" {
			h.b.WriteString(`<footer>` + html.EscapeString(a) + `</footer>`)
		}
		h.b.WriteString("</aside>\n")
	case Figure:
		h.figure(n)
	case Gallery:
		h.element("div", n, "class", "gallery "+n.Attr("layout"))
	case FactBox:
		h.element("section", n, "class", "box in "+n.Attr("kind"))
	case BoxTitle:
		h.element("h2", n)
	case Timeline:
		h.timeline(n)
	case Embed:
		h.embed(n)
	case Audio, Video, File:
		h.file(n)
	}
}

func (h *htmlWriter) element(tag string, n *Node, attrs ...string) {
	h.b.WriteString("<" + tag)
	for i := 0; i+1 < len(attrs); i += 2 {
		writeAttr(&h.b, attrs[i], attrs[i+1])
	}
	h.b.WriteByte('>')
	h.nodes(n)
	h.b.WriteString("</" + tag + ">\n")
}

func writeAttr(b *strings.Builder, name, value string) {
	if value != "" {
		b.WriteString(" " + name + `="` + html.EscapeString(value) + `"`)
	}
}

// listItem leaves out the paragraph's tags where it is the only one, so that
// short lists are set tight.
func (h *htmlWriter) listItem(n *Node) {
	first := n.Content[0]
	h.b.WriteString("<li>")
	rest := n.Content
	if first.Attr("dir") == "" && (len(n.Content) == 1 || n.Content[1].Type != Paragraph) {
		h.nodes(first)
		rest = n.Content[1:]
	}
	for _, c := range rest {
		h.node(c)
	}
	h.b.WriteString("</li>\n")
}

func (h *htmlWriter) figure(n *Node) {
	u, _ := h.doc.Use(n.Attr("picture"))
	size := n.Attr("size")
	h.b.WriteString(`<figure class="in ` + size + `">`)
	if h.opt.Image != nil {
		img, ok := h.opt.Image(u, size)
		if !ok && h.opt.Describe && u.Alt != "" {
			h.b.WriteString("<p>[" + html.EscapeString(cmp.Or(h.opt.Words.Picture, "Picture")+": "+u.Alt) + "]</p>")
		}
		if ok {
			h.b.WriteString(AskHTML(u, ImageHTML(u, img, `loading="lazy" decoding="async"`), h.opt.Ask))
		}
	}
	credit := CreditHTML(u, h.opt.Words)
	if caption := n.Content[0]; len(caption.Content) > 0 || credit != "" {
		h.b.WriteString("<figcaption>")
		h.nodes(caption)
		if len(caption.Content) > 0 && credit != "" {
			h.b.WriteByte(' ')
		}
		h.b.WriteString(credit + "</figcaption>")
	}
	h.b.WriteString("</figure>\n")
}

func (h *htmlWriter) timeline(n *Node) {
	h.b.WriteString(`<section class="box tl in">`)
	h.node(n.Content[0])
	h.b.WriteString("<ol>\n")
	for _, event := range n.Content[1:] {
		date := event.Attr("date")
		fmt.Fprintf(&h.b, `<li><time datetime="%s">%s</time><div>`, html.EscapeString(date), html.EscapeString(cmp.Or(event.Attr("label"), date)))
		h.nodes(event)
		h.b.WriteString("</div></li>\n")
	}
	h.b.WriteString("</ol></section>\n")
}

func (h *htmlWriter) table(n *Node) {
	caption, head := n.Attr("caption"), n.Attr("head")
	// A table wider than a phone scrolls in its own frame, which a keyboard must reach.
	fmt.Fprintf(&h.b, `<div class="table" role="region" tabindex="0" aria-label="%s"><table>`, html.EscapeString(cmp.Or(caption, h.opt.Words.Table, "Table")))
	if caption != "" {
		h.b.WriteString("<caption>" + html.EscapeString(caption) + "</caption>")
	}
	rows := n.Content
	if head == "row" || head == "both" {
		h.b.WriteString("<thead>")
		h.row(rows[0], "col", head == "both")
		h.b.WriteString("</thead>")
		rows = rows[1:]
	}
	h.b.WriteString("<tbody>\n")
	for _, row := range rows {
		h.row(row, "", head == "column" || head == "both")
	}
	h.b.WriteString("</tbody></table></div>\n")
}

func (h *htmlWriter) row(n *Node, scope string, firstIsHead bool) {
	h.b.WriteString("<tr>")
	for i, cell := range n.Content {
		tag, scope := "td", scope
		if i == 0 && firstIsHead && scope == "" {
			scope = "row"
		}
		if scope != "" {
			tag = "th"
		}
		h.b.WriteString("<" + tag)
		writeAttr(&h.b, "scope", scope)
		h.b.WriteByte('>')
		h.nodes(cell)
		h.b.WriteString("</" + tag + ">")
	}
	h.b.WriteString("</tr>\n")
}

func (h *htmlWriter) embed(n *Node) {
	url, title := n.Attr("url"), cmp.Or(n.Attr("title"), n.Attr("url"))
	h.b.WriteString(`<p class="embed">`)
	if SafeLink(url) {
		h.b.WriteString(`<a href="` + html.EscapeString(url) + `" rel="noopener">` + html.EscapeString(title) + `</a>`)
	} else {
		h.b.WriteString(html.EscapeString(title))
	}
	if p := n.Attr("provider"); p != "" {
		h.b.WriteString(` <span>` + html.EscapeString(p) + `</span>`)
	}
	h.b.WriteString("</p>\n")
}

func (h *htmlWriter) file(n *Node) {
	title := html.EscapeString(n.Attr("title"))
	var url, mime string
	ok := h.opt.File != nil
	if ok {
		url, mime, ok = h.opt.File(n.Attr("file"))
	}
	url, mime = html.EscapeString(url), html.EscapeString(mime)
	if n.Type == File {
		if ok {
			if mime != "" {
				mime = ` type="` + mime + `"`
			}
			title = `<a href="` + url + `"` + mime + ` download>` + title + `</a>`
		}
		h.b.WriteString(`<p class="file">` + title + "</p>\n")
		return
	}
	tag := string(n.Type)
	h.b.WriteString(`<figure class="in media">`)
	if ok {
		h.b.WriteString(`<` + tag + ` controls preload="none" src="` + url + `"`)
		if poster, known := h.doc.Use(n.Attr("poster")); known && h.opt.Image != nil && h.opt.Ask == "" {
			if img, ok := h.opt.Image(poster, "column"); ok {
				writeAttr(&h.b, "poster", img.Src)
			}
		}
		h.b.WriteString(`></` + tag + `>`)
	}
	h.b.WriteString(`<figcaption>` + title + "</figcaption></figure>\n")
}

func (h *htmlWriter) text(n *Node) {
	var closing []string
	for _, m := range n.Marks {
		open, end := h.mark(m)
		h.b.WriteString(open)
		closing = append(closing, end)
	}
	h.b.WriteString(html.EscapeString(n.Text))
	for i := len(closing) - 1; i >= 0; i-- {
		h.b.WriteString(closing[i])
	}
}

var markTags = map[MarkType]string{Strong: "strong", Em: "em", Strike: "s", Sub: "sub", Sup: "sup", Code: "code"}

func (h *htmlWriter) mark(m Mark) (open, end string) {
	switch m.Type {
	case Link:
		href := m.Attr("href")
		if !SafeLink(href) {
			return "", ""
		}
		if h.opt.Link != nil {
			href = h.opt.Link(href)
		}
		return `<a href="` + html.EscapeString(href) + `">`, "</a>"
	case Lang:
		open = `<span lang="` + html.EscapeString(m.Attr("lang")) + `"`
		if dir := m.Attr("dir"); dir != "" {
			open += ` dir="` + dir + `"`
		}
		return open + ">", "</span>"
	}
	tag := markTags[m.Type]
	return "<" + tag + ">", "</" + tag + ">"
}

func (h *htmlWriter) endnotes() {
	if len(h.notes) == 0 {
		return
	}
	title := html.EscapeString(cmp.Or(h.opt.Words.Notes, "Notes"))
	back := html.EscapeString(cmp.Or(h.opt.Words.BackToText, "Back to the text"))
	h.b.WriteString(`<section class="notes" role="doc-endnotes"><h2>` + title + "</h2><ol>\n")
	for i, n := range h.notes {
		number := h.before + i + 1
		fmt.Fprintf(&h.b, `<li id="fn-%d">`, number)
		h.nodes(n)
		fmt.Fprintf(&h.b, ` <a href="#fnref-%d" role="doc-backlink" aria-label="%s">↩</a></li>`+"\n", number, back)
	}
	h.b.WriteString("</ol></section>\n")
}
