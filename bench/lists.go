package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"example.org/broadside/internal/newsroom"
)

// lists asks how many of the pages that list articles one processor can answer
// in a second, over a connection as readers have it. It counts the server's own
// processor time, so it does not matter how slow the one who asks is. The
// reference is the smallest answer that the same server has.
func lists(ctx context.Context, g *ground) (rows []row, err error) {
	s, err := g.serve(ctx, g.paper, "GOMAXPROCS=1")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	if _, err := s.ready(ctx); err != nil {
		return nil, err
	}
	least, err := s.rate(ctx, "/healthz")
	if err != nil {
		return nil, err
	}
	for _, page := range []struct{ what, path string }{
		{"Front page", "/"},
		{"First page of a section", "/" + newsroom.Slug(sections[0], "en") + "/"},
		{"Atom feed with full text", "/feed.xml"},
	} {
		rate, err := s.rate(ctx, page.path)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row{
			page.what + ", over HTTP, compressed", "", rate.span("a second of one core"),
			"`/healthz`: " + least.span("a second of one core"), rate.median() / least.median(),
		})
	}
	return rows, nil
}

// rate returns how many times an address is answered for a second of the
// server's processor time.
func (s *server) rate(ctx context.Context, path string) (rate spread, err error) {
	for range 3 {
		before, err := cpuOf(s.cmd.Process.Pid)
		if err != nil {
			return nil, err
		}
		n := 0
		for deadline := time.Now().Add(time.Second); time.Now().Before(deadline); n++ {
			if err := get(ctx, s.url+path); err != nil {
				return nil, err
			}
		}
		after, err := cpuOf(s.cmd.Process.Pid)
		if err != nil {
			return nil, err
		}
		if after == before {
			return nil, fmt.Errorf("%s: %d answers took no processor time", path, n)
		}
		rate = append(rate, float64(n)/(after-before).Seconds())
	}
	return rate, nil
}
