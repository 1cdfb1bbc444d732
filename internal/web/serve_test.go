package web

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func contextWithCancel(t *testing.T) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	return ctx, cancel
}

// A pipe is a listener without a network, so that its time can be a test's.
type pipe struct {
	conns chan net.Conn
	once  sync.Once
	done  chan bool
}

func newPipe() *pipe { return &pipe{conns: make(chan net.Conn), done: make(chan bool)} }

func (p *pipe) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipe) Close() error   { p.once.Do(func() { close(p.done) }); return nil }
func (p *pipe) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }

// ask sends a request and returns a channel of the answer's text.
func (p *pipe) ask(t *testing.T) <-chan string {
	client, server := net.Pipe()
	p.conns <- server
	answer := make(chan string, 1)
	go func() {
		defer client.Close()
		fmt.Fprint(client, "GET / HTTP/1.1\r\nHost: paper.example\r\nConnection: close\r\n\r\n")
		var text strings.Builder
		for lines := bufio.NewScanner(client); lines.Scan(); {
			text.WriteString(lines.Text() + "\n")
		}
		answer <- text.String()
	}()
	return answer
}

// slow answers after the time it is given.
func slow(d time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(d)
		fmt.Fprint(w, "a whole page")
	})
}

func TestARequestThatHasBegunIsAnsweredBeforeTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := contextWithCancel(t)
		ln, ended := newPipe(), make(chan error, 1)
		go func() { ended <- Serve(ctx, ln, slow(8*time.Second), slog.New(slog.DiscardHandler)) }()
		answer := ln.ask(t)
		time.Sleep(time.Second)
		stop()
		if got := <-answer; !strings.HasSuffix(got, "a whole page\n") {
			t.Errorf("the answer is %q", got)
		}
		if err := <-ended; err != nil {
			t.Errorf("Serve = %v", err)
		}
	})
}

func TestARequestThatTakesForEverIsCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := contextWithCancel(t)
		ln, ended := newPipe(), make(chan error, 1)
		go func() { ended <- Serve(ctx, ln, slow(time.Minute), slog.New(slog.DiscardHandler)) }()
		answer := ln.ask(t)
		time.Sleep(time.Second)
		stop()
		start := time.Now()
		if err := <-ended; err != nil {
			t.Errorf("Serve = %v", err)
		}
		if took := time.Since(start); took != stopTime {
			t.Errorf("the end took %v, want %v", took, stopTime)
		}
		if got := <-answer; got != "" {
			t.Errorf("the answer is %q", got)
		}
		time.Sleep(time.Minute) // until the handler has ended too
	})
}

func TestWhoSendsNothingIsNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := contextWithCancel(t)
		ln, ended := newPipe(), make(chan error, 1)
		go func() { ended <- Serve(ctx, ln, slow(0), slog.New(slog.DiscardHandler)) }()
		client, server := net.Pipe()
		ln.conns <- server
		start := time.Now()
		if _, err := client.Read(make([]byte, 1)); err == nil {
			t.Error("silence was answered")
		}
		if took := time.Since(start); took != headerTime {
			t.Errorf("a silent connection was held for %v, want %v", took, headerTime)
		}
		stop()
		<-ended
	})
}

func TestAListenerThatBreaksEndsTheServer(t *testing.T) {
	ln := newPipe()
	ln.Close()
	if err := Serve(context.Background(), ln, slow(0), slog.New(slog.DiscardHandler)); err == nil {
		t.Error("Serve = nil")
	}
}

func TestAHeaderIsBounded(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := contextWithCancel(t)
	ended := make(chan error, 1)
	go func() { ended <- Serve(ctx, ln, slow(0), slog.New(slog.DiscardHandler)) }()
	url := "http://" + ln.Addr().String()
	for size, want := range map[int]int{8 << 10: 200, 64 << 10: 431} {
		if answer, _ := do(t, "GET", url, nil, "X-Long: "+strings.Repeat("x", size)); answer.StatusCode != want {
			t.Errorf("a header of %d bytes is answered by %d, want %d", size, answer.StatusCode, want)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("Serve = %v", err)
	}
}
