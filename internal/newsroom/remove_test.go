package newsroom_test

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"example.org/broadside"
	"example.org/broadside/internal/document"
	"example.org/broadside/internal/newsroom"
	"example.org/broadside/internal/newstest"
	"example.org/broadside/internal/store"
)

// develop hands in a photograph, of which the camera's own file is kept.
func develop(t *testing.T, p *newstest.Paper, photo []byte) *newsroom.Print {
	t.Helper()
	print, err := p.Newsroom.Develop(t.Context(), bytes.NewReader(photo), true)
	if err != nil {
		t.Fatal(err)
	}
	return print
}

// take hands in a submission and returns the article that it became.
func take(t *testing.T, p *newstest.Paper, s newsroom.Submission) *broadside.Article {
	t.Helper()
	s.Section = broadside.Section{Slug: "world", Name: "World"}
	s.Publish = true
	o := p.Newsroom.Import(t.Context(), newstest.Owner, []newsroom.Submission{s})[0]
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

func blobBytes(t *testing.T, p *newstest.Paper, name string) string {
	t.Helper()
	f, err := p.Blobs.Open(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// middle returns bytes from the middle of a blob that can be in no other.
func middle(b string) string { return b[len(b)/2 : len(b)/2+48] }

// everything returns each file of the paper's directory, names included, and
// every row.
func everything(t *testing.T, p *newstest.Paper) map[string]string {
	t.Helper()
	all := map[string]string{"the rows": p.Dump(t)}
	err := filepath.WalkDir(p.Dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(name)
		all[name] = name + "\n" + string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func holders(all map[string]string, secret string) (names []string) {
	for name, content := range all {
		// Bytes of pictures are compared as they are, words in any case.
		if strings.Contains(content, secret) || strings.Contains(strings.ToLower(content), strings.ToLower(secret)) {
			names = append(names, name)
		}
	}
	return names
}

// A secret article is one that endangers somebody, and what must not be found
// of it anywhere.
type secretArticle struct {
	*broadside.Article
	secrets map[string]string
}

// endanger publishes, corrects, moves and lists an article with everything that
// an article can have. Its second picture, its second tag and its second
// author are another article's too.
func endanger(t *testing.T, p *newstest.Paper, shared *newsroom.Print) secretArticle {
	t.Helper()
	ctx, n := t.Context(), p.Newsroom
	own := develop(t, p, newstest.JPEG(t, 700, 500, 7))
	horn, err := n.Attach(ctx, strings.NewReader(strings.Repeat("the fogsignal of Vasterwick, recorded ", 40)), "fogsignal.mp3")
	if err != nil {
		t.Fatal(err)
	}
	text := newstest.WithLead(newstest.Text("Zephyrine tells", "She lives in Quibbledock.", strings.Repeat("A long paragraph that needs pages of its own, said Thornapple. ", 400)), own.Picture())
	text.Standfirst = "Harrowgate knew"
	text.Pictures[0].Caption, text.Pictures[0].Credit = "At Marrowbone", "Pelham Snapper"
	text.Pictures = append(text.Pictures, document.Use{Picture: shared.Picture().Master, Alt: "Ice at Hollowmere", Credit: "Ivo Tarn", FocalX: 500, FocalY: 500})
	text.Bylines = []document.Byline{{Name: "Xanthippe Vole"}, {Name: "Nora Quillan"}}
	text.Body.Content = append(text.Body.Content,
		&document.Node{Type: document.Figure, Attrs: map[string]any{"picture": shared.Picture().Master}, Content: []*document.Node{{Type: document.FigureCaption}}},
		&document.Node{Type: document.Audio, Attrs: map[string]any{"file": horn.Blob(), "title": "Horn"}})
	a := take(t, p, newsroom.Submission{Text: text, Prints: []*newsroom.Print{own, shared}, Attachments: []*newsroom.Attachment{horn},
		Tags: []broadside.Tag{{Slug: "gloamingtide", Name: "Gloamingtide"}, {Slug: "ice", Name: "Ice"}}})
	p.Work(t) // renditions
	second, err := document.Decode(revisionOf(t, p, a.Head).Canonical)
	if err != nil {
		t.Fatal(err)
	}
	second.Headline = "Wisteria tells"
	r, err := n.Save(ctx, broadside.Actor{Name: "Barnaby Ferret", Role: broadside.Editor}, a.ID, a.Head, second)
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{
		n.Correct(ctx, newstest.Editor, a.ID, r.ID, newsroom.Amendment{Kind: broadside.Correction, Note: "Her name is Ottoline."}),
		n.Move(ctx, newstest.Editor, a.ID, "culture", "wisteria-in-bloomfield"),
		p.Store.Update(ctx, func(tx *store.Tx) error {
			return tx.PutEdition(ctx, &broadside.Edition{ID: store.NewID(), Number: 1, Date: "2026-03-14", Lang: "en", Items: []broadside.EditionItem{{Article: a.ID, Weight: broadside.Lead}}})
		}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	a = p.Article(t, a.ID)
	return secretArticle{a, secretsOf(t, p, a, own.Picture(), horn.Blob())}
}

func revisionOf(t *testing.T, p *newstest.Paper, id string) *broadside.Revision {
	t.Helper()
	r, err := p.Store.Revision(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func secretsOf(t *testing.T, p *newstest.Paper, a *broadside.Article, own broadside.Picture, horn string) map[string]string {
	t.Helper()
	secrets := map[string]string{
		"the row of its picture": own.ID, "the kept original": middle(blobBytes(t, p, own.Original)), "the name of the original": own.Original,
	}
	for _, word := range strings.Fields("zephyrine quibbledock thornapple harrowgate marrowbone snapper xanthippe vole vasterwick fogsignal " +
		"gloamingtide wisteria ferret ottoline hollowmere bloomfield") {
		secrets["the word "+word] = word
	}
	rs, err := p.Store.Renditions(t.Context(), own.ID)
	if err != nil || len(rs) == 0 {
		t.Fatalf("renditions: %v, %v", rs, err)
	}
	names := []string{own.Master, horn}
	for _, r := range rs {
		names = append(names, r.Blob)
	}
	for _, name := range names {
		secrets["the name of the blob "+name] = name
		secrets["the bytes of the blob "+name] = middle(blobBytes(t, p, name))
	}
	revisions, err := p.Store.Revisions(t.Context(), a.ID)
	if err != nil || len(revisions) != 2 {
		t.Fatalf("%d revisions, %v; want 2", len(revisions), err)
	}
	for _, r := range revisions {
		salt, err := p.Store.Salt(t.Context(), r.ID)
		if err != nil {
			t.Fatal(err)
		}
		secrets["the salt of "+r.ID], secrets["the digest of "+r.ID] = salt, r.Digest
	}
	return secrets
}

// A removal is for somebody's safety: whoever seizes the server and reads
// every byte of it finds nothing.
func TestNothingIsFoundOfARemovedArticle(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		shared := develop(t, p, newstest.JPEG(t, 400, 300, 8))
		other := take(t, p, newsroom.Submission{Text: newstest.WithLead(newstest.Text("The dock strike"), shared.Picture()),
			Prints: []*newsroom.Print{shared}, Tags: []broadside.Tag{{Slug: "ice", Name: "Ice"}}})
		a := endanger(t, p, develop(t, p, newstest.JPEG(t, 400, 300, 8)))
		before := everything(t, p)
		for what, secret := range a.secrets {
			if len(holders(before, secret)) == 0 {
				t.Errorf("%s, %q, is nowhere to begin with: this test would prove nothing", what, secret)
			}
		}
		if err := p.Newsroom.Remove(t.Context(), newstest.Owner, a.ID); err != nil {
			t.Fatal(err)
		}
		after := everything(t, p)
		for what, secret := range a.secrets {
			if found := holders(after, secret); len(found) > 0 {
				t.Errorf("%s, %.60q, is still in %v", what, secret, found)
			}
		}
		wantRemoved(t, p, a.Article)
		wantUntouched(t, p, other, shared.Picture().Master)
		if faults := p.Check(t); len(faults) > 0 {
			t.Errorf("Check: %q", faults)
		}
	})
}

func wantRemoved(t *testing.T, p *newstest.Paper, was *broadside.Article) {
	t.Helper()
	got := p.Article(t, was.ID)
	if got.Status != broadside.Removed || got.Live != "" || got.Slug != got.ID || len(got.Tags) != 0 {
		t.Errorf("what remains of the article is %+v", got)
	}
	log := p.Log(t, was.ID)
	last := log[len(log)-1]
	if len(log) != 4 || last.Kind != broadside.Removal || last.Revision != "" || !last.At.Equal(p.Clock.Now()) {
		t.Errorf("the log ends with %+v, want a removal", log)
	}
	for _, row := range log {
		if row.Note != "" {
			t.Errorf("the log still has the note %q", row.Note)
		}
	}
	// What was said in public stays said, and can be matched with nothing.
	if r := revisionOf(t, p, was.Head); r.Canonical != nil || r.Commitment == "" {
		t.Errorf("the revision is %+v, want an empty one with its commitment", r)
	}
	for _, path := range []string{was.Path(), "/world/zephyrine-tells"} {
		if _, err := p.Store.Redirect(t.Context(), path); broadside.KindOf(err) != broadside.NotFound {
			t.Errorf("%s still leads somewhere (%v)", path, err)
		}
	}
}

func wantUntouched(t *testing.T, p *newstest.Paper, other *broadside.Article, picture string) {
	t.Helper()
	got := p.Article(t, other.ID)
	if got.Live != other.Live || !slices.Equal(got.Tags, []string{"ice"}) {
		t.Errorf("the other article is %+v", got)
	}
	if _, err := p.Store.PictureByMaster(t.Context(), picture); err != nil {
		t.Errorf("the picture that the other article has too: %v", err)
	}
	if _, err := p.Store.PersonNamed(t.Context(), "Nora Quillan"); err != nil {
		t.Errorf("the author of the other article: %v", err)
	}
	if err := p.Blobs.Check(t.Context(), picture); err != nil {
		t.Error(err)
	}
}

// A draft that nobody has seen leaves no row in the log: there is nothing to
// tell.
func TestRemovedDraftWasNeverThere(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		d := bring(t, p, broadside.Review)
		if err := d.remove(newstest.Owner); err != nil {
			t.Fatal(err)
		}
		if log := p.Log(t, ""); len(log) != 0 {
			t.Errorf("the log is %+v", log)
		}
		newstest.WantKind(t, "Publish what is removed", d.publish(newstest.Owner), broadside.Gone)
		newstest.WantKind(t, "Remove what is removed", d.remove(newstest.Owner), broadside.Denied)
		if _, err := p.Newsroom.Create(t.Context(), newstest.Editor, newsroom.Draft{Section: d.a.Section, Slug: d.a.Slug, Text: newstest.Text("Another")}); err != nil {
			t.Errorf("its address cannot be used again: %v", err)
		}
	})
}

// Whoever was making renditions while the picture was removed leaves none.
func TestRenditionsDoNotOutliveTheirPicture(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		print := develop(t, p, newstest.JPEG(t, 500, 400, 3))
		a := take(t, p, newsroom.Submission{Text: newstest.WithLead(newstest.Text("Ice"), print.Picture()), Prints: []*newsroom.Print{print}})
		slow := &meddler{Store: p.Blobs, before: func() {
			if err := p.Newsroom.Remove(context.Background(), newstest.Owner, a.ID); err != nil {
				t.Error(err)
			}
		}}
		_, err := p.Over(slow).Rendition(t.Context(), print.Picture().ID, 320, "jpeg")
		newstest.WantKind(t, "Rendition", err, broadside.NotFound)
		if names := p.BlobNames(t); len(names) != 0 {
			t.Errorf("blobs remain: %v", names)
		}
		if js, err := p.Store.Jobs(t.Context()); err != nil || len(js) != 0 {
			t.Errorf("jobs remain: %+v, %v", js, err)
		}
	})
}
