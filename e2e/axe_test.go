package e2e

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// Readers who hear the page, magnify it or use no mouse find what they need on
// every page, by day and by night, on a desk and on a phone, as far as a
// machine can tell: axe finds no fault by WCAG 2.2, level AA, nor by what is
// good practice beyond it.
func TestAxe(t *testing.T) {
	axe, err := os.ReadFile(web(t, "axe-core/axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	s := newPaper(t).serve(t, "--demo")
	b := openTab(t, s.url)
	for _, p := range sheets {
		t.Run(p.path, func(t *testing.T) {
			for i, v := range axeSights() {
				b.look(t, v)
				if i == 0 {
					b.open(t, p.path)
					b.do(t, chromedp.Evaluate[chromedp.Void](string(axe)))
				}
				for _, f := range b.axe(t) {
					t.Errorf("%s, %s: %s", p.path, v, f)
				}
			}
		})
	}
}

// axeSights are the ways in which axe looks at each page. Its own script has to
// run; the pages have none that would change them.
func axeSights() []sight {
	var all []sight
	for _, v := range sights() {
		if v.script {
			all = append(all, v)
		}
	}
	return all
}

// axeRun runs axe and returns its violations, each with the elements that it is
// about and what is wrong with them.
const axeRun = `axe.run(document, {
	resultTypes: ["violations"],
	runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}).then(r => ({
	passed: r.passes.length,
	violations: r.violations.map(v => ({
		rule: v.id,
		help: v.help,
		nodes: v.nodes.map(n => ({element: n.html, where: n.target.join(" "), why: n.failureSummary})),
	})),
}))`

// axe returns what axe finds wrong with the page that is open.
func (b *tab) axe(t *testing.T) []string {
	t.Helper()
	type result struct {
		Passed     int
		Violations []struct {
			Rule, Help string
			Nodes      []struct{ Element, Where, Why string }
		}
	}
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	r, err := chromedp.Run(ctx, chromedp.Evaluate[result](axeRun, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("axe: %v", err)
	}
	if r.Passed < 10 {
		t.Errorf("axe has applied %d rules only", r.Passed)
	}
	var faults []string
	for _, v := range r.Violations {
		for _, n := range v.Nodes {
			faults = append(faults, fmt.Sprintf("%s (%s)\n\tat %s: %.300s\n\t%s", v.Rule, v.Help, n.Where, n.Element, strings.ReplaceAll(n.Why, "\n", "\n\t")))
		}
	}
	return faults
}
