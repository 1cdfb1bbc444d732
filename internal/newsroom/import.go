package newsroom

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"example.org/broadside"
	"example.org/broadside/internal/document"
	"example.org/broadside/internal/store"
)

// A Submission is an article that comes from outside whole, with its pictures
// and files.
type Submission struct {
	Section broadside.Section // made if the paper has none of its slug
	Slug    string            // empty: made from the headline
	Story   string            // path of the article it translates; empty: none
	Tags    []broadside.Tag
	Date    time.Time // zero: none is given
	Publish bool      // now, or at its date if that is to come
	Text    *document.Document

	// Amend says how the text changes the article that is at its address
	// already. Nil means that there must be none with another text.
	Amend *Amendment

	Prints      []*Print
	Attachments []*Attachment
}

// An Outcome says what became of a submission.
type Outcome struct {
	Path    string // the article's address
	Changed bool   // false: the paper had the article already, just so
	Err     error
}

// Import takes in submissions in one transaction, so that many cost one wait
// for the disk. Each stands alone: one that is refused does not hold up the
// others, and leaves nothing. What is there already is left alone: a second
// import of the same submission changes nothing. When Import returns, every
// outcome without an error is on disk.
func (n *Newsroom) Import(ctx context.Context, who broadside.Actor, subs []Submission) []Outcome {
	out := make([]Outcome, len(subs))
	err := n.store.Update(ctx, func(tx *store.Tx) error {
		// Every transaction takes this lock before that of the publication log,
		// so that none waits for another that waits for it.
		if err := tx.LockBlobs(ctx); err != nil {
			return err
		}
		for i := range subs {
			if out[i] = n.submit(ctx, tx, who, &subs[i]); out[i].Err != nil {
				return out[i].Err
			}
		}
		return nil
	})
	refused := slices.ContainsFunc(out, func(o Outcome) bool { return o.Err != nil })
	if err != nil && refused && len(subs) > 1 && ctx.Err() == nil {
		// The transaction was lost with the one: each half by itself.
		half := len(subs) / 2
		return append(n.Import(ctx, who, subs[:half]), n.Import(ctx, who, subs[half:])...)
	}
	if err != nil { // of the one, or of the store, which would refuse each half too
		out = slices.Repeat([]Outcome{{Err: err}}, len(subs))
	}
	n.tidy(ctx, subs)
	return out
}

// tidy deletes what submissions brought along and the paper does not need: all
// that a refused one brought, and second copies of what is there already.
func (n *Newsroom) tidy(ctx context.Context, subs []Submission) {
	var prints []*Print
	var attachments []*Attachment
	for _, s := range subs {
		prints, attachments = append(prints, s.Prints...), append(attachments, s.Attachments...)
	}
	if err := n.Discard(context.WithoutCancel(ctx), prints, attachments); err != nil {
		n.log.WarnContext(ctx, "pictures and files that were not needed could not be deleted", "err", err)
	}
}

func (n *Newsroom) submit(ctx context.Context, tx *store.Tx, who broadside.Actor, s *Submission) (o Outcome) {
	var a *broadside.Article
	if a, o.Changed, o.Err = n.admit(ctx, tx, who, s); o.Err != nil {
		return o
	}
	o.Path = a.Path()
	if !s.Publish || a.Status == broadside.Published {
		return o
	}
	if future := s.Date.After(n.now()); future && a.Status == broadside.Scheduled && a.PublishAt.Equal(s.Date) {
		return o
	} else if future {
		o.Err = n.schedule(ctx, tx, who, a, s.Text, s.Date)
	} else {
		o.Err = n.publish(ctx, tx, who, a, s.Text, s.Date)
	}
	o.Changed = true
	return o
}

// admit returns the article of a submission: the one that is there, or a new one.
func (n *Newsroom) admit(ctx context.Context, tx *store.Tx, who broadside.Actor, s *Submission) (a *broadside.Article, made bool, err error) {
	for i, b := range s.Text.Bylines {
		if s.Text.Bylines[i].Person, err = n.personNamed(ctx, tx, b.Name, s.Text.Lang); err != nil {
			return nil, false, err
		}
	}
	if s.Slug == "" {
		s.Slug = Slug(s.Text.Headline, s.Text.Lang)
	}
	have, err := tx.ArticleAt(ctx, s.Section.Slug, s.Slug)
	if err == nil {
		return n.readmit(ctx, tx, who, have, s)
	}
	if broadside.KindOf(err) != broadside.NotFound {
		return nil, false, err
	}
	story, err := n.storyAt(ctx, tx, s.Story)
	if err != nil {
		return nil, false, err
	}
	if err := n.ensureSection(ctx, tx, s.Section); err != nil {
		return nil, false, err
	}
	if err := n.addParts(ctx, tx, s); err != nil {
		return nil, false, err
	}
	a, err = n.create(ctx, tx, who, Draft{Section: s.Section.Slug, Slug: s.Slug, Story: story, Tags: s.Tags, Text: s.Text})
	return a, true, err
}

