package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// publications is how many articles are published one after the other.
const publications = 200

// publishing puts new articles into the full paper. After each, the reference
// appends as many bytes as the article has to a file and waits for the same
// disk, so whatever disturbs one disturbs the other.
func publishing(ctx context.Context, g *ground) (rows []row, err error) {
	p, err := g.openPaper(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.store.Close()) }()
	file, err := os.Create(filepath.Join(g.dir, "appended"))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var publish, both, least spread
	for range publications {
		done, err := p.publishNext(ctx, g)
		if err != nil {
			return nil, err
		}
		publish.add(done.publish)
		both.add(done.create + done.publish)
		took, err := appendSynced(file, make([]byte, done.bytes))
		if err != nil {
			return nil, err
		}
		least.add(took)
	}
	reference := fmt.Sprintf("append the article's bytes to a file, fsync: %s", least.tail("ms"))
	return []row{
		{fmt.Sprintf("Publish, %d times into %s articles, fsync included", publications, digits(archive)), "p99 < 50 ms",
			publish.tail("ms"), reference, publish.quantile(0.99) / least.quantile(0.99)},
		{"Save a new article and publish it", "", both.tail("ms"), reference, both.quantile(0.99) / least.quantile(0.99)},
	}, nil
}

func appendSynced(file *os.File, data []byte) (time.Duration, error) {
	began := time.Now()
	if _, err := file.Write(data); err != nil {
		return 0, err
	}
	err := file.Sync()
	return time.Since(began), err
}
