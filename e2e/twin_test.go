package e2e

import (
	"regexp"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"
)

// A twin is the text twin of an article in its parts.
type twin struct {
	headline, standfirst string
	lead                 string // the picture's description, caption and credit, or ""
	body                 []string
}

var (
	dateLine = regexp.MustCompile(`^(\d{1,2} \p{L}+ \d{4}|\d{4} ж\. \d{1,2} \p{L}+)$`)
	leadLine = regexp.MustCompile(`^\[\p{L}+: .+\]\n`)
)

// readTwin takes a text twin of the demo paper apart: the paper's name, the
// kind, headline and standfirst, names and date, the lead picture, the text,
// and the address with the terms.
func readTwin(t *testing.T, text string) twin {
	t.Helper()
	blocks := strings.Split(strings.TrimSpace(text), "\n\n")
	end := len(blocks) - 1
	if !strings.HasPrefix(blocks[end], "http") {
		t.Fatalf("the text does not end with its address: %q", blocks[end])
	}
	for i, b := range blocks {
		lines := strings.Split(b, "\n")
		if !dateLine.MatchString(lines[len(lines)-1]) {
			continue
		}
		tw := twin{headline: blocks[1], body: blocks[i+1 : end]}
		if len(strings.Fields(blocks[1])) == 1 && i > 2 { // the kind, such as Opinion
			tw.headline = blocks[2]
		}
		if blocks[i-1] != tw.headline {
			tw.standfirst = blocks[i-1]
		}
		if leadLine.MatchString(tw.body[0]) {
			tw.lead, tw.body = tw.body[0], tw.body[1:]
		}
		return tw
	}
	t.Fatalf("the text has no line with its date: %.300q", text)
	return twin{}
}

// What stands in the text only: marks of lists and footnotes, what a picture
// shows, and the address of what is embedded, which on the page is a link.
var (
	pictureLine = regexp.MustCompile(`(?m)^\[\p{L}+: .+\]$`)
	listMark    = regexp.MustCompile(`(?m)^ *(- |\d+\. |\[\d+\] )`)
	bareAddress = regexp.MustCompile(`https?://\S+`)
)

// words returns the words of the text.
func (tw *twin) words() []string {
	s := pictureLine.ReplaceAllString(strings.Join(tw.body, "\n\n"), "")
	return words(bareAddress.ReplaceAllString(listMark.ReplaceAllString(s, ""), ""))
}

// words returns the runs of letters and digits in lower case.
func words(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.In(r, unicode.L, unicode.M, unicode.N) })
}

// wantWords complains of the first word in which two texts differ.
func wantWords(t *testing.T, what string, got, want []string) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		if i < len(got) && i < len(want) && got[i] == want[i] {
			continue
		}
		near := func(all []string) []string { return all[min(max(i-4, 0), len(all)):min(i+5, len(all))] }
		t.Errorf("%s has %d words, want %d; from word %d on it says %q, want %q", what, len(got), len(want), i, near(got), near(want))
		return
	}
}

// What the HTML of a text says beyond its twin: whose site is embedded, the
// heading above the notes, the way to all corrections, and the topics.
const beyondTwin = ".embed > span, .notes > h2, .corr a[href='/corrections'], .tags"

// htmlWords returns the words of a feed's HTML without the lead picture and
// what stands in [beyondTwin].
func htmlWords(t *testing.T, source string, hasLead bool) []string {
	t.Helper()
	if hasLead {
		_, after, ok := strings.Cut(source, "</figure>")
		if !ok {
			t.Fatalf("the lead picture is missing: %.200q", source)
		}
		source = after
	}
	root, err := html.Parse(strings.NewReader(source))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	var walk func(n *html.Node, inNotes, inEmbed bool)
	walk = func(n *html.Node, inNotes, inEmbed bool) {
		class := attr(n, "class")
		switch {
		case n.Type == html.TextNode:
			b.WriteString(n.Data)
		case inEmbed && n.Data == "span", inNotes && n.Data == "h2":
			return
		case blockElements[n.Data], isNoteMark(n):
			b.WriteByte(' ')
		}
		for c := range n.ChildNodes() {
			walk(c, class == "notes", class == "embed")
		}
		if blockElements[n.Data] {
			b.WriteByte(' ')
		}
	}
	walk(root, false, false)
	return words(b.String())
}

// isNoteMark reports whether an element is the number of a note, which stands
// against the word before it.
func isNoteMark(n *html.Node) bool {
	return n.Data == "sup" && n.FirstChild != nil && n.FirstChild.Data == "a"
}

// blockElements part words; others stand within them.
var blockElements = map[string]bool{
	"p": true, "h2": true, "h3": true, "h4": true, "li": true, "ul": true, "ol": true, "br": true, "div": true, "section": true, "aside": true,
	"footer": true, "figure": true, "figcaption": true, "td": true, "th": true, "tr": true, "caption": true, "time": true, "blockquote": true, "hr": true,
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
