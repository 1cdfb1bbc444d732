package main

import (
	"context"
	"fmt"
	"os"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// findBrowser returns the path of a browser.
func findBrowser() (string, error) {
	return find("chromium", "chromium", "chromium-browser", "google-chrome")
}

// openBrowser starts a browser. It is gone when the returned function has been
// called.
func openBrowser(ctx context.Context) (context.Context, context.CancelFunc, error) {
	path, err := findBrowser()
	if err != nil {
		return nil, nil, err
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	if os.Getuid() == 0 {
		opts = append(opts, chromedp.NoSandbox) // which root cannot have
	}
	ctx, closeAll := chromedp.NewExecAllocator(ctx, opts...)
	ctx, closeBrowser := chromedp.NewContext(ctx)
	quit := func() { closeBrowser(); closeAll() }
	if err := chromedp.Do(ctx); err != nil {
		quit()
		return nil, nil, fmt.Errorf("starting the browser: %w", err)
	}
	return ctx, quit, nil
}

// openPhone opens a tab of the browser that looks like a phone's and has
// nothing in its cache.
func openPhone(browser context.Context) (context.Context, context.CancelFunc, error) {
	tab, closeTab := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	err := chromedp.Do(tab, chromedp.EmulateViewport(390, 844,
		chromedp.EmulateScale(2), chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulatePortrait))
	if err != nil {
		closeTab()
		return nil, nil, fmt.Errorf("opening a tab: %w", err)
	}
	return tab, closeTab, nil
}

// acceptEncoding has a tab say that it understands this encoding only.
func acceptEncoding(tab context.Context, encoding string) error {
	_, err := chromedp.Call(tab, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{
		Headers: network.Headers{"Accept-Encoding": encoding},
	})
	return err
}

// throttle gives a tab a network of so many bits a second, and so long from a
// request to its answer.
func throttle(tab context.Context, bits, latency float64) error {
	_, err := chromedp.Call(tab, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{Latency: latency, DownloadThroughput: bits / 8, UploadThroughput: bits / 8}},
	})
	return err
}
