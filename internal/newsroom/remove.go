package newsroom

import (
	"context"
	"slices"

	"example.org/broadside"
	"example.org/broadside/internal/job"
	"example.org/broadside/internal/store"
)

// eraseArgs are what is left to do of the removal of an article.
type eraseArgs struct {
	Article string
	Blobs   []string // to delete; without any the disk remains to be scrubbed
}

// Remove erases an article, for somebody's safety: the words, pictures, files
// and salts of all its revisions, the notes about it, its address. What
// remains says that something was removed and matches no guess. Its address
// answers as if nothing had ever been there, since an answer of its own would
// confirm a guessed headline. It cannot be undone.
func (n *Newsroom) Remove(ctx context.Context, who broadside.Actor, id string) error {
	var erase eraseArgs
	err := n.store.Update(ctx, func(tx *store.Tx) (err error) {
		erase, err = n.remove(ctx, tx, who, id)
		return err
	})
	if err != nil {
		return err
	}
	// The job does this too, should the process end here or somebody hinder it.
	for _, step := range []eraseArgs{erase, {Article: id}} {
		if err := n.erase(ctx, step); err != nil {
			return err
		}
	}
	return n.store.Update(ctx, func(tx *store.Tx) error { return tx.CancelJob(ctx, eraseJob, id) })
}

// erase deletes the blobs of a removed article, and then what its rows have
// left behind on the disk. The job that names the blobs, by hashes of what was
// in them, must itself be gone by then: one that names none takes its place.
func (n *Newsroom) erase(ctx context.Context, args eraseArgs) error {
	if len(args.Blobs) == 0 {
		return n.store.Scrub(ctx)
	}
	if err := n.eraseBlobs(ctx, args.Blobs); err != nil {
		return err
	}
	return n.store.Update(ctx, func(tx *store.Tx) error {
		now := n.now()
		return job.Add(ctx, tx, eraseJob, args.Article, eraseArgs{Article: args.Article}, now, now)
	})
}

func (n *Newsroom) remove(ctx context.Context, tx *store.Tx, who broadside.Actor, id string) (erase eraseArgs, err error) {
	a, err := tx.Article(ctx, id)
	if err != nil {
		return erase, err
	}
	was := *a
	if !who.Role.CanMove(was.Status, broadside.Removed) {
		return erase, denied(who, "remove an article that is "+string(was.Status))
	}
	if err := tx.LockShared(ctx); err != nil {
		return erase, err
	}
	log, err := tx.ArticlePublications(ctx, id)
	if err != nil {
		return erase, err
	}
	unused, err := tx.UnusedBy(ctx, id)
	if err != nil {
		return erase, err
	}
	paper, err := tx.Paper(ctx)
	if err != nil {
		return erase, err
	}
	unused.Pictures = slices.DeleteFunc(unused.Pictures, func(master string) bool { return master == paper.Nameplate })
	if err := tx.EraseRevisions(ctx, id); err != nil {
		return erase, err
	}
	if erase.Blobs, err = n.deleteUnused(ctx, tx, unused); err != nil {
		return erase, err
	}
	a.Status, a.Live, a.Slug, a.Tags = broadside.Removed, "", a.ID, nil
	if err := tx.UpdateArticle(ctx, a); err != nil {
		return erase, err
	}
	for _, tag := range was.Tags {
		if err := tx.DeleteUnusedTag(ctx, tag); err != nil {
			return erase, err
		}
	}
	if err := tx.CancelJob(ctx, publishJob, id); err != nil {
		return erase, err
	}
	erase.Article = id
	now := n.now()
	if len(log) > 0 {
		if err := tx.AppendPublication(ctx, &broadside.Publication{Article: id, Kind: broadside.Removal, At: now}); err != nil {
			return erase, err
		}
	}
	return erase, job.Add(ctx, tx, eraseJob, id, erase, now, now)
}

// deleteUnused deletes the rows of people, pictures and files and returns the
// blobs that may go with them.
func (n *Newsroom) deleteUnused(ctx context.Context, tx *store.Tx, unused store.Uses) (blobs []string, err error) {
	for _, id := range unused.People {
		if err := tx.DeletePerson(ctx, id); err != nil {
			return nil, err
		}
	}
	for _, master := range unused.Pictures {
		p, err := tx.PictureByMaster(ctx, master)
		if err != nil {
			return nil, err
		}
		rs, err := tx.Renditions(ctx, p.ID)
		if err != nil {
			return nil, err
		}
		for _, r := range rs {
			blobs = append(blobs, r.Blob)
		}
		if blobs = append(blobs, p.Master); p.Original != "" {
			blobs = append(blobs, p.Original)
		}
		if err := tx.DeletePicture(ctx, p.ID); err != nil {
			return nil, err
		}
		if err := tx.CancelJob(ctx, renderJob, p.ID); err != nil {
			return nil, err
		}
	}
	for _, name := range unused.Files {
		f, err := tx.FileByBlob(ctx, name)
		if err != nil {
			return nil, err
		}
		blobs = append(blobs, f.Blob)
		if err := tx.DeleteFile(ctx, f.ID); err != nil {
			return nil, err
		}
	}
	return blobs, nil
}

// eraseBlobs deletes those of the blobs that nothing refers to.
func (n *Newsroom) eraseBlobs(ctx context.Context, blobs []string) error {
	// Looking first keeps those who find nothing to delete from waiting.
	if unused, err := unusedOf(ctx, &n.store.Reader, blobs); err != nil || len(unused) == 0 {
		return err
	}
	return n.store.Update(ctx, func(tx *store.Tx) error {
		if err := tx.LockShared(ctx); err != nil {
			return err
		}
		unused, err := unusedOf(ctx, &tx.Reader, blobs)
		if err != nil {
			return err
		}
		for _, name := range unused {
			if err := n.blobs.Delete(ctx, name); err != nil {
				return err
			}
		}
		return nil
	})
}

func unusedOf(ctx context.Context, r *store.Reader, names []string) (unused []string, err error) {
	for _, name := range names {
		used, err := r.BlobIsUsed(ctx, name)
		if err != nil {
			return nil, err
		}
		if !used {
			unused = append(unused, name)
		}
	}
	return unused, nil
}

// Sweep deletes the blobs that nothing refers to and that an earlier call has
// returned, and returns the others that nothing refers to. Such are left by
// processes that were killed between keeping a picture and publishing it; two
// looks an hour apart tell them from those that are on their way.
func (n *Newsroom) Sweep(ctx context.Context, earlier map[string]bool) (later map[string]bool, err error) {
	later = map[string]bool{}
	var erase []string
	err = n.blobs.Walk(ctx, func(name string, _ int64) error {
		used, err := n.store.BlobIsUsed(ctx, name)
		switch {
		case err != nil || used:
		case earlier[name]:
			erase = append(erase, name)
		default:
			later[name] = true
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return later, n.eraseBlobs(ctx, erase)
}
