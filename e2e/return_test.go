package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// Whoever comes back by a link to the page on which a visit began sees it as it
// was: that its copy in the browser is still good must not take its style away,
// which the page brought along.
func TestAPageKeepsItsStyleWhenReadersComeBack(t *testing.T) {
	s := newPaper(t).serve(t, "--demo")
	b := openTab(t, s.url)
	b.look(t, sight{1366, false, true})
	for _, start := range []string{"/", "/harbour/", "/harbour/sold-at-midnight"} {
		b.open(t, start)
		want := eval[string](t, b, `getComputedStyle(document.querySelector(".secs ul")).listStyleType`)
		b.follow(t, "/corrections")
		b.follow(t, start)
		if got := eval[string](t, b, `getComputedStyle(document.querySelector(".secs ul")).listStyleType`); got != want || got == "disc" {
			t.Errorf("%s: its navigation has the style %q at first, and %q when its reader comes back", start, want, got)
		}
		b.mu.Lock()
		for _, f := range b.faults {
			t.Errorf("%s: %s", start, f)
		}
		b.mu.Unlock()
	}
}

// follow goes to a path as by a link in the page that is shown.
func (b *tab) follow(t *testing.T, path string) {
	t.Helper()
	b.do(t, chromedp.Evaluate[chromedp.Void](`{const a = document.createElement("a"); a.id = "way"; a.href = "`+path+`"; a.textContent = "way"; document.querySelector("main").prepend(a)}`))
	b.do(t, chromedp.Click("#way"), chromedp.WaitReady(`html:not(:has(#way)) .secs`))
}
