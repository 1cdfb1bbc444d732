package broadside

import "time"

// A Revision is an immutable snapshot of an article: its words and its use of
// pictures, as canonical bytes that are never serialised again.
//
// Its digest is internal: it detects change and names cache entries, and must
// not leave the program, since whoever guesses the text could recognise it.
// What may leave is the commitment, HMAC-SHA-256(salt, canonical bytes).
type Revision struct {
	ID       string // UUIDv7
	Article  string
	Previous string // the revision it was made from; empty for the first
	Author   string // who saved it, as in [Actor.Name]
	Created  time.Time

	Canonical  []byte // the canonical bytes of the document; nil once removed
	Digest     string // SHA-256 of Canonical in hex; empty once removed
	Commitment string // HMAC-SHA-256 in hex; stays when the words and the salt are gone

	Summary
}

// A Summary is what a list shows of a revision without reading its text.
// Every field is drawn from the canonical bytes.
type Summary struct {
	Kind       string // of journalism, such as "news" or "opinion"
	Lang, Dir  string
	Headline   string
	Standfirst string
	Byline     string // the writers' names as printed, "Ana Reyes and Tom Hale"
	Picture    string // master of the lead picture, or empty
	Alt        string // of the lead picture
	Words      int
}

// Minutes returns how long the text takes to read, at 230 words a minute,
// rounded up. It is 0 for an article without words.
func (s *Summary) Minutes() int { return (s.Words + 229) / 230 }
