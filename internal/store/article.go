package store

import (
	"context"
	"fmt"
	"time"

	"example.org/broadside"
)

const articleColumns = `a.id, a.story, a.lang, a.section, a.slug, a.status, a.head, a.live, a.publish_at, a.published_at, a.updated_at, a.created_at, a.version`

func articleFields(a *broadside.Article) []any {
	return []any{&a.ID, &a.Story, &a.Lang, &a.Section, &a.Slug, &a.Status, &a.Head, &a.Live,
		millis{&a.PublishAt}, millis{&a.Published}, millis{&a.Updated}, millis{&a.Created}, &a.Version}
}

func scanArticle(s scanner, a *broadside.Article) error { return s.Scan(articleFields(a)...) }

// Article returns the article with that ID, its tags included.
func (r *Reader) Article(ctx context.Context, id string) (*broadside.Article, error) {
	return r.article(ctx, `SELECT `+articleColumns+` FROM article a WHERE a.id = $1`, id)
}

// ArticleAt returns the article at that place, public or not.
func (r *Reader) ArticleAt(ctx context.Context, section, slug string) (*broadside.Article, error) {
	return r.article(ctx, `SELECT `+articleColumns+` FROM article a WHERE a.section = $1 AND a.slug = $2`, section, slug)
}

func (r *Reader) article(ctx context.Context, query string, args ...any) (*broadside.Article, error) {
	a, err := find(ctx, r.c, "article", scanArticle, query, args...)
	if err != nil {
		return nil, err
	}
	a.Tags, err = r.articleTags(ctx, a.ID)
	return a, err
}

func (r *Reader) articleTags(ctx context.Context, id string) ([]string, error) {
	return list(ctx, r.c, "tag", scanText, `SELECT tag FROM article_tag WHERE article = $1 ORDER BY position`, id)
}

// InsertArticle adds a and its tags, which must exist, as must its section. It
// returns a Conflict error if the place is taken.
func (tx *Tx) InsertArticle(ctx context.Context, a *broadside.Article) error {
	_, err := tx.c.exec(ctx, "article", `
		INSERT INTO article (id, story, lang, section, slug, status, head, live, publish_at, published_at, updated_at, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		a.ID, a.Story, a.Lang, a.Section, a.Slug, a.Status, a.Head, a.Live,
		toMillis(a.PublishAt), toMillis(a.Published), toMillis(a.Updated), toMillis(a.Created))
	if err != nil {
		return err
	}
	return tx.insertTags(ctx, a)
}

// UpdateArticle stores every field of a, its tags included, and moves its
// version on. If somebody else has changed the article since a was read, it
// returns a Conflict error: of two people who press a button, one is told that
// the other was first.
func (tx *Tx) UpdateArticle(ctx context.Context, a *broadside.Article) error {
	n, err := tx.c.exec(ctx, "article", `
		UPDATE article SET story = $3, lang = $4, section = $5, slug = $6, status = $7, head = $8, live = $9,
			publish_at = $10, published_at = $11, updated_at = $12, version = version + 1
		WHERE id = $1 AND version = $2`,
		a.ID, a.Version, a.Story, a.Lang, a.Section, a.Slug, a.Status, a.Head, a.Live,
		toMillis(a.PublishAt), toMillis(a.Published), toMillis(a.Updated))
	if err != nil {
		return err
	}
	if n == 0 {
		return broadside.Errorf(broadside.Conflict, "Somebody else has changed this article in the meantime: open it again to see what they did.")
	}
	a.Version++
	if _, err := tx.c.exec(ctx, "tag", `DELETE FROM article_tag WHERE article = $1`, a.ID); err != nil {
		return err
	}
	return tx.insertTags(ctx, a)
}

func (tx *Tx) insertTags(ctx context.Context, a *broadside.Article) error {
	for i, tag := range a.Tags {
		if _, err := tx.c.exec(ctx, "tag", `INSERT INTO article_tag (article, tag, position) VALUES ($1, $2, $3)`, a.ID, tag, i); err != nil {
			return err
		}
	}
	return nil
}

// Scope says which public articles a list holds. The zero value means all.
type Scope struct {
	Section string // slug
	Tag     string // slug
	Person  string // ID
	Story   string // the translations of one story

	// Lang leaves out the translations of stories that exist in that language.
	Lang string
}

// where returns the conditions of a scope and the values in them. A condition
// that is not set is left out: with one that is true of everything, an engine
// would have to plan for all scopes at once, and read every article.
func (s Scope) where() (conditions string, args []any) {
	conditions = `a.live <> ''`
	for _, c := range []struct{ value, condition string }{
		{s.Section, `a.section = $%[1]d`},
		{s.Tag, `a.id IN (SELECT article FROM article_tag WHERE tag = $%[1]d)`},
		{s.Person, `a.live IN (SELECT revision FROM revision_use WHERE kind = 'person' AND used = $%[1]d)`},
		{s.Story, `a.story = $%[1]d`},
		{s.Lang, `(a.lang = $%[1]d OR NOT EXISTS (SELECT 1 FROM article t WHERE t.story = a.story AND t.lang = $%[1]d AND t.live <> ''))`},
	} {
		if c.value != "" {
			args = append(args, c.value)
			conditions += ` AND ` + fmt.Sprintf(c.condition, len(args))
		}
	}
	return conditions, args
}

// Listings returns public articles, the newest first, after skipping some.
func (r *Reader) Listings(ctx context.Context, s Scope, skip, limit int) ([]broadside.Listing, error) {
	where, args := s.where()
	query := `SELECT ` + articleColumns + `, ` + summaryColumns + ` FROM article a JOIN revision r ON r.id = a.live WHERE ` + where +
		fmt.Sprintf(` ORDER BY a.published_at DESC, a.id DESC LIMIT $%d OFFSET $%d`, len(args)+1, len(args)+2)
	ls, err := list(ctx, r.c, "article", func(row scanner, l *broadside.Listing) error {
		return row.Scan(append(articleFields(&l.Article), summaryFields(&l.Summary)...)...)
	}, query, append(args, limit, skip)...)
	if err != nil {
		return nil, err
	}
	return ls, r.addPictures(ctx, ls)
}

func (r *Reader) addPictures(ctx context.Context, ls []broadside.Listing) error {
	for i := range ls {
		if ls[i].Summary.Picture == "" {
			continue
		}
		p, err := r.PictureByMaster(ctx, ls[i].Summary.Picture)
		if broadside.KindOf(err) == broadside.NotFound {
			continue // killed: the article is shown without it
		}
		if err != nil {
			return err
		}
		ls[i].Picture = p
	}
	return nil
}

// CountListings returns how many articles [Reader.Listings] would find in all.
func (r *Reader) CountListings(ctx context.Context, s Scope) (n int, err error) {
	where, args := s.where()
	err = r.c.row(ctx, `SELECT COUNT(*) FROM article a WHERE `+where, args...).scan("article", &n)
	return n, err
}

// An Address is where a public article is and when it last changed.
type Address struct {
	Path    string
	Lang    string
	Changed time.Time
}

// Addresses returns the addresses of public articles in the order of their
// IDs, for sitemaps.
func (r *Reader) Addresses(ctx context.Context, skip, limit int) ([]Address, error) {
	return list(ctx, r.c, "article", func(s scanner, a *Address) error {
		var section, slug string
		err := s.Scan(&section, &slug, &a.Lang, millis{&a.Changed})
		a.Path = broadside.ArticlePath(section, slug)
		return err
	}, `SELECT section, slug, lang, updated_at FROM article WHERE live <> '' ORDER BY id LIMIT $1 OFFSET $2`, limit, skip)
}
