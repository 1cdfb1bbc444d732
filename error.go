package broadside

import (
	"errors"
	"fmt"
)

// A Kind classifies an error by what the caller can do about it.
type Kind string

const (
	Internal    Kind = "internal"    // our fault: log it, show nothing of it
	Invalid     Kind = "invalid"     // the request is malformed: fix it and retry
	Denied      Kind = "denied"      // the actor may not do this
	NotFound    Kind = "not_found"   // there is no such thing, or it is not visible
	Gone        Kind = "gone"        // there was, and it will not come back
	Conflict    Kind = "conflict"    // someone else was first: reload and retry
	Unavailable Kind = "unavailable" // a part we need is away: retry later, unchanged
)

// An Error carries a Kind and a sentence that is safe to show to a reader.
// The cause, if any, is for the log only.
type Error struct {
	Kind   Kind
	Public string
	Err    error
}

// Errorf returns an [Error] whose public sentence is formatted from format.
func Errorf(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Public: fmt.Sprintf(format, args...)}
}

// Error returns the public sentence and, if there is one, the cause: it is for
// logs and terminals.
func (e *Error) Error() string {
	if e.Err == nil {
		return e.Public
	}
	return e.Public + " (" + e.Err.Error() + ")"
}

// Unwrap returns the cause, or nil.
func (e *Error) Unwrap() error { return e.Err }

// KindOf returns the Kind of the outermost [Error] in err's chain,
// or [Internal] if there is none.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// PublicOf returns the sentence of the outermost [Error] in err's chain,
// or a general apology if there is none.
func PublicOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Public
	}
	return "Something went wrong on our side. It has been noted; please try again in a while."
}
