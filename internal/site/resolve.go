package site

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"example.org/broadside"
	"example.org/broadside/internal/document"
	"example.org/broadside/internal/page"
	"example.org/broadside/internal/store"
	"example.org/broadside/internal/web"
)

// A pattern of net/http cannot hold an ending, such as /{section}/{slug}.txt.
// So one resolver finds whatever the newsroom has put at a path.
func (s *Site) resolve(w http.ResponseWriter, r *http.Request) error {
	path := r.URL.Path
	h, err := s.find(r.Context(), path)
	if broadside.KindOf(err) != broadside.NotFound {
		if err != nil {
			return err
		}
		return h(w, r)
	}
	to, rerr := s.elsewhere(r.Context(), path)
	if rerr != nil || to == "" {
		return firstError(rerr, err)
	}
	if r.URL.RawQuery != "" {
		to += "?" + r.URL.RawQuery
	}
	http.Redirect(w, r, to, http.StatusMovedPermanently)
	return nil
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// find returns the handler for what is at exactly that path, or NotFound.
func (s *Site) find(ctx context.Context, path string) (web.Handler, error) {
	section, rest, ok := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if !ok || broadside.CheckSection(section) != nil {
		return nil, nothingAt()
	}
	switch rest {
	case "":
		return s.section(ctx, section)
	case "feed.xml":
		return s.sectionFeed(ctx, section, atom)
	case "rss.xml":
		return s.sectionFeed(ctx, section, rss)
	case "feed.json":
		return s.sectionFeed(ctx, section, jsonFeed)
	}
	slug, isText := strings.CutSuffix(rest, ".txt")
	if broadside.CheckSlug("article", slug) != nil {
		return nil, nothingAt()
	}
	a, err := s.Store.ArticleAt(ctx, section, slug)
	if err != nil {
		return nil, err
	}
	if a.Live == "" {
		return nil, s.notPublic(ctx, a)
	}
	return func(w http.ResponseWriter, r *http.Request) error { return s.article(w, r, a, isText) }, nil
}

func nothingAt() error {
	return broadside.Errorf(broadside.NotFound, "There is nothing at this address.")
}

// notPublic tells readers why an article is withdrawn. Of one that was never
// public they learn nothing.
func (s *Site) notPublic(ctx context.Context, a *broadside.Article) error {
	if a.Status != broadside.Withdrawn {
		return nothingAt()
	}
	notes, err := s.notes(ctx, a)
	if err != nil {
		return err
	}
	return broadside.Errorf(broadside.Gone, "%s", notes[0].Note)
}

// maxPath is the length of the longest path that can have moved, in bytes.
const maxPath = 1000

// elsewhere returns where the thing at a path has moved to, or else the proper
// spelling of the path: sections end in a slash, articles do not, and all is in
// lower case. It returns "" if there is nothing there either.
func (s *Site) elsewhere(ctx context.Context, path string) (string, error) {
	if len(path) > maxPath || !utf8.ValidString(path) || strings.ContainsRune(path, 0) {
		return "", nil // no database could hold such a path
	}
	bare, isText := strings.CutSuffix(path, ".txt")
	to, err := s.Store.Redirect(ctx, bare)
	if err == nil && to.Article == "" {
		if !document.SafeLink(to.Target) || to.Target[0] != '/' {
			return "", fmt.Errorf("the redirect from %s does not stay on the site", path)
		}
		return to.Target, nil
	}
	if err == nil {
		a, err := s.Store.Article(ctx, to.Article)
		if err != nil {
			return "", err
		}
		if isText {
			return a.Path() + ".txt", nil
		}
		return a.Path(), nil
	}
	if broadside.KindOf(err) != broadside.NotFound {
		return "", err
	}
	for _, spelling := range []string{strings.ToLower(path), strings.ToLower(path) + "/", strings.TrimRight(strings.ToLower(path), "/")} {
		if spelling == path || strings.HasPrefix(spelling, "//") {
			continue
		}
		if _, err := s.find(ctx, spelling); err == nil {
			return spelling, nil
		} else if broadside.KindOf(err) != broadside.NotFound && broadside.KindOf(err) != broadside.Gone {
			return "", err
		}
	}
	return "", nil
}

// sectionSize is how many articles a page of a section shows.
const sectionSize = 20

func (s *Site) section(ctx context.Context, slug string) (web.Handler, error) {
	section, err := s.Store.Section(ctx, slug)
	if err != nil {
		return nil, err
	}
	return func(w http.ResponseWriter, r *http.Request) error {
		base, err := s.base(r.Context())
		if err != nil {
			return err
		}
		d := page.Section{Base: base, Section: *section, Page: 1}
		scope := store.Scope{Section: slug, Lang: base.Paper.Lang}
		count, err := s.Store.CountListings(r.Context(), scope)
		if err != nil {
			return err
		}
		d.Pages = max(1, (count+sectionSize-1)/sectionSize)
		if wish := r.URL.Query().Get("page"); wish != "" {
			if d.Page, err = strconv.Atoi(wish); err != nil || d.Page < 1 || d.Page > d.Pages {
				return nothingAt()
			}
		}
		if d.Listings, err = s.Store.Listings(r.Context(), scope, (d.Page-1)*sectionSize, sectionSize); err != nil {
			return err
		}
		if d.Elsewhere, err = s.others(r.Context(), store.Scope{Lang: scope.Lang}, func(l *broadside.Listing) bool { return l.Article.Section != slug }); err != nil {
			return err
		}
		return s.html(w, r, func(w io.Writer) error { return s.Pages.Section(w, d) })
	}, nil
}

// othersSize is how many other stories a page offers beside its own.
const othersSize = 4

// others returns the newest articles of a scope that the page wants.
func (s *Site) others(ctx context.Context, scope store.Scope, want func(*broadside.Listing) bool) ([]broadside.Listing, error) {
	all, err := s.Store.Listings(ctx, scope, 0, 4*othersSize)
	var others []broadside.Listing
	for i := range all {
		if len(others) < othersSize && want(&all[i]) {
			others = append(others, all[i])
		}
	}
	return others, err
}

func (s *Site) article(w http.ResponseWriter, r *http.Request, a *broadside.Article, asText bool) error {
	d, err := s.articleData(r.Context(), a)
	if err != nil {
		return err
	}
	if asText {
		return s.content(w, r, "text/plain; charset=utf-8", func(w io.Writer) error { return s.Pages.ArticleText(w, *d) })
	}
	return s.html(w, r, func(w io.Writer) error { return s.Pages.Article(w, *d) })
}

// articleData gathers what an article's page shows, beginning with the
// canonical bytes of the revision that is live.
func (s *Site) articleData(ctx context.Context, a *broadside.Article) (*page.Article, error) {
	base, err := s.base(ctx)
	if err != nil {
		return nil, err
	}
	d := &page.Article{Base: base, Article: *a, Files: map[string]page.File{}}
	if d.Document, err = s.live(ctx, a); err != nil {
		return nil, err
	}
	if d.Pictures, err = s.pictures(ctx, d.Document); err != nil {
		return nil, err
	}
	files, err := s.files(ctx, d.Document)
	if err != nil {
		return nil, err
	}
	for id, f := range files {
		d.Files[id] = page.File{URL: filePath(f), Type: f.MIME}
	}
	if d.Notes, err = s.notes(ctx, a); err != nil {
		return nil, err
	}
	if d.More, err = s.others(ctx, store.Scope{Section: a.Section, Lang: a.Lang}, func(l *broadside.Listing) bool { return l.Article.Story != a.Story }); err != nil {
		return nil, err
	}
	family, err := s.Store.Listings(ctx, store.Scope{Story: a.Story}, 0, 50)
	for _, l := range family {
		if l.Article.ID != a.ID {
			d.Translations = append(d.Translations, page.Translation{Lang: l.Article.Lang, Path: l.Article.Path()})
		}
	}
	return d, err
}

// live returns the text that readers see. That it was stored and cannot be read
// is our fault, not the reader's.
func (s *Site) live(ctx context.Context, a *broadside.Article) (*document.Document, error) {
	rev, err := s.Store.Revision(ctx, a.Live)
	if err != nil {
		return nil, err
	}
	d, err := document.Decode(rev.Canonical)
	if err != nil {
		return nil, fmt.Errorf("revision %s: %v", rev.ID, err)
	}
	return d, nil
}

func (s *Site) pictures(ctx context.Context, d *document.Document) (map[string]*broadside.Picture, error) {
	all := map[string]*broadside.Picture{}
	for _, u := range d.Pictures {
		p, err := s.Store.PictureByMaster(ctx, u.Picture)
		if broadside.KindOf(err) == broadside.NotFound {
			continue // killed since: its caption stands alone
		}
		if err != nil {
			return nil, err
		}
		all[u.Picture] = p
	}
	return all, nil
}

// files returns the files that a document offers, by identity.
func (s *Site) files(ctx context.Context, d *document.Document) (map[string]*store.File, error) {
	all := map[string]*store.File{}
	var err error
	d.Body.Walk(func(n *document.Node) bool {
		if id := n.Attr("file"); id != "" && err == nil {
			f, ferr := s.Store.FileByBlob(ctx, id)
			if ferr == nil {
				all[id] = f
			} else if broadside.KindOf(ferr) != broadside.NotFound {
				err = ferr
			}
		}
		return err == nil
	})
	return all, err
}

func filePath(f *store.File) string { return "/media/file/" + f.ID + "/" + url.PathEscape(f.Name) }

// notes returns what the publication log says of an article, newest first.
func (s *Site) notes(ctx context.Context, a *broadside.Article) ([]broadside.Publication, error) {
	log, err := s.Store.ArticlePublications(ctx, a.ID)
	slices.Reverse(log)
	return log, err
}
