package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"

	"example.org/broadside"
)

// A Redirect is an error that sends whoever asks to another address, for good.
type Redirect struct{ To string }

// Error returns where it leads.
func (r *Redirect) Error() string { return "moved to " + r.To }

// clientLeft is the status under which a request is counted whose sender did
// not wait for the answer. Nobody receives it.
const clientLeft = 499

// statuses is the one table of what each kind of error is in HTTP.
var statuses = map[broadside.Kind]int{
	broadside.Internal:    http.StatusInternalServerError,
	broadside.Invalid:     http.StatusUnprocessableEntity,
	broadside.Denied:      http.StatusForbidden,
	broadside.NotFound:    http.StatusNotFound,
	broadside.Gone:        http.StatusGone,
	broadside.Conflict:    http.StatusConflict,
	broadside.Unavailable: http.StatusServiceUnavailable,
}

// answerTo returns the status and the sentence for an error.
func answerTo(err error) (status int, message string) {
	if e, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return http.StatusRequestEntityTooLarge, fmt.Sprintf("What was sent is larger than the %s that are accepted here.", size(e.Limit))
	}
	status, ok := statuses[broadside.KindOf(err)]
	if !ok {
		status = http.StatusInternalServerError
	}
	return status, broadside.PublicOf(err)
}

// size writes a number of bytes for people.
func size(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%d MB", n>>20)
	case n >= 1<<10:
		return fmt.Sprintf("%d kB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}

// report logs an error and answers it. If part of another answer is on its way
// already, the connection is cut: a page that breaks off must not pass for a
// whole one, neither with a reader nor in a cache.
func (f *Floor) report(w *answer, r *http.Request, err error) {
	if r.Context().Err() != nil { // the sender has left, which is why it went wrong
		f.log(r, clientLeft, err)
		return
	}
	if moved, ok := errors.AsType[*Redirect](err); ok && !w.started() {
		// Browsers would remember it for ever, also when what has moved moves back.
		w.Header().Set("Cache-Control", Revalidate)
		http.Redirect(w, r, moved.To, http.StatusMovedPermanently)
		return
	}
	status, message := answerTo(err)
	f.log(r, status, err)
	if w.started() {
		panic(http.ErrAbortHandler) // as net/http wants it; logged nowhere
	}
	f.write(w, r, status, message)
}

// log writes down what went wrong, as loudly as somebody has to act on it.
// What a reader or a journalist did wrong they are told themselves.
func (f *Floor) log(r *http.Request, status int, err error) {
	level := slog.LevelDebug
	switch {
	case status == http.StatusServiceUnavailable:
		level = slog.LevelWarn
	case status >= http.StatusInternalServerError:
		level = slog.LevelError
	}
	f.opt.Log.Log(r.Context(), level, "not served", "method", r.Method, "path", r.URL.Path, "status", status, "err", err)
}

// write answers with the page for an error. What the handler had prepared for
// an answer of its own is taken back.
func (f *Floor) write(w http.ResponseWriter, r *http.Request, status int, message string) {
	header := w.Header()
	for _, name := range []string{"Content-Length", "Content-Encoding", "Content-Disposition", "Etag", "Last-Modified"} {
		header.Del(name)
	}
	header.Set("Cache-Control", "no-store")
	if status == http.StatusServiceUnavailable {
		header.Set("Retry-After", "10")
	}
	page, contentType := []byte(message+"\n"), "text/plain; charset=utf-8"
	if f.opt.Page != nil {
		var b bytes.Buffer
		if err := f.opt.Page(&b, r, status, message); err == nil {
			page, contentType = b.Bytes(), "text/html; charset=utf-8"
		} else {
			f.opt.Log.ErrorContext(r.Context(), "error page", "err", err)
		}
	}
	header.Set("Content-Type", contentType)
	header.Set("Vary", "Accept-Encoding")
	if len(page) >= minCompressed {
		c := negotiate(r.Header["Accept-Encoding"])
		if small, err := f.press.compress(page, c, atOnce); err == nil && c != identity {
			page = small
			header["Content-Encoding"] = codingValues[c]
		}
	}
	header.Set("Content-Length", strconv.Itoa(len(page)))
	w.WriteHeader(status)
	w.Write(page) // whoever no longer listens needs no answer
}

// recover answers a panic like any other error. Its stack goes into the log.
func (f *Floor) recover(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := answerOf(w)
		defer func() {
			switch cause := recover(); cause {
			case nil:
			case http.ErrAbortHandler:
				panic(cause)
			default:
				f.report(answer, r, fmt.Errorf("panic: %v\n%s", cause, debug.Stack()))
			}
		}()
		h.ServeHTTP(answer, r)
	})
}

// Log writes down what went wrong apart from any request.
func (f *Floor) Log(ctx context.Context, what string, err error) {
	f.opt.Log.WarnContext(ctx, what, "err", err)
}
