package document

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"example.org/broadside"
)

// maxSpan bounds how many columns or rows one cell may take.
const maxSpan = 100

// A tableReader gathers the rows of one table.
type tableReader struct {
	*htmlReader
	rows  []*Node
	width int
	below []int // by column: into how many more rows a cell above reaches
	heads struct{ columns, rows int }
}

// table reads a table as a grid: what a cell takes beyond its first place is
// filled by empty cells.
func (p *htmlReader) table(n *html.Node) []*Node {
	t := &tableReader{htmlReader: p}
	if len(topmost(n, "table")) > 0 {
		p.fail(broadside.Errorf(broadside.Invalid, "A table cannot stand inside a table: put the inner one before or after the outer one."))
		return nil
	}
	caption := ""
	for _, c := range topmost(n, "caption") {
		caption = strings.TrimSpace(caption + " " + innerText(p.plainInlines(c)))
	}
	for _, tr := range topmost(n, "tr") {
		t.row(tr)
		if t.width*len(t.rows) > maxNodes {
			p.fail(broadside.Errorf(broadside.Invalid, "A table has more than %d cells: divide it.", maxNodes))
			return nil
		}
	}
	if len(t.rows) == 0 {
		return p.captionOnly(caption)
	}
	for _, row := range t.rows {
		for len(row.Content) < t.width { // ragged tables are common; the cells that lack are empty
			row.Content = append(row.Content, &Node{Type: TableCell})
		}
	}
	return one(&Node{Type: Table, Attrs: attrsOf("head", t.head(), "caption", caption), Content: t.rows})
}

// captionOnly keeps the words of a table without rows.
func (p *htmlReader) captionOnly(caption string) []*Node {
	if caption == "" {
		return nil
	}
	return one(&Node{Type: Paragraph, Content: []*Node{{Type: Text, Text: caption}}})
}

// head says which cells are heads, in the schema's words.
func (t *tableReader) head() string {
	switch {
	case t.heads.columns > 0 && t.heads.rows > 0:
		return "both"
	case t.heads.columns > 0:
		return "row"
	case t.heads.rows > 0 && t.width > 1: // a lone column of heads is a list of cells
		return "column"
	}
	return "none"
}

func (t *tableReader) row(n *html.Node) {
	row, heads := &Node{Type: TableRow}, 0
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if !isElement(c, "td", "th") {
			continue
		}
		t.skip(row)
		across, down := span(c, "colspan"), span(c, "rowspan")
		if c.Data == "th" {
			heads += across
		}
		if len(row.Content) > maxNodes {
			break // the table is refused; it need not be read to its end
		}
		for i := range across {
			cell := &Node{Type: TableCell}
			if i == 0 {
				cell.Content = t.inlines(c, nil)
			}
			t.put(row, cell, down-1)
		}
	}
	if len(row.Content) == 0 {
		return
	}
	t.skip(row)
	if len(t.rows) == 0 && heads == len(row.Content) {
		t.heads.columns++
	} else if heads > 0 {
		t.heads.rows++
	}
	t.width = max(t.width, len(row.Content))
	t.rows = append(t.rows, row)
}

// skip fills the next places that a cell of a row above takes.
func (t *tableReader) skip(row *Node) {
	for at := len(row.Content); at < len(t.below) && t.below[at] > 0; at++ {
		t.put(row, &Node{Type: TableCell}, t.below[at]-1)
	}
}

// put sets the next cell of the row, which reaches into that many rows below.
func (t *tableReader) put(row, cell *Node, below int) {
	at := len(row.Content)
	row.Content = append(row.Content, cell)
	for len(t.below) <= at {
		t.below = append(t.below, 0)
	}
	t.below[at] = below
}

func span(cell *html.Node, name string) int {
	n, err := strconv.Atoi(value(cell, name))
	if err != nil {
		return 1
	}
	return min(max(n, 1), maxSpan)
}
