package store

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
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
	public := int64(0)
	if a.Live != "" {
		public = toMillis(a.Published)
	}
	for i, tag := range a.Tags {
		if _, err := tx.c.exec(ctx, "tag", `INSERT INTO article_tag (article, tag, position, published_at) VALUES ($1, $2, $3, $4)`, a.ID, tag, i, public); err != nil {
			return err
		}
	}
	return nil
}

// Scope says which public articles a list holds. The zero value means all but
// the paper's own pages, which are in no list unless Section asks for them.
type Scope struct {
	Section string // slug
	Tag     string // slug
	Person  string // ID
	Story   string // the translations of one story

	// Lang leaves out the translations of stories that exist in that language.
	Lang string

	// Only is a language: the list holds what is written in it, and no other.
	Only string

	// From and To bound the date of publication: From is the first moment, To
	// the first one after. A zero one is no bound.
	From, To time.Time
}

// where returns the conditions of a scope and the values in them. A condition
// that is not set is left out: with one that is true of everything, an engine
// would have to plan for all scopes at once, and read every article.
func (s Scope) where() (conditions string, args []any) {
	conditions = `a.live <> ''`
	if s.Section == "" {
		conditions += ` AND a.section <> '` + broadside.PageSection + `'`
	}
	for _, c := range []struct{ value, condition string }{
		{s.Section, `a.section = $%[1]d`},
		{s.Tag, `a.id IN (SELECT article FROM article_tag WHERE tag = $%[1]d)`},
		{s.Person, `a.live IN (SELECT revision FROM revision_use WHERE kind = 'person' AND used = $%[1]d)`},
		{s.Story, `a.story = $%[1]d`},
		{s.Lang, `(a.lang = $%[1]d OR NOT EXISTS (SELECT 1 FROM article t WHERE t.story = a.story AND t.lang = $%[1]d AND t.live <> ''))`},
		{s.Only, `a.lang = $%[1]d`},
	} {
		if c.value != "" {
			args = append(args, c.value)
			conditions += ` AND ` + fmt.Sprintf(c.condition, len(args))
		}
	}
	for _, bound := range []struct {
		at        time.Time
		condition string
	}{{s.From, `a.published_at >= $%d`}, {s.To, `a.published_at < $%d`}} {
		if !bound.at.IsZero() {
			args = append(args, toMillis(bound.at))
			conditions += ` AND ` + fmt.Sprintf(bound.condition, len(args))
		}
	}
	return conditions, args
}

const listingColumns = articleColumns + `, ` + summaryColumns

func scanListing(row scanner, l *broadside.Listing) error {
	return row.Scan(append(articleFields(&l.Article), summaryFields(&l.Summary)...)...)
}

// Listings returns public articles, the newest first, after skipping some.
func (r *Reader) Listings(ctx context.Context, s Scope, skip, limit int) ([]broadside.Listing, error) {
	ls, err := r.Headlines(ctx, s, skip, limit)
	if err != nil {
		return nil, err
	}
	return ls, r.addPictures(ctx, ls)
}

// Headlines is [Reader.Listings] without the pictures.
func (r *Reader) Headlines(ctx context.Context, s Scope, skip, limit int) ([]broadside.Listing, error) {
	where, args := s.where()
	query := `SELECT ` + listingColumns + ` FROM article a JOIN revision r ON r.id = a.live WHERE ` + where +
		fmt.Sprintf(` ORDER BY a.published_at DESC, a.id DESC LIMIT $%d OFFSET $%d`, len(args)+1, len(args)+2)
	return list(ctx, r.c, "article", scanListing, query, append(args, limit, skip)...)
}

// ListingsOf returns those of the articles that are public, in that order.
func (r *Reader) ListingsOf(ctx context.Context, ids []string) ([]broadside.Listing, error) {
	ls, err := r.headlinesOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	return ls, r.addPictures(ctx, ls)
}

// headlinesOf is [Reader.ListingsOf] without the pictures.
func (r *Reader) headlinesOf(ctx context.Context, ids []string) ([]broadside.Listing, error) {
	byID := map[string]broadside.Listing{}
	for chunk := range slices.Chunk(ids, idsAtOnce) {
		// The same text for every number of them, so that it is prepared once.
		args := make([]any, idsAtOnce)
		for i := range args {
			args[i] = chunk[min(i, len(chunk)-1)]
		}
		ls, err := list(ctx, r.c, "article", scanListing, listingsOfQuery, args...)
		if err != nil {
			return nil, err
		}
		for _, l := range ls {
			byID[l.Article.ID] = l
		}
	}
	var found []broadside.Listing
	for _, id := range ids {
		if l, ok := byID[id]; ok { // else withdrawn or removed since it was chosen
			found = append(found, l)
		}
	}
	return found, nil
}

// idsAtOnce is how many articles are asked for in one query.
const idsAtOnce = 12

var listingsOfQuery = func() string {
	marks := make([]string, idsAtOnce)
	for i := range marks {
		marks[i] = fmt.Sprintf("$%d", i+1)
	}
	return `SELECT ` + listingColumns + ` FROM article a JOIN revision r ON r.id = a.live WHERE a.live <> '' AND a.id IN (` + strings.Join(marks, ", ") + `)`
}()

