package e2e

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"example.org/broadside/internal/newstest"
	"example.org/broadside/internal/store"
)

// A paper is a newspaper that is touched only as its owner could touch it.
type paper struct {
	dir   string
	flags []string // of every command: the directory and perhaps the database
	env   []string // beside what the machine sets
	desk  string   // a folder for the files that are handed in
}

func newPaper(t testing.TB) *paper {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "paper")
	return &paper{dir: dir, flags: []string{"--dir", dir}, desk: t.TempDir()}
}

// each runs f on an empty paper on every engine.
func each(t *testing.T, f func(t *testing.T, p *paper)) {
	newstest.EachDSN(t, func(t *testing.T, dsn string) {
		p := newPaper(t)
		if store.IsPostgres(dsn) {
			p.flags = append(p.flags, "--db", dsn)
		}
		f(t, p)
	})
}

// command returns a command of the program on the paper. What is set for the
// tests in this process's environment does not reach it.
func (p *paper) command(args ...string) *exec.Cmd {
	cmd := exec.Command(program, slices.Concat(args, p.flags)...)
	cmd.Env = slices.DeleteFunc(os.Environ(), func(s string) bool { return strings.HasPrefix(s, "BROADSIDE_") })
	cmd.Env = append(cmd.Env, p.env...)
	return cmd
}

// An outcome is how a command ended.
type outcome struct {
	status      int // -1 if it was killed
	out, errors string
}

// run runs a command to its end.
func (p *paper) run(t testing.TB, args ...string) outcome {
	t.Helper()
	var out, complaint bytes.Buffer
	cmd := p.command(args...)
	cmd.Stdout, cmd.Stderr = &out, &complaint
	status := runFor(t, cmd, time.Minute)
	return outcome{status, out.String(), complaint.String()}
}

// runFor runs a command, kills it when the time is up, and returns its exit
// status, -1 if it was killed.
func runFor(t testing.TB, cmd *exec.Cmd, limit time.Duration) int {
	t.Helper()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	end := time.AfterFunc(limit, func() { _ = cmd.Process.Kill() })
	defer end.Stop()
	if err := cmd.Wait(); err != nil {
		if _, ok := errors.AsType[*exec.ExitError](err); !ok {
			t.Fatal(err)
		}
	}
	return cmd.ProcessState.ExitCode()
}

// must runs a command that has to succeed, and returns what it printed.
func (p *paper) must(t testing.TB, args ...string) string {
	t.Helper()
	o := p.run(t, args...)
	if o.status != 0 {
		t.Fatalf("broadside %.200q exits %d:\n%s", args, o.status, o.errors)
	}
	return o.out
}

// wantSound complains unless check finds nothing, and returns what it printed.
func (p *paper) wantSound(t testing.TB) string {
	t.Helper()
	o := p.run(t, "check")
	if o.status != 0 || !strings.HasSuffix(o.out, " 0 faults\n") {
		t.Fatalf("check exits %d: %s%s", o.status, o.out, o.errors)
	}
	return o.out
}

// write puts a file on the desk and returns its path.
func (p *paper) write(t testing.TB, name, text string) string {
	t.Helper()
	name = filepath.Join(p.desk, name)
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// A server is the program while it serves a paper.
type server struct {
	url   string
	cmd   *exec.Cmd
	log   *record
	ended chan struct{}
}

// serve starts to serve the paper on a free address and waits until it is
// healthy. If the test has not ended the process, its end does.
func (p *paper) serve(t testing.TB, args ...string) *server {
	t.Helper()
	address := freeAddress(t)
	s := &server{url: "http://" + address, log: new(record), ended: make(chan struct{})}
	s.cmd = p.command(append([]string{"serve", "--addr", address}, args...)...)
	s.cmd.Stdout, s.cmd.Stderr = s.log, s.log
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = s.cmd.Wait() // how it ended is in ProcessState
		close(s.ended)
	}()
	t.Cleanup(func() {
		_ = s.cmd.Process.Kill()
		<-s.ended
		if t.Failed() {
			t.Logf("the log of %s:\n%s", s.url, s.log)
		}
	})
	s.wantHealthy(t)
	return s
}

