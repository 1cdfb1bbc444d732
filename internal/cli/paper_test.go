package cli

import (
	"path/filepath"
	"sync"
	"testing"

	"example.org/broadside"
	"example.org/broadside/internal/keyring"
	"example.org/broadside/internal/newstest"
	"example.org/broadside/internal/store"
)

// Of several nodes that start at once on an empty database, each with keys of
// its own, one makes the paper and the others are refused, then and later.
func TestPaperHasOneKeyring(t *testing.T) {
	newstest.EachDSN(t, func(t *testing.T, dsn string) {
		const nodes = 8
		keys, errs := make([]*keyring.Keyring, nodes), make([]error, nodes)
		for i := range keys {
			var err error
			if keys[i], err = keyring.Open(filepath.Join(t.TempDir(), "keys")); err != nil {
				t.Fatal(err)
			}
		}
		db, err := store.Open(t.Context(), dsn)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		var wg sync.WaitGroup
		for i := range keys {
			wg.Go(func() { errs[i] = checkKeys(t.Context(), db, keys[i], "keys") })
		}
		wg.Wait()
		welcome := 0
		for i, err := range errs {
			again := checkKeys(t.Context(), db, keys[i], "keys")
			if err == nil && again == nil {
				welcome++
				continue
			}
			newstest.WantKind(t, "the keys of another", err, broadside.Conflict)
			newstest.WantKind(t, "the keys of another, a second time", again, broadside.Conflict)
		}
		if welcome != 1 {
			t.Errorf("%d nodes have made the paper, want one", welcome)
		}
	})
}
