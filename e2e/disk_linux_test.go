package e2e

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"example.org/broadside/internal/newstest"
)

// smallDiskKey is the variable that tells this test that it may mount.
const smallDiskKey = "BROADSIDE_TEST_SMALL_DISK"

// On a full disk a write fails in words and leaves nothing, reading goes on,
// and when there is room again the same command succeeds. The disk is a small
// file system of the test's own, for which it starts itself anew in a
// namespace where it may mount one.
func TestFullDisk(t *testing.T) {
	if os.Getenv(smallDiskKey) == "" {
		inNamespace(t)
		return
	}
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=24m"); err != nil {
		t.Fatalf("a small disk cannot be mounted: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	p := newPaper(t)
	p.dir = filepath.Join(disk, "paper")
	p.flags = []string{"--dir", p.dir}
	p.must(t, "import", "markdown", "--publish", p.write(t, "before.md", article("before", "")))
	s := p.serve(t)
	s.want(t, "/harbour/before", http.StatusOK)
	// The less room there is, the earlier it fails: opening the paper, keeping
	// the picture, writing the rows.
	for i, room := range []int{0, 40, 300, 500, 700} {
		t.Run(fmt.Sprintf("with %d kB left", room), func(t *testing.T) { fullDisk(t, p, s, disk, fmt.Sprintf("story%d", i), room<<10) })
	}
	s.stop(t)
}

// fullDisk imports pictures and articles that need about two megabytes while
// there is too little room, and then with room.
func fullDisk(t *testing.T, p *paper, s *server, disk, name string, room int) {
	var files []string
	for i := range 40 {
		slug, extra := fmt.Sprintf("%s-%d", name, i), ""
		if i%8 == 0 {
			p.write(t, slug+".jpg", string(newstest.JPEG(t, 1000, 700, uint64(i)+uint64(room))))
			extra = fmt.Sprintf("picture: {file: %s.jpg, alt: A quay, credit: Ivo Tarn}\n", slug)
		}
		files = append(files, p.write(t, slug+".md", article(slug, extra)))
	}
	args := append([]string{"import", "markdown", "--publish"}, files...)
	makeRoom := fill(t, disk, room)
	o := p.run(t, args...)
	if o.status != 1 || !strings.Contains(o.errors, "The disk of the database is full") && !strings.Contains(o.errors, "There is no space left on the disk") {
		t.Errorf("the import exits %d and says %.2000q, want 1 and that the disk is full", o.status, o.errors)
	}
	for _, path := range []string{"/", "/harbour/", "/harbour/before", "/feed.xml", "/healthz"} {
		s.want(t, path, http.StatusOK)
	}
	for _, path := range strings.Fields(o.out) {
		s.want(t, path+".txt", http.StatusOK, lastSentence(filepath.Base(path)))
	}
	p.wantSound(t)
	makeRoom()
	if out := p.must(t, args...); strings.Count(out, "\n") != len(files) {
		t.Errorf("with room the import prints %q for %d files", out, len(files))
	}
	s.want(t, "/harbour/"+name+"-39", http.StatusOK)
	p.wantSound(t)
}

// fill leaves so many bytes on a disk until makeRoom is called.
func fill(t *testing.T, disk string, room int) (makeRoom func()) {
	t.Helper()
	name := filepath.Join(disk, "filler")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	size, block := int64(0), make([]byte, 4096)
	for {
		n, err := f.Write(block)
		size += int64(n)
		if errors.Is(err, syscall.ENOSPC) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Truncate(max(size-int64(room), 0)); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
}

// inNamespace runs the calling test again where mounting is allowed and seen
// by nobody else.
func inNamespace(t *testing.T) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), smallDiskKey+"=1", programKey+"="+program)
	cmd.SysProcAttr = &syscall.SysProcAttr{Unshareflags: syscall.CLONE_NEWNS}
	if os.Getuid() != 0 {
		cmd.SysProcAttr.Cloneflags = syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	out, err := cmd.CombinedOutput()
	if _, ran := errors.AsType[*exec.ExitError](err); err != nil && !ran {
		t.Fatalf("This test needs a disk of its own: run it as root, or allow user namespaces to users: %v", err)
	}
	if err != nil {
		t.Errorf("on a small disk: %v\n%s", err, out)
	}
}
