package demo

import (
	"bytes"
	"fmt"
	"io/fs"

	"github.com/pelletier/go-toml/v2"
)

// A Plan is what paper.toml says: everything about the newspaper but its
// articles. Hours are as "2006-01-02 15:04", in the paper's time zone; articles
// are named by their addresses.
type Plan struct {
	Name     string   `toml:"name"`
	Tagline  string   `toml:"tagline"`
	Lang     string   `toml:"lang"`
	TimeZone string   `toml:"time_zone"`
	Licence  string   `toml:"licence"`
	Front    []string `toml:"front"` // articles that begin the front page, in the editor's order

	Section   []Section   `toml:"section"` // in the order of the navigation
	Person    []Person    `toml:"person"`  // everybody in the byline of an English article
	Edition   []Edition   `toml:"edition"` // the older first
	Amendment []Amendment `toml:"amendment"`
}

// A Section is a part of the newspaper.
type Section struct {
	Name        string `toml:"name"`
	Description string `toml:"description"`
}

// A Person stands in bylines.
type Person struct {
	Name      string `toml:"name"`
	Biography string `toml:"biography"`
	Portrait  string `toml:"portrait"` // path of a square picture; may be empty
}

// An Edition is a numbered issue. Its lead may be newer than its list, but not
// than its date.
type Edition struct {
	Number int    `toml:"number"`
	Date   string `toml:"date"`
	Closed string `toml:"closed"` // hour at which the list was
	Lang   string `toml:"lang"`
	Title  string `toml:"title"` // may be empty
	Items  []Item `toml:"items"`
}

// An Item is an article in an edition.
type Item struct {
	Article string `toml:"article"`
	Weight  string `toml:"weight"` // lead (one in an edition), major, minor or brief
}

// An Amendment says what an article said at first. Its file holds what it says
// now.
type Amendment struct {
	Article string `toml:"article"`
	Kind    string `toml:"kind"` // correction, clarification or update
	At      string `toml:"at"`   // hour
	Was     string `toml:"was"`
	Is      string `toml:"is"`   // stands in the file once
	Note    string `toml:"note"` // tells readers
}

// ReadPlan reads paper.toml. A key that means nothing is an error.
func ReadPlan() (*Plan, error) {
	data, err := fs.ReadFile(Files(), "paper.toml")
	if err != nil {
		return nil, err
	}
	p := new(Plan)
	if err := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields().Decode(p); err != nil {
		return nil, fmt.Errorf("paper.toml: %w", err)
	}
	return p, nil
}
