package newsroom_test

import (
	"context"
	"fmt"
	"reflect"
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

func TestPublishedArticleIsPublicAndInTheLog(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		a := p.Create(t, "The dock strike")
		p.Clock.Move(time.Hour)
		if err := p.Newsroom.Publish(t.Context(), newstest.Editor, a.ID, a.Head); err != nil {
			t.Fatal(err)
		}
		now := newstest.Noon.Add(time.Hour)
		ls, err := p.Store.Listings(t.Context(), store.Scope{}, 0, 10)
		if err != nil || len(ls) != 1 || ls[0].Summary.Headline != "The dock strike" {
			t.Fatalf("readers see %+v, %v", ls, err)
		}
		if got := ls[0].Article; got.Status != broadside.Published || got.Live != a.Head || !got.Published.Equal(now) || !got.Updated.Equal(now) {
			t.Errorf("the article is %+v", got)
		}
		want := []broadside.Publication{{Seq: 1, Article: a.ID, Revision: a.Head, Kind: broadside.First, At: now}}
		if got := p.Log(t, ""); !reflect.DeepEqual(got, want) {
			t.Errorf("the log is %+v, want %+v", got, want)
		}
		if faults := p.Check(t); len(faults) > 0 {
			t.Errorf("Check: %q", faults)
		}
	})
}

// Of six who press the button at once, one publishes and five are told; so is
// whoever comes later.
func TestPublishingTwiceIsAConflict(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		a := p.Create(t, "The dock strike")
		publish := func() error { return p.Newsroom.Publish(t.Context(), newstest.Editor, a.ID, a.Head) }
		var wg sync.WaitGroup
		errs := make([]error, 6)
		for i := range errs {
			wg.Go(func() { errs[i] = publish() })
		}
		wg.Wait()
		done := 0
		for _, err := range append(errs, publish()) {
			if err == nil {
				done++
			} else if broadside.KindOf(err) != broadside.Conflict {
				t.Errorf("Publish: %v, want Conflict", err)
			}
		}
		if done != 1 || len(p.Log(t, "")) != 1 {
			t.Errorf("%d of 7 have published, the log has %d rows; want 1 and 1", done, len(p.Log(t, "")))
		}
	})
}

func TestWhatNobodyHasSeenIsNotPublished(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		a := p.Create(t, "The dock strike")
		if _, err := p.Newsroom.Save(t.Context(), newstest.Editor, a.ID, a.Head, newstest.Text("The dock strike, by another")); err != nil {
			t.Fatal(err)
		}
		newstest.WantKind(t, "Publish", p.Newsroom.Publish(t.Context(), newstest.Editor, a.ID, a.Head), broadside.Conflict)
		newstest.WantKind(t, "Schedule", p.Newsroom.Schedule(t.Context(), newstest.Editor, a.ID, a.Head, newstest.Noon.Add(time.Hour)), broadside.Conflict)
		newstest.WantKind(t, "Publish of nothing", p.Newsroom.Publish(t.Context(), newstest.Editor, "none", a.Head), broadside.NotFound)
	})
}

// flawed returns a text that three things keep from being published.
func flawed() *document.Document {
	d := newstest.Text("Three slips")
	d.Body.Content = append(d.Body.Content,
		&document.Node{Type: document.Heading, Attrs: map[string]any{"level": int64(4)}, Content: []*document.Node{{Type: document.Text, Text: "Too deep"}}},
		&document.Node{Type: document.Paragraph, Content: []*document.Node{{Type: document.Text, Text: "see here",
			Marks: []document.Mark{{Type: document.Link, Attrs: map[string]any{"href": "javascript:alert(1)"}}}}}},
		&document.Node{Type: document.Timeline, Content: []*document.Node{
			{Type: document.BoxTitle, Content: []*document.Node{{Type: document.Text, Text: "How it began"}}},
			{Type: document.TimelineEvent, Attrs: map[string]any{"date": "yesterday"}, Content: []*document.Node{
				{Type: document.Paragraph, Content: []*document.Node{{Type: document.Text, Text: "It began."}}}}}}})
	return d
}

