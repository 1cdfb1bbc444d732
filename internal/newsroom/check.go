package newsroom

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"example.org/broadside"
	"example.org/broadside/internal/document"
)

// A Tally says how much a check has looked at.
type Tally struct{ Revisions, Blobs int }

// Check compares everything with everything: rows with each other, every
// revision's bytes with their digest, their commitment and what lists show of
// them, every blob with its name. It calls report with a sentence for each
// fault, in which no word of an article stands, and returns how much it has
// looked at. It changes nothing and may run while the paper is served.
func (n *Newsroom) Check(ctx context.Context, report func(string)) (t Tally, err error) {
	if err := n.store.CheckRows(ctx, report); err != nil {
		return t, err
	}
	ids, err := n.store.RevisionIDs(ctx)
	if err != nil {
		return t, err
	}
	for _, id := range ids {
		// The salt first: it goes with the words, so a revision that is removed
		// meanwhile is found empty.
		salt, missing := n.store.Salt(ctx, id)
		r, err := n.store.Revision(ctx, id)
		if err != nil {
			return t, err
		}
		if err := checkRevision(r, salt, missing); err != nil {
			report(fmt.Sprintf("revision %s: %v", id, err))
		}
		t.Revisions++
	}
	err = n.store.EachBlob(ctx, func(name string) error {
		t.Blobs++
		if err := n.blobs.Check(ctx, name); err != nil {
			if used, uerr := n.store.BlobIsUsed(ctx, name); uerr == nil && !used {
				return nil // removed since we began
			}
			report(err.Error())
		}
		return ctx.Err()
	})
	return t, err
}

// checkRevision judges one revision by its salt, or the reason why there is
// none. A removed one has nothing left to judge.
func checkRevision(r *broadside.Revision, salt string, missing error) error {
	if r.Canonical == nil && r.Digest == "" {
		return nil
	}
	if sum := sha256.Sum256(r.Canonical); hex.EncodeToString(sum[:]) != r.Digest {
		return fmt.Errorf("its bytes do not match their digest")
	}
	if missing != nil {
		return missing
	}
	raw, err := hex.DecodeString(salt)
	if err != nil {
		return fmt.Errorf("its salt is damaged")
	}
	if Commitment(raw, r.Canonical) != r.Commitment {
		return fmt.Errorf("its bytes do not match their commitment")
	}
	d, err := document.Decode(r.Canonical)
	if err != nil {
		return err
	}
	if again, err := d.Canonical(); err != nil || !bytes.Equal(again, r.Canonical) {
		return fmt.Errorf("its bytes are not canonical")
	}
	want := Summarise(d)
	// A later version may join names and count words in another way.
	want.Byline, want.Words = r.Byline, r.Words
	if want != r.Summary {
		return fmt.Errorf("what lists show of it does not agree with its text")
	}
	return nil
}
