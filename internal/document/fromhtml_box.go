package document

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"example.org/broadside"
)

// picture reads a picture; caption is its figcaption or nil.
func (p *htmlReader) picture(img, caption *html.Node, size string) []*Node {
	id, ok := p.takePicture(value(img, "src"), value(img, "alt"))
	if !ok {
		return nil
	}
	words := &Node{Type: FigureCaption}
	if caption != nil {
		words.Content = p.plainInlines(caption)
	} else if title := value(img, "title"); title != "" {
		words.Content = []*Node{{Type: Text, Text: title}}
	}
	return one(&Node{Type: Figure, Attrs: attrsOf("picture", id, "size", size), Content: one(words)})
}

func (p *htmlReader) takePicture(src, alt string) (id string, ok bool) {
	if p.opt.Picture == nil {
		p.fail(broadside.Errorf(broadside.Invalid, "The picture %q cannot be taken in here.", src))
		return "", false
	}
	id, err := p.opt.Picture(src, alt)
	if err != nil {
		p.fail(err)
	}
	return id, err == nil
}

// figure reads a picture, a sound or a film with its caption. Whatever else the
// page has put into the figure follows it: a table, a quotation, more pictures.
func (p *htmlReader) figure(n *html.Node) []*Node {
	shown := find(n, "audio", "video")
	if shown == nil {
		shown = find(n, "img")
	}
	if shown == nil {
		return p.blocks(n)
	}
	detach(shown)
	caption := find(n, "figcaption")
	detach(caption)
	if shown.Data != "img" {
		return append(p.media(shown, caption), p.blocks(n)...)
	}
	size := "column"
	for _, s := range []string{"wide", "full"} {
		if hasClass(n, s) {
			size = s
		}
	}
	return append(p.picture(shown, caption, size), p.blocks(n)...)
}

// media reads a sound or a film; caption is its figcaption or nil.
func (p *htmlReader) media(media, caption *html.Node) []*Node {
	src := value(media, "src")
	if source := find(media, "source"); src == "" && source != nil {
		src = value(source, "src")
	}
	id, ok := p.file(src)
	if !ok {
		return nil
	}
	node := &Node{Type: Type(media.Data), Attrs: attrsOf("file", id, "title", value(media, "title"))}
	if caption != nil {
		node.Attrs["title"] = innerText(p.plainInlines(caption))
	}
	if poster := value(media, "poster"); poster != "" && node.Type == Video {
		if node.Attrs["poster"], ok = p.takePicture(poster, ""); !ok {
			return nil
		}
	}
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

// fileCard reads each link of the card as a file; words beside them follow as
// a paragraph.
func (p *htmlReader) fileCard(n *html.Node) []*Node {
	var out []*Node
	for _, a := range topmost(n, "a") {
		detach(a)
		id, ok := p.file(value(a, "href"))
		if !ok {
			return nil
		}
		out = append(out, &Node{Type: File, Attrs: attrsOf("file", id, "title", innerText(p.plainInlines(a)))})
	}
	return append(out, p.blocks(n)...)
}

// embed reads the first link of the card, and the span with its provider;
// words beside them follow as a paragraph.
func (p *htmlReader) embed(n *html.Node) []*Node {
	a := find(n, "a")
	if a == nil {
		return p.blocks(n)
	}
	detach(a)
	address := value(a, "href")
	provider := ""
	if s := find(n, "span"); s != nil {
		detach(s)
		provider = innerText(p.plainInlines(s))
	} else if u, err := url.Parse(address); err == nil {
		provider = strings.TrimPrefix(u.Hostname(), "www.")
	}
	title := innerText(p.plainInlines(a))
	if title == address {
		title = ""
	}
	card := &Node{Type: Embed, Attrs: attrsOf("url", address, "provider", provider, "title", title)}
	return append(one(card), p.blocks(n)...)
}

func (p *htmlReader) pullQuote(n *html.Node) []*Node {
	quote := &Node{Type: PullQuote, Attrs: attrsOf("attribution", innerText(p.citation(n)))}
	quote.Content = p.plainInlines(n)
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
// date, then the text. The first heading is the title; what else stands beside
// the list goes before the timeline.
func (p *htmlReader) timeline(n *html.Node) []*Node {
	line := &Node{Type: Timeline, Content: []*Node{{Type: BoxTitle}}}
	for _, li := range topmost(n, "li") {
		detach(li)
		line.Content = append(line.Content, p.event(li))
	}
	if len(line.Content) == 1 {
		p.fail(broadside.Errorf(broadside.Invalid, "A timeline needs a list of events, each with a time element."))
		return nil
	}
	if title := find(n, headings...); title != nil {
		detach(title)
		line.Content[0].Content = p.plainInlines(title)
		keepMarks(line.Content[0].Content)
	}
	return append(p.blocks(n), line)
}

func (p *htmlReader) event(li *html.Node) *Node {
	event := &Node{Type: TimelineEvent}
	if t := find(li, "time"); t != nil {
		label, date := innerText(p.plainInlines(t)), value(t, "datetime")
		if date == "" {
			date = label
		}
		if label == date {
			label = ""
		}
		event.Attrs = attrsOf("date", date, "label", label)
		detach(t)
	}
	for _, b := range p.blocks(li) {
		if isList(b) {
			p.fail(broadside.Errorf(broadside.Invalid, "A list cannot stand inside an event of a timeline: write it as paragraphs, or as events with a time of their own."))
			break
		}
		event.Content = append(event.Content, p.fitItem(b, "an event of a timeline")...)
	}
	if len(event.Content) == 0 {
		event.Content = one(&Node{Type: Paragraph})
	}
	return event
}

// keepMarks drops all marks but the given ones, and the nodes that are no text.
func keepMarks(inline []*Node, keep ...MarkType) {
	for _, n := range inline {
		n.Marks = slices.DeleteFunc(n.Marks, func(m Mark) bool { return !slices.Contains(keep, m.Type) })
	}
}
