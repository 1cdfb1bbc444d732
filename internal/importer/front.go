package importer

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"example.org/broadside"
	"example.org/broadside/internal/document"
)

// front is the front matter of a file: YAML between two lines of ---.
type front struct {
	Title      string       `yaml:"title"`
	Standfirst string       `yaml:"standfirst"`
	Author     string       `yaml:"author"`
	Authors    []author     `yaml:"authors"`
	Date       string       `yaml:"date"`
	Section    string       `yaml:"section"`
	Tags       []string     `yaml:"tags"`
	Kind       string       `yaml:"kind"`
	Lang       string       `yaml:"lang"`
	Slug       string       `yaml:"slug"`
	Story      string       `yaml:"story"`
	Dateline   dateline     `yaml:"dateline"`
	Picture    *pictureUse  `yaml:"picture"`
	Pictures   []pictureUse `yaml:"pictures"`
}

type dateline struct {
	Place string `yaml:"place"`
	Date  string `yaml:"date"`
}

// An author is a name alone or a name with a role.
type author struct {
	Name string `yaml:"name"`
	Role string `yaml:"role"`
}

// UnmarshalYAML reads either form.
func (a *author) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		return n.Decode(&a.Name)
	}
	// A node forgets that its decoder wanted known fields only.
	for i := 0; n.Kind == yaml.MappingNode && i < len(n.Content); i += 2 {
		if key := n.Content[i]; key.Kind != yaml.ScalarNode || key.Value != "name" && key.Value != "role" {
			return fmt.Errorf("line %d: field %s not found in type author", key.Line, cmp.Or(key.Value, "?"))
		}
	}
	type fields author // which has no UnmarshalYAML
	return n.Decode((*fields)(a))
}

type pictureUse struct {
	File       string `yaml:"file"`
	Alt        string `yaml:"alt"`
	Decorative bool   `yaml:"decorative"`
	Caption    string `yaml:"caption"`
	Credit     string `yaml:"credit"`
	Licence    string `yaml:"licence"`
	Focal      []int  `yaml:"focal"`
}

// split parts a file into its front matter and its text, and returns the
// number of the line with which the text begins.
func split(src []byte) (matter, text []byte, line int, err error) {
	if !utf8.Valid(src) {
		at := invalidAt(src)
		return nil, nil, 0, lineError(1+bytes.Count(src[:at], []byte("\n")), "The file is not valid UTF-8: save it as UTF-8 and import it again.")
	}
	if i := bytes.IndexByte(src, 0); i >= 0 {
		return nil, nil, 0, lineError(1+bytes.Count(src[:i], []byte("\n")), "The character U+0000 cannot stand in an article.")
	}
	src = bytes.TrimPrefix(src, []byte("\uFEFF"))
	lines := bytes.SplitAfter(src, []byte("\n"))
	if strings.TrimSpace(string(lines[0])) != "---" {
		return nil, nil, 0, lineError(1, "The file does not begin with front matter: a line ---, then title and section, then a line ---.")
	}
	for i, l := range lines[1:] {
		if strings.TrimRight(string(l), " \r\n") == "---" {
			return bytes.Join(lines[1:i+1], nil), bytes.Join(lines[i+2:], nil), i + 3, nil
		}
	}
	return nil, nil, 0, lineError(1, "The front matter has no end: a line --- must follow it.")
}

