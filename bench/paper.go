package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"example.org/broadside"
	"example.org/broadside/internal/blob"
	"example.org/broadside/internal/card"
	"example.org/broadside/internal/keyring"
	"example.org/broadside/internal/newsroom"
	"example.org/broadside/internal/page"
	"example.org/broadside/internal/site"
	"example.org/broadside/internal/store"
	"example.org/broadside/internal/web"
)

// editor is who publishes here.
var editor = broadside.Actor{Name: "Vera Lund", Role: broadside.Editor}

// A paper is the paper of the ground, opened in this process as the program
// opens it.
type paper struct {
	store    *store.DB
	keys     *keyring.Keyring
	newsroom *newsroom.Newsroom
}

// openPaper opens the paper. The caller closes its store.
func (g *ground) openPaper(ctx context.Context) (*paper, error) {
	keys, err := keyring.Open(filepath.Join(g.paper, "keys"))
	if err != nil {
		return nil, err
	}
	blobs, err := blob.OpenDir(filepath.Join(g.paper, "blobs"))
	if err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, filepath.Join(g.paper, "paper.db"))
	if err != nil {
		return nil, err
	}
	return &paper{db, keys, newsroom.New(db, blobs, keys, time.Now, quiet())}, nil
}

func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

// handler returns what answers readers, floor included. Until ctx ends it
// follows what is published, as the program does.
func (p *paper) handler(ctx context.Context) (http.Handler, error) {
	pages, err := page.New(nil)
	if err != nil {
		return nil, err
	}
	cards, err := card.New()
	if err != nil {
		return nil, err
	}
	opt := site.Options{Store: p.store, Newsroom: p.newsroom, Pages: pages, Cards: cards, Now: time.Now, URL: "https://paper.example"}
	floor := web.New(web.Options{
		Log: quiet(), Page: site.ErrorPage(opt), Hash: func(b []byte) []byte { return p.keys.Hash("entity tag", b) },
	})
	s := site.New(opt, floor)
	go s.Follow(ctx)
	return floor.Wrap(s), nil
}

// publication is how long it took to bring one article before the readers.
type publication struct {
	create, publish time.Duration
	bytes           int // of the article in its stored form
}

// publishNext writes the next new article as a draft and publishes it.
func (p *paper) publishNext(ctx context.Context, g *ground) (publication, error) {
	a := newArticle(g.next)
	g.next++
	text, err := a.document()
	if err != nil {
		return publication{}, err
	}
	began := time.Now()
	made, err := p.newsroom.Create(ctx, editor, newsroom.Draft{Section: newsroom.Slug(a.section, "en"), Text: text})
	if err != nil {
		return publication{}, err
	}
	drafted := time.Now()
	if err := p.newsroom.Publish(ctx, editor, made.ID, made.Head); err != nil {
		return publication{}, err
	}
	done := publication{create: drafted.Sub(began), publish: time.Since(drafted)}
	stored, err := text.Canonical()
	done.bytes = len(stored)
	return done, err
}

// copyFile copies a file and waits until the copy is on disk.
func copyFile(from, to string) error {
	r, err := os.Open(from)
	if err != nil {
		return err
	}
	defer r.Close()
	w, err := os.Create(to)
	if err != nil {
		return err
	}
	defer w.Close()
	if _, err := io.Copy(w, r); err != nil {
		return err
	}
	return w.Sync()
}
