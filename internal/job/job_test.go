package job

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"example.org/broadside"
	"example.org/broadside/internal/store"
)

// A clock stands still until a test moves it.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

func newQueue(t *testing.T, workers map[string]Worker) (*Queue, *clock) {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "news.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	c := &clock{t: time.Date(2026, 3, 14, 6, 0, 0, 0, time.UTC)}
	return &Queue{Store: db, Workers: workers, Now: c.now, Log: slog.New(slog.DiscardHandler), Parallel: 2, Poll: 5 * time.Millisecond}, c
}

type args struct{ Article string }

func add(t *testing.T, q *Queue, kind, key string, due time.Time) {
	t.Helper()
	err := q.Store.Update(t.Context(), func(tx *store.Tx) error {
		return Add(t.Context(), tx, kind, key, args{key}, due, q.Now())
	})
	if err != nil {
		t.Fatal(err)
	}
}

func runOne(t *testing.T, q *Queue) bool {
	t.Helper()
	ran, err := q.RunOne(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return ran
}

func TestJobRunsAtItsHourAndOnce(t *testing.T) {
	var got []string
	q, c := newQueue(t, map[string]Worker{"publish": Typed(func(_ context.Context, a args) error {
		got = append(got, a.Article)
		return nil
	})})
	add(t, q, "publish", "a1", c.now().Add(time.Hour))
	if runOne(t, q) {
		t.Error("it ran before its hour")
	}
	c.move(time.Hour)
	if !runOne(t, q) || runOne(t, q) || len(got) != 1 || got[0] != "a1" {
		t.Errorf("it ran for %q, want once for a1", got)
	}
}

// A job that fails is tried again, later each time, and then waits for a person.
func TestRetries(t *testing.T) {
	tries := 0
	q, c := newQueue(t, map[string]Worker{"mail": func(context.Context, json.RawMessage) error {
		tries++
		return errors.New("no route")
	}})
	add(t, q, "mail", "m", c.now())
	for range MaxAttempts {
		if !runOne(t, q) {
			t.Fatalf("no attempt after %d", tries)
		}
		if runOne(t, q) {
			t.Fatalf("attempt %d was repeated at once", tries)
		}
		c.move(Backoff(tries))
	}
	c.move(24 * time.Hour)
	if runOne(t, q) {
		t.Error("it was tried once more than it should be")
	}
	if js, err := q.Store.Jobs(t.Context()); err != nil || len(js) != 1 || js[0].State != "failed" || js[0].Error != "no route" {
		t.Errorf("Jobs = %+v, %v; want it kept as failed, with the reason", js, err)
	}
}

func TestFinalErrorsAndPanicsAreKept(t *testing.T) {
	q, c := newQueue(t, map[string]Worker{
		"bad":   func(context.Context, json.RawMessage) error { return broadside.Errorf(broadside.Gone, "It is gone.") },
		"panic": func(context.Context, json.RawMessage) error { panic("ink") },
	})
	add(t, q, "bad", "1", c.now())
	runOne(t, q)
	add(t, q, "panic", "2", c.now())
	runOne(t, q)
	js, err := q.Store.Jobs(t.Context())
	if err != nil || len(js) != 2 {
		t.Fatal(js, err)
	}
	states := map[string]string{js[0].Kind: js[0].State, js[1].Kind: js[1].State}
	if states["bad"] != "failed" || states["panic"] != "ready" {
		t.Errorf("states = %v, want bad failed for good and panic to be tried again", states)
	}
}

// A second job of the same key takes the place of the first, also of one that
// has failed.
func TestSameKeyReplaces(t *testing.T) {
	ran := 0
	q, c := newQueue(t, map[string]Worker{"k": func(context.Context, json.RawMessage) error { ran++; return nil }})
	add(t, q, "k", "a", c.now().Add(time.Hour))
	add(t, q, "k", "a", c.now())
	if !runOne(t, q) || ran != 1 {
		t.Errorf("ran %d times, want once, at the second hour", ran)
	}
	c.move(2 * time.Hour)
	if runOne(t, q) {
		t.Error("the first is still there")
	}
}

// A worker is told when its job has passed to another process.
func TestLostLeaseStopsTheWorker(t *testing.T) {
	var stopped atomic.Bool
	started := make(chan struct{})
	q, c := newQueue(t, map[string]Worker{"slow": func(ctx context.Context, _ json.RawMessage) error {
		close(started)
		<-ctx.Done()
		stopped.Store(true)
		return ctx.Err()
	}})
	add(t, q, "slow", "s", c.now())
	done := make(chan struct{})
	go func() { defer close(done); q.RunOne(context.WithoutCancel(t.Context())) }()
	<-started
	// Somebody else claims it after a stall of this process.
	later := c.now().Add(Lease + time.Second)
	other, err := q.Store.ClaimJob(t.Context(), []string{"slow"}, later, later.Add(time.Hour))
	if err != nil || other == nil {
		t.Fatal(other, err)
	}
	<-done
	if !stopped.Load() {
		t.Error("the worker went on")
	}
	if err := q.Store.FinishJob(t.Context(), other); err != nil {
		t.Errorf("the new holder cannot finish: %v", err)
	}
}

// Run drains the queue with several workers and stops when asked.
func TestRun(t *testing.T) {
	var ran atomic.Int32
	q, c := newQueue(t, map[string]Worker{"k": func(context.Context, json.RawMessage) error { ran.Add(1); return nil }})
	for _, key := range []string{"a", "b", "c", "d", "e"} {
		add(t, q, "k", key, c.now())
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); q.Run(ctx) }()
	for ran.Load() < 5 {
		time.Sleep(time.Millisecond)
	}
	stop()
	<-done
	if n := ran.Load(); n != 5 {
		t.Errorf("ran %d jobs, want 5", n)
	}
}

// A queue leaves alone what it has no worker for: another one, or a newer
// version of the program, has.
func TestOtherKindsAreLeftAlone(t *testing.T) {
	q, c := newQueue(t, map[string]Worker{"k": func(context.Context, json.RawMessage) error { return nil }})
	add(t, q, "unknown", "u", c.now())
	if runOne(t, q) {
		t.Error("it ran")
	}
	if js, err := q.Store.Jobs(t.Context()); err != nil || len(js) != 1 || js[0].State != "ready" {
		t.Errorf("Jobs = %+v, %v; want it as it was", js, err)
	}
}

func TestBackoff(t *testing.T) {
	for attempts, want := range map[int]time.Duration{0: time.Second, 1: time.Second, 2: 2 * time.Second, 5: 16 * time.Second, 12: 2048 * time.Second, 13: time.Hour, 99: time.Hour} {
		if got := Backoff(attempts); got != want {
			t.Errorf("Backoff(%d) = %v, want %v", attempts, got, want)
		}
	}
}