func invalidAt(src []byte) int {
	for i := 0; i < len(src); {
		r, size := utf8.DecodeRune(src[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(src)
}

// pageKind is the kind of the paper's own pages, which are in no section.
const pageKind = "page"

// maxFront is more than a front matter is, in bytes. The YAML parser takes a
// time that grows with the square of the number of fields.
const maxFront = 64 << 10

func parseFront(matter []byte) (*front, error) {
	if len(matter) > maxFront {
		return nil, lineError(1, "The front matter is longer than %d KB.", maxFront>>10)
	}
	var tree yaml.Node
	if err := yaml.Unmarshal(matter, &tree); err != nil {
		return nil, yamlError(err)
	}
	if err := refuseDoubles(&tree); err != nil {
		return nil, err
	}
	f := new(front)
	dec := yaml.NewDecoder(bytes.NewReader(matter))
	dec.KnownFields(true)
	if err := dec.Decode(f); err != nil {
		return nil, yamlError(err)
	}
	if err := dec.Decode(new(yaml.Node)); err != io.EOF {
		return nil, lineError(1, "The front matter is more than one YAML document: what follows its end, such as a line ..., would be lost.")
	}
	for _, required := range []struct{ name, value string }{{"title", f.Title}, {"section", f.Section}} {
		if f.Kind == pageKind && required.name == "section" {
			continue
		}
		if strings.TrimSpace(required.value) == "" {
			return nil, lineError(1, "The front matter has no %s.", required.name)
		}
	}
	if f.Kind != "" && !slices.Contains(document.Kinds, f.Kind) {
		return nil, lineError(lineOf(matter, "kind"), "The kind %q is none of %s.", f.Kind, strings.Join(document.Kinds, ", "))
	}
	if f.Author != "" && len(f.Authors) > 0 {
		return nil, lineError(lineOf(matter, "author"), "Give either author or authors, not both.")
	}
	return f, nil
}

// refuseDoubles returns an error if a field stands twice in the same place. The
// YAML parser does so too, but lists every pair: those may be millions.
func refuseDoubles(n *yaml.Node) error {
	type key struct {
		kind  yaml.Kind
		value string
	}
	seen := map[key]bool{}
	for i, c := range n.Content {
		if k := (key{c.Kind, c.Value}); n.Kind == yaml.MappingNode && i%2 == 0 {
			if seen[k] {
				return lineError(c.Line+1, "The front matter has the field %q twice.", c.Value)
			}
			seen[k] = true
		}
		if err := refuseDoubles(c); err != nil {
			return err
		}
	}
	return nil
}

// lineOf returns the line of a key in the file, whose front matter begins with
// its second line.
func lineOf(matter []byte, key string) int {
	for i, l := range bytes.Split(matter, []byte("\n")) {
		if bytes.HasPrefix(l, []byte(key+":")) {
			return i + 2
		}
	}
	return 1
}

var (
	yamlLine     = regexp.MustCompile(`line (\d+): `)
	otherLine    = regexp.MustCompile(`line (\d+)`)
	unknownField = regexp.MustCompile(`field (\S+) not found in type \S+`)
	wrongType    = regexp.MustCompile("cannot unmarshal \\S+ (`.*`)? ?into .*")
)

// yamlError says in our words what the YAML parser found, with lines counted
// from the beginning of the file.
func yamlError(err error) error {
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	if te, ok := errors.AsType[*yaml.TypeError](err); ok {
		message = te.Errors[0]
	}
	line := 2
	if m := yamlLine.FindStringSubmatch(message); m != nil {
		line = inFile(m[1])
		message = strings.Replace(message, m[0], "", 1)
	}
	switch {
	case unknownField.MatchString(message):
		message = fmt.Sprintf("The front matter knows no field %q.", unknownField.FindStringSubmatch(message)[1])
	case wrongType.MatchString(message):
		value := strings.TrimSpace("The value " + wrongType.FindStringSubmatch(message)[1])
		message = value + " is not of the form that this field needs."
	case message == "EOF":
		message = "The front matter is empty: it needs a title and a section."
	default:
		message = otherLine.ReplaceAllStringFunc(message, func(s string) string {
			return fmt.Sprintf("line %d", inFile(otherLine.FindStringSubmatch(s)[1]))
		})
		message = "The front matter is not YAML: " + message + ". A value with a colon in it needs quotes."
	}
	return lineError(line, "%s", message)
}

// inFile returns the line of the file for one that the YAML parser counts.
func inFile(digits string) int {
	n, _ := strconv.Atoi(digits) // digits only, by the patterns
	return n + 1
}

// dateForms are the ways to write a date, in the paper's time zone unless it
// names its own.
var dateForms = []string{time.DateOnly, "2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02 15:04:05", time.RFC3339}

func parseDate(s string, loc *time.Location) (time.Time, error) {
	for _, form := range dateForms {
		if t, err := time.ParseInLocation(form, s, loc); err == nil {
			return t.UTC(), checkDate(s, t)
		}
	}
	return time.Time{}, broadside.Errorf(broadside.Invalid, "The date %q cannot be read: write 2026-03-14, 2026-03-14 06:00 or 2026-03-14T06:00:00Z.", s)
}

// The years that an article can be of: before the first there were no
// newspapers, and after the last is a slip of the hand.
const firstYear, lastYear = 1600, 2200

func checkDate(s string, t time.Time) error {
	if t.Year() < firstYear || t.Year() > lastYear {
		return broadside.Errorf(broadside.Invalid, "The date %q is not between the years %d and %d.", s, firstYear, lastYear)
	}
	// The store has no other way to say that there is no date.
	if t.UnixMilli() == 0 {
		return broadside.Errorf(broadside.Invalid, "The date %q is what programs write where there is none: give the true date, or none, or an hour other than this one.", s)
	}
	return nil
}
