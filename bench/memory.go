package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"
)

// views is how many different articles are read.
const views = 200

// memory asks what a program that serves takes: ten seconds after its start,
// and once articles have been read. The reference is the same on an empty paper,
// whose readers read its front page.
func memory(ctx context.Context, g *ground) (rows []row, err error) {
	full, err := g.serve(ctx, g.paper)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, full.stop()) }()
	empty, err := g.serve(ctx, filepath.Join(g.dir, "empty"))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, empty.stop()) }()
	if err := sleep(ctx, 10*time.Second); err != nil {
		return nil, err
	}
	idle, err := compareMemory("Memory ten seconds after the start", "< 60 MB", full, empty, "on an empty paper")
	if err != nil {
		return nil, err
	}
	for _, path := range g.spreadPaths(views, 0) {
		if err := errors.Join(get(ctx, full.url+path), get(ctx, empty.url+"/")); err != nil {
			return nil, err
		}
	}
	read, err := compareMemory(fmt.Sprintf("Memory after %d page views", views), "", full, empty, "on an empty paper")
	return []row{idle, read}, err
}

// compareMemory tells the memory of a server beside that of a reference.
func compareMemory(what, asked string, s, reference *server, called string) (row, error) {
	now, peak, err := resident(s.process())
	if err != nil {
		return row{}, err
	}
	least, leastPeak, err := resident(reference.process())
	return row{
		what, asked, fmt.Sprintf("%s MB, peak %s MB", digits(now), digits(peak)),
		fmt.Sprintf("%s: %s MB, peak %s MB", called, digits(least), digits(leastPeak)), now / least,
	}, err
}
