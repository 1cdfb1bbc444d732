package telemetry

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"example.org/broadside"
)

// healthBound is how long a check may take. Whoever asks gives up soon after.
const healthBound = 2 * time.Second

// Health answers 200 and "ok" if the check finds nothing wrong, and otherwise
// 503 and the public sentence of its error. A check that takes longer than two
// seconds counts as one that found something; it is told to stop through its
// context and waited for no longer.
func Health(check func(context.Context) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), healthBound)
		defer cancel()
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		if err := bounded(ctx, check); err != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
			fmt.Fprintln(w, broadside.PublicOf(err))
			return
		}
		fmt.Fprintln(w, "ok")
	})
}

// bounded returns what the check returns, or an error when ctx ends first.
func bounded(ctx context.Context, check func(context.Context) error) error {
	result := make(chan error, 1)
	go func() { result <- check(ctx) }()
	select {
	case err := <-result:
		return err
	case <-ctx.Done():
		return broadside.Errorf(broadside.Unavailable, "The paper did not answer within %v.", healthBound)
	}
}
