package site

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"example.org/broadside"
	"example.org/broadside/internal/document"
	"example.org/broadside/internal/page"
	"example.org/broadside/internal/store"
	"example.org/broadside/internal/web"
)

// article makes the page of an article.
func (m *making) article(a *broadside.Article) (*web.Content, error) {
	return m.readable(a, m.Pages.Article)
}

// liteArticle makes its text-only twin.
func (m *making) liteArticle(a *broadside.Article) (*web.Content, error) {
	return m.readable(a, m.Pages.LiteArticle)
}

// readable makes a page on which an article is read, which is counted.
func (m *making) readable(a *broadside.Article, render func(page.Article) (*page.Sheet, error)) (*web.Content, error) {
	d, err := m.articleData(a)
	if err != nil {
		return nil, err
	}
	c, err := m.sheet(render(*d))
	if err == nil && !a.IsPage() {
		c.Article = a.ID
	}
	return c, err
}

// text makes its twin in plain text.
func (m *making) text(a *broadside.Article) (*web.Content, error) {
	d, err := m.articleData(a)
	if err != nil {
		return nil, err
	}
	return &web.Content{Type: "text/plain; charset=utf-8", Body: m.Pages.ArticleText(*d), Keys: m.keys}, nil
}

// republish makes the page for those who reprint it.
func (m *making) republish(a *broadside.Article) (*web.Content, error) {
	if a.IsPage() || !page.Reusable(m.base.Paper.Licence) {
		return nil, nothingAt()
	}
	d, err := m.articleData(a)
	if err != nil {
		return nil, err
	}
	return m.sheet(m.Pages.Republish(*d))
}

// articleData gathers what an article's page shows, beginning with the
// canonical bytes of the revision that is live.
func (m *making) articleData(a *broadside.Article) (*page.Article, error) {
	m.made(articleKey(a.ID), storyKey(a.Story))
	d := &page.Article{Base: m.base, Article: *a, Card: cardPath(a), Files: map[string]page.File{}, People: map[string]broadside.Person{}}
	var err error
	if d.Document, d.Words, err = m.live(m.ctx, a); err != nil {
		return nil, err
	}
	if d.Pictures, err = m.pictures(m.ctx, d.Document); err != nil {
		return nil, err
	}
	files, err := m.files(m.ctx, d.Document)
	if err != nil {
		return nil, err
	}
	for id, f := range files {
		d.Files[id] = page.File{URL: filePath(f.ID, f.Name), Type: f.MIME}
	}
	people, err := m.Store.RevisionPeople(m.ctx, a.Live)
	if err != nil {
		return nil, err
	}
	for _, p := range people {
		d.People[p.ID] = p
	}
	if d.Tags, err = m.Store.ArticleTags(m.ctx, a.ID); err != nil {
		return nil, err
	}
	if d.Notes, err = m.notes(a); err != nil {
		return nil, err
	}
	return d, m.surround(d)
}

// familySize is more than a story has forms.
const familySize = 50

// surround finds the story's other forms and what to read next.
func (m *making) surround(d *page.Article) error {
	family, err := m.headlines(store.Scope{Story: d.Article.Story}, 0, familySize)
	if err != nil || d.Article.IsPage() {
		return err
	}
	var sequels []broadside.Listing
	for _, l := range family {
		switch {
		case l.Article.ID == d.Article.ID:
		case l.Article.Lang == d.Article.Lang:
			sequels = append(sequels, l)
		default:
			d.Translations = append(d.Translations, page.Translation{Lang: l.Article.Lang, Path: l.Article.Path()})
		}
	}
	d.More, d.OnStory, err = m.next(d, sequels)
	return err
}

// next returns what a reader of an article may want to read next: the same
// story first, then what shares its tags and words, then the newest of its
// section. OnStory reports that the first of them is on the same matter.
func (m *making) next(d *page.Article, sequels []broadside.Listing) (more []broadside.Listing, onStory bool, err error) {
	a := &d.Article
	for _, t := range a.Tags {
		m.made(tagKey(t))
	}
	related, err := m.Store.Related(m.ctx, a, a.Lang, 4*othersSize)
	if err != nil {
		return nil, false, err
	}
	more = append(sequels, rank(d.Document, related)...)
	onStory = len(more) > 0
	if len(more) < othersSize {
		newest, err := m.others(store.Scope{Section: a.Section, Lang: a.Lang}, func(l *broadside.Listing) bool {
			return l.Article.Story != a.Story && !slices.ContainsFunc(more, func(have broadside.Listing) bool { return have.Article.ID == l.Article.ID })
		})
		if err != nil {
			return nil, false, err
		}
		more = append(more, newest...)
	}
	more = more[:min(len(more), othersSize)]
	m.shows(more)
	return more, onStory, nil
}

// rank orders articles that share tags with a text by how many words their
// headlines and standfirsts share with its own, and then as they were.
func rank(d *document.Document, related []broadside.Listing) []broadside.Listing {
	own := telling(d.Headline + " " + d.Standfirst)
	shared := map[string]int{}
	for i := range related {
		for w := range telling(related[i].Summary.Headline + " " + related[i].Summary.Standfirst) {
			if own[w] {
				shared[related[i].Article.ID]++
			}
		}
	}
	slices.SortStableFunc(related, func(a, b broadside.Listing) int {
		return cmp.Compare(shared[b.Article.ID], shared[a.Article.ID])
	})
	return related
}

// telling returns the words of a text that say what it is about: those of five
// letters and more, without their endings.
func telling(text string) map[string]bool {
	const least, most = 5, 6
	words := map[string]bool{}
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if letters := []rune(w); len(letters) >= least {
			words[string(letters[:min(len(letters), most)])] = true
		}
	}
	return words
}

// live returns the text that readers see, and how many words it has. That it was
// stored and cannot be read is our fault, not the reader's.
func (s *Site) live(ctx context.Context, a *broadside.Article) (d *document.Document, words int, err error) {
	rev, err := s.Store.Revision(ctx, a.Live)
	if err != nil {
		return nil, 0, err
	}
	if d, err = document.Decode(rev.Canonical); err != nil {
		return nil, 0, fmt.Errorf("revision %s: %v", rev.ID, err)
	}
	return d, rev.Words, nil
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

// notes returns what the publication log says of an article, newest first.
func (m *making) notes(a *broadside.Article) ([]broadside.Publication, error) {
	log, err := m.Store.ArticlePublications(m.ctx, a.ID)
	slices.Reverse(log)
	return log, err
}
