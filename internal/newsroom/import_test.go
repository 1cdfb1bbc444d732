package newsroom_test

import (
	"bytes"
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

func submission(headline string) newsroom.Submission {
	return newsroom.Submission{Section: broadside.Section{Slug: "harbour", Name: "Harbour"}, Publish: true, Text: newstest.Text(headline)}
}

// Each stands alone: those beside a refused one are taken in, in their order.
func TestRefusedSubmissionDoesNotHoldUpOthers(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		flawless := []string{"First", "Third", "Fourth", "Sixth"}
		subs := []newsroom.Submission{submission("First"), submission("Second"), submission("Third"), submission("Fourth"), submission("Fifth"), submission("Sixth")}
		subs[1].Text = flawed()
		subs[4].Slug = "third" // taken by then
		outcomes := p.Newsroom.Import(t.Context(), newstest.Owner, subs)
		for i, want := range []string{"/harbour/first", "", "/harbour/third", "/harbour/fourth", "", "/harbour/sixth"} {
			o := outcomes[i]
			if o.Path != want || (o.Err == nil) != (want != "") || o.Changed != (want != "") {
				t.Errorf("outcome %d is %+v, want %q", i, o, want)
			}
		}
		newstest.WantKind(t, "the flawed one", outcomes[1].Err, broadside.Invalid)
		newstest.WantKind(t, "the one at a taken address", outcomes[4].Err, broadside.Conflict)
		var log []string
		for _, row := range p.Log(t, "") {
			log = append(log, revisionOf(t, p, row.Revision).Headline)
		}
		if !slices.Equal(log, flawless) {
			t.Errorf("the log is of %v, want %v", log, flawless)
		}
		if s, err := p.Store.Section(t.Context(), "harbour"); err != nil || s.Name != "Harbour" || s.Position != 2 {
			t.Errorf("the new section is %+v, %v", s, err)
		}
		if len(p.Newsroom.Import(t.Context(), newstest.Owner, nil)) != 0 {
			t.Error("of no submissions something became")
		}
	})
}

func TestArchivedArticleKeepsItsDate(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		s := submission("Of old")
		s.Date = newstest.Noon.AddDate(-9, 0, 0)
		o := p.Newsroom.Import(t.Context(), newstest.Owner, []newsroom.Submission{s, submission("Of now")})[0]
		if o.Err != nil {
			t.Fatal(o.Err)
		}
		a, err := p.Store.ArticleAt(t.Context(), "harbour", "of-old")
		if err != nil || !a.Published.Equal(s.Date) || !a.Updated.Equal(s.Date) || !a.Created.Equal(newstest.Noon) {
			t.Errorf("the article is %+v, %v", a, err)
		}
		if log := p.Log(t, a.ID); len(log) != 1 || !log[0].At.Equal(newstest.Noon) {
			t.Errorf("the log is %+v: it tells when it came to these readers", log)
		}
		ls, err := p.Store.Listings(t.Context(), store.Scope{}, 0, 9)
		if err != nil || len(ls) != 2 || ls[1].Article.ID != a.ID {
			t.Errorf("the newest is not first: %+v, %v", ls, err)
		}
	})
}

func TestFutureDateSchedules(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		s := submission("To come")
		s.Date = newstest.Noon.Add(time.Hour)
		for i := range 2 {
			s.Text = newstest.Text("To come")
			o := p.Newsroom.Import(t.Context(), newstest.Owner, []newsroom.Submission{s})[0]
			if o.Err != nil || o.Changed != (i == 0) {
				t.Errorf("import %d: %+v", i+1, o)
			}
		}
		a, err := p.Store.ArticleAt(t.Context(), "harbour", "to-come")
		if err != nil || a.Status != broadside.Scheduled || !a.PublishAt.Equal(s.Date) {
			t.Fatalf("the article is %+v, %v", a, err)
		}
		p.Clock.Move(time.Hour)
		p.Work(t)
		if got := p.Article(t, a.ID); got.Status != broadside.Published || !got.Published.Equal(s.Date) {
			t.Errorf("at its hour it is %+v", got)
		}
	})
}

