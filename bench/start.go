package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// starting waits for the first front page of a program that has just been
// started. The reference is the same program saying its version.
func starting(ctx context.Context, g *ground) ([]row, error) {
	var first, version spread
	for range 11 {
		took, err := g.firstPage(ctx)
		if err != nil {
			return nil, err
		}
		first.add(took)
		began := time.Now()
		if _, err := g.command(ctx, g.binary, "--version"); err != nil {
			return nil, err
		}
		version.add(time.Since(began))
	}
	return []row{{
		fmt.Sprintf("Start with %s articles to the first front page", digits(archive)), "< 500 ms", first.span("ms"),
		"`broadside --version`: " + version.span("ms"), first.median() / version.median(),
	}}, nil
}

// firstPage starts the program, waits for its front page and stops it.
func (g *ground) firstPage(ctx context.Context) (took time.Duration, err error) {
	began := time.Now()
	s, err := g.serve(ctx, g.paper)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	there, err := s.ready(ctx)
	return there.Sub(began), err
}
