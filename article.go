package broadside

import (
	"slices"
	"time"
)

// An Article is one piece of journalism, from first draft to last correction.
//
// The text lives in its revisions. The article itself records only where the
// piece stands, where it is found, and which revision readers see.
type Article struct {
	ID      string // UUIDv7
	Story   string // shared by the translations of one story; the ID of the first of them
	Lang    string // BCP 47 tag of the head revision
	Section string // slug of the section, such as "city-hall"
	Slug    string // the last element of the public address
	Tags    []string
	Status  Status

	// Head is the newest revision, the one the desk opens.
	// Live is the revision readers see: empty before first publication, and
	// again once the article has been withdrawn or removed.
	Head, Live string

	// PublishAt is when a scheduled article goes live.
	// It is zero unless Status is [Scheduled].
	PublishAt time.Time

	// Published is the date that readers see: the hour of first publication,
	// or an earlier one for an article that comes from an archive.
	// Updated is the hour of the last publication that readers were told of.
	// Both are zero before first publication.
	Published, Updated time.Time

	Created time.Time

	// Version grows with every change of the row. Whoever stores a change of
	// an older one is told that somebody else was first.
	Version int64
}

// Path returns the article's address on the site, such as
// "/world/the-long-strike".
func (a *Article) Path() string { return ArticlePath(a.Section, a.Slug) }

// IsPage reports whether a is one of the paper's own pages rather than a story.
func (a *Article) IsPage() bool { return a.Section == PageSection }

// ArticlePath returns the address of the article with that slug in that
// section. One of the paper's own pages stands at the root.
func ArticlePath(section, slug string) string {
	if section == PageSection {
		return "/" + slug
	}
	return "/" + section + "/" + slug
}

// Status is the place of an article in the newsroom's workflow.
type Status string

const (
	Idea      Status = "idea"      // a line on the board; nobody writes yet
	Draft     Status = "draft"     // being written
	Review    Status = "review"    // waits for an editor
	Ready     Status = "ready"     // approved, waits for its hour
	Scheduled Status = "scheduled" // goes live at PublishAt
	Published Status = "published" // public; changed by a new revision only
	Withdrawn Status = "withdrawn" // was public; a notice says why it is not
	Removed   Status = "removed"   // its words and pictures are gone for somebody's safety
)

// Role is what a person may do at the desk.
type Role string

const (
	Owner       Role = "owner"       // may do everything; so may whoever runs the program's commands
	Editor      Role = "editor"      // edits and publishes everybody's stories
	Author      Role = "author"      // writes, and publishes what an editor has approved
	Contributor Role = "contributor" // writes; cannot publish
	Fundraiser  Role = "fundraiser"  // sees money and mailings, no stories
)

// An Actor is somebody who does something in the newsroom.
type Actor struct {
	Name string // as the audit trail and the history show it
	Role Role
}

// A move is one line of the newsroom's status table.
type move struct {
	from, to Status
	who      []Role
}

var (
	writers    = []Role{Owner, Editor, Author, Contributor}
	publishers = []Role{Owner, Editor, Author}
	editors    = []Role{Owner, Editor}
	owners     = []Role{Owner}
)

// moves is the one table of who may move a story where. What readers have
// seen is corrected by a new revision, which moves nothing; withdrawing is the
// last resort, and final. Removal is for safety and possible from everywhere.
var moves = []move{
	{Idea, Draft, writers},
	{Draft, Review, writers},
	{Review, Draft, writers},
	{Review, Ready, editors},
	{Ready, Review, writers},
	{Ready, Scheduled, publishers},
	{Ready, Published, publishers},
	{Scheduled, Ready, publishers},
	{Scheduled, Published, publishers},
	{Published, Withdrawn, editors},

	// Owners and editors need not wait for anybody.
	{Idea, Published, editors}, {Draft, Published, editors}, {Review, Published, editors},
	{Idea, Scheduled, editors}, {Draft, Scheduled, editors}, {Review, Scheduled, editors},
	{Scheduled, Scheduled, editors},

	{Idea, Removed, owners}, {Draft, Removed, owners}, {Review, Removed, owners}, {Ready, Removed, owners},
	{Scheduled, Removed, owners}, {Published, Removed, owners}, {Withdrawn, Removed, owners},
}

// CanMove reports whether somebody in that role may move an article from one
// status to another.
func (r Role) CanMove(from, to Status) bool {
	return slices.ContainsFunc(moves, func(m move) bool {
		return m.from == from && m.to == to && slices.Contains(m.who, r)
	})
}

// CanWrite reports whether somebody in that role may save a revision of an
// article in status s. A revision of a published article stays private until
// it is published in its turn, but only those who could publish it may begin it.
func (r Role) CanWrite(s Status) bool {
	switch s {
	case Withdrawn, Removed:
		return false
	case Ready, Scheduled, Published:
		return slices.Contains(publishers, r)
	default:
		return slices.Contains(writers, r)
	}
}

// CanCorrect reports whether somebody in that role may put a new revision of a
// published article before its readers.
func (r Role) CanCorrect() bool { return slices.Contains(publishers, r) }

// CanEdit reports whether somebody in that role arranges the paper: its front
// page, its editions, its people and its particulars.
func (r Role) CanEdit() bool { return slices.Contains(editors, r) }
