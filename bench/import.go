package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/yuin/goldmark"
)

// together is how many articles share a wait for the disk, in the reference
// as in the program.
const together = 64

// importing brings the archive in by the program, into a fresh paper each time.
// The reference does what no import can do without: it reads each file, turns
// its Markdown into HTML and appends it to one file, on one processor.
func importing(ctx context.Context, g *ground) ([]row, error) {
	files, err := g.writeArchive()
	if err != nil {
		return nil, err
	}
	var program, least speed
	for range 3 {
		if err := os.RemoveAll(g.paper); err != nil {
			return nil, err
		}
		if err := program.add(children, func() error { return g.importAll(ctx, files) }); err != nil {
			return nil, err
		}
		if err := least.add(here, func() error { return g.leastImport(files) }); err != nil {
			return nil, err
		}
	}
	what := fmt.Sprintf("Import and publish %s Markdown articles", digits(archive))
	reference := fmt.Sprintf("goldmark, then append to one file, fsync every %d: ", together)
	return []row{
		{what, "≥ 500 a second", program.rate.span("a second"), reference + least.rate.span("a second"), program.rate.median() / least.rate.median()},
		{what + ": CPU for each", "", program.cost.span("ms"), "the same: " + least.cost.span("ms"), program.cost.median() / least.cost.median()},
	}, nil
}

// A speed is how fast the archive is worked through.
type speed struct {
	rate spread // articles a second
	cost spread // processor time for an article, in milliseconds
}

// add measures f, which does its work here or in children.
func (s *speed) add(who int, f func() error) error {
	began := time.Now()
	cost, err := costOf(who, f)
	s.rate = append(s.rate, archive/time.Since(began).Seconds())
	s.cost.add(cost / archive)
	return err
}

// importAll has the program import the files into the ground's paper.
func (g *ground) importAll(ctx context.Context, files []string) error {
	printed, err := g.command(ctx, g.binary, append([]string{"import", "markdown", "--publish", "--dir", g.paper}, files...)...)
	if err != nil {
		return err
	}
	if g.paths = strings.Fields(printed); len(g.paths) != archive {
		return fmt.Errorf("%d of %d articles were imported", len(g.paths), archive)
	}
	return nil
}

// writeArchive writes the articles' files and returns their names, from the
// ground's directory.
func (g *ground) writeArchive() ([]string, error) {
	if err := os.Mkdir(filepath.Join(g.dir, "articles"), 0o755); err != nil {
		return nil, err
	}
	files := make([]string, archive)
	for i := range files {
		files[i] = fmt.Sprintf("articles/%05d.md", i)
		if err := os.WriteFile(filepath.Join(g.dir, files[i]), []byte(newArticle(i).markdown()), 0o644); err != nil {
			return nil, err
		}
	}
	return files, nil
}

func (g *ground) leastImport(files []string) error {
	out, err := os.Create(filepath.Join(g.dir, "imported"))
	if err != nil {
		return err
	}
	defer out.Close()
	for i, name := range files {
		text, err := os.ReadFile(filepath.Join(g.dir, name))
		if err != nil {
			return err
		}
		if err := goldmark.Convert(text, io.Discard); err != nil {
			return err
		}
		if _, err := out.Write(text); err != nil {
			return err
		}
		if i%together == together-1 || i == len(files)-1 {
			if err := out.Sync(); err != nil {
				return err
			}
		}
	}
	return nil
}
