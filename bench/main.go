// Bench measures how fast Broadside is and prints the figures that the README
// quotes, as a Markdown table. Each figure stands beside a reference that was
// measured in the same run, on the same machine and disk: the least that the
// same work could cost.
//
// It judges nothing and fails only if something does not work: how fast is fast
// enough stands in the column "asked". It runs on Linux, whose /proc tells what
// memory a process takes. Run it in the project's directory, by "make bench";
// it leaves nothing behind.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// scenarios are run in this order. The photograph comes first, while this
// process is still small; the second one makes the paper that the others use,
// and the last two add to it.
var scenarios = []struct {
	name string
	run  func(context.Context, *ground) ([]row, error)
}{
	{"photograph", photograph},
	{"import", importing},
	{"start", starting},
	{"memory", memory},
	{"article", articlePage},
	{"lists", lists},
	{"publish", publishing},
	{"backup", backingUp},
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run prints the table to out, row by row, and what it is doing to progress.
func run(ctx context.Context, out, progress io.Writer) (err error) {
	fmt.Fprintln(progress, "bench: building")
	g, err := newGround(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, g.close()) }()
	where, err := machine()
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s\n\n%s", where, tableHead)
	for _, s := range scenarios {
		fmt.Fprintln(progress, "bench:", s.name)
		rows, err := s.run(ctx, g)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		for _, r := range rows {
			fmt.Fprintln(out, r)
		}
	}
	return nil
}
