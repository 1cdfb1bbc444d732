package store

import (
	"context"

	"example.org/broadside"
)

func scanPublication(s scanner, p *broadside.Publication) error {
	return s.Scan(&p.Seq, &p.Article, &p.Revision, &p.Kind, millis{&p.At}, &p.Note)
}

// AppendPublication writes the next row of the publication log and sets p.Seq.
// Until the transaction ends, no other can append: so numbers have no gaps and
// become visible in their order.
func (tx *Tx) AppendPublication(ctx context.Context, p *broadside.Publication) error {
	err := tx.c.row(ctx, `UPDATE counter SET value = value + 1 WHERE name = 'publication' RETURNING value`).scan("counter", &p.Seq)
	if err != nil {
		return err
	}
	_, err = tx.c.exec(ctx, "publication", `INSERT INTO publication (seq, article, revision, kind, at, note) VALUES ($1, $2, $3, $4, $5, $6)`,
		p.Seq, p.Article, p.Revision, p.Kind, toMillis(p.At), p.Note)
	if err != nil {
		return err
	}
	return tx.notify(ctx)
}

// Publications returns up to limit rows of the publication log after seq, in order.
func (r *Reader) Publications(ctx context.Context, after int64, limit int) ([]broadside.Publication, error) {
	return list(ctx, r.c, "publication", scanPublication,
		`SELECT seq, article, revision, kind, at, note FROM publication WHERE seq > $1 ORDER BY seq LIMIT $2`, after, limit)
}

// ArticlePublications returns the rows of the publication log about one
// article, in order: its corrections among them.
func (r *Reader) ArticlePublications(ctx context.Context, article string) ([]broadside.Publication, error) {
	return list(ctx, r.c, "publication", scanPublication,
		`SELECT seq, article, revision, kind, at, note FROM publication WHERE article = $1 ORDER BY seq`, article)
}

// Corrections returns the corrections, clarifications and updates that stand,
// the newest first.
func (r *Reader) Corrections(ctx context.Context, limit int) ([]broadside.Publication, error) {
	return list(ctx, r.c, "publication", scanPublication, `
		SELECT p.seq, p.article, p.revision, p.kind, p.at, p.note
		FROM publication p JOIN article a ON a.id = p.article
		WHERE p.kind IN ('correction', 'clarification', 'update') AND a.live <> ''
		ORDER BY p.seq DESC LIMIT $1`, limit)
}