func TestEverythingThatPreventsPublishingIsToldAtOnce(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		a, err := p.Newsroom.Create(t.Context(), newstest.Editor, newsroom.Draft{Section: "world", Text: flawed()})
		if err != nil {
			t.Fatal(err)
		}
		before := p.Dump(t)
		for name, err := range map[string]error{
			"Publish":  p.Newsroom.Publish(t.Context(), newstest.Editor, a.ID, a.Head),
			"Schedule": p.Newsroom.Schedule(t.Context(), newstest.Editor, a.ID, a.Head, newstest.Noon.Add(time.Hour)),
		} {
			newstest.WantKind(t, name, err, broadside.Invalid)
			for _, want := range []string{"Too deep", "javascript:alert(1)", "yesterday"} {
				if err != nil && !strings.Contains(err.Error(), want) {
					t.Errorf("%s: %v, want it to name %q too", name, err, want)
				}
			}
		}
		newstest.WantSame(t, "the paper", before, p.Dump(t))
	})
}

func TestScheduleIsForTheFuture(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		a := p.Create(t, "The dock strike")
		for _, at := range []time.Time{{}, newstest.Noon.Add(-time.Hour), newstest.Noon} {
			newstest.WantKind(t, "Schedule at "+at.String(), p.Newsroom.Schedule(t.Context(), newstest.Editor, a.ID, a.Head, at), broadside.Invalid)
		}
		if got := p.Article(t, a.ID); got.Status != broadside.Draft {
			t.Errorf("the article is %s", got.Status)
		}
	})
}

// The clock is the machine's, and the queue runs as it does when the paper is
// served; half-way it is stopped, closed and opened anew.
func TestScheduledArticleGoesLiveWithinTwoSecondsOfItsHour(t *testing.T) {
	t.Parallel() // it mostly waits
	for _, restart := range []bool{false, true} {
		t.Run(fmt.Sprintf("restart=%v", restart), func(t *testing.T) {
			t.Parallel()
			newstest.Each(t, func(t *testing.T, first *newstest.Paper) {
				t.Parallel()
				p := newstest.Open(t, first.Dir, first.DSN, newstest.RealClock())
				a := p.Create(t, "On the hour")
				hour := time.Now().Add(time.Second)
				if err := p.Newsroom.Schedule(t.Context(), newstest.Editor, a.ID, a.Head, hour); err != nil {
					t.Fatal(err)
				}
				stop := run(t, p)
				if restart {
					time.Sleep(300 * time.Millisecond)
					stop()
					p.Store.Close()
					p = newstest.Open(t, first.Dir, first.DSN, newstest.RealClock())
					stop = run(t, p)
				}
				for p.Article(t, a.ID).Live == "" && time.Since(hour) < 3*time.Second {
					time.Sleep(10 * time.Millisecond)
				}
				time.Sleep(100 * time.Millisecond) // for a second publication, if there were one
				stop()
				log := p.Log(t, a.ID)
				if len(log) != 1 || log[0].Kind != broadside.First {
					t.Fatalf("the log is %+v, want one row", log)
				}
				// The log counts in milliseconds.
				if late := log[0].At.Sub(hour.Truncate(time.Millisecond)); late < 0 || late > 2*time.Second {
					t.Errorf("it went live %v after its hour", late)
				}
				if js, err := p.Store.Jobs(t.Context()); err != nil || len(js) != 0 {
					t.Errorf("jobs are left: %+v, %v", js, err)
				}
			})
		})
	}
}

// run runs the paper's queue until stop is called.
func run(t *testing.T, p *newstest.Paper) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		p.Queue().Run(ctx)
	}()
	return func() { cancel(); <-done }
}

// What was due while nothing ran is published at the next start.
func TestScheduledArticleIsNotForgottenOverNight(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		d := bring(t, p, broadside.Scheduled)
		p.Store.Close()
		p.Clock.Move(24 * time.Hour)
		p = newstest.Open(t, p.Dir, p.DSN, p.Clock)
		p.Work(t)
		if got := p.Article(t, d.a.ID); got.Status != broadside.Published || !got.Published.Equal(p.Clock.Now()) || !got.PublishAt.IsZero() {
			t.Errorf("the article is %+v", got)
		}
	})
}

