package e2e

import (
	"fmt"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The keyboard alone leads past the navigation to the text, and to everything
// that can be clicked: once, in the order in which it is read, to where it can
// be seen, and back again.
func TestKeyboardReachesEverything(t *testing.T) {
	s := newPaper(t).serve(t, "--demo")
	b := openTab(t, s.url)
	for _, v := range []sight{{width: 1366, script: true}, {width: 390, script: true}, {width: 1366, dark: true, script: true}} {
		b.look(t, v)
		for _, p := range sheets {
			if v.dark && p.path != "/" {
				continue // the colours of the ring are those of the front page
			}
			t.Run(v.String()+p.path, func(t *testing.T) {
				b.open(t, p.path)
				count := b.wantStops(t)
				if !isPhone(v) { // where the order is the same
					b.wantWayBack(t, count)
				}
				if eval[bool](t, b, `document.querySelector("nav.secs") != null`) {
					b.open(t, p.path)
					b.wantSkip(t)
				}
			})
		}
	}
}

// A stop is where the keyboard stands.
type stop struct {
	Place   int // of the element among all that can be reached, -1 if it is none of them
	Element string
	Href    string
	Faults  []string
}

// keyboard finds, in the page, what the keyboard has to reach, and says where it
// stands. A film or a sound holds several stops, which are its own.
const keyboard = `(() => {
	const all = [...document.querySelectorAll("a[href], area[href], button, input, select, textarea, summary, iframe, audio[controls], video[controls], [tabindex], [contenteditable]")]
		.filter(e => e.tabIndex >= 0 && !e.disabled && e.type != "hidden" && e.checkVisibility({visibilityProperty: true}) && !e.closest("[inert]"))

	// colour returns the channels of a computed colour and how opaque it is.
	const colour = c => { const n = (c.match(/[\d.]+/g) || [0, 0, 0, 0]).map(Number); return n.length < 4 ? [...n, 1] : n }
	const ground = e => { for (; e; e = e.parentElement) { const c = colour(getComputedStyle(e).backgroundColor); if (c[3] == 1) return c }; return [255, 255, 255, 1] }
	const light = c => c.slice(0, 3).map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0)
	const contrast = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + .05) / (y + .05) }

	// ring says what is wrong with the ring around the element that has focus.
	const ring = e => {
		const style = getComputedStyle(e), width = parseFloat(style.outlineWidth), offset = parseFloat(style.outlineOffset)
		if (style.outlineStyle == "none" || !(width > 0)) return ["no ring shows that the keyboard stands here"]
		const faults = [], around = offset < 0 ? e : e.parentElement
		const ratio = style.outlineStyle == "auto" ? 21 : contrast(colour(style.outlineColor), ground(around))
		if (width < 2 && style.outlineStyle != "auto") faults.push("the ring is thinner than two pixels: " + width)
		if (ratio < 3) faults.push("the ring has a contrast of " + ratio.toFixed(2) + " to what is around it, want 3")
		const r = e.getBoundingClientRect(), out = offset + width
		for (let p = e.parentElement; p; p = p.parentElement) {
			const s = getComputedStyle(p), c = p.getBoundingClientRect()
			const across = s.overflowX != "visible" && r.left - out < c.left - 1 && r.right + out > c.right + 1
			const down = s.overflowY != "visible" && r.top - out < c.top - 1 && r.bottom + out > c.bottom + 1
			if ((across || down) && p != document.body && p != document.documentElement)
				faults.push("the ring is cut off by " + p.cloneNode().outerHTML)
		}
		return faults
	}

	// seen says what is wrong with the place of the element that has focus.
	const seen = e => {
		const r = e.getClientRects()[0] || e.getBoundingClientRect(), faults = []
		const fits = r.height <= innerHeight && r.width <= innerWidth && !e.matches("textarea") // of which browsers show the line that is written
		if (r.width < 1 || r.height < 1) faults.push("it has no size")
		if (fits && (r.top < -1 || r.left < -1 || r.bottom > innerHeight + 1 || r.right > document.documentElement.clientWidth + 1))
			faults.push("it lies outside of what is shown: " + JSON.stringify(r))
		const top = document.elementFromPoint(Math.max(0, r.left + r.width / 2), Math.max(0, r.top + Math.min(r.height, innerHeight) / 2))
		if (top && top != e && !e.contains(top) && !top.contains(e)) faults.push("it is hidden by " + top.outerHTML.slice(0, 200))
		return faults
	}

	// before says whether a place is read before another: it begins in a line
	// further up, and not further along, in the direction in which what holds
	// both is written. The columns of the front page are read
	// by weight: the lead, which stands in the middle on a desk, comes first.
	const before = (e, f) => {
		let holder = e
		while (!holder.contains(f)) holder = holder.parentElement
		const p = place(e), q = place(f), isLeft = getComputedStyle(holder).direction == "rtl"
		const back = isLeft ? q.right - p.right : p.left - q.left
		return Math.abs(p.y - q.y) <= 4 ? back < 0 : p.y < q.y && back <= 0
	}
	const place = e => { const r = e.getClientRects()[0] || e.getBoundingClientRect(), x = scrollX + along(e); return {left: r.left + x, right: r.right + x, y: r.top + scrollY} }
	const along = e => { let x = 0; for (let p = e.parentElement; p; p = p.parentElement) x += p == document.documentElement ? 0 : p.scrollLeft; return x }

	const column = e => e.closest(".front > *")
	const none = e => !e || e == document.body || e == document.documentElement
	let last = null
	return {
		count: all.length,
		elements: all.map(e => e.outerHTML.slice(0, 200)),
		links: selector => all.filter(e => e.matches(selector)).map(e => e.getAttribute("href")),
		stand: () => {
			const e = document.activeElement
			if (none(e)) return {Place: -1, Element: "", Href: "", Faults: []}
			const faults = [...ring(e), ...seen(e)]
			if (last && last != e && before(e, last) && column(e) == column(last) && getComputedStyle(last).position == "static")
				faults.push("it stands before " + last.outerHTML.slice(0, 200) + ", from which the keyboard came")
			last = e
			return {Place: all.indexOf(e), Element: e.outerHTML.slice(0, 200), Href: e.getAttribute("href") || "", Faults: faults}
		},
		many: i => all[i].matches("audio, video, iframe"),
	}
})()`

func isPhone(v sight) bool { return v.width < 800 }

// wantStops goes through the whole page that is open, and returns how many
// stops there are.
func (b *tab) wantStops(t *testing.T) int {
	t.Helper()
	b.do(t, chromedp.Evaluate[chromedp.Void](`void (window.keyboard = `+keyboard+`)`))
	count := eval[int](t, b, `keyboard.count`)
	if count == 0 {
		t.Fatal("nothing can be reached")
	}
	next := 0
	var reached []string
	for range 10 * count {
		b.press(t, kb.Tab)
		s := eval[stop](t, b, `keyboard.stand()`)
		if s.Place == next-1 && next > 0 && eval[bool](t, b, fmt.Sprintf(`keyboard.many(%d)`, s.Place)) {
			continue // a film's own buttons
		}
		if s.Element == "" && next == count {
			break // the keyboard has left the page
		}
		if s.Place != next {
			t.Fatalf("stop %d of %d of the keyboard is %q, want %q", next+1, count, s.Element, eval[string](t, b, fmt.Sprintf(`keyboard.elements[%d] || "the end"`, next)))
		}
		next++
		reached = append(reached, s.Href)
		for _, f := range s.Faults {
			t.Errorf("the keyboard stands at %s: %s", s.Element, f)
		}
	}
	if next != count {
		t.Fatalf("the keyboard reaches %d of %d things and does not leave the page", next, count)
	}
	for _, want := range eval[[]string](t, b, `keyboard.links("nav.secs a, footer a, main h2 a, main h3 a")`) {
		if !slices.Contains(reached, want) {
			t.Errorf("the keyboard does not reach %s", want)
		}
	}
	return count
}

// wantWayBack goes from the end of the page to its beginning.
func (b *tab) wantWayBack(t *testing.T, count int) {
	t.Helper()
	for i := count - 1; i >= 0; i-- {
		b.press(t, kb.Tab, chromedp.KeyModifiers(chromedp.ModifierShift))
		s := eval[stop](t, b, `keyboard.stand()`)
		for s.Place == i+1 && s.Element != "" { // a film's own buttons
			b.press(t, kb.Tab, chromedp.KeyModifiers(chromedp.ModifierShift))
			s = eval[stop](t, b, `keyboard.stand()`)
		}
		if s.Place != i {
			t.Fatalf("on the way back the keyboard comes to %q, want %q", s.Element, eval[string](t, b, fmt.Sprintf(`keyboard.elements[%d]`, i)))
		}
	}
}

// wantSkip complains unless the first stop of the page that is open is a link
// past the navigation, which can be seen there and leads into the text.
func (b *tab) wantSkip(t *testing.T) {
	t.Helper()
	b.press(t, kb.Tab)
	if got := eval[string](t, b, `document.activeElement.className`); got != "skip" {
		t.Fatalf("the first stop of the keyboard is %q, want the link past the navigation", got)
	}
	if got := eval[bool](t, b, `(r => r.top >= 0 && r.left >= 0 && r.height > 10)(document.activeElement.getBoundingClientRect())`); !got {
		t.Error("the link past the navigation cannot be seen when it is reached")
	}
	b.press(t, kb.Enter)
	b.press(t, kb.Tab)
	if !eval[bool](t, b, `document.activeElement.closest("main") != null`) {
		t.Error("the link past the navigation does not lead into the text")
	}
}

// press presses a key.
func (b *tab) press(t *testing.T, key string, opts ...chromedp.KeyOption) {
	t.Helper()
	b.do(t, chromedp.KeyEvent(key, opts...))
}
