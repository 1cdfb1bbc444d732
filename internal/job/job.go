// Package job runs the newsroom's background work from a queue in the
// database: whatever is slower than a page view, and whatever must wait for its
// hour.
//
// A job is written in the transaction that causes it, so it exists if and only
// if its cause does. It may run more than once, since a process can die after
// the work and before the note of it: every worker must make that harmless. A
// dead process loses its jobs to others within [Lease].
package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"example.org/broadside"
	"example.org/broadside/internal/store"
)

// Lease is how long a claimed job stays with a process that gives no sign.
const Lease = 10 * time.Second

// MaxAttempts is how often a job is tried before it waits for a person.
const MaxAttempts = 12

// A Worker does one kind of job. It must return soon after ctx is done: that
// happens when the program stops and when the job has passed to another.
// An error of kind [broadside.Invalid], [broadside.NotFound], [broadside.Gone]
// or [broadside.Denied] is final; after any other the job is tried again.
type Worker func(ctx context.Context, args json.RawMessage) error

// Typed adapts a function with typed arguments to a [Worker].
func Typed[A any](f func(context.Context, A) error) Worker {
	return func(ctx context.Context, raw json.RawMessage) error {
		var args A
		if err := json.Unmarshal(raw, &args); err != nil {
			return broadside.Errorf(broadside.Invalid, "The job's arguments cannot be read: %v.", err)
		}
		return f(ctx, args)
	}
}

// Add writes a job into tx. Key tells jobs of one kind apart: a second one of
// the same key takes the place of the first. It becomes due at the given hour;
// now is the hour of writing.
func Add(ctx context.Context, tx *store.Tx, kind, key string, args any, due, now time.Time) error {
	raw, err := json.Marshal(args)
	if err != nil {
		return fmt.Errorf("job %s: %w", kind, err)
	}
	return tx.Enqueue(ctx, store.Job{ID: store.NewID(), Kind: kind, Key: key, Args: raw, RunAt: due, Created: now})
}

// A Queue runs the jobs for which it has workers; a program may run several, so
// that what has an hour to keep never waits for what takes long. Its fields must
// not change once it runs.
type Queue struct {
	Store   *store.DB
	Workers map[string]Worker // by kind; at least one
	Now     func() time.Time
	Log     *slog.Logger

	// Parallel is how many jobs run at once in this process.
	Parallel int

	// Poll is how long an idle queue waits before it looks again.
	Poll time.Duration

	// Done is told of every attempt: its kind and "done", "retry" or "failed".
	// It may be nil.
	Done func(kind, result string)
}

// Run runs jobs until ctx is done and those in flight have returned. While the
// database is away it waits and tries again.
func (q *Queue) Run(ctx context.Context) {
	var wg sync.WaitGroup
	for range q.Parallel {
		wg.Go(func() { q.work(ctx) })
	}
	wg.Wait()
}

func (q *Queue) work(ctx context.Context) {
	for ctx.Err() == nil {
		ran, err := q.RunOne(ctx)
		if err != nil && ctx.Err() == nil {
			q.Log.WarnContext(ctx, "the queue cannot be read", "err", err)
		}
		if ran && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-time.After(q.Poll):
		}
	}
}

// RunOne runs the next job that is due. It reports whether there was one,
// whatever became of it; the error is of the queue itself.
func (q *Queue) RunOne(ctx context.Context) (bool, error) {
	now := q.Now()
	j, err := q.Store.ClaimJob(ctx, slices.Sorted(maps.Keys(q.Workers)), now, now.Add(Lease))
	if err != nil || j == nil {
		return false, err
	}
	held, release := q.hold(ctx, j)
	defer release()
	err = q.run(held, j)
	// The outcome is written even when the program is stopping.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return true, q.settle(ctx, j, err)
}

// hold keeps the lease of j alive until release is called. The context it
// returns ends when the job is lost to somebody else.
func (q *Queue) hold(ctx context.Context, j *store.Job) (held context.Context, release func()) {
	held, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(Lease / 4)
		defer tick.Stop()
		for {
			select {
			case <-held.Done():
				return
			case <-tick.C:
			}
			err := q.Store.ExtendJob(held, j, q.Now().Add(Lease))
			if broadside.KindOf(err) == broadside.Conflict {
				cancel()
			}
		}
	}()
	return held, func() { cancel(); <-done }
}

func (q *Queue) run(ctx context.Context, j *store.Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return q.Workers[j.Kind](ctx, j.Args)
}

func (q *Queue) settle(ctx context.Context, j *store.Job, err error) error {
	result := "done"
	if err == nil {
		err = q.Store.FinishJob(ctx, j)
	} else {
		var at time.Time
		result = "failed"
		if q.again(j, err) {
			result, at = "retry", q.Now().Add(Backoff(j.Attempts))
		}
		q.log(ctx, j, result, err)
		err = q.Store.RetryJob(ctx, j, at, err.Error())
	}
	if q.Done != nil {
		q.Done(j.Kind, result)
	}
	if broadside.KindOf(err) == broadside.Conflict {
		return nil // it was set anew or taken over; that run is the one that counts
	}
	return err
}

// log tells what became of an attempt. An error that is meant for people may
// quote the text that it is about: that stays in the job's row, where a removal
// reaches it, and out of the log, where none does.
func (q *Queue) log(ctx context.Context, j *store.Job, result string, err error) {
	attrs := []any{"kind", j.Kind, "key", j.Key, "attempt", j.Attempts, "result", result, "error", broadside.KindOf(err)}
	if broadside.KindOf(err) == broadside.Internal {
		attrs = append(attrs, "err", err)
	}
	q.Log.ErrorContext(ctx, "job did not succeed", attrs...)
}

func (q *Queue) again(j *store.Job, err error) bool {
	switch broadside.KindOf(err) {
	case broadside.Invalid, broadside.NotFound, broadside.Gone, broadside.Denied:
		return false
	}
	return j.Attempts < MaxAttempts || errors.Is(err, context.Canceled)
}

// Backoff returns how long to wait after the given number of attempts: one
// second, then twice as long each time, up to an hour.
func Backoff(attempts int) time.Duration {
	return min(time.Second<<min(max(attempts-1, 0), 20), time.Hour)
}
