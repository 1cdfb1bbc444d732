package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/network"
)

// A watcher notes what a tab fetches.
type watcher struct {
	mu     sync.Mutex
	open   map[network.RequestID]string // requests on their way, by their kind
	heads  map[network.RequestID]float64
	last   time.Time // when something was heard of one
	visit  visit
	failed error
}

func (w *watcher) watch(ev any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch ev := ev.(type) {
	case *network.EventRequestWillBeSent:
		if !strings.HasPrefix(ev.Request.URL, "data:") {
			w.open[ev.RequestID] = "the rest"
		}
	case *network.EventResponseReceived:
		w.answered(ev)
	case *network.EventLoadingFinished:
		if kind, ours := w.open[ev.RequestID]; ours {
			w.visit.fetched = append(w.visit.fetched, fetched{kind, ev.EncodedDataLength, w.heads[ev.RequestID]})
			delete(w.open, ev.RequestID)
		}
	case *network.EventLoadingFailed:
		if _, ours := w.open[ev.RequestID]; ours {
			w.failed = fmt.Errorf("a request failed: %s", ev.ErrorText)
			delete(w.open, ev.RequestID)
		}
	default:
		return
	}
	w.last = time.Now()
}

func (w *watcher) answered(ev *network.EventResponseReceived) {
	if _, ours := w.open[ev.RequestID]; !ours {
		return
	}
	if ev.Response.Status != 200 {
		w.failed = fmt.Errorf("%s: status %d", ev.Response.URL, ev.Response.Status)
	}
	w.heads[ev.RequestID] = ev.Response.EncodedDataLength // so far: the header lines
	if kind := kinds[ev.Type]; kind != "" {
		w.open[ev.RequestID] = kind
	}
	if ev.Type == network.ResourceTypeDocument {
		w.visit.encoding = contentEncoding(ev.Response.Headers)
	}
}

// contentEncoding says how an answer was compressed.
func contentEncoding(headers network.Headers) string {
	for name, value := range headers {
		if strings.EqualFold(name, "Content-Encoding") {
			return fmt.Sprint(value)
		}
	}
	return "identity"
}

// wait waits until nothing is on its way and nothing new was for a while.
func (w *watcher) wait(ctx context.Context) error {
	const quiet = 500 * time.Millisecond
	for {
		w.mu.Lock()
		still := len(w.open) == 0 && time.Since(w.last) > quiet
		w.mu.Unlock()
		if still {
			return nil
		}
		if err := sleep(ctx, 20*time.Millisecond); err != nil {
			return err
		}
	}
}
