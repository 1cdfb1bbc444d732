package document

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"example.org/broadside"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

// golden compares got with testdata/name.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs:\n%s\nwant:\n%s", name, got, want)
	}
}

func canonical(t *testing.T, d *Document) []byte {
	t.Helper()
	b, err := d.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The canonical bytes of schema 1 are a promise to every revision ever stored:
// this file must never change, which is why -update leaves it alone.
func TestCanonicalBytesNeverChange(t *testing.T) {
	got := canonical(t, everyBlock())
	want, err := os.ReadFile("testdata/every-block.v1.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("canonical bytes are\n%s\nthey were\n%s", got, want)
	}
	again, err := Decode(got)
	if err != nil {
		t.Fatal(err)
	}
	if twice := canonical(t, again); !bytes.Equal(got, twice) {
		t.Errorf("decoded and encoded again:\n%s\nwant:\n%s", twice, got)
	}
}

func TestForms(t *testing.T) {
	d := everyBlock()
	canonical(t, d)
	golden(t, "every-block.html", []byte(d.HTML(shown)))
	golden(t, "every-block.md", []byte(d.Markdown()+"\n"))
	golden(t, "every-block.txt", []byte(d.Text()+"\n"))
	golden(t, "every-block.twin.txt", []byte(d.Twin(Words{})+"\n"))
}

// What we write as HTML or Markdown, we read back to the same tree.
func TestRoundTrips(t *testing.T) {
	d := everyBlock()
	want := string(canonical(t, d))
	forms := map[string]func() (*Node, error){
		"HTML":     func() (*Node, error) { return FromHTML([]byte(d.HTML(shown)), sources) },
		"Markdown": func() (*Node, error) { return FromMarkdown([]byte(d.Markdown()), sources) },
	}
	for name, read := range forms {
		body, err := read()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		back := everyBlock()
		back.Body = body
		if got := string(canonical(t, back)); got != want {
			t.Errorf("%s read back:\n%s\nwant:\n%s", name, diffFrom(got, want), diffFrom(want, got))
		}
	}
}

// diffFrom returns the part of a from shortly before it departs from b.
func diffFrom(a, b string) string {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	return a[max(0, i-60):min(len(a), i+200)]
}

func TestDecodeRefuses(t *testing.T) {
	body := func(s string) string {
		return `{"schema":1,"lang":"en","headline":"H","body":{"type":"doc","content":[` + s + `]}}`
	}
	id := identity("x")
	tests := []struct{ name, src, want string }{
		{"no JSON", `{`, "this is not JSON"},
		{"another schema", `{"schema":2}`, "schema: version 2 is unknown"},
		{"unknown field", `{"schema":1,"colour":"red"}`, "colour: no such field"},
		{"field twice", `{"schema":1,"headline":"a","headline":"b"}`, "headline: the field is given twice"},
		{"unknown node", body(`{"type":"iframe"}`), `body.content[0].type: the schema has no node "iframe"`},
		{"unknown attribute", body(`{"type":"paragraph","attrs":{"style":"x"}}`), "body.content[0].attrs.style: there is no such attribute"},
		{"unknown mark", body(`{"type":"paragraph","content":[{"type":"text","text":"a","marks":[{"type":"blink"}]}]}`), `body.content[0].content[0].marks[0].type: the schema has no mark "blink"`},
		{"mark not allowed", body(`{"type":"heading","content":[{"type":"text","text":"a","marks":[{"type":"code"}]}]}`), `the mark "code" is not allowed here`},
		{"wrong type", body(`{"type":"heading","attrs":{"level":"2"}}`), "body.content[0].attrs.level: the value must be a whole number"},
		{"fraction", body(`{"type":"heading","attrs":{"level":2.5}}`), "2.5 is not a whole number"},
		{"out of range", body(`{"type":"heading","attrs":{"level":7}}`), "7 is not between 2 and 4"},
		{"empty list", body(`{"type":"bullet_list"}`), "a bullet_list needs 1"},
		{"block in paragraph", body(`{"type":"paragraph","content":[{"type":"divider"}]}`), "a divider cannot stand in a paragraph"},
		{"ragged table", body(`{"type":"table","content":[{"type":"table_row","content":[{"type":"table_cell"}]},{"type":"table_row","content":[{"type":"table_cell"},{"type":"table_cell"}]}]}`), "the row has 2 cells, the first has 1"},
		{"figure without use", body(`{"type":"figure","attrs":{"picture":"` + id + `"},"content":[{"type":"figure_caption"}]}`), "is not in the list of pictures"},
		{"picture by path", body(`{"type":"figure","attrs":{"picture":"../../etc"},"content":[{"type":"figure_caption"}]}`), "is not the SHA-256"},
		{"poster without use", body(`{"type":"video","attrs":{"file":"` + id + `","poster":"` + id + `"}}`), "body.content[0].attrs.poster: the picture"},
		{"lead without use", `{"schema":1,"lead":"` + id + `"}`, "lead: the picture"},
		{"U+0000", `{"schema":1,"headline":"a\u0000b"}`, "headline: the character U+0000"},
		{"broken UTF-8", "{\"schema\":1,\"headline\":\"\xff\"}", "not valid UTF-8"},
		{"lone surrogate", `{"schema":1,"headline":"\ud83d!"}`, "half of a character"},
		{"something behind", `{"schema":1} {}`, "something follows"},
		{"too deep", body(strings.Repeat(`{"type":"blockquote","content":[`, 80) + strings.Repeat(`]}`, 80)), "nested more than"},
		{"wrong date", `{"schema":1,"dateline":{"date":"yesterday"}}`, "dateline.date"},
		{"wrong kind", `{"schema":1,"kind":"advert"}`, "kind"},
	}
	for _, tt := range tests {
		_, err := Decode([]byte(tt.src))
		if broadside.KindOf(err) != broadside.Invalid || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: Decode = %v, want an Invalid error with %q", tt.name, err, tt.want)
		}
	}
}

