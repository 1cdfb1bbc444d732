package newsroom_test

import (
	"slices"
	"testing"

	"example.org/broadside"
	"example.org/broadside/internal/newsroom"
	"example.org/broadside/internal/newstest"
)

// person returns the one of that name.
func person(t *testing.T, p *newstest.Paper, name string) *broadside.Person {
	t.Helper()
	who, err := p.Store.PersonNamed(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return who
}

// put says who somebody is, as an editor.
func put(t *testing.T, p *newstest.Paper, profile newsroom.Profile) {
	t.Helper()
	if err := p.Newsroom.PutPerson(t.Context(), newstest.Editor, profile); err != nil {
		t.Fatal(err)
	}
}

func TestPutPerson(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		a := take(t, p, submission("Ice")) // by Nora Quillan
		put(t, p, newsroom.Profile{Name: "Ana Reyes", Biography: "Ana writes."})
		if ana := person(t, p, "Ana Reyes"); ana.Slug != "ana-reyes" || ana.Biography != "Ana writes." || ana.Portrait != "" {
			t.Errorf("somebody new is %+v", ana)
		}
		face := develop(t, p, newstest.JPEG(t, 300, 300, 1))
		put(t, p, newsroom.Profile{Name: "Nora Quillan", Biography: "Nora reports.", Portrait: face})
		nora := person(t, p, "Nora Quillan")
		if nora.Slug != "nora-quillan" || nora.Biography != "Nora reports." || nora.Portrait != face.Picture().Master {
			t.Errorf("somebody known is %+v", nora)
		}
		if people, err := p.Store.RevisionPeople(t.Context(), a.Live); err != nil || len(people) != 1 || people[0] != *nora {
			t.Errorf("the byline names %+v, %v; want the same person", people, err)
		}
		// Without a new one the portrait stays. The biography is all that is said.
		put(t, p, newsroom.Profile{Name: "Nora Quillan"})
		if nora := person(t, p, "Nora Quillan"); nora.Biography != "" || nora.Portrait != face.Picture().Master {
			t.Errorf("without a portrait and a biography: %+v", nora)
		}
		if people, err := p.Store.People(t.Context()); err != nil || len(people) != 2 {
			t.Errorf("the people are %+v, %v; want two", people, err)
		}
		p.Work(t)
		if rs, err := p.Store.Renditions(t.Context(), face.Picture().ID); err != nil || len(rs) == 0 {
			t.Errorf("the portrait has the renditions %v, %v", rs, err)
		}
		if faults := p.Check(t); len(faults) > 0 {
			t.Errorf("Check: %q", faults)
		}
		asEachRole(t, p, "changing a person", func(who broadside.Actor) error {
			return p.Newsroom.PutPerson(t.Context(), who, newsroom.Profile{Name: "Ana Reyes", Biography: "Ana draws."})
		})
	})
}

// Whatever is wrong with a profile, nothing of it is kept: no row and no byte.
func TestRefusedProfilesLeaveNothing(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		put(t, p, newsroom.Profile{Name: "Ana Reyes"})
		put(t, p, newsroom.Profile{Name: "Bo Lund"})
		before, blobs := withoutLock(p.Dump(t)), p.BlobNames(t)
		for seed, tt := range []struct {
			name    string
			who     broadside.Actor
			profile newsroom.Profile
			kind    broadside.Kind
		}{
			{"no name", newstest.Editor, newsroom.Profile{}, broadside.Invalid},
			{"a name of spaces", newstest.Editor, newsroom.Profile{Name: " \t"}, broadside.Invalid},
			{"a slug that no address can hold", newstest.Editor, newsroom.Profile{Name: "Ana Reyes", Slug: "Ana Reyes"}, broadside.Invalid},
			{"the slug of another", newstest.Editor, newsroom.Profile{Name: "Ana Reyes", Slug: "bo-lund"}, broadside.Conflict},
			{"the slug of another, for somebody new", newstest.Editor, newsroom.Profile{Name: "Cy Tor", Slug: "bo-lund"}, broadside.Conflict},
			{"an author", broadside.Actor{Role: broadside.Author}, newsroom.Profile{Name: "Ana Reyes"}, broadside.Denied},
		} {
			tt.profile.Portrait = develop(t, p, newstest.JPEG(t, 300, 300, uint64(seed)))
			newstest.WantKind(t, tt.name, p.Newsroom.PutPerson(t.Context(), tt.who, tt.profile), tt.kind)
			newstest.WantSame(t, "after "+tt.name+" the paper", before, withoutLock(p.Dump(t)))
			if left := p.BlobNames(t); !slices.Equal(left, blobs) {
				t.Errorf("after %s there are the blobs %v, want %v", tt.name, left, blobs)
			}
		}
	})
}

