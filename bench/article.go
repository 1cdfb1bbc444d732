package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"example.org/broadside/internal/document"
)

// archive is how many articles the paper has: about eight years of a small
// daily.
const archive = 10_000

// An article is made up, of about 500 words, and unlike every other number's.
// The same number gives the same article.
type article struct {
	number   int
	headline string
	section  string
	author   string
	tags     []string
	body     string // Markdown
}

var sections = []string{"Harbour", "Town", "Work", "Culture", "Opinion"}

// The parts that sentences are put together from.
var (
	openings = []string{"On Tuesday", "By the end of the week", "For the third time this year", "After two hours of questions",
		"Behind closed doors", "In a letter to this newspaper", "Until last autumn", "When the tide allowed it", "Without a vote",
		"Against the advice of its own engineers", "Long before the inquiry", "In the small hours"}
	subjects = []string{"the harbour board", "a clerk on the third floor", "every second household on the quay", "the pilots’ union",
		"the owner of the dry dock", "a retired surveyor", "the night shift", "the town’s only auditor", "a committee of five",
		"the company that runs the ferries", "the library’s reading group", "a magistrate", "the school by the cold store",
		"the fish buyers", "an engineer who asked not to be named", "the council’s insurer"}
	verbs = []string{"had put off", "would not explain", "signed away", "counted again", "paid twice for", "lost sight of",
		"asked to see", "printed in full", "has promised to repair", "voted down", "measured", "kept quiet about", "found fault with",
		"wants to sell", "took over", "was never shown"}
	objects = []string{"the dredging contract", "a list of unsafe stairs", "the minutes of the March meeting", "the old signal tower",
		"eleven months of wages", "the price of a berth", "the map of the flood wall", "a fund meant for widows", "the new timetable",
		"the keys to the ice plant", "a bill for drinking water", "the plan for the north mole", "the report on night crossings",
		"the lease of the auction hall", "a promise made in 1998", "the lamps along the breakwater"}
	tails = []string{"although nobody on the council had asked for it", "before the tide tables were printed", "and said so in writing",
		"which is why the doors stayed shut", "as three of those present remember", "while the boats lay waiting", "at a cost that is still disputed",
		"and then did it again in June", "because the other offer came too late", "with no more than a nod", "so the matter rests",
		"and the figures bear that out"}
	names = []string{"Ada Tregarth", "Bram Osei", "Carys Lindqvist", "Dov Marlowe", "Elin Castell", "Femi Rask", "Greta Ashdown",
		"Hal Penrose", "Imre Kovac", "Jonet Blythe", "Kofi Sandler", "Leda Varga"}
	themes = []string{"Ferries", "Housing", "Wages", "Water", "Courts", "Schools", "Fishing", "Budgets", "Weather", "Elections"}
)

// newArticle returns the article of that number.
func newArticle(number int) article {
	w := writer{rand.New(rand.NewPCG(uint64(number), 1))}
	a := article{number: number, section: w.one(sections), author: w.one(names)}
	a.headline = capital(fmt.Sprintf("%s %s %s: %d", w.one(subjects), w.one(verbs), w.one(objects), number))
	if number%3 == 0 {
		at := w.IntN(len(themes) - 2)
		a.tags = themes[at : at+1+w.IntN(2)]
	}
	a.body = w.body()
	return a
}

// markdown returns the article as a file for the import, of an hour that has
// passed.
func (a article) markdown() string {
	published := time.Date(2025, 12, 31, 18, 0, 0, 0, time.UTC).Add(time.Duration(a.number) * -7 * time.Hour)
	return a.file("date: " + published.Format("2006-01-02 15:04") + "\n")
}

// news returns the article as a file for the import, of this moment.
func (a article) news() string { return a.file("") }

// file returns the article as a file with a line of front matter more.
func (a article) file(line string) string {
	if len(a.tags) > 0 {
		line += "tags: [" + strings.Join(a.tags, ", ") + "]\n"
	}
	return fmt.Sprintf("---\ntitle: %q\nauthor: %s\nsection: %s\n%s---\n\n%s", a.headline, a.author, a.section, line, a.body)
}

// document returns the article as a journalist hands it to the newsroom.
func (a article) document() (*document.Document, error) {
	body, err := document.FromMarkdown([]byte(a.body), document.Options{})
	return &document.Document{
		Kind: "news", Lang: "en-GB", Dir: "ltr", Headline: a.headline, Bylines: []document.Byline{{Name: a.author}}, Body: body,
	}, err
}

// A writer puts sentences together by chance.
type writer struct{ *rand.Rand }

func (w writer) one(of []string) string { return of[w.IntN(len(of))] }

// body is seven paragraphs under two headings, with a quotation, a list, a link
// and a word that is stressed.
func (w writer) body() string {
	var b strings.Builder
	for i := range 7 {
		switch i {
		case 2, 5:
			fmt.Fprintf(&b, "## %s and %s\n\n", capital(w.one(subjects)), w.one(objects))
		case 3:
			fmt.Fprintf(&b, "> %s\n\n", w.sentence())
		case 4:
			for range 3 {
				fmt.Fprintf(&b, "- %s, £%d\n", w.one(objects), 100+w.IntN(90_000))
			}
			b.WriteString("\n")
		}
		for range 2 {
			b.WriteString(w.sentence() + " ")
		}
		fmt.Fprintf(&b, "It was *%s* that [%s](https://paper.example/%d) had in mind.\n\n", w.one(objects), w.one(subjects), w.IntN(1000))
	}
	return b.String()
}

func (w writer) sentence() string {
	return fmt.Sprintf("%s, %s %s %s, %s.", w.one(openings), w.one(subjects), w.one(verbs), w.one(objects), w.one(tails))
}

// capital returns s, which begins with a letter of ASCII, with that in upper case.
func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
