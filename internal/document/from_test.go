package document

import (
	"strings"
	"testing"

	"example.org/broadside"
)

// outline returns the tree in a short form: type(children) and "text".
func outline(n *Node) string {
	if n.Type == Text {
		s := `"` + n.Text + `"`
		for _, m := range n.Marks {
			s += "+" + string(m.Type)
		}
		return s
	}
	parts := []string{}
	for _, c := range n.Content {
		parts = append(parts, outline(c))
	}
	return string(n.Type) + "(" + strings.Join(parts, " ") + ")"
}

func TestFromHTML(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"white space folds", "<p>one\n  two <b>three </b> four</p>", `doc(paragraph("one two " "three "+strong "four"))`},
		{"loose text is a paragraph", "one <em>two</em><p>three", `doc(paragraph("one " "two"+em) paragraph("three"))`},
		{"wrappers open", "<div class=x><section><div><p>a</p></div></section></div>", `doc(paragraph("a"))`},
		{"a whole page", "<!doctype html><html><head><title>t</title><style>p{}</style></head><body><main><h1>Big</h1><p>a</p></main></body></html>", `doc(heading("Big") paragraph("a"))`},
		{"breaks", "<p>a<br>\nb<br></p>", `doc(paragraph("a" hard_break() "b"))`},
		{"nested lists", "<ul><li>a<ul><li>b</li></ul></li><li><p>c</p><p>d</p></li></ul>", `doc(bullet_list(list_item(paragraph("a") bullet_list(list_item(paragraph("b")))) list_item(paragraph("c") paragraph("d"))))`},
		{"list beside its item", "<ul><li>a</li><ul><li>b</li></ul></ul>", `doc(bullet_list(list_item(paragraph("a") bullet_list(list_item(paragraph("b"))))))`},
		{"quotation", "<blockquote>a<footer>B</footer></blockquote>", `doc(blockquote(paragraph("a") quote_cite("B")))`},
		{"inline quotation", "<p>a <q>b</q></p>", `doc(paragraph("a “b”"))`},
		{"table", "<table><tr><th>a</th><th>b</th></tr><tr><td>c</td></tr></table>", `doc(table(table_row(table_cell("a") table_cell("b")) table_row(table_cell("c") table_cell())))`},
		{"paragraphs in a cell", "<table><tr><td><p>a</p><p>b</p></td></tr></table>", `doc(table(table_row(table_cell("a" hard_break() "b"))))`},
		{"linked picture", `<a href="/big"><img src="p" alt="x"></a>`, `doc(figure(figure_caption()))`},
		{"picture in a paragraph", `<p>a <img src="p"> b</p>`, `doc(paragraph("a") figure(figure_caption()) paragraph("b"))`},
		{"preformatted", "<pre>a\n  b</pre>", `doc(paragraph("a"+code hard_break() "  b"+code))`},
		{"mark twice", "<p><b><strong>a</strong></b></p>", `doc(paragraph("a"+strong))`},
		{"entities", "<p>&lt;b&gt; &amp; caf&eacute;</p>", `doc(paragraph("<b> & café"))`},
		{"soft hyphens go", "<p>har&shy;bour</p>", `doc(paragraph("harbour"))`},
	}
	for _, tt := range tests {
		body, err := FromHTML([]byte(tt.src), Options{Picture: func(string, string) (string, error) { return identity("p"), nil }})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if got := outline(body); got != tt.want {
			t.Errorf("%s: FromHTML(%q) =\n%s, want\n%s", tt.name, tt.src, got, tt.want)
		}
	}
}

func TestFromMarkdown(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"emphasis", "a *b* **c** ~~d~~ `e`", `doc(paragraph("a " "b"+em " " "c"+strong " " "d"+strike " " "e"+code))`},
		{"figure", "![alt](p.jpg \"A caption\")", `doc(figure(figure_caption("A caption")))`},
		{"heading", "# Top\n\n## Second\n\n##### Fifth", `doc(heading("Top") heading("Second") heading("Fifth"))`},
		{"loose list", "- a\n\n- b\n", `doc(bullet_list(list_item(paragraph("a")) list_item(paragraph("b"))))`},
		{"table", "| a | b |\n|---|---|\n| c | d |", `doc(table(table_row(table_cell("a") table_cell("b")) table_row(table_cell("c") table_cell("d"))))`},
		{"footnote", "a[^x] b\n\n[^x]: Note *here*.", `doc(paragraph("a" footnote("Note " "here"+em ".") " b"))`},
		{"fact box", "<section class=\"box\">\n<h2>T</h2>\n<p>a</p>\n</section>", `doc(fact_box(box_title("T") paragraph("a")))`},
		{"windows line ends", "a\r\nb\r\n\r\nc", `doc(paragraph("a b") paragraph("c"))`},
	}
	for _, tt := range tests {
		body, err := FromMarkdown([]byte(tt.src), Options{Picture: func(string, string) (string, error) { return identity("p"), nil }})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if got := outline(body); got != tt.want {
			t.Errorf("%s: FromMarkdown(%q) =\n%s, want\n%s", tt.name, tt.src, got, tt.want)
		}
	}
}

