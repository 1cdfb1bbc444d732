package broadside_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"example.org/broadside"
)

func TestKindOfAndPublicOf(t *testing.T) {
	cause := errors.New("disk on fire")
	conflict := broadside.Errorf(broadside.Conflict, "Somebody else saved %q first.", "The strike")
	around := &broadside.Error{Kind: broadside.Unavailable, Public: "Later.", Err: fmt.Errorf("save: %w", conflict)}
	const apology = "Something went wrong on our side."
	tests := []struct {
		name   string
		err    error
		kind   broadside.Kind
		public string // its beginning
		text   string
	}{
		{"one of ours", conflict, broadside.Conflict, `Somebody else saved "The strike" first.`, `Somebody else saved "The strike" first.`},
		{"wrapped", fmt.Errorf("article: %w", conflict), broadside.Conflict, "Somebody else", `article: Somebody else saved "The strike" first.`},
		{"the outermost counts", around, broadside.Unavailable, "Later.", `Later. (save: Somebody else saved "The strike" first.)`},
		{"joined", errors.Join(cause, conflict), broadside.Conflict, "Somebody else", "disk on fire\nSomebody else saved \"The strike\" first."},
		{"a stranger", cause, broadside.Internal, apology, "disk on fire"},
		{"with a cause", &broadside.Error{Kind: broadside.Gone, Public: "Withdrawn.", Err: cause}, broadside.Gone, "Withdrawn.", "Withdrawn. (disk on fire)"},
	}
	for _, tt := range tests {
		if got := broadside.KindOf(tt.err); got != tt.kind {
			t.Errorf("%s: KindOf = %s, want %s", tt.name, got, tt.kind)
		}
		if got := broadside.PublicOf(tt.err); !strings.HasPrefix(got, tt.public) {
			t.Errorf("%s: PublicOf = %q, want %q", tt.name, got, tt.public)
		}
		if got := tt.err.Error(); got != tt.text {
			t.Errorf("%s: Error = %q, want %q", tt.name, got, tt.text)
		}
	}
}

// A reader must not learn from an error what went wrong inside.
func TestTheCauseIsNotPublic(t *testing.T) {
	secret := errors.New("password hunter2 refused")
	for _, err := range []error{secret, &broadside.Error{Kind: broadside.Internal, Public: "Sorry.", Err: secret}} {
		if got := broadside.PublicOf(err); strings.Contains(got, "hunter2") {
			t.Errorf("PublicOf(%v) = %q", err, got)
		}
	}
}

func TestTheCauseCanBeFound(t *testing.T) {
	cause := errors.New("disk on fire")
	err := fmt.Errorf("article: %w", &broadside.Error{Kind: broadside.Internal, Public: "Sorry.", Err: cause})
	if !errors.Is(err, cause) {
		t.Error("the cause is lost")
	}
}
