package newsroom_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"example.org/broadside"
	"example.org/broadside/internal/document"
	"example.org/broadside/internal/newsroom"
	"example.org/broadside/internal/newstest"
	"example.org/broadside/internal/store"
)

// amendable returns an article for the section World, to be published.
func amendable(headline, paragraph string) newsroom.Submission {
	return newsroom.Submission{Section: broadside.Section{Slug: "world", Name: "World"}, Slug: "story", Publish: true, Text: newstest.Text(headline, paragraph)}
}

func importOne(t *testing.T, p *newstest.Paper, s newsroom.Submission) newsroom.Outcome {
	t.Helper()
	return p.Newsroom.Import(t.Context(), newstest.Owner, []newsroom.Submission{s})[0]
}

func mustImport(t *testing.T, p *newstest.Paper, s newsroom.Submission) *broadside.Article {
	t.Helper()
	o := importOne(t, p, s)
	if o.Err != nil {
		t.Fatal(o.Err)
	}
	section, slug, _ := broadside.SplitPath(o.Path)
	a, err := p.Store.ArticleAt(t.Context(), section, slug)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func amended(s newsroom.Submission, note string) newsroom.Submission {
	s.Amend = &newsroom.Amendment{Kind: broadside.Correction, Note: note}
	return s
}

// shown returns the paragraph that readers see.
func shown(t *testing.T, p *newstest.Paper, a *broadside.Article) string {
	t.Helper()
	r, err := p.Store.Revision(t.Context(), a.Live)
	if err != nil {
		t.Fatal(err)
	}
	d, err := document.Decode(r.Canonical)
	if err != nil {
		t.Fatal(err)
	}
	return d.Text()
}

// What readers see follows the last amendment, also when that goes back to an
// earlier text; and each is told once.
func TestAmendmentsByImport(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		first, second := amendable("The wall", "It was 2018."), amendable("The wall", "It was 2016.")
		mustImport(t, p, first)
		newstest.WantKind(t, "another text", importOne(t, p, second).Err, broadside.Conflict)
		for range 2 {
			if a := mustImport(t, p, amended(second, "It was 2016.")); shown(t, p, a) != "It was 2016." {
				t.Errorf("after the amendment readers see %q", shown(t, p, a))
			}
		}
		a := mustImport(t, p, amended(first, "It was 2018 after all."))
		if got := shown(t, p, a); got != "It was 2018." {
			t.Errorf("after going back readers see %q", got)
		}
		if log := p.Log(t, a.ID); len(log) != 3 {
			t.Errorf("the log has %d rows, want 3: %+v", len(log), log)
		}
		tagged := amended(first, "Tagged.")
		tagged.Tags = []broadside.Tag{{Slug: "ice", Name: "Ice"}}
		if a := mustImport(t, p, tagged); len(a.Tags) != 1 {
			t.Errorf("tags = %v, want the new one", a.Tags)
		}
	})
}

// A text that was replaced before anybody judged it is not published by
// importing the old file once more.
func TestReplacedTextIsNotPublished(t *testing.T) {
	p := newstest.SQLite(t)
	old, other := amendable("One", "Old."), amended(amendable("One", "New."), "New.")
	old.Publish, other.Publish = false, false
	mustImport(t, p, old)
	mustImport(t, p, other)
	old.Publish = true
	newstest.WantKind(t, "publishing the old text", importOne(t, p, old).Err, broadside.Conflict)
}

// An article that has moved is the same article to whoever imports it again.
func TestImportFollowsMoves(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		s := amendable("Beta", "Text.")
		a := mustImport(t, p, s)
		if err := p.Newsroom.Move(t.Context(), newstest.Owner, a.ID, "culture", "beta-two"); err != nil {
			t.Fatal(err)
		}
		if again := mustImport(t, p, s); again.ID != a.ID || again.Path() != "/culture/beta-two" {
			t.Errorf("imported again it is %s at %s", again.ID, again.Path())
		}
	})
}

