package cli

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"example.org/broadside"
	"example.org/broadside/internal/blob"
	"example.org/broadside/internal/config"
	"example.org/broadside/internal/keyring"
	"example.org/broadside/internal/newsroom"
	"example.org/broadside/internal/store"
	"example.org/broadside/internal/telemetry"
)

// The files of a paper's directory.
const (
	databaseFile = "paper.db"
	blobFolder   = "blobs"
	keysFile     = "keys"
	configFile   = "broadside.toml"
	serveLock    = "serve.lock"
)

// keysSetting is the setting that holds the fingerprint of the paper's keys.
const keysSetting = "keys"

// A paper is an open newspaper.
type paper struct {
	config   *config.Config
	log      *slog.Logger
	store    *store.DB
	blobs    blob.Store
	keys     *keyring.Keyring
	newsroom *newsroom.Newsroom
}

// openPaper opens the paper of the configuration, which is made if there is
// none. The caller closes it.
func openPaper(ctx context.Context, cfg *config.Config, stderr io.Writer) (*paper, error) {
	log, err := telemetry.Logger(stderr, cfg.Log.Level, cfg.Log.Format)
	if err != nil {
		return nil, err
	}
	if err := refuseUnfinished(cfg.Dir); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return nil, err
	}
	keys, err := keyring.Open(filepath.Join(cfg.Dir, keysFile))
	if err != nil {
		return nil, err
	}
	blobs, err := openBlobs(ctx, cfg)
	if err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, dsn(cfg, cfg.Dir))
	if err != nil {
		return nil, err
	}
	if err := checkKeys(ctx, db, keys, filepath.Join(cfg.Dir, keysFile)); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &paper{cfg, log, db, blobs, keys, newsroom.New(db, blobs, keys, time.Now, log)}, nil
}

// checkKeys refuses keys from file other than those with which the paper was
// first opened: neither could read what the others have encrypted. The paper
// remembers their fingerprint, of which nobody can guess the keys.
func checkKeys(ctx context.Context, db *store.DB, keys *keyring.Keyring, file string) error {
	ours, its := hex.EncodeToString(keys.Hash("fingerprint", []byte("broadside"))), ""
	known, err := db.Setting(ctx, keysSetting, &its)
	if err == nil && !known {
		err = db.Update(ctx, func(tx *store.Tx) error {
			// Of several first starts, one is the first.
			if err := tx.LockShared(ctx); err != nil {
				return err
			}
			if known, err := tx.Setting(ctx, keysSetting, &its); err != nil || known {
				return err
			}
			its = ours
			return tx.SetSetting(ctx, keysSetting, ours)
		})
	}
	if err == nil && its != ours {
		err = broadside.Errorf(broadside.Conflict, "The keys in %s are not those of this paper: copy the file keys from the directory in which the paper was made, or from where its backup was restored.", file)
	}
	return err
}

// openExisting opens a paper that must be there.
func openExisting(ctx context.Context, cfg *config.Config, stderr io.Writer) (*paper, error) {
	if err := refuseUnfinished(cfg.Dir); err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(cfg.Dir, keysFile)); errors.Is(err, os.ErrNotExist) {
		return nil, broadside.Errorf(broadside.NotFound, "There is no paper in %s: name its directory by --dir.", cfg.Dir)
	} else if err != nil {
		return nil, err
	}
	return openPaper(ctx, cfg, stderr)
}

func (p *paper) close() error { return p.store.Close() }

// withPaper runs a command on the paper that its flags name, opened by open.
func withPaper(c *cobra.Command, open func(context.Context, *config.Config, io.Writer) (*paper, error), run func(*paper) error) error {
	cfg, err := settings(c)
	if err != nil {
		return err
	}
	p, err := open(c.Context(), cfg, c.ErrOrStderr())
	if err != nil {
		return err
	}
	return errors.Join(run(p), p.close())
}

// dsn returns the name of the database: the configured one, or the file in dir.
func dsn(cfg *config.Config, dir string) string {
	if cfg.DB != "" {
		return cfg.DB
	}
	return filepath.Join(dir, databaseFile)
}

func openBlobs(ctx context.Context, cfg *config.Config) (blob.Store, error) {
	if cfg.S3.Bucket == "" {
		return blob.OpenDir(filepath.Join(cfg.Dir, blobFolder))
	}
	return blob.OpenS3(ctx, blob.S3Config{
		Endpoint: cfg.S3.Endpoint, Bucket: cfg.S3.Bucket, Prefix: cfg.S3.Prefix, Region: cfg.S3.Region,
		AccessKey: cfg.S3.AccessKey, SecretKey: cfg.S3.SecretKey, Insecure: cfg.S3.Insecure,
	})
}
