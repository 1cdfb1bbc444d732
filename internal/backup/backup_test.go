package backup_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"example.org/broadside"
	"example.org/broadside/internal/backup"
	"example.org/broadside/internal/blob"
	"example.org/broadside/internal/newsroom"
	"example.org/broadside/internal/newstest"
)

const configuration = "# The paper's own.\nurl = \"https://record.example\"\n"

// filled puts a little of everything into a paper and a configuration file
// beside it.
func filled(t testing.TB, p *newstest.Paper) {
	t.Helper()
	for i := range 3 {
		print, err := p.Newsroom.Develop(t.Context(), bytes.NewReader(newstest.JPEG(t, 400, 300, uint64(i))), i == 0)
		if err != nil {
			t.Fatal(err)
		}
		s := newsroom.Submission{Section: broadside.Section{Slug: "world"}, Tags: []broadside.Tag{{Slug: "ice", Name: "Ice"}}, Publish: true,
			Text: newstest.WithLead(newstest.Text(fmt.Sprintf("Лёд “%d” <&>\u2028", i)), print.Picture()), Prints: []*newsroom.Print{print}}
		if o := p.Newsroom.Import(t.Context(), newstest.Owner, []newsroom.Submission{s})[0]; o.Err != nil {
			t.Fatal(o.Err)
		}
	}
	p.Work(t)
	a := p.Create(t, "To come")
	if err := p.Newsroom.Schedule(t.Context(), newstest.Editor, a.ID, a.Head, newstest.Noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(p.Dir, "broadside.toml"), []byte(configuration), 0o600); err != nil {
		t.Fatal(err)
	}
}

func write(t testing.TB, p *newstest.Paper, name string, recipients ...age.Recipient) backup.Summary {
	t.Helper()
	s, err := backup.Write(t.Context(), name, subject(p), recipients, p.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func subject(p *newstest.Paper) backup.Paper {
	return backup.Paper{Store: p.Store, Blobs: p.Blobs, Keys: p.Keys, Config: filepath.Join(p.Dir, "broadside.toml")}
}

// target returns a place to restore to, in which the database is dsn.
func target(t testing.TB, dir, dsn string) backup.Target {
	t.Helper()
	blobs, err := blob.OpenDir(filepath.Join(dir, "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	return backup.Target{DSN: dsn, Blobs: blobs, Keys: filepath.Join(dir, "keys"), Config: filepath.Join(dir, "broadside.toml"), Spool: t.TempDir()}
}

// filesIn returns the names and sizes of all files below a directory.
func filesIn(t testing.TB, dir string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			files = append(files, fmt.Sprintf("%s %d", name, info.Size()))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// A backup of one engine makes the same paper on either.
func TestRestoredPaperIsTheSame(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		filled(t, p)
		name := filepath.Join(t.TempDir(), "paper.backup")
		s := write(t, p, name)
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if !s.Created.Equal(newstest.Noon) || s.Blobs != len(p.BlobNames(t)) || s.Size != info.Size() {
			t.Errorf("the summary is %+v; there are %d blobs and %d bytes", s, len(p.BlobNames(t)), info.Size())
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("the backup holds the keys and has mode %v", info.Mode())
		}
		if again, err := backup.Verify(name, nil); err != nil || again != s {
			t.Errorf("Verify = %+v, %v; want %+v", again, err, s)
		}
		newstest.EachDSN(t, func(t *testing.T, dsn string) {
			dir := t.TempDir()
			if got, err := backup.Restore(t.Context(), name, nil, target(t, dir, dsn)); err != nil || got != s {
				t.Fatalf("Restore = %+v, %v; want %+v", got, err, s)
			}
			wantSame(t, p, newstest.Open(t, dir, dsn, p.Clock))
		})
	})
}

func wantSame(t *testing.T, want, got *newstest.Paper) {
	t.Helper()
	newstest.WantSame(t, "the paper", want.Dump(t), got.Dump(t))
	if !slices.Equal(got.BlobNames(t), want.BlobNames(t)) {
		t.Errorf("the blobs are %v, want %v", got.BlobNames(t), want.BlobNames(t))
	}
	if faults := got.Check(t); len(faults) > 0 {
		t.Errorf("Check: %q", faults)
	}
	if !bytes.Equal(got.Keys.Export(), want.Keys.Export()) {
		t.Error("the keys are others")
	}
	file := filepath.Join(got.Dir, "broadside.toml")
	if config, err := os.ReadFile(file); err != nil || string(config) != configuration {
		t.Errorf("the configuration is %q, %v", config, err)
	}
	for _, name := range []string{file, filepath.Join(got.Dir, "keys")} {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v; want it for its owner only", name, info.Mode(), err)
		}
	}
	// A scheduled article keeps its hour.
	got.Clock.Move(2 * time.Hour)
	got.Work(t)
	if n := len(got.Log(t, "")); n != len(want.Log(t, ""))+1 {
		t.Errorf("after the hour has come the log has %d rows", n)
	}
	got.Clock.Move(-2 * time.Hour)
}

func TestPaperWithoutAConfigurationIsBackedUpToo(t *testing.T) {
	p := newstest.SQLite(t)
	p.Publish(t, "The dock strike")
	name, dir := filepath.Join(t.TempDir(), "paper.backup"), t.TempDir()
	write(t, p, name)
	to := target(t, dir, filepath.Join(dir, "news.db"))
	if _, err := backup.Restore(t.Context(), name, nil, to); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(to.Config); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("there is a configuration (%v)", err)
	}
}

// Readers and writers go on; the backup is of one moment.
func TestBackupIsTakenWhileThePaperIsWritten(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		filled(t, p)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan int)
		go func() {
			n := 0
			for ; ctx.Err() == nil; n++ {
				p.Publish(t, fmt.Sprintf("Story %d", n))
			}
			done <- n
		}()
		dir := t.TempDir()
		for i := range 5 {
			write(t, p, filepath.Join(dir, fmt.Sprintf("%d.backup", i)))
		}
		cancel()
		published := <-done
		last := -1
		for i := range 5 {
			to := t.TempDir()
			dsn := filepath.Join(to, "news.db")
			if _, err := backup.Restore(t.Context(), filepath.Join(dir, fmt.Sprintf("%d.backup", i)), nil, target(t, to, dsn)); err != nil {
				t.Fatal(err)
			}
			got := newstest.Open(t, to, dsn, p.Clock)
			if faults := got.Check(t); len(faults) > 0 {
				t.Errorf("Check of backup %d: %q", i, faults)
			}
			n := len(got.Log(t, ""))
			if n < last || n > published+3 {
				t.Errorf("backup %d has %d publications, the one before had %d, there were %d", i, n, last, published+3)
			}
			last = n
		}
		if published == 0 || last <= 3 {
			t.Errorf("%d articles were published, of which the last backup has %d: the backups kept the writer waiting", published, last-3)
		}
	})
}

