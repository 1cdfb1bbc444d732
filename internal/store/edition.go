package store

import (
	"context"

	"example.org/broadside"
)

// Edition returns the edition of that number with its articles in order.
func (r *Reader) Edition(ctx context.Context, number int) (*broadside.Edition, error) {
	e, err := find(ctx, r.c, "edition", scanEdition, `SELECT `+editionColumns+` FROM edition WHERE number = $1`, number)
	if err != nil {
		return nil, err
	}
	e.Items, err = list(ctx, r.c, "article", func(s scanner, i *broadside.EditionItem) error {
		return s.Scan(&i.Article, &i.Weight)
	}, `SELECT article, weight FROM edition_article WHERE edition = $1 ORDER BY position`, e.ID)
	return e, err
}

const editionColumns = `id, number, date, lang, title, closed_at`

func scanEdition(s scanner, e *broadside.Edition) error {
	return s.Scan(&e.ID, &e.Number, &e.Date, &e.Lang, &e.Title, millis{&e.Closed})
}

// Editions returns the editions that are closed, without their lists, the
// newest first, after skipping some.
func (r *Reader) Editions(ctx context.Context, skip, limit int) ([]broadside.Edition, error) {
	return list(ctx, r.c, "edition", scanEdition,
		`SELECT `+editionColumns+` FROM edition WHERE closed_at <> 0 ORDER BY number DESC LIMIT $1 OFFSET $2`, limit, skip)
}

// CountEditions returns how many editions are closed.
func (r *Reader) CountEditions(ctx context.Context) (n int, err error) {
	err = r.c.row(ctx, `SELECT COUNT(*) FROM edition WHERE closed_at <> 0`).scan("edition", &n)
	return n, err
}

// PutEdition adds an edition or changes the one with that ID, its list of
// articles included. It returns a Conflict error if another has the number.
func (tx *Tx) PutEdition(ctx context.Context, e *broadside.Edition) error {
	_, err := tx.c.exec(ctx, "edition", `
		INSERT INTO edition (id, number, date, lang, title, closed_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (id) DO UPDATE SET number = excluded.number, date = excluded.date, lang = excluded.lang, title = excluded.title, closed_at = excluded.closed_at`,
		e.ID, e.Number, e.Date, e.Lang, e.Title, toMillis(e.Closed))
	if err != nil {
		return err
	}
	if _, err := tx.c.exec(ctx, "edition", `DELETE FROM edition_article WHERE edition = $1`, e.ID); err != nil {
		return err
	}
	for i, item := range e.Items {
		_, err := tx.c.exec(ctx, "article of the edition", `INSERT INTO edition_article (edition, article, position, weight) VALUES ($1, $2, $3, $4)`,
			e.ID, item.Article, i, item.Weight)
		if err != nil {
			return err
		}
	}
	return tx.Touch(ctx)
}