// A byline of a known name is the same person; of two who would share an
// address, the second gets another.
func TestBylinesFindTheirPeople(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		for headline, name := range map[string]string{"One": "Ana Reyes", "Two": "Ana Reyes", "Three": "Ana  Reyes", "Four": "🖋"} {
			s := submission(headline)
			s.Text.Bylines[0].Name = name
			if o := p.Newsroom.Import(t.Context(), newstest.Owner, []newsroom.Submission{s})[0]; o.Err != nil {
				t.Fatal(o.Err)
			}
		}
		people, err := p.Store.People(t.Context())
		if err != nil || len(people) != 3 {
			t.Fatalf("the people are %+v, %v; want three", people, err)
		}
		slugs := map[string]bool{}
		for _, who := range people {
			slugs[who.Slug] = true
			if err := broadside.CheckSlug("person", who.Slug); err != nil {
				t.Error(err)
			}
		}
		if !slugs["ana-reyes"] || !slugs["ana-reyes-2"] || len(slugs) != 3 {
			t.Errorf("their addresses are %v", slugs)
		}
	})
}

// What a refused submission brought along goes, unless another has it too.
func TestRefusedSubmissionLeavesNoBytes(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		with := func(s newsroom.Submission, seed uint64) newsroom.Submission {
			print, err := p.Newsroom.Develop(t.Context(), bytes.NewReader(newstest.JPEG(t, 300, 200, seed)), true)
			if err != nil {
				t.Fatal(err)
			}
			f, err := p.Newsroom.Attach(t.Context(), strings.NewReader("a,b\n"), "dues.csv")
			if err != nil {
				t.Fatal(err)
			}
			newstest.WithLead(s.Text, print.Picture())
			s.Prints, s.Attachments = []*newsroom.Print{print}, []*newsroom.Attachment{f}
			return s
		}
		bad := submission("Bad")
		bad.Text = flawed()
		outcomes := p.Newsroom.Import(t.Context(), newstest.Owner, []newsroom.Submission{with(submission("Good"), 1), with(bad, 2)})
		if outcomes[0].Err != nil || outcomes[1].Err == nil {
			t.Fatalf("the outcomes are %+v", outcomes)
		}
		bad = submission("Bad too")
		bad.Text = flawed()
		if o := p.Newsroom.Import(t.Context(), newstest.Owner, []newsroom.Submission{with(bad, 1)})[0]; o.Err == nil {
			t.Fatal("it was taken in")
		}
		before, blobs := p.Dump(t), p.BlobNames(t)
		if o := p.Newsroom.Import(t.Context(), newstest.Owner, []newsroom.Submission{with(submission("Good"), 1)})[0]; o.Err != nil || o.Changed {
			t.Fatalf("the second import of one article: %+v", o)
		}
		newstest.WantSame(t, "the paper, but for the lock on its blobs,", withoutLock(before), withoutLock(p.Dump(t)))
		if after := p.BlobNames(t); !slices.Equal(after, blobs) {
			t.Errorf("the blobs were %v and are %v", blobs, after)
		}
		if faults := p.Check(t); len(faults) > 0 {
			t.Errorf("Check: %q", faults)
		}
	})
}

// withoutLock returns a dump without the number of times that the blobs have
// been locked, which means nothing.
func withoutLock(dump string) string {
	var kept []string
	for line := range strings.Lines(dump) {
		if !strings.HasPrefix(line, `["blob",`) {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "")
}

// Between a picture's being read and its article's being stored, somebody else
// may discard the same bytes: then one is told to do it again, and nothing is
// stored that has no bytes.
func TestBytesThatVanishAreNoticed(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		print := develop(t, p, newstest.JPEG(t, 300, 200, 1))
		if err := p.Newsroom.Discard(t.Context(), []*newsroom.Print{print}, nil); err != nil {
			t.Fatal(err)
		}
		s := submission("Late")
		s.Text, s.Prints = newstest.WithLead(s.Text, print.Picture()), []*newsroom.Print{print}
		newstest.WantKind(t, "Import", p.Newsroom.Import(t.Context(), newstest.Owner, []newsroom.Submission{s})[0].Err, broadside.Unavailable)
		if faults := p.Check(t); len(faults) > 0 {
			t.Errorf("Check: %q", faults)
		}
	})
}

