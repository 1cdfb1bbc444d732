// Package importer brings articles in from files: Markdown, HTML and plain
// text with front matter.
//
// It reads and judges; what is stored, and whether, is the newsroom's. A file
// that is refused is reported by name and line and does not stop the others.
// Importing the same files again changes nothing.
package importer

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"sync"

	"example.org/broadside"
	"example.org/broadside/internal/newsroom"
)

// A Format is how the text of a file is written.
type Format string

// The formats that can be imported.
const (
	Markdown Format = "markdown"
	HTML     Format = "html"
	Text     Format = "text"
)

// Options say what to do with the files.
type Options struct {
	Format        Format
	Paper         broadside.Paper // its time zone reads dates, its language is the default
	Actor         broadside.Actor
	Publish       bool
	KeepOriginals bool // of pictures, encrypted
}

// A Result says what became of one file.
type Result struct {
	File    string
	Path    string // the article's address; empty if Err is not nil
	Changed bool   // false: the paper had it already
	Err     error  // names the line where it can
}

// batch is how many articles share a transaction, and so a wait for the disk.
const batch = 64

// Run imports the named files of fsys in their order and calls report for each,
// in the same order, once its outcome is on disk. It stops when ctx is done,
// and then returns its error.
func Run(ctx context.Context, n *newsroom.Newsroom, fsys fs.FS, files []string, opt Options, report func(Result)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for prepared := range prepare(ctx, n, fsys, files, opt) {
		if err := ctx.Err(); err != nil {
			return err
		}
		for _, r := range store(ctx, n, opt.Actor, prepared) {
			report(r)
		}
	}
	return ctx.Err()
}

// A reading is a file that has been read, or the reason why it could not be.
type reading struct {
	file string
	sub  *newsroom.Submission
	err  error
}

// prepare reads the next batch, on all processors, while the last one is being
// stored.
func prepare(ctx context.Context, n *newsroom.Newsroom, fsys fs.FS, files []string, opt Options) <-chan []reading {
	out := make(chan []reading, 1)
	go func() {
		defer close(out)
		for len(files) > 0 {
			size := min(batch, len(files))
			readings := make([]reading, size)
			var wg sync.WaitGroup
			room := make(chan struct{}, runtime.NumCPU())
			for i, file := range files[:size] {
				room <- struct{}{}
				wg.Go(func() {
					defer func() { <-room }()
					f := &article{newsroom: n, fsys: fsys, dir: path.Dir(file), opt: opt}
					sub, err := f.read(ctx, file)
					readings[i] = reading{file, sub, err}
				})
			}
			wg.Wait()
			files = files[size:]
			select {
			case out <- readings:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

func store(ctx context.Context, n *newsroom.Newsroom, who broadside.Actor, readings []reading) []Result {
	results := make([]Result, len(readings))
	var subs []newsroom.Submission
	var at []int
	for i, r := range readings {
		results[i] = Result{File: r.file, Err: r.err}
		if r.err == nil {
			subs, at = append(subs, *r.sub), append(at, i)
		}
	}
	if len(subs) == 0 {
		return results
	}
	for i, o := range n.Import(ctx, who, subs) {
		r := &results[at[i]]
		r.Path, r.Changed, r.Err = o.Path, o.Changed, o.Err
	}
	return results
}

// lineError puts the line of the file before a sentence.
func lineError(line int, format string, args ...any) error {
	return broadside.Errorf(broadside.Invalid, "Line %d: %s", line, fmt.Sprintf(format, args...))
}
