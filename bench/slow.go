package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"html"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// The network of a reader far from the next mast.
const (
	slowBits    = 50_000 // a second, either way
	slowLatency = 600    // milliseconds from a request to its answer
)

//go:embed slow.js
var slowScript string

// slowNetwork asks how long a reader on a slow network waits until the first
// paragraph of an article can be read.
func slowNetwork(ctx context.Context, g *ground) ([]row, error) {
	return slowly(ctx, g, "Article", articlePath, "≤ 4 s")
}

// slowNetworkTextOnly asks the same of the page without pictures and fonts.
func slowNetworkTextOnly(ctx context.Context, g *ground) ([]row, error) {
	return slowly(ctx, g, "Text-only article", litePath, "≤ 2.5 s")
}

// slowly opens a page in a browser that was never here. The reference is a page
// that holds that paragraph and nothing else.
func slowly(ctx context.Context, g *ground, what, path, asked string) (rows []row, err error) {
	s, err := g.serveDemo(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	if _, err := fetch(ctx, asTheyCome, s.url+path, browserEncodings); err != nil {
		return nil, fmt.Errorf("the program has no page at %s, which this scenario opens: %w", path, err)
	}
	bare, err := g.bare(ctx, barePage())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, bare.stop()) }()
	browser, quit, err := openBrowser(ctx)
	if err != nil {
		return nil, err
	}
	defer quit()
	var took, least spread
	for range 3 {
		if err := errors.Join(took.addReadable(browser, s.url+path), least.addReadable(browser, bare.url)); err != nil {
			return nil, err
		}
	}
	return []row{{
		fmt.Sprintf("%s over %d kbit/s and %d ms: until its first paragraph is painted", what, slowBits/1000, slowLatency), asked,
		took.span("s"), "a page of that paragraph alone: " + least.span("s"), took.median() / least.median(),
	}}, nil
}

// barePage is the least that is a good page: a headline and a paragraph.
func barePage() answer {
	return answer{
		Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}},
		Body: fmt.Appendf(nil, `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">`+
			`<title>Ice</title><meta name="description" content="Ice"><main><h1>Ice</h1><p>%s</p></main></html>`, html.EscapeString(opening)),
	}
}

// readableScript returns a script that notes when the paragraph that begins
// with these words is painted.
func readableScript(words string) string {
	return strings.Replace(slowScript, "(OPENING)", "("+strconv.Quote(words)+")", 1)
}

// addReadable opens an address on a slow network and adds the seconds until
// its text can be read.
func (s *spread) addReadable(browser context.Context, url string) error {
	tab, closeTab, err := openPhone(browser)
	if err != nil {
		return err
	}
	defer closeTab()
	script := page.AddScriptToEvaluateOnNewDocumentParams{Source: readableScript(opening)}
	if _, err := chromedp.Call(tab, page.AddScriptToEvaluateOnNewDocument, script); err != nil {
		return err
	}
	if err := throttle(tab, slowBits, slowLatency); err != nil {
		return err
	}
	const patience = 20 * time.Second
	patient, cancel := context.WithTimeout(tab, patience)
	defer cancel()
	// The page need not be complete, so nobody waits for its pictures.
	if _, err := chromedp.Call(patient, page.Navigate, page.NavigateParams{URL: url}); err != nil {
		return err
	}
	milliseconds, err := chromedp.Run(patient, chromedp.Poll[float64]("window.readable", chromedp.WithPollingInterval(50*time.Millisecond)))
	if err != nil {
		return fmt.Errorf("%s: the paragraph that begins %q was not painted within %v: %w", url, opening, patience, err)
	}
	*s = append(*s, milliseconds/1000)
	return nil
}
