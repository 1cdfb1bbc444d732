package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"
)

// Addresses in the demo paper.
const (
	frontPath   = "/"
	articlePath = "/harbour/sold-at-midnight"
	litePath    = "/lite/harbour/sold-at-midnight"
)

// opening is how the text at articlePath begins.
const opening = "The ice stopped first."

// serveDemo starts the program on the demo paper, which the first call makes,
// and waits until it is healthy. The program has answered no reader before, and
// its public address is the one on which it listens.
func (g *ground) serveDemo(ctx context.Context) (*server, error) {
	return g.serveDemoIn(ctx, filepath.Join(g.dir, "demo"))
}

// serveDemoIn is serveDemo for a demo paper in a directory.
func (g *ground) serveDemoIn(ctx context.Context, dir string) (*server, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	s, err := g.serveAt(ctx, address, nil, "--dir", dir, "--demo", "--url", "http://"+address)
	if err != nil {
		return nil, err
	}
	if _, err := s.await(ctx, "/healthz"); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	if err := s.settle(ctx); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	return s, nil
}

// settle waits until the server takes hardly any processor time, so until the
// pictures have their sizes.
func (s *server) settle(ctx context.Context) error {
	const pause, patience = 500 * time.Millisecond, 90 * time.Second
	last, err := s.cpu()
	if err != nil {
		return err
	}
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		if err := sleep(ctx, pause); err != nil {
			return err
		}
		now, err := s.cpu()
		if err != nil || now-last <= 2*tick {
			return err
		}
		last = now
	}
	return fmt.Errorf("the program is still at work %v after its start: what does it do?", patience)
}

// makePopular asks for a page until it is worth compressing with more time, and
// gives the program that time.
func (s *server) makePopular(ctx context.Context, path string) error {
	for range 4 {
		for _, encoding := range []string{"br", "gzip"} {
			if _, err := fetch(ctx, asTheyCome, s.url+path, encoding); err != nil {
				return err
			}
		}
	}
	return sleep(ctx, 2*time.Second)
}

// sleep waits for that long unless ctx is done before.
func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
