package e2e

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"example.org/broadside/internal/newstest"
)

const (
	rounds    = 50
	batchSize = 130 // three transactions of an import
)

// Whatever is killed, and whenever: the paper is sound, what a command has
// reported is there whole and once, and a backup that has its name restores.
func TestKillLosesNothing(t *testing.T) {
	each(t, func(t *testing.T, p *paper) {
		t.Parallel()
		seed := uint64(time.Now().UnixNano())
		t.Logf("the seed of this run is %d", seed)
		k := &killer{paper: p, rand: rand.New(rand.NewPCG(seed, 0)), took: map[string]time.Duration{}, read: map[string]bool{}}
		k.rehearse(t)
		for round := range rounds {
			switch round % 10 {
			case 3, 7:
				k.killBackup(t, round)
			case 5, 9:
				k.killServe(t, round)
			default:
				k.killImport(t, round)
			}
			p.wantSound(t)
			if round%10 == 9 && round != rounds-1 {
				k.wantAllThere(t)
			}
		}
		k.wantAllThere(t)
		k.wantAllScheduledPublished(t)
		t.Logf("%d of %d were killed while they worked, %d of them after a part was done; %d articles reported, %d backups restored",
			k.died, rounds, k.halfway, len(k.reported), k.restored)
		if k.died < rounds/2 {
			t.Errorf("only %d of %d rounds killed anything: the moments are badly chosen", k.died, rounds)
		}
	})
}

// A killer kills commands on one paper and remembers what they had said.
type killer struct {
	paper     *paper
	rand      *rand.Rand
	took      map[string]time.Duration // by a whole run of each command
	reported  []string                 // paths that an import printed as published
	scheduled []string                 // paths that an import printed as published at their hour
	read      map[string]bool          // paths whose text was read already

	died, halfway, restored int
}

// rehearse runs each command undisturbed, to learn how long it takes.
func (k *killer) rehearse(t *testing.T) {
	files, paths := k.batch(t, "rehearsal")
	start := time.Now()
	out := k.paper.must(t, append([]string{"import", "markdown", "--publish"}, files...)...)
	k.took["import"] = time.Since(start)
	if got := strings.Fields(out); !slices.Equal(got, paths) {
		t.Fatalf("the import printed %q, want %q", got, paths)
	}
	k.reported = append(k.reported, paths...)
	start = time.Now()
	k.paper.must(t, "backup", "-o", filepath.Join(k.paper.desk, "rehearsal.backup"))
	k.took["backup"] = time.Since(start)
}

// kill runs a command and kills it at a random moment of its life, or just
// after. For a life that is counted from the first line that it prints, early
// is false.
func (k *killer) kill(t *testing.T, command string, early bool, args ...string) outcome {
	t.Helper()
	start := time.Now()
	life := time.Duration(k.rand.Float64() * 1.1 * float64(k.took[command]))
	limit := life
	var out, complaint record
	cmd := k.paper.command(args...)
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if !early {
		limit = time.Minute
		cmd.Stdout = &alarm{to: &out, ring: func() { time.AfterFunc(life/2, func() { _ = cmd.Process.Kill() }) }}
	}
	o := outcome{runFor(t, cmd, limit), out.String(), complaint.String()}
	switch o.status {
	case -1:
		k.died++
	case 0:
		k.took[command] = time.Since(start) // it grows with the paper
	default:
		t.Fatalf("%.60q exits %d:\n%s", args, o.status, o.errors)
	}
	return o
}

// An alarm rings when something is first written, and passes everything on.
type alarm struct {
	to   io.Writer
	ring func()
	once sync.Once
}

func (a *alarm) Write(p []byte) (int, error) {
	a.once.Do(a.ring)
	return a.to.Write(p)
}

// batch writes a batch of articles, some with a picture, and returns their
// files and paths.
func (k *killer) batch(t *testing.T, name string) (files, paths []string) {
	t.Helper()
	for i := range batchSize {
		slug, extra := fmt.Sprintf("%s-%d", name, i), ""
		if i%25 == 7 {
			picture := newstest.JPEG(t, 360, 240, k.rand.Uint64())
			extra = fmt.Sprintf("picture: {file: %s.jpg, alt: A quay, credit: Ivo Tarn}\n", slug)
			k.paper.write(t, slug+".jpg", string(picture))
		}
		files = append(files, k.paper.write(t, slug+".md", article(slug, extra)))
		paths = append(paths, "/harbour/"+slug)
	}
	return files, paths
}

// article returns the text of a file for the section Harbour. It ends with
// [lastSentence].
func article(slug, extra string) string {
	return fmt.Sprintf("---\ntitle: The story of %s\nsection: Harbour\nslug: %s\nauthor: Nora Quillan\ntags: [Ice]\n%s---\n\n%s\n\n%s\n",
		slug, slug, extra, strings.Repeat("She put her hand flat on the main switch and left it there. ", 12), lastSentence(slug))
}

