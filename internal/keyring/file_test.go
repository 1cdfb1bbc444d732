package keyring

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"example.org/broadside"
)

// What the keys of fixed(7) made once, and must make for ever.
const (
	goldenFile       = "broadside keyring 1\nmaster 0701020300000000000000000000000000000000000000000000000000000000\ncheck 676bafa0\n"
	goldenHash       = "fde32f5929967dfde8ba9cad83bd965b28645c3e4bb166f2721ef1dd35c63e03"
	goldenToken      = "AAABoxhcUAB42tboFmtb7wW4zoPwGThfVg"
	goldenCiphertext = "b67278a9776a65d5da24b7969ae99b1d6aba28c523b519066561799c8f71cab2ace329ac71472572a0"
)

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func writeFile(t *testing.T, path string, data []byte, mode fs.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, data, mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func TestKeysAreMadeOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keyring")
	first, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	second, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if first.master != second.master {
		t.Error("opening the same file twice gives two keyrings")
	}
	other, err := Open(filepath.Join(t.TempDir(), "keyring"))
	if err != nil {
		t.Fatal(err)
	}
	if first.master == other.master {
		t.Error("two papers got the same keys")
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file's mode is %v, %v, want 0600", info.Mode(), err)
	}
}

// TestMain lets the test start itself as a process that opens a keyring.
func TestMain(m *testing.M) {
	if path := os.Getenv("KEYRING_TEST_OPEN"); path != "" {
		k, err := Open(path)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Stdout.Write(k.Export())
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func TestProcessesThatStartAtOnceGetTheSameKeys(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keyring")
	var group sync.WaitGroup
	got := make([]string, 8)
	for i := range got {
		group.Go(func() {
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), "KEYRING_TEST_OPEN="+path)
			out, err := cmd.Output()
			if err != nil {
				t.Errorf("process %d: %v", i, err)
			}
			got[i] = string(out)
		})
	}
	group.Wait()
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range got {
		if got[i] != string(want) {
			t.Errorf("process %d has keys that are not the file's", i)
		}
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("beside the keyring stands something else: %v, %v", entries, err)
	}
}

func TestAFileThatOthersCanReadIsRefused(t *testing.T) {
	for _, mode := range []fs.FileMode{0o644, 0o640, 0o604, 0o620, 0o601} {
		path := filepath.Join(t.TempDir(), "keyring")
		writeFile(t, path, fixed(1).Export(), mode)
		_, err := Open(path)
		wantKind(t, fmt.Sprintf("Open of a file of mode %o", mode), err, broadside.Denied)
		if err != nil && !strings.Contains(err.Error(), "chmod 600 "+path) {
			t.Errorf("%v: it should say what to do", err)
		}
	}
}

func TestDamagedFilesAreRefusedAndKept(t *testing.T) {
	whole := string(fixed(1).Export())
	damaged := map[string]string{
		"empty":             "",
		"cut off":           whole[:len(whole)-1],
		"cut to one line":   "broadside keyring 1\n",
		"longer":            whole + "\n",
		"of a later form":   strings.Replace(whole, "keyring 1", "keyring 2", 1),
		"a digit changed":   strings.Replace(whole, "master 0", "master 1", 1),
		"not hexadecimal":   strings.Replace(whole, "master 0", "master g", 1),
		"upper case":        strings.ToUpper(whole),
		"far too long":      whole + strings.Repeat("x", 10_000),
		"something else":    "hello\n",
		"key without check": whole[:strings.Index(whole, "check")],
	}
	for name, text := range damaged {
		path := filepath.Join(t.TempDir(), "keyring")
		writeFile(t, path, []byte(text), 0o600)
		_, err := Open(path)
		wantKind(t, "Open of a file "+name, err, broadside.Internal)
		if got, _ := os.ReadFile(path); string(got) != text {
			t.Errorf("a file %s was changed by Open", name)
		}
	}
	if _, err := Open(t.TempDir()); broadside.KindOf(err) != broadside.Invalid {
		t.Errorf("Open of a directory: %v", err)
	}
	if _, err := Open(filepath.Join(t.TempDir(), "nowhere", "keyring")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Open in a directory that is not there: %v", err)
	}
}

func TestTheFileIsWrittenAsItAlwaysWas(t *testing.T) {
	if got := string(fixed(7).Export()); got != goldenFile {
		t.Errorf("Export writes\n%s\nwant\n%s", got, goldenFile)
	}
	path := filepath.Join(t.TempDir(), "keyring")
	writeFile(t, path, []byte(strings.ReplaceAll(goldenFile, "\n", "\r\n")), 0o600)
	k, err := Open(path)
	if err != nil || k.master != fixed(7).master {
		t.Errorf("a file with the line ends of another system: %v", err)
	}
}

func TestImport(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keyring")
	for _, step := range []string{"into an empty place", "the same again"} {
		if err := Import(path, fixed(1).Export()); err != nil {
			t.Fatalf("Import %s: %v", step, err)
		}
	}
	wantKind(t, "Import of other keys", Import(path, fixed(2).Export()), broadside.Conflict)
	wantKind(t, "Import of something else", Import(path, []byte("hello")), broadside.Internal)
	k, err := Open(path)
	if err != nil || !bytes.Equal(k.Export(), fixed(1).Export()) {
		t.Errorf("after the imports the file holds other keys: %v", err)
	}
}

// A process killed while it made the file must leave no copy of the keys.
func TestLeftoversAreSwept(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "keyring")
	ages := map[string]time.Duration{".keyring-1": time.Hour, ".keyring-2": 0, ".other-1": time.Hour}
	for name, age := range ages {
		writeFile(t, filepath.Join(dir, name), fixed(1).Export(), 0o600)
		then := time.Now().Add(-age)
		if err := os.Chtimes(filepath.Join(dir, name), then, then); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Open(path); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{".keyring-1": false, ".keyring-2": true, ".other-1": true} {
		if _, err := os.Stat(filepath.Join(dir, name)); (err == nil) != want {
			t.Errorf("%s is there: %t, want %t", name, err == nil, want)
		}
	}
}

func FuzzFile(f *testing.F) {
	f.Add(fixed(1).Export())
	f.Add([]byte(goldenFile))
	f.Add([]byte(fileHead))
	f.Fuzz(func(t *testing.T, data []byte) {
		k, err := parse(data)
		if err != nil {
			return
		}
		if got := bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")); !bytes.Equal(k.Export(), got) {
			t.Errorf("%q is accepted and written as %q", data, k.Export())
		}
	})
}
