package newsroom_test

import (
	"slices"
	"strings"
	"testing"

	"example.org/broadside"
	"example.org/broadside/internal/newsroom"
	"example.org/broadside/internal/newstest"
)

func TestPutEdition(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		ctx, one, two := t.Context(), p.Publish(t, "One"), p.Publish(t, "Two")
		draft := p.Create(t, "A draft")
		plan := func(change func(*newsroom.EditionPlan)) newsroom.EditionPlan {
			e := newsroom.EditionPlan{Number: 7, Date: "2026-03-14", Title: "Ice", Closed: newstest.Noon,
				Items: []newsroom.EditionEntry{{Article: two.Path(), Weight: broadside.Lead}, {Article: one.Path(), Weight: broadside.Brief}}}
			change(&e)
			return e
		}
		put := func(change func(*newsroom.EditionPlan)) error {
			return p.Newsroom.PutEdition(ctx, newstest.Editor, plan(change))
		}
		if err := put(func(*newsroom.EditionPlan) {}); err != nil {
			t.Fatal(err)
		}
		first, err := p.Store.Edition(ctx, 7)
		if err != nil || first.Date != "2026-03-14" || first.Lang != "en-GB" || first.Title != "Ice" || !first.Closed.Equal(newstest.Noon) ||
			!slices.Equal(first.Items, []broadside.EditionItem{{Article: two.ID, Weight: broadside.Lead}, {Article: one.ID, Weight: broadside.Brief}}) {
			t.Errorf("the edition is %+v, %v", first, err)
		}
		before := p.Dump(t)
		for _, tt := range []struct {
			name, says string
			change     func(*newsroom.EditionPlan)
		}{
			{"no number", "number from 1", func(e *newsroom.EditionPlan) { e.Number = 0 }},
			{"a negative number", "number from 1", func(e *newsroom.EditionPlan) { e.Number = -7 }},
			{"no date", `""`, func(e *newsroom.EditionPlan) { e.Date = "" }},
			{"a date in another form", "14.3.2026", func(e *newsroom.EditionPlan) { e.Date = "14.3.2026" }},
			{"a day that there is not", "2026-02-30", func(e *newsroom.EditionPlan) { e.Date = "2026-02-30" }},
			{"no articles", "no articles", func(e *newsroom.EditionPlan) { e.Items = nil }},
			{"a weight that there is not", `"huge"`, func(e *newsroom.EditionPlan) { e.Items[1].Weight = "huge" }},
			{"no weight", one.Path(), func(e *newsroom.EditionPlan) { e.Items[1].Weight = "" }},
			{"one named twice", "named twice", func(e *newsroom.EditionPlan) { e.Items[1].Article = two.Path() }},
			{"a draft", draft.Path(), func(e *newsroom.EditionPlan) { e.Items[1].Article = draft.Path() }},
			{"no address", `"one"`, func(e *newsroom.EditionPlan) { e.Items[0].Article = "one" }},
		} {
			err := put(tt.change)
			newstest.WantKind(t, tt.name, err, broadside.Invalid)
			if err != nil && !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%s: %v, want it to say %q", tt.name, err, tt.says)
			}
		}
		newstest.WantSame(t, "the paper", before, p.Dump(t))

		// That of the same number is changed, and stays the same edition.
		if err := put(func(e *newsroom.EditionPlan) {
			e.Date, e.Lang, e.Title, e.Items = "2026-03-15", "ru", "", e.Items[1:]
		}); err != nil {
			t.Fatal(err)
		}
		again, err := p.Store.Edition(ctx, 7)
		if err != nil || again.ID != first.ID || again.Date != "2026-03-15" || again.Lang != "ru" || again.Title != "" || len(again.Items) != 1 {
			t.Errorf("the changed edition is %+v, %v", again, err)
		}
		if n, err := p.Store.CountEditions(ctx); err != nil || n != 1 {
			t.Errorf("there are %d editions, %v; want one", n, err)
		}
		asEachRole(t, p, "making an edition", func(who broadside.Actor) error {
			return p.Newsroom.PutEdition(ctx, who, plan(func(e *newsroom.EditionPlan) { e.Number = 8 }))
		})
	})
}
