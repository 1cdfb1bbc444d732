package e2e

import (
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"example.org/broadside/internal/newstest"
	"example.org/broadside/internal/store"
)

// While PostgreSQL is away readers read on where pages are kept, and are told so
// where none is; when it is back the paper is too, without a restart, and what
// fell due meanwhile is done and on the pages that were kept.
func TestPostgresGoneAndBack(t *testing.T) {
	newstest.EachDSN(t, func(t *testing.T, dsn string) {
		if !store.IsPostgres(dsn) {
			return // a file does not go away
		}
		direct := newPaper(t)
		direct.flags = append(direct.flags, "--db", dsn)
		wire := newWire(t, dsn)
		p := &paper{dir: direct.dir, flags: []string{"--dir", direct.dir, "--db", wire.dsn}, desk: direct.desk}
		direct.must(t, "import", "markdown", "--publish", p.write(t, "before.md", article("before", "")))
		s := p.serve(t)
		s.want(t, "/", http.StatusOK, "The story of before")
		time.Sleep(time.Second) // by then it follows the log, and keeps what is asked for
		s.want(t, "/", http.StatusOK, "The story of before")

		due := time.Now().Add(1500 * time.Millisecond)
		direct.handInAt(t, "meanwhile", due)
		wire.cut()
		for _, path := range []string{"/harbour/", "/harbour/before", "/feed.xml", "/nowhere/at-all"} {
			a := s.get(t, path)
			if a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" {
				t.Errorf("GET %s without the database = %d, Retry-After %q; want 503 and a time", path, a.status, a.header.Get("Retry-After"))
			}
			if !strings.Contains(a.body, "We will be back in a moment") || !strings.Contains(a.header.Get("Content-Type"), "text/html") {
				t.Errorf("GET %s without the database answers %s %.300q, want a page that says so", path, a.header.Get("Content-Type"), a.body)
			}
		}
		s.want(t, "/healthz", http.StatusServiceUnavailable)
		s.want(t, "/", http.StatusOK, "The story of before")
		time.Sleep(time.Until(due.Add(500 * time.Millisecond)))
		s.want(t, "/harbour/", http.StatusServiceUnavailable)

		wire.join(t)
		back := time.Now()
		s.wantWithin(t, back.Add(5*time.Second), "/harbour/")
		s.wantWithin(t, back.Add(5*time.Second), "/healthz")
		s.wantWithin(t, back.Add(5*time.Second), "/harbour/meanwhile")
		s.wantSoon(t, "/", "The story of meanwhile")
		if n := s.listed(t)["/harbour/meanwhile"]; n != 1 {
			t.Errorf("what fell due meanwhile is listed %d times", n)
		}
		s.stop(t)
		direct.wantSound(t)
	})
}

// wantWithin waits until the path is answered with 200.
func (s *server) wantWithin(t testing.TB, end time.Time, path string) {
	t.Helper()
	for s.get(t, path).status != http.StatusOK {
		if time.Now().After(end) {
			t.Fatalf("GET %s is not 200 five seconds after the database is back", path)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// A wire leads to a database server and can be cut.
type wire struct {
	dsn    string // of the near end
	near   string
	far    string
	mu     sync.Mutex
	listen net.Listener // nil while it is cut
	ends   []net.Conn
}

// newWire returns a wire to the server of a database.
func newWire(t *testing.T, dsn string) *wire {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{near: freeAddress(t), far: u.Host}
	if u.Port() == "" {
		w.far = net.JoinHostPort(u.Hostname(), "5432")
	}
	u.Host = w.near
	w.dsn = u.String()
	w.join(t)
	t.Cleanup(w.cut)
	return w
}

// join lets connections through.
func (w *wire) join(t *testing.T) {
	t.Helper()
	l, err := net.Listen("tcp", w.near)
	if err != nil {
		t.Fatal(err)
	}
	w.mu.Lock()
	w.listen = l
	w.mu.Unlock()
	go func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			go w.carry(near)
		}
	}()
}

func (w *wire) carry(near net.Conn) {
	far, err := net.Dial("tcp", w.far)
	if err != nil {
		near.Close()
		return
	}
	w.mu.Lock()
	w.ends = append(w.ends, near, far)
	if w.listen == nil { // it was cut meanwhile
		near.Close()
		far.Close()
	}
	w.mu.Unlock()
	go func() {
		_, _ = io.Copy(far, near) // until it is cut
		far.Close()
	}()
	_, _ = io.Copy(near, far)
	near.Close()
}

// cut ends every connection and refuses new ones.
func (w *wire) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.listen != nil {
		w.listen.Close()
	}
	w.listen = nil
	for _, c := range w.ends {
		c.Close()
	}
	w.ends = nil
}
