package telemetry

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"example.org/broadside"
)

func TestHealth(t *testing.T) {
	tests := []struct {
		name  string
		check func(context.Context) error
		code  int
		body  string
	}{
		{"all is well", func(context.Context) error { return nil }, http.StatusOK, "ok\n"},
		{
			"a part is away",
			func(context.Context) error {
				return broadside.Errorf(broadside.Unavailable, "The database does not answer.")
			},
			http.StatusServiceUnavailable, "The database does not answer.\n",
		},
		{
			"the cause is nobody's business",
			func(context.Context) error { return errors.New("password wrong for user editor") },
			http.StatusServiceUnavailable, broadside.PublicOf(nil) + "\n",
		},
		{
			"the check hangs and does not listen",
			func(context.Context) error { time.Sleep(time.Hour); return nil },
			http.StatusServiceUnavailable, "The paper did not answer within 2s.\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				code, body := get(t, Health(tt.check), "/healthz")
				if code != tt.code || body != tt.body {
					t.Errorf("/healthz answers %d %q, want %d %q", code, body, tt.code, tt.body)
				}
				if took := time.Since(start); took > healthBound {
					t.Errorf("/healthz takes %v", took)
				}
				time.Sleep(2 * time.Hour) // until the check that hangs has ended too
			})
		})
	}
}
