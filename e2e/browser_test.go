package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// A tab of a real browser, which watches what the pages in it do.
type tab struct {
	ctx  context.Context
	site string // the only address that pages may fetch anything from

	// Both are since the last page was opened.
	mu      sync.Mutex
	fetched int
	faults  []string
}

// openTab starts a browser that is gone when the test ends.
func openTab(t *testing.T, site string) *tab {
	t.Helper()
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(browser(t)), chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	if os.Getuid() == 0 {
		opts = append(opts, chromedp.NoSandbox) // which root cannot have
	}
	ctx, cancel := chromedp.NewExecAllocator(context.WithoutCancel(t.Context()), opts...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	b := &tab{ctx: ctx, site: site}
	if err := chromedp.Listen(ctx, b.watch); err != nil {
		t.Fatalf("starting the browser: %v", err)
	}
	return b
}

func browser(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal("There is no browser: install the package chromium.")
	return ""
}

// watch notes what no page may do: fetch from somewhere else, fetch what is not
// there, or make the browser complain.
func (b *tab) watch(ev any) {
	switch ev := ev.(type) {
	case *network.EventRequestWillBeSent:
		b.count()
		if u := ev.Request.URL; !strings.HasPrefix(u, b.site+"/") && !strings.HasPrefix(u, "data:") {
			b.fault("it fetches %s", u)
		}
	case *network.EventResponseReceived:
		if ev.Response.Status >= 400 {
			b.fault("it fetches %s, which is %d", ev.Response.URL, ev.Response.Status)
		}
	case *log.EventEntryAdded:
		b.fault("the browser says: %s (%s)", ev.Entry.Text, ev.Entry.URL)
	case *runtime.EventConsoleAPICalled:
		b.fault("something is written to the console: %v", ev.Args)
	case *runtime.EventExceptionThrown:
		b.fault("a script fails: %v", ev.ExceptionDetails)
	}
}

func (b *tab) count() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.fetched++
}

func (b *tab) fault(format string, args ...any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.faults = append(b.faults, fmt.Sprintf(format, args...))
}

// A sight is a way to look at pages.
type sight struct {
	width  int64
	dark   bool
	script bool
}

func (v sight) String() string {
	return fmt.Sprintf("%dpx%s%s", v.width, map[bool]string{true: " dark"}[v.dark], map[bool]string{false: " without script"}[v.script])
}

// look sets how pages are looked at from now on.
func (b *tab) look(t *testing.T, v sight) {
	t.Helper()
	height, device := int64(800), []chromedp.EmulateViewportOption(nil)
	if v.width < 800 {
		height, device = 700, append(device, chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulatePortrait)
	}
	b.do(t, chromedp.EmulateViewport(v.width, height, device...))
	scheme := map[bool]string{false: "light", true: "dark"}[v.dark]
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, media); err != nil {
		t.Fatal(err)
	}
	script := emulation.SetScriptExecutionDisabledParams{Value: !v.script}
	if _, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, script); err != nil {
		t.Fatal(err)
	}
}

// open opens the page at a path and waits until it is loaded.
func (b *tab) open(t *testing.T, path string) {
	t.Helper()
	b.mu.Lock()
	b.fetched, b.faults = 0, nil
	b.mu.Unlock()
	b.do(t, chromedp.Navigate(b.site+path))
}

func (b *tab) do(t *testing.T, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// eval returns the value of an expression in the page. It works without script
// too: that stops the page's own only.
func eval[T any](t *testing.T, b *tab, expression string) T {
	t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// wantGood complains of what no page may do, whatever is on it, once all its
// pictures were scrolled to.
func (b *tab) wantGood(t *testing.T, path string) {
	t.Helper()
	if width := eval[[]int](t, b, `[document.documentElement.scrollWidth, document.documentElement.clientWidth]`); width[0] > width[1] {
		t.Errorf("%s has to be scrolled sideways: it is %d wide and %d are shown", path, width[0], width[1])
	}
	b.wantPictures(t, path)
	cookies, err := chromedp.Call(b.ctx, network.GetCookies, network.GetCookiesParams{})
	if err != nil || len(cookies.Cookies) > 0 {
		t.Errorf("%s leaves %d cookies (%v)", path, len(cookies.Cookies), err)
	}
	if n := eval[int](t, b, `localStorage.length + sessionStorage.length`); n > 0 {
		t.Errorf("%s leaves %d notes in the browser", path, n)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fetched == 0 {
		t.Errorf("%s was opened and nothing was seen to be fetched", path)
	}
	for _, f := range b.faults {
		t.Errorf("%s: %s", path, f)
	}
}

// wantPictures scrolls to every picture and complains unless it shows.
func (b *tab) wantPictures(t *testing.T, path string) {
	t.Helper()
	for i := range eval[int](t, b, `document.images.length`) {
		picture := fmt.Sprintf(`document.images[%d]`, i)
		b.do(t, chromedp.Evaluate[chromedp.Void](picture+`.scrollIntoView()`))
		for end := time.Now().Add(10 * time.Second); !eval[bool](t, b, picture+`.complete && `+picture+`.naturalWidth > 0`); {
			if time.Now().After(end) {
				t.Errorf("%s does not show %s", path, eval[string](t, b, picture+`.outerHTML`))
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
	if bad := eval[[]string](t, b, `[...document.images].filter(i => !i.hasAttribute('alt')).map(i => i.src)`); len(bad) > 0 {
		t.Errorf("%s has pictures without alt text: %q", path, bad)
	}
}
