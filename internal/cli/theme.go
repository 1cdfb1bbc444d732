package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"example.org/broadside"
	"example.org/broadside/internal/page"
)

// themeFolder is where a theme lies in a paper's directory.
const themeFolder = "theme"

// pages returns the pages in the paper's theme. A theme that cannot be used is
// no reason to be silent: what is wrong with it is logged, and the pages come
// in the look that the program brings along.
func (p *paper) pages() (*page.Pages, error) {
	dir := p.config.Theme
	if dir == "" {
		dir = filepath.Join(p.config.Dir, themeFolder)
		if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
			return page.New(nil)
		}
	}
	pages, err := openTheme(dir)
	if err != nil {
		p.log.Error("the theme cannot be used, so the embedded one is", "theme", dir, "err", err)
		return page.New(nil)
	}
	p.log.Info("the pages are in the paper's own theme", "theme", dir)
	return pages, nil
}

func openTheme(dir string) (*page.Pages, error) {
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, broadside.Errorf(broadside.NotFound, "There is no directory %s.", dir)
	}
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, broadside.Errorf(broadside.Invalid, "%s is a file: a theme is a directory.", dir)
	}
	return page.New(folder(dir))
}

func themeCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "theme",
		Short: "Begin a theme, or judge one",
		RunE:  needsCommand,
		Args:  knownCommand,
	}
	c.AddCommand(themeNewCommand(), themeCheckCommand())
	return c
}

func themeNewCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "new DIRECTORY",
		Short: "Write the embedded theme into a directory, to be changed there",
		Long: `New writes the templates and style sheets that the program brings along into a
directory. Change what you like and delete what you do not change: a file that
is missing there is taken from the program. A theme in the folder theme of the
paper's directory is used by itself; serve --theme names any other.`,
		Example: `  broadside theme new ./paper/theme`,
		Args:    wants(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			if entries, err := os.ReadDir(args[0]); err == nil && len(entries) > 0 {
				return broadside.Errorf(broadside.Conflict, "The directory %s is not empty: name a new one.", args[0])
			}
			files := page.Embedded()
			if err := os.CopyFS(args[0], files); err != nil {
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), "%s: change what you like, then: broadside theme check %[1]s\n", args[0])
			return nil
		},
	}
}

func themeCheckCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check DIRECTORY",
		Short: "Find out whether a theme can be used",
		Long: `Check does what serve does with a theme before it uses it: every template is
parsed, bounded and tried on a made-up paper. What is wrong is said with the
file and the line.`,
		Example: `  broadside theme check ./paper/theme`,
		Args:    wants(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			if _, err := openTheme(args[0]); err != nil {
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), "%s can be used\n", args[0])
			return nil
		},
	}
}
