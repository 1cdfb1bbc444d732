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

// articlePage asks what processor time one view of an article takes, from the
// store to the bytes of the page, for articles that nobody has read yet. The
// reference decodes the same revisions and does no more.
func articlePage(ctx context.Context, g *ground) (rows []row, err error) {
	p, err := g.openPaper(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.store.Close()) }()
	handler, err := p.handler()
	if err != nil {
		return nil, err
	}
	plain, err := g.viewAll(ctx, handler, "identity")
	if err != nil {
		return nil, err
	}
	gzip, err := g.viewAll(ctx, handler, "gzip")
	if err != nil {
		return nil, err
	}
	decode, err := g.decodeAll(ctx, p)
	if err != nil {
		return nil, err
	}
	reference := "decoding the same revisions: " + decode.span("ms")
	return []row{
		{fmt.Sprintf("CPU for an article's page, %d different ones", views), "", plain.span("ms"), reference, plain.median() / decode.median()},
		{"The same again, compressed", "", gzip.span("ms"), reference, gzip.median() / decode.median()},
	}, nil
}

// viewAll reads each article once, in one encoding.
func (g *ground) viewAll(ctx context.Context, handler http.Handler, encoding string) (took spread, err error) {
	for i := range views {
		req := httptest.NewRequestWithContext(ctx, http.MethodGet, g.view(i), nil)
		req.Header.Set("Accept-Encoding", encoding)
		answer := httptest.NewRecorder()
		cost, err := costOf(here, func() error {
			handler.ServeHTTP(answer, req)
			return nil
		})
		if err != nil {
			return nil, err
		}
		if answer.Code != http.StatusOK {
			return nil, fmt.Errorf("%s: status %d", req.URL, answer.Code)
		}
		took.add(cost)
	}
	return took, nil
}

func (g *ground) decodeAll(ctx context.Context, p *paper) (took spread, err error) {
	for i := range views {
		section, slug, _ := broadside.SplitPath(g.view(i))
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