// An address that leads readers to a moved article is nobody else's.
func TestOldAddressesAreKept(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		ctx, n := t.Context(), p.Newsroom
		a, b := p.Publish(t, "First"), p.Publish(t, "Second")
		if err := n.Move(ctx, newstest.Owner, a.ID, "", "elsewhere"); err != nil {
			t.Fatal(err)
		}
		_, err := n.Create(ctx, newstest.Owner, newsroom.Draft{Section: "world", Slug: "first", Text: newstest.Text("Another")})
		newstest.WantKind(t, "a new article at an old address", err, broadside.Conflict)
		newstest.WantKind(t, "moving to an old address", n.Move(ctx, newstest.Owner, b.ID, "", "first"), broadside.Conflict)
		if err := n.Move(ctx, newstest.Owner, a.ID, "", "first"); err != nil {
			t.Errorf("moving back: %v", err)
		}
	})
}

// A scheduled article stays fit to be published, and a clock that is set back
// delays it, but does not lose it.
func TestScheduledArticlesAreNotLost(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		ctx, n := t.Context(), p.Newsroom
		a := p.Create(t, "Tomorrow")
		at := p.Clock.Now().Add(time.Hour)
		if err := n.Schedule(ctx, newstest.Owner, a.ID, a.Head, at); err != nil {
			t.Fatal(err)
		}
		unfit := newstest.Text("Tomorrow")
		unfit.Headline = ""
		_, err := n.Save(ctx, newstest.Owner, a.ID, a.Head, unfit)
		newstest.WantKind(t, "saving what cannot be published", err, broadside.Invalid)

		late := p.Queue()
		late.Now = func() time.Time { return at.Add(time.Second) } // claims, while the newsroom's clock lags
		if ran, err := late.RunOne(ctx); !ran || err != nil {
			t.Fatal(ran, err)
		}
		p.Clock.Move(2 * time.Hour)
		p.Work(t)
		if got := p.Article(t, a.ID); got.Status != broadside.Published {
			t.Errorf("after its hour it is %s", got.Status)
		}
		if faults := p.Check(t); len(faults) > 0 {
			t.Errorf("check: %s", strings.Join(faults, "; "))
		}
	})
}

// Tags are not in the text: whoever amends them alone tells the readers
// nothing, but what is kept of pages must be made anew.
func TestAmendedTagsMoveTheState(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		hand := func(tags ...string) newsroom.Outcome {
			s := submission("Ice")
			s.Amend = &newsroom.Amendment{Kind: broadside.Typo}
			for _, slug := range tags {
				s.Tags = append(s.Tags, broadside.Tag{Slug: slug, Name: strings.ToUpper(slug)})
			}
			return importOne(t, p, s)
		}
		state := func() store.State {
			t.Helper()
			s, err := p.Store.State(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		if o := hand("ice"); o.Err != nil {
			t.Fatal(o.Err)
		}
		before := state()
		if o := hand("ice"); o.Err != nil || o.Changed || state() != before {
			t.Errorf("the same again: %+v, and the state is %+v, was %+v", o, state(), before)
		}
		if o := hand("boats", "ice"); o.Err != nil || !o.Changed {
			t.Errorf("with another tag: %+v", o)
		}
		after := state()
		if after.Publication != before.Publication || after.Site != before.Site+1 || len(p.Log(t, "")) != 1 {
			t.Errorf("the state was %+v and is %+v, and the log has %d rows", before, after, len(p.Log(t, "")))
		}
		a, err := p.Store.ArticleAt(t.Context(), "harbour", "ice")
		if err != nil || !slices.Equal(a.Tags, []string{"boats", "ice"}) {
			t.Errorf("the article has the tags %v, %v", a.Tags, err)
		}
		if o := hand(); o.Err != nil || !o.Changed || state().Site != after.Site+1 {
			t.Errorf("without tags: %+v, and the state is %+v", o, state())
		}
	})
}
