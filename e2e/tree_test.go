package e2e

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/chromedp"
)

var update = flag.Bool("update", false, "rewrite the wanted output in testdata")

// undated takes away what differs from day to day: the date of today in the
// page's head, and the line that says how old the article is.
const undated = `document.querySelectorAll("header .bar time, .old").forEach(e => e.remove())`

// What a screen reader is told of an article stays as it was read and found
// good: its landmarks, headings, pictures, tables, links and words, in order.
// Run with -update to take over what is meant to change, and read the
// difference.
func TestTreeOfAnArticle(t *testing.T) {
	s := newPaper(t).serve(t, "--demo")
	b := openTab(t, s.url)
	b.look(t, sight{width: 1366, script: true})
	b.open(t, "/harbour/sold-at-midnight")
	b.do(t, chromedp.Evaluate[chromedp.Void](undated))
	got := b.tree(t)
	golden := filepath.Join("testdata", "article.a11y")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	gots, wants := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range max(len(gots), len(wants)) {
		if i >= len(gots) || i >= len(wants) || gots[i] != wants[i] {
			around := func(all []string) string {
				return strings.Join(all[min(max(i-2, 0), len(all)):min(i+4, len(all))], "\n")
			}
			t.Fatalf("line %d of %s differs; the page has\n%s\nwant\n%s", i+1, golden, around(gots), around(wants))
		}
	}
}

// tree returns the accessibility tree of the page that is open: a line for each
// node with its role, name, level and states, under the node that holds it.
func (b *tab) tree(t *testing.T) string {
	t.Helper()
	r, err := chromedp.Call(b.ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	if err != nil {
		t.Fatal(err)
	}
	w := treeWriter{nodes: map[accessibility.NodeID]*accessibility.Node{}}
	for _, n := range r.Nodes {
		w.nodes[n.NodeID] = n
	}
	w.write(r.Nodes[0], 0)
	w.endText()
	return w.out.String()
}

// A treeWriter writes nodes. Runs of text that nothing but a meaningless node
// parts become one line; the text that only repeats the name of the node that
// holds it is left out.
type treeWriter struct {
	nodes map[accessibility.NodeID]*accessibility.Node
	out   strings.Builder
	text  string // that is not written yet
	depth int    // of the text
	name  string // of the node that holds the text
}

// silent are the roles of nodes that tell nobody anything beside what their
// parents and children do: lines of text, bullets and boxes.
var silent = map[string]bool{"InlineTextBox": true, "ListMarker": true, "generic": true, "none": true}

func (w *treeWriter) write(n *accessibility.Node, depth int) {
	role := valueOf(n.Role)
	if role == "StaticText" {
		w.text += valueOf(n.Name)
		w.depth = depth
		return
	}
	told := !n.Ignored && !silent[role]
	if told {
		w.endText()
		fmt.Fprintf(&w.out, "%s%s%s\n", strings.Repeat("  ", depth), role, particulars(n))
		depth++
	}
	holder := w.name
	if told {
		w.name = valueOf(n.Name)
	}
	for _, id := range n.ChildIDs {
		if child := w.nodes[id]; child != nil && role != "ListMarker" {
			w.write(child, depth)
		}
	}
	if told || role == "generic" {
		w.endText()
	}
	w.name = holder
}

func (w *treeWriter) endText() {
	if text := strings.Join(strings.Fields(w.text), " "); text != "" && text != w.name {
		fmt.Fprintf(&w.out, "%stext %q\n", strings.Repeat("  ", w.depth), text)
	}
	w.text = ""
}

// toldStates are the properties of a node that screen readers speak of.
// Chromium counts the levels of lists too, which nobody is told.
var toldStates = []accessibility.PropertyName{"level", "checked", "disabled", "expanded", "invalid", "pressed", "required", "selected", "hasPopup"}

func particulars(n *accessibility.Node) string {
	var b strings.Builder
	if name := valueOf(n.Name); name != "" {
		fmt.Fprintf(&b, " %q", name)
	}
	if d := valueOf(n.Description); d != "" {
		fmt.Fprintf(&b, ", described as %q", d)
	}
	for _, state := range toldStates {
		if state == "level" && valueOf(n.Role) != "heading" {
			continue
		}
		for _, p := range n.Properties {
			if v := valueOf(p.Value); p.Name == state && v != "" && v != "false" {
				fmt.Fprintf(&b, ", %s %s", state, v)
			}
		}
	}
	return b.String()
}

// valueOf returns a value as text, "" if there is none.
func valueOf(v *accessibility.Value) string {
	if v == nil {
		return ""
	}
	var text string
	if json.Unmarshal(v.Value, &text) == nil {
		return text
	}
	return string(v.Value) // a number, or true or false
}
