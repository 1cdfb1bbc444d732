package document

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"unicode/utf8"
)

// Decode reads a document from JSON and judges it. Its errors are
// [broadside.Invalid] and name the place: body.content[3].attrs.level.
// Unknown fields, nodes, marks and attributes, fields given twice, fractions,
// broken UTF-8 and U+0000 are errors; null stands for an attribute's default.
func Decode(data []byte) (*Document, error) {
	d := new(Document)
	err := decode(data, d)
	if err == nil {
		err = d.check()
	}
	if err != nil {
		return nil, refused(err)
	}
	return d, nil
}

func decode(data []byte, d *Document) error {
	if err := checkBytes(len(data)); err != nil {
		return err
	}
	if !utf8.Valid(data) {
		return faultf("the text is not valid UTF-8")
	}
	if loneSurrogate(data) {
		return faultf("an escape names half of a character (a lone surrogate)")
	}
	r := &reader{dec: json.NewDecoder(bytes.NewReader(data))}
	r.dec.UseNumber()
	if err := r.document(d); err != nil {
		return err
	}
	if r.dec.More() {
		return faultf("something follows the document")
	}
	return nil
}

var surrogate = regexp.MustCompile(`\\+u[dD][89abAB][0-9a-fA-F]{2}(\\u[dD][c-fC-F][0-9a-fA-F]{2})?|\\+u[dD][c-fC-F][0-9a-fA-F]{2}`)