// Two spellings of one document have one canonical form.
func TestCanonicalNormalises(t *testing.T) {
	tests := []struct{ name, a, b string }{
		{"order of fields and white space", `{"headline":"H", "schema":1}`, `{"schema":1,"headline":"H"}`},
		{"defaults", `{"schema":1,"kind":"news","dir":"ltr"}`, `{"schema":1}`},
		{"decomposed letters", `{"schema":1,"headline":"Cafe\u0301"}`, `{"schema":1,"headline":"Café"}`},
		{"an escaped pair", `{"schema":1,"headline":"\ud83d\ude00"}`, `{"schema":1,"headline":"😀"}`},
		{"soft hyphens", `{"schema":1,"headline":"har\u00adbour"}`, `{"schema":1,"headline":"harbour"}`},
		{"split text", `{"schema":1,"body":{"type":"doc","content":[{"type":"paragraph","attrs":{"dir":null},"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]}}`,
			`{"schema":1,"body":{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"ab"}]}]}}`},
		{"order of marks", `{"schema":1,"body":{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"a","marks":[{"type":"em"},{"type":"strong"}]}]}]}}`,
			`{"schema":1,"body":{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"a","marks":[{"type":"strong"},{"type":"em"}]}]}]}}`},
		{"a poster is used", `{"schema":1,"pictures":[{"picture":"` + identity("x") + `","decorative":true}],"body":{"type":"doc","content":[{"type":"video","attrs":{"poster":"` + identity("x") + `","file":"` + identity("f") + `"}}]}}`,
			`{"schema":1,"pictures":[{"picture":"` + identity("x") + `","decorative":true}],"body":{"type":"doc","content":[{"type":"video","attrs":{"file":"` + identity("f") + `","poster":"` + identity("x") + `"}}]}}`},
		{"an unused picture", `{"schema":1,"pictures":[{"picture":"` + identity("x") + `"}]}`, `{"schema":1}`},
	}
	for _, tt := range tests {
		var got [2]string
		for i, src := range []string{tt.a, tt.b} {
			d, err := Decode([]byte(src))
			if err != nil {
				t.Fatalf("%s: %v", tt.name, err)
			}
			got[i] = string(canonical(t, d))
		}
		if got[0] != got[1] {
			t.Errorf("%s: canonical forms differ:\n%s\n%s", tt.name, got[0], got[1])
		}
	}
}

