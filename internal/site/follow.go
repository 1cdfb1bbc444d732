package site

import (
	"context"
	"slices"
	"time"

	"example.org/broadside"
	"example.org/broadside/internal/locale"
	"example.org/broadside/internal/store"
)

// Follow keeps the cache true until ctx ends: it watches the store and drops
// what a change touches. While it runs, pages are kept; without it every answer
// is made anew.
func (s *Site) Follow(ctx context.Context) {
	defer s.forget()
	changed, again := s.Store.Watch(ctx), time.NewTicker(lookAnyway)
	defer again.Stop()
	var state store.State
	known := false
	for {
		select {
		case _, open := <-changed:
			if !open {
				return
			}
		case <-again.C:
		}
		now, err := s.Store.State(ctx)
		if err != nil {
			// The store is away, or we are to stop. What is kept is still what
			// readers last saw.
			if ctx.Err() == nil {
				s.floor.Log(ctx, "following the publication log", err)
			}
			continue
		}
		if !known {
			s.floor.Cache.Keep(true)
			s.drop(ctx)
			known = true
		} else if now != state {
			s.advance(ctx, state, now)
		}
		state = now
	}
}

// lookAnyway is how often the state is looked at though nobody has told of a
// change: the connection by which PostgreSQL would tell may be dead without its
// end being seen, and a look may have failed.
const lookAnyway = 2 * time.Second

// advance drops what has changed between two states.
func (s *Site) advance(ctx context.Context, was, now store.State) {
	if now.Site != was.Site || now.Publication-was.Publication > catchUp || s.follow(ctx, was.Publication) != nil {
		s.drop(ctx)
	}
}

// catchUp is how many publications are looked at one by one.
const catchUp = 100

// forget ends the keeping of pages.
func (s *Site) forget() {
	s.shared.follow(false)
	s.floor.Cache.Keep(false)
}

// drop drops all that is kept. What is kept from then on knows at least of the
// languages that there are by then.
func (s *Site) drop(ctx context.Context) {
	s.langs, _ = s.Store.Languages(ctx) // without them each publication in another language drops all
	s.shared.drop()
	s.floor.Cache.PurgeAll()
}

// follow drops what the publications after that one touch.
func (s *Site) follow(ctx context.Context, after int64) error {
	log, err := s.Store.Publications(ctx, after, catchUp+1)
	if err != nil {
		return err
	}
	keys := map[string]bool{}
	for _, p := range log {
		touched, err := s.touched(ctx, p)
		if err != nil {
			return err
		}
		if touched == nil {
			s.drop(ctx)
			return nil
		}
		for _, k := range touched {
			keys[k] = true
		}
	}
	all := make([]string, 0, len(keys))
	for k := range keys {
		all = append(all, k)
	}
	s.shared.drop() // a page may be new
	s.floor.Cache.Purge(all...)
	return nil
}

// touched returns the keys of what a publication changes, or nil if that may be
// anything. Of what was withdrawn or removed nothing may stay, so all goes; and
// where an article that moved was before, nobody knows any more.
func (s *Site) touched(ctx context.Context, p broadside.Publication) ([]string, error) {
	switch p.Kind {
	case broadside.Withdrawal, broadside.Removal, broadside.Move:
		return nil, nil
	}
	a, err := s.Store.Article(ctx, p.Article)
	if err != nil {
		return nil, err
	}
	if a.IsPage() {
		return nil, nil // every page leads to it
	}
	if p.Kind.Amends() {
		return s.amended(ctx, a)
	}
	paper, err := s.Store.Paper(ctx)
	if err != nil {
		return nil, err
	}
	if !locale.SameLanguage(a.Lang, paper.Lang) && !slices.Contains(s.langs, a.Lang) {
		return nil, nil // every page leads to a language that is new
	}
	// Where it is told in the reader's language, lists leave the story's other
	// forms out, which may stand elsewhere.
	family, err := s.Store.Headlines(ctx, store.Scope{Story: a.Story}, 0, familySize)
	if err != nil {
		return nil, err
	}
	keys := []string{allKey, articleKey(a.ID)}
	for _, l := range family {
		listed, err := s.listed(ctx, l.Article.ID, paper.Location())
		if err != nil {
			return nil, err
		}
		keys = append(keys, listed...)
	}
	return keys, nil
}

// amended returns the keys of what an amendment changes. Somebody whom the
// byline named before it may be in it no more.
func (s *Site) amended(ctx context.Context, a *broadside.Article) ([]string, error) {
	log, err := s.Store.ArticlePublications(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	keys := []string{articleKey(a.ID), storyKey(a.Story), correctionsKey}
	for _, p := range log {
		people, err := s.Store.RevisionPeople(ctx, p.Revision)
		if err != nil {
			return nil, err
		}
		for _, who := range people {
			keys = append(keys, personKey(who.ID))
		}
	}
	return keys, nil
}

// listed returns the keys of an article and of the lists that it is in.
func (s *Site) listed(ctx context.Context, id string, zone *time.Location) ([]string, error) {
	a, err := s.Store.Article(ctx, id)
	if err != nil {
		return nil, err
	}
	keys := []string{articleKey(a.ID), storyKey(a.Story), sectionKey(a.Section), langKey(a.Lang), monthKey(a.Published.In(zone))}
	for _, t := range a.Tags {
		keys = append(keys, tagKey(t))
	}
	people, err := s.Store.RevisionPeople(ctx, a.Live)
	for _, who := range people {
		keys = append(keys, personKey(who.ID))
	}
	return keys, err
}