func lastSentence(slug string) string { return "And this is the end of the story of " + slug + "." }

func (k *killer) killImport(t *testing.T, round int) {
	files, paths := k.batch(t, fmt.Sprintf("r%d", round))
	args := append([]string{"import", "markdown", "--publish"}, files...)
	o := k.kill(t, "import", round%2 == 0, args...)
	said := wholeLines(o.out)
	if !slices.Equal(said, paths[:len(said)]) {
		t.Fatalf("the import printed %q, want the first of %q", said, paths)
	}
	if o.status == -1 && len(said) > 0 {
		k.halfway++
	}
	k.reported = append(k.reported, said...)
	if round%10 != 1 {
		return
	}
	// An operator would simply start it again.
	k.paper.wantSound(t)
	if got := wholeLines(k.paper.must(t, args...)); !slices.Equal(got, paths) {
		t.Fatalf("the second import printed %q, want %q", got, paths)
	}
	k.reported = append(k.reported, paths[len(said):]...)
}

func wholeLines(s string) []string { return strings.Fields(s[:strings.LastIndexByte(s, '\n')+1]) }

// killBackup kills a backup. One that was finished in time, and every second
// one that is then made in peace, must restore.
func (k *killer) killBackup(t *testing.T, round int) {
	file := filepath.Join(k.paper.desk, fmt.Sprintf("r%d.backup", round))
	k.kill(t, "backup", true, "backup", "-o", file)
	_, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) && round%10 == 7 {
		start := time.Now()
		k.paper.must(t, "backup", "-o", file)
		k.took["backup"] = time.Since(start)
	} else if errors.Is(err, fs.ErrNotExist) {
		return
	} else if err != nil {
		t.Fatal(err)
	}
	copied := newPaper(t)
	copied.must(t, "restore", file)
	var revisions int
	if _, err := fmt.Sscanf(copied.wantSound(t), "%d revisions", &revisions); err != nil || revisions < len(k.reported) {
		t.Fatalf("the backup holds %d articles (%v), want the %d that had been reported", revisions, err, len(k.reported))
	}
	k.restored++
}

// killServe kills a server while articles fall due and pictures get their
// sizes.
func (k *killer) killServe(t *testing.T, round int) {
	var files []string
	due := time.Now().Add(400 * time.Millisecond)
	for i := range 6 {
		slug := fmt.Sprintf("s%d-%d", round, i)
		at := due.Add(time.Duration(i) * 60 * time.Millisecond)
		files = append(files, k.paper.write(t, slug+".md", article(slug, "date: "+at.UTC().Format(time.RFC3339Nano)+"\n")))
	}
	said := wholeLines(k.paper.must(t, append([]string{"import", "markdown", "--publish"}, files...)...))
	if len(said) != len(files) {
		t.Fatalf("the import printed %q for %d files", said, len(files))
	}
	k.scheduled = append(k.scheduled, said...)
	life := time.Until(due) + time.Duration(k.rand.Int64N(int64(800*time.Millisecond)))
	var log record
	cmd := k.paper.command("serve", "--addr", "127.0.0.1:0")
	cmd.Stdout, cmd.Stderr = &log, &log
	if status := runFor(t, cmd, life); status != -1 {
		t.Fatalf("serve exits %d:\n%s", status, &log)
	}
	k.died++
}

// wantAllThere serves the paper and reads everything that stands in it.
func (k *killer) wantAllThere(t *testing.T) {
	t.Helper()
	s := k.paper.serve(t)
	listed := s.listed(t)
	for _, path := range k.reported {
		if listed[path] == 0 {
			t.Errorf("%s was reported as published and is not there", path)
		}
	}
	for path, times := range listed {
		if times != 1 {
			t.Errorf("%s is listed %d times", path, times)
		}
		slug, ok := strings.CutPrefix(path, "/harbour/")
		if !ok || slug == "" || k.read[path] {
			continue
		}
		s.want(t, path+".txt", http.StatusOK, lastSentence(slug))
		k.read[path] = true
	}
	s.stop(t)
}

// wantAllScheduledPublished serves the paper until everything that has fallen
// due is published. What a killed process was busy with waits for ten seconds,
// until its lease has run out.
func (k *killer) wantAllScheduledPublished(t *testing.T) {
	t.Helper()
	s := k.paper.serve(t)
	missing := k.scheduled
	for end := time.Now().Add(15 * time.Second); len(missing) > 0 && time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		listed := s.listed(t)
		missing = slices.DeleteFunc(slices.Clone(missing), func(path string) bool { return listed[path] == 1 })
	}
	if len(missing) > 0 {
		t.Errorf("not published, though their hour has passed: %q", missing)
	}
	s.stop(t)
	k.paper.wantSound(t)
	k.wantAllThere(t)
}
