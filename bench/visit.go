package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// landings are the pages at which readers arrive.
var landings = []struct{ what, path string }{
	{"article", articlePath},
	{"front page", frontPath},
}

// firstVisit opens pages in a browser that was never here, on a phone, and
// counts what is transferred, header lines included: as the first request of
// all after the program's start, and later. The reference is the same without
// compression.
func firstVisit(ctx context.Context, g *ground) (rows []row, err error) {
	browser, quit, err := openBrowser(ctx)
	if err != nil {
		return nil, err
	}
	defer quit()
	seen := make([]visits, len(landings))
	for i, landing := range landings {
		if seen[i].first, err = g.afterStart(ctx, browser, landing.path); err != nil {
			return nil, err
		}
	}
	s, err := g.serveDemo(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	for i, landing := range landings {
		if err := s.makePopular(ctx, landing.path); err != nil {
			return nil, err
		}
		if seen[i].later, err = visitIn(browser, s.url+landing.path, "identity", usual, "br", "gzip"); err != nil {
			return nil, err
		}
		rows = append(rows, seen[i].rows("First visit, "+landing.what)...)
	}
	return rows, nil
}

// usual is the encoding for which a browser asks by itself.
const usual = ""

// Visits are what a page took, by encoding.
type visits struct{ first, later map[string]visit }

// afterStart visits a page with the first request after a start, which takes a
// start for each encoding.
func (g *ground) afterStart(ctx, browser context.Context, path string) (seen map[string]visit, err error) {
	seen = map[string]visit{}
	for _, encoding := range []string{"br", "gzip"} {
		s, err := g.serveDemo(ctx)
		if err != nil {
			return nil, err
		}
		seen[encoding], err = visitPage(browser, s.url+path, encoding)
		if err := errors.Join(err, s.stop()); err != nil {
			return nil, err
		}
	}
	return seen, nil
}

// visitIn visits a page in each encoding, always with an empty cache.
func visitIn(browser context.Context, url string, encodings ...string) (seen map[string]visit, err error) {
	seen = map[string]visit{}
	for _, encoding := range encodings {
		if seen[encoding], err = visitPage(browser, url, encoding); err != nil {
			return nil, err
		}
	}
	return seen, nil
}

func (v visits) rows(what string) []row {
	own, plain := v.later[usual], v.later["identity"]
	var told []string
	var worst float64
	for _, encoding := range []string{"br", "gzip"} {
		first, later := v.first[encoding].content(text), v.later[encoding].content(text)
		told = append(told, fmt.Sprintf("%s: %s at the first request after the start, %s later",
			answeredAs(encoding, v.first[encoding].encoding), digits(first), digits(later)))
		worst = max(worst, first, later)
	}
	return []row{
		{what + ": bytes of HTML and CSS", "≤ 14,000", strings.Join(told, "; "), "uncompressed: " + digits(plain.content(text)), worst / plain.content(text)},
		{what + ", on a phone of 390 px", "≤ 8 requests, ≤ 200 kB", own.String(),
			fmt.Sprintf("uncompressed: %s kB", digits(plain.bytes("")/1000)), own.bytes("") / plain.bytes("")},
	}
}

// A visit is what a browser has fetched for a page.
type visit struct {
	encoding string // of the page
	fetched  []fetched
}

// A fetched is one answer.
type fetched struct {
	kind  string
	bytes float64 // transferred, header lines included
	head  float64 // of which header lines
}

// text is the kind without which there is nothing to read.
const text = "HTML and CSS"

// kinds names what is fetched, by the browser's types.
var kinds = map[network.ResourceType]string{
	network.ResourceTypeDocument: text, network.ResourceTypeStylesheet: text,
	network.ResourceTypeFont: "fonts", network.ResourceTypeImage: "pictures",
}

// bytes returns what was transferred of one kind, or of all.
func (v visit) bytes(kind string) (sum float64) {
	for _, f := range v.fetched {
		if kind == "" || f.kind == kind {
			sum += f.bytes
		}
	}
	return sum
}

// content is what was transferred of one kind without the header lines.
func (v visit) content(kind string) (sum float64) {
	for _, f := range v.fetched {
		if f.kind == kind {
			sum += f.bytes - f.head
		}
	}
	return sum
}

func (v visit) String() string {
	var parts []string
	for _, kind := range []string{text, "pictures", "fonts", "the rest"} {
		if b := v.bytes(kind); b > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", kind, digits(b/1000)))
		}
	}
	return fmt.Sprintf("%s: %d requests, %s kB (%s)", v.encoding, len(v.fetched), digits(v.bytes("")/1000), strings.Join(parts, ", "))
}

// visitPage opens a page in a browser with an empty cache and waits until it
// has fetched what it wants.
func visitPage(browser context.Context, url, encoding string) (visit, error) {
	tab, closeTab, err := openPhone(browser)
	if err != nil {
		return visit{}, err
	}
	defer closeTab()
	w := &watcher{open: map[network.RequestID]string{}, heads: map[network.RequestID]float64{}}
	if err := chromedp.Listen(tab, w.watch); err != nil {
		return visit{}, err
	}
	if encoding != usual {
		if err := acceptEncoding(tab, encoding); err != nil {
			return visit{}, err
		}
	}
	patient, cancel := context.WithTimeout(tab, 20*time.Second)
	defer cancel()
	if err := chromedp.Do(patient, chromedp.Navigate(url)); err != nil {
		return visit{}, fmt.Errorf("%s: %w", url, err)
	}
	if err := w.wait(patient); err != nil {
		return visit{}, fmt.Errorf("%s: it is still fetching: %w", url, err)
	}
	return w.visit, w.failed
}
