package newsroom

import (
	"context"
	"slices"

	"example.org/broadside"
	"example.org/broadside/internal/store"
)

// maxFront is how many articles an editor may put in order on the front page.
const maxFront = 60

// SetFront puts the articles at those addresses at the head of the front page,
// in that order. The newest follow. Without any the front page is by date alone.
func (n *Newsroom) SetFront(ctx context.Context, who broadside.Actor, addresses []string) error {
	if !who.Role.CanEdit() {
		return denied(who, "arrange the front page")
	}
	if len(addresses) > maxFront {
		return broadside.Errorf(broadside.Invalid, "The front page can begin with %d articles at most, not %d.", maxFront, len(addresses))
	}
	return n.store.Update(ctx, func(tx *store.Tx) error {
		ids, err := publicAt(ctx, tx, addresses)
		if err != nil {
			return err
		}
		return tx.SetFront(ctx, ids)
	})
}

// publicAt returns the IDs of the articles at those addresses, each of which
// must be public and named once.
func publicAt(ctx context.Context, tx *store.Tx, addresses []string) ([]string, error) {
	ids := []string{}
	for _, address := range addresses {
		section, slug, ok := broadside.SplitPath(address)
		if !ok || section == broadside.PageSection {
			return nil, broadside.Errorf(broadside.Invalid, "%q is no article's address: write it as /section/slug.", address)
		}
		a, err := tx.ArticleAt(ctx, section, slug)
		if broadside.KindOf(err) == broadside.NotFound || err == nil && a.Live == "" {
			return nil, broadside.Errorf(broadside.Invalid, "There is no published article at %s.", address)
		}
		if err != nil {
			return nil, err
		}
		if slices.Contains(ids, a.ID) {
			return nil, broadside.Errorf(broadside.Invalid, "The article at %s is named twice.", address)
		}
		ids = append(ids, a.ID)
	}
	return ids, nil
}
