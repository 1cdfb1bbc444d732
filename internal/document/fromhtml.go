package document

import (
	"bytes"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"example.org/broadside"
)

// Options say how to read what a text refers to. A nil function makes such a
// reference an error.
type Options struct {
	// Picture takes in the picture that src names and returns its identity.
	// Alt is the description that stands in the text; it may be empty.
	Picture func(src, alt string) (identity string, err error)

	// File takes in a sound, a film or another file and returns its identity.
	File func(src string) (identity string, err error)

	// FirstLine is the number that errors give the first line of the text, for
	// a text that stands in a file behind something else. 0 means 1.
	FirstLine int
}

// FromHTML reads HTML, a fragment or a whole page, by a closed whitelist.
// Elements that only lay out are opened; scripts, frames, forms, event handlers
// and whatever else is not on the list are [broadside.Invalid] errors that name
// the line and the element. It drops no word in silence: what the document
// cannot hold where it stands is moved beside it or refused. Only what readers
// do not see goes, and what is written anew: credits below pictures, the numbers
// of notes and the ways back from them.
func FromHTML(src []byte, opt Options) (*Node, error) {
	if err := checkText(string(src)); err != nil {
		return nil, refused(err)
	}
	if err := checkMarkup(src, max(opt.FirstLine, 1)); err != nil {
		return nil, err
	}
	return parseHTML(src, opt)
}

// parseHTML reads HTML whose elements have been checked.
func parseHTML(src []byte, opt Options) (*Node, error) {
	root := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(bytes.NewReader(src), root)
	if err != nil {
		return nil, broadside.Errorf(broadside.Invalid, "The HTML cannot be read: %v.", err)
	}
	for _, n := range nodes {
		root.AppendChild(n)
	}
	p := &htmlReader{opt: opt, notes: map[string]*html.Node{}, cited: map[*html.Node]bool{}}
	p.takeNotes(root)
	body := &Node{Type: Doc, Content: append(p.blocks(root), p.leftNotes()...)}
	if p.err != nil {
		return nil, p.err
	}
	tidy(body)
	body.normalise()
	return body, checkPrintable(body)
}

// checkPrintable judges the text once entities such as &#6; have been resolved.
func checkPrintable(body *Node) error {
	var err error
	body.Walk(func(n *Node) bool {
		texts := []string{n.Text}
		for _, v := range n.Attrs {
			if s, ok := v.(string); ok {
				texts = append(texts, s)
			}
		}
		for _, m := range n.Marks {
			texts = append(texts, m.Attr("href"))
		}
		for _, s := range texts {
			if err == nil {
				err = checkText(s)
			}
		}
		return err == nil
	})
	if err != nil {
		return refused(err)
	}
	return nil
}

// Elements that are opened: what they hold stays, they themselves say nothing.
var wrappers = []string{"html", "body", "div", "section", "article", "main", "header", "footer", "aside", "center",
	"span", "font", "u", "small", "big", "abbr", "mark", "ins", "time", "bdi", "bdo", "q", "dl", "dfn", "var", "address", "picture", "label", "nobr"}

// Elements that have a meaning in the document.
var meaningful = []string{"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "cite", "figure", "figcaption",
	"img", "table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "hr", "br", "pre", "dt", "dd", "a", "strong", "b", "em", "i",
	"s", "del", "strike", "sub", "sup", "code", "kbd", "samp", "tt", "audio", "video"}

// Elements that never show: dropped with all that they hold.
var unseen = []string{"head", "title", "meta", "link", "base", "style", "colgroup", "col", "wbr", "source", "track"}

// checkMarkup refuses elements and attributes that are not on the list. It
// works on the source, before the parser mends it, so that it can tell the line.
func checkMarkup(src []byte, line int) error {
	z := html.NewTokenizer(bytes.NewReader(src))
	inFile := false // the link in <p class="file"> names a file to take in
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return nil // the end: a tokenizer on bytes knows no other error
		}
		at := line
		line += bytes.Count(z.Raw(), []byte("\n"))
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		t := z.Token()
		inFile = inFile && t.Data == "a" || t.Data == "p" && slices.Contains(t.Attr, html.Attribute{Key: "class", Val: "file"})
		if !slices.Contains(wrappers, t.Data) && !slices.Contains(meaningful, t.Data) && !slices.Contains(unseen, t.Data) {
			return broadside.Errorf(broadside.Invalid, "Line %d: the element <%s> is not allowed in an article.", at, t.Data)
		}
		for _, a := range t.Attr {
			if strings.HasPrefix(a.Key, "on") {
				return broadside.Errorf(broadside.Invalid, "Line %d: the event handler %s on <%s> is not allowed in an article.", at, a.Key, t.Data)
			}
			if a.Key == "href" && t.Data == "a" && !inFile && !SafeLink(strings.TrimSpace(a.Val)) {
				return broadside.Errorf(broadside.Invalid, "Line %d: the link to %q must be http, https, mailto or an address on this site.", at, a.Val)
			}
		}
	}
}

