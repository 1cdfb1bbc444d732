package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"example.org/broadside"
)

// A querier is what a database and a transaction have in common.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// A conn runs statements and gives their errors a kind.
type conn struct{ q querier }

// exec runs a statement and returns how many rows it changed. What names the
// thing that it writes, for errors.
func (c conn) exec(ctx context.Context, what, query string, args ...any) (int64, error) {
	res, err := c.q.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, classify(what, err)
	}
	n, err := res.RowsAffected()
	return n, classify(what, err)
}

func (c conn) row(ctx context.Context, query string, args ...any) row {
	return row{c.q.QueryRowContext(ctx, query, args...)}
}

type row struct{ *sql.Row }

// scan is Scan, with a NotFound error about what if there is no row.
func (r row) scan(what string, to ...any) error { return classify(what, r.Scan(to...)) }

// A scanner is a row or the current one of several.
type scanner interface{ Scan(to ...any) error }

// list reads all rows of a query, each by scan.
func list[T any](ctx context.Context, c conn, what string, scan func(scanner, *T) error, query string, args ...any) ([]T, error) {
	rows, err := c.q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, classify(what, err)
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		var t T
		if err := scan(rows, &t); err != nil {
			return nil, classify(what, err)
		}
		all = append(all, t)
	}
	return all, classify(what, rows.Err())
}

// find reads the one row of a query.
func find[T any](ctx context.Context, c conn, what string, scan func(scanner, *T) error, query string, args ...any) (*T, error) {
	t := new(T)
	if err := scan(c.row(ctx, query, args...), t); err != nil {
		return nil, classify(what, err)
	}
	return t, nil
}

func scanText(s scanner, to *string) error { return s.Scan(to) }

// classify gives an error of an engine the kind that says what to do.
func classify(what string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sql.ErrNoRows):
		return &broadside.Error{Kind: broadside.NotFound, Public: "There is no such " + what + ".", Err: err}
	case isUnique(err):
		return &broadside.Error{Kind: broadside.Conflict, Public: "There is such a " + what + " already.", Err: err}
	case isFull(err):
		return &broadside.Error{Kind: broadside.Unavailable, Public: "The disk of the database is full: nothing was changed. Make room and try again.", Err: err}
	case isAway(err):
		return &broadside.Error{Kind: broadside.Unavailable, Public: "The database does not answer at the moment. Please try again shortly.", Err: err}
	}
	if _, ok := errors.AsType[*broadside.Error](err); ok {
		return err
	}
	return fmt.Errorf("%s: %w", what, err)
}

func isUnique(err error) bool {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code == "23505"
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	return false
}

// isDeadlock reports that PostgreSQL ended a transaction because it and another
// one were waiting for each other.
func isDeadlock(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && e.Code == "40P01"
}

func isFull(err error) bool {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code == "53100"
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() == sqlite3.SQLITE_FULL
	}
	return false
}

// isAway reports errors of a database that is stopped, starting or unreachable,
// or locked by others for longer than we wait.
func isAway(err error) bool {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		// Class 08 is "connection exception"; 57P01-3 are shutdown, crash and start; 53300 is "too many connections".
		return strings.HasPrefix(e.Code, "08") || strings.HasPrefix(e.Code, "57P0") || e.Code == "53300"
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code()&0xff == sqlite3.SQLITE_BUSY
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	if _, ok := errors.AsType[net.Error](err); ok { // a deadline that passed is one too
		return true
	}
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed) ||
		strings.Contains(err.Error(), "conn closed")
}

// millis is a time stored as Unix milliseconds, 0 for the zero time.
type millis struct{ t *time.Time }

// Scan reads a BIGINT column.
func (m millis) Scan(v any) error {
	n, ok := v.(int64)
	if !ok {
		return fmt.Errorf("a column of times holds %T", v)
	}
	*m.t = time.Time{}
	if n != 0 {
		*m.t = time.UnixMilli(n).UTC()
	}
	return nil
}

func toMillis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}
