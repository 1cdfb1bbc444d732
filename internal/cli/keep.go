package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"filippo.io/age"
	"github.com/spf13/cobra"

	"example.org/broadside"
	"example.org/broadside/internal/backup"
	"example.org/broadside/internal/blob"
	"example.org/broadside/internal/config"
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

func restoreCommand() *cobra.Command {
	var identity string
	c := &cobra.Command{
		Use:   "restore FILE",
		Short: "Make a paper of a backup",
		Long: `Restore reads a backup whole and, if it is sound, makes a paper of it in an
empty directory. With --db it goes into that PostgreSQL database, whichever
engine it came from: so a paper moves from one to the other.`,
		Example: `  broadside restore --dir ./paper paper.backup
  broadside restore --dir ./paper --db postgres://localhost/paper --identity key.txt paper.backup`,
		Args: wants(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error { return runRestore(c, args[0], identity) },
	}
	c.Flags().StringVar(&identity, "identity", "", "`file` with the age identities that open an encrypted backup")
	return c
}

func runRestore(c *cobra.Command, file, identity string) (err error) {
	cfg, err := settings(c)
	if err != nil {
		return err
	}
	identities, err := readIdentities(identity)
	if err != nil {
		return err
	}
	if err := refuseFilledDir(cfg.Dir); err != nil {
		return err
	}
	// Everything happens beside the directory, which is there at once or not at all.
	stage := filepath.Clean(cfg.Dir) + ".restoring"
	if err := errors.Join(os.RemoveAll(stage), os.MkdirAll(stage, 0o700)); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(stage)) }()
	target, err := restoreTarget(c, cfg, stage)
	if err != nil {
		return err
	}
	s, err := backup.Restore(c.Context(), file, identities, target)
	if err != nil {
		return err
	}
	if err := os.Rename(stage, cfg.Dir); err != nil {
		return err
	}
	fmt.Fprintf(c.OutOrStdout(), "restored the paper of %s into %s\n", s.Created.Local().Format("2 January 2006, 15:04"), cfg.Dir)
	return nil
}

func restoreTarget(c *cobra.Command, cfg *config.Config, stage string) (t backup.Target, err error) {
	t = backup.Target{
		DSN: dsn(cfg, stage), Keys: filepath.Join(stage, keysFile), Config: filepath.Join(stage, configFile), Spool: stage,
	}
	if cfg.S3.Bucket != "" {
		t.Blobs, err = openBlobs(c.Context(), cfg)
	} else {
		t.Blobs, err = blob.OpenDir(filepath.Join(stage, blobFolder))
	}
	return t, err
}

func readIdentities(file string) ([]age.Identity, error) {
	if file == "" {
		return nil, nil
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	ids, err := age.ParseIdentities(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return ids, nil
}

func refuseFilledDir(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err == nil && len(entries) > 0 {
		err = broadside.Errorf(broadside.Conflict, "The directory %s is not empty: restore into an empty one.", dir)
	}
	return err
}

func checkCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "Compare everything that is stored with its hash",
		Long: `Check reads every row, every revision and every blob and compares them with
their hashes and with each other. It changes nothing. Each fault is a line.`,
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
