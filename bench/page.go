package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"

	"example.org/broadside"
	"example.org/broadside/internal/document"
)

// pages is how many articles are read in each encoding.
const pages = 1000

// encodings are how articles are read, in turn. No article is read twice, so
// no page is there before it is asked for.
var encodings = []string{"identity", "gzip", "br"}

// articlePage asks what processor time one view of an article takes, from the
// store to the bytes of the page, for articles that nobody has read yet. The
// reference decodes the same revisions and does no more.
func articlePage(ctx context.Context, g *ground) (rows []row, err error) {
	p, err := g.openPaper(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.store.Close()) }()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	handler, err := p.handler(ctx)
	if err != nil {
		return nil, err
	}
	for i, encoding := range encodings {
		paths := g.spreadPaths(pages, i)
		took, answered, err := viewAll(ctx, handler, paths, encoding)
		if err != nil {
			return nil, err
		}
		decode, err := decodeAll(ctx, p, paths)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row{
			fmt.Sprintf("CPU for an article's page, %s different ones, %s", digits(pages), answeredAs(encoding, answered)), "≤ 2 ms", took.tail("ms"),
			"decoding the same revisions: " + decode.tail("ms"), took.median() / decode.median(),
		})
	}
	return rows, nil
}

// spreadPaths returns the addresses of n articles from all over the archive.
// With another offset it returns others.
func (g *ground) spreadPaths(n, offset int) []string {
	paths := make([]string, n)
	for i := range paths {
		paths[i] = g.paths[i*(archive/n)+offset]
	}
	return paths
}

// viewAll reads each article once, in one encoding, and returns which one was
// given.
func viewAll(ctx context.Context, handler http.Handler, paths []string, encoding string) (took spread, answered string, err error) {
	for _, path := range paths {
		req := httptest.NewRequestWithContext(ctx, http.MethodGet, path, nil)
		req.Header.Set("Accept-Encoding", encoding)
		recorder := httptest.NewRecorder()
		cost, err := costOf(here, func() error {
			handler.ServeHTTP(recorder, req)
			return nil
		})
		if err != nil {
			return nil, "", err
		}
		if recorder.Code != http.StatusOK {
			return nil, "", fmt.Errorf("%s: status %d", req.URL, recorder.Code)
		}
		answered = answer{Header: recorder.Header()}.encoding()
		took.add(cost)
	}
	return took, answered, nil
}

// answeredAs names an encoding, and the one that came in its stead.
func answeredAs(asked, answered string) string {
	if asked == answered {
		return asked
	}
	return fmt.Sprintf("%s (answered as %s)", asked, answered)
}

func decodeAll(ctx context.Context, p *paper, paths []string) (took spread, err error) {
	for _, path := range paths {
		section, slug, _ := broadside.SplitPath(path)
		a, err := p.store.ArticleAt(ctx, section, slug)
		if err != nil {
			return nil, err
		}
		r, err := p.store.Revision(ctx, a.Live)
		if err != nil {
			return nil, err
		}
		cost, err := costOf(here, func() error {
			_, err := document.Decode(r.Canonical)
			return err
		})
		if err != nil {
			return nil, err
		}
		took.add(cost)
	}
	return took, nil
}
