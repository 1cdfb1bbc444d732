// Package newsroom is what a newspaper does: save, publish now or at an hour,
// correct, withdraw, move, remove. Every rule of who may do what is kept here,
// in the service that does it, whichever door the wish came in by.
//
// Whatever belongs together is one transaction: when a method returns nil, all
// of it is on disk, the row in the publication log and the jobs it causes
// included; when it returns an error, nothing has changed. Methods are safe for
// concurrent use, by several processes too: of two people who change one
// article, the second is told (a [broadside.Conflict] error).
package newsroom

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"golang.org/x/sync/singleflight"

	"example.org/broadside"
	"example.org/broadside/internal/blob"
	"example.org/broadside/internal/document"
	"example.org/broadside/internal/job"
	"example.org/broadside/internal/keyring"
	"example.org/broadside/internal/locale"
	"example.org/broadside/internal/picture"
	"example.org/broadside/internal/store"
)

// The kinds of jobs that the newsroom writes and works on.
const (
	publishJob = "publish"    // a scheduled article's hour has come
	renderJob  = "renditions" // make a picture's renditions before readers ask for them
	eraseJob   = "erase"      // delete blobs that nothing refers to any more
)

// A Newsroom works on one newspaper.
type Newsroom struct {
	store  *store.DB
	blobs  blob.Store
	keys   *keyring.Keyring
	studio *picture.Studio
	now    func() time.Time
	log    *slog.Logger

	rendering singleflight.Group // one rendering of one picture at a time
}

// New returns the newsroom of the paper in that store, whose bytes are in blobs
// and whose secrets keys guard. Now tells the time.
func New(db *store.DB, blobs blob.Store, keys *keyring.Keyring, now func() time.Time, log *slog.Logger) *Newsroom {
	return &Newsroom{store: db, blobs: blobs, keys: keys, studio: picture.NewStudio(), now: now, log: log}
}

// Timetable returns the workers for the jobs that have an hour to keep, by kind.
func (n *Newsroom) Timetable() map[string]job.Worker {
	return map[string]job.Worker{publishJob: job.Typed(n.publishDue)}
}

// Workers returns the workers for the newsroom's other jobs, by kind.
func (n *Newsroom) Workers() map[string]job.Worker {
	return map[string]job.Worker{renderJob: job.Typed(n.renderAll), eraseJob: job.Typed(n.erase)}
}

// A Draft is what somebody wants an article to be.
type Draft struct {
	Section string // slug; it must exist
	Slug    string // empty: made from the headline
	Story   string // ID of the story that it translates; empty: a story of its own
	Tags    []broadside.Tag
	Text    *document.Document
}

// Create saves a new article as a draft and returns it.
func (n *Newsroom) Create(ctx context.Context, who broadside.Actor, d Draft) (a *broadside.Article, err error) {
	err = n.store.Update(ctx, func(tx *store.Tx) error {
		a, err = n.create(ctx, tx, who, d)
		return err
	})
	return a, err
}

func (n *Newsroom) create(ctx context.Context, tx *store.Tx, who broadside.Actor, d Draft) (*broadside.Article, error) {
	if !who.Role.CanWrite(broadside.Draft) {
		return nil, denied(who, "write articles")
	}
	if d.Slug == "" {
		d.Slug = Slug(d.Text.Headline, d.Text.Lang)
	}
	if (d.Section == broadside.PageSection) != (d.Text.Kind == pageKind) {
		return nil, broadside.Errorf(broadside.Invalid, "A page of the paper itself is of the kind %q and in no section; everything else is in one.", pageKind)
	}
	if err := tx.LockShared(ctx); err != nil {
		return nil, err
	}
	if err := n.checkPlace(ctx, tx, d.Section, d.Slug, ""); err != nil {
		return nil, err
	}
	now := n.now()
	a := &broadside.Article{ID: store.NewID(), Story: d.Story, Section: d.Section, Slug: d.Slug, Status: broadside.Draft, Created: now}
	if a.Story == "" {
		a.Story = a.ID
	}
	d.Text.Previous = ""
	r, salt, uses, err := n.newRevision(a.ID, who, d.Text)
	if err != nil {
		return nil, err
	}
	if err := refuseMissing(ctx, tx, uses); err != nil {
		return nil, err
	}
	a.Head, a.Lang = r.ID, r.Lang
	if a.Tags, err = ensureTags(ctx, tx, d.Tags); err != nil {
		return nil, err
	}
	if err := tx.InsertArticle(ctx, a); err != nil {
		return nil, placeTaken(err, d.Section, d.Slug)
	}
	return a, tx.InsertRevision(ctx, r, salt, uses)
}