type htmlReader struct {
	opt      Options
	endnotes []*html.Node          // the sections that list the footnotes
	notes    map[string]*html.Node // footnotes by id
	cited    map[*html.Node]bool   // footnotes to which the text refers
	inNote   bool
	err      error // the first one
}

func (p *htmlReader) fail(err error) {
	if p.err == nil {
		p.err = err
	}
}

// takeNotes takes the footnotes out of the tree: they return where the text
// refers to them.
func (p *htmlReader) takeNotes(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		if value(c, "role") == "doc-endnotes" {
			detach(c)
			p.endnotes = append(p.endnotes, c)
			for _, li := range topmost(c, "li") {
				if id := value(li, "id"); id != "" && p.notes[id] == nil {
					p.notes[id] = li
				}
			}
		} else {
			p.takeNotes(c)
		}
		c = next
	}
}

// leftNotes returns what the endnotes hold besides their heading and the notes
// that have returned to the text.
func (p *htmlReader) leftNotes() []*Node {
	var left []*Node
	for _, section := range p.endnotes {
		for _, c := range topmost(section, "li", "hr") {
			if c.Data == "hr" || p.cited[c] {
				detach(c)
			}
		}
		if title := find(section, headings...); title != nil && !inside(title, func(c *html.Node) bool { return c.Data == "li" }) {
			detach(title)
		}
		left = append(left, p.blocks(section)...)
	}
	return left
}

func descend(n *html.Node, f func(*html.Node)) {
	f(n)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		descend(c, f)
	}
}

// topmost returns the elements of those names below n that are not inside one
// another.
func topmost(n *html.Node, names ...string) []*html.Node {
	var out []*html.Node
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if isElement(c, names...) {
			out = append(out, c)
		} else {
			out = append(out, topmost(c, names...)...)
		}
	}
	return out
}

// inside reports whether n or an element around it is such a one.
func inside(n *html.Node, such func(*html.Node) bool) bool {
	for ; n != nil; n = n.Parent {
		if n.Type == html.ElementNode && such(n) {
			return true
		}
	}
	return false
}

func isElement(n *html.Node, names ...string) bool {
	return n.Type == html.ElementNode && slices.Contains(names, n.Data)
}

// detach takes n out of the tree; nil and what has no parent stay as they are.
func detach(n *html.Node) {
	if n != nil && n.Parent != nil {
		n.Parent.RemoveChild(n)
	}
}

var headings = []string{"h1", "h2", "h3", "h4", "h5", "h6"}

