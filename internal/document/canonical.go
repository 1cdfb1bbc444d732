package document

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Canonical normalises d in place, judges it as [Decode] does and returns its
// canonical bytes: the one form of this document, the same on every machine
// and for ever. They are UTF-8 JSON without white space, fields in the order
// of [Document], empty and default values left out, characters escaped only
// where RFC 8785, section 3.2.2.2, demands it.
func (d *Document) Canonical() ([]byte, error) {
	d.normalise()
	if err := d.check(); err != nil {
		return nil, refused(err)
	}
	w := &writer{}
	w.document(d)
	if err := checkBytes(w.buf.Len()); err != nil {
		return nil, refused(err)
	}
	return w.buf.Bytes(), nil
}

// normalise brings text to NFC, joins neighbouring text of the same marks,
// fills in what the schema presumes and drops what has no meaning.
func (d *Document) normalise() {
	d.Kind = cmp.Or(d.Kind, Kinds[0])
	d.Dir = cmp.Or(d.Dir, "ltr")
	for _, s := range []*string{&d.Headline, &d.Standfirst, &d.Dateline.Place} {
		*s = strings.TrimSpace(normal(*s))
	}
	for i := range d.Bylines {
		b := &d.Bylines[i]
		b.Name = strings.TrimSpace(normal(b.Name))
		if b.Role == "words" {
			b.Role = ""
		}
	}
	if d.Body == nil {
		d.Body = &Node{Type: Doc}
	}
	d.Body.normalise()
	d.normaliseUses()
}

func (d *Document) normaliseUses() {
	used := map[string]bool{d.Lead: true}
	d.Body.Walk(func(n *Node) bool {
		used[n.picture()] = true
		return true
	})
	d.Pictures = slices.DeleteFunc(d.Pictures, func(u Use) bool { return !used[u.Picture] })
	for i := range d.Pictures {
		u := &d.Pictures[i]
		for _, s := range []*string{&u.Alt, &u.Caption, &u.Credit, &u.Licence} {
			*s = strings.TrimSpace(normal(*s))
		}
		if u.Decorative {
			u.Alt = ""
		}
		if u.Picture != d.Lead {
			u.Caption = "" // the figure's own caption is the one that is printed
		}
	}
}

func (n *Node) normalise() {
	schema := specs[n.Type].attrs
	n.Attrs = normalAttrs(schema, n.Attrs)
	n.Text = normal(n.Text)
	for i := range n.Marks {
		n.Marks[i].Attrs = normalAttrs(marks[n.Marks[i].Type].attrs, n.Marks[i].Attrs)
	}
	slices.SortStableFunc(n.Marks, func(a, b Mark) int {
		return cmp.Compare(slices.Index(markOrder, a.Type), slices.Index(markOrder, b.Type))
	})
	var joined []*Node
	for _, c := range n.Content {
		if c == nil {
			continue
		}
		c.normalise()
		if c.Type == Text && c.Text == "" {
			continue
		}
		if last := len(joined) - 1; c.Type == Text && last >= 0 && joined[last].Type == Text && sameMarks(joined[last].Marks, c.Marks) {
			// What each half has in NFC need not be in NFC when joined.
			joined[last] = &Node{Type: Text, Text: normal(joined[last].Text + c.Text), Marks: c.Marks}
			continue
		}
		joined = append(joined, c)
	}
	n.Content = joined
}

// normalAttrs drops defaults, so that an attribute has one form only.
func normalAttrs(schema []attr, attrs map[string]any) map[string]any {
	kept := map[string]any{}
	for name, v := range attrs {
		if s, ok := v.(string); ok {
			v = normal(s)
		}
		if !slices.ContainsFunc(schema, func(a attr) bool { return a.name == name && !a.required && a.def == v }) {
			kept[name] = v
		}
	}
	if len(kept) == 0 {
		return nil
	}
	return kept
}

func sameMarks(a, b []Mark) bool {
	return slices.EqualFunc(a, b, func(a, b Mark) bool {
		if a.Type != b.Type || len(a.Attrs) != len(b.Attrs) {
			return false
		}
		for name, v := range a.Attrs {
			if b.Attrs[name] != v {
				return false
			}
		}
		return true
	})
}

// printable turns line ends and tabs, which have no meaning in running text,
// into spaces, and drops soft hyphens and byte order marks, which split words
// for search engines and screen readers.
var printable = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\t", " ", "\u00AD", "", "\uFEFF", "")

func normal(s string) string { return norm.NFC.String(printable.Replace(s)) }

// A writer emits canonical JSON.
type writer struct{ buf bytes.Buffer }

