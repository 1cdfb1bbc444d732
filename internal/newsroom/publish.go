package newsroom

import (
	"cmp"
	"context"
	"strings"
	"time"

	"example.org/broadside"
	"example.org/broadside/internal/document"
	"example.org/broadside/internal/job"
	"example.org/broadside/internal/store"
)

// Publish puts an article's newest revision, which must be the given one,
// before the readers, for the first time.
func (n *Newsroom) Publish(ctx context.Context, who broadside.Actor, id, revision string) error {
	return n.store.Update(ctx, func(tx *store.Tx) error {
		a, text, err := n.headOf(ctx, tx, id, revision)
		if err != nil {
			return err
		}
		return n.publish(ctx, tx, who, a, text, time.Time{})
	})
}

// headOf returns an article with its newest text, or Conflict if that is not
// the revision that the caller has seen.
func (n *Newsroom) headOf(ctx context.Context, tx *store.Tx, id, revision string) (*broadside.Article, *document.Document, error) {
	a, err := tx.Article(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	if a.Status == broadside.Removed {
		return nil, nil, broadside.Errorf(broadside.Gone, "The article has been removed.")
	}
	if a.Head != revision {
		return nil, nil, broadside.Errorf(broadside.Conflict, "Somebody else has saved this article since you opened it: open it again to see what they did.")
	}
	r, err := tx.Revision(ctx, a.Head)
	if err != nil {
		return nil, nil, err
	}
	text, err := document.Decode(r.Canonical)
	return a, text, err
}

// publish makes text, which is a's newest revision, public. Dated is the date
// that readers see, for an article from an archive; zero means now.
func (n *Newsroom) publish(ctx context.Context, tx *store.Tx, who broadside.Actor, a *broadside.Article, text *document.Document, dated time.Time) error {
	was := *a
	if !who.Role.CanMove(was.Status, broadside.Published) {
		if was.Status == broadside.Published {
			return broadside.Errorf(broadside.Conflict, "The article is published already: put a new revision before its readers as a correction or an update.")
		}
		return denied(who, "publish an article that is "+string(was.Status))
	}
	if err := Judge(text); err != nil {
		return err
	}
	now := n.now()
	a.Status, a.Live, a.PublishAt, a.Updated = broadside.Published, a.Head, time.Time{}, now
	a.Published = now
	if !dated.IsZero() {
		a.Published, a.Updated = dated, dated
	}
	if err := tx.UpdateArticle(ctx, a); err != nil {
		return err
	}
	if err := tx.CancelJob(ctx, publishJob, a.ID); err != nil {
		return err
	}
	return tx.AppendPublication(ctx, &broadside.Publication{Article: a.ID, Revision: a.Live, Kind: broadside.First, At: now})
}

// Schedule sets the hour at which an article goes live. A later call sets
// another hour.
func (n *Newsroom) Schedule(ctx context.Context, who broadside.Actor, id, revision string, at time.Time) error {
	return n.store.Update(ctx, func(tx *store.Tx) error {
		a, text, err := n.headOf(ctx, tx, id, revision)
		if err != nil {
			return err
		}
		return n.schedule(ctx, tx, who, a, text, at)
	})
}

type publishArgs struct{ Article string }

func (n *Newsroom) schedule(ctx context.Context, tx *store.Tx, who broadside.Actor, a *broadside.Article, text *document.Document, at time.Time) error {
	was, now := *a, n.now()
	if !who.Role.CanMove(was.Status, broadside.Scheduled) {
		return denied(who, "schedule an article that is "+string(was.Status))
	}
	if !at.After(now) {
		return broadside.Errorf(broadside.Invalid, "The hour %s is past: give one to come, or publish the article now.", at.Format("2006-01-02 15:04 MST"))
	}
	if err := Judge(text); err != nil {
		return err
	}
	a.Status, a.PublishAt = broadside.Scheduled, at
	if err := tx.UpdateArticle(ctx, a); err != nil {
		return err
	}
	return job.Add(ctx, tx, publishJob, a.ID, publishArgs{a.ID}, at, now)
}

// publishDue publishes a scheduled article whose hour has come. Called again,
// or after somebody has changed the plan, it does nothing.
func (n *Newsroom) publishDue(ctx context.Context, args publishArgs) error {
	return n.store.Update(ctx, func(tx *store.Tx) error {
		a, err := tx.Article(ctx, args.Article)
		if err != nil {
			return err
		}
		if a.Status != broadside.Scheduled {
			return nil
		}
		if a.PublishAt.After(n.now()) { // the clock was set back, or the plan has just changed
			return broadside.Errorf(broadside.Unavailable, "The hour of the article has not come yet.")
		}
		_, text, err := n.headOf(ctx, tx, a.ID, a.Head)
		if err != nil {
			return err
		}
		// Whoever scheduled it was allowed to publish it.
		return n.publish(ctx, tx, broadside.Actor{Name: "timetable", Role: broadside.Editor}, a, text, time.Time{})
	})
}

// An Amendment says how a new revision changes what readers have seen, and
// what they are told of it.
type Amendment struct {
	Kind broadside.PublicationKind // one that amends
	Note string                    // needed by all kinds but a typo
}

func (a *Amendment) check() error {
	if !a.Kind.Amends() {
		return broadside.Errorf(broadside.Invalid, "A published article is changed by a typo, an update, a clarification or a correction, not by %q.", a.Kind)
	}
	if a.Kind.NeedsNote() && strings.TrimSpace(a.Note) == "" {
		return broadside.Errorf(broadside.Invalid, "Tell the readers what has changed: a %s needs a note.", a.Kind)
	}
	return nil
}

// Correct puts a newer revision of a published article, which must be its
// newest, before its readers. All kinds but [broadside.Typo] need a note that
// says what has changed; readers find it under the article.
func (n *Newsroom) Correct(ctx context.Context, who broadside.Actor, id, revision string, how Amendment) error {
	if err := how.check(); err != nil {
		return err
	}
	return n.store.Update(ctx, func(tx *store.Tx) error { return n.correct(ctx, tx, who, id, revision, how) })
}

func (n *Newsroom) correct(ctx context.Context, tx *store.Tx, who broadside.Actor, id, revision string, how Amendment) error {
	a, text, err := n.headOf(ctx, tx, id, revision)
	if err != nil {
		return err
	}
	if !who.Role.CanCorrect() {
		return denied(who, "change what readers see")
	}
	if a.Status != broadside.Published {
		return broadside.Errorf(broadside.Conflict, "Only a published article can be corrected; this one is %s.", a.Status)
	}
	if a.Live == a.Head {
		return broadside.Errorf(broadside.Conflict, "Readers see the newest revision already: save the change first.")
	}
	if err := Judge(text); err != nil {
		return err
	}
	now := n.now()
	a.Live = a.Head
	if how.Kind != broadside.Typo {
		a.Updated = now
	}
	if err := tx.UpdateArticle(ctx, a); err != nil {
		return err
	}
	return tx.AppendPublication(ctx, &broadside.Publication{Article: id, Revision: a.Live, Kind: how.Kind, At: now, Note: strings.TrimSpace(how.Note)})
}

// Withdraw takes an article from its readers for good. Its address then says
// so, and why.
func (n *Newsroom) Withdraw(ctx context.Context, who broadside.Actor, id, reason string) error {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return broadside.Errorf(broadside.Invalid, "Tell the readers why the article is withdrawn.")
	}
	return n.store.Update(ctx, func(tx *store.Tx) error {
		a, err := tx.Article(ctx, id)
		if err != nil {
			return err
		}
		was := *a
		if !who.Role.CanMove(was.Status, broadside.Withdrawn) {
			return denied(who, "withdraw an article that is "+string(was.Status))
		}
		a.Status, a.Live = broadside.Withdrawn, ""
		if err := tx.UpdateArticle(ctx, a); err != nil {
			return err
		}
		return tx.AppendPublication(ctx, &broadside.Publication{Article: id, Kind: broadside.Withdrawal, At: n.now(), Note: reason})
	})
}

