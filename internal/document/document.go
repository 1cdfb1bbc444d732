// Package document is the text of the newspaper: a tree of typed blocks and
// inline text in ProseMirror's JSON shape, with an envelope of headline,
// standfirst, bylines and uses of pictures around it.
//
// It is the judge of what may be stored. [Decode] is strict, [Document.Canonical]
// gives the bytes that a revision keeps for ever, and every form that a reader
// sees (HTML, Markdown, plain text) is made from the same tree. It knows nothing
// of sections, dates or addresses: those belong to the article, not to its text.
//
// All functions are pure; a Document may be read by several goroutines at once
// as long as none changes it.
package document

import "strings"

// SchemaVersion is the version of the document schema that this package reads
// and writes. Canonical bytes of an earlier version stay valid for ever.
const SchemaVersion = 1

// A Document is the envelope of a revision and its body.
// Its canonical bytes are what the store keeps and the public record commits to.
type Document struct {
	Kind       string // of journalism: one of [Kinds]
	Lang       string // BCP 47
	Dir        string // "ltr" or "rtl"
	Headline   string
	Standfirst string
	Bylines    []Byline // in the order printed; may be empty
	Dateline   Dateline
	Previous   string // the revision this one was made from, or empty
	Lead       string // identity of the lead picture, or empty
	Pictures   []Use  // one for each picture, the lead's included; an unused one is dropped
	Body       *Node  // of type Doc; nil is an empty body
}

// Kinds lists the kinds of journalism, the default first.
var Kinds = []string{"news", "analysis", "opinion", "interview", "review", "letter", "obituary", "page"}

// A Byline is one name under the headline, as printed.
type Byline struct {
	Name   string
	Role   string // "words", "pictures" or "translation"; empty means words
	Person string // ID of the person, if the paper knows one by that name
}

// A Dateline is the place and the day a report was filed from. Either may be empty.
type Dateline struct {
	Place string
	Date  string // as 2006-01-02
}

// A Use is a picture as this article prints it. The words are the article's
// own: an edit in the picture library changes no published page.
type Use struct {
	Picture    string // identity: SHA-256 of the master, in hex
	Alt        string // what the picture shows, for those who cannot see it
	Decorative bool   // it says nothing that the text does not; it needs no Alt
	Caption    string // under the lead picture; a figure in the body has a caption of its own
	Credit     string
	Licence    string
	FocalX     int // the point that a crop must keep, in thousandths of the width
	FocalY     int // and of the height; 500, 500 is the middle
}

// Use returns the article's use of the picture with that identity.
func (d *Document) Use(picture string) (Use, bool) {
	for _, u := range d.Pictures {
		if u.Picture == picture {
			return u, true
		}
	}
	return Use{}, false
}

// Writers returns the names of those who wrote the words, in order.
func (d *Document) Writers() []string {
	var names []string
	for _, b := range d.Bylines {
		if b.Role == "" || b.Role == "words" {
			names = append(names, b.Name)
		}
	}
	return names
}

// A Node is a block or a piece of inline text.
type Node struct {
	Type    Type
	Attrs   map[string]any // string, int64 or bool by the schema; a missing one has its default
	Content []*Node
	Text    string // of a Text node only
	Marks   []Mark // of a Text node only
}

// A Mark is a property of a stretch of text.
type Mark struct {
	Type  MarkType
	Attrs map[string]any
}

// Attr returns the string attribute of that name, or its default.
func (n *Node) Attr(name string) string {
	s, _ := attribute(specs[n.Type].attrs, n.Attrs, name).(string)
	return s
}

// pictureAttrs names the attribute in which a node of that type refers to a picture.
var pictureAttrs = map[Type]string{Figure: "picture", Video: "poster"}

// picture returns the identity of the picture that n shows: a figure's or a
// film's poster. It is empty if n shows none.
func (n *Node) picture() string {
	name, ok := pictureAttrs[n.Type]
	if !ok {
		return ""
	}
	return n.Attr(name)
}

// Int returns the integer attribute of that name, or its default.
func (n *Node) Int(name string) int {
	i, _ := attribute(specs[n.Type].attrs, n.Attrs, name).(int64)
	return int(i)
}

// Attr returns the string attribute of that name, or its default.
func (m *Mark) Attr(name string) string {
	s, _ := attribute(marks[m.Type].attrs, m.Attrs, name).(string)
	return s
}

func attribute(schema []attr, attrs map[string]any, name string) any {
	if v, ok := attrs[name]; ok {
		return v
	}
	for _, a := range schema {
		if a.name == name {
			return a.def
		}
	}
	return nil
}

// Walk calls f for n and everything below it, in reading order. If f returns
// false for a node, what is below that node is passed over.
func (n *Node) Walk(f func(*Node) bool) {
	if n == nil || !f(n) {
		return
	}
	for _, c := range n.Content {
		c.Walk(f)
	}
}

// Inner returns the text below n without marks; hard breaks become spaces and
// footnotes below n are left out.
func (n *Node) Inner() string {
	var b strings.Builder
	n.Walk(func(c *Node) bool {
		switch c.Type {
		case Text:
			b.WriteString(c.Text)
		case HardBreak:
			b.WriteByte(' ')
		case Footnote:
			return c == n
		}
		return true
	})
	return b.String()
}
