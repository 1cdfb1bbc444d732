package e2e

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

const (
	floodSize = 10_000

	// floodPatience is how long whoever sends nothing may keep a connection.
	floodPatience = 15 * time.Second

	// floodMemory is how much memory each connection may take, in bytes.
	floodMemory = 32 << 10
)

// Ten thousand connections that say nothing, and some that say little, keep
// nobody from reading, take little memory, and are closed before long.
func TestBadConnections(t *testing.T) {
	n := min(floodSize, openFiles(t)-200)
	if n < floodSize {
		t.Logf("this machine allows %d connections only", n)
	}
	s := readers(t)
	s.want(t, "/", http.StatusOK)
	before := s.memory(t)
	var all sync.WaitGroup
	for _, say := range []string{"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ", "POST /harbour/ HTTP/1.1\r\nHost: x\r\nX: ", "\r\n\r\n\r\n"} {
		all.Go(func() { s.dribble(t, say) })
	}
	start := time.Now()
	var left atomic.Int32 // connections that are not closed in time
	for _, c := range s.flood(t, n) {
		all.Go(func() {
			if !givenUp(c, start.Add(floodPatience)) {
				left.Add(1)
			}
		})
	}
	for range 12 {
		asked := time.Now()
		s.wantNewcomer(t, leadPath)
		if took := time.Since(asked); took > time.Second {
			t.Errorf("among %d connections a reader waits for %v", n, took)
		}
		time.Sleep(250 * time.Millisecond)
	}
	if grown := s.memory(t) - before; grown > 16<<20+n*floodMemory {
		t.Errorf("%d connections take %d kB of memory, want %d each", n, grown>>10, floodMemory>>10)
	} else {
		t.Logf("%d connections take %d kB of memory", n, grown>>10)
	}
	all.Wait()
	if n := left.Load(); n > 0 {
		t.Errorf("%d connections that say nothing are not closed, or are answered, after %v", n, floodPatience)
	}
	s.wantNewcomer(t, "/")
	s.wantCalm(t)
}

// openFiles lets this process open as many files as the machine allows, and
// returns how many those are. The server inherits that.
func openFiles(t *testing.T) int {
	t.Helper()
	var l syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l); err != nil {
		t.Fatal(err)
	}
	for _, most := range []uint64{max(l.Max, floodSize+1000), l.Max} { // only root may raise the greatest
		raised := syscall.Rlimit{Cur: most, Max: most}
		if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &raised); err == nil {
			return int(min(most, 1<<20))
		}
	}
	return int(l.Cur)
}

// flood opens connections.
func (s *server) flood(t *testing.T, n int) []net.Conn {
	t.Helper()
	all := make([]net.Conn, n)
	var group sync.WaitGroup
	const hands = 50
	for hand := range hands {
		group.Go(func() {
			for i := hand; i < n; i += hands {
				c, err := net.DialTimeout("tcp", strings.TrimPrefix(s.url, "http://"), 10*time.Second)
				if err != nil {
					t.Errorf("connection %d: %v", i, err)
					return
				}
				t.Cleanup(func() { c.Close() })
				all[i] = c
			}
		})
	}
	group.Wait()
	if t.Failed() {
		t.FailNow()
	}
	return all
}

// givenUp waits until the server closes a connection without a word, and reports
// whether it does so in time.
func givenUp(c net.Conn, end time.Time) bool {
	_ = c.SetReadDeadline(end) // then reading fails, which is told
	b, err := io.ReadAll(c)
	return len(b) == 0 && !errors.Is(err, os.ErrDeadlineExceeded)
}

// dribble sends a byte each second, and complains unless it is stopped.
func (s *server) dribble(t *testing.T, say string) {
	c, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Error(err)
		return
	}
	defer c.Close()
	start := time.Now()
	closed := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, c) // until the server closes it
		close(closed)
	}()
	for i := 0; time.Since(start) < floodPatience; i++ {
		next := byte('x')
		if i < len(say) {
			next = say[i]
		}
		if _, err := c.Write([]byte{next}); err != nil {
			return
		}
		select {
		case <-closed:
			return
		case <-time.After(time.Second):
		}
	}
	t.Errorf("who sends %.10q a byte a second still does so after %v", say, floodPatience)
}

// wantNewcomer opens a page over a new connection.
func (s *server) wantNewcomer(t *testing.T, path string) {
	t.Helper()
	if a := s.raw(t, "GET", path); a.status != http.StatusOK {
		t.Errorf("GET %s = %d", path, a.status)
	}
}

// memory returns how many bytes of memory the server takes.
func (s *server) memory(t *testing.T) int {
	t.Helper()
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var kB int
		if n, _ := fmt.Sscanf(lines.Text(), "VmRSS: %d kB", &kB); n == 1 {
			return kB << 10
		}
	}
	t.Fatal("the system does not say how much memory the server takes")
	return 0
}
