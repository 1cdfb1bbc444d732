package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"example.org/broadside"
)

// A Job is one row of the queue. A finished job has no row any more.
type Job struct {
	ID       string
	Kind     string
	Key      string // there is one job of a kind and key at a time
	Args     []byte // JSON
	State    string // "ready", "running" or "failed"
	RunAt    time.Time
	Attempts int
	Fence    int64 // grows with each claim: an old holder's writes are refused
	Lease    time.Time
	Error    string // of the last attempt
	Created  time.Time
}

const jobColumns = `id, kind, key, args, state, run_at, attempts, fence, lease_until, error, created_at`

func scanJob(s scanner, j *Job) error {
	return s.Scan(&j.ID, &j.Kind, &j.Key, &j.Args, &j.State, millis{&j.RunAt}, &j.Attempts, &j.Fence, millis{&j.Lease}, &j.Error, millis{&j.Created})
}

// Enqueue adds a job. If there is one of its kind and key, that one is set to
// the new arguments and hour instead, unless it is running: then it runs to its
// end and, as it is safe to run twice, once more.
func (tx *Tx) Enqueue(ctx context.Context, j Job) error {
	_, err := tx.c.exec(ctx, "job", `
		INSERT INTO job (id, kind, key, args, state, run_at, created_at) VALUES ($1, $2, $3, $4, 'ready', $5, $6)
		ON CONFLICT (kind, key) DO UPDATE SET args = excluded.args, run_at = excluded.run_at, state = 'ready', attempts = 0, error = '',
			fence = job.fence + 1, lease_until = 0`,
		j.ID, j.Kind, j.Key, string(j.Args), toMillis(j.RunAt), toMillis(j.Created))
	return err
}

// CancelJob removes the job of that kind and key, if there is one.
func (tx *Tx) CancelJob(ctx context.Context, kind, key string) error {
	_, err := tx.c.exec(ctx, "job", `DELETE FROM job WHERE kind = $1 AND key = $2`, kind, key)
	return err
}

// ClaimJob gives the caller the next job of the given kinds that is due, or
// whose holder's lease has run out, until the new lease ends. It returns nil if
// there is none.
func (db *DB) ClaimJob(ctx context.Context, kinds []string, now, lease time.Time) (*Job, error) {
	due, args := dueJobs(kinds, now)
	// Looking first keeps an idle queue from taking the lock for writing.
	var any int
	err := db.c.row(ctx, `SELECT COUNT(*) FROM (SELECT id FROM job WHERE `+due+` LIMIT 1) AS d`, args...).scan("job", &any)
	if err != nil || any == 0 {
		return nil, err
	}
	var j *Job
	err = db.Update(ctx, func(tx *Tx) error {
		j, err = find(ctx, tx.c, "job", scanJob, `
			UPDATE job SET state = 'running', attempts = attempts + 1, fence = fence + 1, lease_until = `+fmt.Sprintf("$%d", len(args)+1)+`
			WHERE id = (SELECT id FROM job WHERE `+due+` ORDER BY run_at, id LIMIT 1 `+tx.skipLocked()+`)
			RETURNING `+jobColumns, append(args, toMillis(lease))...)
		return err
	})
	if broadside.KindOf(err) == broadside.NotFound {
		return nil, nil
	}
	return j, err
}

// dueJobs returns the condition for jobs of those kinds that may be claimed.
func dueJobs(kinds []string, now time.Time) (condition string, args []any) {
	args = []any{toMillis(now)}
	marks := make([]string, len(kinds))
	for i, kind := range kinds {
		args = append(args, kind)
		marks[i] = fmt.Sprintf("$%d", len(args))
	}
	return `(state = 'ready' AND run_at <= $1 OR state = 'running' AND lease_until < $1) AND kind IN (` + strings.Join(marks, ", ") + `)`, args
}

// ExtendJob prolongs the lease of a claimed job. It returns a Conflict error
// if somebody else holds the job by now: its work must stop.
func (db *DB) ExtendJob(ctx context.Context, j *Job, lease time.Time) error {
	return db.held(ctx, `UPDATE job SET lease_until = $3 WHERE id = $1 AND fence = $2 AND state = 'running'`, j.ID, j.Fence, toMillis(lease))
}

// FinishJob removes a job that is done, if the caller still holds it.
func (db *DB) FinishJob(ctx context.Context, j *Job) error {
	return db.held(ctx, `DELETE FROM job WHERE id = $1 AND fence = $2 AND state = 'running'`, j.ID, j.Fence)
}

// RetryJob puts a job back that did not succeed, to be run at that hour, or
// as failed if the hour is zero: then it waits for a person.
func (db *DB) RetryJob(ctx context.Context, j *Job, at time.Time, reason string) error {
	state := "ready"
	if at.IsZero() {
		state = "failed"
	}
	return db.held(ctx, `UPDATE job SET state = $3, run_at = $4, error = $5, lease_until = 0 WHERE id = $1 AND fence = $2 AND state = 'running'`,
		j.ID, j.Fence, state, toMillis(at), reason)
}

func (db *DB) held(ctx context.Context, query string, args ...any) error {
	return db.Update(ctx, func(tx *Tx) error {
		n, err := tx.c.exec(ctx, "job", query, args...)
		if err == nil && n == 0 {
			err = broadside.Errorf(broadside.Conflict, "The job is no longer ours: its lease has run out.")
		}
		return err
	})
}

// Jobs returns all jobs by hour, the failed ones included.
func (r *Reader) Jobs(ctx context.Context) ([]Job, error) {
	return list(ctx, r.c, "job", scanJob, `SELECT `+jobColumns+` FROM job ORDER BY run_at, id`)
}
