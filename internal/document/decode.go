package document

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"unicode/utf8"

	"example.org/broadside"
)

// Limits of one document. A thousand pages of print stay below them.
const (
	MaxBytes = 4 << 20 // of its JSON
	maxDepth = 24      // of nested nodes
	maxNodes = 100_000
)

// Decode reads a document from JSON and judges it. Its errors are
// [broadside.Invalid] and name the place: body.content[3].attrs.level.
// Unknown fields, nodes, marks and attributes, fields given twice, fractions,
// broken UTF-8 and U+0000 are errors; null stands for an attribute's default.
func Decode(data []byte) (*Document, error) {
	if len(data) > MaxBytes {
		return nil, invalid("", "the document is larger than %d bytes", MaxBytes)
	}
	if !utf8.Valid(data) {
		return nil, invalid("", "the text is not valid UTF-8")
	}
	if loneSurrogate(data) {
		return nil, invalid("", "an escape names half of a character (a lone surrogate)")
	}
	r := &reader{dec: json.NewDecoder(bytes.NewReader(data))}
	r.dec.UseNumber()
	d := new(Document)
	if err := r.document(d); err != nil {
		return nil, err
	}
	if r.dec.More() {
		return nil, invalid("", "something follows the document")
	}
	if err := d.check(); err != nil {
		return nil, err
	}
	return d, nil
}

func invalid(path, format string, args ...any) error {
	sentence := fmt.Sprintf(format, args...)
	if path == "" {
		return broadside.Errorf(broadside.Invalid, "The document cannot be read: %s.", sentence)
	}
	return broadside.Errorf(broadside.Invalid, "The document cannot be read: %s: %s.", path, sentence)
}

var surrogate = regexp.MustCompile(`\\+u[dD][89abAB][0-9a-fA-F]{2}(\\u[dD][c-fC-F][0-9a-fA-F]{2})?|\\+u[dD][c-fC-F][0-9a-fA-F]{2}`)

// loneSurrogate reports an escaped surrogate without its other half, which
// encoding/json would replace silently.
func loneSurrogate(data []byte) bool {
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
	err := r.object("", func(key, path string) (err error) {
		switch key {
		case "schema":
			version, err = r.integer(path)
		case "kind":
			d.Kind, err = r.text(path)
		case "lang":
			d.Lang, err = r.text(path)
		case "dir":
			d.Dir, err = r.text(path)
		case "headline":
			d.Headline, err = r.text(path)
		case "standfirst":
			d.Standfirst, err = r.text(path)
		case "bylines":
			err = r.array(path, func(path string) error {
				d.Bylines = append(d.Bylines, Byline{})
				return r.byline(path, &d.Bylines[len(d.Bylines)-1])
			})
		case "dateline":
			err = r.texts(path, map[string]*string{"place": &d.Dateline.Place, "date": &d.Dateline.Date})
		case "previous":
			d.Previous, err = r.text(path)
		case "lead":
			d.Lead, err = r.text(path)
		case "pictures":
			err = r.array(path, func(path string) error {
				d.Pictures = append(d.Pictures, Use{FocalX: 500, FocalY: 500})
				return r.use(path, &d.Pictures[len(d.Pictures)-1])
			})
		case "body":
			d.Body, err = r.node(path, 0)
		default:
			err = invalid(path, "no such field")
		}
		return err
	})
	if err == nil && version != SchemaVersion {
		err = invalid("schema", "version %d is unknown: this program reads version %d", version, SchemaVersion)
	}
	return err
}

func (r *reader) byline(path string, b *Byline) error {
	return r.texts(path, map[string]*string{"name": &b.Name, "role": &b.Role, "person": &b.Person})
}

func (r *reader) use(path string, u *Use) error {
	return r.object(path, func(key, path string) (err error) {
		switch key {
		case "picture":
			u.Picture, err = r.text(path)
		case "alt":
			u.Alt, err = r.text(path)
		case "decorative":
			u.Decorative, err = r.boolean(path)
		case "caption":
			u.Caption, err = r.text(path)
		case "credit":
			u.Credit, err = r.text(path)
		case "licence":
			u.Licence, err = r.text(path)
		case "focal":
			point := []*int{&u.FocalX, &u.FocalY}
			err = r.array(path, func(path string) error {
				if len(point) == 0 {
					return invalid(path, "a focal point has two numbers")
				}
				i, err := r.integer(path)
				*point[0], point = int(i), point[1:]
				return err
			})
		default:
			err = invalid(path, "no such field")
		}
		return err
	})
}

