package main

import (
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"example.org/broadside"
	"example.org/broadside/internal/store"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"broadside": main})
}

// TestScript runs each session at the terminal in testdata/script.
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"photograph": photograph,
			"damage":     damage,
			"count":      count,
		},
	})
}

// photograph FILE draws a picture.
func photograph(ts *testscript.TestScript, _ bool, args []string) {
	img := image.NewRGBA(image.Rect(0, 0, 900, 600))
	for y := range 600 {
		for x := range 900 {
			img.Set(x, y, color.RGBA{uint8(x / 4), uint8(y / 3), 90, 255})
		}
	}
	f, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(jpeg.Encode(f, img, nil))
	ts.Check(f.Close())
}

// damage FILE flips a bit in the middle of a file.
func damage(ts *testscript.TestScript, _ bool, args []string) {
	name := ts.MkAbs(args[0])
	b, err := os.ReadFile(name)
	ts.Check(err)
	b[len(b)/2] ^= 1
	ts.Check(os.WriteFile(name, b, 0o600))
}

// count DIRECTORY ADDRESS HOUR READS HOST counts so many readers of an article,
// who came from a host, as serve does.
func count(ts *testscript.TestScript, _ bool, args []string) {
	ctx := context.Background()
	hour, err := time.Parse(time.RFC3339, args[2])
	ts.Check(err)
	n, err := strconv.ParseInt(args[3], 10, 64)
	ts.Check(err)
	db, err := store.Open(ctx, filepath.Join(ts.MkAbs(args[0]), "paper.db"))
	ts.Check(err)
	section, slug, _ := broadside.SplitPath(args[1])
	a, err := db.ArticleAt(ctx, section, slug)
	ts.Check(err)
	ts.Check(db.Update(ctx, func(tx *store.Tx) error {
		return tx.AddReads(ctx, []store.Read{{Article: a.ID, Hour: hour, Reads: n}},
			[]store.Source{{Article: a.ID, Day: hour.UTC().Truncate(24 * time.Hour), Host: args[4], Reads: n}})
	}))
	ts.Check(db.Close())
}