// The old address of somebody leads to the new one, through any number of
// changes and back.
func TestPersonMoves(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		for _, tt := range []struct {
			slug string
			want map[string]string // where each address leads
		}{
			{"", map[string]string{"/by/ana-reyes/": "", "/by/ana/": "", "/by/a-r/": ""}},
			{"ana-reyes", map[string]string{"/by/ana-reyes/": "", "/by/ana/": "", "/by/a-r/": ""}},
			{"ana", map[string]string{"/by/ana-reyes/": "/by/ana/", "/by/ana/": "", "/by/a-r/": ""}},
			{"", map[string]string{"/by/ana-reyes/": "/by/ana/", "/by/ana/": "", "/by/a-r/": ""}},
			{"a-r", map[string]string{"/by/ana-reyes/": "/by/a-r/", "/by/ana/": "/by/a-r/", "/by/a-r/": ""}},
			{"ana-reyes", map[string]string{"/by/ana-reyes/": "", "/by/ana/": "/by/ana-reyes/", "/by/a-r/": "/by/ana-reyes/"}},
		} {
			put(t, p, newsroom.Profile{Name: "Ana Reyes", Slug: tt.slug})
			for path, want := range tt.want {
				// A browser follows each in turn.
				got := path
				for range 5 {
					to, err := p.Store.Redirect(t.Context(), got)
					if broadside.KindOf(err) == broadside.NotFound {
						break
					}
					if err != nil {
						t.Fatal(err)
					}
					got = to.Target
				}
				if got == path {
					got = ""
				}
				if got != want {
					t.Errorf("as %q: %s leads to %q, want %q", tt.slug, path, got, want)
				}
			}
		}
	})
}

// The same picture handed in again is the one that the paper has: neither its
// bytes nor a second copy of the camera's own file stay.
func TestSecondCopyOfAPortraitLeavesNoBytes(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		photo := newstest.JPEG(t, 300, 300, 1)
		put(t, p, newsroom.Profile{Name: "Ana Reyes", Portrait: develop(t, p, photo)})
		blobs := p.BlobNames(t)
		put(t, p, newsroom.Profile{Name: "Ana Reyes", Portrait: develop(t, p, photo)})
		put(t, p, newsroom.Profile{Name: "Bo Lund", Portrait: develop(t, p, photo)})
		if got := p.BlobNames(t); !slices.Equal(got, blobs) {
			t.Errorf("the blobs are %v, want %v", got, blobs)
		}
		if ana, bo := person(t, p, "Ana Reyes"), person(t, p, "Bo Lund"); ana.Portrait == "" || ana.Portrait != bo.Portrait {
			t.Errorf("the portraits are %q and %q", ana.Portrait, bo.Portrait)
		}
		if faults := p.Check(t); len(faults) > 0 {
			t.Errorf("Check: %q", faults)
		}
	})
}

