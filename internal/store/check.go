package store

import (
	"context"
	"fmt"
)

// CheckRows looks for rows that contradict each other and for damage that the
// engine itself can find. It calls report with a sentence for each; the error
// is of the looking.
func (db *DB) CheckRows(ctx context.Context, report func(string)) error {
	for _, c := range []struct{ query, sentence string }{
		{`SELECT id FROM article WHERE head NOT IN (SELECT id FROM revision)`, "article %s: its newest revision is missing"},
		{`SELECT id FROM article WHERE live <> '' AND live NOT IN (SELECT id FROM revision)`, "article %s: the revision that readers see is missing"},
		{`SELECT id FROM article WHERE (live <> '') <> (status = 'published')`, "article %s: its status does not agree with what readers see"},
		{`SELECT a.id FROM article a WHERE a.live <> '' AND a.live <> COALESCE((SELECT p.revision FROM publication p
			WHERE p.article = a.id ORDER BY p.seq DESC LIMIT 1), '')`, "article %s: the publication log does not end with the revision that readers see"},
		{`SELECT r.id FROM revision r JOIN article a ON a.id = r.article WHERE a.status <> 'removed' AND r.id NOT IN (SELECT revision FROM revision_salt)`, "revision %s: its salt is missing"},
		{`SELECT revision FROM revision_salt s JOIN revision r ON r.id = s.revision WHERE r.canonical = ''`, "revision %s: it was removed, but its salt is there"},
		{`SELECT CAST(seq AS TEXT) FROM publication WHERE seq > 1 AND seq - 1 NOT IN (SELECT seq FROM publication)`, "publication %s: the one before it is missing"},
		{`SELECT CAST(value AS TEXT) FROM counter WHERE name = 'publication' AND value <> (SELECT COALESCE(MAX(seq), 0) FROM publication)`, "the counter of publications stands at %s, which is not the last one"},
		{`SELECT u.revision FROM revision_use u WHERE u.kind = 'picture' AND u.used NOT IN (SELECT master FROM picture)`, "revision %s: it uses a picture that is missing"},
		{`SELECT u.revision FROM revision_use u WHERE u.kind = 'file' AND u.used NOT IN (SELECT blob FROM file)`, "revision %s: it uses a file that is missing"},
		{`SELECT id FROM article WHERE status = 'scheduled' AND id NOT IN (SELECT key FROM job WHERE kind = 'publish' AND state <> 'failed')`, "article %s: it is scheduled, but no job will publish it"},
	} {
		ids, err := list(ctx, db.c, "row", scanText, c.query)
		if err != nil {
			return err
		}
		for _, id := range ids {
			report(fmt.Sprintf(c.sentence, id))
		}
	}
	return db.checkEngine(ctx, report)
}

// checkEngine asks SQLite to verify its file. PostgreSQL verifies its pages'
// checksums whenever it reads them, and the queries above read every row.
func (db *DB) checkEngine(ctx context.Context, report func(string)) error {
	if db.postgres {
		return nil
	}
	lines, err := list(ctx, db.c, "database", scanText, `SELECT integrity_check FROM pragma_integrity_check`)
	if err != nil {
		return err
	}
	for _, line := range lines {
		if line != "ok" {
			report("the database file is damaged: " + line)
		}
	}
	broken, err := list(ctx, db.c, "row", scanText, `SELECT "table" FROM pragma_foreign_key_check`)
	for _, t := range broken {
		report("a row of the table " + t + " refers to one that is missing")
	}
	return err
}

// RevisionIDs returns the IDs of all revisions in order.
func (r *Reader) RevisionIDs(ctx context.Context) ([]string, error) {
	return list(ctx, r.c, "revision", scanText, `SELECT id FROM revision ORDER BY id`)
}