// A text that differs from the one at its address is refused, unless readers
// are told how it amends that.
func TestAmendingByImport(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		hand := func(paragraph string, how *newsroom.Amendment) newsroom.Outcome {
			s := submission("Ice")
			s.Text, s.Amend = newstest.Text("Ice", paragraph), how
			return p.Newsroom.Import(t.Context(), newstest.Owner, []newsroom.Submission{s})[0]
		}
		correction := &newsroom.Amendment{Kind: broadside.Correction, Note: "It was Friday."}
		for i, tt := range []struct {
			paragraph string
			how       *newsroom.Amendment
			refused   broadside.Kind
			changed   bool
			log       int
		}{
			{"On Monday.", nil, "", true, 1},
			{"On Friday.", nil, broadside.Conflict, false, 1},
			{"On Friday.", &newsroom.Amendment{Kind: broadside.Correction}, broadside.Invalid, false, 1},
			{"On Friday.", &newsroom.Amendment{Kind: broadside.Move, Note: "a"}, broadside.Invalid, false, 1},
			{"On Friday.", correction, "", true, 2},
			{"On Friday.", correction, "", false, 2},
			{"On Friday.", nil, "", false, 2},
			{"On Monday.", nil, "", false, 2}, // an old file again: readers keep the correction
		} {
			o := hand(tt.paragraph, tt.how)
			if tt.refused != "" {
				newstest.WantKind(t, tt.paragraph, o.Err, tt.refused)
			} else if o.Err != nil || o.Changed != tt.changed || o.Path != "/harbour/ice" {
				t.Errorf("import %d: %+v, want changed = %v", i, o, tt.changed)
			}
			if n := len(p.Log(t, "")); n != tt.log {
				t.Errorf("after import %d the log has %d rows, want %d", i, n, tt.log)
			}
		}
		a, err := p.Store.ArticleAt(t.Context(), "harbour", "ice")
		if err != nil {
			t.Fatal(err)
		}
		if r := revisionOf(t, p, a.Live); !bytes.Contains(r.Canonical, []byte("On Friday.")) {
			t.Errorf("readers see %s", r.Canonical)
		}
		if faults := p.Check(t); len(faults) > 0 {
			t.Errorf("Check: %q", faults)
		}
	})
}

// Whoever hands a text in to be published does not publish another that
// somebody has saved since, and that nobody has judged.
func TestImportDoesNotPublishWhatTheDeskHasChanged(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		hand := func(publish bool) newsroom.Outcome {
			s := submission("Ice")
			s.Publish = publish
			return p.Newsroom.Import(t.Context(), newstest.Owner, []newsroom.Submission{s})[0]
		}
		if o := hand(false); o.Err != nil {
			t.Fatal(o.Err)
		}
		a, err := p.Store.ArticleAt(t.Context(), "harbour", "ice")
		if err != nil {
			t.Fatal(err)
		}
		r, err := p.Newsroom.Save(t.Context(), newstest.Editor, a.ID, a.Head, flawed())
		if err != nil {
			t.Fatal(err)
		}
		newstest.WantKind(t, "Import", hand(true).Err, broadside.Conflict)
		if got := p.Article(t, a.ID); got.Status != broadside.Draft || got.Live != "" {
			t.Errorf("the article is %+v", got)
		}
		// Back to the text that was imported: that one may be published.
		same, err := document.Decode(revisionOf(t, p, a.Head).Canonical)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Newsroom.Save(t.Context(), newstest.Editor, a.ID, r.ID, same); err != nil {
			t.Fatal(err)
		}
		if o := hand(true); o.Err != nil || p.Article(t, a.ID).Status != broadside.Published {
			t.Errorf("Import = %+v", o)
		}
	})
}
