package newsroom

import (
	"context"
	"strings"

	"example.org/broadside"
	"example.org/broadside/internal/store"
)

// A Profile is what readers are told about a person in bylines.
type Profile struct {
	Name      string // as printed; somebody new is added
	Slug      string // empty: as it is, or made from the name
	Biography string
	Portrait  *Print // nil leaves the portrait as it is
}

// PutPerson adds a person, or changes what is told of the one with that name.
func (n *Newsroom) PutPerson(ctx context.Context, who broadside.Actor, p Profile) error {
	defer n.discardUnused(ctx, p.Portrait)
	if !who.Role.CanEdit() {
		return denied(who, "change people")
	}
	if strings.TrimSpace(p.Name) == "" {
		return broadside.Errorf(broadside.Invalid, "The person has no name.")
	}
	if p.Slug != "" {
		if err := broadside.CheckSlug("person", p.Slug); err != nil {
			return err
		}
	}
	return n.store.Update(ctx, func(tx *store.Tx) error {
		if err := tx.LockShared(ctx); err != nil {
			return err
		}
		return n.putPerson(ctx, tx, p)
	})
}

// discardUnused deletes what the paper does not use of a print that was handed
// in, if there is one: a second copy of what it had, or all if it was refused.
func (n *Newsroom) discardUnused(ctx context.Context, print *Print) {
	if print == nil {
		return
	}
	if err := n.Discard(context.WithoutCancel(ctx), []*Print{print}, nil); err != nil {
		n.log.WarnContext(ctx, "a picture that was not needed could not be deleted", "err", err)
	}
}

func (n *Newsroom) putPerson(ctx context.Context, tx *store.Tx, p Profile) error {
	paper, err := tx.Paper(ctx)
	if err != nil {
		return err
	}
	id, err := n.personNamed(ctx, tx, p.Name, paper.Lang)
	if err != nil {
		return err
	}
	person, err := tx.PersonByID(ctx, id)
	if err != nil {
		return err
	}
	person.Biography = p.Biography
	if was := person.Path(); p.Slug != "" && p.Slug != person.Slug {
		person.Slug = p.Slug
		if err := tx.DeleteRedirect(ctx, person.Path()); err != nil {
			return err
		}
		if err := tx.PutRedirect(ctx, broadside.Redirect{Path: was, Target: person.Path()}); err != nil {
			return err
		}
	}
	if p.Portrait != nil {
		if err := n.addPicture(ctx, tx, p.Portrait); err != nil {
			return err
		}
		person.Portrait = p.Portrait.picture.Master
	}
	return tx.PutPerson(ctx, *person)
}

// SetNameplate puts a picture in the place of the paper's name on the front
// page; nil sets the name in type again.
func (n *Newsroom) SetNameplate(ctx context.Context, who broadside.Actor, plate *Print) error {
	defer n.discardUnused(ctx, plate)
	if !who.Role.CanEdit() {
		return denied(who, "change the nameplate")
	}
	return n.store.Update(ctx, func(tx *store.Tx) error {
		if err := tx.LockShared(ctx); err != nil {
			return err
		}
		paper, err := tx.Paper(ctx)
		if err != nil {
			return err
		}
		paper.Nameplate = ""
		if plate != nil {
			if err := n.addPicture(ctx, tx, plate); err != nil {
				return err
			}
			paper.Nameplate = plate.picture.Master
		}
		return tx.SetPaper(ctx, paper)
	})
}
