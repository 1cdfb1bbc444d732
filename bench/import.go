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
	var rate, least spread
	for range 3 {
		if err := os.RemoveAll(g.paper); err != nil {
			return nil, err
		}
		began := time.Now()
		printed, err := g.command(ctx, g.binary, append([]string{"import", "markdown", "--publish", "--dir", g.paper}, files...)...)
		if err != nil {
			return nil, err
		}
		rate = append(rate, archive/time.Since(began).Seconds())
		if g.paths = strings.Fields(printed); len(g.paths) != archive {
			return nil, fmt.Errorf("%d of %d articles were imported", len(g.paths), archive)
		}
		began = time.Now()
		if err := g.leastImport(files); err != nil {
			return nil, err
		}
		least = append(least, archive/time.Since(began).Seconds())
	}
	return []row{{
		fmt.Sprintf("Import and publish %s Markdown articles", digits(archive)), "≥ 500 a second", rate.span("a second"),
		fmt.Sprintf("goldmark, then append to one file, fsync every %d: %s", together, least.span("a second")), rate.median() / least.median(),
	}}, nil
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