// Save adds a revision to an article. Base is the revision that the writer
// began from: if it is no longer the newest, somebody else has saved since, and
// the error is Conflict. What readers see does not change.
func (n *Newsroom) Save(ctx context.Context, who broadside.Actor, id, base string, text *document.Document) (r *broadside.Revision, err error) {
	err = n.store.Update(ctx, func(tx *store.Tx) error {
		r, err = n.save(ctx, tx, who, id, base, text)
		return err
	})
	return r, err
}

func (n *Newsroom) save(ctx context.Context, tx *store.Tx, who broadside.Actor, id, base string, text *document.Document) (*broadside.Revision, error) {
	a, err := tx.Article(ctx, id)
	if err != nil {
		return nil, err
	}
	if !who.Role.CanWrite(a.Status) {
		return nil, denied(who, "change an article that is "+string(a.Status))
	}
	if a.Head != base {
		return nil, broadside.Errorf(broadside.Conflict, "Somebody else has saved this article since you opened it: open it again to see what they did.")
	}
	if a.Status == broadside.Scheduled {
		// Its hour comes without anybody looking.
		if err := Judge(text); err != nil {
			return nil, err
		}
	}
	text.Previous = base
	r, salt, uses, err := n.newRevision(a.ID, who, text)
	if err != nil {
		return nil, err
	}
	if err := refuseMissing(ctx, tx, uses); err != nil {
		return nil, err
	}
	a.Head, a.Lang = r.ID, r.Lang
	if err := tx.InsertRevision(ctx, r, salt, uses); err != nil {
		return nil, err
	}
	return r, tx.UpdateArticle(ctx, a)
}

// newRevision makes the revision of a text: canonical bytes, digest, salt and
// commitment, and the summary that lists show.
func (n *Newsroom) newRevision(article string, who broadside.Actor, d *document.Document) (*broadside.Revision, string, store.Uses, error) {
	canonical, err := d.Canonical()
	if err != nil {
		return nil, "", store.Uses{}, err
	}
	salt := make([]byte, 32)
	rand.Read(salt) // never fails, by its contract
	digest := sha256.Sum256(canonical)
	r := &broadside.Revision{
		ID: store.NewID(), Article: article, Previous: d.Previous, Author: who.Name, Created: n.now(),
		Canonical: canonical, Digest: hex.EncodeToString(digest[:]), Commitment: Commitment(salt, canonical), Summary: Summarise(d),
	}
	return r, hex.EncodeToString(salt), usesOf(d), nil
}

// Commitment returns HMAC-SHA-256(salt, canonical) in hex (RFC 2104): all that
// the outside may learn of a revision's bytes.
func Commitment(salt, canonical []byte) string {
	mac := hmac.New(sha256.New, salt)
	mac.Write(canonical)
	return hex.EncodeToString(mac.Sum(nil))
}

// Summarise draws from a document what lists show of it.
func Summarise(d *document.Document) broadside.Summary {
	s := broadside.Summary{
		Kind: d.Kind, Lang: d.Lang, Dir: d.Dir, Headline: d.Headline, Standfirst: d.Standfirst,
		Byline: locale.Names(d.Lang, d.Writers()), Picture: d.Lead, Words: d.Words(),
	}
	if u, ok := d.Use(d.Lead); ok {
		s.Alt = u.Alt
	}
	return s
}

func usesOf(d *document.Document) (u store.Uses) {
	for _, p := range d.Pictures {
		u.Pictures = append(u.Pictures, p.Picture)
	}
	for _, b := range d.Bylines {
		if b.Person != "" {
			u.People = append(u.People, b.Person)
		}
	}
	d.Body.Walk(func(node *document.Node) bool {
		switch node.Type {
		case document.Audio, document.Video, document.File:
			u.Files = append(u.Files, node.Attr("file"))
		}
		return true
	})
	return u
}

