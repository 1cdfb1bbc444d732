package store

import (
	"context"
	"encoding/json"
	"fmt"

	"example.org/broadside"
)

// Setting reads the value of a key into to, as JSON. It leaves to alone and
// returns false if the key was never set.
func (r *Reader) Setting(ctx context.Context, key string, to any) (bool, error) {
	var value string
	err := r.c.row(ctx, `SELECT value FROM setting WHERE key = $1`, key).scan("setting", &value)
	if broadside.KindOf(err) == broadside.NotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := json.Unmarshal([]byte(value), to); err != nil {
		return false, fmt.Errorf("setting %s: %w", key, err)
	}
	return true, nil
}

// SetSetting stores the value of a key as JSON.
func (tx *Tx) SetSetting(ctx context.Context, key string, value any) error {
	b, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("setting %s: %w", key, err)
	}
	_, err = tx.c.exec(ctx, "setting", `INSERT INTO setting (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, string(b))
	return err
}

const paperKey = "paper"

// Paper returns the newspaper's particulars; before they are set, those of a
// paper without a name of its own.
func (r *Reader) Paper(ctx context.Context) (broadside.Paper, error) {
	p := broadside.Paper{Name: "The Broadside", Lang: "en-GB", TimeZone: "UTC"}
	_, err := r.Setting(ctx, paperKey, &p)
	return p, err
}

// SetPaper stores the newspaper's particulars.
func (tx *Tx) SetPaper(ctx context.Context, p broadside.Paper) error {
	if err := tx.SetSetting(ctx, paperKey, p); err != nil {
		return err
	}
	return tx.Touch(ctx)
}

const frontKey = "front"

// Front returns the IDs of the articles with which the front page begins, in
// the editor's order; none if the newest lead. Some may be public no more.
func (r *Reader) Front(ctx context.Context) (ids []string, err error) {
	_, err = r.Setting(ctx, frontKey, &ids)
	return ids, err
}

// SetFront stores with which articles the front page begins.
func (tx *Tx) SetFront(ctx context.Context, ids []string) error {
	if err := tx.SetSetting(ctx, frontKey, ids); err != nil {
		return err
	}
	return tx.Touch(ctx)
}

// Sections returns all sections in the order of the navigation. That of the
// paper's own pages is not among them.
func (r *Reader) Sections(ctx context.Context) ([]broadside.Section, error) {
	return list(ctx, r.c, "section", scanSection,
		`SELECT slug, name, description, position FROM section WHERE slug <> '`+broadside.PageSection+`' ORDER BY position, slug`)
}

// Section returns the section with that slug.
func (r *Reader) Section(ctx context.Context, slug string) (*broadside.Section, error) {
	return find(ctx, r.c, "section", scanSection, `SELECT slug, name, description, position FROM section WHERE slug = $1`, slug)
}

func scanSection(s scanner, to *broadside.Section) error {
	return s.Scan(&to.Slug, &to.Name, &to.Description, &to.Position)
}

// PutSection adds a section or changes the one with its slug.
func (tx *Tx) PutSection(ctx context.Context, s broadside.Section) error {
	_, err := tx.c.exec(ctx, "section", `
		INSERT INTO section (slug, name, description, position) VALUES ($1, $2, $3, $4)
		ON CONFLICT (slug) DO UPDATE SET name = excluded.name, description = excluded.description, position = excluded.position`,
		s.Slug, s.Name, s.Description, s.Position)
	if err != nil {
		return err
	}
	return tx.Touch(ctx)
}

// Tag returns the tag with that slug.
func (r *Reader) Tag(ctx context.Context, slug string) (*broadside.Tag, error) {
	return find(ctx, r.c, "tag", scanTag, `SELECT slug, name FROM tag WHERE slug = $1`, slug)
}

// Tags returns all tags by slug.
func (r *Reader) Tags(ctx context.Context) ([]broadside.Tag, error) {
	return list(ctx, r.c, "tag", scanTag, `SELECT slug, name FROM tag ORDER BY slug`)
}

// PublicTags returns the tags that public articles have, by slug. Those that
// only the paper's own pages have are not among them: there is no list of them.
func (r *Reader) PublicTags(ctx context.Context) ([]broadside.Tag, error) {
	return list(ctx, r.c, "tag", scanTag, `
		SELECT slug, name FROM tag WHERE slug IN (SELECT at.tag FROM article_tag at JOIN article a ON a.id = at.article
			WHERE a.live <> '' AND a.section <> '`+broadside.PageSection+`') ORDER BY slug`)
}

// ArticleTags returns the tags of an article in their order.
func (r *Reader) ArticleTags(ctx context.Context, article string) ([]broadside.Tag, error) {
	return list(ctx, r.c, "tag", scanTag, `
		SELECT t.slug, t.name FROM tag t JOIN article_tag at ON at.tag = t.slug WHERE at.article = $1 ORDER BY at.position`, article)
}

func scanTag(s scanner, t *broadside.Tag) error { return s.Scan(&t.Slug, &t.Name) }

// EnsureTag adds a tag unless there is one with its slug.
func (tx *Tx) EnsureTag(ctx context.Context, t broadside.Tag) error {
	_, err := tx.c.exec(ctx, "tag", `INSERT INTO tag (slug, name) VALUES ($1, $2) ON CONFLICT (slug) DO NOTHING`, t.Slug, t.Name)
	return err
}

// DeleteUnusedTag removes a tag that no article has.
func (tx *Tx) DeleteUnusedTag(ctx context.Context, slug string) error {
	_, err := tx.c.exec(ctx, "tag", `DELETE FROM tag WHERE slug = $1 AND slug NOT IN (SELECT tag FROM article_tag)`, slug)
	return err
}

const personColumns = `id, slug, name, biography, portrait`

func scanPerson(s scanner, p *broadside.Person) error {
	return s.Scan(&p.ID, &p.Slug, &p.Name, &p.Biography, &p.Portrait)
}

// Person returns the person with that slug.
func (r *Reader) Person(ctx context.Context, slug string) (*broadside.Person, error) {
	return find(ctx, r.c, "person", scanPerson, `SELECT `+personColumns+` FROM person WHERE slug = $1`, slug)
}

// PersonByID returns the person with that ID.
func (r *Reader) PersonByID(ctx context.Context, id string) (*broadside.Person, error) {
	return find(ctx, r.c, "person", scanPerson, `SELECT `+personColumns+` FROM person WHERE id = $1`, id)
}

// PersonNamed returns the first person of that name, as printed.
func (r *Reader) PersonNamed(ctx context.Context, name string) (*broadside.Person, error) {
	return find(ctx, r.c, "person", scanPerson, `SELECT `+personColumns+` FROM person WHERE name = $1 ORDER BY id LIMIT 1`, name)
}

// People returns everybody by name.
func (r *Reader) People(ctx context.Context) ([]broadside.Person, error) {
	return list(ctx, r.c, "person", scanPerson, `SELECT `+personColumns+` FROM person ORDER BY name, id`)
}

// PublicPeople returns those whom the bylines of public articles name, by slug.
// The paper's own pages do not count.
func (r *Reader) PublicPeople(ctx context.Context) ([]broadside.Person, error) {
	return list(ctx, r.c, "person", scanPerson, `
		SELECT `+personColumns+` FROM person
		WHERE id IN (SELECT u.used FROM revision_use u JOIN article a ON a.live = u.revision
			WHERE u.kind = 'person' AND a.section <> '`+broadside.PageSection+`') ORDER BY slug`)
}

// PutPerson adds a person or changes the one with that ID. It returns a
// Conflict error if another has the slug.
func (tx *Tx) PutPerson(ctx context.Context, p broadside.Person) error {
	n, err := tx.c.exec(ctx, "person", `UPDATE person SET slug = $2, name = $3, biography = $4, portrait = $5 WHERE id = $1`,
		p.ID, p.Slug, p.Name, p.Biography, p.Portrait)
	if err != nil {
		return err
	}
	if n > 0 {
		return tx.Touch(ctx)
	}
	// No page can show somebody who is new.
	_, err = tx.c.exec(ctx, "person", `INSERT INTO person (id, slug, name, biography, portrait) VALUES ($1, $2, $3, $4, $5)`,
		p.ID, p.Slug, p.Name, p.Biography, p.Portrait)
	return err
}

// DeletePerson removes a person, if there is one of that ID, and the redirects
// from their old addresses. Bylines keep the name as printed.
func (tx *Tx) DeletePerson(ctx context.Context, id string) error {
	p, err := tx.PersonByID(ctx, id)
	if broadside.KindOf(err) == broadside.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = tx.c.exec(ctx, "redirect", `
		WITH RECURSIVE old (path) AS (
			SELECT path FROM redirect WHERE target = $1 UNION SELECT r.path FROM redirect r JOIN old ON r.target = old.path
		) DELETE FROM redirect WHERE path IN (SELECT path FROM old)`, p.Path())
	if err != nil {
		return err
	}
	_, err = tx.c.exec(ctx, "person", `DELETE FROM person WHERE id = $1`, id)
	return err
}

// Redirect returns where an old path leads.
func (r *Reader) Redirect(ctx context.Context, path string) (*broadside.Redirect, error) {
	return find(ctx, r.c, "redirect", func(s scanner, to *broadside.Redirect) error {
		return s.Scan(&to.Path, &to.Article, &to.Target)
	}, `SELECT path, article, target FROM redirect WHERE path = $1`, path)
}

// PutRedirect adds a redirect or changes the one from its path.
func (tx *Tx) PutRedirect(ctx context.Context, to broadside.Redirect) error {
	_, err := tx.c.exec(ctx, "redirect", `
		INSERT INTO redirect (path, article, target) VALUES ($1, $2, $3)
		ON CONFLICT (path) DO UPDATE SET article = excluded.article, target = excluded.target`, to.Path, to.Article, to.Target)
	return err
}

// DeleteRedirect removes the redirect from a path, if there is one: an article
// that comes back to its old address needs it no more.
func (tx *Tx) DeleteRedirect(ctx context.Context, path string) error {
	_, err := tx.c.exec(ctx, "redirect", `DELETE FROM redirect WHERE path = $1`, path)
	return err
}
