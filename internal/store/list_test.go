package store

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"example.org/broadside"
)

// A story is an article for tests of lists, in the section harbour, in English
// and published at noon unless it says otherwise.
type story struct {
	slug, section, lang string
	of                  string // slug of the story that it translates
	tags                []string
	kind                string
	people              []string // IDs
	picture             string   // master
	at                  time.Time
	draft               bool
}

// tell publishes stories, after the sections harbour and work, that of the
// paper's own pages and three tags.
func tell(t *testing.T, db *DB, stories ...story) map[string]broadside.Article {
	t.Helper()
	told := map[string]broadside.Article{}
	update(t, db, func(ctx context.Context, tx *Tx) error {
		for _, slug := range []string{"harbour", "work", broadside.PageSection} {
			if err := tx.PutSection(ctx, broadside.Section{Slug: slug, Name: strings.ToUpper(slug)}); err != nil {
				return err
			}
		}
		for _, slug := range []string{"boats", "ice", "trust"} {
			if err := tx.EnsureTag(ctx, broadside.Tag{Slug: slug, Name: strings.ToUpper(slug)}); err != nil {
				return err
			}
		}
		for _, s := range stories {
			a, err := s.insert(ctx, tx, told)
			if err != nil {
				return fmt.Errorf("%s: %w", s.slug, err)
			}
			told[s.slug] = *a
		}
		return nil
	})
	return told
}

func (s story) insert(ctx context.Context, tx *Tx, told map[string]broadside.Article) (*broadside.Article, error) {
	if s.section == "" {
		s.section = "harbour"
	}
	if s.lang == "" {
		s.lang = "en"
	}
	if s.at.IsZero() {
		s.at = noon
	}
	a := &broadside.Article{ID: NewID(), Head: NewID(), Lang: s.lang, Section: s.section, Slug: s.slug, Tags: s.tags, Status: broadside.Draft, Created: noon}
	if a.Story = a.ID; s.of != "" {
		a.Story = told[s.of].Story
	}
	if !s.draft {
		a.Status, a.Live, a.Published, a.Updated = broadside.Published, a.Head, s.at, s.at
	}
	r := revision(a.ID, a.Head, s.slug)
	r.Lang, r.Picture = s.lang, s.picture
	if s.kind != "" {
		r.Kind = s.kind
	}
	if err := tx.InsertArticle(ctx, a); err != nil {
		return nil, err
	}
	return a, tx.InsertRevision(ctx, &r, strings.Repeat("ab", 32), Uses{People: s.people})
}

func slugs(ls []broadside.Listing) string {
	var all []string
	for _, l := range ls {
		all = append(all, l.Article.Slug)
	}
	return strings.Join(all, " ")
}

// withdraw takes articles from their readers.
func withdraw(t *testing.T, db *DB, ids ...string) {
	t.Helper()
	update(t, db, func(ctx context.Context, tx *Tx) error {
		for _, id := range ids {
			a, err := tx.Article(ctx, id)
			if err != nil {
				return err
			}
			a.Status, a.Live = broadside.Withdrawn, ""
			if err := tx.UpdateArticle(ctx, a); err != nil {
				return err
			}
		}
		return nil
	})
}

func TestScopesByDateAndLanguage(t *testing.T) {
	day := func(d int) time.Time { return noon.AddDate(0, 0, d) }
	each(t, func(t *testing.T, db *DB) {
		ctx := t.Context()
		tell(t, db,
			story{slug: "first", at: day(-2)}, story{slug: "second", at: day(-1)},
			story{slug: "zweite", at: day(-1).Add(time.Hour), lang: "de", of: "second"},
			story{slug: "third"}, story{slug: "novost", lang: "ru", at: day(1)}, story{slug: "to-come", draft: true})
		for _, tt := range []struct {
			scope Scope
			want  string
		}{
			{Scope{}, "novost third zweite second first"},
			{Scope{From: noon}, "novost third"}, // the first moment is in it
			{Scope{From: noon.Add(time.Millisecond)}, "novost"},
			{Scope{To: noon}, "zweite second first"}, // the last one is not
			{Scope{From: day(-1), To: noon}, "zweite second"},
			{Scope{From: day(2)}, ""},
			{Scope{Only: "de"}, "zweite"},
			{Scope{Only: "fr"}, ""},
			{Scope{Lang: "de"}, "novost third zweite first"},
			{Scope{Lang: "de", Only: "en"}, "third first"},
			{Scope{Lang: "de", Only: "en", From: noon, To: day(1)}, "third"},
			{Scope{Section: "harbour", Only: "ru", From: noon}, "novost"},
		} {
			ls, err := db.Listings(ctx, tt.scope, 0, 10)
			if err != nil || slugs(ls) != tt.want {
				t.Errorf("Listings(%+v) = %q, %v; want %q", tt.scope, slugs(ls), err, tt.want)
			}
			n, err := db.CountListings(ctx, tt.scope)
			dates, derr := db.Dates(ctx, tt.scope)
			if want := len(strings.Fields(tt.want)); n != want || err != nil || len(dates) != want || derr != nil {
				t.Errorf("of %+v: CountListings = %d, %v, Dates = %v, %v; want %d", tt.scope, n, err, dates, derr, want)
			}
		}
		if dates, err := db.Dates(ctx, Scope{Lang: "en"}); err != nil || !slices.EqualFunc(dates, []time.Time{day(1), noon, day(-1), day(-2)}, time.Time.Equal) {
			t.Errorf("Dates = %v, %v; want the newest first", dates, err)
		}
		if langs, err := db.Languages(ctx); err != nil || !slices.Equal(langs, []string{"de", "en", "ru"}) {
			t.Errorf("Languages = %v, %v", langs, err)
		}
	})
}

