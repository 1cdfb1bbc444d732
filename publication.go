package broadside

import "time"

// A Publication is one row of the publication log, the append-only list of
// everything readers were ever shown. Whatever follows what was published reads
// the log by Seq, which has no gaps and grows in the order of commit.
type Publication struct {
	Seq      int64
	Article  string
	Revision string // the revision that became public; empty for [Withdrawal] and [Removal]
	Kind     PublicationKind
	At       time.Time
	Note     string // what readers are told; emptied by a removal
}

// PublicationKind says what a row of the publication log did.
type PublicationKind string

const (
	First         PublicationKind = "first"         // the article became public
	Typo          PublicationKind = "typo"          // a slip was mended that changed no meaning; no note
	Update        PublicationKind = "update"        // the story moved on
	Clarification PublicationKind = "clarification" // it could be misread
	Correction    PublicationKind = "correction"    // it was wrong
	Move          PublicationKind = "move"          // it has a new address; the old one leads there
	Withdrawal    PublicationKind = "withdrawal"    // it is public no more; the note says why
	Removal       PublicationKind = "removal"       // its words are gone, for somebody's safety
)

// NeedsNote reports whether readers must be told what happened.
func (k PublicationKind) NeedsNote() bool {
	switch k {
	case Update, Clarification, Correction, Withdrawal:
		return true
	}
	return false
}

// Amends reports whether the kind puts a new revision in the place of an
// earlier one.
func (k PublicationKind) Amends() bool {
	switch k {
	case Typo, Update, Clarification, Correction:
		return true
	}
	return false
}