// refuseMissing returns an error if the paper does not have what a revision is
// about to use, and keeps it from being removed until tx ends.
func refuseMissing(ctx context.Context, tx *store.Tx, uses store.Uses) error {
	if len(uses.Pictures)+len(uses.Files) == 0 {
		return nil
	}
	if err := tx.LockShared(ctx); err != nil {
		return err
	}
	missing := func(what, name string, err error) error {
		if broadside.KindOf(err) == broadside.NotFound {
			return broadside.Errorf(broadside.Invalid, "The paper does not have the %s %.8s… that the article uses: add it again.", what, name)
		}
		return err
	}
	for _, master := range uses.Pictures {
		if _, err := tx.PictureByMaster(ctx, master); err != nil {
			return missing("picture", master, err)
		}
	}
	for _, name := range uses.Files {
		if _, err := tx.FileByBlob(ctx, name); err != nil {
			return missing("file", name, err)
		}
	}
	return nil
}

// pageKind is the kind of the paper's own pages, such as /about.
const pageKind = "page"

// checkPlace judges where an article shall be: a section that exists, a slug
// that an address can hold, and not an address that leads readers elsewhere. An
// article that moves back, whose ID own is, may have its old address again.
func (n *Newsroom) checkPlace(ctx context.Context, tx *store.Tx, section, slug, own string) error {
	if err := broadside.CheckSlug("article", slug); err != nil {
		return err
	}
	if _, err := tx.Section(ctx, section); err != nil {
		return err
	}
	if section == broadside.PageSection {
		if err := n.checkPageSlug(ctx, tx, slug); err != nil {
			return err
		}
	}
	to, err := tx.Redirect(ctx, broadside.ArticlePath(section, slug))
	if broadside.KindOf(err) == broadside.NotFound || err == nil && own != "" && to.Article == own {
		return nil
	}
	if err == nil {
		err = broadside.Errorf(broadside.Conflict, "The address %s leads to another article, which was there before it moved: choose another slug.", to.Path)
	}
	return err
}

// checkPageSlug keeps a page from the address of a section, or of the site.
func (n *Newsroom) checkPageSlug(ctx context.Context, tx *store.Tx, slug string) error {
	if err := broadside.CheckPage(slug); err != nil {
		return err
	}
	_, err := tx.Section(ctx, slug)
	if err == nil {
		return broadside.Errorf(broadside.Conflict, "The section /%s/ has that address: give the page another slug.", slug)
	}
	if broadside.KindOf(err) == broadside.NotFound {
		return nil
	}
	return err
}

func placeTaken(err error, section, slug string) error {
	if broadside.KindOf(err) == broadside.Conflict {
		return &broadside.Error{Kind: broadside.Conflict, Err: err,
			Public: fmt.Sprintf("The address %s is taken by another article: give this one a slug of its own.", broadside.ArticlePath(section, slug))}
	}
	return err
}

// ensureTags adds the tags that are new and returns the slugs of all, each once.
func ensureTags(ctx context.Context, tx *store.Tx, tags []broadside.Tag) ([]string, error) {
	var slugs []string
	seen := map[string]bool{}
	for _, t := range tags {
		if seen[t.Slug] {
			continue
		}
		seen[t.Slug] = true
		if err := broadside.CheckSlug("tag", t.Slug); err != nil {
			return nil, err
		}
		if err := tx.EnsureTag(ctx, t); err != nil {
			return nil, err
		}
		slugs = append(slugs, t.Slug)
	}
	return slugs, nil
}

func denied(who broadside.Actor, what string) error {
	return broadside.Errorf(broadside.Denied, "As %s you may not %s.", who.Role, what)
}

// Judge returns nil if a text may be published, and otherwise an Invalid error
// that lists everything that keeps it from that.
func Judge(d *document.Document) error {
	problems := d.Problems()
	if len(problems) == 0 {
		return nil
	}
	sentences := make([]string, len(problems))
	for i, p := range problems {
		sentences[i] = p.Sentence
	}
	return broadside.Errorf(broadside.Invalid, "The article cannot be published yet. %s", strings.Join(sentences, " "))
}
