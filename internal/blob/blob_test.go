package blob_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"example.org/broadside"
	"example.org/broadside/internal/blob"
)

// A backend is a store under test and the way to harm it behind its back.
type backend struct {
	blob.Store
	// overwrite puts bytes where the blob of that name is kept.
	overwrite func(t *testing.T, name string, data []byte)
}

// each runs f on an empty store of every kind.
func each(t *testing.T, f func(*testing.T, backend)) {
	t.Run("dir", func(t *testing.T) { f(t, openDir(t)) })
	t.Run("s3", func(t *testing.T) { f(t, openS3(t)) })
}

func put(t *testing.T, s blob.Store, data string) string {
	t.Helper()
	name, size, err := s.Put(t.Context(), strings.NewReader(data))
	if err != nil {
		t.Fatalf("Put: %v", err)
	}
	if size != int64(len(data)) {
		t.Fatalf("Put of %d bytes says it was %d", len(data), size)
	}
	return name
}

func read(t *testing.T, s blob.Store, name string) string {
	t.Helper()
	r, err := s.Open(t.Context(), name)
	if err != nil {
		t.Fatalf("Open(%s): %v", name, err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("reading %s: %v", name, err)
	}
	return string(data)
}

func wantKind(t *testing.T, call string, err error, want broadside.Kind) {
	t.Helper()
	if err == nil || broadside.KindOf(err) != want {
		t.Errorf("%s: got error %v of kind %s, want %s", call, err, broadside.KindOf(err), want)
	}
}

func sum(data string) string {
	h := sha256.Sum256([]byte(data))
	return hex.EncodeToString(h[:])
}

func names(t *testing.T, s blob.Store) []string {
	t.Helper()
	var got []string
	err := s.Walk(t.Context(), func(name string, _ int64) error {
		got = append(got, name)
		return nil
	})
	if err != nil {
		t.Fatalf("Walk: %v", err)
	}
	return got
}

func TestBytesComeBackUnderTheirHash(t *testing.T) {
	big := make([]byte, 3<<20)
	random := rand.NewChaCha8([32]byte{1})
	random.Read(big)
	each(t, func(t *testing.T, s backend) {
		for _, data := range []string{"", "a", "the evening edition\n", string(big)} {
			name := put(t, s, data)
			if name != sum(data) {
				t.Errorf("Put of %d bytes names them %s, want %s", len(data), name, sum(data))
			}
			if got := read(t, s, name); got != data {
				t.Errorf("%d bytes put came back as %d others", len(data), len(got))
			}
			size, err := s.Size(t.Context(), name)
			if err != nil || size != int64(len(data)) {
				t.Errorf("Size = %d, %v, want %d", size, err, len(data))
			}
			if err := s.Check(t.Context(), name); err != nil {
				t.Errorf("Check of an intact blob: %v", err)
			}
		}
	})
}

func TestPuttingTwiceIsPuttingOnce(t *testing.T) {
	each(t, func(t *testing.T, s backend) {
		first, second := put(t, s, "twice"), put(t, s, "twice")
		if first != second {
			t.Errorf("the same bytes got two names, %s and %s", first, second)
		}
		if got := names(t, s); len(got) != 1 {
			t.Errorf("Walk found %q, want one blob", got)
		}
	})
}

func TestReadersCanSeek(t *testing.T) {
	each(t, func(t *testing.T, s backend) {
		r, err := s.Open(t.Context(), put(t, s, "0123456789"))
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if end, err := r.Seek(0, io.SeekEnd); err != nil || end != 10 {
			t.Fatalf("Seek to the end = %d, %v, want 10", end, err)
		}
		if _, err := r.Seek(4, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		rest, err := io.ReadAll(r)
		if err != nil || string(rest) != "456789" {
			t.Errorf("after Seek(4): %q, %v", rest, err)
		}
	})
}

func TestWhatIsNotThere(t *testing.T) {
	each(t, func(t *testing.T, s backend) {
		name := sum("never put")
		_, err := s.Open(t.Context(), name)
		wantKind(t, "Open", err, broadside.NotFound)
		_, err = s.Size(t.Context(), name)
		wantKind(t, "Size", err, broadside.NotFound)
		wantKind(t, "Check", s.Check(t.Context(), name), broadside.NotFound)
		if err := s.Delete(t.Context(), name); err != nil {
			t.Errorf("Delete of nothing: %v", err)
		}
		if got := names(t, s); len(got) != 0 {
			t.Errorf("an empty store holds %q", got)
		}
	})
}

// A name that came from outside must not become a path.
func TestNamesThatAreNoHashAreRefused(t *testing.T) {
	bad := []string{
		"", "ab", "..", "../../../../etc/passwd", strings.Repeat("A", 64), strings.Repeat("g", 64),
		strings.Repeat("a", 63), strings.Repeat("a", 65), "../" + strings.Repeat("a", 61), strings.Repeat("a", 63) + "\x00",
	}
	each(t, func(t *testing.T, s backend) {
		for _, name := range bad {
			_, err := s.Open(t.Context(), name)
			wantKind(t, "Open "+name, err, broadside.Invalid)
			_, err = s.Size(t.Context(), name)
			wantKind(t, "Size "+name, err, broadside.Invalid)
			wantKind(t, "Check "+name, s.Check(t.Context(), name), broadside.Invalid)
			wantKind(t, "Delete "+name, s.Delete(t.Context(), name), broadside.Invalid)
		}
	})
}

func TestDeletedBlobsAreGone(t *testing.T) {
	each(t, func(t *testing.T, s backend) {
		kept, gone := put(t, s, "kept"), put(t, s, "gone")
		if err := s.Delete(t.Context(), gone); err != nil {
			t.Fatal(err)
		}
		_, err := s.Open(t.Context(), gone)
		wantKind(t, "Open of a deleted blob", err, broadside.NotFound)
		if got := names(t, s); !slices.Equal(got, []string{kept}) {
			t.Errorf("Walk found %q, want %q", got, kept)
		}
		if again := put(t, s, "gone"); read(t, s, again) != "gone" {
			t.Error("a deleted blob cannot be put again")
		}
	})
}

func TestWalkGoesInOrderOfNames(t *testing.T) {
	each(t, func(t *testing.T, s backend) {
		var want []string
		for i := range 40 {
			want = append(want, put(t, s, strings.Repeat("x", i)))
		}
		slices.Sort(want)
		if got := names(t, s); !slices.Equal(got, want) {
			t.Errorf("Walk gave\n%q\nwant\n%q", got, want)
		}

		stop := errors.New("enough")
		seen := 0
		err := s.Walk(t.Context(), func(string, int64) error {
			seen++
			return stop
		})
		if !errors.Is(err, stop) || seen != 1 {
			t.Errorf("Walk went on for %d blobs after an error and returned %v", seen, err)
		}
	})
}

func TestCheckNamesWhatIsDamaged(t *testing.T) {
	each(t, func(t *testing.T, s backend) {
		for _, harm := range []string{"the morning edixion", "the morning", ""} {
			name := put(t, s, "the morning edition")
			s.overwrite(t, name, []byte(harm))
			err := s.Check(t.Context(), name)
			wantKind(t, "Check", err, broadside.Internal)
			if err != nil && (!strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), "damaged")) {
				t.Errorf("Check says %q: it should name %s and say that it is damaged", err, name)
			}
			if err := s.Delete(t.Context(), name); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestASourceThatFailsLeavesNothing(t *testing.T) {
	each(t, func(t *testing.T, s backend) {
		broken := errors.New("the line went dead")
		source := io.MultiReader(strings.NewReader("half a "), iotest.ErrReader(broken))
		if _, _, err := s.Put(t.Context(), source); !errors.Is(err, broken) {
			t.Errorf("Put from a broken source: %v, want %v", err, broken)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, _, err := s.Put(ctx, strings.NewReader("late")); !errors.Is(err, context.Canceled) {
			t.Errorf("Put after the end of its context: %v", err)
		}
		if got := names(t, s); len(got) != 0 {
			t.Errorf("failed puts left %q", got)
		}
	})
}

// Several people upload at once, some of them the same picture.
func TestPutsAtOnce(t *testing.T) {
	each(t, func(t *testing.T, s backend) {
		var group sync.WaitGroup
		for i := range 12 {
			group.Go(func() {
				data := bytes.Repeat([]byte{byte(i / 3)}, 10_000)
				if _, _, err := s.Put(t.Context(), bytes.NewReader(data)); err != nil {
					t.Errorf("Put: %v", err)
				}
			})
		}
		group.Wait()
		got := names(t, s)
		if len(got) != 4 {
			t.Errorf("4 different blobs became %d", len(got))
		}
		for _, name := range got {
			if err := s.Check(t.Context(), name); err != nil {
				t.Error(err)
			}
		}
	})
}