func value(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func hasClass(n *html.Node, class string) bool {
	return n.Type == html.ElementNode && slices.Contains(strings.Fields(value(n, "class")), class)
}

// blocks reads the children of n as blocks; inline text between them is
// gathered into paragraphs.
func (p *htmlReader) blocks(n *html.Node) []*Node {
	var out []*Node
	loose := &Node{Type: Paragraph}
	flush := func() {
		if trimSpace(loose); len(loose.Content) > 0 {
			out = append(out, loose)
		}
		loose = &Node{Type: Paragraph}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && isBlock(c) {
			flush()
			out = append(out, p.block(c)...)
			continue
		}
		loose.Content = append(loose.Content, p.inline(c, nil)...)
	}
	flush()
	return out
}

var inlineElements = []string{"a", "abbr", "b", "bdi", "bdo", "big", "br", "cite", "code", "del", "dfn", "em", "font", "i", "ins",
	"kbd", "label", "mark", "nobr", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"}

// isBlock reports whether an element begins a block. An inline element that
// holds a block, such as a link around a picture, counts as one.
func isBlock(n *html.Node) bool {
	if !slices.Contains(inlineElements, n.Data) {
		return true
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && isBlock(c) {
			return true
		}
	}
	return false
}

func (p *htmlReader) block(n *html.Node) []*Node {
	if slices.Contains(unseen, n.Data) {
		return nil
	}
	switch n.Data {
	case "p", "dd":
		return p.paragraph(n)
	case "dt":
		if term := p.inlines(n, []Mark{{Type: Strong}}); len(term) > 0 {
			return one(&Node{Type: Paragraph, Content: term})
		}
		return nil
	case "h1", "h2", "h3", "h4", "h5", "h6":
		level := min(max(int64(n.Data[1]-'0'), 2), 4)
		words := p.plainInlines(n)
		if len(words) == 0 {
			return nil
		}
		return one(&Node{Type: Heading, Attrs: attrsOf("level", level, "id", anchorOf(n)), Content: words})
	case "ul", "ol":
		return p.list(n)
	case "blockquote":
		return p.quote(n)
	case "pre":
		return p.preformatted(n)
	case "hr":
		return one(&Node{Type: Divider})
	case "img":
		return p.picture(n, nil, "column")
	case "figure":
		return p.figure(n)
	case "audio", "video":
		return p.media(n, nil)
	case "table":
		return p.table(n)
	}
	return p.container(n)
}

func one(n *Node) []*Node { return []*Node{n} }

func attrsOf(pairs ...any) map[string]any {
	attrs := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		attrs[pairs[i].(string)] = pairs[i+1]
	}
	return attrs
}

// container reads the elements to which our own classes give a meaning, and
// opens all others.
func (p *htmlReader) container(n *html.Node) []*Node {
	switch {
	case hasClass(n, "pull"):
		return p.pullQuote(n)
	case hasClass(n, "gallery"):
		return p.gallery(n)
	case hasClass(n, "tl"):
		return p.timeline(n)
	case hasClass(n, "box"):
		return p.factBox(n)
	}
	return p.blocks(n)
}

// paragraph also reads what Markdown and editors wrap in a paragraph: a lone
// picture, an embed's card, a file's.
func (p *htmlReader) paragraph(n *html.Node) []*Node {
	switch {
	case hasClass(n, "embed"):
		return p.embed(n)
	case hasClass(n, "file"):
		return p.fileCard(n)
	case find(n, "img", "audio", "video") != nil:
		return p.blocks(n)
	}
	dir := ""
	if value(n, "dir") == "rtl" || value(n, "dir") == "ltr" {
		dir = value(n, "dir")
	}
	para := &Node{Type: Paragraph, Attrs: attrsOf("dir", dir), Content: p.inlines(n, nil)}
	if len(para.Content) == 0 {
		return nil
	}
	return one(para)
}

// find returns the first element of those names below n, or nil.
func find(n *html.Node, names ...string) *html.Node {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if isElement(c, names...) {
			return c
		}
		if found := find(c, names...); found != nil {
			return found
		}
	}
	return nil
}

// anchorOf keeps an id that the schema allows.
func anchorOf(n *html.Node) string {
	if id := value(n, "id"); anchor(id) == nil {
		return id
	}
	return ""
}

func (p *htmlReader) list(n *html.Node) []*Node {
	list := &Node{Type: BulletList}
	if n.Data == "ol" {
		list.Type = OrderedList
		if start, err := strconv.ParseInt(value(n, "start"), 10, 64); err == nil && start >= 0 && start < 1_000_000 {
			list.Attrs = attrsOf("start", start)
		}
	}
	for n.FirstChild != nil {
		if c := n.FirstChild; isElement(c, "li") {
			list.Content = append(list.Content, listItem(p.itemBlocks(c)))
			detach(c)
			continue
		}
		beside := p.itemBlocks(takeUntilItem(n))
		last := len(list.Content) - 1
		switch {
		case len(beside) == 0: // white space
		case last >= 0 && isList(beside[0]): // old pages nest a list beside its item
			list.Content[last].Content = append(list.Content[last].Content, beside...)
		default:
			list.Content = append(list.Content, listItem(beside))
		}
	}
	if len(list.Content) == 0 {
		return nil
	}
	return one(list)
}

// takeUntilItem takes what stands before the next item out of a list.
func takeUntilItem(list *html.Node) *html.Node {
	taken := &html.Node{Type: html.ElementNode, Data: "li"}
	for c := list.FirstChild; c != nil && !isElement(c, "li"); c = list.FirstChild {
		detach(c)
		taken.AppendChild(c)
	}
	return taken
}

