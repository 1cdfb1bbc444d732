package broadside_test

import (
	"slices"
	"strings"
	"testing"

	"example.org/broadside"
)

var (
	allStatuses = []broadside.Status{
		broadside.Idea, broadside.Draft, broadside.Review, broadside.Ready,
		broadside.Scheduled, broadside.Published, broadside.Withdrawn, broadside.Removed,
	}
	allRoles = map[byte]broadside.Role{
		'o': broadside.Owner, 'e': broadside.Editor, 'a': broadside.Author,
		'c': broadside.Contributor, 'f': broadside.Fundraiser,
	}
)

// A line says where a story stands, a column where it goes, and the letters who
// may move it there: owner, editor, author, contributor, fundraiser.
const whoMayMove = `
            idea  draft  review  ready  scheduled  published  withdrawn  removed
idea        -     oeac   -       -      oe         oe         -          o
draft       -     -      oeac    -      oe         oe         -          o
review      -     oeac   -       oe     oe         oe         -          o
ready       -     -      oeac    -      oea        oea        -          o
scheduled   -     -      -       oea    oe         oea        -          o
published   -     -      -       -      -          -          oe         o
withdrawn   -     -      -       -      -          -          -          o
removed     -     -      -       -      -          -          -          -
`

func TestCanMove(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(whoMayMove), "\n")
	columns := strings.Fields(lines[0])
	if len(columns) != len(allStatuses) || len(lines) != len(allStatuses)+1 {
		t.Fatalf("the table has %d columns and %d lines for %d statuses", len(columns), len(lines)-1, len(allStatuses))
	}
	for _, line := range lines[1:] {
		cells := strings.Fields(line)
		from := broadside.Status(cells[0])
		for i, who := range cells[1:] {
			to := broadside.Status(columns[i])
			if !slices.Contains(allStatuses, from) || !slices.Contains(allStatuses, to) {
				t.Fatalf("the table names %s and %s", from, to)
			}
			for letter, role := range allRoles {
				want := strings.IndexByte(who, letter) >= 0
				if got := role.CanMove(from, to); got != want {
					t.Errorf("%s.CanMove(%s, %s) = %v, want %v", role, from, to, got, want)
				}
			}
		}
	}
}

// A role or status that a later version wrote must not open a door in this one.
func TestNobodyElseMoves(t *testing.T) {
	for _, status := range append(allStatuses, "", "spiked") {
		for _, role := range []broadside.Role{"", "reader", "OWNER"} {
			if role.CanMove(broadside.Ready, status) || role.CanWrite(status) || role.CanCorrect() || role.CanEdit() {
				t.Errorf("role %q may work on an article in %q", role, status)
			}
		}
		if broadside.Owner.CanMove("", status) || broadside.Owner.CanMove("spiked", status) {
			t.Errorf("the owner may move an article from nowhere to %q", status)
		}
	}
}

func TestCanWriteAndCanCorrect(t *testing.T) {
	const early, late = "oeac", "oea"
	who := map[broadside.Status]string{
		broadside.Idea: early, broadside.Draft: early, broadside.Review: early,
		broadside.Ready: late, broadside.Scheduled: late, broadside.Published: late,
		broadside.Withdrawn: "", broadside.Removed: "",
	}
	for letter, role := range allRoles {
		for _, status := range allStatuses {
			want := strings.IndexByte(who[status], letter) >= 0
			if got := role.CanWrite(status); got != want {
				t.Errorf("%s.CanWrite(%s) = %v, want %v", role, status, got, want)
			}
		}
		want := strings.IndexByte(late, letter) >= 0
		if got := role.CanCorrect(); got != want {
			t.Errorf("%s.CanCorrect() = %v, want %v", role, got, want)
		}
	}
}

// The front page, the editions and the people are the editors'.
func TestCanEdit(t *testing.T) {
	for letter, role := range allRoles {
		want := letter == 'o' || letter == 'e'
		if got := role.CanEdit(); got != want {
			t.Errorf("%s.CanEdit() = %v, want %v", role, got, want)
		}
	}
}

func TestPath(t *testing.T) {
	for want, got := range map[string]string{
		"/city-hall/the-long-strike": (&broadside.Article{Section: "city-hall", Slug: "the-long-strike"}).Path(),
		"/about":                     (&broadside.Article{Section: broadside.PageSection, Slug: "about"}).Path(),
		"/by/ana-reyes/":             (&broadside.Person{Slug: "ana-reyes"}).Path(),
		"/tag/ice/":                  (&broadside.Tag{Slug: "ice", Name: "Ice"}).Path(),
		"/city-hall/":                (&broadside.Section{Slug: "city-hall"}).Path(),
		"/edition/4182/":             (&broadside.Edition{Number: 4182}).Path(),
	} {
		if got != want {
			t.Errorf("Path() = %q, want %q", got, want)
		}
	}
	for section, want := range map[string]bool{broadside.PageSection: true, "world": false, "": false} {
		if a := (broadside.Article{Section: section}); a.IsPage() != want {
			t.Errorf("IsPage() in the section %q = %v, want %v", section, !want, want)
		}
	}
}

func TestMinutes(t *testing.T) {
	for words, want := range map[int]int{0: 0, 1: 1, 229: 1, 230: 1, 231: 2, 460: 2, 461: 3, 2300: 10} {
		s := broadside.Summary{Words: words}
		if got := s.Minutes(); got != want {
			t.Errorf("Minutes of %d words = %d, want %d", words, got, want)
		}
	}
}

func TestAddresses(t *testing.T) {
	paper := broadside.Paper{URL: "https://paper.example/"}
	for path, want := range map[string]string{
		"/": "https://paper.example/", "/world/strike": "https://paper.example/world/strike",
		"https://else.example/a": "https://else.example/a", "//else.example/a": "//else.example/a", "mailto:a@b.example": "mailto:a@b.example",
	} {
		if got := paper.Absolute(path); got != want {
			t.Errorf("Absolute(%q) = %q, want %q", path, got, want)
		}
	}
	for width, want := range map[int]int{200: 200, 320: 320, 900: 900, 1200: 1080, 6000: 1080} {
		p := broadside.Picture{ID: "x", Width: width}
		if got := p.WidthWithin(1080); got != want {
			t.Errorf("a picture %d wide: WidthWithin(1080) = %d, want %d", width, got, want)
		}
	}
	if got := (&broadside.Picture{ID: "x"}).Path(320, "webp"); got != "/media/x/320.webp" {
		t.Errorf("Path = %q", got)
	}
}
