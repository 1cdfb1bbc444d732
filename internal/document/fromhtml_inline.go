package document

import (
	"slices"
	"strings"

	"golang.org/x/net/html"

	"example.org/broadside"
)

// inlines reads everything below n as inline text under the given marks, with
// white space folded and trimmed.
func (p *htmlReader) inlines(n *html.Node, marks []Mark) []*Node {
	para := &Node{}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		para.Content = append(para.Content, p.inline(c, marks)...)
	}
	trimSpace(para)
	return para.Content
}

// plainInlines is inlines for headings, captions and the like, which hold text
// with links, emphasis and languages only.
func (p *htmlReader) plainInlines(n *html.Node) []*Node {
	line := &Node{Content: p.inlines(n, nil)}
	for i, c := range line.Content {
		switch c.Type {
		case HardBreak:
			line.Content[i] = &Node{Type: Text, Text: " "}
		case Footnote:
			p.fail(broadside.Errorf(broadside.Invalid, "A footnote cannot stand in a heading, a caption, a title or a pull quote, nor in the source of a quotation: refer to it in a paragraph."))
		}
	}
	trimSpace(line) // a break beside a space has become a second one
	keepMarks(line.Content, linkEm...)
	return line.Content
}

var markElements = map[string]MarkType{"strong": Strong, "b": Strong, "em": Em, "i": Em, "cite": Em, "dfn": Em, "var": Em,
	"s": Strike, "del": Strike, "strike": Strike, "sub": Sub, "sup": Sup, "code": Code, "kbd": Code, "samp": Code, "tt": Code}

func (p *htmlReader) inline(n *html.Node, marks []Mark) []*Node {
	switch {
	case n.Type == html.TextNode:
		return []*Node{{Type: Text, Text: n.Data, Marks: slices.Clone(marks)}}
	case n.Type != html.ElementNode || slices.Contains(unseen, n.Data) || writtenAnew(n):
		return nil
	case n.Data == "br":
		return []*Node{{Type: HardBreak}}
	case n.Data == "img":
		return p.textOfPicture(n)
	case n.Data == "audio" || n.Data == "video":
		p.fail(broadside.Errorf(broadside.Invalid, "A sound or film cannot stand inside a line of text, such as a heading, a caption or a cell: put it before or after."))
		return nil
	case value(n, "role") == "doc-noteref":
		if li := p.notes[strings.TrimPrefix(value(n, "href"), "#")]; li != nil {
			return p.footnote(li)
		}
	}
	marks = withMark(marks, n)
	var out []*Node
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		out = append(out, p.inline(c, marks)...)
	}
	switch {
	case n.Data == "q":
		out = append(append([]*Node{{Type: Text, Text: "“", Marks: marks}}, out...), &Node{Type: Text, Text: "”", Marks: marks})
	case !slices.Contains(inlineElements, n.Data) && len(out) > 0:
		// Blocks inside inline text, such as paragraphs in a table cell, are parted by breaks.
		out = append([]*Node{{Type: HardBreak}}, out...)
		if next := n.NextSibling; next != nil && (next.Type == html.TextNode || slices.Contains(inlineElements, next.Data)) {
			out = append(out, &Node{Type: HardBreak})
		}
	}
	return out
}

// writtenAnew reports whether n is what [Document.HTML] makes from elsewhere: the
// credit in a caption, the way back from a note.
func writtenAnew(n *html.Node) bool {
	switch {
	case hasClass(n, "credit"):
		return inside(n, func(c *html.Node) bool { return c.Data == "figcaption" })
	case value(n, "role") == "doc-backlink":
		return inside(n, func(c *html.Node) bool { return value(c, "role") == "doc-endnotes" })
	}
	return false
}

// textOfPicture keeps the words of a picture that stands where only text can,
// such as an icon in a table cell.
func (p *htmlReader) textOfPicture(n *html.Node) []*Node {
	return []*Node{{Type: Text, Text: value(n, "alt")}}
}

