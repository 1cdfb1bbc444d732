// Package cli is the broadside command: it reads the arguments, builds the
// parts of the program in order, joins them and closes them in reverse.
//
// Every command works while the paper is being served from the same directory,
// but a second serve, and restore, which makes a paper and changes none.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"example.org/broadside"
	"example.org/broadside/internal/config"
)

// version is set by the linker.
var version = "unknown"

// Exit statuses.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// A usageError is the caller's mistake: nothing was tried.
type usageError struct{ error }

// errFailed ends a command that has said itself what went wrong.
var errFailed = errors.New("failed")

// Run runs the command and returns its exit status: 0 if it did what was
// asked, 1 if it failed, 2 if it was asked wrongly. It returns soon after ctx
// is done.
func Run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errFailed):
		return exitFailed
	}
	message := strings.TrimSpace(err.Error())
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		message = "stopped"
	}
	fmt.Fprintln(stderr, "broadside:", message)
	if _, ok := errors.AsType[usageError](err); ok {
		return exitUsage
	}
	return exitFailed
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "broadside",
		Short: "A newspaper in one program",
		Long: `Broadside publishes a newspaper: an article is written once, and readers get
it as a fast page, as text and in feeds. A paper is one directory.`,
		Example: `  broadside serve --dir ./paper --demo
  broadside import markdown --dir ./paper --publish article.md
  broadside backup --dir ./paper -o paper.backup`,
		Version:       version,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE:          needsCommand,
		Args:          knownCommand,
	}
	root.SetVersionTemplate("broadside {{.Version}}\n")
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usageError{fmt.Errorf("%w: see %s --help", err, c.CommandPath())}
	})
	config.Flags(root.PersistentFlags())
	root.AddCommand(serveCommand(), paperCommand(), importCommand(), articleCommand(),
		frontCommand(), editionCommand(), personCommand(), themeCommand(), readsCommand(),
		backupCommand(), restoreCommand(), checkCommand(), migrateCommand())
	return root
}

// needsCommand answers a command that only groups others.
func needsCommand(c *cobra.Command, _ []string) error {
	c.SetOut(c.ErrOrStderr())
	return usageError{errors.Join(c.Help(), errors.New("name a command, such as those above"))}
}

func knownCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	hint := ""
	if near := c.SuggestionsFor(args[0]); len(near) > 0 {
		hint = fmt.Sprintf(" Did you mean %s?", strings.Join(near, " or "))
	}
	return usageError{fmt.Errorf("there is no command %q.%s See %s --help", args[0], hint, c.CommandPath())}
}

// wants turns a rule about the number of arguments into a usage error.
func wants(rule cobra.PositionalArgs) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if err := rule(c, args); err != nil {
			return usageError{fmt.Errorf("%w: see %s --help", err, c.CommandPath())}
		}
		return nil
	}
}

// settings reads the configuration for a command.
func settings(c *cobra.Command) (*config.Config, error) {
	cfg, err := config.Load(c.Flags(), os.Environ())
	if err != nil {
		return nil, usageError{err}
	}
	return cfg, nil
}

// operator is whoever can run the program's commands: they hold the paper's
// directory, so no role could keep anything from them.
var operator = broadside.Actor{Name: "command line", Role: broadside.Owner}
