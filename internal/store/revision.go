package store

import (
	"context"

	"example.org/broadside"
)

const summaryColumns = `r.kind, r.lang, r.dir, r.headline, r.standfirst, r.byline, r.picture, r.alt, r.words`

func summaryFields(s *broadside.Summary) []any {
	return []any{&s.Kind, &s.Lang, &s.Dir, &s.Headline, &s.Standfirst, &s.Byline, &s.Picture, &s.Alt, &s.Words}
}

const revisionColumns = `r.id, r.article, r.previous, r.author, r.created_at, r.canonical, r.digest, r.commitment, ` + summaryColumns

func scanRevision(s scanner, r *broadside.Revision) error {
	var canonical string
	err := s.Scan(append([]any{&r.ID, &r.Article, &r.Previous, &r.Author, millis{&r.Created}, &canonical, &r.Digest, &r.Commitment}, summaryFields(&r.Summary)...)...)
	if canonical != "" {
		r.Canonical = []byte(canonical)
	}
	return err
}

// Revision returns the revision with that ID.
func (r *Reader) Revision(ctx context.Context, id string) (*broadside.Revision, error) {
	return find(ctx, r.c, "revision", scanRevision, `SELECT `+revisionColumns+` FROM revision r WHERE r.id = $1`, id)
}

// Revisions returns the revisions of an article, the oldest first.
func (r *Reader) Revisions(ctx context.Context, article string) ([]broadside.Revision, error) {
	return list(ctx, r.c, "revision", scanRevision, `SELECT `+revisionColumns+` FROM revision r WHERE r.article = $1 ORDER BY r.created_at, r.id`, article)
}

// Salt returns the salt of a revision's commitment in hex. It is NotFound once
// the revision has been removed.
func (r *Reader) Salt(ctx context.Context, revision string) (salt string, err error) {
	err = r.c.row(ctx, `SELECT salt FROM revision_salt WHERE revision = $1`, revision).scan("salt", &salt)
	return salt, err
}

// Uses names what a revision uses: pictures by master, files by blob, people
// by ID.
type Uses struct{ Pictures, Files, People []string }

// InsertRevision adds a revision with its salt, in hex, and what it uses.
func (tx *Tx) InsertRevision(ctx context.Context, r *broadside.Revision, salt string, uses Uses) error {
	_, err := tx.c.exec(ctx, "revision", `
		INSERT INTO revision (id, article, previous, author, created_at, canonical, digest, commitment,
			kind, lang, dir, headline, standfirst, byline, picture, alt, words)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		r.ID, r.Article, r.Previous, r.Author, toMillis(r.Created), string(r.Canonical), r.Digest, r.Commitment,
		r.Kind, r.Lang, r.Dir, r.Headline, r.Standfirst, r.Byline, r.Picture, r.Alt, r.Words)
	if err != nil {
		return err
	}
	if _, err := tx.c.exec(ctx, "salt", `INSERT INTO revision_salt (revision, salt) VALUES ($1, $2)`, r.ID, salt); err != nil {
		return err
	}
	for kind, used := range map[string][]string{"picture": uses.Pictures, "file": uses.Files, "person": uses.People} {
		for _, u := range used {
			_, err := tx.c.exec(ctx, "use", `INSERT INTO revision_use (revision, kind, used) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, r.ID, kind, u)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// EraseRevisions empties every revision of an article: words, digest, salt and
// uses. The commitments stay; without the salt they match no guess.
func (tx *Tx) EraseRevisions(ctx context.Context, article string) error {
	for _, query := range []string{
		`UPDATE revision SET author = '', canonical = '', digest = '', kind = '', headline = '', standfirst = '', byline = '',
			picture = '', alt = '', words = 0 WHERE article = $1`,
		`DELETE FROM revision_salt WHERE revision IN (SELECT id FROM revision WHERE article = $1)`,
		`DELETE FROM revision_use WHERE revision IN (SELECT id FROM revision WHERE article = $1)`,
		`UPDATE publication SET note = '' WHERE article = $1`,
		`DELETE FROM redirect WHERE article = $1`,
		`DELETE FROM edition_article WHERE article = $1`,
		`DELETE FROM article_tag WHERE article = $1`,
		`DELETE FROM article_read WHERE article = $1`,
		`DELETE FROM article_source WHERE article = $1`,
	} {
		if _, err := tx.c.exec(ctx, "revision", query, article); err != nil {
			return err
		}
	}
	return nil
}

// UnusedBy returns what only the revisions of that article use, and nobody
// would miss with it. The portraits of the people who go are among the pictures.
func (r *Reader) UnusedBy(ctx context.Context, article string) (u Uses, err error) {
	const with = `
		WITH own AS (SELECT DISTINCT u.kind, u.used FROM revision_use u JOIN revision r ON r.id = u.revision WHERE r.article = $1),
			others AS (SELECT u.kind, u.used FROM revision_use u JOIN revision r ON r.id = u.revision WHERE r.article <> $1),
			people AS (SELECT used FROM own WHERE kind = 'person' AND used NOT IN (SELECT used FROM others WHERE kind = 'person'))`
	for _, part := range []struct {
		to    *[]string
		query string
	}{
		{&u.People, `SELECT used FROM people ORDER BY used`},
		{&u.Files, `SELECT used FROM own WHERE kind = 'file' AND used NOT IN (SELECT used FROM others WHERE kind = 'file') ORDER BY used`},
		{&u.Pictures, `
			SELECT c.used FROM (SELECT used FROM own WHERE kind = 'picture'
				UNION SELECT p.portrait FROM person p JOIN picture m ON m.master = p.portrait WHERE p.id IN (SELECT used FROM people)) c
			WHERE c.used NOT IN (SELECT used FROM others WHERE kind = 'picture')
				AND c.used NOT IN (SELECT portrait FROM person WHERE id NOT IN (SELECT used FROM people))
			ORDER BY c.used`},
	} {
		if *part.to, err = list(ctx, r.c, "use", scanText, with+` `+part.query, article); err != nil {
			return u, err
		}
	}
	return u, nil
}

// RevisionPeople returns the people whom the byline of a revision names, by ID.
func (r *Reader) RevisionPeople(ctx context.Context, revision string) ([]broadside.Person, error) {
	return list(ctx, r.c, "person", scanPerson, `
		SELECT p.id, p.slug, p.name, p.biography, p.portrait FROM revision_use u JOIN person p ON p.id = u.used
		WHERE u.revision = $1 AND u.kind = 'person' ORDER BY p.id`, revision)
}