// A plan that has changed is the plan.
func TestLastWordOnTheTimetableCounts(t *testing.T) {
	tests := []struct {
		name   string
		change func(desk) error
		after  map[time.Duration]broadside.Status // since noon; it was to be at one
	}{
		{"later", func(d desk) error {
			return d.p.Newsroom.Schedule(d.t.Context(), newstest.Editor, d.a.ID, d.a.Head, newstest.Noon.Add(3*time.Hour))
		}, map[time.Duration]broadside.Status{2 * time.Hour: broadside.Scheduled, 3 * time.Hour: broadside.Published}},
		{"earlier", func(d desk) error {
			return d.p.Newsroom.Schedule(d.t.Context(), newstest.Editor, d.a.ID, d.a.Head, newstest.Noon.Add(time.Minute))
		}, map[time.Duration]broadside.Status{time.Minute: broadside.Published}},
		{"taken back", func(d desk) error { return advance(broadside.Ready)(d, newstest.Editor) },
			map[time.Duration]broadside.Status{2 * time.Hour: broadside.Ready}},
		{"published by hand", func(d desk) error { return d.publish(newstest.Editor) },
			map[time.Duration]broadside.Status{0: broadside.Published, 2 * time.Hour: broadside.Published}},
		{"removed", func(d desk) error { return d.remove(newstest.Owner) },
			map[time.Duration]broadside.Status{2 * time.Hour: broadside.Removed}},
	}
	newstest.EachDSN(t, func(t *testing.T, dsn string) {
		for _, tt := range tests {
			p := newstest.Open(t, t.TempDir(), dsn, newstest.NewClock(newstest.Noon))
			p.Update(t, func(ctx context.Context, tx *store.Tx) error {
				return tx.PutSection(ctx, broadside.Section{Slug: "world", Name: "World"})
			})
			d := bring(t, p, broadside.Scheduled)
			if err := tt.change(d); err != nil {
				t.Fatalf("%s: %v", tt.name, err)
			}
			for _, since := range []time.Duration{0, time.Minute, 2 * time.Hour, 3 * time.Hour} {
				p.Clock.Move(newstest.Noon.Add(since).Sub(p.Clock.Now()))
				p.Work(t)
				if want, ok := tt.after[since]; ok && p.Article(t, d.a.ID).Status != want {
					t.Errorf("%s: after %v it is %s, want %s", tt.name, since, p.Article(t, d.a.ID).Status, want)
				}
			}
			if n := len(p.Log(t, d.a.ID)); n > 1 {
				t.Errorf("%s: the log has %d rows about it", tt.name, n)
			}
		}
	})
}

