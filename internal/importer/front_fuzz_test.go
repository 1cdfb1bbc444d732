package importer

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"example.org/broadside"
)

// Whatever a file holds, reading it ends in a title and a section, or in a
// sentence for its writer that names a line of the file.
func FuzzFrontMatter(f *testing.F) {
	for _, seed := range []string{
		"---\ntitle: A\nsection: B\n---\ntext",
		"---\r\ntitle: A\r\nsection: B\r\nauthors: [x, {name: y, role: words}]\r\n---\r\n",
		"---\ntitle: &a [*a]\n---\n",
		"---\npicture: {file: a, focal: [1, 2]}\ntitle: \"\\x41\"\nsection: |\n  b\n---\n",
		"---\ntitle: A\ntitle: B\n---\n",
		"---\ntitle: &n A\nsection: B\nauthors: [*n, {name: *n}, {? *n : x}, {<<: *n}, &a [*a]]\n---\n",
		"---\n? [a, b]\n: c\n---\n",
		"---\nauthors: [[a], null, *x]\n---\n",
		"---\n<<: {title: a}\nsection: !!binary aGk=\n---",
		"\uFEFF--- \n...\n--- ",
		"a\x00b", "a\nb\xff", "",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		matter, text, line, err := split(src)
		if err == nil {
			if n := 1 + bytes.Count(src[:len(src)-len(text)], []byte("\n")); n != line && len(text) > 0 {
				t.Errorf("the text begins in line %d, not %d", n, line)
			}
			var fr *front
			if fr, err = parseFront(matter); err == nil {
				if strings.TrimSpace(fr.Title) == "" || strings.TrimSpace(fr.Section) == "" {
					t.Errorf("%+v has no title or no section", fr)
				}
				_, _ = parseDate(fr.Date, time.UTC)
				return
			}
		}
		if broadside.KindOf(err) != broadside.Invalid || !strings.HasPrefix(err.Error(), "Line ") {
			t.Errorf("%v is not of kind Invalid, or names no line", err)
		}
	})
}