// listItem makes an item of blocks; it begins with a paragraph by the schema.
func listItem(content []*Node) *Node {
	if len(content) == 0 || content[0].Type != Paragraph {
		content = append(one(&Node{Type: Paragraph}), content...)
	}
	return &Node{Type: ListItem, Content: content}
}

func (p *htmlReader) itemBlocks(n *html.Node) []*Node {
	var out []*Node
	for _, b := range p.blocks(n) {
		out = append(out, p.fitItem(b, "a list")...)
	}
	return out
}

// fitItem makes a block fit into a list item, which holds paragraphs and lists.
// Place names the whole for people.
func (p *htmlReader) fitItem(b *Node, place string) []*Node {
	switch b.Type {
	case Paragraph, BulletList, OrderedList:
		return one(b)
	case Heading:
		return one(&Node{Type: Paragraph, Content: b.Content})
	case Blockquote:
		for _, c := range b.Content {
			c.Type = Paragraph // the cite too
		}
		return b.Content
	}
	p.fail(broadside.Errorf(broadside.Invalid, "A %s cannot stand inside %s: put it before or after.", strings.ReplaceAll(string(b.Type), "_", " "), place))
	return nil
}

func (p *htmlReader) quote(n *html.Node) []*Node {
	quote := &Node{Type: Blockquote}
	cite := p.citation(n)
	for _, b := range p.blocks(n) {
		switch b.Type {
		case Paragraph:
			quote.Content = append(quote.Content, b)
		case Heading:
			quote.Content = append(quote.Content, &Node{Type: Paragraph, Content: b.Content})
		case BulletList, OrderedList:
			b.Walk(func(c *Node) bool {
				if c.Type == Paragraph && len(c.Content) > 0 {
					quote.Content = append(quote.Content, c)
				}
				return c.Type != Paragraph
			})
		case Blockquote:
			quote.Content = append(quote.Content, p.fitItem(b, "a quotation")...)
		default:
			p.fail(broadside.Errorf(broadside.Invalid, "A %s cannot stand inside a quotation.", strings.ReplaceAll(string(b.Type), "_", " ")))
		}
	}
	switch {
	case len(cite) == 0 && len(quote.Content) == 0:
		return nil
	case len(cite) > 0 && len(quote.Content) == 0: // a source without a quotation
		return one(&Node{Type: Paragraph, Content: cite})
	case len(cite) > 0:
		quote.Content = append(quote.Content, &Node{Type: QuoteCite, Content: cite})
	}
	return one(quote)
}

// citation takes the sources out of a quotation and returns their words.
func (p *htmlReader) citation(n *html.Node) []*Node {
	all := &html.Node{Type: html.ElementNode, Data: "footer"}
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		if isElement(c, "footer", "cite") {
			detach(c)
			all.AppendChild(c)
			all.AppendChild(&html.Node{Type: html.TextNode, Data: " "})
			c.Data = "span" // a cite is emphasis only inside a text
		}
		c = next
	}
	return p.plainInlines(all)
}

// foldable is white space that a browser would fold outside a pre element.
var foldable = regexp.MustCompile(`^ +| {2,}| +$`)

// preformatted keeps the lines of a pre element as code with hard breaks, and
// its columns by spaces that do not break.
func (p *htmlReader) preformatted(n *html.Node) []*Node {
	if find(n, "img", "audio", "video") != nil {
		return p.blocks(n)
	}
	var text strings.Builder
	descend(n, func(c *html.Node) {
		if c.Type == html.TextNode {
			text.WriteString(c.Data)
		} else if isElement(c, "br") {
			text.WriteByte('\n')
		}
	})
	lines := strings.NewReplacer("\t", "    ", "\r", " ", "\u00AD", "", "\uFEFF", "").Replace(text.String())
	if strings.TrimSpace(lines) == "" {
		return nil
	}
	para := &Node{Type: Paragraph}
	for i, line := range strings.Split(strings.Trim(lines, "\n"), "\n") {
		line = foldable.ReplaceAllStringFunc(line, func(s string) string { return strings.Repeat("\u00A0", len(s)) })
		if i > 0 {
			para.Content = append(para.Content, &Node{Type: HardBreak})
		}
		para.Content = append(para.Content, &Node{Type: Text, Text: line, Marks: []Mark{{Type: Code}}})
	}
	return one(para)
}