// loneSurrogate reports an escaped surrogate without its other half, which
// encoding/json would replace silently.
func loneSurrogate(data []byte) bool {
	if !bytes.Contains(data, []byte(`\u`)) {
		return false
	}
	for _, m := range surrogate.FindAll(data, -1) {
		slashes := len(m) - len(bytes.TrimLeft(m, `\`))
		if slashes%2 == 1 && len(m)-slashes < 11 {
			return true
		}
	}
	return false
}

// A reader decodes JSON token by token, so that it can refuse what
// encoding/json lets pass: fields given twice and fields nobody knows.
type reader struct {
	dec   *json.Decoder
	nodes int
}

func (r *reader) document(d *Document) error {
	version := int64(0)
	err := r.object(func(key string) (err error) {
		switch key {
		case "schema":
			version, err = r.integer()
		case "kind":
			d.Kind, err = r.text()
		case "lang":
			d.Lang, err = r.text()
		case "dir":
			d.Dir, err = r.text()
		case "headline":
			d.Headline, err = r.text()
		case "standfirst":
			d.Standfirst, err = r.text()
		case "bylines":
			err = r.array(func() error {
				d.Bylines = append(d.Bylines, Byline{})
				return r.byline(&d.Bylines[len(d.Bylines)-1])
			})
		case "dateline":
			err = r.texts(map[string]*string{"place": &d.Dateline.Place, "date": &d.Dateline.Date})
		case "previous":
			d.Previous, err = r.text()
		case "lead":
			d.Lead, err = r.text()
		case "pictures":
			err = r.array(func() error {
				d.Pictures = append(d.Pictures, Use{FocalX: 500, FocalY: 500})
				return r.use(&d.Pictures[len(d.Pictures)-1])
			})
		case "body":
			d.Body, err = r.node(0)
		default:
			err = faultf("no such field")
		}
		return err
	})
	if err == nil && version != SchemaVersion {
		err = within("schema", faultf("version %d is unknown: this program reads version %d", version, SchemaVersion))
	}
	return err
}

func (r *reader) byline(b *Byline) error {
	return r.texts(map[string]*string{"name": &b.Name, "role": &b.Role, "person": &b.Person})
}

func (r *reader) use(u *Use) error {
	return r.object(func(key string) (err error) {
		switch key {
		case "picture":
			u.Picture, err = r.text()
		case "alt":
			u.Alt, err = r.text()
		case "decorative":
			u.Decorative, err = r.boolean()
		case "caption":
			u.Caption, err = r.text()
		case "credit":
			u.Credit, err = r.text()
		case "licence":
			u.Licence, err = r.text()
		case "focal":
			point := []*int{&u.FocalX, &u.FocalY}
			err = r.array(func() error {
				if len(point) == 0 {
					return faultf("a focal point has two numbers")
				}
				i, err := r.integer()
				*point[0], point = int(i), point[1:]
				return err
			})
		default:
			err = faultf("no such field")
		}
		return err
	})
}

func (r *reader) node(depth int) (*Node, error) {
	// The check comes again when all is read; here it bounds what a stranger's bytes can cost.
	r.nodes++
	if err := checkSize(depth, r.nodes); err != nil {
		return nil, err
	}
	n := new(Node)
	err := r.object(func(key string) (err error) {
		switch key {
		case "type":
			err = readAs(r, &n.Type)
		case "attrs":
			n.Attrs, err = r.attrs()
		case "content":
			err = r.array(func() error {
				c, err := r.node(depth + 1)
				n.Content = append(n.Content, c)
				return err
			})
		case "text":
			n.Text, err = r.text()
		case "marks":
			err = r.array(func() error {
				n.Marks = append(n.Marks, Mark{})
				return r.mark(&n.Marks[len(n.Marks)-1])
			})
		default:
			err = faultf("no such field")
		}
		return err
	})
	return n, err
}

func (r *reader) mark(m *Mark) error {
	return r.object(func(key string) (err error) {
		switch key {
		case "type":
			err = readAs(r, &m.Type)
		case "attrs":
			m.Attrs, err = r.attrs()
		default:
			err = faultf("no such field")
		}
		return err
	})
}

// attrs reads attributes of whatever type; the schema judges them later.
func (r *reader) attrs() (map[string]any, error) {
	attrs := map[string]any{}
	err := r.object(func(key string) error {
		t, err := r.token()
		if err != nil {
			return err
		}
		switch v := t.(type) {
		case nil: // the default
		case string, bool:
			attrs[key] = v
		case json.Number:
			i, err := wholeNumber(v)
			attrs[key] = i
			return err
		default:
			return faultf("an attribute is a string, a whole number or true or false")
		}
		return nil
	})
	return attrs, err
}

// texts reads an object whose fields are all strings.
func (r *reader) texts(fields map[string]*string) error {
	return r.object(func(key string) (err error) {
		field, ok := fields[key]
		if !ok {
			return faultf("no such field")
		}
		*field, err = r.text()
		return err
	})
}

func (r *reader) object(field func(key string) error) error {
	if err := r.open('{', "an object"); err != nil {
		return err
	}
	var seen []string
	for r.dec.More() {
		t, err := r.token()
		if err != nil {
			return err
		}
		key := t.(string) // the decoder lets nothing else stand here
		if slices.Contains(seen, key) {
			return within(key, faultf("the field is given twice"))
		}
		seen = append(seen, key)
		if err := field(key); err != nil {
			return within(key, err)
		}
	}
	_, err := r.token()
	return err
}

func (r *reader) array(element func() error) error {
	if err := r.open('[', "a list"); err != nil {
		return err
	}
	for i := 0; r.dec.More(); i++ {
		if err := element(); err != nil {
			return within(index(i), err)
		}
	}
	_, err := r.token()
	return err
}

func (r *reader) open(want json.Delim, what string) error {
	t, err := r.token()
	if err != nil {
		return err
	}
	if t != want {
		return faultf("there must be %s here", what)
	}
	return nil
}

func (r *reader) token() (json.Token, error) {
	t, err := r.dec.Token()
	if err != nil {
		return nil, faultf("this is not JSON (%v)", err)
	}
	return t, nil
}

func readAs[T ~string](r *reader, to *T) error {
	s, err := r.text()
	*to = T(s)
	return err
}

func (r *reader) text() (string, error) {
	t, err := r.token()
	if err != nil {
		return "", err
	}
	s, ok := t.(string)
	if !ok {
		return "", faultf("there must be a string here")
	}
	return s, nil
}

func (r *reader) boolean() (bool, error) {
	t, err := r.token()
	if err != nil {
		return false, err
	}
	b, ok := t.(bool)
	if !ok {
		return false, faultf("there must be true or false here")
	}
	return b, nil
}

func (r *reader) integer() (int64, error) {
	t, err := r.token()
	if err != nil {
		return 0, err
	}
	n, ok := t.(json.Number)
	if !ok {
		return 0, faultf("there must be a number here")
	}
	return wholeNumber(n)
}

func wholeNumber(n json.Number) (int64, error) {
	i, err := strconv.ParseInt(n.String(), 10, 64)
	if err != nil {
		return 0, faultf("%s is not a whole number", n)
	}
	return i, nil
}