func TestCorrections(t *testing.T) {
	tests := []struct {
		kind    broadside.PublicationKind
		note    string
		refused broadside.Kind // "" if it is not
		told    bool           // readers are shown a new date
	}{
		{broadside.Typo, "", "", false},
		{broadside.Update, "The talks have begun.", "", true},
		{broadside.Clarification, "It was the east quay.", "", true},
		{broadside.Correction, "It was Friday.", "", true},
		{broadside.Update, "", broadside.Invalid, false},
		{broadside.Clarification, " \n", broadside.Invalid, false},
		{broadside.Correction, "", broadside.Invalid, false},
		{broadside.First, "a", broadside.Invalid, false},
		{broadside.Withdrawal, "a", broadside.Invalid, false},
		{broadside.Move, "a", broadside.Invalid, false},
		{"", "a", broadside.Invalid, false},
	}
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		for _, tt := range tests {
			name := fmt.Sprintf("Correct(%q, %q)", tt.kind, tt.note)
			d := bring(t, p, broadside.Published)
			p.Clock.Move(time.Hour)
			r, err := p.Newsroom.Save(t.Context(), newstest.Editor, d.a.ID, d.a.Head, newstest.Text("Mended"))
			if err != nil {
				t.Fatal(err)
			}
			err = p.Newsroom.Correct(t.Context(), newstest.Editor, d.a.ID, r.ID, newsroom.Amendment{Kind: tt.kind, Note: tt.note})
			got, log := p.Article(t, d.a.ID), p.Log(t, d.a.ID)
			if tt.refused != "" {
				newstest.WantKind(t, name, err, tt.refused)
				if got.Live != d.a.Live || len(log) != 1 {
					t.Errorf("%s was refused, but readers see another revision", name)
				}
				continue
			}
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			last := log[len(log)-1]
			if got.Live != r.ID || got.Updated.Equal(d.a.Updated) == tt.told || !got.Published.Equal(d.a.Published) {
				t.Errorf("%s: the article was %+v and is %+v", name, d.a, got)
			}
			if len(log) != 2 || last.Kind != tt.kind || last.Note != tt.note || last.Revision != r.ID || !last.At.Equal(p.Clock.Now()) {
				t.Errorf("%s: the log is %+v", name, log)
			}
		}
	})
}

func TestOnlyANewerRevisionOfAPublishedArticleCorrectsIt(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		correct := func(id, revision string) error {
			return p.Newsroom.Correct(t.Context(), newstest.Editor, id, revision, newsroom.Amendment{Kind: broadside.Correction, Note: "It was Friday."})
		}
		d := bring(t, p, broadside.Published)
		newstest.WantKind(t, "Correct with nothing newer", correct(d.a.ID, d.a.Head), broadside.Conflict)
		if _, err := p.Newsroom.Save(t.Context(), newstest.Editor, d.a.ID, d.a.Head, newstest.Text("Newer")); err != nil {
			t.Fatal(err)
		}
		newstest.WantKind(t, "Correct with a revision that is not the newest", correct(d.a.ID, d.a.Head), broadside.Conflict)
		draft := p.Create(t, "A draft")
		newstest.WantKind(t, "Correct a draft", correct(draft.ID, draft.Head), broadside.Conflict)
		newstest.WantKind(t, "Correct nothing", correct("none", ""), broadside.NotFound)
	})
}

func TestCorrectionIsJudgedAsAFirstPublicationIs(t *testing.T) {
	p := newstest.SQLite(t)
	d := bring(t, p, broadside.Published)
	r, err := p.Newsroom.Save(t.Context(), newstest.Editor, d.a.ID, d.a.Head, flawed())
	if err != nil {
		t.Fatal(err)
	}
	newstest.WantKind(t, "Correct", p.Newsroom.Correct(t.Context(), newstest.Editor, d.a.ID, r.ID, newsroom.Amendment{Kind: broadside.Typo, Note: ""}), broadside.Invalid)
}

func TestWithdrawalSaysWhyAndIsFinal(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		d := bring(t, p, broadside.Published)
		newstest.WantKind(t, "Withdraw without a reason", p.Newsroom.Withdraw(t.Context(), newstest.Editor, d.a.ID, " \t"), broadside.Invalid)
		if err := d.withdraw(newstest.Editor); err != nil {
			t.Fatal(err)
		}
		got, log := p.Article(t, d.a.ID), p.Log(t, d.a.ID)
		if got.Status != broadside.Withdrawn || got.Live != "" || got.Path() != d.a.Path() {
			t.Errorf("the article is %+v", got)
		}
		if len(log) != 2 || log[1].Kind != broadside.Withdrawal || log[1].Note != "It was wrong." || log[1].Revision != "" {
			t.Errorf("the log is %+v", log)
		}
		for name, err := range map[string]error{
			"publish": d.publish(newstest.Owner), "schedule": d.schedule(newstest.Owner), "save": d.save(newstest.Owner),
			"move": d.move(newstest.Owner), "withdraw": d.withdraw(newstest.Owner), "advance": advance(broadside.Draft)(d, newstest.Owner),
		} {
			newstest.WantKind(t, name+" what is withdrawn", err, broadside.Denied)
		}
		newstest.WantKind(t, "correct what is withdrawn", p.Newsroom.Correct(t.Context(), newstest.Owner, d.a.ID, got.Head, newsroom.Amendment{Kind: broadside.Typo, Note: ""}), broadside.Conflict)
		if faults := p.Check(t); len(faults) > 0 {
			t.Errorf("Check: %q", faults)
		}
	})
}