func (r *reader) node(path string, depth int) (*Node, error) {
	if r.nodes++; r.nodes > maxNodes {
		return nil, invalid(path, "the document has more than %d nodes", maxNodes)
	}
	if depth > maxDepth {
		return nil, invalid(path, "nodes are nested more than %d deep", maxDepth)
	}
	n := new(Node)
	err := r.object(path, func(key, path string) (err error) {
		switch key {
		case "type":
			err = readAs(r, path, &n.Type)
		case "attrs":
			n.Attrs, err = r.attrs(path)
		case "content":
			err = r.array(path, func(path string) error {
				c, err := r.node(path, depth+1)
				n.Content = append(n.Content, c)
				return err
			})
		case "text":
			n.Text, err = r.text(path)
		case "marks":
			err = r.array(path, func(path string) error {
				n.Marks = append(n.Marks, Mark{})
				return r.mark(path, &n.Marks[len(n.Marks)-1])
			})
		default:
			err = invalid(path, "no such field")
		}
		return err
	})
	return n, err
}

func (r *reader) mark(path string, m *Mark) error {
	return r.object(path, func(key, path string) (err error) {
		switch key {
		case "type":
			err = readAs(r, path, &m.Type)
		case "attrs":
			m.Attrs, err = r.attrs(path)
		default:
			err = invalid(path, "no such field")
		}
		return err
	})
}

// attrs reads attributes of whatever type; the schema judges them later.
func (r *reader) attrs(path string) (map[string]any, error) {
	attrs := map[string]any{}
	err := r.object(path, func(key, path string) error {
		t, err := r.token(path)
		if err != nil {
			return err
		}
		switch v := t.(type) {
		case nil: // the default
		case string, bool:
			attrs[key] = v
		case json.Number:
			i, err := wholeNumber(path, v)
			attrs[key] = i
			return err
		default:
			return invalid(path, "an attribute is a string, a whole number or true or false")
		}
		return nil
	})
	return attrs, err
}

// texts reads an object whose fields are all strings.
func (r *reader) texts(path string, fields map[string]*string) error {
	return r.object(path, func(key, path string) (err error) {
		field, ok := fields[key]
		if !ok {
			return invalid(path, "no such field")
		}
		*field, err = r.text(path)
		return err
	})
}

func (r *reader) object(path string, field func(key, path string) error) error {
	if err := r.open(path, '{', "an object"); err != nil {
		return err
	}
	seen := map[string]bool{}
	for r.dec.More() {
		t, err := r.token(path)
		if err != nil {
			return err
		}
		key := t.(string) // the decoder lets nothing else stand here
		below := key
		if path != "" {
			below = path + "." + key
		}
		if seen[key] {
			return invalid(below, "the field is given twice")
		}
		seen[key] = true
		if err := field(key, below); err != nil {
			return err
		}
	}
	_, err := r.token(path)
	return err
}

func (r *reader) array(path string, element func(path string) error) error {
	if err := r.open(path, '[', "a list"); err != nil {
		return err
	}
	for i := 0; r.dec.More(); i++ {
		if err := element(path + "[" + strconv.Itoa(i) + "]"); err != nil {
			return err
		}
	}
	_, err := r.token(path)
	return err
}

func (r *reader) open(path string, want json.Delim, what string) error {
	t, err := r.token(path)
	if err != nil {
		return err
	}
	if t != want {
		return invalid(path, "there must be %s here", what)
	}
	return nil
}

func (r *reader) token(path string) (json.Token, error) {
	t, err := r.dec.Token()
	if err != nil {
		return nil, invalid(path, "this is not JSON (%v)", err)
	}
	return t, nil
}

func readAs[T ~string](r *reader, path string, to *T) error {
	s, err := r.text(path)
	*to = T(s)
	return err
}

func (r *reader) text(path string) (string, error) {
	t, err := r.token(path)
	if err != nil {
		return "", err
	}
	s, ok := t.(string)
	if !ok {
		return "", invalid(path, "there must be a string here")
	}
	return s, nil
}

func (r *reader) boolean(path string) (bool, error) {
	t, err := r.token(path)
	if err != nil {
		return false, err
	}
	b, ok := t.(bool)
	if !ok {
		return false, invalid(path, "there must be true or false here")
	}
	return b, nil
}

func (r *reader) integer(path string) (int64, error) {
	t, err := r.token(path)
	if err != nil {
		return 0, err
	}
	n, ok := t.(json.Number)
	if !ok {
		return 0, invalid(path, "there must be a number here")
	}
	return wholeNumber(path, n)
}

func wholeNumber(path string, n json.Number) (int64, error) {
	i, err := strconv.ParseInt(n.String(), 10, 64)
	if err != nil {
		return 0, invalid(path, "%s is not a whole number", n)
	}
	return i, nil
}
