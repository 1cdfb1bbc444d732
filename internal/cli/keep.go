package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"filippo.io/age"
	"github.com/spf13/cobra"

	"example.org/broadside/internal/backup"
)

func backupCommand() *cobra.Command {
	var file string
	var recipients []string
	c := &cobra.Command{
		Use:   "backup -o FILE",
		Short: "Write the whole paper into one file",
		Long: `Backup writes everything that makes the paper into one file, while readers and
writers go on, and reads it back before it gives the file its name. The file
holds the paper's keys: keep it as safe as the server, or encrypt it with age.`,
		Example: `  broadside backup --dir ./paper -o paper.backup
  broadside backup --dir ./paper -o paper.backup --recipient age1qqexample`,
		Args: wants(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error { return runBackup(c, file, recipients) },
	}
	c.Flags().StringVarP(&file, "output", "o", "", "`file` to write")
	c.Flags().StringArrayVar(&recipients, "recipient", nil, "encrypt for this age `recipient`; may be given several times")
	return c
}

func runBackup(c *cobra.Command, file string, names []string) (err error) {
	if file == "" {
		return usageError{errors.New("name the file to write by -o FILE")}
	}
	recipients := make([]age.Recipient, len(names))
	for i, name := range names {
		if recipients[i], err = age.ParseX25519Recipient(name); err != nil {
			return usageError{fmt.Errorf("--recipient %s: %w", name, err)}
		}
	}
	return withPaper(c, openExisting, func(p *paper) error {
		s, err := backup.Write(c.Context(), file, backup.Paper{
			Store: p.store, Blobs: p.blobs, Keys: p.keys, Config: filepath.Join(p.config.Dir, configFile),
		}, recipients, time.Now())
		if err != nil {
			return err
		}
		fmt.Fprintf(c.OutOrStdout(), "%s: %d bytes with %d blobs, read back and sound\n", file, s.Size, s.Blobs)
		return nil
	})
}

func checkCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "Find out whether everything that is stored is sound",
		Long: `Check compares every revision and every blob with its hash, and the rows with
each other. It changes nothing. Each fault is a line.`,
		Example: `  broadside check --dir ./paper`,
		Args:    wants(cobra.NoArgs),
		RunE:    runCheck,
	}
}

func runCheck(c *cobra.Command, _ []string) error {
	return withPaper(c, openExisting, func(p *paper) error {
		faults := 0
		tally, err := p.newsroom.Check(c.Context(), func(fault string) {
			faults++
			fmt.Fprintln(c.ErrOrStderr(), "broadside:", fault)
		})
		if err != nil {
			return err
		}
		fmt.Fprintf(c.OutOrStdout(), "%d revisions and %d blobs checked, %d faults\n", tally.Revisions, tally.Blobs, faults)
		if faults > 0 {
			return errFailed
		}
		return nil
	})
}

func migrateCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "migrate",
		Short: "Bring the database's schema up to date",
		Long: `Migrate does what every other command does when it opens a paper: it brings the
database's schema up to date. Use it to have that done at an hour of your own.`,
		Example: `  broadside migrate --dir ./paper`,
		Args:    wants(cobra.NoArgs),
		RunE:    runMigrate,
	}
}

func runMigrate(c *cobra.Command, _ []string) error {
	return withPaper(c, openPaper, func(p *paper) error {
		v, err := p.store.Version(c.Context())
		if err != nil {
			return err
		}
		fmt.Fprintf(c.OutOrStdout(), "the database is up to date, with schema %d\n", v)
		return nil
	})
}
