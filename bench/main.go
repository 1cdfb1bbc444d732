// Bench measures how fast Broadside is and prints the figures that the README
// quotes, as a Markdown table. Each figure stands beside a reference that was
// measured in the same run, on the same machine and disk: the least that the
// same work could cost.
//
// It judges nothing and fails only if something does not work: how fast is fast
// enough stands in the column "asked". It runs on Linux, whose /proc tells what
// memory a process takes. Run it in the project's directory, by "make bench";
// it leaves nothing behind.
//
// Named scenarios are run alone, with those that they need before them:
//
//	go run ./bench load visit
//
// All servers listen on the loopback interface.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
)

// A scenario measures one thing.
type scenario struct {
	name  string
	needs string // the scenario whose paper it works on
	run   func(context.Context, *ground) ([]row, error)
}

// scenarios are run in this order. The photograph comes first, while this
// process is still small; the import makes the paper with all the articles, to
// which publish and backup add. The others serve the demo paper.
var scenarios = []scenario{
	{"photograph", "", photograph},
	{"import", "", importing},
	{"start", "import", starting},
	{"memory", "import", memory},
	{"article", "import", articlePage},
	{"lists", "import", lists},
	{"publish", "import", publishing},
	{"backup", "import", backingUp},
	{"load", "", load},
	{"during", "", publishingDuringLoad},
	{"nodes", "", publishingToAnotherNode},
	{"visit", "", firstVisit},
	{"lighthouse", "", lighthouse},
	{"slow", "", slowNetwork},
	{"lite", "", slowNetworkTextOnly},
}

// limit is how long a scenario may take. None comes near it.
const limit = 5 * time.Minute

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var err error
	if args := os.Args[1:]; len(args) == 3 && args[0] == bareMode {
		err = serveBare(ctx, args[1], args[2])
	} else {
		err = run(ctx, args, os.Stdout, os.Stderr)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run runs the scenarios of those names, or all. It prints the table to out,
// row by row, and what it is doing to progress.
func run(ctx context.Context, names []string, out, progress io.Writer) (err error) {
	chosen, err := choose(names)
	if err != nil {
		return err
	}
	fmt.Fprintln(progress, "bench: building")
	g, err := newGround(ctx, progress)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, g.close()) }()
	where, err := machine()
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s\n\n%s", where, tableHead)
	for _, s := range chosen {
		fmt.Fprintln(progress, "bench:", s.name)
		rows, err := s.within(ctx, g)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		for _, r := range rows {
			fmt.Fprintln(out, r)
		}
	}
	return nil
}

// within runs the scenario and gives it up once it is over its limit.
func (s scenario) within(ctx context.Context, g *ground) ([]row, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return s.run(ctx, g)
}

// choose returns the scenarios of those names and those that they need, in the
// order in which they are run; without names all.
func choose(names []string) (chosen []scenario, err error) {
	known := make([]string, len(scenarios))
	for i, s := range scenarios {
		known[i] = s.name
	}
	for _, name := range names {
		if !slices.Contains(known, name) {
			return nil, fmt.Errorf("there is no scenario %q: name some of %s", name, strings.Join(known, ", "))
		}
	}
	for _, s := range scenarios {
		needed := slices.ContainsFunc(scenarios, func(t scenario) bool { return t.needs == s.name && slices.Contains(names, t.name) })
		if len(names) == 0 || needed || slices.Contains(names, s.name) {
			chosen = append(chosen, s)
		}
	}
	return chosen, nil
}