func TestEncryptedBackupOpensForItsIdentityOnly(t *testing.T) {
	p := newstest.SQLite(t)
	filled(t, p)
	mine, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	other, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "paper.backup")
	s := write(t, p, name, mine.Recipient())
	sealed, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(sealed, []byte("age-encryption.org/")) || bytes.Contains(sealed, []byte("broadside keyring")) {
		t.Error("the backup is not encrypted")
	}
	for why, identities := range map[string][]age.Identity{"encrypted": nil, "None of the identities": {other}} {
		dir := t.TempDir()
		to := target(t, dir, filepath.Join(dir, "news.db"))
		before := filesIn(t, dir)
		_, err := backup.Restore(t.Context(), name, identities, to)
		newstest.WantKind(t, "Restore", err, broadside.Invalid)
		if err != nil && !strings.Contains(err.Error(), why) {
			t.Errorf("Restore: %v, want it to say %q", err, why)
		}
		if after := filesIn(t, dir); !slices.Equal(after, before) {
			t.Errorf("it has written %v", after)
		}
	}
	dir := t.TempDir()
	dsn := filepath.Join(dir, "news.db")
	if got, err := backup.Restore(t.Context(), name, []age.Identity{other, mine}, target(t, dir, dsn)); err != nil || got != s {
		t.Fatalf("Restore = %+v, %v; want %+v", got, err, s)
	}
	wantSame(t, p, newstest.Open(t, dir, dsn, p.Clock))
}

