package store

import (
	"context"
	"fmt"
	"time"
)

// A Read counts how often an article was read in one hour.
type Read struct {
	Article string
	Hour    time.Time // its beginning
	Reads   int64
}

// A Source counts how often an article was read in one day by readers who came
// from one host.
type Source struct {
	Article string
	Day     time.Time // its beginning, in UTC
	Host    string    // empty for all that have no name, or came when too many were told apart
	Reads   int64
}

// AddReads adds counts to those that are there. Articles that have been removed
// meanwhile are passed over.
func (tx *Tx) AddReads(ctx context.Context, reads []Read, sources []Source) error {
	// So that none is added while its article is being removed.
	if err := tx.LockShared(ctx); err != nil {
		return err
	}
	for _, r := range reads {
		_, err := tx.c.exec(ctx, "read", `
			INSERT INTO article_read (article, hour, reads) SELECT id, CAST($2 AS BIGINT), CAST($3 AS BIGINT) FROM article WHERE id = $1 AND status <> 'removed'
			ON CONFLICT (article, hour) DO UPDATE SET reads = article_read.reads + excluded.reads`,
			r.Article, toMillis(r.Hour), r.Reads)
		if err != nil {
			return err
		}
	}
	for _, s := range sources {
		_, err := tx.c.exec(ctx, "source", `
			INSERT INTO article_source (article, day, host, reads) SELECT id, CAST($2 AS BIGINT), CAST($3 AS TEXT), CAST($4 AS BIGINT) FROM article WHERE id = $1 AND status <> 'removed'
			ON CONFLICT (article, day, host) DO UPDATE SET reads = article_source.reads + excluded.reads`,
			s.Article, toMillis(s.Day), s.Host, s.Reads)
		if err != nil {
			return err
		}
	}
	return nil
}

// A ReadScope says which counts are asked for. The zero value means all.
type ReadScope struct {
	Article  string    // ID
	From, To time.Time // the first moment, and the first one after; a zero one is no bound
}

func (s ReadScope) where(at string) (conditions string, args []any) {
	conditions = `1 = 1`
	add := func(condition string, value any) {
		args = append(args, value)
		conditions += fmt.Sprintf(` AND `+condition, len(args))
	}
	if s.Article != "" {
		add(`article = $%d`, s.Article)
	}
	if !s.From.IsZero() {
		add(at+` >= $%d`, toMillis(s.From))
	}
	if !s.To.IsZero() {
		add(at+` < $%d`, toMillis(s.To))
	}
	return conditions, args
}

// Reads returns how often articles were read in each hour, in the order of the
// hours.
func (r *Reader) Reads(ctx context.Context, s ReadScope) ([]Read, error) {
	where, args := s.where(`hour`)
	return list(ctx, r.c, "read", func(row scanner, to *Read) error { return row.Scan(&to.Article, millis{&to.Hour}, &to.Reads) },
		`SELECT article, hour, reads FROM article_read WHERE `+where+` ORDER BY hour, article`, args...)
}

// ReadTotals returns how often each article was read, the most read first. Hour
// is zero.
func (r *Reader) ReadTotals(ctx context.Context, s ReadScope, limit int) ([]Read, error) {
	where, args := s.where(`hour`)
	return list(ctx, r.c, "read", func(row scanner, to *Read) error { return row.Scan(&to.Article, &to.Reads) },
		fmt.Sprintf(`SELECT article, CAST(SUM(reads) AS BIGINT) FROM article_read WHERE %s GROUP BY article ORDER BY 2 DESC, article LIMIT $%d`, where, len(args)+1),
		append(args, limit)...)
}

// SourceTotals returns from which hosts readers came, the most frequent first.
// Article and Day are zero. Days count that begin within the scope's bounds.
func (r *Reader) SourceTotals(ctx context.Context, s ReadScope, limit int) ([]Source, error) {
	where, args := s.where(`day`)
	return list(ctx, r.c, "source", func(row scanner, to *Source) error { return row.Scan(&to.Host, &to.Reads) },
		fmt.Sprintf(`SELECT host, CAST(SUM(reads) AS BIGINT) FROM article_source WHERE %s GROUP BY host ORDER BY 2 DESC, host LIMIT $%d`, where, len(args)+1),
		append(args, limit)...)
}
