package document

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// check judges the document by the schema: types, attributes, content rules,
// marks, and that every figure has its use. It changes nothing.
func (d *Document) check() error {
	if err := d.checkEnvelope(); err != nil {
		return err
	}
	for i, u := range d.Pictures {
		if err := d.checkUse(fmt.Sprintf("pictures[%d]", i), u, d.Pictures[:i]); err != nil {
			return err
		}
	}
	if _, ok := d.Use(d.Lead); d.Lead != "" && !ok {
		return invalid("lead", "the picture %.8s… is not in the list of pictures", d.Lead)
	}
	if d.Body == nil {
		return nil
	}
	if d.Body.Type != Doc {
		return invalid("body.type", "the body is of type %q, it must be %q", d.Body.Type, Doc)
	}
	return d.checkNode("body", d.Body, nil)
}

func (d *Document) checkEnvelope() error {
	for _, f := range []struct{ path, text string }{
		{"headline", d.Headline}, {"standfirst", d.Standfirst}, {"previous", d.Previous}, {"dateline.place", d.Dateline.Place},
	} {
		if err := checkText(f.path, f.text); err != nil {
			return err
		}
	}
	if d.Kind != "" && !slices.Contains(Kinds, d.Kind) {
		return invalid("kind", "%q is none of %q", d.Kind, Kinds)
	}
	if d.Lang != "" {
		if err := languageTag(d.Lang); err != nil {
			return invalid("lang", "%v", err)
		}
	}
	if err := oneOf("", "ltr", "rtl")(d.Dir); err != nil {
		return invalid("dir", "%v", err)
	}
	if _, err := time.Parse(time.DateOnly, d.Dateline.Date); d.Dateline.Date != "" && err != nil {
		return invalid("dateline.date", "%q is no date such as 2026-03-14", d.Dateline.Date)
	}
	for i, b := range d.Bylines {
		path := fmt.Sprintf("bylines[%d]", i)
		if strings.TrimSpace(b.Name) == "" {
			return invalid(path, "a byline needs a name")
		}
		if err := checkText(path, b.Name+b.Person); err != nil {
			return err
		}
		if err := oneOf("", "words", "pictures", "translation")(b.Role); err != nil {
			return invalid(path+".role", "%v", err)
		}
	}
	return nil
}

func (d *Document) checkUse(path string, u Use, before []Use) error {
	if err := digest(u.Picture); err != nil {
		return invalid(path+".picture", "%v", err)
	}
	if slices.ContainsFunc(before, func(b Use) bool { return b.Picture == u.Picture }) {
		return invalid(path+".picture", "the picture %.8s… is in the list twice", u.Picture)
	}
	if u.FocalX < 0 || u.FocalX > 1000 || u.FocalY < 0 || u.FocalY > 1000 {
		return invalid(path+".focal", "the point %d, %d is outside the picture: both go from 0 to 1000", u.FocalX, u.FocalY)
	}
	return checkText(path, u.Alt+u.Caption+u.Credit+u.Licence)
}

func (d *Document) checkNode(path string, n *Node, allowed []MarkType) error {
	s, known := specs[n.Type]
	if !known {
		return invalid(path+".type", "the schema has no node %q", n.Type)
	}
	if err := checkAttrs(path, s.attrs, n.Attrs); err != nil {
		return err
	}
	if n.Type == Text {
		return checkTextNode(path, n, allowed)
	}
	if n.Text != "" || len(n.Marks) > 0 {
		return invalid(path, "only text has text and marks, a %s has not", n.Type)
	}
	if err := checkContent(path, n, s.content); err != nil {
		return err
	}
	if p := n.Attr("picture"); n.Type == Figure {
		if _, ok := d.Use(p); !ok {
			return invalid(path+".attrs.picture", "the picture %.8s… is not in the list of pictures", p)
		}
	}
	for i, c := range n.Content {
		if err := d.checkNode(fmt.Sprintf("%s.content[%d]", path, i), c, s.marks); err != nil {
			return err
		}
	}
	return nil
}

