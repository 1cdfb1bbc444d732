package cli

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"example.org/broadside/internal/importer"
	"example.org/broadside/internal/newsroom"
)

func importCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "import",
		Short: "Bring articles in from files",
		RunE:  needsCommand,
		Args:  knownCommand,
	}
	for _, f := range []struct {
		format       importer.Format
		what, ending string
	}{{importer.Markdown, "Markdown", ".md"}, {importer.HTML, "HTML", ".html"}, {importer.Text, "plain text", ".txt"}} {
		c.AddCommand(importFormatCommand(f.format, f.what, f.ending))
	}
	return c
}

func importFormatCommand(format importer.Format, what, ending string) *cobra.Command {
	opt := importer.Options{Format: format, Actor: operator}
	var amend newsroom.Amendment
	c := &cobra.Command{
		Use:   string(format) + " FILE...",
		Short: "Bring in articles written in " + what,
		Long: `Import reads articles in ` + what + `, each with front matter between two lines of
---, and prints the address of each, one a line, once it is safely stored. Of
the fields only title and section are needed:

  title, standfirst, section, slug     text
  author, or authors                   a name; a list of names or {name, role}
  date                                 2026-03-14, 2026-03-14 06:00
  tags                                 a list
  kind                                 news, analysis, opinion, interview, review, letter, obituary
  lang                                 such as en-GB
  dateline                             {place, date}
  story                                the address of the article that this one translates
  picture                              {file, alt, decorative, caption, credit, licence, focal}
  pictures                             a list of the same, for pictures in the text

Pictures and other files that an article names must lie in its own folder or
below. Nothing else is read, not even by way of a symbolic link.

A file that is refused is named with the reason and does not stop the others.
Importing the same files again changes nothing. A file whose text has changed is
refused, unless --amend says what kind of change it is; readers find the note
under the article.`,
		Example: fmt.Sprintf(`  broadside import %s --dir ./paper --publish article%s
  broadside import %[1]s --dir ./paper --publish --amend correction --note "It was 2016, not 2018." article%[2]s`, format, ending),
		Args: wants(cobra.MinimumNArgs(1)),
		RunE: func(c *cobra.Command, files []string) error {
			if amend != (newsroom.Amendment{}) {
				opt.Amend = &amend
			}
			return runImport(c, files, opt)
		},
	}
	c.Flags().BoolVar(&opt.Publish, "publish", false, "publish the articles, or schedule those whose date is to come; without it they are drafts")
	c.Flags().StringVar((*string)(&amend.Kind), "amend", "", "change articles that have another text: a `kind` among typo, update, clarification, correction")
	c.Flags().StringVar(&amend.Note, "note", "", "`words` to the readers about the change; only a typo needs none")
	c.Flags().BoolVar(&opt.KeepOriginals, "keep-originals", false, "keep the camera's own files too, encrypted")
	return c
}

func runImport(c *cobra.Command, files []string, opt importer.Options) error {
	names, err := rooted(files)
	if err != nil {
		return err
	}
	return withPaper(c, openPaper, func(p *paper) error {
		if opt.Paper, err = p.store.Paper(c.Context()); err != nil {
			return err
		}
		asked := map[string]string{} // what the caller calls each file
		for i, name := range names {
			asked[name] = files[i]
		}
		report := newImportReport(c, len(files))
		err := importer.Run(c.Context(), p.newsroom, folder("/"), names, opt, func(r importer.Result) {
			r.File = asked[r.File]
			report.add(r)
		})
		return cmp.Or(err, report.end()) // what stopped the import says more than that it did
	})
}

// rooted returns the files' paths from the root of the file system, as io/fs
// names them: the files of one import may lie anywhere.
func rooted(files []string) ([]string, error) {
	names := make([]string, len(files))
	for i, f := range files {
		abs, err := filepath.Abs(f)
		if err != nil {
			return nil, err
		}
		names[i] = strings.TrimPrefix(filepath.ToSlash(abs), "/")
	}
	return names, nil
}

// An importReport tells the outcome of each file as it comes.
type importReport struct {
	out    *bufio.Writer
	err    io.Writer
	bar    *progressbar.ProgressBar // nil where nobody watches
	total  int
	done   int
	counts struct{ new, same, refused int }
}

func newImportReport(c *cobra.Command, total int) *importReport {
	r := &importReport{total: total, out: bufio.NewWriter(c.OutOrStdout()), err: c.ErrOrStderr()}
	if f, ok := r.err.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		r.bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(f), progressbar.OptionSetDescription("importing"),
			progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionClearOnFinish())
	}
	return r
}

func (r *importReport) add(res importer.Result) {
	r.done++
	switch {
	case res.Err != nil:
		r.counts.refused++
		if r.bar != nil {
			r.bar.Clear()
		}
		fmt.Fprintf(r.err, "broadside: %s: %v\n", res.File, res.Err)
	case res.Changed:
		r.counts.new++
	default:
		r.counts.same++
	}
	if res.Err == nil {
		fmt.Fprintln(r.out, res.Path)
		r.out.Flush() // it is stored: whoever reads along may rely on it
	}
	if r.bar != nil {
		r.bar.Add(1)
	}
}

// end sums up, and fails if any file was refused.
func (r *importReport) end() error {
	if r.bar != nil {
		r.bar.Finish()
	}
	if r.counts.refused == 0 && r.done == r.total {
		return nil
	}
	fmt.Fprintf(r.err, "broadside: %d of %d files were refused; %d articles are new or changed, %d were there already\n",
		r.counts.refused, r.total, r.counts.new, r.counts.same)
	if left := r.total - r.done; left > 0 {
		fmt.Fprintf(r.err, "broadside: %d files were not taken in: import them again\n", left)
	}
	return errFailed
}
