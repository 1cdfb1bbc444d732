package web

import (
	"log/slog"
	"net/http"
	"time"
)

// An answer watches what a handler answers.
type answer struct {
	http.ResponseWriter
	status int // 0 until the header is written
}

// answerOf returns w itself if it is watched already.
func answerOf(w http.ResponseWriter) *answer {
	if a, ok := w.(*answer); ok {
		return a
	}
	return &answer{ResponseWriter: w}
}

// started reports whether it is too late for another answer.
func (a *answer) started() bool { return a.status != 0 }

// WriteHeader notes the status, unless it is one that precedes the answer.
func (a *answer) WriteHeader(status int) {
	if a.status == 0 && status >= 200 {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

// Write notes the status that net/http writes when nobody has.
func (a *answer) Write(b []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	return a.ResponseWriter.Write(b)
}

// Flush sends what has been written so far, where that is possible.
func (a *answer) Flush() { _ = http.NewResponseController(a.ResponseWriter).Flush() }

// Unwrap lets an [http.ResponseController] reach the connection, so that a long
// upload or download can be given more time.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// observe counts each request under the pattern that it matched, and logs it
// for whoever looks for a fault: what was asked, never by whom.
func (f *Floor) observe(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		watched, start := &answer{ResponseWriter: w}, time.Now()
		aborted := true
		defer func() {
			status := watched.status
			switch {
			case aborted:
				status = http.StatusInternalServerError
			case status == 0 && r.Context().Err() != nil:
				status = clientLeft
			case status == 0:
				status = http.StatusOK
			}
			route := r.Pattern
			if route == "" {
				route = "none"
			}
			took := time.Since(start)
			f.opt.Metrics.Request(route, status, took)
			if !f.opt.Log.Enabled(r.Context(), slog.LevelDebug) {
				return
			}
			f.opt.Log.DebugContext(r.Context(), "request", "method", r.Method, "path", r.URL.Path, "route", route, "status", status, "took", took)
		}()
		h.ServeHTTP(watched, r)
		aborted = false
	})
}
