package newsroom_test

import (
	"strings"
	"testing"

	"example.org/broadside"
	"example.org/broadside/internal/newsroom"
	"example.org/broadside/internal/newstest"
	"example.org/broadside/internal/store"
)

// page hands in a page of the paper itself.
func page(slug string) newsroom.Submission {
	s := newsroom.Submission{Section: broadside.Section{Slug: broadside.PageSection, Name: "Page"}, Slug: slug, Publish: true, Text: newstest.Text("About us")}
	s.Text.Kind, s.Text.Bylines = "page", nil
	return s
}

// Pages of the paper and sections share the first element of addresses: of two
// that want the same one, the second is refused.
func TestPagesOfThePaper(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		ctx := t.Context()
		o := importOne(t, p, page("about"))
		if o.Err != nil || o.Path != "/about" || !o.Changed {
			t.Fatalf("the page: %+v", o)
		}
		story := p.Publish(t, "A story")
		a, err := p.Store.ArticleAt(ctx, broadside.PageSection, "about")
		if err != nil || !a.IsPage() || a.Path() != "/about" || a.Status != broadside.Published {
			t.Fatalf("the page is %+v, %v", a, err)
		}
		for _, scope := range []store.Scope{{}, {Lang: "en-GB"}, {Section: "world"}} {
			if ls, err := p.Store.Listings(ctx, scope, 0, 9); err != nil || len(ls) != 1 || ls[0].Article.ID != story.ID {
				t.Errorf("Listings(%+v) = %+v, %v; want the story alone", scope, ls, err)
			}
		}
		sections, err := p.Store.Sections(ctx)
		if err != nil || len(sections) != 2 {
			t.Errorf("the sections are %+v, %v; want the two that readers know", sections, err)
		}

		in := func(s newsroom.Submission, section string) newsroom.Submission {
			s.Section = broadside.Section{Slug: section, Name: "S"}
			return s
		}
		for _, tt := range []struct {
			name, says string
			kind       broadside.Kind
			sub        newsroom.Submission
		}{
			{"a page at a section's address", "/world/", broadside.Conflict, page("world")},
			{"a section at a page's address", "/about", broadside.Invalid, in(submission("Strike"), "about")},
			{"a page at an address of the site", "/lang", broadside.Invalid, page("lang")},
			{"a page in a section", "in no section", broadside.Invalid, in(page("how-we-work"), "world")},
			{"a story among the pages", "in no section", broadside.Invalid, in(submission("Strike"), broadside.PageSection)},
		} {
			before := p.Dump(t)
			o := importOne(t, p, tt.sub)
			newstest.WantKind(t, tt.name, o.Err, tt.kind)
			if o.Err != nil && !strings.Contains(o.Err.Error(), tt.says) {
				t.Errorf("%s: %v, want it to say %q", tt.name, o.Err, tt.says)
			}
			newstest.WantSame(t, "after "+tt.name+" the paper", before, p.Dump(t))
		}
		if o := importOne(t, p, page("impressum")); o.Err != nil {
			t.Fatal(o.Err)
		}
		o = importOne(t, p, in(submission("Strike"), "impressum"))
		newstest.WantKind(t, "a section at the address of a page that any paper may have", o.Err, broadside.Conflict)

		// Neither becomes the other.
		newstest.WantKind(t, "a story that becomes a page", p.Newsroom.Move(ctx, newstest.Editor, story.ID, broadside.PageSection, "story"), broadside.Invalid)
		newstest.WantKind(t, "a page that becomes a story", p.Newsroom.Move(ctx, newstest.Editor, a.ID, "world", ""), broadside.Invalid)
		newstest.WantKind(t, "a page that moves to a section's address", p.Newsroom.Move(ctx, newstest.Editor, a.ID, "", "culture"), broadside.Conflict)
		newstest.WantKind(t, "a page that moves to an address of the site", p.Newsroom.Move(ctx, newstest.Editor, a.ID, "", "archive"), broadside.Invalid)
		if err := p.Newsroom.Move(ctx, newstest.Editor, a.ID, "", "who-we-are"); err != nil {
			t.Fatal(err)
		}
		if to, err := p.Store.Redirect(ctx, "/about"); err != nil || to.Article != a.ID {
			t.Errorf("the old address of the page leads to %+v, %v", to, err)
		}
	})
}
