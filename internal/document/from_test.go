package document

import (
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/text/unicode/norm"

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
		{"preformatted", "<pre>a\n  b</pre>", `doc(paragraph("a"+code hard_break() "` + "\u00a0\u00a0" + `b"+code))`},
		{"mark twice", "<p><b><strong>a</strong></b></p>", `doc(paragraph("a"+strong))`},
		{"entities", "<p>&lt;b&gt; &amp; caf&eacute;</p>", `doc(paragraph("<b> & café"))`},
		{"timeline with more than events", `<section class="tl"><h2>T</h2><p>before</p><ol><li><time>1884</time><h3>Inner</h3><p>a</p></li></ol></section>`, `doc(paragraph("before") timeline(box_title("T") timeline_event(paragraph("Inner") paragraph("a"))))`},
		{"two pictures and a paragraph in a figure", `<figure><img src="p"><img src="p"><p>beside</p><figcaption>c</figcaption></figure>`, `doc(figure(figure_caption("c")) figure(figure_caption()) paragraph("beside"))`},
		{"text between items", "<ul>before<li>a</li>be<b>tween</b><li>b</li></ul>", `doc(bullet_list(list_item(paragraph("before")) list_item(paragraph("a")) list_item(paragraph("be" "tween"+strong)) list_item(paragraph("b"))))`},
		{"text beside a file", `<p class="file">See <a href="f">dues</a></p>`, `doc(file() paragraph("See"))`},
		{"text beside an embed", `<p class="embed"><a href="https://video.example/v">film</a> <span>provider</span> and more</p>`, `doc(embed() paragraph("and more"))`},
		{"credit in the text", `<p>a <span class="credit">b</span></p>`, `doc(paragraph("a b"))`},
		{"credit below a picture", `<figure><img src="p"><figcaption>a <span class="credit">(b)</span></figcaption></figure>`, `doc(figure(figure_caption("a")))`},
		{"endnote nobody refers to", `<p>a</p><section role="doc-endnotes"><h2>Notes</h2><p>Sources:</p><ol><li id="n">lone <a role="doc-backlink" href="#r">back</a></li></ol></section>`, `doc(paragraph("a") paragraph("Sources:") ordered_list(list_item(paragraph("lone"))))`},
		{"reference to no endnote", `<p>a<a role="doc-noteref" href="#n">b</a></p>`, `doc(paragraph("a" "b"+link))`},
		{"paragraphs in a pull quote", `<aside class="pull"><p>One.</p><p>Two.</p><footer>A</footer></aside>`, `doc(pull_quote("One. Two."))`},
		{"text that is called like an element", `<blockquote>cite</blockquote>`, `doc(blockquote(paragraph("cite")))`},
		{"source without a quotation", `<blockquote><footer>B</footer></blockquote>`, `doc(paragraph("B"))`},
		{"cells over columns and rows", `<table><tr><td colspan="2">a</td><td rowspan="2">b</td></tr><tr><td>c</td><td>d</td></tr></table>`, `doc(table(table_row(table_cell("a") table_cell() table_cell("b")) table_row(table_cell("c") table_cell("d") table_cell())))`},
		{"film in a paragraph", `<p>a <video src="f" poster="p" title="T"></video></p>`, `doc(paragraph("a") video())`},
		{"lines in preformatted text", "<pre>a<br>b</pre>", `doc(paragraph("a"+code hard_break() "b"+code))`},
		{"soft hyphens go", "<p>har&shy;bour</p>", `doc(paragraph("harbour"))`},
	}
	for _, tt := range tests {
		body, err := FromHTML([]byte(tt.src), fuzzed)
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

const endnote = `<ol role="doc-endnotes"><li id="n">b</li></ol>`

// What has no place in an article is refused by line and by name.
func TestRefusedMarkup(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"script", "<p>a</p>\n<script>alert(1)</script>", "Line 2: the element <script>"},
		{"handler", "<p>a</p>\n\n<p onclick=\"x()\">b</p>", "Line 3: the event handler onclick on <p>"},
		{"frame", "<iframe src=x></iframe>", "Line 1: the element <iframe>"},
		{"form", "<form><input></form>", "Line 1: the element <form>"},
		{"svg", "<svg><script>x</script></svg>", "Line 1: the element <svg>"},
		{"script link", "<p>\n<a href=\" javascript:alert(1)\">x</a></p>", `Line 2: the link to " javascript:alert(1)"`},
		{"nested table", "<table><tr><td><table><tr><td>a</table></table>", "A table cannot stand inside a table"},
		{"wide and long table", "<table>" + strings.Repeat(`<tr><td colspan="100">`, maxNodes/100+1) + "</table>", "more than 100000 cells"},
		{"list in an event", `<section class="tl"><ol><li><time>1884</time><ul><li>a</ul></ol></section>`, "A list cannot stand inside an event"},
		{"note in a heading", `<h2>a<a role="doc-noteref" href="#n">1</a></h2>` + endnote, "A footnote cannot stand in a heading"},
		{"note in a caption", `<table><caption>a<a role="doc-noteref" href="#n">1</a></caption><tr><td>b</table>` + endnote, "A footnote cannot stand in a heading, a caption"},
		{"note in a pull quote", `<aside class="pull">a<a role="doc-noteref" href="#n">1</a></aside>` + endnote, "A footnote cannot stand in"},
		{"note in itself", `<p>a<a role="doc-noteref" href="#n">1</a></p><ol role="doc-endnotes"><li id="n">b<a role="doc-noteref" href="#n">1</a></ol>`, "A footnote cannot refer to a footnote"},
		{"film in a cell", "<table><tr><td><video src=f></video></table>", "A sound or film cannot stand inside a line"},
		{"nested too deep", strings.Repeat("<div>", 600), "The HTML cannot be read"},
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

// usesOf returns a use for each picture of a body.
func usesOf(body *Node) []Use {
	d := &Document{}
	body.Walk(func(n *Node) bool {
		if p := n.picture(); p != "" {
			if _, known := d.Use(p); !known {
				d.Pictures = append(d.Pictures, Use{Picture: p, FocalX: 500, FocalY: 500})
			}
		}
		return true
	})
	return d.Pictures
}

// Whatever a stranger sends is refused or becomes a valid document whose HTML
// reads back to the same tree.
func fuzzBody(t *testing.T, read func() (*Node, error)) {
	body, err := read()
	if err != nil {
		return
	}
	d := &Document{Body: body, Pictures: usesOf(body)}
	if checkTree(body, 0, new(int)) != nil {
		return // too large to store, and Canonical says so
	}
	stored, err := d.Canonical()
	if err != nil {
		t.Fatalf("read, but not valid: %v", err)
	}
	if _, err := Decode(stored); err != nil {
		t.Fatalf("stored, but cannot be read: %v", err)
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
	for _, seed := range []string{
		"<ul><li><table><tr><td><ul><li>x</table></ul>",
		`<section class="tl"><h2>T</h2><p>before</p><ol>bare<li><time>1884</time><h3>Inner</h3>a<ul><li>b</ul></ol></section>`,
		`<figure><img><img><p>beside<figcaption>c <i class="credit">d</i></figcaption></figure><p class="credit">e`,
		`<p class="file">See <a href="f">dues</a> or <a href="g">dates</a><p class="embed">a <a href="/b">c</a> <span>d</span> e`,
		`<p>a<a role="doc-noteref" href="#n">1</a><h2>b</h2><div role="doc-endnotes"><h2>Notes</h2>c<ol><li id="n">d<li id="m">e <a role="doc-backlink">f</a></ol></div>`,
		`<aside class="pull"><p>One.<p>Two.<cite>a</cite><footer>b</footer></aside><blockquote>cite<cite>c</cite><footer>d</footer></blockquote>`,
		`<table><caption>a</caption><tr><th colspan=2>b<th rowspan=3>c<tr><td>d<tr><td>e<td>f</table><pre>a<br>b<video poster=p>g</video></pre><h3>Part #</h3>`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, src string) {
		fuzzBody(t, func() (*Node, error) { return FromHTML([]byte(src), fuzzed) })
		body, err := FromHTML([]byte(src), fuzzed)
		if err != nil {
			return
		}
		kept := lettersOf(keptText(body))
		for _, word := range strings.Fields(lettersOf(visibleText(t, src))) {
			if !strings.Contains(kept, word) {
				t.Fatalf("the word %q of %q is lost: %s", word, src, outline(body))
			}
		}
	})
}

// visibleText returns the text of a page that must find its way into the
// document, one piece of text a line.
func visibleText(t *testing.T, src string) string {
	t.Helper()
	root := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(src), root)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range nodes {
		root.AppendChild(n)
	}
	var b strings.Builder
	var visit func(n *html.Node, inNotes bool)
	visit = func(n *html.Node, inNotes bool) {
		inNotes = inNotes || value(n, "role") == "doc-endnotes"
		noText := isElement(n, unseen...) || isElement(n, "audio", "video") // what stands there is for old browsers
		if noText || writtenAnew(n) || value(n, "role") == "doc-noteref" || inNotes && isElement(n, headings...) {
			return
		}
		if n.Type == html.TextNode {
			b.WriteString(n.Data + "\n")
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			visit(c, inNotes)
		}
	}
	visit(root, false)
	return b.String()
}

// keptText returns the text of a document, attributes included.
func keptText(body *Node) string {
	var b strings.Builder
	body.Walk(func(n *Node) bool {
		b.WriteString(n.Text)
		for _, v := range n.Attrs {
			if s, ok := v.(string); ok {
				b.WriteString(" " + s + " ")
			}
		}
		return true
	})
	return b.String()
}

// lettersOf leaves letters only, without accents, so that words can be compared
// whatever is joined to them; all else parts words.
func lettersOf(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsMark(r):
			return -1
		case unicode.IsLetter(r):
			return r
		}
		return ' '
	}, norm.NFD.String(normal(s)))
}

func FuzzFromMarkdown(f *testing.F) {
	f.Add(everyBlock().Markdown())
	f.Add("> - a\n>   > b\n\n[^1]: x")
	f.Fuzz(func(t *testing.T, src string) {
		fuzzBody(t, func() (*Node, error) { return FromMarkdown([]byte(src), fuzzed) })
	})
}
