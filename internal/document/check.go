package document

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Limits of one document. A thousand pages of print stay below them.
const (
	MaxBytes = 4 << 20 // of its JSON
	maxDepth = 64      // of nested nodes; a level of a list takes two
	maxNodes = 100_000
)

// checkBytes judges the length of a document's JSON.
func checkBytes(length int) error {
	if length > MaxBytes {
		return faultf("the document is larger than %d bytes", MaxBytes)
	}
	return nil
}

// checkSize judges how deep a node lies and how many came before it.
func checkSize(depth, nodes int) error {
	if nodes > maxNodes {
		return faultf("the document has more than %d nodes", maxNodes)
	}
	if depth > maxDepth {
		return faultf("nodes are nested more than %d deep", maxDepth)
	}
	return nil
}

// checkTree judges the size of the tree below n.
func checkTree(n *Node, depth int, nodes *int) error {
	*nodes++
	if err := checkSize(depth, *nodes); err != nil {
		return err
	}
	for _, c := range n.Content {
		if err := checkTree(c, depth+1, nodes); err != nil {
			return err
		}
	}
	return nil
}

// check judges the document by the schema: size, types, attributes, content
// rules, marks, and that every picture has its use. It changes nothing.
func (d *Document) check() error {
	if err := d.checkEnvelope(); err != nil {
		return err
	}
	for i, u := range d.Pictures {
		if err := d.checkUse(u, d.Pictures[:i]); err != nil {
			return within("pictures", within(index(i), err))
		}
	}
	if _, ok := d.Use(d.Lead); d.Lead != "" && !ok {
		return within("lead", faultf("the picture %.8s… is not in the list of pictures", d.Lead))
	}
	if d.Body == nil {
		return nil
	}
	if d.Body.Type != Doc {
		return within("body.type", faultf("the body is of type %q, it must be %q", d.Body.Type, Doc))
	}
	if err := checkTree(d.Body, 0, new(int)); err != nil {
		return within("body", err)
	}
	return within("body", d.checkNode(d.Body, nil))
}

func (d *Document) checkEnvelope() error {
	for _, f := range []struct{ path, text string }{
		{"headline", d.Headline}, {"standfirst", d.Standfirst}, {"previous", d.Previous}, {"dateline.place", d.Dateline.Place},
	} {
		if err := checkText(f.text); err != nil {
			return within(f.path, err)
		}
	}
	if d.Kind != "" && !slices.Contains(Kinds, d.Kind) {
		return within("kind", faultf("%q is none of %q", d.Kind, Kinds))
	}
	if d.Lang != "" {
		if err := languageTag(d.Lang); err != nil {
			return within("lang", faultf("%v", err))
		}
	}
	if err := oneOf("", "ltr", "rtl")(d.Dir); err != nil {
		return within("dir", faultf("%v", err))
	}
	if _, err := time.Parse(time.DateOnly, d.Dateline.Date); d.Dateline.Date != "" && err != nil {
		return within("dateline.date", faultf("%q is no date such as 2026-03-14", d.Dateline.Date))
	}
	for i, b := range d.Bylines {
		if err := checkByline(b); err != nil {
			return within("bylines", within(index(i), err))
		}
	}
	return nil
}

func checkByline(b Byline) error {
	if strings.TrimSpace(b.Name) == "" {
		return faultf("a byline needs a name")
	}
	if err := oneOf("", "words", "pictures", "translation")(b.Role); err != nil {
		return within("role", faultf("%v", err))
	}
	return checkText(b.Name + b.Person)
}

func (d *Document) checkUse(u Use, before []Use) error {
	if err := digest(u.Picture); err != nil {
		return within("picture", faultf("%v", err))
	}
	if slices.ContainsFunc(before, func(b Use) bool { return b.Picture == u.Picture }) {
		return within("picture", faultf("the picture %.8s… is in the list twice", u.Picture))
	}
	if u.FocalX < 0 || u.FocalX > 1000 || u.FocalY < 0 || u.FocalY > 1000 {
		return within("focal", faultf("the point %d, %d is outside the picture: both go from 0 to 1000", u.FocalX, u.FocalY))
	}
	return checkText(u.Alt + u.Caption + u.Credit + u.Licence)
}

