package cli

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"example.org/broadside"
	"example.org/broadside/internal/config"
	"example.org/broadside/internal/demo"
	"example.org/broadside/internal/newsroom"
	"example.org/broadside/internal/store"
)

// emptyPaper makes a paper that nobody has written in.
func emptyPaper(t *testing.T) *paper {
	t.Helper()
	cfg := &config.Config{Dir: filepath.Join(t.TempDir(), "paper"), Log: config.Log{Level: "error", Format: "text"}}
	p, err := openPaper(t.Context(), cfg, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// demoPlan reads what the demo is to be.
func demoPlan(t *testing.T, p *paper) *demoNewspaper {
	t.Helper()
	plan, err := demo.ReadPlan()
	if err != nil {
		t.Fatal(err)
	}
	return &demoNewspaper{paper: p, Plan: plan}
}

func fillDemo(t *testing.T, p *paper) {
	t.Helper()
	if err := p.fillWithDemo(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func rows(t *testing.T, p *paper) string {
	t.Helper()
	var b strings.Builder
	if err := p.store.Snapshot(t.Context(), func(r *store.Reader) error { return r.Dump(t.Context(), &b) }); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The demo is a whole paper with a history, and stays as it was made.
func TestDemo(t *testing.T) {
	p := emptyPaper(t)
	fillDemo(t, p)
	d := demoPlan(t, p)
	var err error
	if d.settled, err = p.store.Paper(t.Context()); err != nil || d.settled.Name != d.Name || d.settled.TimeZone != d.TimeZone {
		t.Fatalf("the paper is %+v, %v", d.settled, err)
	}
	wantWholeDemo(t, d)

	before := rows(t, p)
	fillDemo(t, p)
	if rows(t, p) != before {
		t.Error("filled a second time the paper has changed")
	}
	// Whoever has changed it finds it so after the next start.
	for _, err := range []error{
		p.newsroom.SetFront(t.Context(), operator, nil),
		p.newsroom.PutPerson(t.Context(), operator, newsroom.Profile{Name: d.Person[0].Name, Biography: "Left."}),
		p.newsroom.Withdraw(t.Context(), operator, d.articleAt(t, d.Front[0]).ID, "A test."),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	before = rows(t, p)
	fillDemo(t, p)
	if rows(t, p) != before {
		t.Error("filling it again has undone what was changed")
	}
}

// wantWholeDemo complains of what is missing of the demo.
func wantWholeDemo(t *testing.T, d *demoNewspaper) {
	t.Helper()
	wantAmendments(t, d)
	wantEditions(t, d)
	wantPeople(t, d)
	if tally, err := d.newsroom.Check(t.Context(), func(fault string) { t.Error(fault) }); err != nil || tally.Revisions == 0 || tally.Blobs == 0 {
		t.Errorf("Check: %+v, %v", tally, err)
	}
	if later, err := d.newsroom.Sweep(t.Context(), nil); err != nil || len(later) > 0 {
		t.Errorf("nothing refers to %d blobs, %v", len(later), err)
	}
	complete := false
	if _, err := d.store.Setting(t.Context(), demoKey, &complete); err != nil || !complete {
		t.Errorf("the demo is not complete, %v", err)
	}
}

func (d *demoNewspaper) articleAt(t *testing.T, address string) *broadside.Article {
	t.Helper()
	section, slug, _ := broadside.SplitPath(address)
	a, err := d.store.ArticleAt(t.Context(), section, slug)
	if err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	return a
}

// Readers find what an article said at first in its history, and when and why
// that changed; what it says now is in its text.
func wantAmendments(t *testing.T, d *demoNewspaper) {
	t.Helper()
	if len(d.Amendment) == 0 {
		t.Error("the demo has no amendments")
	}
	for _, want := range d.Amendment {
		a := d.articleAt(t, want.Article)
		at, err := d.hour(want.At)
		if err != nil {
			t.Fatal(err)
		}
		log, err := d.store.ArticlePublications(t.Context(), a.ID)
		if err != nil || len(log) != 2 {
			t.Errorf("%s: the log is %+v, %v; want two rows", want.Article, log, err)
			continue
		}
		if log[0].Kind != broadside.First || !log[0].At.Equal(a.Published) || !log[0].At.Before(at) {
			t.Errorf("%s was published first as %+v, on %s", want.Article, log[0], a.Published)
		}
		if got := log[1]; string(got.Kind) != want.Kind || got.Note != strings.TrimSpace(want.Note) || !got.At.Equal(at) || !a.Updated.Equal(at) || a.Live != got.Revision {
			t.Errorf("%s was amended as %+v, at %s; want %+v", want.Article, got, a.Updated, want)
		}
		for i, says := range []string{want.Was, want.Is} {
			r, err := d.store.Revision(t.Context(), log[i].Revision)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(r.Canonical), plain(says)) || !r.Created.Equal(log[i].At) {
				t.Errorf("%s: the text of %s does not say %q", want.Article, r.Created, says)
			}
		}
	}
}

// plain returns the longest part of a text in Markdown that holds no markup.
func plain(s string) string {
	parts := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("*_[]()`\"\\\n", r) })
	return slices.MaxFunc(parts, func(a, b string) int { return len(a) - len(b) })
}

func wantEditions(t *testing.T, d *demoNewspaper) {
	t.Helper()
	if n, err := d.store.CountEditions(t.Context()); err != nil || n != len(d.Edition) || n == 0 {
		t.Errorf("%d editions, %v; want %d", n, err, len(d.Edition))
	}
	for _, want := range d.Edition {
		got, err := d.store.Edition(t.Context(), want.Number)
		if err != nil {
			t.Error(err)
			continue
		}
		closed, err := d.hour(want.Closed)
		if err != nil || !got.Closed.Equal(closed) || got.Date != want.Date || got.Title != want.Title || got.Lang != want.Lang || len(got.Items) != len(want.Items) {
			t.Errorf("the edition is %+v, %v; want %+v", got, err, want)
			continue
		}
		for i, item := range want.Items {
			if a := d.articleAt(t, item.Article); got.Items[i] != (broadside.EditionItem{Article: a.ID, Weight: broadside.Weight(item.Weight)}) {
				t.Errorf("edition %d has in place %d %+v, want %+v", want.Number, i, got.Items[i], item)
			}
		}
	}
	front, err := d.store.Front(t.Context())
	if err != nil || len(front) != len(d.Front) || len(front) == 0 {
		t.Fatalf("the front page begins with %v, %v; want %v", front, err, d.Front)
	}
	for i, address := range d.Front {
		if a := d.articleAt(t, address); front[i] != a.ID {
			t.Errorf("place %d of the front page is not %s", i, address)
		}
	}
}

// Everybody in a byline has a page; those of whom there is a picture show it.
func wantPeople(t *testing.T, d *demoNewspaper) {
	t.Helper()
	for _, want := range d.Person {
		got, err := d.store.PersonNamed(t.Context(), want.Name)
		if err != nil || got.Biography != want.Biography || (got.Portrait != "") != (want.Portrait != "") {
			t.Errorf("%s is %+v, %v; want %+v", want.Name, got, err, want)
		}
	}
}

// A fill that was cut short after the articles goes on from there.
func TestDemoThatWasCutShort(t *testing.T) {
	p := emptyPaper(t)
	d := demoPlan(t, p)
	for _, step := range []func(context.Context) error{d.putParticulars, d.putPeople, d.tellStories} {
		if err := step(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	before, err := p.store.Publications(t.Context(), 0, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	fillDemo(t, p)
	wantWholeDemo(t, d)
	if after, err := p.store.Publications(t.Context(), 0, 1<<20); err != nil || !slices.Equal(before, after) {
		t.Errorf("the log had %d rows and has %d, %v; want the same", len(before), len(after), err)
	}
}

// One that was cut short among the articles tells the rest in their order.
func TestDemoThatWasCutShortBetweenArticles(t *testing.T) {
	p := emptyPaper(t)
	ctx, cut := context.WithCancel(t.Context())
	defer cut()
	go func() {
		defer cut()
		for range p.store.Watch(ctx) {
			if log, err := p.store.Publications(ctx, 0, 1<<20); err != nil || len(log) >= 20 {
				return
			}
		}
	}()
	if err := p.fillWithDemo(ctx); err == nil {
		t.Fatal("it was not cut short: this test would prove nothing")
	}
	fillDemo(t, p)
	d := demoPlan(t, p)
	var err error
	if d.settled, err = p.store.Paper(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantWholeDemo(t, d)
	if all, err := p.store.Publications(t.Context(), 0, 1<<20); err != nil || !slices.IsSortedFunc(all, func(a, b broadside.Publication) int { return a.At.Compare(b.At) }) {
		t.Errorf("the log is not in the order of its hours, %v", err)
	}
}

// Whoever has begun a paper of their own keeps it as it is.
func TestDemoLeavesAnyOtherPaperAlone(t *testing.T) {
	p := emptyPaper(t)
	err := p.store.Update(t.Context(), func(tx *store.Tx) error {
		return tx.PutSection(t.Context(), broadside.Section{Slug: "world", Name: "World"})
	})
	if err != nil {
		t.Fatal(err)
	}
	before := rows(t, p)
	fillDemo(t, p)
	if rows(t, p) != before {
		t.Error("the demo has changed a paper that is somebody's")
	}
}