// The paper's own pages are found in their section and on the sitemap. No list
// of articles has them, whatever tags and authors they may have.
func TestPagesAreInNoListButTheirOwn(t *testing.T) {
	each(t, func(t *testing.T, db *DB) {
		ctx := t.Context()
		told := tell(t, db,
			story{slug: "crane", tags: []string{"boats"}, people: []string{"p1"}},
			story{slug: "about", section: broadside.PageSection, lang: "fr", tags: []string{"boats", "trust"}, people: []string{"p1", "p2"}})
		update(t, db, func(ctx context.Context, tx *Tx) error {
			for _, id := range []string{"p1", "p2"} {
				if err := tx.PutPerson(ctx, broadside.Person{ID: id, Slug: id, Name: id}); err != nil {
					return err
				}
			}
			return nil
		})
		about := told["about"]
		for _, scope := range []Scope{{}, {Tag: "boats"}, {Person: "p1"}, {Lang: "en"}, {To: noon.Add(time.Hour)}, {Section: "harbour"}} {
			if ls, err := db.Listings(ctx, scope, 0, 10); err != nil || slugs(ls) != "crane" {
				t.Errorf("Listings(%+v) = %q, %v; want the story alone", scope, slugs(ls), err)
			}
			if n, err := db.CountListings(ctx, scope); err != nil || n != 1 {
				t.Errorf("CountListings(%+v) = %d, %v; want 1", scope, n, err)
			}
		}
		if ls, err := db.Listings(ctx, Scope{Section: broadside.PageSection}, 0, 10); err != nil || slugs(ls) != "about" {
			t.Errorf("the pages are %q, %v", slugs(ls), err)
		}
		crane := told["crane"]
		if ls, err := db.Related(ctx, &crane, "en", 9); err != nil || len(ls) != 0 {
			t.Errorf("Related = %q, %v; want none", slugs(ls), err)
		}
		if tags, err := db.PublicTags(ctx); err != nil || !reflect.DeepEqual(tags, []broadside.Tag{{Slug: "boats", Name: "BOATS"}}) {
			t.Errorf("PublicTags = %v, %v; want those under which there is a story", tags, err)
		}
		if people, err := db.PublicPeople(ctx); err != nil || len(people) != 1 || people[0].ID != "p1" {
			t.Errorf("PublicPeople = %v, %v; want those of whom there is a story", people, err)
		}
		if langs, err := db.Languages(ctx); err != nil || !slices.Equal(langs, []string{"en"}) {
			t.Errorf("Languages = %v, %v", langs, err)
		}
		if sections, err := db.Sections(ctx); err != nil || len(sections) != 2 {
			t.Errorf("Sections = %v, %v; want harbour and work", sections, err)
		}
		if as, err := db.Addresses(ctx, 0, 9); err != nil || len(as) != 2 || as[1].Path != "/about" {
			t.Errorf("Addresses = %v, %v; search engines are to find %s", as, err, about.Path())
		}
	})
}

