// Package e2e tests the built program from the outside: through its commands
// and their exit statuses, through signals, over HTTP and in a browser, on the
// files, databases and buckets that a newsroom would have.
//
// It holds no unit tests and looks into no part of the program. What it
// promises is what an operator and a reader may rely on, above all on bad days:
// that nothing is lost or doubled by kill -9, a full disk or a database that
// goes away. The tests that are run on both engines pass over PostgreSQL unless
// BROADSIDE_TEST_POSTGRES holds the URL of a server.
package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// programKey is the variable that names a program to test instead of building
// one.
const programKey = "BROADSIDE_TEST_BINARY"

// program is the path of the program under test. TestMain sets it before any
// test runs.
var program string

func TestMain(m *testing.M) {
	os.Exit(buildAndRun(m))
}

func buildAndRun(m *testing.M) int {
	if program = os.Getenv(programKey); program != "" {
		return m.Run()
	}
	dir, err := os.MkdirTemp("", "broadside-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	program = filepath.Join(dir, "broadside")
	build := exec.Command("go", "build", "-o", program, "./cmd/broadside")
	build.Dir = ".."
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "building the program: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}
