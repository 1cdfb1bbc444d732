package store

import (
	"context"
	"time"

	"example.org/broadside"
)

const pictureColumns = `id, master, original, format, width, height, alt, caption, credit, licence, colour, focal_x, focal_y, created_at`

func scanPicture(s scanner, p *broadside.Picture) error {
	return s.Scan(&p.ID, &p.Master, &p.Original, &p.Format, &p.Width, &p.Height, &p.Alt, &p.Caption, &p.Credit, &p.Licence,
		&p.Colour, &p.FocalX, &p.FocalY, millis{&p.Created})
}

// Picture returns the picture with that ID, which stands in its address.
func (r *Reader) Picture(ctx context.Context, id string) (*broadside.Picture, error) {
	return find(ctx, r.c, "picture", scanPicture, `SELECT `+pictureColumns+` FROM picture WHERE id = $1`, id)
}

// PictureByMaster returns the picture with that identity.
func (r *Reader) PictureByMaster(ctx context.Context, master string) (*broadside.Picture, error) {
	return find(ctx, r.c, "picture", scanPicture, `SELECT `+pictureColumns+` FROM picture WHERE master = $1`, master)
}

// Pictures returns all pictures, the oldest first.
func (r *Reader) Pictures(ctx context.Context) ([]broadside.Picture, error) {
	return list(ctx, r.c, "picture", scanPicture, `SELECT `+pictureColumns+` FROM picture ORDER BY created_at, id`)
}

// PutPicture adds a picture or changes the words, the focal point and the kept
// original of the one with that ID. It returns a Conflict error if another has
// the same master.
func (tx *Tx) PutPicture(ctx context.Context, p *broadside.Picture) error {
	_, err := tx.c.exec(ctx, "picture", `
		INSERT INTO picture (id, master, original, format, width, height, alt, caption, credit, licence, colour, focal_x, focal_y, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
		ON CONFLICT (id) DO UPDATE SET original = excluded.original, alt = excluded.alt, caption = excluded.caption, credit = excluded.credit,
			licence = excluded.licence, focal_x = excluded.focal_x, focal_y = excluded.focal_y`,
		p.ID, p.Master, p.Original, p.Format, p.Width, p.Height, p.Alt, p.Caption, p.Credit, p.Licence, p.Colour, p.FocalX, p.FocalY, toMillis(p.Created))
	return err
}

// DeletePicture removes a picture and its renditions from the database. The
// caller deletes the blobs once that is committed.
func (tx *Tx) DeletePicture(ctx context.Context, id string) error {
	if _, err := tx.c.exec(ctx, "picture", `DELETE FROM picture WHERE id = $1`, id); err != nil {
		return err
	}
	return tx.Touch(ctx)
}

func scanRendition(s scanner, r *broadside.Rendition) error {
	return s.Scan(&r.Picture, &r.Width, &r.Format, &r.Blob, &r.Size)
}

// Renditions returns the renditions of a picture by format and width.
func (r *Reader) Renditions(ctx context.Context, picture string) ([]broadside.Rendition, error) {
	return list(ctx, r.c, "rendition", scanRendition, `SELECT picture, width, format, blob, size FROM rendition WHERE picture = $1 ORDER BY format, width`, picture)
}

// Rendition returns one rendition of a picture.
func (r *Reader) Rendition(ctx context.Context, picture string, width int, format string) (*broadside.Rendition, error) {
	return find(ctx, r.c, "rendition", scanRendition,
		`SELECT picture, width, format, blob, size FROM rendition WHERE picture = $1 AND width = $2 AND format = $3`, picture, width, format)
}

// AddRendition adds a rendition, or leaves the one that is there. It adds none
// to a picture that has been deleted meanwhile, and then returns NotFound.
func (tx *Tx) AddRendition(ctx context.Context, r broadside.Rendition) error {
	if _, err := tx.Picture(ctx, r.Picture); err != nil {
		return err
	}
	_, err := tx.c.exec(ctx, "rendition", `
		INSERT INTO rendition (picture, width, format, blob, size) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (picture, width, format) DO NOTHING`,
		r.Picture, r.Width, r.Format, r.Blob, r.Size)
	return err
}

// A File is a sound, a film or a document that articles offer.
type File struct {
	ID      string // random, for its address
	Blob    string // identity
	Name    string // as readers save it
	MIME    string
	Size    int64 // bytes
	Created time.Time
}

func scanFile(s scanner, f *File) error {
	return s.Scan(&f.ID, &f.Blob, &f.Name, &f.MIME, &f.Size, millis{&f.Created})
}

const fileColumns = `id, blob, name, mime, size, created_at`

// File returns the file with that ID.
func (r *Reader) File(ctx context.Context, id string) (*File, error) {
	return find(ctx, r.c, "file", scanFile, `SELECT `+fileColumns+` FROM file WHERE id = $1`, id)
}

// FileByBlob returns the file with that identity.
func (r *Reader) FileByBlob(ctx context.Context, blob string) (*File, error) {
	return find(ctx, r.c, "file", scanFile, `SELECT `+fileColumns+` FROM file WHERE blob = $1`, blob)
}

// AddFile adds a file. It returns a Conflict error if its blob is one already.
func (tx *Tx) AddFile(ctx context.Context, f *File) error {
	_, err := tx.c.exec(ctx, "file", `INSERT INTO file (id, blob, name, mime, size, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		f.ID, f.Blob, f.Name, f.MIME, f.Size, toMillis(f.Created))
	return err
}

// DeleteFile removes a file from the database, not its blob.
func (tx *Tx) DeleteFile(ctx context.Context, id string) error {
	_, err := tx.c.exec(ctx, "file", `DELETE FROM file WHERE id = $1`, id)
	return err
}

// EachBlob calls f with the name of every blob that the database refers to,
// in order and each once.
func (r *Reader) EachBlob(ctx context.Context, f func(name string) error) error {
	names, err := list(ctx, r.c, "blob", scanText, `
		SELECT master FROM picture UNION SELECT original FROM picture WHERE original <> ''
		UNION SELECT blob FROM rendition UNION SELECT blob FROM file ORDER BY 1`)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := f(name); err != nil {
			return err
		}
	}
	return nil
}

// BlobIsUsed reports whether any row refers to the blob.
func (r *Reader) BlobIsUsed(ctx context.Context, name string) (bool, error) {
	var n int
	err := r.c.row(ctx, `
		SELECT (SELECT COUNT(*) FROM picture WHERE master = $1 OR original = $1)
			+ (SELECT COUNT(*) FROM rendition WHERE blob = $1) + (SELECT COUNT(*) FROM file WHERE blob = $1)`, name).scan("blob", &n)
	return n > 0, err
}

// PictureIsUsed reports whether any revision uses the picture with that
// identity, or it is somebody's portrait.
func (r *Reader) PictureIsUsed(ctx context.Context, master string) (bool, error) {
	var n int
	err := r.c.row(ctx, `
		SELECT (SELECT COUNT(*) FROM revision_use WHERE kind = 'picture' AND used = $1)
			+ (SELECT COUNT(*) FROM person WHERE portrait = $1)`, master).scan("picture", &n)
	return n > 0, err
}

// LockShared keeps every other transaction that calls it waiting until this one
// ends. Articles share blobs, people, sections and tags. Whoever begins to refer
// to one, and whoever deletes those that nothing refers to, holds the lock: so
// nothing goes that somebody has just found, and nothing is added twice.
func (tx *Tx) LockShared(ctx context.Context) error {
	_, err := tx.c.exec(ctx, "counter", `UPDATE counter SET value = value WHERE name = 'shared'`)
	return err
}