func (d *Document) checkNode(n *Node, allowed []MarkType) error {
	s, known := specs[n.Type]
	if !known {
		return within("type", faultf("the schema has no node %q", n.Type))
	}
	if err := checkAttrs(s.attrs, n.Attrs); err != nil {
		return within("attrs", err)
	}
	if n.Type == Text {
		return checkTextNode(n, allowed)
	}
	if n.Text != "" || len(n.Marks) > 0 {
		return faultf("only text has text and marks, a %s has not", n.Type)
	}
	if err := checkContent(n, s.content); err != nil {
		return err
	}
	if id := n.picture(); id != "" {
		if _, ok := d.Use(id); !ok {
			return within("attrs."+pictureAttrs[n.Type], faultf("the picture %.8s… is not in the list of pictures", id))
		}
	}
	for i, c := range n.Content {
		if err := d.checkNode(c, s.marks); err != nil {
			return within("content", within(index(i), err))
		}
	}
	return nil
}

func checkTextNode(n *Node, allowed []MarkType) error {
	if len(n.Content) > 0 {
		return within("content", faultf("text has no content"))
	}
	if err := checkText(n.Text); err != nil {
		return within("text", err)
	}
	for i, m := range n.Marks {
		if err := checkMark(m, allowed, n.Marks[:i]); err != nil {
			return within("marks", within(index(i), err))
		}
	}
	if hasMark(n.Marks, Sub) && hasMark(n.Marks, Sup) {
		return within("marks", faultf("text is either sub or sup"))
	}
	return nil
}

func checkMark(m Mark, allowed []MarkType, before []Mark) error {
	s, known := marks[m.Type]
	switch {
	case !known:
		return within("type", faultf("the schema has no mark %q", m.Type))
	case !slices.Contains(allowed, m.Type):
		return faultf("the mark %q is not allowed here", m.Type)
	case hasMark(before, m.Type):
		return faultf("the mark %q is given twice", m.Type)
	}
	return within("attrs", checkAttrs(s.attrs, m.Attrs))
}

func hasMark(ms []Mark, t MarkType) bool {
	return slices.ContainsFunc(ms, func(m Mark) bool { return m.Type == t })
}

func checkAttrs(schema []attr, attrs map[string]any) error {
	for name := range attrs {
		if !slices.ContainsFunc(schema, func(a attr) bool { return a.name == name }) {
			return within(name, faultf("there is no such attribute here"))
		}
	}
	for _, a := range schema {
		v, given := attrs[a.name]
		if !given && !a.required {
			continue
		}
		if !given {
			return within(a.name, faultf("the attribute is missing"))
		}
		if err := a.judge(v); err != nil {
			return within(a.name, err)
		}
	}
	return nil
}

// judge looks at one value: its type, its text, and the attribute's own rule.
func (a *attr) judge(v any) error {
	switch a.def.(type) {
	case string:
		s, ok := v.(string)
		if !ok {
			return faultf("the value must be a string")
		}
		if err := checkText(s); err != nil {
			return err
		}
	case int64:
		if _, ok := v.(int64); !ok {
			return faultf("the value must be a whole number")
		}
	}
	if a.check == nil {
		return nil
	}
	if err := a.check(v); err != nil {
		return faultf("%v", err)
	}
	return nil
}

// checkContent matches the children against the terms of the rule in order.
// No rule needs to look ahead, so taking all that fit is enough.
func checkContent(n *Node, rule []term) error {
	i := 0
	for _, t := range rule {
		count := 0
		for i < len(n.Content) && (t.max == 0 || count < t.max) && slices.Contains(t.types, n.Content[i].Type) {
			i++
			count++
		}
		if count < t.min {
			return faultf("a %s needs %d of %q here, it has %d", n.Type, t.min, t.types, count)
		}
	}
	if i < len(n.Content) {
		c := n.Content[i]
		if _, known := specs[c.Type]; !known {
			return within("content", within(index(i), within("type", faultf("the schema has no node %q", c.Type))))
		}
		return within("content", within(index(i), faultf("a %s cannot stand in a %s at this place", c.Type, n.Type)))
	}
	if n.Type != Table {
		return nil
	}
	for j, row := range n.Content {
		if width := len(n.Content[0].Content); len(row.Content) != width {
			return within("content", within(index(j), faultf("the row has %d cells, the first has %d", len(row.Content), width)))
		}
	}
	return nil
}

// checkText refuses what no output could carry: broken UTF-8, control
// characters and noncharacters. XML 1.0, section 2.2, forbids the same.
func checkText(s string) error {
	if !utf8.ValidString(s) {
		return faultf("the text is not valid UTF-8")
	}
	for i, r := range s {
		if r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0x7F || r == 0xFFFE || r == 0xFFFF {
			return faultf("the character U+%04X, at byte %d, cannot be printed", r, i)
		}
	}
	return nil
}
