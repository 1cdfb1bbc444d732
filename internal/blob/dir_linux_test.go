package blob

import (
	"errors"
	"os"
	"strings"
	"syscall"
	"testing"

	"example.org/broadside"
)

// The kernel's /dev/full is a disk without space: every write gives ENOSPC.
func TestAFullDiskSaysNoSpace(t *testing.T) {
	f, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = fill(t.Context(), f, strings.NewReader("one picture too many"))
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("filling a full disk: %v, want ENOSPC", err)
	}
	err = plain(err)
	if broadside.KindOf(err) != broadside.Unavailable || !strings.Contains(broadside.PublicOf(err), "no space") {
		t.Errorf("a full disk is told as %q of kind %s", broadside.PublicOf(err), broadside.KindOf(err))
	}
}
