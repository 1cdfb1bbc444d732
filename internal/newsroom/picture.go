package newsroom

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"example.org/broadside"
	"example.org/broadside/internal/job"
	"example.org/broadside/internal/picture"
	"example.org/broadside/internal/store"
)

// originalPurpose names the key that encrypts a camera's own file.
const originalPurpose = "original picture"

// A Print is a picture that has been read and whose bytes are kept, but which
// no row refers to yet: that happens in the transaction of its article.
type Print struct{ picture broadside.Picture }

// Picture returns the picture as it will be stored. Its words are those that
// the file carried, as defaults.
func (p *Print) Picture() broadside.Picture { return p.picture }

// Develop reads a picture and keeps its stripped, upright master. The camera's
// own file, which tells where and with what it was taken, is kept only if keep
// is true, and then encrypted. The errors are those of [picture.Studio.Read].
func (n *Newsroom) Develop(ctx context.Context, r io.Reader, keep bool) (*Print, error) {
	var own bytes.Buffer
	if keep {
		r = io.TeeReader(r, &own)
	}
	m, err := n.studio.Read(ctx, r)
	if err != nil {
		return nil, err
	}
	p := &Print{broadside.Picture{
		ID: randomID(), Format: m.Format, Width: m.Width, Height: m.Height, Colour: m.Colour,
		Alt: m.Alt, Caption: m.Caption, Credit: m.Credit, Licence: m.Licence, FocalX: 500, FocalY: 500, Created: n.now(),
	}}
	if p.picture.Master, _, err = n.blobs.Put(ctx, bytes.NewReader(m.Data)); err != nil {
		return nil, err
	}
	if keep {
		if p.picture.Original, err = n.keepOriginal(ctx, own.Bytes()); err != nil {
			return nil, errors.Join(err, n.Discard(context.WithoutCancel(ctx), []*Print{p}, nil))
		}
	}
	return p, nil
}

func (n *Newsroom) keepOriginal(ctx context.Context, own []byte) (name string, err error) {
	sealed, err := n.keys.Encrypt(originalPurpose, own)
	if err == nil {
		name, _, err = n.blobs.Put(ctx, bytes.NewReader(sealed))
	}
	return name, err
}

// Discard deletes those bytes of prints and attachments that the paper does
// not use: all of them if they came to nothing.
func (n *Newsroom) Discard(ctx context.Context, prints []*Print, attachments []*Attachment) error {
	var blobs []string
	for _, p := range prints {
		if blobs = append(blobs, p.picture.Master); p.picture.Original != "" {
			blobs = append(blobs, p.picture.Original)
		}
	}
	for _, a := range attachments {
		blobs = append(blobs, a.file.Blob)
	}
	return n.eraseBlobs(ctx, blobs)
}

// addPicture stores the row of a print, unless the paper has the picture
// already, and orders its renditions.
func (n *Newsroom) addPicture(ctx context.Context, tx *store.Tx, p *Print) error {
	if err := tx.LockShared(ctx); err != nil {
		return err
	}
	have, err := tx.PictureByMaster(ctx, p.picture.Master)
	if err == nil {
		if have.Original != "" || p.picture.Original == "" {
			return nil
		}
		have.Original = p.picture.Original
		return errors.Join(tx.PutPicture(ctx, have), n.refuseGone(ctx, have.Original))
	}
	if broadside.KindOf(err) != broadside.NotFound {
		return err
	}
	if err := n.refuseGone(ctx, p.picture.Master); err != nil {
		return err
	}
	if err := tx.PutPicture(ctx, &p.picture); err != nil {
		return err
	}
	now := n.now()
	return job.Add(ctx, tx, renderJob, p.picture.ID, renderArgs{p.picture.ID}, now, now)
}

// refuseGone returns an Unavailable error if a blob is there no more: between
// its being put and its being referred to, a removal or somebody who discards
// the same bytes may have deleted it. The caller holds [store.Tx.LockShared].
func (n *Newsroom) refuseGone(ctx context.Context, name string) error {
	_, err := n.blobs.Size(ctx, name)
	if broadside.KindOf(err) == broadside.NotFound {
		return broadside.Errorf(broadside.Unavailable, "The bytes %.8s… were deleted a moment after they were handed in: do it again.", name)
	}
	return err
}

type renderArgs struct{ Picture string }

// renderAll makes all renditions of a picture that are not there yet. One that
// has been removed needs none.
func (n *Newsroom) renderAll(ctx context.Context, args renderArgs) error {
	p, err := n.store.Picture(ctx, args.Picture)
	if broadside.KindOf(err) == broadside.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	have, err := n.store.Renditions(ctx, p.ID)
	if err != nil {
		return err
	}
	for _, format := range picture.Formats() {
		missing := slices.DeleteFunc(p.RenditionWidths(), func(w int) bool {
			return slices.ContainsFunc(have, func(r broadside.Rendition) bool { return r.Width == w && r.Format == format })
		})
		if err := n.render(ctx, p, missing, format); err != nil {
			return err
		}
	}
	return nil
}

func (n *Newsroom) render(ctx context.Context, p *broadside.Picture, widths []int, format string) error {
	if len(widths) == 0 {
		return nil
	}
	master, err := n.readBlob(ctx, p.Master)
	if err != nil {
		return err
	}
	renditions, err := n.studio.Render(ctx, master, widths, []string{format})
	if err != nil {
		return err
	}
	rows, err := n.keepRenditions(ctx, p.ID, renditions)
	if err == nil {
		err = n.addRenditions(ctx, rows)
	}
	if err == nil {
		return nil
	}
	// The picture may have been removed meanwhile.
	var put []string
	for _, r := range rows {
		put = append(put, r.Blob)
	}
	return errors.Join(err, n.eraseBlobs(context.WithoutCancel(ctx), put))
}

