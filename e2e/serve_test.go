package e2e

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A directory is served by one process. The second is told which that is; the
// death of the first, however sudden, makes room.
func TestSecondServeIsRefused(t *testing.T) {
	each(t, func(t *testing.T, p *paper) {
		first := p.serve(t)
		o := p.run(t, "serve", "--addr", "127.0.0.1:0")
		if pid := fmt.Sprint(first.cmd.Process.Pid); o.status != 1 || !strings.Contains(o.errors, pid) {
			t.Errorf("a second serve exits %d and says %q, want 1 and the process %s", o.status, o.errors, pid)
		}
		first.want(t, "/", http.StatusOK)
		first.kill()
		p.serve(t).stop(t)
	})
}

// An address that is taken is an error that names it, and leaves the paper
// free for the next try.
func TestServeNamesAnAddressThatIsTaken(t *testing.T) {
	p := newPaper(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	o := p.run(t, "serve", "--addr", l.Addr().String())
	if o.status != 1 || !strings.Contains(o.errors, l.Addr().String()) {
		t.Errorf("serve on a taken address exits %d and says %q, want 1 and the address", o.status, o.errors)
	}
	p.serve(t).stop(t)
}

var fileAddress = regexp.MustCompile(`/media/file/[^"]+`)

// Who is in the middle of a download when the paper is told to stop gets it to
// the end; nobody new is let in.
func TestStopLetsADownloadEnd(t *testing.T) {
	p := newPaper(t)
	const size = 48 << 20 // more than the sockets on the way hold
	noise := make([]byte, size)
	rand.Read(noise)
	if err := os.WriteFile(filepath.Join(p.desk, "papers.zip"), noise, 0o600); err != nil {
		t.Fatal(err)
	}
	file := p.write(t, "papers.html", "---\ntitle: The papers\nsection: Harbour\n---\n"+
		`<p>All of them.</p><p class="file"><a href="papers.zip">The papers (ZIP)</a></p>`)
	p.must(t, "import", "html", "--publish", file)
	s := p.serve(t)
	address := fileAddress.FindString(s.want(t, "/harbour/the-papers", http.StatusOK))
	r, err := client.Get(s.url + address)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if _, err := io.CopyN(io.Discard, r.Body, 1<<20); err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	s.wantClosed(t)
	time.Sleep(time.Second)
	if n, err := io.Copy(io.Discard, r.Body); err != nil || n != size-1<<20 {
		t.Errorf("the download ended after %d of %d bytes: %v", n+1<<20, size, err)
	}
	s.wantEnd(t)
}

// wantClosed waits until the server takes no more connections.
func (s *server) wantClosed(t testing.TB) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	for {
		c, err := new(net.Dialer).DialContext(ctx, "tcp", strings.TrimPrefix(s.url, "http://"))
		if ctx.Err() != nil {
			t.Fatal("the server still takes connections three seconds after it was told to stop")
		}
		if err != nil {
			return
		}
		c.Close()
		time.Sleep(10 * time.Millisecond)
	}
}