// addParts stores the rows of a submission's pictures and files.
func (n *Newsroom) addParts(ctx context.Context, tx *store.Tx, s *Submission) error {
	for _, p := range s.Prints {
		if err := n.addPicture(ctx, tx, p); err != nil {
			return err
		}
	}
	for _, f := range s.Attachments {
		if err := n.addFile(ctx, tx, f); err != nil {
			return err
		}
	}
	return nil
}

// readmit takes in a submission to whose address there is an article: nothing
// happens if that has, or once had, the same text.
func (n *Newsroom) readmit(ctx context.Context, tx *store.Tx, who broadside.Actor, a *broadside.Article, s *Submission) (*broadside.Article, bool, error) {
	known, newest, err := n.hasText(ctx, tx, a, s.Text)
	if err != nil {
		return nil, false, err
	}
	if known && !newest && s.Publish && who.Role.CanMove(a.Status, broadside.Published) {
		return nil, false, broadside.Errorf(broadside.Conflict, "The article at %s has been changed at the desk since it was imported: publish it there.", a.Path())
	}
	if known {
		return a, false, nil
	}
	if s.Amend == nil {
		return nil, false, broadside.Errorf(broadside.Conflict, "There is an article with another text at %s: give this one a slug of its own, or amend that one.", a.Path())
	}
	if err := s.Amend.check(); err != nil {
		return nil, false, err
	}
	if err := n.addParts(ctx, tx, s); err != nil {
		return nil, false, err
	}
	r, err := n.save(ctx, tx, who, a.ID, a.Head, s.Text)
	if err == nil && s.Publish && a.Status == broadside.Published {
		err = n.correct(ctx, tx, who, a.ID, r.ID, *s.Amend)
	}
	if err != nil {
		return nil, false, err
	}
	a, err = tx.Article(ctx, a.ID)
	return a, true, err
}

// hasText reports whether an article has, or once had, that text, and whether
// its newest revision does.
func (n *Newsroom) hasText(ctx context.Context, tx *store.Tx, a *broadside.Article, text *document.Document) (known, newest bool, err error) {
	text.Previous = ""
	canonical, err := text.Canonical()
	if err != nil {
		return false, false, err
	}
	all, err := tx.Revisions(ctx, a.ID)
	if err != nil {
		return false, false, err
	}
	for _, old := range all {
		alone := old.Canonical
		if alone != nil && old.Previous != "" {
			d, err := document.Decode(alone)
			if err != nil {
				return false, false, err
			}
			d.Previous = ""
			if alone, err = d.Canonical(); err != nil {
				return false, false, err
			}
		}
		if bytes.Equal(alone, canonical) {
			known, newest = true, newest || old.ID == a.Head
		}
	}
	return known, newest, nil
}

// personNamed returns the ID of the person with that name, who is added if
// nobody has it.
func (n *Newsroom) personNamed(ctx context.Context, tx *store.Tx, name, lang string) (string, error) {
	p, err := tx.PersonNamed(ctx, name)
	if err == nil {
		return p.ID, nil
	}
	if broadside.KindOf(err) != broadside.NotFound {
		return "", err
	}
	p = &broadside.Person{ID: store.NewID(), Slug: Slug(name, lang), Name: name}
	if p.Slug == "" {
		p.Slug = p.ID
	}
	for i := 2; ; i++ {
		_, err := tx.Person(ctx, p.Slug)
		if broadside.KindOf(err) == broadside.NotFound {
			return p.ID, tx.PutPerson(ctx, *p)
		}
		if err != nil {
			return "", err
		}
		p.Slug = fmt.Sprintf("%s-%d", Slug(name, lang), i)
	}
}

func (n *Newsroom) storyAt(ctx context.Context, tx *store.Tx, path string) (string, error) {
	if path == "" {
		return "", nil
	}
	section, slug, ok := broadside.SplitPath(path)
	if !ok {
		return "", broadside.Errorf(broadside.Invalid, "The story %q is no article's address: write it as /section/slug.", path)
	}
	a, err := tx.ArticleAt(ctx, section, slug)
	if broadside.KindOf(err) == broadside.NotFound {
		return "", broadside.Errorf(broadside.Invalid, "There is no article at %s to be a translation of: import that one first.", path)
	}
	if err != nil {
		return "", err
	}
	return a.Story, nil
}

// ensureSection adds a section at the end of the navigation if it is new.
func (n *Newsroom) ensureSection(ctx context.Context, tx *store.Tx, s broadside.Section) error {
	if err := broadside.CheckSection(s.Slug); err != nil {
		return err
	}
	_, err := tx.Section(ctx, s.Slug)
	if broadside.KindOf(err) != broadside.NotFound {
		return err
	}
	all, err := tx.Sections(ctx)
	if err != nil {
		return err
	}
	s.Position = len(all)
	return tx.PutSection(ctx, s)
}
