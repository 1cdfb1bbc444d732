package newsroom_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"example.org/broadside"
	"example.org/broadside/internal/document"
	"example.org/broadside/internal/newsroom"
	"example.org/broadside/internal/newstest"
	"example.org/broadside/internal/store"
)

func TestNewArticleIsADraftThatReadersDoNotSee(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		a, err := p.Newsroom.Create(t.Context(), newstest.Editor, newsroom.Draft{
			Section: "world", Tags: []broadside.Tag{{Slug: "ice", Name: "Ice"}, {Slug: "boats", Name: "Boats"}, {Slug: "ice", Name: "Ice"}},
			Text: newstest.Text("The ice comes early"),
		})
		if err != nil {
			t.Fatal(err)
		}
		got := p.Article(t, a.ID)
		if got.Status != broadside.Draft || got.Path() != "/world/the-ice-comes-early" || got.Story != got.ID || got.Lang != "en-GB" ||
			strings.Join(got.Tags, " ") != "ice boats" || got.Live != "" || !got.Published.IsZero() || !got.Created.Equal(newstest.Noon) {
			t.Errorf("the new article is %+v", got)
		}
		r, err := p.Store.Revision(t.Context(), got.Head)
		if err != nil {
			t.Fatal(err)
		}
		if r.Author != newstest.Editor.Name || r.Headline != "The ice comes early" || r.Byline != "Nora Quillan" || r.Words != 8 {
			t.Errorf("its revision is %+v", r)
		}
		if n, err := p.Store.CountListings(t.Context(), store.Scope{}); err != nil || n != 0 || len(p.Log(t, "")) != 0 {
			t.Errorf("%d articles are listed, %v, and the log has %d rows; want none of either", n, err, len(p.Log(t, "")))
		}
		if faults := p.Check(t); len(faults) > 0 {
			t.Errorf("Check: %q", faults)
		}
	})
}

func TestRefusedDraftsLeaveNothing(t *testing.T) {
	draft := func(change func(*newsroom.Draft)) newsroom.Draft {
		d := newsroom.Draft{Section: "world", Text: newstest.Text("Harbour closed")}
		change(&d)
		return d
	}
	tests := []struct {
		name  string
		role  broadside.Role
		draft newsroom.Draft
		kind  broadside.Kind
		want  string
	}{
		{"no such section", broadside.Editor, draft(func(d *newsroom.Draft) { d.Section = "moon" }), broadside.NotFound, "section"},
		{"a slug with a capital", broadside.Editor, draft(func(d *newsroom.Draft) { d.Slug = "Harbour" }), broadside.Invalid, `"Harbour"`},
		{"a headline without letters", broadside.Editor, draft(func(d *newsroom.Draft) { d.Text.Headline = "🚢🧊" }), broadside.Invalid, "has no slug"},
		{"an address that is taken", broadside.Editor, draft(func(d *newsroom.Draft) { d.Slug = "taken" }), broadside.Conflict, "/world/taken"},
		{"a tag that no address can hold", broadside.Editor, draft(func(d *newsroom.Draft) { d.Tags = []broadside.Tag{{Slug: "a b"}} }), broadside.Invalid, "tag"},
		{"a text that is no document", broadside.Editor, draft(func(d *newsroom.Draft) { d.Text.Kind = "rumour" }), broadside.Invalid, "rumour"},
		{"a picture that the paper does not have", broadside.Editor, draft(func(d *newsroom.Draft) {
			newstest.WithLead(d.Text, broadside.Picture{Master: strings.Repeat("ab", 32)})
		}), broadside.Invalid, "picture"},
		{"a fundraiser", broadside.Fundraiser, draft(func(*newsroom.Draft) {}), broadside.Denied, "fundraiser"},
	}
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		p.Create(t, "Taken")
		before := p.Dump(t)
		for _, tt := range tests {
			_, err := p.Newsroom.Create(t.Context(), broadside.Actor{Name: "A", Role: tt.role}, tt.draft)
			newstest.WantKind(t, tt.name, err, tt.kind)
			if err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%s: %v, want it to say %q", tt.name, err, tt.want)
			}
		}
		newstest.WantSame(t, "the paper", before, p.Dump(t))
	})
}

// Of eight who save from the same revision, one succeeds and seven are told.
func TestSecondWriterIsTold(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		a := p.Create(t, "The dock strike")
		var wg sync.WaitGroup
		errs := make([]error, 8)
		for i := range errs {
			wg.Go(func() {
				_, errs[i] = p.Newsroom.Save(t.Context(), newstest.Editor, a.ID, a.Head, newstest.Text("The dock strike, again"))
			})
		}
		wg.Wait()
		saved := 0
		for _, err := range errs {
			if err == nil {
				saved++
			} else if broadside.KindOf(err) != broadside.Conflict {
				t.Errorf("Save: %v, want Conflict", err)
			}
		}
		revisions, err := p.Store.Revisions(t.Context(), a.ID)
		if err != nil || saved != 1 || len(revisions) != 2 || revisions[1].Previous != a.Head {
			t.Errorf("%d of 8 have saved, there are %d revisions, %v; want 1 and 2", saved, len(revisions), err)
		}
	})
}

