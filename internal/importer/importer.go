// Package importer brings articles in from files: Markdown, HTML and plain
// text with front matter.
//
// It reads and judges; what is stored, and whether, is the newsroom's. A file
// that is refused is reported by name and line and does not stop the others.
// Importing the same files again changes nothing.
package importer

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"slices"
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

	// Amend says how files change articles that have another text. Nil
	// refuses such files.
	Amend *newsroom.Amendment
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
// in the same order, once its outcome is on disk. It stops when ctx is done or
// the store or the disk is away, and then returns the error; files that it did
// not come to are not reported.
//
// What an article names is looked for in its own folder, which is [fs.Sub] of
// fsys, and below. An fsys with symbolic links must implement [fs.SubFS] and see
// to it that they do not lead out of such a folder.
func Run(ctx context.Context, n *newsroom.Newsroom, fsys fs.FS, files []string, opt Options, report func(Result)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var away error
	in := &intake{n, fsys, opt}
	for readings := range in.prepare(ctx, files) {
		if ctx.Err() != nil {
			in.discard(ctx, readings)
			continue
		}
		for _, r := range in.store(ctx, readings) {
			if broadside.KindOf(r.Err) == broadside.Unavailable {
				// What is away for one file is away for all.
				away = cmp.Or(away, r.Err)
				cancel()
				continue
			}
			report(r)
		}
	}
	return cmp.Or(away, ctx.Err())
}

// An intake is one run of the importer.
type intake struct {
	newsroom *newsroom.Newsroom
	fsys     fs.FS
	opt      Options
}

// A reading is a file that has been read, or the reason why it could not be.
type reading struct {
	file string
	sub  *newsroom.Submission
	err  error
}

func (in *intake) read(ctx context.Context, file string) reading {
	folder, err := fs.Sub(in.fsys, path.Dir(file))
	if err != nil {
		return reading{file, nil, missing(file, err)}
	}
	a := &article{newsroom: in.newsroom, folder: folder, opt: in.opt}
	sub, err := a.read(ctx, file)
	return reading{file, sub, err}
}

// prepare reads the next batch, on all processors, while the last one is being
// stored. Whoever calls it receives to the end, which comes soon after ctx is
// done.
func (in *intake) prepare(ctx context.Context, files []string) <-chan []reading {
	out := make(chan []reading, 1)
	go func() {
		defer close(out)
		for batch := range slices.Chunk(files, batch) {
			if ctx.Err() != nil {
				return
			}
			readings := make([]reading, len(batch))
			var wg sync.WaitGroup
			room := make(chan struct{}, runtime.NumCPU())
			for i, file := range batch {
				room <- struct{}{}
				wg.Go(func() {
					defer func() { <-room }()
					readings[i] = in.read(ctx, file)
				})
			}
			wg.Wait()
			out <- readings
		}
	}()
	return out
}

func (in *intake) store(ctx context.Context, readings []reading) []Result {
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
	for i, o := range in.newsroom.Import(ctx, in.opt.Actor, subs) {
		r := &results[at[i]]
		// Somebody else may have discarded the same picture after it was read,
		// such as a file that was refused.
		brought := len(subs[i].Prints) + len(subs[i].Attachments)
		for tries := 0; brought > 0 && tries < 3 && broadside.KindOf(o.Err) == broadside.Unavailable; tries++ {
			o = in.again(ctx, r.File)
		}
		r.Path, r.Changed, r.Err = o.Path, o.Changed, o.Err
	}
	return results
}

// again imports a file by itself.
func (in *intake) again(ctx context.Context, file string) newsroom.Outcome {
	r := in.read(ctx, file)
	if r.err != nil {
		return newsroom.Outcome{Err: r.err}
	}
	return in.newsroom.Import(ctx, in.opt.Actor, []newsroom.Submission{*r.sub})[0]
}

// discard deletes what was kept for files that are not stored after all. That
// fails only with the paper itself, and what is left over does no harm.
func (in *intake) discard(ctx context.Context, readings []reading) {
	for _, r := range readings {
		if r.err == nil {
			_ = in.newsroom.Discard(context.WithoutCancel(ctx), r.sub.Prints, r.sub.Attachments)
		}
	}
}

// lineError puts the line of the file before a sentence.
func lineError(line int, format string, args ...any) error {
	return broadside.Errorf(broadside.Invalid, "Line %d: %s", line, fmt.Sprintf(format, args...))
}

// atLine puts the line before what is wrong with the file. An error that is not
// the file's fault keeps its kind.
func atLine(line int, err error) error {
	if broadside.KindOf(err) == broadside.Invalid {
		return lineError(line, "%s", broadside.PublicOf(err))
	}
	return fmt.Errorf("line %d: %w", line, err)
}
