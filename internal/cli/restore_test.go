package cli

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"example.org/broadside"
	"example.org/broadside/internal/config"
	"example.org/broadside/internal/newstest"
	"example.org/broadside/internal/store"
)

// A restore that is given up removes what it has made, however far it came,
// and the directory only if that is its own.
func TestAbandonedRestoreLeavesTheDirectoryAsItWas(t *testing.T) {
	for _, there := range []bool{false, true} {
		dir := filepath.Join(t.TempDir(), "paper")
		if there {
			if err := os.MkdirAll(filepath.Join(dir, "lost+found"), 0o700); err != nil {
				t.Fatal(err)
			}
		}
		r, err := beginRestore(&config.Config{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		_, err = beginRestore(&config.Config{Dir: dir})
		newstest.WantKind(t, "a second restore meanwhile", err, broadside.Conflict)
		for _, name := range []string{keysFile, restoredConfig, restoringFile + "-wal", restoringFile + "-shm", restoringFile + ".migrate"} {
			if err := os.WriteFile(r.path(name), []byte("a part"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.MkdirAll(r.path(filepath.Join(blobFolder, "ab")), 0o700); err != nil {
			t.Fatal(err)
		}
		// Rows that are still in the log belong to no file that can be named.
		if err := r.finish(); err == nil {
			t.Error("a database that was not closed became a paper")
		}
		left, err := os.ReadDir(dir)
		if there && (err != nil || len(left) != 1 || left[0].Name() != "lost+found") || !there && !os.IsNotExist(err) {
			t.Errorf("there is %v, %v", left, err)
		}
	}
}

// command runs the program and returns its exit status and what it said.
func command(t *testing.T, args ...string) (status int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	status = Run(t.Context(), args, &o, &e)
	return status, o.String(), e.String()
}

// A backup makes a paper on either engine, and its directory is a paper's then.
// A database that holds one admits neither a second restore nor other keys.
func TestRestoredPaperIsWhole(t *testing.T) {
	newstest.EachDSN(t, func(t *testing.T, dsn string) {
		desk := t.TempDir()
		article, backup := filepath.Join(desk, "ice.md"), filepath.Join(desk, "paper.backup")
		text := "---\ntitle: Ice\nsection: Harbour\n---\n<p class=\"file\"><a href=\"dues.csv\">The dues</a></p>\n"
		for name, data := range map[string]string{article: text, filepath.Join(desk, "dues.csv"): "boat,dues\n"} {
			if err := os.WriteFile(name, []byte(data), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		old := filepath.Join(desk, "old")
		for _, args := range [][]string{{"import", "markdown", "--publish", "--dir", old, article}, {"backup", "--dir", old, "-o", backup}} {
			if status, _, errs := command(t, args...); status != exitDone {
				t.Fatalf("%q exits %d: %s", args, status, errs)
			}
		}
		db := func(dir string) []string {
			args := []string{"--dir", dir}
			if store.IsPostgres(dsn) {
				args = append(args, "--db", dsn)
			}
			return args
		}
		first := filepath.Join(desk, "first")
		if status, _, errs := command(t, append(db(first), "restore", backup)...); status != exitDone {
			t.Fatalf("restore exits %d: %s", status, errs)
		}
		if _, err := os.Stat(filepath.Join(first, restoringFile)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("the mark of an unfinished restore is there: %v", err)
		}
		if status, out, errs := command(t, append(db(first), "check")...); status != exitDone || !strings.Contains(out, "1 revisions and 1 blobs checked, 0 faults") {
			t.Errorf("check of the restored paper exits %d: %s%s", status, out, errs)
		}
		if !store.IsPostgres(dsn) {
			return
		}
		second := filepath.Join(desk, "second")
		if status, _, errs := command(t, append(db(second), "restore", backup)...); status != exitFailed || !strings.Contains(errs, "holds a paper already") {
			t.Errorf("restore over a paper exits %d: %s", status, errs)
		}
		if _, err := os.Stat(second); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("the directory is there: %v", err)
		}
		if status, _, errs := command(t, append(db(second), "migrate")...); status != exitFailed || !strings.Contains(errs, "are not those of this paper") {
			t.Errorf("a node with keys of its own: exit %d: %s", status, errs)
		}
	})
}
