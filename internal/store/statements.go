package store

import (
	"context"
	"database/sql"
	"sync"
)

// maxStatements is more than there are texts of queries. One that is put
// together in ever new ways must not fill the memory.
const maxStatements = 300

// A statements is a database whose queries are prepared once: SQLite otherwise
// spends more time on reading a query than on answering it. It is safe for
// concurrent use. (pgx does the same by itself.)
type statements struct {
	*sql.DB
	mu  sync.RWMutex
	all map[string]*sql.Stmt
}

func newStatements(db *sql.DB) *statements { return &statements{DB: db, all: map[string]*sql.Stmt{}} }

// prepared returns the statement of a query, or nil if it is to be asked as it
// is: because there are too many, or because it cannot be prepared, whose error
// the asking will say.
func (s *statements) prepared(ctx context.Context, query string) *sql.Stmt {
	s.mu.RLock()
	stmt, ok := s.all[query]
	full := len(s.all) >= maxStatements
	s.mu.RUnlock()
	if ok || full {
		return stmt
	}
	stmt, err := s.PrepareContext(ctx, query)
	if err != nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if other, ok := s.all[query]; ok { // somebody else was first
		stmt.Close()
		return other
	}
	s.all[query] = stmt
	return stmt
}

// QueryContext asks a query.
func (s *statements) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if stmt := s.prepared(ctx, query); stmt != nil {
		return stmt.QueryContext(ctx, args...)
	}
	return s.DB.QueryContext(ctx, query, args...)
}

// QueryRowContext asks a query for one row.
func (s *statements) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if stmt := s.prepared(ctx, query); stmt != nil {
		return stmt.QueryRowContext(ctx, args...)
	}
	return s.DB.QueryRowContext(ctx, query, args...)
}