// withMark adds the mark that an element stands for, once.
func withMark(marks []Mark, n *html.Node) []Mark {
	var m Mark
	switch {
	case n.Data == "a" && value(n, "href") != "":
		m = Mark{Type: Link, Attrs: attrsOf("href", strings.TrimSpace(value(n, "href")))}
	case value(n, "lang") != "" && languageTag(value(n, "lang")) == nil && n.Data == "span":
		dir := value(n, "dir")
		if dir != "rtl" && dir != "ltr" {
			dir = ""
		}
		m = Mark{Type: Lang, Attrs: attrsOf("lang", value(n, "lang"), "dir", dir)}
	default:
		t, ok := markElements[n.Data]
		if !ok {
			return marks
		}
		m = Mark{Type: t}
	}
	has := func(t MarkType) bool { return slices.ContainsFunc(marks, func(b Mark) bool { return b.Type == t }) }
	if has(m.Type) || m.Type == Sub && has(Sup) || m.Type == Sup && has(Sub) {
		return marks
	}
	return append(slices.Clone(marks), m)
}

func (p *htmlReader) footnote(li *html.Node) []*Node {
	if p.inNote {
		p.fail(broadside.Errorf(broadside.Invalid, "A footnote cannot refer to a footnote: write both as one."))
		return nil
	}
	p.inNote, p.cited[li] = true, true
	defer func() { p.inNote = false }()
	note := &Node{Type: Footnote}
	for _, c := range p.inlines(li, nil) {
		switch c.Type {
		case Text:
			note.Content = append(note.Content, c)
		case HardBreak:
			note.Content = append(note.Content, &Node{Type: Text, Text: " "})
		}
	}
	// Some writers part the way back to the text by a space that does not break.
	if last := len(note.Content) - 1; last >= 0 {
		note.Content[last].Text = strings.TrimRight(note.Content[last].Text, " \u00a0")
	}
	foldSpace(note)
	trimEnds(note)
	if len(note.Content) == 0 {
		return nil
	}
	return one(note)
}

// trimSpace folds runs of white space across inline nodes and trims both ends,
// also around hard breaks.
func trimSpace(n *Node) {
	foldSpace(n)
	for len(n.Content) > 0 && n.Content[0].Type == HardBreak {
		n.Content = n.Content[1:]
	}
	for len(n.Content) > 0 && n.Content[len(n.Content)-1].Type == HardBreak {
		n.Content = n.Content[:len(n.Content)-1]
	}
	trimEnds(n)
}

// foldSpace folds white space as a browser does: a run of it is one space, and
// there is none at the start of a line. Breaks do not follow one another where
// blocks were opened.
func foldSpace(n *Node) {
	atStart := true
	var kept []*Node
	for _, c := range n.Content {
		switch c.Type {
		case HardBreak:
			if last := len(kept) - 1; last >= 0 && kept[last].Type == Text {
				kept[last].Text = strings.TrimRight(kept[last].Text, " ")
			}
			atStart = true
		case Text:
			var b strings.Builder
			for _, r := range c.Text {
				if r == '\u00AD' || r == '\uFEFF' { // normalise drops them too
					continue
				}
				space := r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == '\f'
				if space && !atStart {
					b.WriteByte(' ')
				} else if !space {
					b.WriteRune(r)
				}
				atStart = space
			}
			if c.Text = b.String(); c.Text == "" {
				continue
			}
		default:
			atStart = false
		}
		kept = append(kept, c)
	}
	n.Content = kept
}

func trimEnds(n *Node) {
	for len(n.Content) > 0 {
		last := n.Content[len(n.Content)-1]
		if last.Type != Text {
			return
		}
		if last.Text = strings.TrimRight(last.Text, " "); last.Text != "" {
			return
		}
		n.Content = n.Content[:len(n.Content)-1]
	}
}

// tidy drops what conversion leaves empty where the schema allows nothing
// empty, and marks that a block does not hold.
func tidy(n *Node) {
	s := specs[n.Type]
	for _, c := range n.Content {
		if c.Type == Text {
			c.Marks = slices.DeleteFunc(c.Marks, func(m Mark) bool { return !slices.Contains(s.marks, m.Type) })
		}
		tidy(c)
	}
	n.Content = slices.DeleteFunc(n.Content, func(c *Node) bool {
		return c.Type == Paragraph && len(c.Content) == 0 && n.Type == Doc || c.Type == Heading && len(c.Content) == 0
	})
}
