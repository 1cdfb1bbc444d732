package document

import (
	"bytes"
	"testing"
)

// asMarkdown writes what a page holds as Markdown and reads it again.
func asMarkdown(t *testing.T, body *Node) (markdown string, back *Node) {
	t.Helper()
	d := &Document{Body: body, Pictures: usesOf(body)}
	canonical(t, d)
	markdown = d.Markdown()
	back, err := FromMarkdown([]byte(markdown), sources)
	if err != nil {
		t.Fatalf("our own Markdown is refused: %v\n%s", err, markdown)
	}
	return markdown, back
}

// Text that looks like a sign of Markdown stays text.
func TestMarkdownRoundTrips(t *testing.T) {
	for _, src := range roundTrips {
		body, err := FromHTML([]byte(src), fuzzed)
		if err != nil {
			t.Errorf("FromHTML(%q): %v", src, err)
			continue
		}
		if markdown, back := asMarkdown(t, body); outline(back) != outline(body) {
			t.Errorf("%q read back from\n%s\nis %s, want %s", src, markdown, outline(back), outline(body))
		}
	}
}

var roundTrips = []string{
	"<h2>Part #</h2><h2>#</h2><h3>a ##</h3><h2># b</h2><h2>C#</h2>",
	`<p>a<a role="doc-noteref" href="#n">1</a></p><table><tr><td>x<a role="doc-noteref" href="#m">1</a></table><table><tr><td>y<a role="doc-noteref" href="#o">1</a></table><ol role="doc-endnotes"><li id="n">b<li id="m">c<li id="o">d</ol>`,
	`<p><a role="doc-noteref" href="#n">1</a>: x</p><ol role="doc-endnotes"><li id="n">b</ol>`,
	"<ul><li><ul><li>x</ul></ul>", "<ul><li>a<p dir=rtl>b</p><p>c</ul>", "<ol start=0><li>1. x<li><li>b</ol><ul><li>- a</ul>",
	"<p><b>a <i>b</i></b> c</p>", "<p>:--|</p><p>a<br>- b<br># c</p>", "<p>&amp;amp; &lt;b&gt; \\</p>", "<p>1) x</p><p>=== x</p>",
	"<p>&nbsp;x http://a.example www.b.example</p>", "<ul><li>a<li>b</ul><ul><li>c</ul>", `<p><a href="/a&quot;b(c)">x</a></p>`,
	"<p><code>a `b`</code></p>", "<blockquote>a<br>b</blockquote><hr><p>a<hr>", "<p>```x</p><p>~~~</p><p>$x$ \"a\" 'b' {x}</p>",
	"<pre>  a\n\n  b</pre>", "<p>&shy;<br>a", "<table><tr><td>a<tr><th>b</table>", `<p>a<a role="doc-noteref" href="#n">1</a></p><ol role="doc-endnotes"><li id="n"></ol>`,
	"<ol><li><p>a<p>b<ol><li>c</ol></ol>", "<ul><li>a<ul><li>b</ul><ol><li>c</ol><p>d</ul>",
}

func FuzzMarkdown(f *testing.F) {
	for _, src := range roundTrips {
		f.Add(src)
	}
	f.Add(everyBlock().HTML(shown))
	f.Fuzz(func(t *testing.T, src string) {
		body, err := FromHTML([]byte(src), fuzzed)
		if err != nil || checkTree(body, 0, new(int)) != nil {
			return
		}
		markdown, back := asMarkdown(t, body)
		want := canonical(t, &Document{Body: body, Pictures: usesOf(body)})
		if got := canonical(t, &Document{Body: back, Pictures: usesOf(back)}); !bytes.Equal(got, want) {
			t.Fatalf("%q read back from\n%s\nis %s, want %s", src, markdown, outline(back), outline(body))
		}
	})
}
