package site

import (
	"context"
	"io"
	"net/http"
	"strings"

	"example.org/broadside"
	"example.org/broadside/internal/card"
	"example.org/broadside/internal/locale"
	"example.org/broadside/internal/web"
)

// cardPath is the address of the picture that is drawn for an article, to be
// shown where somebody shares it. It names the revision, so that another
// headline has another address.
func cardPath(a *broadside.Article) string { return "/media/card/" + a.Live + ".png" }

// cardControl lets those who show the picture keep it for a day.
const cardControl = "public, max-age=86400"

// card draws it, as long as the revision is the one that readers see.
func (s *Site) card(ctx context.Context, r *http.Request) (*web.Content, error) {
	revision, ok := strings.CutSuffix(strings.TrimPrefix(r.URL.Path, "/media/card/"), ".png")
	if !ok {
		return nil, nothingAt()
	}
	rev, err := s.Store.Revision(ctx, revision)
	if err != nil {
		return nil, err
	}
	a, err := s.Store.Article(ctx, rev.Article)
	if err != nil {
		return nil, err
	}
	if a.Live != revision {
		return nil, nothingAt()
	}
	m, err := s.begin(ctx, r)
	if err != nil {
		return nil, err
	}
	m.made(articleKey(a.ID))
	c := card.Card{Paper: m.base.Paper.Name, Headline: rev.Headline, Lang: rev.Lang}
	for _, sec := range m.base.Sections {
		if sec.Slug == a.Section {
			c.Section = sec.Name
		}
	}
	c.Foot = locale.Date(rev.Lang, a.Published.In(m.base.Paper.Location()))
	if rev.Byline != "" {
		c.Foot = rev.Byline + ", " + c.Foot
	}
	if colour, err := broadside.ParseColour(m.base.Paper.Colour); err == nil {
		c.Accent = colour
	}
	drawn, err := m.written("image/png", func(w io.Writer) error { return s.Cards.Draw(w, c) })
	if err == nil {
		drawn.CacheControl = cardControl
	}
	return drawn, err
}

// asset sends a style sheet or a face.
func (s *Site) asset(_ context.Context, r *http.Request) (*web.Content, error) {
	a, ok := s.Pages.Asset(strings.TrimPrefix(r.URL.Path, s.Pages.Static()))
	if !ok {
		return nil, nothingAt()
	}
	return &web.Content{Type: a.Type, Body: a.Data, CacheControl: forever}, nil
}
