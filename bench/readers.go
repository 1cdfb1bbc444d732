package main

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// Readers are people who read one page after the other, over connections that
// stay open, at a rate that a server has no trouble with. What they wait is
// then the server's doing and not that of a machine that is out of breath.
const (
	readers  = 16
	readRate = 500 // pages a second, of all readers together
)

// browserEncodings is what browsers say they understand.
const browserEncodings = "gzip, deflate, br, zstd"

// readMeanwhile has readers read these addresses in turn until the returned
// function is called, which tells how long each page took.
func readMeanwhile(ctx context.Context, urls []string) (stop func() (spread, error)) {
	ctx, cancel := context.WithCancel(ctx)
	const every = time.Second * readers / readRate
	var mu sync.Mutex
	var all spread
	var failed error
	var reading sync.WaitGroup
	for i := range readers {
		reading.Go(func() {
			took, err := readEvery(ctx, every, time.Duration(i)*every/readers, urls)
			mu.Lock()
			defer mu.Unlock()
			all = append(all, took...)
			if err != nil && failed == nil {
				failed = err
			}
		})
	}
	return func() (spread, error) {
		cancel()
		reading.Wait()
		return all, failed
	}
}

// readEvery reads the addresses in turn, over one connection, until ctx is done.
func readEvery(ctx context.Context, every, offset time.Duration, urls []string) (took spread, err error) {
	transport := &http.Transport{DisableCompression: true, MaxConnsPerHost: 1}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}
	if sleep(ctx, offset) != nil {
		return nil, nil
	}
	ticks := time.NewTicker(every)
	defer ticks.Stop()
	for i := 0; ; i++ {
		began := time.Now()
		if _, err := fetch(ctx, client, urls[i%len(urls)], browserEncodings); ctx.Err() != nil {
			return took, nil
		} else if err != nil {
			return took, err
		}
		took.add(time.Since(began))
		select {
		case <-ctx.Done():
			return took, nil
		case <-ticks.C:
		}
	}
}
