package document

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"example.org/broadside"
)

func (p *htmlReader) picture(n, img *html.Node, size string) []*Node {
	src := value(img, "src")
	if p.opt.Picture == nil {
		p.fail(broadside.Errorf(broadside.Invalid, "The picture %q cannot be taken in here.", src))
		return nil
	}
	id, err := p.opt.Picture(src, value(img, "alt"))
	if err != nil {
		p.fail(err)
		return nil
	}
	caption := &Node{Type: FigureCaption}
	if c := find(n, "figcaption"); c != nil {
		caption.Content = p.plainInlines(c)
	} else if title := value(img, "title"); title != "" {
		caption.Content = []*Node{{Type: Text, Text: title}}
	}
	return one(&Node{Type: Figure, Attrs: attrsOf("picture", id, "size", size), Content: one(caption)})
}

// figure reads a picture with its caption, or whatever else the page has put
// into a figure: a table, a film, a quotation.
func (p *htmlReader) figure(n *html.Node) []*Node {
	for _, tag := range []string{"audio", "video"} {
		if media := find(n, tag); media != nil {
			return p.media(n, media)
		}
	}
	img := find(n, "img")
	if img == nil {
		return p.blocks(n)
	}
	size := "column"
	for _, s := range []string{"wide", "full"} {
		if hasClass(n, s) {
			size = s
		}
	}
	return p.picture(n, img, size)
}

func (p *htmlReader) media(n, media *html.Node) []*Node {
	src := value(media, "src")
	if source := find(media, "source"); src == "" && source != nil {
		src = value(source, "src")
	}
	id, ok := p.file(src)
	if !ok {
		return nil
	}
	title := value(media, "title")
	if c := find(n, "figcaption"); c != nil {
		title = innerText(p.plainInlines(c))
	}
	node := &Node{Type: Type(media.Data), Attrs: attrsOf("file", id, "title", title)}
	return one(node)
}

func (p *htmlReader) file(src string) (id string, ok bool) {
	if p.opt.File == nil {
		p.fail(broadside.Errorf(broadside.Invalid, "The file %q cannot be taken in here.", src))
		return "", false
	}
	id, err := p.opt.File(src)
	if err != nil {
		p.fail(err)
	}
	return id, err == nil
}

// innerText returns the text of inline nodes.
func innerText(inline []*Node) string {
	return strings.TrimSpace((&Node{Content: inline}).Inner())
}

func (p *htmlReader) fileCard(n *html.Node) []*Node {
	a := find(n, "a")
	if a == nil {
		return one(&Node{Type: Paragraph, Content: p.inlines(n, nil)})
	}
	id, ok := p.file(value(a, "href"))
	if !ok {
		return nil
	}
	return one(&Node{Type: File, Attrs: attrsOf("file", id, "title", innerText(p.inlines(a, nil)))})
}

func (p *htmlReader) embed(n *html.Node) []*Node {
	a := find(n, "a")
	if a == nil {
		return one(&Node{Type: Paragraph, Content: p.inlines(n, nil)})
	}
	address := value(a, "href")
	provider := ""
	if s := find(n, "span"); s != nil {
		provider = innerText(p.inlines(s, nil))
	} else if u, err := url.Parse(address); err == nil {
		provider = strings.TrimPrefix(u.Hostname(), "www.")
	}
	title := innerText(p.inlines(a, nil))
	if title == address {
		title = ""
	}
	return one(&Node{Type: Embed, Attrs: attrsOf("url", address, "provider", provider, "title", title)})
}

func (p *htmlReader) pullQuote(n *html.Node) []*Node {
	quote := &Node{Type: PullQuote}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Data == "footer" || c.Data == "cite" {
			quote.Attrs = attrsOf("attribution", innerText(p.plainInlines(c)))
			continue
		}
		quote.Content = append(quote.Content, p.plainInlines(c)...)
	}
	keepMarks(quote.Content, Em, Lang)
	trimSpace(quote)
	return one(quote)
}

func (p *htmlReader) gallery(n *html.Node) []*Node {
	g := &Node{Type: Gallery, Attrs: attrsOf("layout", "grid")}
	if hasClass(n, "row") {
		g.Attrs = attrsOf("layout", "row")
	}
	for _, b := range p.blocks(n) {
		if b.Type != Figure {
			p.fail(broadside.Errorf(broadside.Invalid, "A gallery holds pictures only, not a %s.", strings.ReplaceAll(string(b.Type), "_", " ")))
			return nil
		}
		g.Content = append(g.Content, b)
	}
	if len(g.Content) == 1 {
		return g.Content
	}
	if len(g.Content) == 0 {
		return nil
	}
	return one(g)
}

