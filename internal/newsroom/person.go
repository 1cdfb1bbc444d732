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
	if p.Name = strings.Join(strings.Fields(p.Name), " "); p.Name == "" {
		return broadside.Errorf(broadside.Invalid, "The person has no name.")
	}
	if p.Slug != "" {
		if err := broadside.CheckSlug("person", p.Slug); err != nil {
			return err
		}
	}
	return n.replacePicture(ctx, func(tx *store.Tx) (was string, err error) { return n.putPerson(ctx, tx, p) })
}

// replacePicture calls f in a transaction. F returns the master of the picture
// that was shown before; it goes if nothing shows it any more.
func (n *Newsroom) replacePicture(ctx context.Context, f func(*store.Tx) (was string, err error)) error {
	var blobs []string
	err := n.store.Update(ctx, func(tx *store.Tx) error {
		if err := tx.LockShared(ctx); err != nil {
			return err
		}
		was, err := f(tx)
		if err != nil {
			return err
		}
		blobs, err = n.dropPicture(ctx, tx, was)
		return err
	})
	if err != nil {
		return err
	}
	if err := n.eraseBlobs(context.WithoutCancel(ctx), blobs); err != nil {
		n.log.WarnContext(ctx, "a picture that nothing shows any more could not be deleted", "err", err)
	}
	return nil
}

// dropPicture deletes the rows of a picture, if there is one of that master
// and nothing shows it, and returns the blobs that may go with them.
func (n *Newsroom) dropPicture(ctx context.Context, tx *store.Tx, master string) ([]string, error) {
	if _, err := tx.PictureByMaster(ctx, master); broadside.KindOf(err) == broadside.NotFound {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	used, err := tx.PictureIsUsed(ctx, master)
	if err != nil || used {
		return nil, err
	}
	paper, err := tx.Paper(ctx)
	if err != nil || paper.Nameplate == master {
		return nil, err
	}
	return n.deleteUnused(ctx, tx, store.Uses{Pictures: []string{master}})
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

// putPerson returns the portrait that the person had before.
func (n *Newsroom) putPerson(ctx context.Context, tx *store.Tx, p Profile) (was string, err error) {
	paper, err := tx.Paper(ctx)
	if err != nil {
		return "", err
	}
	id, err := n.personNamed(ctx, tx, p.Name, paper.Lang)
	if err != nil {
		return "", err
	}
	person, err := tx.PersonByID(ctx, id)
	if err != nil {
		return "", err
	}
	was = person.Portrait
	person.Biography = p.Biography
	if old := person.Path(); p.Slug != "" && p.Slug != person.Slug {
		person.Slug = p.Slug
		if err := tx.DeleteRedirect(ctx, person.Path()); err != nil {
			return "", err
		}
		if err := tx.PutRedirect(ctx, broadside.Redirect{Path: old, Target: person.Path()}); err != nil {
			return "", err
		}
	}
	if p.Portrait != nil {
		if err := n.addPicture(ctx, tx, p.Portrait); err != nil {
			return "", err
		}
		person.Portrait = p.Portrait.picture.Master
	}
	return was, tx.PutPerson(ctx, *person)
}

// SetNameplate puts a picture in the place of the paper's name on the front
// page; nil sets the name in type again.
func (n *Newsroom) SetNameplate(ctx context.Context, who broadside.Actor, plate *Print) error {
	defer n.discardUnused(ctx, plate)
	if !who.Role.CanEdit() {
		return denied(who, "change the nameplate")
	}
	return n.replacePicture(ctx, func(tx *store.Tx) (was string, err error) {
		paper, err := tx.Paper(ctx)
		if err != nil {
			return "", err
		}
		was, paper.Nameplate = paper.Nameplate, ""
		if plate != nil {
			if err := n.addPicture(ctx, tx, plate); err != nil {
				return "", err
			}
			paper.Nameplate = plate.picture.Master
		}
		return was, tx.SetPaper(ctx, paper)
	})
}