// What a disk or a line does to a file is noticed before anything is written.
func TestDamagedBackupIsRefusedWhole(t *testing.T) {
	p := newstest.SQLite(t)
	filled(t, p)
	mine, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	for kind, recipients := range map[string][]age.Recipient{"plain": nil, "encrypted": {mine.Recipient()}} {
		name := filepath.Join(t.TempDir(), "paper.backup")
		write(t, p, name, recipients...)
		sound, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		damages := map[string][]byte{"one byte more": append(bytes.Clone(sound), 0), "twice": append(bytes.Clone(sound), sound...)}
		for i := range 20 {
			n := len(sound) * i / 20
			damages[fmt.Sprintf("cut off at %d of %d", n, len(sound))] = sound[:n]
		}
		for _, n := range []int{1, 2, 4, 8, 16, 512} {
			damages[fmt.Sprintf("without its last %d bytes", n)] = sound[:len(sound)-n]
		}
		for i := range 50 {
			at := (len(sound) - 1) * i / 49
			flipped := bytes.Clone(sound)
			flipped[at] ^= 0xff
			damages[fmt.Sprintf("flipped at %d of %d", at, len(sound))] = flipped
		}
		dir := t.TempDir()
		to := target(t, dir, filepath.Join(dir, "news.db"))
		before := filesIn(t, dir)
		for what, bytes := range damages {
			if err := os.WriteFile(name, bytes, 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := backup.Restore(t.Context(), name, []age.Identity{mine}, to)
			newstest.WantKind(t, "Restore of a backup, "+kind+", "+what, err, broadside.Invalid)
			if after := filesIn(t, dir); !slices.Equal(after, before) {
				t.Fatalf("%s, %s: it has written %v", kind, what, after)
			}
		}
	}
}

// A file that is sound by its checksums may still be of another kind.
func TestOtherFilesAreNoBackups(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{"empty": "", "text": "The dock strike\n", "tar": strings.Repeat("\x00", 1024)} {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := backup.Verify(file, nil)
		newstest.WantKind(t, "Verify of "+name, err, broadside.Invalid)
	}
	if _, err := backup.Verify(filepath.Join(dir, "none"), nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Verify of no file: %v", err)
	}
}

func TestRestoringOverAPaperIsRefused(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		filled(t, p)
		old := filepath.Join(t.TempDir(), "paper.backup")
		write(t, p, old)
		// What was removed since must not come back.
		for _, l := range p.Log(t, "") {
			if err := p.Newsroom.Remove(t.Context(), newstest.Owner, l.Article); err != nil {
				t.Fatal(err)
			}
		}
		to := target(t, p.Dir, p.DSN)
		if err := os.WriteFile(to.Config, []byte("# Another by now.\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		rows, blobs := p.Dump(t), p.BlobNames(t)
		_, err := backup.Restore(t.Context(), old, nil, to)
		newstest.WantKind(t, "Restore", err, broadside.Conflict)
		newstest.WantSame(t, "the paper", rows, p.Dump(t))
		if after := p.BlobNames(t); !slices.Equal(after, blobs) {
			t.Errorf("the blobs were %v and are %v", blobs, after)
		}
		if config, err := os.ReadFile(to.Config); err != nil || string(config) != "# Another by now.\n" {
			t.Errorf("the configuration is %q, %v", config, err)
		}
	})
}

// Neither the keys nor the configuration of somebody else are replaced, and
// then there is no paper either.
func TestFilesInTheWayAreNotReplaced(t *testing.T) {
	p := newstest.SQLite(t)
	filled(t, p)
	name := filepath.Join(t.TempDir(), "paper.backup")
	write(t, p, name)
	for _, file := range []string{"keys", "broadside.toml"} {
		dir := t.TempDir()
		to := target(t, dir, filepath.Join(dir, "news.db"))
		content := []byte("# Mine.\n")
		if file == "keys" {
			content = newstest.SQLite(t).Keys.Export()
		}
		if err := os.WriteFile(filepath.Join(dir, file), content, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := backup.Restore(t.Context(), name, nil, to)
		newstest.WantKind(t, "Restore over "+file, err, broadside.Conflict)
		if now, err := os.ReadFile(filepath.Join(dir, file)); err != nil || !bytes.Equal(now, content) {
			t.Errorf("%s is %q now, %v", file, now, err)
		}
		if n := len(newstest.Open(t, t.TempDir(), to.DSN, p.Clock).Log(t, "")); n != 0 {
			t.Errorf("%s is in the way, but there is a paper with %d publications", file, n)
		}
	}
}

// A restore that broke off can be done again.
func TestRestoreCanBeRepeated(t *testing.T) {
	newstest.EachDSN(t, func(t *testing.T, dsn string) {
		p := newstest.SQLite(t)
		filled(t, p)
		name := filepath.Join(t.TempDir(), "paper.backup")
		write(t, p, name)
		dir := t.TempDir()
		to := target(t, dir, dsn)
		broken := to
		broken.Blobs = full{to.Blobs}
		_, err := backup.Restore(t.Context(), name, nil, broken)
		newstest.WantKind(t, "Restore to a full disk", err, broadside.Unavailable)
		if _, err := backup.Restore(t.Context(), name, nil, to); err != nil {
			t.Fatal(err)
		}
		wantSame(t, p, newstest.Open(t, dir, dsn, p.Clock))
	})
}

// A full is a blob store without space.
type full struct{ blob.Store }

func (full) Put(context.Context, io.Reader) (string, int64, error) {
	return "", 0, broadside.Errorf(broadside.Unavailable, "There is no space left.")
}

func TestSecondBackupTakesThePlaceOfTheFirst(t *testing.T) {
	p := newstest.SQLite(t)
	filled(t, p)
	dir := t.TempDir()
	name := filepath.Join(dir, "paper.backup")
	first := write(t, p, name)
	p.Clock.Move(time.Hour)
	p.Publish(t, "News since")
	second := write(t, p, name)
	if got, err := backup.Verify(name, nil); err != nil || got != second || !got.Created.After(first.Created) {
		t.Errorf("Verify = %+v, %v; want %+v", got, err, second)
	}
	if files := filesIn(t, dir); len(files) != 1 {
		t.Errorf("there are %v", files)
	}
}

// Whatever goes wrong, the backup of yesterday is there, and nothing that looks
// like one of today.
func TestUnfinishedBackupLeavesTheLastOne(t *testing.T) {
	p := newstest.SQLite(t)
	filled(t, p)
	dir := t.TempDir()
	name := filepath.Join(dir, "paper.backup")
	yesterday := write(t, p, name)

	cancelled, cancel := context.WithCancel(t.Context())
	stopping := subject(p)
	stopping.Blobs = stopper{p.Blobs, cancel}
	if _, err := backup.Write(cancelled, name, stopping, nil, p.Clock.Now()); !errors.Is(err, context.Canceled) {
		t.Errorf("Write that is stopped: %v, want Canceled", err)
	}
	names := p.BlobNames(t)
	missing := filepath.Join(p.Dir, "blobs", names[0][:2], names[0])
	if err := os.Rename(missing, missing+".away"); err != nil {
		t.Fatal(err)
	}
	_, err := backup.Write(t.Context(), name, subject(p), nil, p.Clock.Now())
	newstest.WantKind(t, "Write of a paper that lacks a blob", err, broadside.NotFound)
	if got, err := backup.Verify(name, nil); err != nil || got != yesterday {
		t.Errorf("yesterday's backup: %+v, %v; want %+v", got, err, yesterday)
	}
	if files := filesIn(t, dir); len(files) != 1 {
		t.Errorf("there are %v", files)
	}

	// A process that was killed cannot tidy up. The next one can.
	if err := os.Rename(missing+".away", missing); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name+".partial", []byte("half a backup"), 0o600); err != nil {
		t.Fatal(err)
	}
	write(t, p, name)
	if files := filesIn(t, dir); len(files) != 1 {
		t.Errorf("there are %v", files)
	}
}

// A stopper ends the backup when it comes to the first blob.
type stopper struct {
	blob.Store
	stop func()
}

func (s stopper) Open(ctx context.Context, name string) (io.ReadSeekCloser, error) {
	s.stop()
	return s.Store.Open(ctx, name)
}

func TestBackupIntoADirectoryThatIsNotThere(t *testing.T) {
	p := newstest.SQLite(t)
	if _, err := backup.Write(t.Context(), filepath.Join(t.TempDir(), "none", "paper.backup"), subject(p), nil, p.Clock.Now()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Write: %v, want ErrNotExist", err)
	}
}

// Whatever bytes a file has, reading it ends with a verdict.
func FuzzVerify(f *testing.F) {
	p := newstest.SQLite(f)
	p.Publish(f, "The dock strike")
	name := filepath.Join(f.TempDir(), "paper.backup")
	write(f, p, name)
	sound, err := os.ReadFile(name)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sound)
	f.Add(sound[:len(sound)/2])
	f.Add([]byte("age-encryption.org/v1\n-> X25519 a\n"))
	f.Add([]byte{0x28, 0xb5, 0x2f, 0xfd})
	f.Fuzz(func(t *testing.T, data []byte) {
		file := filepath.Join(t.TempDir(), "a")
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if s, err := backup.Verify(file, nil); err != nil {
			newstest.WantKind(t, "Verify", err, broadside.Invalid)
		} else if s.Size != int64(len(data)) {
			t.Errorf("Verify = %+v of %d bytes", s, len(data))
		}
	})
}