func (p *htmlReader) factBox(n *html.Node) []*Node {
	box := &Node{Type: FactBox, Attrs: attrsOf("kind", "fact")}
	for _, kind := range []string{"background", "profile"} {
		if hasClass(n, kind) {
			box.Attrs = attrsOf("kind", kind)
		}
	}
	title, rest := p.titled(n)
	box.Content = one(title)
	for _, b := range rest {
		switch b.Type {
		case Heading:
			box.Content = append(box.Content, &Node{Type: Paragraph, Content: b.Content})
		case Paragraph, BulletList, OrderedList, Blockquote:
			box.Content = append(box.Content, b)
		default:
			p.fail(broadside.Errorf(broadside.Invalid, "A fact box holds paragraphs, lists and quotations, not a %s.", strings.ReplaceAll(string(b.Type), "_", " ")))
		}
	}
	if len(box.Content) == 1 {
		box.Content = append(box.Content, &Node{Type: Paragraph})
	}
	return one(box)
}

// titled reads the blocks of a box; the heading that begins it is its title.
func (p *htmlReader) titled(n *html.Node) (title *Node, rest []*Node) {
	rest = p.blocks(n)
	title = &Node{Type: BoxTitle}
	if len(rest) > 0 && rest[0].Type == Heading {
		title.Content = rest[0].Content
		keepMarks(title.Content)
		rest = rest[1:]
	}
	return title, rest
}

// timeline reads each item of its list as an event: a time element with the
// date, then the text.
func (p *htmlReader) timeline(n *html.Node) []*Node {
	line := &Node{Type: Timeline, Content: []*Node{{Type: BoxTitle}}}
	descend(n, func(c *html.Node) {
		switch {
		case c.Data == "h2" || c.Data == "h3":
			line.Content[0].Content = p.plainInlines(c)
			keepMarks(line.Content[0].Content)
		case c.Data == "li":
			line.Content = append(line.Content, p.event(c))
		}
	})
	if len(line.Content) == 1 {
		p.fail(broadside.Errorf(broadside.Invalid, "A timeline needs a list of events, each with a time element."))
		return nil
	}
	return one(line)
}

func (p *htmlReader) event(li *html.Node) *Node {
	event := &Node{Type: TimelineEvent}
	if t := find(li, "time"); t != nil {
		label, date := innerText(p.inlines(t, nil)), value(t, "datetime")
		if date == "" {
			date = label
		}
		if label == date {
			label = ""
		}
		event.Attrs = attrsOf("date", date, "label", label)
		t.Parent.RemoveChild(t)
	}
	for _, b := range p.blocks(li) {
		if b.Type == Paragraph {
			event.Content = append(event.Content, b)
		}
	}
	if len(event.Content) == 0 {
		event.Content = one(&Node{Type: Paragraph})
	}
	return event
}

func (p *htmlReader) table(n *html.Node) []*Node {
	table := &Node{Type: Table, Attrs: attrsOf("head", "none")}
	width, rowHeads, columnHeads := 0, 0, 0
	descend(n, func(c *html.Node) {
		switch c.Data {
		case "caption":
			table.Attrs["caption"] = innerText(p.plainInlines(c))
		case "tr":
			row, heads := p.tableRow(c)
			if len(row.Content) == 0 {
				return
			}
			if len(table.Content) == 0 && heads == len(row.Content) {
				columnHeads++
			} else if heads > 0 {
				rowHeads++
			}
			width = max(width, len(row.Content))
			table.Content = append(table.Content, row)
		}
	})
	if len(table.Content) == 0 {
		return nil
	}
	switch {
	case columnHeads > 0 && rowHeads > 0:
		table.Attrs["head"] = "both"
	case columnHeads > 0:
		table.Attrs["head"] = "row"
	case rowHeads > 0:
		table.Attrs["head"] = "column"
	}
	for _, row := range table.Content {
		for len(row.Content) < width { // ragged tables are common; the cells that lack are empty
			row.Content = append(row.Content, &Node{Type: TableCell})
		}
	}
	return one(table)
}

func (p *htmlReader) tableRow(n *html.Node) (row *Node, heads int) {
	row = &Node{Type: TableRow}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Data != "td" && c.Data != "th" {
			continue
		}
		if c.Data == "th" {
			heads++
		}
		row.Content = append(row.Content, &Node{Type: TableCell, Content: p.inlines(c, nil)})
	}
	return row, heads
}

// keepMarks drops all marks but the given ones, and the nodes that are no text.
func keepMarks(inline []*Node, keep ...MarkType) {
	for _, n := range inline {
		n.Marks = slices.DeleteFunc(n.Marks, func(m Mark) bool { return !slices.Contains(keep, m.Type) })
	}
}