// Under an opinion stands the face of whoever holds it, if the paper has one;
// under everything else the picture alone.
func TestPortraitsOfOpinions(t *testing.T) {
	each(t, func(t *testing.T, db *DB) {
		ctx := t.Context()
		tell(t, db,
			story{slug: "report", people: []string{"p1"}, picture: "quay"},
			story{slug: "column", kind: "opinion", people: []string{"p1"}, picture: "quay", at: noon.Add(time.Minute)},
			story{slug: "guest", kind: "opinion", people: []string{"p2"}, at: noon.Add(2 * time.Minute)},
			story{slug: "killed", kind: "opinion", people: []string{"p3"}, picture: "gone", at: noon.Add(3 * time.Minute)},
			story{slug: "two", kind: "opinion", people: []string{"p2", "p1"}, at: noon.Add(4 * time.Minute)},
			story{slug: "nobody", kind: "opinion", at: noon.Add(5 * time.Minute)})
		update(t, db, func(ctx context.Context, tx *Tx) error {
			for _, p := range []broadside.Person{{ID: "p1", Slug: "ana", Name: "Ana", Portrait: "face"}, {ID: "p2", Slug: "bo", Name: "Bo"}, {ID: "p3", Slug: "cy", Name: "Cy", Portrait: "gone"}} {
				if err := tx.PutPerson(ctx, p); err != nil {
					return err
				}
			}
			for _, master := range []string{"face", "quay"} {
				if err := tx.PutPicture(ctx, &broadside.Picture{ID: "id-" + master, Master: master, Format: "jpeg", Width: 9, Height: 9, Created: noon}); err != nil {
					return err
				}
			}
			return nil
		})
		want := map[string][2]string{ // picture and portrait
			"report": {"quay", ""}, "column": {"quay", "face"}, "guest": {}, "killed": {}, "two": {"", "face"}, "nobody": {},
		}
		ls, err := db.Listings(ctx, Scope{}, 0, 10)
		if err != nil || len(ls) != len(want) {
			t.Fatalf("Listings = %q, %v", slugs(ls), err)
		}
		for _, l := range ls {
			got := [2]string{}
			for i, p := range []*broadside.Picture{l.Picture, l.Portrait} {
				if p != nil {
					got[i] = p.Master
				}
			}
			if got != want[l.Article.Slug] {
				t.Errorf("%s has the picture and the portrait %q, want %q", l.Article.Slug, got, want[l.Article.Slug])
			}
		}
		bare, err := db.Headlines(ctx, Scope{}, 0, 10)
		if err != nil || slugs(bare) != slugs(ls) {
			t.Errorf("Headlines = %q, %v; want %q", slugs(bare), err, slugs(ls))
		}
		for i, l := range bare {
			if l.Picture != nil || l.Portrait != nil || l.Summary != ls[i].Summary {
				t.Errorf("the headline %s has %+v", l.Article.Slug, l)
			}
		}
	})
}

// The editor's order is kept, and what is public no more leaves no gap.
func TestListingsOf(t *testing.T) {
	each(t, func(t *testing.T, db *DB) {
		ctx := t.Context()
		told := tell(t, db, story{slug: "a", picture: "quay"}, story{slug: "b"}, story{slug: "c"}, story{slug: "d", draft: true})
		update(t, db, func(ctx context.Context, tx *Tx) error {
			return tx.PutPicture(ctx, &broadside.Picture{ID: "q", Master: "quay", Format: "jpeg", Width: 9, Height: 9, Created: noon})
		})
		order := []string{told["c"].ID, told["d"].ID, "none", told["a"].ID, told["b"].ID}
		ls, err := db.ListingsOf(ctx, order)
		if err != nil || slugs(ls) != "c a b" {
			t.Fatalf("ListingsOf = %q, %v; want c a b", slugs(ls), err)
		}
		if ls[1].Picture == nil || ls[1].Picture.ID != "q" {
			t.Errorf("a has the picture %+v", ls[1].Picture)
		}
		withdraw(t, db, told["a"].ID)
		if ls, err := db.ListingsOf(ctx, order); err != nil || slugs(ls) != "c b" {
			t.Errorf("with one withdrawn: %q, %v; want c b", slugs(ls), err)
		}
		if ls, err := db.ListingsOf(ctx, nil); err != nil || len(ls) != 0 {
			t.Errorf("ListingsOf nothing = %q, %v", slugs(ls), err)
		}
	})
}

