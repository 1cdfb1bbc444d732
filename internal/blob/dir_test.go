package blob_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"example.org/broadside/internal/blob"
)

func openDir(t *testing.T) backend {
	t.Helper()
	path := filepath.Join(t.TempDir(), "blobs")
	d, err := blob.OpenDir(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if left := list(t, filepath.Join(path, "tmp")); len(left) > 0 {
			t.Errorf("temporary files are left: %q", left)
		}
	})
	return backend{d, func(t *testing.T, name string, data []byte) {
		if err := os.WriteFile(filepath.Join(path, name[:2], name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}}
}

func list(t *testing.T, path string) []string {
	t.Helper()
	entries, err := os.ReadDir(path)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, e := range entries {
		found = append(found, e.Name())
	}
	return found
}

func TestLeftoversOfKilledProcessesAreSwept(t *testing.T) {
	path := t.TempDir()
	tmp := filepath.Join(path, "tmp")
	if err := os.Mkdir(tmp, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, age := range map[string]time.Duration{"put-dead": 2 * time.Hour, "put-alive": time.Minute} {
		file := filepath.Join(tmp, name)
		if err := os.WriteFile(file, []byte("half a pict"), 0o600); err != nil {
			t.Fatal(err)
		}
		then := time.Now().Add(-age)
		if err := os.Chtimes(file, then, then); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := blob.OpenDir(path); err != nil {
		t.Fatal(err)
	}
	if got, want := list(t, tmp), []string{"put-alive"}; !slices.Equal(got, want) {
		t.Errorf("OpenDir left %q in tmp, want %q", got, want)
	}
}

// An operator's stray file or a half of another program's is not a blob.
func TestWalkPassesOverStrangers(t *testing.T) {
	path := t.TempDir()
	d, err := blob.OpenDir(path)
	if err != nil {
		t.Fatal(err)
	}
	name := put(t, d, "a picture")
	elsewhere := "00"
	if name[:2] == elsewhere {
		elsewhere = "01"
	}
	if err := os.Mkdir(filepath.Join(path, elsewhere), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, stray := range []string{"README", "zz", filepath.Join(elsewhere, name), filepath.Join(name[:2], "note.txt")} {
		if err := os.WriteFile(filepath.Join(path, stray), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got := names(t, d); !slices.Equal(got, []string{name}) {
		t.Errorf("Walk found %q, want %q alone", got, name)
	}
}

func TestPuttingAgainMendsADamagedBlob(t *testing.T) {
	s := openDir(t)
	name := put(t, s, "as it was")
	s.overwrite(t, name, []byte("as it wax"))
	put(t, s, "as it was")
	if err := s.Check(t.Context(), name); err != nil {
		t.Error(err)
	}
}

func TestADirectoryThatCannotBeMade(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := blob.OpenDir(filepath.Join(file, "blobs")); err == nil {
		t.Error("OpenDir made a directory inside a file")
	}
}