func TestOldAddressesLeadToTheArticleForEver(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		a := p.Publish(t, "The dock strike")
		move := func(section, slug, want string) {
			t.Helper()
			if err := p.Newsroom.Move(t.Context(), newstest.Editor, a.ID, section, slug); err != nil {
				t.Fatal(err)
			}
			if got := p.Article(t, a.ID).Path(); got != want {
				t.Errorf("Move(%q, %q) leads to %s, want %s", section, slug, got, want)
			}
		}
		redirects := func(want ...string) {
			t.Helper()
			for _, path := range []string{"/world/the-dock-strike", "/culture/the-dock-strike", "/culture/strike"} {
				r, err := p.Store.Redirect(t.Context(), path)
				led := err == nil && r.Article == a.ID
				if wanted := strings.Contains(strings.Join(want, " ")+" ", path+" "); led != wanted {
					t.Errorf("%s leads to the article: %v (%v), want %v", path, led, err, wanted)
				}
			}
		}
		move("culture", "", "/culture/the-dock-strike")
		redirects("/world/the-dock-strike")
		move("", "strike", "/culture/strike")
		redirects("/world/the-dock-strike", "/culture/the-dock-strike")
		move("world", "the-dock-strike", "/world/the-dock-strike")
		redirects("/culture/the-dock-strike", "/culture/strike")
		before := p.Dump(t)
		move("", "", "/world/the-dock-strike")
		newstest.WantSame(t, "the paper, by a move to where the article is,", before, p.Dump(t))
		log := p.Log(t, a.ID)
		if len(log) != 4 || log[3].Kind != broadside.Move || log[3].Revision != a.Live || log[3].Note != "" {
			t.Errorf("the log is %+v, want a first publication and three moves", log)
		}
		if faults := p.Check(t); len(faults) > 0 {
			t.Errorf("Check: %q", faults)
		}
	})
}

// Nobody knows the address of a draft, so nothing needs to lead there.
func TestDraftMovesWithoutATrace(t *testing.T) {
	p := newstest.SQLite(t)
	a := p.Create(t, "The dock strike")
	if err := p.Newsroom.Move(t.Context(), newstest.Editor, a.ID, "culture", "strike"); err != nil {
		t.Fatal(err)
	}
	if r, err := p.Store.Redirect(t.Context(), a.Path()); broadside.KindOf(err) != broadside.NotFound || len(p.Log(t, "")) != 0 {
		t.Errorf("there is the redirect %+v, %v, and the log %+v", r, err, p.Log(t, ""))
	}
}

func TestMovesThatAreRefused(t *testing.T) {
	tests := []struct {
		section, slug string
		kind          broadside.Kind
		want          string
	}{
		{"", "taken", broadside.Conflict, "/world/taken"},
		{"moon", "", broadside.NotFound, "section"},
		{"tag", "", broadside.NotFound, "section"}, // reserved: no such section can be made
		{"", "The Strike", broadside.Invalid, `"The Strike"`},
		{"", "..", broadside.Invalid, `".."`},
	}
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		p.Create(t, "Taken")
		a := p.Publish(t, "The dock strike")
		before := p.Dump(t)
		for _, tt := range tests {
			name := fmt.Sprintf("Move(%q, %q)", tt.section, tt.slug)
			err := p.Newsroom.Move(t.Context(), newstest.Editor, a.ID, tt.section, tt.slug)
			newstest.WantKind(t, name, err, tt.kind)
			if err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%s: %v, want it to say %q", name, err, tt.want)
			}
		}
		newstest.WantSame(t, "the paper", before, p.Dump(t))
	})
}