func checkTextNode(path string, n *Node, allowed []MarkType) error {
	if len(n.Content) > 0 {
		return invalid(path+".content", "text has no content")
	}
	if err := checkText(path+".text", n.Text); err != nil {
		return err
	}
	for i, m := range n.Marks {
		path := fmt.Sprintf("%s.marks[%d]", path, i)
		s, known := marks[m.Type]
		if !known {
			return invalid(path+".type", "the schema has no mark %q", m.Type)
		}
		if !slices.Contains(allowed, m.Type) {
			return invalid(path, "the mark %q is not allowed here", m.Type)
		}
		if slices.ContainsFunc(n.Marks[:i], func(b Mark) bool { return b.Type == m.Type }) {
			return invalid(path, "the mark %q is given twice", m.Type)
		}
		if err := checkAttrs(path, s.attrs, m.Attrs); err != nil {
			return err
		}
	}
	if hasMark(n, Sub) && hasMark(n, Sup) {
		return invalid(path+".marks", "text is either sub or sup")
	}
	return nil
}

func hasMark(n *Node, t MarkType) bool {
	return slices.ContainsFunc(n.Marks, func(m Mark) bool { return m.Type == t })
}

func checkAttrs(path string, schema []attr, attrs map[string]any) error {
	for name := range attrs {
		if !slices.ContainsFunc(schema, func(a attr) bool { return a.name == name }) {
			return invalid(path+".attrs."+name, "there is no such attribute here")
		}
	}
	for _, a := range schema {
		path := path + ".attrs." + a.name
		v, given := attrs[a.name]
		if !given {
			if a.required {
				return invalid(path, "the attribute is missing")
			}
			continue
		}
		if fmt.Sprintf("%T", v) != fmt.Sprintf("%T", a.def) {
			return invalid(path, "the value must be a %s", map[string]string{"string": "string", "int64": "whole number", "bool": "true or false"}[fmt.Sprintf("%T", a.def)])
		}
		if s, ok := v.(string); ok {
			if err := checkText(path, s); err != nil {
				return err
			}
		}
		if a.check != nil {
			if err := a.check(v); err != nil {
				return invalid(path, "%v", err)
			}
		}
	}
	return nil
}

// checkContent matches the children against the terms of the rule in order.
// No rule needs to look ahead, so taking all that fit is enough.
func checkContent(path string, n *Node, rule []term) error {
	i := 0
	for _, t := range rule {
		count := 0
		for i < len(n.Content) && (t.max == 0 || count < t.max) && slices.Contains(t.types, n.Content[i].Type) {
			i++
			count++
		}
		if count < t.min {
			return invalid(path, "a %s needs %d of %q here, it has %d", n.Type, t.min, t.types, count)
		}
	}
	if i < len(n.Content) {
		c := n.Content[i]
		if _, known := specs[c.Type]; !known {
			return invalid(fmt.Sprintf("%s.content[%d].type", path, i), "the schema has no node %q", c.Type)
		}
		return invalid(fmt.Sprintf("%s.content[%d]", path, i), "a %s cannot stand in a %s at this place", c.Type, n.Type)
	}
	if n.Type == Table {
		for j, row := range n.Content {
			if len(row.Content) != len(n.Content[0].Content) {
				return invalid(fmt.Sprintf("%s.content[%d]", path, j), "the row has %d cells, the first has %d", len(row.Content), len(n.Content[0].Content))
			}
		}
	}
	return nil
}

// checkText refuses what no output could carry: broken UTF-8, control
// characters and noncharacters. XML 1.0, section 2.2, forbids the same.
func checkText(path, s string) error {
	if !utf8.ValidString(s) {
		return invalid(path, "the text is not valid UTF-8")
	}
	for i, r := range s {
		if r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0x7F || r == 0xFFFE || r == 0xFFFF {
			return invalid(path, "the character U+%04X, at byte %d, cannot be printed", r, i)
		}
	}
	return nil
}