func TestSetNameplate(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		ctx := t.Context()
		nameplate := func() string {
			t.Helper()
			paper, err := p.Store.Paper(ctx)
			if err != nil || paper.Name != "The Skerrow Record" {
				t.Fatalf("the paper is %+v, %v", paper, err)
			}
			return paper.Nameplate
		}
		photo := newstest.JPEG(t, 600, 200, 1)
		plate := develop(t, p, photo)
		if err := p.Newsroom.SetNameplate(ctx, newstest.Editor, plate); err != nil || nameplate() != plate.Picture().Master {
			t.Fatalf("the nameplate is %q, %v", nameplate(), err)
		}
		blobs := p.BlobNames(t)
		if err := p.Newsroom.SetNameplate(ctx, newstest.Editor, develop(t, p, photo)); err != nil || nameplate() != plate.Picture().Master {
			t.Errorf("the same again: %q, %v", nameplate(), err)
		}
		newstest.WantKind(t, "an author", p.Newsroom.SetNameplate(ctx, broadside.Actor{Role: broadside.Author}, develop(t, p, newstest.JPEG(t, 600, 200, 2))), broadside.Denied)
		if got := p.BlobNames(t); !slices.Equal(got, blobs) {
			t.Errorf("a second copy, or one that was refused, leaves the blobs %v, want %v", got, blobs)
		}
		if faults := p.Check(t); len(faults) > 0 {
			t.Errorf("Check: %q", faults)
		}
		asEachRole(t, p, "taking the nameplate away", func(who broadside.Actor) error { return p.Newsroom.SetNameplate(ctx, who, nil) })
		if nameplate() != "" {
			t.Errorf("the nameplate is %q", nameplate())
		}
	})
}

// A portrait or a nameplate that another has taken the place of is nowhere any
// more, unless somebody or some article shows it.
func TestReplacedPicturesGo(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		ctx := t.Context()
		photos, masters := make([][]byte, 4), make([]string, 4)
		for i := range photos {
			photos[i] = newstest.JPEG(t, 300, 300, uint64(i))
			print := develop(t, p, photos[i])
			masters[i] = print.Picture().Master
			if err := p.Newsroom.Discard(ctx, []*newsroom.Print{print}, nil); err != nil {
				t.Fatal(err)
			}
		}
		print := develop(t, p, photos[0])
		s := submission("Ice")
		s.Text, s.Prints = newstest.WithLead(s.Text, print.Picture()), []*newsroom.Print{print}
		take(t, p, s)
		plate := func(photo []byte) {
			t.Helper()
			if err := p.Newsroom.SetNameplate(ctx, newstest.Editor, develop(t, p, photo)); err != nil {
				t.Fatal(err)
			}
		}
		face := func(name string, photo []byte) {
			t.Helper()
			put(t, p, newsroom.Profile{Name: name, Portrait: develop(t, p, photo)})
		}
		kept := func(want ...int) {
			t.Helper()
			p.Work(t)
			pictures, err := p.Store.Pictures(ctx)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, picture := range pictures {
				got = append(got, picture.Master)
			}
			var wanted []string
			for _, i := range want {
				wanted = append(wanted, masters[i])
			}
			slices.Sort(got)
			slices.Sort(wanted)
			if !slices.Equal(got, wanted) {
				t.Errorf("the pictures are %v, want those of %v", got, want)
			}
			if faults := p.Check(t); len(faults) > 0 {
				t.Errorf("Check: %q", faults)
			}
		}
		face("Ana Reyes", photos[1])
		face("Bo Lund", photos[1])
		plate(photos[2])
		kept(0, 1, 2)
		plate(photos[2]) // the same again
		put(t, p, newsroom.Profile{Name: "Ana Reyes", Biography: "Ana writes."})
		kept(0, 1, 2)
		face("Ana Reyes", photos[0])
		kept(0, 1, 2) // Bo has the old one still
		face("Bo Lund", photos[2])
		kept(0, 2)
		plate(photos[3])
		kept(0, 2, 3) // and Bo has that of the nameplate
		face("Bo Lund", photos[3])
		kept(0, 3)
		if err := p.Newsroom.SetNameplate(ctx, newstest.Editor, nil); err != nil {
			t.Fatal(err)
		}
		face("Ana Reyes", photos[3])
		kept(0, 3) // the article has the first
	})
}

