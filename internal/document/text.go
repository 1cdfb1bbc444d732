package document

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// Text returns the words of the body as plain text: paragraphs parted by blank
// lines, lists with hyphens or numbers, tables with a line a row, footnotes
// numbered and listed at the end. It returns "" for an empty body.
func (d *Document) Text() string { return (&plain{}).document(d) }

// Twin is [Document.Text] for those who read it in place of the page: it says
// what each picture shows, and who made it. Words are those of the interface.
func (d *Document) Twin(words Words) string { return (&plain{uses: d, words: words}).document(d) }

// PictureText returns what stands in a text for a picture: "[Picture: ALT]",
// and below it the caption with the credit.
func PictureText(u Use, caption string, words Words) string {
	text := strings.TrimSpace(caption + " " + CreditText(u, words))
	if u.Alt != "" && !u.Decorative {
		text = "[" + cmp.Or(words.Picture, "Picture") + ": " + u.Alt + "]\n" + text
	}
	return strings.TrimSpace(text)
}

// Words returns how many words the body has, captions and notes included. A
// character of a script written without spaces counts as one.
func (d *Document) Words() int {
	count, inWord := 0, false
	for _, r := range d.Text() {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai):
			count, inWord = count+1, false
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if !inWord {
				count++
			}
			inWord = true
		case unicode.IsSpace(r) || r == '—' || r == '–':
			inWord = false
		}
	}
	return count
}

// plain gathers blocks of plain text, to be parted by blank lines.
type plain struct {
	uses  *Document // whose pictures are described; nil describes none
	words Words
	out   []string
	notes []string
}

func (p *plain) document(d *Document) string {
	p.blocks(d.Body, "")
	for i, note := range p.notes {
		p.block("", fmt.Sprintf("[%d] %s", i+1, note))
	}
	return strings.Join(p.out, "\n\n")
}

func (p *plain) block(indent, s string) {
	if s = strings.TrimSpace(s); s != "" {
		p.out = append(p.out, indent+strings.ReplaceAll(s, "\n", "\n"+indent))
	}
}

func (p *plain) blocks(n *Node, indent string) {
	if n == nil {
		return
	}
	for _, c := range n.Content {
		p.node(c, indent)
	}
}

func (p *plain) node(n *Node, indent string) {
	switch n.Type {
	case BulletList, OrderedList:
		p.out = append(p.out, strings.Join(p.list(n, indent), "\n"))
	case QuoteCite:
		p.block(indent, "— "+p.inline(n))
	case PullQuote:
		s := p.inline(n)
		if a := n.Attr("attribution"); a != "" {
			s += "\n— " + a
		}
		p.block(indent, s)
	case Blockquote:
		p.blocks(n, indent+"    ")
	case TimelineEvent:
		p.event(n, indent)
	case Table:
		p.table(n, indent)
	case Embed:
		p.block(indent, strings.TrimSpace(n.Attr("title")+" "+n.Attr("url")))
	case Audio, Video, File:
		p.block(indent, n.Attr("title"))
	case Divider:
		p.block(indent, "* * *")
	case Figure:
		p.figure(n, indent)
	case Gallery, FactBox, Timeline:
		p.blocks(n, indent)
	default:
		p.block(indent, p.inline(n))
	}
}

func (p *plain) figure(n *Node, indent string) {
	caption := p.inline(n.Content[0])
	if p.uses != nil {
		u, _ := p.uses.Use(n.Attr("picture"))
		caption = PictureText(u, caption, p.words)
	}
	p.block(indent, caption)
}

func (p *plain) list(n *Node, indent string) []string {
	var lines []string
	for i, item := range n.Content {
		sign := "- "
		if n.Type == OrderedList {
			sign = strconv.Itoa(n.Int("start")+i) + ". "
		}
		for j, c := range item.Content {
			if c.Type != Paragraph {
				lines = append(lines, p.list(c, indent+strings.Repeat(" ", len(sign)))...)
				continue
			}
			if j > 0 {
				sign = strings.Repeat(" ", len(sign))
			}
			text := strings.ReplaceAll(p.inline(c), "\n", "\n"+indent+strings.Repeat(" ", len(sign)))
			lines = append(lines, indent+sign+text)
		}
	}
	return lines
}

func (p *plain) event(n *Node, indent string) {
	when := n.Attr("label")
	if when == "" {
		when = n.Attr("date")
	}
	var parts []string
	for _, c := range n.Content {
		parts = append(parts, p.inline(c))
	}
	p.block(indent, when+": "+strings.Join(parts, "\n"))
}

func (p *plain) table(n *Node, indent string) {
	var lines []string
	if c := n.Attr("caption"); c != "" {
		lines = append(lines, c)
	}
	for _, row := range n.Content {
		var cells []string
		for _, cell := range row.Content {
			cells = append(cells, strings.ReplaceAll(p.inline(cell), "\n", " "))
		}
		lines = append(lines, strings.Join(cells, " | "))
	}
	p.block(indent, strings.Join(lines, "\n"))
}

// inline returns the text of a block; a footnote leaves its number there.
func (p *plain) inline(n *Node) string {
	var b strings.Builder
	for _, c := range n.Content {
		switch c.Type {
		case Text:
			b.WriteString(c.Text)
		case HardBreak:
			b.WriteByte('\n')
		case Footnote:
			p.notes = append(p.notes, c.Inner())
			fmt.Fprintf(&b, "[%d]", len(p.notes))
		}
	}
	return b.String()
}

// FromText reads plain text: blank lines part paragraphs, a lone line end is a
// space, and a paragraph whose lines all begin with "- ", "* " or "• " is a list.
// Broken UTF-8 and control characters are [broadside.Invalid] errors.
func FromText(src []byte) (*Node, error) {
	if err := checkText(string(src)); err != nil {
		return nil, refused(err)
	}
	body := &Node{Type: Doc}
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n", "\uFEFF", "").Replace(string(src))
	var lines []string
	for _, line := range append(strings.Split(text, "\n"), "") {
		if strings.TrimSpace(line) != "" {
			lines = append(lines, strings.TrimSpace(line))
			continue
		}
		if len(lines) > 0 {
			body.Content = append(body.Content, textBlock(lines))
		}
		lines = nil
	}
	body.normalise()
	return body, nil
}

func textBlock(lines []string) *Node {
	list := &Node{Type: BulletList}
	for _, line := range lines {
		for _, sign := range []string{"- ", "* ", "• "} {
			if item, ok := strings.CutPrefix(line, sign); ok {
				list.Content = append(list.Content, &Node{Type: ListItem, Content: []*Node{textParagraph(item)}})
				break
			}
		}
	}
	if len(list.Content) == len(lines) {
		return list
	}
	return textParagraph(strings.Join(lines, " "))
}

func textParagraph(s string) *Node {
	return &Node{Type: Paragraph, Content: []*Node{{Type: Text, Text: s}}}
}
