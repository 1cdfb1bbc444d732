package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// A ground is where the measuring takes place: a directory beside the built
// program, so on the disk of the project and not in a /tmp that may be memory.
type ground struct {
	dir    string
	binary string   // the program, built from what is here
	paper  string   // directory of the paper with all the articles; made by the import
	paths  []string // the articles' addresses in it
	next   int      // number of the next article that nobody has written yet
}

// newGround makes a ground and builds the program.
func newGround(ctx context.Context) (*ground, error) {
	root, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return nil, fmt.Errorf("finding the project's directory: %w", err)
	}
	bin := filepath.Join(strings.TrimSpace(string(root)), "bin")
	if err := os.MkdirAll(bin, 0o755); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(bin, "bench-*")
	if err != nil {
		return nil, err
	}
	g := &ground{dir: dir, binary: filepath.Join(dir, "broadside"), paper: filepath.Join(dir, "paper"), next: archive}
	if _, err := g.command(ctx, "go", "build", "-buildvcs=false", "-o", g.binary, "example.org/broadside/cmd/broadside"); err != nil {
		g.close()
		return nil, err
	}
	return g, nil
}

// close removes the ground and all that was made on it.
func (g *ground) close() error { return os.RemoveAll(g.dir) }

// command runs a program to its end in the ground's directory, or in the
// project's for "go", and returns what it printed.
func (g *ground) command(ctx context.Context, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	if name == g.binary {
		cmd.Dir = g.dir
	}
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s %s: %w: %.2000s", filepath.Base(name), args[0], err, said.String())
	}
	return out.String(), nil
}

// A server is the program serving a paper.
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
	s := &server{url: "http://" + address}
	s.cmd = exec.CommandContext(ctx, g.binary, "serve", "--dir", paper, "--addr", address)
	s.cmd.Env = append(s.cmd.Environ(), environment...)
	s.cmd.Stderr = &s.said
	return s, s.cmd.Start()
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
func (s *server) ready(ctx context.Context) (time.Time, error) {
	const patience = 30 * time.Second
	deadline := time.Now().Add(patience)
	for {
		err := get(ctx, s.url+"/")
		if err == nil {
			return time.Now(), nil
		}
		if time.Now().After(deadline) || ctx.Err() != nil {
			return time.Time{}, fmt.Errorf("serve gave no front page within %v: %w", patience, err)
		}
		time.Sleep(time.Millisecond)
	}
}

// stop ends the program as an operator would, and waits for it.
func (s *server) stop() error {
	if err := s.cmd.Process.Signal(os.Interrupt); err != nil {
		return err
	}
	if err := s.cmd.Wait(); err != nil {
		return fmt.Errorf("serve: %w: %.2000s", err, s.said.String())
	}
	return nil
}

func (s *server) process() string { return strconv.Itoa(s.cmd.Process.Pid) }

// get reads a page as a browser does, whose connection stays open, and fails
// unless its status is 200.
func get(ctx context.Context, url string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	_, err = bytes.NewBuffer(nil).ReadFrom(resp.Body)
	resp.Body.Close()
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", url, resp.Status)
	}
	return err
}
