package newsroom

import (
	"context"
	"slices"
	"time"

	"example.org/broadside"
	"example.org/broadside/internal/store"
)

// An EditionPlan is what an editor wants an edition to be. Its articles are
// named by their addresses.
type EditionPlan struct {
	Number int       // from 1; an edition of that number is changed
	Date   string    // as 2006-01-02
	Lang   string    // empty: the paper's
	Title  string    // may be empty
	Closed time.Time // when its list was closed, and readers see it; zero leaves it open
	Items  []EditionEntry
}

// An EditionEntry is an article's place in a plan.
type EditionEntry struct {
	Article string // address
	Weight  broadside.Weight
}

// PutEdition makes an edition, or changes the one of its number. All that is
// wrong with the plan is an Invalid error.
func (n *Newsroom) PutEdition(ctx context.Context, who broadside.Actor, plan EditionPlan) error {
	if !who.Role.CanEdit() {
		return denied(who, "make editions")
	}
	if err := plan.check(); err != nil {
		return err
	}
	return n.store.Update(ctx, func(tx *store.Tx) error {
		e := &broadside.Edition{ID: store.NewID(), Number: plan.Number, Date: plan.Date, Lang: plan.Lang, Title: plan.Title, Closed: plan.Closed}
		have, err := tx.Edition(ctx, plan.Number)
		if err == nil {
			e.ID = have.ID
		} else if broadside.KindOf(err) != broadside.NotFound {
			return err
		}
		if e.Lang == "" {
			paper, err := tx.Paper(ctx)
			if err != nil {
				return err
			}
			e.Lang = paper.Lang
		}
		addresses := make([]string, len(plan.Items))
		for i, item := range plan.Items {
			addresses[i] = item.Article
		}
		ids, err := publicAt(ctx, tx, addresses)
		if err != nil {
			return err
		}
		for i, id := range ids {
			e.Items = append(e.Items, broadside.EditionItem{Article: id, Weight: plan.Items[i].Weight})
		}
		return tx.PutEdition(ctx, e)
	})
}

var weights = []broadside.Weight{broadside.Lead, broadside.Major, broadside.Minor, broadside.Brief}

func (p *EditionPlan) check() error {
	if p.Number < 1 {
		return broadside.Errorf(broadside.Invalid, "An edition has a number from 1.")
	}
	if _, err := time.Parse(time.DateOnly, p.Date); err != nil {
		return broadside.Errorf(broadside.Invalid, "The date %q of the edition is none: write it as 2026-03-14.", p.Date)
	}
	if len(p.Items) == 0 {
		return broadside.Errorf(broadside.Invalid, "The edition has no articles: name those that are in it.")
	}
	for _, item := range p.Items {
		if !slices.Contains(weights, item.Weight) {
			return broadside.Errorf(broadside.Invalid, "The weight %q of %s is none of lead, major, minor and brief.", item.Weight, item.Article)
		}
	}
	return nil
}
