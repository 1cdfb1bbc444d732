package store

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"example.org/broadside"
)

// A table is one table of a dump: what is listed first may be referred to by
// what comes later.
type table struct {
	name    string
	columns string
	key     string // the order of the rows, so that equal papers have equal dumps
}

var tables = []table{
	{"setting", "key, value", "key"},
	{"counter", "name, value", "name"},
	{"section", "slug, name, description, position", "slug"},
	{"tag", "slug, name", "slug"},
	{"person", "id, slug, name, biography, portrait", "id"},
	{"picture", pictureColumns, "id"},
	{"rendition", "picture, width, format, blob, size", "picture, width, format"},
	{"file", fileColumns, "id"},
	{"article", "id, story, lang, section, slug, status, head, live, publish_at, published_at, updated_at, created_at, version", "id"},
	{"article_tag", "article, tag, position, published_at", "article, tag"},
	{"revision", "id, article, previous, author, created_at, canonical, digest, commitment, kind, lang, dir, headline, standfirst, byline, picture, alt, words", "id"},
	{"revision_salt", "revision, salt", "revision"},
	{"revision_use", "revision, kind, used", "revision, kind, used"},
	{"publication", "seq, article, revision, kind, at, note", "seq"},
	{"redirect", "path, article, target", "path"},
	{"edition", "id, number, date, lang, title, closed_at", "id"},
	{"edition_article", "edition, article, position, weight", "edition, article"},
	{"article_read", "article, hour, reads", "article, hour"},
	{"article_source", "article, day, host, reads", "article, day, host"},
	{"job", jobColumns, "id"},
}

// Snapshot calls f with a reader that sees the database as it is now, whatever
// is written meanwhile. Writers do not wait for it.
func (db *DB) Snapshot(ctx context.Context, f func(*Reader) error) error {
	tx, err := db.reader.BeginTx(ctx, db.snapshotOptions())
	if err != nil {
		return classify("snapshot", err)
	}
	defer tx.Rollback()
	return f(&Reader{conn{tx}})
}

// snapshotOptions asks each engine for a view that does not move. A transaction
// that reads from SQLite in WAL mode has one by nature.
func (db *DB) snapshotOptions() *sql.TxOptions {
	if db.postgres {
		return &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	}
	return &sql.TxOptions{ReadOnly: true}
}

// Dump writes every row as lines of JSON, in a form that both engines read:
// for each table its name and columns, then a list of values a row. Call it
// inside [DB.Snapshot].
func (r *Reader) Dump(ctx context.Context, w io.Writer) error {
	out := bufio.NewWriterSize(w, 1<<16)
	for _, t := range tables {
		if err := r.dumpTable(ctx, t, out); err != nil {
			return err
		}
	}
	return out.Flush()
}

type dumpHead struct {
	Table   string   `json:"table"`
	Columns []string `json:"columns"`
}

func (r *Reader) dumpTable(ctx context.Context, t table, out io.Writer) error {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	columns := strings.Split(t.columns, ", ")
	if err := enc.Encode(dumpHead{t.name, columns}); err != nil {
		return err
	}
	rows, err := r.c.q.QueryContext(ctx, `SELECT `+t.columns+` FROM `+t.name+` ORDER BY `+t.key)
	if err != nil {
		return classify(t.name, err)
	}
	defer rows.Close()
	values, to := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		to[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(to...); err != nil {
			return classify(t.name, err)
		}
		for i, v := range values {
			if b, ok := v.([]byte); ok {
				values[i] = string(b)
			}
		}
		if err := enc.Encode(values); err != nil {
			return err
		}
	}
	return classify(t.name, rows.Err())
}

// Restore makes the database that dsn names, with the schema of that version,
// fills it from a dump and brings it up to date: all of it or nothing. It
// returns a Conflict error if the database holds a paper already.
func Restore(ctx context.Context, dsn string, version int64, dump io.Reader) error {
	db, err := connect(dsn)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := db.migrate(ctx, version); err != nil {
		return fmt.Errorf("preparing the database %s: %w", Redact(dsn), err)
	}
	err = db.Update(ctx, func(tx *Tx) error {
		if err := tx.refuseFilled(ctx); err != nil {
			return err
		}
		return tx.load(ctx, dump)
	})
	if err != nil {
		return err
	}
	return db.migrate(ctx, latest)
}

func (tx *Tx) refuseFilled(ctx context.Context) error {
	var n int
	err := tx.c.row(ctx, `SELECT (SELECT COUNT(*) FROM setting) + (SELECT COUNT(*) FROM article) + (SELECT COUNT(*) FROM section)`).scan("paper", &n)
	if err == nil && n > 0 {
		err = broadside.Errorf(broadside.Conflict, "The database holds a paper already: restore into an empty one.")
	}
	return err
}

func (tx *Tx) load(ctx context.Context, dump io.Reader) error {
	if _, err := tx.c.exec(ctx, "counter", `DELETE FROM counter`); err != nil {
		return err
	}
	lines := bufio.NewReaderSize(dump, 1<<16)
	var insert string
	for n := 1; ; n++ {
		line, err := lines.ReadBytes('\n')
		if err == io.EOF && len(line) == 0 {
			return nil
		}
		if err != nil && err != io.EOF {
			return fmt.Errorf("rows, line %d: %w", n, err)
		}
		if line[0] == '{' {
			insert, err = insertQuery(line)
		} else {
			err = tx.loadRow(ctx, insert, line)
		}
		if err != nil {
			return fmt.Errorf("rows, line %d: %w", n, err)
		}
	}
}

// insertQuery builds the statement for the rows that follow a head. Names come
// from a file, so only those of our own tables are let through.
func insertQuery(line []byte) (string, error) {
	var head dumpHead
	if err := json.Unmarshal(line, &head); err != nil {
		return "", err
	}
	for _, t := range tables {
		if t.name != head.Table {
			continue
		}
		known := ", " + t.columns + ","
		marks := make([]string, len(head.Columns))
		for i, c := range head.Columns {
			if !strings.Contains(known, ", "+c+",") {
				return "", fmt.Errorf("the table %s has no column %q", t.name, c)
			}
			marks[i] = fmt.Sprintf("$%d", i+1)
		}
		return `INSERT INTO ` + t.name + ` (` + strings.Join(head.Columns, ", ") + `) VALUES (` + strings.Join(marks, ", ") + `)`, nil
	}
	return "", fmt.Errorf("there is no table %q", head.Table)
}

func (tx *Tx) loadRow(ctx context.Context, insert string, line []byte) error {
	var values []any
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.UseNumber()
	if err := dec.Decode(&values); err != nil {
		return err
	}
	for i, v := range values {
		if n, ok := v.(json.Number); ok {
			whole, err := n.Int64()
			if err != nil {
				return err
			}
			values[i] = whole
		}
	}
	_, err := tx.c.exec(ctx, "row", insert, values...)
	return err
}
