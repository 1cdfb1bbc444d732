package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// every is how often an article is published while the backup is written.
const every = 20 * time.Millisecond

// backingUp writes a backup by the program, read back included, while this
// process publishes. The reference copies the paper's files while nobody does,
// and reads nothing back.
func backingUp(ctx context.Context, g *ground) (rows []row, err error) {
	p, err := g.openPaper(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.store.Close()) }()
	var took, publish, least spread
	for range 3 {
		stop := p.publishMeanwhile(ctx, g)
		began := time.Now()
		_, failed := g.command(ctx, g.binary, "backup", "--dir", g.paper, "-o", filepath.Join(g.dir, "backup"))
		took.add(time.Since(began))
		latencies, err := stop()
		if err := errors.Join(failed, err); err != nil {
			return nil, err
		}
		publish = append(publish, latencies...)
		began = time.Now()
		if err := g.copyPaper(); err != nil {
			return nil, err
		}
		least.add(time.Since(began))
	}
	if len(publish) == 0 {
		return nil, errors.New("the backup was done before anything could be published")
	}
	return []row{
		{fmt.Sprintf("Backup of %s articles while publishing goes on", digits(archive)), "< 5 s", took.span("ms"),
			"copy the paper's files, fsync: " + least.span("ms"), took.median() / least.median()},
		{fmt.Sprintf("Save and publish meanwhile, %d times, one every %v", len(publish), every), "", publish.tail("ms"),
			"without a backup: see above", 0},
	}, nil
}

// publishMeanwhile publishes articles until the returned function is called,
// which tells how long each took.
func (p *paper) publishMeanwhile(ctx context.Context, g *ground) (stop func() (spread, error)) {
	done, ended := make(chan struct{}), make(chan struct{})
	var took spread
	var err error
	go func() {
		defer close(ended)
		ticks := time.NewTicker(every)
		defer ticks.Stop()
		for err == nil {
			select {
			case <-done:
				return
			case <-ticks.C:
			}
			var one publication
			if one, err = p.publishNext(ctx, g); err == nil {
				took.add(one.create + one.publish)
			}
		}
	}()
	return func() (spread, error) {
		close(done)
		<-ended
		return took, err
	}
}

func (g *ground) copyPaper() error {
	to := filepath.Join(g.dir, "copy")
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	return filepath.WalkDir(g.paper, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(g.paper, name)
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.MkdirAll(filepath.Join(to, rel), 0o755)
		}
		return copyFile(name, filepath.Join(to, rel))
	})
}
