package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

// bareMode is the argument by which this program becomes the server that the
// program is compared with, in a process of its own.
const bareMode = "bare"

// bareHeader lists what the bare server repeats of an answer's header.
var bareHeader = []string{"Content-Type", "Content-Encoding", "Etag"}

// serveBare answers every request with the answer in a file, and does nothing
// else, until ctx is done.
func serveBare(ctx context.Context, address, file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var a answer
	if err := json.Unmarshal(text, &a); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	ln, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	length := strconv.Itoa(len(a.Body))
	s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		for _, name := range bareHeader {
			if v := a.Header.Get(name); v != "" {
				h.Set(name, v)
			}
		}
		h.Set("Content-Length", length)
		_, _ = w.Write(a.Body) // who has gone away misses nothing
	})}
	context.AfterFunc(ctx, func() { s.Close() })
	if err := s.Serve(ln); ctx.Err() == nil {
		return err
	}
	return nil
}

// bare starts the bare server with an answer and waits until it gives it.
func (g *ground) bare(ctx context.Context, a answer) (*server, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(a)
	if err != nil {
		return nil, err
	}
	file := filepath.Join(g.dir, "bare-"+filepath.Base(address)+".json")
	if err := os.WriteFile(file, text, 0o644); err != nil {
		return nil, err
	}
	s, err := startServer(exec.CommandContext(ctx, self, bareMode, address, file), address)
	if err != nil {
		return nil, err
	}
	_, err = s.ready(ctx)
	return s, err
}
