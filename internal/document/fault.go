package document

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"example.org/broadside"
)

// A fault says what is wrong at a place in the document. The place is put
// together on the way back, so that a sound document costs nothing for it.
type fault struct {
	path     string // such as body.content[3].attrs.level
	sentence string
}

// Error returns the place and the sentence.
func (f *fault) Error() string {
	if f.path == "" {
		return f.sentence
	}
	return f.path + ": " + f.sentence
}

func faultf(format string, args ...any) error {
	return &fault{sentence: fmt.Sprintf(format, args...)}
}

// within says that a fault lies below a step: a field's name or an [index].
func within(step string, err error) error {
	f, ok := errors.AsType[*fault](err)
	if !ok {
		return err
	}
	switch {
	case f.path == "":
		f.path = step
	case strings.HasPrefix(f.path, "["):
		f.path = step + f.path
	default:
		f.path = step + "." + f.path
	}
	return f
}

// index is the step to an element of a list.
func index(i int) string { return "[" + strconv.Itoa(i) + "]" }

// refused makes an error for people of a fault.
func refused(err error) error {
	return broadside.Errorf(broadside.Invalid, "The document cannot be read: %v.", err)
}