// How far [Reader.Related] looks: at so many of an article's tags, at so many
// of the newest articles with each, and closely at so many of all of them.
const (
	relatedTags    = 6
	relatedNewest  = 24
	relatedNearest = 2 * idsAtOnce
)

// Related returns public articles that share tags with an article, those that
// share more of them first and the newer ones before the older, in the
// language or, where it has none, as they are, and less than limit if there are
// few. It looks at the newest of each tag. Other forms of the same story are not
// among them, nor are the paper's own pages, nor pictures.
func (r *Reader) Related(ctx context.Context, a *broadside.Article, lang string, limit int) ([]broadside.Listing, error) {
	ids, err := r.sharing(ctx, a)
	if err != nil {
		return nil, err
	}
	near, err := r.headlinesOf(ctx, ids[:min(len(ids), relatedNearest)])
	if err != nil {
		return nil, err
	}
	var related []broadside.Listing
	for _, l := range near {
		if len(related) == limit || l.Article.Story == a.Story || l.Article.IsPage() {
			continue
		}
		if l.Article.Lang != lang {
			n, err := r.count(ctx, `SELECT COUNT(*) FROM article WHERE story = $1 AND lang = $2 AND live <> ''`, l.Article.Story, lang)
			if err != nil {
				return nil, err
			}
			if n > 0 {
				continue
			}
		}
		related = append(related, l)
	}
	return related, nil
}

// sharing returns the IDs of the articles that share tags with a, the nearest
// first.
func (r *Reader) sharing(ctx context.Context, a *broadside.Article) ([]string, error) {
	type candidate struct {
		id        string
		published int64
	}
	shared := map[candidate]int{}
	for _, tag := range a.Tags[:min(len(a.Tags), relatedTags)] {
		newest, err := list(ctx, r.c, "tag", func(s scanner, c *candidate) error { return s.Scan(&c.id, &c.published) }, fmt.Sprintf(
			`SELECT article, published_at FROM article_tag WHERE tag = $1 AND published_at > 0 ORDER BY published_at DESC LIMIT %d`, relatedNewest), tag)
		if err != nil {
			return nil, err
		}
		for _, c := range newest {
			shared[c]++
		}
	}
	found := slices.SortedFunc(maps.Keys(shared), func(x, y candidate) int {
		return cmp.Or(cmp.Compare(shared[y], shared[x]), cmp.Compare(y.published, x.published), cmp.Compare(y.id, x.id))
	})
	ids := make([]string, len(found))
	for i, c := range found {
		ids[i] = c.id
	}
	return ids, nil
}

// count returns the one number of a query.
func (r *Reader) count(ctx context.Context, query string, args ...any) (n int, err error) {
	err = r.c.row(ctx, query, args...).scan("number", &n)
	return n, err
}

// addPictures completes listings with what is shown of pictures.
func (r *Reader) addPictures(ctx context.Context, ls []broadside.Listing) (err error) {
	for i := range ls {
		l := &ls[i]
		if l.Picture, err = r.pictureOrNone(ctx, l.Summary.Picture); err != nil {
			return err
		}
		if l.Summary.Kind != "opinion" {
			continue
		}
		if l.Portrait, err = r.portrait(ctx, l.Article.Live); err != nil {
			return err
		}
	}
	return nil
}

// pictureOrNone returns the picture with that identity, or nil if none is
// named or it was killed: then the article is shown without it.
func (r *Reader) pictureOrNone(ctx context.Context, master string) (*broadside.Picture, error) {
	if master == "" {
		return nil, nil
	}
	p, err := r.PictureByMaster(ctx, master)
	if broadside.KindOf(err) == broadside.NotFound {
		return nil, nil
	}
	return p, err
}

// portrait returns that of somebody in the byline of a revision, or nil.
func (r *Reader) portrait(ctx context.Context, revision string) (*broadside.Picture, error) {
	masters, err := list(ctx, r.c, "portrait", scanText, `
		SELECT p.portrait FROM revision_use u JOIN person p ON p.id = u.used
		WHERE u.revision = $1 AND u.kind = 'person' AND p.portrait <> '' ORDER BY p.id LIMIT 1`, revision)
	if err != nil || len(masters) == 0 {
		return nil, err
	}
	return r.pictureOrNone(ctx, masters[0])
}

// Dates returns the hours of publication of the articles in a scope, the
// newest first, for an archive to count them by.
func (r *Reader) Dates(ctx context.Context, s Scope) ([]time.Time, error) {
	where, args := s.where()
	return list(ctx, r.c, "article", func(row scanner, t *time.Time) error { return row.Scan(millis{t}) },
		`SELECT a.published_at FROM article a WHERE `+where+` ORDER BY a.published_at DESC`, args...)
}

// Languages returns the languages of public articles, by tag.
func (r *Reader) Languages(ctx context.Context) ([]string, error) {
	return list(ctx, r.c, "language", scanText,
		`SELECT DISTINCT lang FROM article WHERE live <> '' AND section <> '`+broadside.PageSection+`' ORDER BY lang`)
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
