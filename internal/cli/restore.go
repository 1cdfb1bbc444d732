package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"filippo.io/age"
	"github.com/spf13/cobra"

	"example.org/broadside"
	"example.org/broadside/internal/backup"
	"example.org/broadside/internal/config"
	"example.org/broadside/internal/durable"
)

// What a restore calls things until somebody can rely on them.
const (
	restoringFile  = databaseFile + ".restoring" // there for as long as a restore is not finished
	restoredConfig = configFile + ".restored"
)

// companions end the names of the files that an SQLite database has beside it.
var companions = []string{"-wal", "-shm", "-journal", ".migrate"}

func restoreCommand() *cobra.Command {
	var identity string
	c := &cobra.Command{
		Use:   "restore FILE",
		Short: "Make a paper of a backup",
		Long: `Restore reads a backup whole and, if it is sound, makes a paper of it in an
empty directory. With --db it goes into that PostgreSQL database, whichever
engine it came from: so a paper moves from one to the other.

The paper's configuration is put there as broadside.toml.restored and not used:
it may name the database, bucket and address of the paper that was backed up.`,
		Example: `  broadside restore --dir ./paper paper.backup
  broadside restore --dir ./paper --db postgres://localhost/paper --identity key.txt paper.backup`,
		Args: wants(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error { return runRestore(c, args[0], identity) },
	}
	c.Flags().StringVar(&identity, "identity", "", "`file` with the age identities that open an encrypted backup")
	return c
}

func runRestore(c *cobra.Command, file, identity string) error {
	cfg, err := settings(c)
	if err != nil {
		return err
	}
	identities, err := readIdentities(identity)
	if err != nil {
		return err
	}
	r, err := beginRestore(cfg)
	if err != nil {
		return err
	}
	target, err := r.target(c)
	if err != nil {
		return errors.Join(err, r.abandon())
	}
	s, err := backup.Restore(c.Context(), file, identities, target)
	if err != nil {
		return errors.Join(err, r.abandon())
	}
	if err := r.finish(); err != nil {
		return err
	}
	fmt.Fprintf(c.OutOrStdout(), "restored the paper of %s into %s\n", s.Created.Local().Format("2 January 2006, 15:04"), cfg.Dir)
	if _, err := os.Stat(r.path(restoredConfig)); err == nil {
		fmt.Fprintf(c.OutOrStdout(), "its configuration is %s: look at it, and rename it to %s to use it\n", r.path(restoredConfig), configFile)
	}
	return nil
}

// A restoration is a paper on its way into a directory. Until the last step
// the directory holds restoringFile, whatever kills the process.
type restoration struct {
	config *config.Config
	made   bool // the directory too
}

func (r *restoration) path(name string) string { return filepath.Join(r.config.Dir, name) }

// beginRestore claims the directory, which must be empty. It makes one that is
// not there.
func beginRestore(cfg *config.Config) (*restoration, error) {
	r := &restoration{config: cfg}
	entries, err := os.ReadDir(cfg.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		r.made = true
		err = os.MkdirAll(cfg.Dir, 0o700)
	}
	if err != nil {
		return nil, err
	}
	if err := refuseUnfinished(cfg.Dir); err != nil {
		return nil, err
	}
	// The root of a disk of its own is never quite empty.
	if slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() != "lost+found" }) {
		return nil, broadside.Errorf(broadside.Conflict, "The directory %s is not empty: restore into an empty one.", cfg.Dir)
	}
	f, err := os.OpenFile(r.path(restoringFile), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, refuseUnfinished(cfg.Dir)
	} else if err != nil {
		return nil, err
	}
	return r, f.Close()
}

// refuseUnfinished returns a Conflict error if the directory holds what a
// restore has not finished.
func refuseUnfinished(dir string) error {
	_, err := os.Stat(filepath.Join(dir, restoringFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = broadside.Errorf(broadside.Conflict, "The directory %s holds a restore that is not finished: wait for its end or, if it was broken off, empty the directory and restore again.", dir)
	}
	return err
}

func (r *restoration) target(c *cobra.Command) (t backup.Target, err error) {
	t = backup.Target{DSN: r.path(restoringFile), Keys: r.path(keysFile), Config: r.path(restoredConfig), Spool: r.config.Dir}
	if r.config.DB != "" {
		t.DSN = r.config.DB
	}
	t.Blobs, err = openBlobs(c.Context(), r.config)
	return t, err
}

// finish makes a paper of what was restored.
func (r *restoration) finish() error {
	if r.config.DB != "" {
		// What PostgreSQL has committed needs the keys, whatever fails now.
		return errors.Join(os.Remove(r.path(restoringFile)), durable.SyncDir(r.config.Dir))
	}
	if err := r.nameDatabase(); err != nil {
		return errors.Join(err, r.abandon())
	}
	return nil
}

func (r *restoration) nameDatabase() error {
	file := r.path(restoringFile)
	if info, err := os.Stat(file + "-wal"); err == nil && info.Size() > 0 {
		return fmt.Errorf("%s-wal: the restored database was not closed whole", file)
	}
	for _, ending := range companions {
		if err := remove(file + ending); err != nil {
			return err
		}
	}
	if err := os.Rename(file, r.path(databaseFile)); err != nil {
		return err
	}
	return durable.SyncDir(r.config.Dir)
}

// abandon removes what was made, and nothing else. The mark of an unfinished
// restore goes last.
func (r *restoration) abandon() error {
	files := []string{keysFile, restoredConfig, databaseFile}
	for _, ending := range companions {
		files = append(files, restoringFile+ending)
	}
	errs := []error{os.RemoveAll(r.path(blobFolder))}
	for _, name := range append(files, restoringFile) {
		errs = append(errs, remove(r.path(name)))
	}
	if r.made {
		errs = append(errs, os.Remove(r.config.Dir))
	}
	return errors.Join(errs...)
}

// remove removes a file that need not be there.
func remove(name string) error {
	err := os.Remove(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
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