func (w *writer) document(d *Document) {
	w.buf.WriteString(`{"schema":` + strconv.Itoa(SchemaVersion))
	w.field("kind", d.Kind)
	w.field("lang", d.Lang)
	w.field("dir", d.Dir)
	w.field("headline", d.Headline)
	w.field("standfirst", d.Standfirst)
	writeList(w, "bylines", d.Bylines, func(b Byline) {
		w.first("name", b.Name)
		w.field("role", b.Role)
		w.field("person", b.Person)
	})
	if d.Dateline != (Dateline{}) {
		w.buf.WriteString(`,"dateline":{`)
		w.field("place", d.Dateline.Place)
		w.field("date", d.Dateline.Date)
		w.buf.WriteByte('}')
	}
	w.field("previous", d.Previous)
	w.field("lead", d.Lead)
	writeList(w, "pictures", d.Pictures, w.use)
	w.buf.WriteString(`,"body":`)
	w.node(d.Body)
	w.buf.WriteByte('}')
}

func (w *writer) use(u Use) {
	w.first("picture", u.Picture)
	w.field("alt", u.Alt)
	if u.Decorative {
		w.buf.WriteString(`,"decorative":true`)
	}
	w.field("caption", u.Caption)
	w.field("credit", u.Credit)
	w.field("licence", u.Licence)
	if u.FocalX != 500 || u.FocalY != 500 {
		w.buf.WriteString(`,"focal":[` + strconv.Itoa(u.FocalX) + `,` + strconv.Itoa(u.FocalY) + `]`)
	}
}

func (w *writer) node(n *Node) {
	w.buf.WriteByte('{')
	w.first("type", string(n.Type))
	w.attrs(specs[n.Type].attrs, n.Attrs)
	if n.Type == Text {
		w.field("text", n.Text)
	}
	writeList(w, "marks", n.Marks, func(m Mark) {
		w.first("type", string(m.Type))
		w.attrs(marks[m.Type].attrs, m.Attrs)
	})
	if len(n.Content) > 0 {
		w.buf.WriteString(`,"content":[`)
		for i, c := range n.Content {
			if i > 0 {
				w.buf.WriteByte(',')
			}
			w.node(c)
		}
		w.buf.WriteByte(']')
	}
	w.buf.WriteByte('}')
}

func (w *writer) attrs(schema []attr, attrs map[string]any) {
	if len(attrs) == 0 {
		return
	}
	w.buf.WriteString(`,"attrs":{`)
	for _, a := range schema {
		switch v := attrs[a.name].(type) {
		case string:
			w.comma()
			w.string(a.name)
			w.buf.WriteByte(':')
			w.string(v)
		case int64:
			w.comma()
			w.string(a.name)
			w.buf.WriteString(":" + strconv.FormatInt(v, 10))
		case bool:
			w.comma()
			w.string(a.name)
			w.buf.WriteString(":" + strconv.FormatBool(v))
		}
	}
	w.buf.WriteByte('}')
}

func writeList[T any](w *writer, name string, list []T, element func(T)) {
	if len(list) == 0 {
		return
	}
	w.comma()
	w.string(name)
	w.buf.WriteString(":[")
	for i, e := range list {
		if i > 0 {
			w.buf.WriteByte(',')
		}
		w.buf.WriteByte('{')
		element(e)
		w.buf.WriteByte('}')
	}
	w.buf.WriteByte(']')
}

// first writes a field even when it is empty; field leaves an empty one out.
func (w *writer) first(name, value string) {
	w.string(name)
	w.buf.WriteByte(':')
	w.string(value)
}

func (w *writer) field(name, value string) {
	if value != "" {
		w.comma()
		w.first(name, value)
	}
}

// comma parts a field from the one before it, if there is one.
func (w *writer) comma() {
	if b := w.buf.Bytes(); b[len(b)-1] != '{' {
		w.buf.WriteByte(',')
	}
}

// string writes s by RFC 8785, section 3.2.2.2: only the quote, the backslash
// and control characters are escaped.
func (w *writer) string(s string) {
	const hexDigits = "0123456789abcdef"
	w.buf.WriteByte('"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			w.buf.WriteByte('\\')
			w.buf.WriteByte(c)
		case c < 0x20: // the check refuses all but tab and line ends, which normalise turns into spaces
			w.buf.WriteString(`\u00`)
			w.buf.WriteByte(hexDigits[c>>4])
			w.buf.WriteByte(hexDigits[c&15])
		default:
			w.buf.WriteByte(c)
		}
	}
	w.buf.WriteByte('"')
}