// Advance moves an article that is not public along the desk: from idea to
// draft, to review, to ready, and back.
func (n *Newsroom) Advance(ctx context.Context, who broadside.Actor, id string, to broadside.Status) error {
	switch to {
	case broadside.Draft, broadside.Review, broadside.Ready:
	default:
		return broadside.Errorf(broadside.Invalid, "An article becomes %s by a step of its own.", to)
	}
	return n.store.Update(ctx, func(tx *store.Tx) error {
		a, err := tx.Article(ctx, id)
		if err != nil {
			return err
		}
		was := *a
		if !who.Role.CanMove(was.Status, to) {
			return denied(who, "make an article "+string(to)+" that is "+string(was.Status))
		}
		a.Status, a.PublishAt = to, time.Time{}
		if err := tx.CancelJob(ctx, publishJob, id); err != nil {
			return err
		}
		return tx.UpdateArticle(ctx, a)
	})
}

// Move gives an article another section or slug; an empty one stays as it is.
// If readers know the old address, it leads to the new one for ever.
func (n *Newsroom) Move(ctx context.Context, who broadside.Actor, id, section, slug string) error {
	return n.store.Update(ctx, func(tx *store.Tx) error {
		a, err := tx.Article(ctx, id)
		if err != nil {
			return err
		}
		if !who.Role.CanWrite(a.Status) {
			return denied(who, "move an article that is "+string(a.Status))
		}
		was := *a
		a.Section, a.Slug = cmp.Or(section, a.Section), cmp.Or(slug, a.Slug)
		if a.Path() == was.Path() {
			return nil
		}
		if (a.Section == broadside.PageSection) != (was.Section == broadside.PageSection) {
			return broadside.Errorf(broadside.Invalid, "A page of the paper itself cannot become a story, nor a story a page: write it anew.")
		}
		if err := n.checkPlace(ctx, tx, a.Section, a.Slug, id); err != nil {
			return err
		}
		if err := tx.UpdateArticle(ctx, a); err != nil {
			return placeTaken(err, a.Section, a.Slug)
		}
		if a.Live == "" {
			return nil
		}
		if err := tx.DeleteRedirect(ctx, a.Path()); err != nil {
			return err
		}
		if err := tx.PutRedirect(ctx, broadside.Redirect{Path: was.Path(), Article: id}); err != nil {
			return err
		}
		return tx.AppendPublication(ctx, &broadside.Publication{Article: id, Revision: a.Live, Kind: broadside.Move, At: n.now()})
	})
}