func TestSavingChangesNothingForReaders(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		a := p.Publish(t, "The dock strike")
		p.Clock.Move(time.Hour)
		r, err := p.Newsroom.Save(t.Context(), newstest.Editor, a.ID, a.Head, newstest.Text("The dock strike ends"))
		if err != nil {
			t.Fatal(err)
		}
		got := p.Article(t, a.ID)
		if got.Head != r.ID || got.Live != a.Live || !got.Updated.Equal(a.Updated) || len(p.Log(t, a.ID)) != 1 {
			t.Errorf("after saving %s the article is %+v", r.ID, got)
		}
		ls, err := p.Store.Listings(t.Context(), store.Scope{}, 0, 10)
		if err != nil || len(ls) != 1 || ls[0].Summary.Headline != "The dock strike" {
			t.Errorf("readers see %+v, %v", ls, err)
		}
	})
}

// The same text has another commitment in every revision: whoever guesses it
// cannot tell two articles that share it.
func TestCommitmentsAreSalted(t *testing.T) {
	p := newstest.SQLite(t)
	a := p.Create(t, "The dock strike")
	if _, err := p.Newsroom.Save(t.Context(), newstest.Editor, a.ID, a.Head, newstest.Text("The dock strike")); err != nil {
		t.Fatal(err)
	}
	b, err := p.Newsroom.Create(t.Context(), newstest.Editor, newsroom.Draft{Section: "culture", Text: newstest.Text("The dock strike")})
	if err != nil {
		t.Fatal(err)
	}
	first, err := p.Store.Revision(t.Context(), a.Head)
	if err != nil {
		t.Fatal(err)
	}
	twin, err := p.Store.Revision(t.Context(), b.Head)
	if err != nil {
		t.Fatal(err)
	}
	if first.Digest != twin.Digest || first.Commitment == twin.Commitment {
		t.Errorf("two revisions of one text have the digests %s and %s and the commitments %s and %s",
			first.Digest, twin.Digest, first.Commitment, twin.Commitment)
	}
}

// A desk does deeds to one article.
type desk struct {
	t *testing.T
	p *newstest.Paper
	a *broadside.Article
}

// bring makes an article and moves it to a status, as its owner may.
func bring(t *testing.T, p *newstest.Paper, to broadside.Status) desk {
	t.Helper()
	d := desk{t, p, p.Create(t, "A story "+store.NewID())}
	n, ctx := p.Newsroom, t.Context()
	steps := map[broadside.Status]func() error{
		broadside.Draft:  func() error { return nil },
		broadside.Review: func() error { return n.Advance(ctx, newstest.Owner, d.a.ID, broadside.Review) },
		broadside.Ready: func() error {
			if err := n.Advance(ctx, newstest.Owner, d.a.ID, broadside.Review); err != nil {
				return err
			}
			return n.Advance(ctx, newstest.Owner, d.a.ID, broadside.Ready)
		},
		broadside.Scheduled: func() error {
			return n.Schedule(ctx, newstest.Owner, d.a.ID, d.a.Head, p.Clock.Now().Add(time.Hour))
		},
		broadside.Published: func() error { return n.Publish(ctx, newstest.Owner, d.a.ID, d.a.Head) },
	}
	if err := steps[to](); err != nil {
		t.Fatal(err)
	}
	d.a = p.Article(t, d.a.ID)
	return d
}

func (d desk) save(who broadside.Actor) error {
	_, err := d.p.Newsroom.Save(d.t.Context(), who, d.a.ID, d.a.Head, newstest.Text("A story, rewritten"))
	return err
}

func (d desk) create(who broadside.Actor) error {
	_, err := d.p.Newsroom.Create(d.t.Context(), who, newsroom.Draft{Section: "world", Slug: store.NewID(), Text: newstest.Text("Another")})
	return err
}

func (d desk) publish(who broadside.Actor) error {
	return d.p.Newsroom.Publish(d.t.Context(), who, d.a.ID, d.a.Head)
}

func (d desk) schedule(who broadside.Actor) error {
	return d.p.Newsroom.Schedule(d.t.Context(), who, d.a.ID, d.a.Head, d.p.Clock.Now().Add(time.Hour))
}

func (d desk) correct(who broadside.Actor) error {
	r, err := d.p.Newsroom.Save(d.t.Context(), newstest.Owner, d.a.ID, d.a.Head, newstest.Text("A story, mended"))
	if err != nil {
		d.t.Fatal(err)
	}
	return d.p.Newsroom.Correct(d.t.Context(), who, d.a.ID, r.ID, newsroom.Amendment{Kind: broadside.Typo, Note: ""})
}

