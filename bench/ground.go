package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// A ground is where the measuring takes place: a directory beside the built
// program, so on the disk of the project and not in a /tmp that may be memory.
type ground struct {
	root     string // the project's directory
	dir      string
	binary   string    // the program, built from what is here
	paper    string    // directory of the paper with all the articles; made by the import
	paths    []string  // the articles' addresses in it
	next     int       // number of the next article that nobody has written yet
	progress io.Writer // takes what is worth a line besides the table
}

// newGround makes a ground and builds the program.
func newGround(ctx context.Context, progress io.Writer) (*ground, error) {
	root, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return nil, fmt.Errorf("finding the project's directory: %w", err)
	}
	g := &ground{root: strings.TrimSpace(string(root)), next: archive, progress: progress}
	bin := filepath.Join(g.root, "bin")
	if err := os.MkdirAll(bin, 0o755); err != nil {
		return nil, err
	}
	if g.dir, err = os.MkdirTemp(bin, "bench-*"); err != nil {
		return nil, err
	}
	g.binary, g.paper = filepath.Join(g.dir, "broadside"), filepath.Join(g.dir, "paper")
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
	if name != "go" {
		cmd.Dir = g.dir
	}
	return output(cmd)
}

// output runs a command to its end and returns what it printed.
func output(cmd *exec.Cmd) (string, error) {
	var out, said bytes.Buffer
	cmd.Env = environment(cmd)
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%.200s: %w: %.2000s", strings.Join(cmd.Args, " "), err, said.String())
	}
	return out.String(), nil
}

// environment returns what a command is to find in its environment: all but
// what would configure the program.
func environment(cmd *exec.Cmd) []string {
	return slices.DeleteFunc(cmd.Environ(), func(s string) bool { return strings.HasPrefix(s, "BROADSIDE_") })
}

// find returns the path of the first of the programs that is installed. A
// server's may stand where only root looks.
func find(pkg string, names ...string) (string, error) {
	for _, name := range names {
		for _, candidate := range []string{name, "/usr/sbin/" + name} {
			if path, err := exec.LookPath(candidate); err == nil {
				return path, nil
			}
		}
	}
	return "", fmt.Errorf("%s is not installed: run scripts/install-packages bench, or install the package %s", names[0], pkg)
}