func TestFromText(t *testing.T) {
	tests := []struct{ src, want string }{
		{"one\ntwo\n\nthree", `doc(paragraph("one two") paragraph("three"))`},
		{"\ufeffone\r\n\r\n\r\ntwo\r\n", `doc(paragraph("one") paragraph("two"))`},
		{"So:\n\n- a\n- b", `doc(paragraph("So:") bullet_list(list_item(paragraph("a")) list_item(paragraph("b"))))`},
		{"- a\nb", `doc(paragraph("- a b"))`},
		{"", `doc()`},
		{"<b>not markup</b>", `doc(paragraph("<b>not markup</b>"))`},
	}
	for _, tt := range tests {
		body, err := FromText([]byte(tt.src))
		if err != nil {
			t.Errorf("FromText(%q): %v", tt.src, err)
			continue
		}
		if got := outline(body); got != tt.want {
			t.Errorf("FromText(%q) =\n%s, want\n%s", tt.src, got, tt.want)
		}
	}
}

// What has no place in an article is refused by line and by name.
func TestRefusedMarkup(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"script", "<p>a</p>\n<script>alert(1)</script>", "Line 2: the element <script>"},
		{"handler", "<p>a</p>\n\n<p onclick=\"x()\">b</p>", "Line 3: the event handler onclick on <p>"},
		{"frame", "<iframe src=x></iframe>", "Line 1: the element <iframe>"},
		{"form", "<form><input></form>", "Line 1: the element <form>"},
		{"svg", "<svg><script>x</script></svg>", "Line 1: the element <svg>"},
		{"script link", "<p>\n<a href=\" javascript:alert(1)\">x</a></p>", `Line 2: the link to " javascript:alert(1)"`},
		{"NUL", "<p>a\x00b</p>", "U+0000"},
		{"broken UTF-8", "<p>\xff</p>", "not valid UTF-8"},
	}
	for _, tt := range tests {
		if _, err := FromHTML([]byte(tt.src), Options{}); broadside.KindOf(err) != broadside.Invalid || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: FromHTML = %v, want an Invalid error with %q", tt.name, err, tt.want)
		}
	}
	for src, want := range map[string]string{
		"a\n\nb <script>x</script>":         "Line 3: the element <script>",
		"a\n\n<iframe src=x></iframe>":      "Line 3: the element <iframe>",
		"a\n\n[x](javascript:alert(1))":     "Line 3: the link",
		"a\n\n<p onmouseover=x>\n\nb\n</p>": "Line 3: the event handler",
	} {
		if _, err := FromMarkdown([]byte(src), Options{}); broadside.KindOf(err) != broadside.Invalid || !strings.Contains(err.Error(), want) {
			t.Errorf("FromMarkdown(%q) = %v, want an Invalid error with %q", src, err, want)
		}
	}
}

// Whatever a stranger sends is refused or becomes a valid document whose HTML
// reads back to the same tree.
func fuzzBody(t *testing.T, read func() (*Node, error)) {
	body, err := read()
	if err != nil {
		return
	}
	d := &Document{Body: body}
	body.Walk(func(n *Node) bool {
		if p := n.Attr("picture"); n.Type == Figure && p != "" {
			if _, known := d.Use(p); !known {
				d.Pictures = append(d.Pictures, Use{Picture: p, FocalX: 500, FocalY: 500})
			}
		}
		return true
	})
	if _, err := d.Canonical(); err != nil {
		t.Fatalf("read, but not valid: %v", err)
	}
	page := d.HTML(shown)
	if strings.Contains(page, "<script") || strings.Contains(page, "javascript:") && strings.Contains(page, `href="javascript:`) {
		t.Fatalf("unsafe HTML: %s", page)
	}
	if _, err := FromHTML([]byte(page), sources); err != nil {
		t.Fatalf("our own HTML is refused: %v\n%s", err, page)
	}
	_ = d.Markdown()
	_ = d.Text()
}

var fuzzed = Options{
	Picture: func(string, string) (string, error) { return identity("p"), nil },
	File:    func(string) (string, error) { return identity("f"), nil },
}

func FuzzFromHTML(f *testing.F) {
	f.Add(everyBlock().HTML(shown))
	f.Add("<ul><li><table><tr><td><ul><li>x</table></ul>")
	f.Fuzz(func(t *testing.T, src string) {
		fuzzBody(t, func() (*Node, error) { return FromHTML([]byte(src), fuzzed) })
	})
}

func FuzzFromMarkdown(f *testing.F) {
	f.Add(everyBlock().Markdown())
	f.Add("> - a\n>   > b\n\n[^1]: x")
	f.Fuzz(func(t *testing.T, src string) {
		fuzzBody(t, func() (*Node, error) { return FromMarkdown([]byte(src), fuzzed) })
	})
}
