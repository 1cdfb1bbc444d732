package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"
)

// views is how many different articles are read where articles are read.
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
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(10 * time.Second):
	}
	idle, err := compareMemory("Memory ten seconds after the start", "< 60 MB", full, empty)
	if err != nil {
		return nil, err
	}
	for i := range views {
		if err := errors.Join(get(ctx, full.url+g.view(i)), get(ctx, empty.url+"/")); err != nil {
			return nil, err
		}
	}
	read, err := compareMemory(fmt.Sprintf("Memory after %d page views", views), "", full, empty)
	return []row{idle, read}, err
}

// view returns the address of the article that is read as the i-th: each is
// another one, from all over the archive.
func (g *ground) view(i int) string { return g.paths[i*(archive/views)] }

func compareMemory(what, asked string, full, empty *server) (row, error) {
	now, peak, err := resident(full.process())
	if err != nil {
		return row{}, err
	}
	least, leastPeak, err := resident(empty.process())
	return row{
		what, asked, fmt.Sprintf("%s MB, peak %s MB", digits(now), digits(peak)),
		fmt.Sprintf("on an empty paper: %s MB, peak %s MB", digits(least), digits(leastPeak)), now / least,
	}, err
}
