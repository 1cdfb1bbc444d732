package site

import (
	"context"

	"example.org/broadside"
	"example.org/broadside/internal/store"
)

// Follow keeps the cache true until ctx ends: it watches the store and drops
// what a change touches. While it runs, pages are kept; without it every answer
// is made anew.
func (s *Site) Follow(ctx context.Context) {
	defer s.forget()
	var state store.State
	known := false
	for range s.Store.Watch(ctx) {
		now, err := s.Store.State(ctx)
		if err != nil {
			// The store is away, or we are to stop. What is kept is still what
			// readers last saw; when the store is back, the watch says so.
			if ctx.Err() == nil {
				s.floor.Log(ctx, "following the publication log", err)
			}
			continue
		}
		switch {
		case !known:
			s.following.Store(true)
			s.floor.Cache.Keep(true)
			known = true
		case now == state:
			continue
		case now.Site != state.Site || now.Publication-state.Publication > catchUp:
			s.drop()
		default:
			if err := s.follow(ctx, state.Publication); err != nil {
				s.drop()
			}
		}
		state = now
	}
}

// catchUp is how many publications are looked at one by one.
const catchUp = 100

// forget ends the keeping of pages.
func (s *Site) forget() {
	s.following.Store(false)
	s.shared.Store(nil)
	s.floor.Cache.Keep(false)
}

// drop drops all that is kept.
func (s *Site) drop() {
	s.shared.Store(nil)
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
			s.drop()
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
	s.shared.Store(nil) // a language or a page may be new
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
	keys := []string{articleKey(a.ID), storyKey(a.Story)}
	people, err := s.Store.RevisionPeople(ctx, p.Revision)
	if err != nil {
		return nil, err
	}
	for _, who := range people {
		keys = append(keys, personKey(who.ID))
	}
	if p.Kind.Amends() {
		return append(keys, correctionsKey), nil
	}
	for _, t := range a.Tags {
		keys = append(keys, tagKey(t))
	}
	paper, err := s.Store.Paper(ctx)
	if err != nil {
		return nil, err
	}
	if !sameBase(a.Lang, paper.Lang) {
		if n, err := s.Store.CountListings(ctx, store.Scope{Only: a.Lang}); err != nil || n == 1 {
			return nil, err // every page leads to a language that is new
		}
	}
	return append(keys, allKey, sectionKey(a.Section), langKey(a.Lang), monthKey(a.Published.In(paper.Location()))), nil
}
