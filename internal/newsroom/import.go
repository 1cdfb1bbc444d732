package newsroom

import (
	"bytes"
	"cmp"
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
		if err := tx.LockShared(ctx); err != nil {
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

// submit takes in one submission: it finds what is at the address, brings the
// text in, and then brings it before the readers.
func (n *Newsroom) submit(ctx context.Context, tx *store.Tx, who broadside.Actor, s *Submission) Outcome {
	for i, b := range s.Text.Bylines {
		var err error
		if s.Text.Bylines[i].Person, err = n.personNamed(ctx, tx, b.Name, s.Text.Lang); err != nil {
			return Outcome{Err: err}
		}
	}
	if s.Slug == "" {
		s.Slug = Slug(s.Text.Headline, s.Text.Lang)
	}
	a, taken, err := n.bringIn(ctx, tx, who, s)
	if err != nil {
		return Outcome{Err: err}
	}
	shown, err := n.bringOut(ctx, tx, who, s, a)
	return Outcome{Path: a.Path(), Changed: taken || shown, Err: err}
}

// bringIn makes the text of a submission the newest of its article, if it is
// not. What may happen to an article that is there already:
//
//	its text        without Amend           with Amend
//	the same        nothing                 nothing
//	once the same   nothing, or refused*    the text becomes the newest again
//	another         refused                 the text becomes the newest
//
// * if it would have to be published, which nobody has judged it for.
func (n *Newsroom) bringIn(ctx context.Context, tx *store.Tx, who broadside.Actor, s *Submission) (a *broadside.Article, changed bool, err error) {
	a, err = n.find(ctx, tx, s)
	if err != nil {
		return nil, false, err
	}
	if a == nil {
		a, err = n.createWhole(ctx, tx, who, s)
		return a, true, err
	}
	once, now, err := n.hasText(ctx, tx, a, s.Text)
	switch {
	case err != nil || now && s.Amend == nil:
		return a, false, err
	case s.Amend != nil:
		return n.amend(ctx, tx, who, s, a, now)
	case once && s.Publish && a.Status != broadside.Published:
		return nil, false, broadside.Errorf(broadside.Conflict, "The article at %s has been changed since it was imported: publish it as it is now, or amend it.", a.Path())
	case once:
		return a, false, nil
	}
	return nil, false, broadside.Errorf(broadside.Conflict, "There is an article with another text at %s: give this one a slug of its own, or amend that one.", a.Path())
}

// find returns the article at the address of a submission, or the one that was
// there before it moved, or nil.
func (n *Newsroom) find(ctx context.Context, tx *store.Tx, s *Submission) (*broadside.Article, error) {
	a, err := tx.ArticleAt(ctx, s.Section.Slug, s.Slug)
	if broadside.KindOf(err) != broadside.NotFound {
		return a, err
	}
	to, err := tx.Redirect(ctx, broadside.ArticlePath(s.Section.Slug, s.Slug))
	if err == nil && to.Article != "" {
		return tx.Article(ctx, to.Article)
	}
	if err != nil && broadside.KindOf(err) != broadside.NotFound {
		return nil, err
	}
	return nil, nil
}

// createWhole makes a new article of a submission, with all that it brings.
func (n *Newsroom) createWhole(ctx context.Context, tx *store.Tx, who broadside.Actor, s *Submission) (*broadside.Article, error) {
	story, err := n.storyAt(ctx, tx, s.Story)
	if err != nil {
		return nil, err
	}
	if err := n.ensureSection(ctx, tx, s.Section); err != nil {
		return nil, err
	}
	if err := n.addParts(ctx, tx, s); err != nil {
		return nil, err
	}
	return n.create(ctx, tx, who, Draft{Section: s.Section.Slug, Slug: s.Slug, Story: story, Tags: s.Tags, Text: s.Text})
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

// amend saves the text and the tags of a submission, where they differ.
func (n *Newsroom) amend(ctx context.Context, tx *store.Tx, who broadside.Actor, s *Submission, a *broadside.Article, sameText bool) (*broadside.Article, bool, error) {
	if err := s.Amend.check(); err != nil {
		return nil, false, err
	}
	tags, err := ensureTags(ctx, tx, s.Tags)
	if err != nil {
		return nil, false, err
	}
	if sameText && slices.Equal(tags, a.Tags) {
		return a, false, nil
	}
	if !sameText {
		if err := n.addParts(ctx, tx, s); err != nil {
			return nil, false, err
		}
		if _, err := n.save(ctx, tx, who, a.ID, a.Head, s.Text); err != nil {
			return nil, false, err
		}
	}
	if a, err = tx.Article(ctx, a.ID); err != nil {
		return nil, false, err
	}
	a.Tags = tags
	if err := tx.UpdateArticle(ctx, a); err != nil {
		return nil, false, err
	}
	// Tags are the article's, not the revision's: no publication tells of them.
	return a, true, tx.Touch(ctx)
}

// bringOut publishes, schedules or corrects an article, as its submission
// wishes. It judges the text that is stored, whatever the submission holds.
func (n *Newsroom) bringOut(ctx context.Context, tx *store.Tx, who broadside.Actor, s *Submission, a *broadside.Article) (changed bool, err error) {
	ahead := s.Date.After(n.now())
	switch {
	case !s.Publish:
		return false, nil
	case a.Status == broadside.Published && (a.Live == a.Head || s.Amend == nil):
		return false, nil
	case a.Status == broadside.Published:
		return true, n.correct(ctx, tx, who, a.ID, a.Head, *s.Amend)
	case ahead && a.Status == broadside.Scheduled && a.PublishAt.Equal(s.Date):
		return false, nil
	}
	a, text, err := n.headOf(ctx, tx, a.ID, a.Head)
	if err != nil {
		return false, err
	}
	if ahead {
		return true, n.schedule(ctx, tx, who, a, text, s.Date)
	}
	return true, n.publish(ctx, tx, who, a, text, s.Date)
}

// hasText reports whether an article once had that text, and whether its
// newest revision has it now.
func (n *Newsroom) hasText(ctx context.Context, tx *store.Tx, a *broadside.Article, text *document.Document) (once, now bool, err error) {
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
		alone, err := withoutPrevious(&old)
		if err != nil {
			return false, false, err
		}
		if bytes.Equal(alone, canonical) {
			once, now = true, now || old.ID == a.Head
		}
	}
	return once, now, nil
}

// withoutPrevious returns a revision's canonical bytes as they would be if it
// had been made from nothing.
func withoutPrevious(r *broadside.Revision) ([]byte, error) {
	if r.Canonical == nil || r.Previous == "" {
		return r.Canonical, nil
	}
	d, err := document.Decode(r.Canonical)
	if err != nil {
		return nil, fmt.Errorf("revision %s: %v", r.ID, err)
	}
	d.Previous = ""
	return d.Canonical()
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
	if s.Slug != broadside.PageSection {
		if err := broadside.CheckSection(s.Slug); err != nil {
			return err
		}
	}
	_, err := tx.Section(ctx, s.Slug)
	if broadside.KindOf(err) != broadside.NotFound {
		return err
	}
	if _, err := tx.ArticleAt(ctx, broadside.PageSection, s.Slug); broadside.KindOf(err) != broadside.NotFound {
		return cmp.Or(err, error(broadside.Errorf(broadside.Conflict, "The page /%s has that address: give the section another name.", s.Slug)))
	}
	all, err := tx.Sections(ctx)
	if err != nil {
		return err
	}
	s.Position = len(all)
	return tx.PutSection(ctx, s)
}
