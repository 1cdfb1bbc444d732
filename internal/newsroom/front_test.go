package newsroom_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"example.org/broadside"
	"example.org/broadside/internal/newstest"
)

// everyRole lists the roles; those who arrange the paper come first.
var everyRole = []broadside.Role{broadside.Owner, broadside.Editor, broadside.Author, broadside.Contributor, broadside.Fundraiser, ""}

// asEachRole does something in each role. It succeeds for owners and editors,
// and is denied to all others, for whom nothing changes.
func asEachRole(t *testing.T, p *newstest.Paper, what string, do func(broadside.Actor) error) {
	t.Helper()
	for i, role := range everyRole {
		before := p.Dump(t)
		err := do(broadside.Actor{Name: "A", Role: role})
		if i < 2 {
			if err != nil {
				t.Errorf("%s as %s: %v", what, role, err)
			}
			continue
		}
		newstest.WantKind(t, what+" as "+string(role), err, broadside.Denied)
		newstest.WantSame(t, "after "+what+" as "+string(role)+" the paper", before, p.Dump(t))
	}
}

func TestSetFront(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		one, two, three := p.Publish(t, "One"), p.Publish(t, "Two"), p.Publish(t, "Three")
		draft := p.Create(t, "A draft")
		if o := importOne(t, p, page("about")); o.Err != nil {
			t.Fatal(o.Err)
		}
		front := func() (ids []string) {
			t.Helper()
			ids, err := p.Store.Front(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return ids
		}
		set := func(addresses ...string) error { return p.Newsroom.SetFront(t.Context(), newstest.Editor, addresses) }
		if err := set(two.Path(), three.Path(), one.Path()); err != nil {
			t.Fatal(err)
		}
		want := []string{two.ID, three.ID, one.ID}
		if got := front(); !slices.Equal(got, want) {
			t.Errorf("the front page begins with %v, want %v", got, want)
		}
		many := []string{}
		for i := range 61 {
			many = append(many, fmt.Sprintf("/world/story-%d", i))
		}
		for _, tt := range []struct {
			name, says string
			addresses  []string
		}{
			{"one named twice", one.Path() + " is named twice", []string{one.Path(), two.Path(), one.Path()}},
			{"a draft", draft.Path(), []string{one.Path(), draft.Path()}},
			{"one that is not there", "/world/nowhere", []string{"/world/nowhere"}},
			{"a page of the paper", `"/about"`, []string{"/about"}},
			{"no address", `"one"`, []string{"one"}},
			{"an address on another site", "https", []string{"https://else.example/world/one"}},
			{"too many", "60 articles at most, not 61", many},
		} {
			err := set(tt.addresses...)
			newstest.WantKind(t, tt.name, err, broadside.Invalid)
			if err != nil && !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%s: %v, want it to say %q", tt.name, err, tt.says)
			}
			if got := front(); !slices.Equal(got, want) {
				t.Errorf("after %s the front page begins with %v, want %v", tt.name, got, want)
			}
		}
		if err := p.Newsroom.Withdraw(t.Context(), newstest.Editor, three.ID, "It was untrue."); err != nil {
			t.Fatal(err)
		}
		newstest.WantKind(t, "a withdrawn one", set(three.Path()), broadside.Invalid)
		if ls, err := p.Store.ListingsOf(t.Context(), front()); err != nil || len(ls) != 2 || ls[0].Article.ID != two.ID {
			t.Errorf("readers see %+v, %v; want two and one", ls, err)
		}
		asEachRole(t, p, "arranging the front page", func(who broadside.Actor) error {
			return p.Newsroom.SetFront(t.Context(), who, []string{one.Path()})
		})
		if err := set(); err != nil || len(front()) != 0 {
			t.Errorf("set to nothing: %v, %v", front(), err)
		}
	})
}