// keepRenditions returns what has been kept also when it fails.
func (n *Newsroom) keepRenditions(ctx context.Context, id string, renditions []picture.Rendition) (rows []broadside.Rendition, err error) {
	for _, r := range renditions {
		name, size, err := n.blobs.Put(ctx, bytes.NewReader(r.Data))
		if err != nil {
			return rows, err
		}
		rows = append(rows, broadside.Rendition{Picture: id, Width: r.Width, Format: r.Format, Blob: name, Size: size})
	}
	return rows, nil
}

func (n *Newsroom) addRenditions(ctx context.Context, rows []broadside.Rendition) error {
	return n.store.Update(ctx, func(tx *store.Tx) error {
		if err := tx.LockShared(ctx); err != nil {
			return err
		}
		for _, r := range rows {
			if err := tx.AddRendition(ctx, r); err != nil {
				return err
			}
			if err := n.refuseGone(ctx, r.Blob); err != nil {
				return err
			}
		}
		return nil
	})
}

func (n *Newsroom) readBlob(ctx context.Context, name string) ([]byte, error) {
	f, err := n.blobs.Open(ctx, name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// Rendition opens a picture in one of its widths, made now if it was not
// before. The caller closes it.
func (n *Newsroom) Rendition(ctx context.Context, id string, width int, format string) (io.ReadSeekCloser, error) {
	r, err := n.store.Rendition(ctx, id, width, format)
	if broadside.KindOf(err) == broadside.NotFound {
		if err = n.renderOnDemand(ctx, id, width, format); err == nil {
			r, err = n.store.Rendition(ctx, id, width, format)
		}
	}
	if err != nil {
		return nil, err
	}
	return n.blobs.Open(ctx, r.Blob)
}

func (n *Newsroom) renderOnDemand(ctx context.Context, id string, width int, format string) error {
	p, err := n.store.Picture(ctx, id)
	if err != nil {
		return err
	}
	if !slices.Contains(p.RenditionWidths(), width) || !slices.Contains(picture.Formats(), format) {
		return broadside.Errorf(broadside.NotFound, "There is no such rendition of the picture.")
	}
	// What one reader asks for is made for all: it goes on if that one leaves.
	_, err, _ = n.rendering.Do(fmt.Sprint(id, width, format), func() (any, error) {
		ctx := context.WithoutCancel(ctx)
		if _, err := n.store.Rendition(ctx, id, width, format); err == nil {
			return nil, nil // made since we looked
		}
		return nil, n.render(ctx, p, []int{width}, format)
	})
	return err
}

// An Attachment is a sound, a film or a document that has been read and whose
// bytes are kept, but which no row refers to yet.
type Attachment struct{ file store.File }

// Blob returns the attachment's identity.
func (a *Attachment) Blob() string { return a.file.Blob }

// MaxAttachment is the size of the largest file that an article may offer.
const MaxAttachment = 200 << 20

// attachments lists what may be offered, by the end of the file's name. HTML
// and SVG are not among them: a browser would run what they hold as ours.
var attachments = map[string]string{
	".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".ogg": "audio/ogg", ".opus": "audio/ogg", ".wav": "audio/wav", ".flac": "audio/flac",
	".mp4": "video/mp4", ".webm": "video/webm", ".pdf": "application/pdf", ".csv": "text/csv; charset=utf-8", ".txt": "text/plain; charset=utf-8",
	".zip": "application/zip", ".ods": "application/vnd.oasis.opendocument.spreadsheet", ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

// Attach reads a file that readers can play or save.
func (n *Newsroom) Attach(ctx context.Context, r io.Reader, name string) (*Attachment, error) {
	dot := strings.LastIndexByte(name, '.')
	mime, ok := attachments[strings.ToLower(name[max(dot, 0):])]
	if !ok {
		return nil, broadside.Errorf(broadside.Invalid, "The file %q cannot be offered: it must be a sound (mp3, m4a, ogg, opus, wav, flac), a film (mp4, webm) or a document (pdf, csv, txt, ods, xlsx, zip).", name)
	}
	bounded := &io.LimitedReader{R: r, N: MaxAttachment + 1}
	blob, size, err := n.blobs.Put(ctx, bounded)
	if err != nil {
		return nil, err
	}
	if size > MaxAttachment {
		return nil, cmp.Or(n.eraseBlobs(ctx, []string{blob}), error(broadside.Errorf(broadside.Invalid, "The file %q is larger than %d MB.", name, MaxAttachment>>20)))
	}
	return &Attachment{store.File{ID: randomID(), Blob: blob, Name: name, MIME: mime, Size: size, Created: n.now()}}, nil
}

func (n *Newsroom) addFile(ctx context.Context, tx *store.Tx, a *Attachment) error {
	if err := tx.LockShared(ctx); err != nil {
		return err
	}
	_, err := tx.FileByBlob(ctx, a.file.Blob)
	if broadside.KindOf(err) != broadside.NotFound {
		return err
	}
	if err := n.refuseGone(ctx, a.file.Blob); err != nil {
		return err
	}
	return tx.AddFile(ctx, &a.file)
}

// File opens an attachment for readers. The caller closes it.
func (n *Newsroom) File(ctx context.Context, id string) (*store.File, io.ReadSeekCloser, error) {
	f, err := n.store.File(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	body, err := n.blobs.Open(ctx, f.Blob)
	return f, body, err
}

// randomID returns a short name that nobody can guess, for addresses of
// pictures and files: 80 random bits.
func randomID() string {
	b := make([]byte, 10)
	rand.Read(b) // never fails, by its contract
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b))
}