func (d desk) withdraw(who broadside.Actor) error {
	return d.p.Newsroom.Withdraw(d.t.Context(), who, d.a.ID, "It was wrong.")
}

func (d desk) move(who broadside.Actor) error {
	return d.p.Newsroom.Move(d.t.Context(), who, d.a.ID, "culture", "")
}

func (d desk) remove(who broadside.Actor) error {
	return d.p.Newsroom.Remove(d.t.Context(), who, d.a.ID)
}

func advance(to broadside.Status) func(desk, broadside.Actor) error {
	return func(d desk, who broadside.Actor) error { return d.p.Newsroom.Advance(d.t.Context(), who, d.a.ID, to) }
}

// Whoever may not do a thing is told so by the service itself, whichever door
// the wish came in by. Letters name the owner, editor, author, contributor and
// fundraiser who may.
func TestEachRoleMayDoWhatItMayAndNoMore(t *testing.T) {
	tests := []struct {
		name string
		from broadside.Status
		deed func(desk, broadside.Actor) error
		who  string
	}{
		{"create", broadside.Draft, desk.create, "oeac"},
		{"save a draft", broadside.Draft, desk.save, "oeac"},
		{"save what is ready", broadside.Ready, desk.save, "oea"},
		{"save what is scheduled", broadside.Scheduled, desk.save, "oea"},
		{"save what is published", broadside.Published, desk.save, "oea"},
		{"submit", broadside.Draft, advance(broadside.Review), "oeac"},
		{"approve", broadside.Review, advance(broadside.Ready), "oe"},
		{"send back", broadside.Review, advance(broadside.Draft), "oeac"},
		{"publish a draft", broadside.Draft, desk.publish, "oe"},
		{"publish what is ready", broadside.Ready, desk.publish, "oea"},
		{"schedule a draft", broadside.Draft, desk.schedule, "oe"},
		{"schedule what is ready", broadside.Ready, desk.schedule, "oea"},
		{"schedule anew", broadside.Scheduled, desk.schedule, "oe"},
		{"take back from the timetable", broadside.Scheduled, advance(broadside.Ready), "oea"},
		{"correct", broadside.Published, desk.correct, "oea"},
		{"withdraw", broadside.Published, desk.withdraw, "oe"},
		{"withdraw a draft", broadside.Draft, desk.withdraw, ""},
		{"move a draft", broadside.Draft, desk.move, "oeac"},
		{"move what is published", broadside.Published, desk.move, "oea"},
		{"remove a draft", broadside.Draft, desk.remove, "o"},
		{"remove what is published", broadside.Published, desk.remove, "o"},
	}
	roles := map[string]broadside.Role{"o": broadside.Owner, "e": broadside.Editor, "a": broadside.Author, "c": broadside.Contributor, "f": broadside.Fundraiser}
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		for _, tt := range tests {
			for letter, role := range roles {
				d := bring(t, p, tt.from)
				err := tt.deed(d, broadside.Actor{Name: "Somebody", Role: role})
				if strings.Contains(tt.who, letter) {
					if err != nil {
						t.Errorf("%s as %s: %v", tt.name, role, err)
					}
					continue
				}
				newstest.WantKind(t, tt.name+" as "+string(role), err, broadside.Denied)
				if got := p.Article(t, d.a.ID); got.Status != tt.from || got.Path() != d.a.Path() {
					t.Errorf("%s as %s was refused, but the article is %s at %s", tt.name, role, got.Status, got.Path())
				}
			}
		}
	})
}

func TestAnArticleDoesNotBecomePublicByAdvancing(t *testing.T) {
	p := newstest.SQLite(t)
	a := p.Create(t, "A story")
	for _, to := range []broadside.Status{broadside.Idea, broadside.Scheduled, broadside.Published, broadside.Withdrawn, broadside.Removed, "spiked"} {
		newstest.WantKind(t, "Advance to "+string(to), p.Newsroom.Advance(t.Context(), newstest.Owner, a.ID, to), broadside.Invalid)
	}
}

func TestSummaryIsDrawnFromTheText(t *testing.T) {
	d := newstest.WithLead(newstest.Text("Ice", "One two three."), broadside.Picture{Master: strings.Repeat("0f", 32)})
	d.Bylines = append(d.Bylines, document.Byline{Name: "Ivo Tarn", Role: "pictures"}, document.Byline{Name: "Tom Hale"})
	want := broadside.Summary{Kind: "news", Lang: "en-GB", Dir: "ltr", Headline: "Ice", Standfirst: "What happened and what comes next",
		Byline: "Nora Quillan and Tom Hale", Picture: strings.Repeat("0f", 32), Alt: "A stone quay at dawn", Words: 3}
	if got := newsroom.Summarise(d); got != want {
		t.Errorf("Summarise = %+v, want %+v", got, want)
	}
}