// An article that goes takes no picture with it that the paper shows of itself
// or of somebody.
func TestRemovalKeepsNameplateAndPortraits(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		ctx := t.Context()
		photos := [][]byte{newstest.JPEG(t, 600, 200, 1), newstest.JPEG(t, 300, 300, 2), newstest.JPEG(t, 300, 200, 3)}
		var prints []*newsroom.Print
		s := submission("Ice")
		for _, photo := range photos {
			print := develop(t, p, photo)
			prints = append(prints, print)
			newstest.WithLead(s.Text, print.Picture())
		}
		s.Prints = prints
		a := take(t, p, s)
		if err := p.Newsroom.SetNameplate(ctx, newstest.Editor, develop(t, p, photos[0])); err != nil {
			t.Fatal(err)
		}
		put(t, p, newsroom.Profile{Name: "Ana Reyes", Portrait: develop(t, p, photos[1])})
		if err := p.Newsroom.Remove(ctx, newstest.Owner, a.ID); err != nil {
			t.Fatal(err)
		}
		for i, kept := range []bool{true, true, false} {
			_, err := p.Store.PictureByMaster(ctx, prints[i].Picture().Master)
			if (err == nil) != kept || err != nil && broadside.KindOf(err) != broadside.NotFound {
				t.Errorf("picture %d: %v, want it kept: %v", i, err, kept)
			}
		}
		if faults := p.Check(t); len(faults) > 0 {
			t.Errorf("Check: %q", faults)
		}
	})
}

// A person whom only the removed article named goes with it, and so does all
// that was told of them: their face, and the addresses with their name.
func TestRemovalTakesAllOfAPerson(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		ctx := t.Context()
		s := submission("Ice")
		s.Text.Bylines[0].Name = "Xanthippe Vole"
		a := take(t, p, s)
		face := develop(t, p, newstest.JPEG(t, 300, 300, 1))
		put(t, p, newsroom.Profile{Name: "Xanthippe Vole", Biography: "Lives in Quibbledock.", Portrait: face})
		for _, slug := range []string{"xv", "vole"} {
			put(t, p, newsroom.Profile{Name: "Xanthippe Vole", Biography: "Lives in Quibbledock.", Slug: slug})
		}
		p.Work(t)
		secrets := []string{"xanthippe", "quibbledock", "/by/xv/", "/by/vole/", face.Picture().Master, face.Picture().Original, face.Picture().ID}
		for _, name := range p.BlobNames(t) {
			secrets = append(secrets, name, middle(blobBytes(t, p, name)))
		}
		for _, secret := range secrets {
			if len(holders(everything(t, p), secret)) == 0 {
				t.Fatalf("%.60q is nowhere to begin with: this test would prove nothing", secret)
			}
		}
		if err := p.Newsroom.Remove(ctx, newstest.Owner, a.ID); err != nil {
			t.Fatal(err)
		}
		after := everything(t, p)
		for _, secret := range secrets {
			if found := holders(after, secret); len(found) > 0 {
				t.Errorf("%.60q is still in %v", secret, found)
			}
		}
		if faults := p.Check(t); len(faults) > 0 {
			t.Errorf("Check: %q", faults)
		}
	})
}

// Of two people with one portrait the one who stays keeps it.
func TestPortraitOfTwoOutlivesOne(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		s := submission("Ice")
		s.Text.Bylines[0].Name = "Xanthippe Vole"
		a := take(t, p, s)
		photo := newstest.JPEG(t, 300, 300, 1)
		put(t, p, newsroom.Profile{Name: "Xanthippe Vole", Portrait: develop(t, p, photo)})
		put(t, p, newsroom.Profile{Name: "Ana Reyes", Portrait: develop(t, p, photo)})
		if err := p.Newsroom.Remove(t.Context(), newstest.Owner, a.ID); err != nil {
			t.Fatal(err)
		}
		ana := person(t, p, "Ana Reyes")
		if _, err := p.Store.PictureByMaster(t.Context(), ana.Portrait); err != nil {
			t.Error(err)
		}
		if err := p.Blobs.Check(t.Context(), ana.Portrait); err != nil {
			t.Error(err)
		}
	})
}