// wantHealthy waits until /healthz is 200, for which five seconds are enough.
func (s *server) wantHealthy(t testing.TB) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		select {
		case <-s.ended:
			t.Fatalf("serve ended at once: %s", s.cmd.ProcessState)
		default:
		}
		if r, err := client.Get(s.url + "/healthz"); err == nil {
			r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return
			}
		}
	}
	t.Fatal("/healthz is not 200 within five seconds")
}

// stop asks the process to end, as a service manager does, and complains
// unless it ends well.
func (s *server) stop(t testing.TB) {
	t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	s.wantEnd(t)
}

func (s *server) wantEnd(t testing.TB) {
	t.Helper()
	select {
	case <-s.ended:
	case <-time.After(15 * time.Second):
		t.Fatal("serve has not ended 15 seconds after it was told to")
	}
	if code := s.cmd.ProcessState.ExitCode(); code != 0 {
		t.Fatalf("serve ended with %d after SIGTERM", code)
	}
}

// kill ends the process as a power cut would.
func (s *server) kill() {
	_ = s.cmd.Process.Kill() // it may have ended by itself
	<-s.ended
}

// client takes every answer as it comes: redirects are not followed, nothing
// is decompressed.
var client = &http.Client{
	Timeout:       30 * time.Second,
	Transport:     &http.Transport{DisableCompression: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// An answer is one that was read to its end.
type answer struct {
	status int
	header http.Header
	body   string
}

// ask sends a request with headers given as names and values in turn.
func (s *server) ask(t testing.TB, method, path string, header ...string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	r, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return answer{r.StatusCode, r.Header, string(body)}
}

func (s *server) get(t testing.TB, path string) answer {
	t.Helper()
	return s.ask(t, "GET", path)
}

// want complains unless the path answers with that status and all these words,
// and returns the body.
func (s *server) want(t testing.TB, path string, status int, words ...string) string {
	t.Helper()
	a := s.get(t, path)
	if a.status != status {
		t.Errorf("GET %s = %d, want %d", path, a.status, status)
	}
	for _, w := range words {
		if !strings.Contains(a.body, w) {
			t.Errorf("GET %s does not say %q: %.600q", path, w, a.body)
		}
	}
	return a.body
}

// inTime is how long pages that are kept may show what was before: the program
// promises less, but the machine may be busy.
const inTime = time.Second

// wantSoon complains unless the path answers with 200 and all these words in
// time. A page that is kept follows what another process has published within
// milliseconds.
func (s *server) wantSoon(t testing.TB, path string, words ...string) {
	t.Helper()
	says := func(a answer) bool {
		return a.status == http.StatusOK && !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(a.body, w) })
	}
	for end := time.Now().Add(inTime); !says(s.get(t, path)); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			s.want(t, path, http.StatusOK, words...)
			return
		}
	}
}

var location = regexp.MustCompile(`<loc>https?://[^/<]*([^<]*)</loc>`)

// sitemap returns all parts of the sitemap but that of the news, which names
// again what stands in another.
func (s *server) sitemap(t testing.TB) string {
	t.Helper()
	var all strings.Builder
	for _, m := range location.FindAllStringSubmatch(s.want(t, "/sitemap.xml", http.StatusOK), -1) {
		if strings.HasPrefix(m[1], "/sitemap.xml?") {
			all.WriteString(s.want(t, m[1], http.StatusOK))
		}
	}
	return all.String()
}

// listed returns how often each path stands in the sitemap.
func (s *server) listed(t testing.TB) map[string]int {
	t.Helper()
	paths := map[string]int{}
	for _, m := range location.FindAllStringSubmatch(s.sitemap(t), -1) {
		paths[m[1]]++
	}
	return paths
}

// freeAddress returns a loopback address on which nobody listens.
func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// A record keeps what a process prints while others may read it.
type record struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (r *record) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.Write(p)
}

func (r *record) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.b.String()
}