func TestRelated(t *testing.T) {
	each(t, func(t *testing.T, db *DB) {
		ctx := t.Context()
		told := tell(t, db,
			story{slug: "own", tags: []string{"ice", "boats", "trust"}},
			story{slug: "eigene", of: "own", lang: "de", tags: []string{"ice", "boats", "trust"}, at: noon.Add(9 * time.Hour)},
			story{slug: "one-shared", tags: []string{"ice"}, at: noon.Add(8 * time.Hour)},
			story{slug: "two-shared", tags: []string{"boats", "ice"}, at: noon.Add(-8 * time.Hour)},
			story{slug: "two-newer", tags: []string{"trust", "ice"}, at: noon.Add(-7 * time.Hour)},
			story{slug: "translated", tags: []string{"trust"}, at: noon.Add(-9 * time.Hour)},
			story{slug: "uebersetzt", of: "translated", lang: "de", tags: []string{"trust"}, at: noon.Add(-9 * time.Hour)},
			story{slug: "untagged"},
			story{slug: "to-come", tags: []string{"ice", "boats", "trust"}, draft: true},
			story{slug: "withdrawn", tags: []string{"ice", "boats", "trust"}})
		withdraw(t, db, told["withdrawn"].ID)
		for _, tt := range []struct {
			of, lang string
			limit    int
			want     string
		}{
			{"own", "en", 9, "two-newer two-shared one-shared translated"},
			{"own", "de", 9, "two-newer two-shared one-shared uebersetzt"},
			{"own", "", 9, "two-newer two-shared one-shared uebersetzt translated"},
			{"eigene", "de", 9, "two-newer two-shared one-shared uebersetzt"},
			{"own", "en", 2, "two-newer two-shared"},
			{"one-shared", "de", 9, "eigene two-newer two-shared"},
			{"untagged", "en", 9, ""},
		} {
			a := told[tt.of]
			ls, err := db.Related(ctx, &a, tt.lang, tt.limit)
			if err != nil || slugs(ls) != tt.want {
				t.Errorf("Related(%s, %q, %d) = %q, %v; want %q", tt.of, tt.lang, tt.limit, slugs(ls), err, tt.want)
			}
		}
	})
}

// Tags and people are shown once readers have something to find there.
func TestTagsAndPeopleThatArePublic(t *testing.T) {
	each(t, func(t *testing.T, db *DB) {
		ctx := t.Context()
		told := tell(t, db, story{slug: "a", tags: []string{"ice", "boats"}, people: []string{"p2", "p1"}}, story{slug: "b", tags: []string{"trust"}, people: []string{"p3"}, draft: true})
		update(t, db, func(ctx context.Context, tx *Tx) error {
			for i, slug := range []string{"zoe", "ana", "hal"} {
				if err := tx.PutPerson(ctx, broadside.Person{ID: fmt.Sprintf("p%d", i+1), Slug: slug, Name: strings.ToUpper(slug), Biography: "Writes."}); err != nil {
					return err
				}
			}
			return nil
		})
		who := func(people []broadside.Person, err error) string {
			var all []string
			for _, p := range people {
				all = append(all, p.Slug)
			}
			return strings.Join(all, " ") + map[bool]string{true: "", false: " with an error"}[err == nil]
		}
		if got := who(db.PublicPeople(ctx)); got != "ana zoe" {
			t.Errorf("PublicPeople = %s, want ana zoe", got)
		}
		if got := who(db.RevisionPeople(ctx, told["a"].Live)); got != "zoe ana" {
			t.Errorf("RevisionPeople = %s, want zoe ana", got)
		}
		if got := who(db.RevisionPeople(ctx, told["b"].Head)); got != "hal" {
			t.Errorf("RevisionPeople of a draft = %s, want hal", got)
		}
		if got := who(db.RevisionPeople(ctx, "none")); got != "" {
			t.Errorf("RevisionPeople of no revision = %s", got)
		}
		boats, ice := broadside.Tag{Slug: "boats", Name: "BOATS"}, broadside.Tag{Slug: "ice", Name: "ICE"}
		if tags, err := db.PublicTags(ctx); err != nil || !slices.Equal(tags, []broadside.Tag{boats, ice}) {
			t.Errorf("PublicTags = %v, %v", tags, err)
		}
		if tags, err := db.ArticleTags(ctx, told["a"].ID); err != nil || !slices.Equal(tags, []broadside.Tag{ice, boats}) {
			t.Errorf("ArticleTags = %v, %v; want them in their order", tags, err)
		}
		if tag, err := db.Tag(ctx, "ice"); err != nil || *tag != ice {
			t.Errorf("Tag = %v, %v", tag, err)
		}
		if _, err := db.Tag(ctx, "none"); broadside.KindOf(err) != broadside.NotFound {
			t.Errorf("Tag(none): %v, want NotFound", err)
		}
		withdraw(t, db, told["a"].ID)
		tags, err := db.PublicTags(ctx)
		if got := who(db.PublicPeople(ctx)); err != nil || len(tags) != 0 || got != "" {
			t.Errorf("with the article withdrawn: %v, %v, %q; want none", tags, err, got)
		}
	})
}
