package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// A server is a process that answers readers: the program, or one that it is
// compared with.
type server struct {
	cmd  *exec.Cmd
	url  string
	said bytes.Buffer // its log
}

// serve starts the program on a paper. It does not wait until it answers. The
// environment is this process's and what is given.
func (g *ground) serve(ctx context.Context, paper string, environment ...string) (*server, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	return g.serveAt(ctx, address, environment, "--dir", paper)
}

// serveAt starts the program with these flags.
func (g *ground) serveAt(ctx context.Context, address string, environment []string, flags ...string) (*server, error) {
	cmd := exec.CommandContext(ctx, g.binary, append([]string{"serve", "--addr", address}, flags...)...)
	return startServer(cmd, address, environment...)
}

func startServer(cmd *exec.Cmd, address string, more ...string) (*server, error) {
	s := &server{cmd: cmd, url: "http://" + address}
	cmd.Env = append(environment(cmd), more...)
	cmd.Stderr = &s.said
	return s, cmd.Start()
}

// freeAddress returns an address on which nobody listened a moment ago.
func freeAddress() (string, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return ln.Addr().String(), ln.Close()
}

// ready waits until the front page is there, and returns when it was.
func (s *server) ready(ctx context.Context) (time.Time, error) { return s.await(ctx, "/") }

// await waits until there is an answer at a path, and returns when it was.
func (s *server) await(ctx context.Context, path string) (time.Time, error) {
	const patience = 30 * time.Second
	deadline := time.Now().Add(patience)
	for {
		err := get(ctx, s.url+path)
		if err == nil {
			return time.Now(), nil
		}
		if time.Now().After(deadline) || ctx.Err() != nil {
			return time.Time{}, fmt.Errorf("%s does not serve within %v: %w", s.cmd.Path, patience, err)
		}
		time.Sleep(time.Millisecond)
	}
}

// stop ends the server as an operator would, and waits for it.
func (s *server) stop() error {
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil {
		return err
	}
	if err := s.cmd.Wait(); err != nil {
		return fmt.Errorf("%s: %w: %.2000s", s.cmd.Path, err, s.said.String())
	}
	return nil
}

func (s *server) process() string { return strconv.Itoa(s.cmd.Process.Pid) }

// cpu returns the processor time that the server has taken, its workers
// included, in ticks.
func (s *server) cpu() (time.Duration, error) {
	sum, err := cpuOf(s.cmd.Process.Pid)
	if err != nil {
		return 0, err
	}
	workers, err := os.ReadFile(fmt.Sprintf("/proc/%[1]d/task/%[1]d/children", s.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	for _, worker := range strings.Fields(string(workers)) {
		pid, err := strconv.Atoi(worker)
		if err != nil {
			return 0, err
		}
		took, err := cpuOf(pid)
		if err != nil {
			return 0, err
		}
		sum += took
	}
	return sum, nil
}

// get reads a page as a browser does, whose connection stays open, and fails
// unless its status is 200.
func get(ctx context.Context, url string) error {
	_, err := fetch(ctx, http.DefaultClient, url, "")
	return err
}

// An answer is what a server has answered, as it came.
type answer struct {
	Header http.Header
	Body   []byte
}

// asTheyCome is a client that decompresses nothing.
var asTheyCome = &http.Client{Transport: &http.Transport{DisableCompression: true}}

// fetch returns the answer at an address, and fails unless its status is 200.
// Without an encoding the client asks as it pleases.
func fetch(ctx context.Context, client *http.Client, url, encoding string) (answer, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return answer{}, err
	}
	if encoding != "" {
		req.Header.Set("Accept-Encoding", encoding)
	}
	resp, err := client.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", url, resp.Status)
	}
	return answer{resp.Header, body}, err
}

// encoding says how the answer is compressed.
func (a answer) encoding() string {
	if e := a.Header.Get("Content-Encoding"); e != "" {
		return e
	}
	return "identity"
}