// Whatever may be stored can be read again: the limits are the same both ways.
func TestLimitsHoldBothWays(t *testing.T) {
	nested := func(levels int) *Node {
		var list *Node
		for range levels {
			i := item(para("x"))
			if list != nil {
				i.Content = append(i.Content, list)
			}
			list = node(BulletList, nil, i)
		}
		return node(Doc, nil, list)
	}
	many := node(Doc, nil)
	for range maxNodes/2 + 1 {
		many.Content = append(many.Content, para("x"))
	}
	tests := []struct {
		name string
		body *Node
		want string
	}{
		{"a list of 14 levels", nested(14), ""},
		{"the deepest list", nested((maxDepth - 2) / 2), ""},
		{"a level too many", nested((maxDepth-2)/2 + 1), "nested more than 64 deep"},
		{"too many paragraphs", many, "more than 100000 nodes"},
		{"too many bytes", node(Doc, nil, para(strings.Repeat("x", MaxBytes))), "larger than 4194304 bytes"},
	}
	for _, tt := range tests {
		b, err := (&Document{Body: tt.body}).Canonical()
		if tt.want != "" {
			if broadside.KindOf(err) != broadside.Invalid || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%s: Canonical = %v, want an Invalid error with %q", tt.name, err, tt.want)
			}
			continue
		}
		if err == nil {
			_, err = Decode(b)
		}
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

func TestProblems(t *testing.T) {
	if got := everyBlock(); len(got.Problems()) != 0 {
		t.Errorf("a sound article has problems: %+v", got.Problems())
	}
	bad := everyBlock()
	bad.Headline = ""
	bad.Pictures[0].Alt = ""
	bad.Pictures[1].Credit = ""
	bad.Body.Content = append(bad.Body.Content,
		node(Heading, attrsOf("level", int64(2)), txt("Two")), node(Heading, attrsOf("level", int64(4)), txt("Four")),
		node(Timeline, nil, node(BoxTitle, nil), node(TimelineEvent, attrsOf("date", "last week"), para("x"))),
		node(Paragraph, nil, txt("here", Mark{Type: Link, Attrs: attrsOf("href", "javascript:alert(1)")})),
		node(Embed, attrsOf("url", "ftp://old.example/")))
	want := []string{"no headline", "The lead picture has no description", "Picture 1 in the text has no credit", "“Four” is of level 4",
		"“last week” in the timeline", "“javascript:alert(1)”", "“ftp://old.example/” of the embed"}
	got := bad.Problems()
	if len(got) != len(want) {
		t.Fatalf("Problems = %+v, want %d", got, len(want))
	}
	for i, w := range want {
		if !strings.Contains(got[i].Sentence, w) {
			t.Errorf("problem %d = %q, want %q in it", i, got[i].Sentence, w)
		}
	}
}

// An address that could run a script never becomes a link.
func TestUnsafeLinksAreNotWritten(t *testing.T) {
	for _, href := range []string{"javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "//evil.example/x", "vbscript:x", "java\tscript:x", `\\evil`, "http:", ""} {
		d := &Document{Body: node(Doc, nil, node(Paragraph, nil, txt("x", Mark{Type: Link, Attrs: attrsOf("href", href)})))}
		if got := d.HTML(HTMLOptions{}); strings.Contains(got, "<a") {
			t.Errorf("HTML with a link to %q = %s, want no link", href, got)
		}
	}
}

func TestWords(t *testing.T) {
	tests := []struct {
		text string
		want int
	}{
		{"", 0}, {"One two, three — four.", 4}, {"Don’t stop 24-hour trains", 4}, {"Жители — за порт", 3}, {"東京は雨", 4},
	}
	for _, tt := range tests {
		d := &Document{Body: node(Doc, nil, para(tt.text))}
		if got := d.Words(); got != tt.want {
			t.Errorf("Words(%q) = %d, want %d", tt.text, got, tt.want)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	d := everyBlock()
	for range 50 {
		d.Body.Content = append(d.Body.Content, para(strings.Repeat("The motion to set the sale aside passed by three to none. ", 5)))
	}
	src, err := d.Canonical()
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		if _, err := Decode(src); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	if sample, err := everyBlock().Canonical(); err == nil {
		f.Add(sample)
	}
	f.Add([]byte(`{"schema":1,"body":{"type":"doc"}}`))
	f.Fuzz(func(t *testing.T, src []byte) {
		d, err := Decode(src)
		if err != nil {
			return
		}
		first, err := d.Canonical()
		if err != nil {
			t.Fatalf("decoded, but has no canonical form: %v", err)
		}
		again, err := Decode(first)
		if err != nil {
			t.Fatalf("canonical bytes do not decode: %v\n%s", err, first)
		}
		if second, _ := again.Canonical(); !bytes.Equal(first, second) {
			t.Fatalf("not canonical:\n%s\n%s", first, second)
		}
		if !norm.NFC.IsNormal(first) {
			t.Fatalf("not NFC: %q", first)
		}
		if page := d.HTML(shown); strings.Contains(page, "<script") {
			t.Fatalf("script in %s", page)
		}
	})
}
