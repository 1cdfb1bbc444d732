// Package demo holds the demo newspaper: The Harbour Record, the daily of the
// invented port of Skerrow. Whoever tries the program sees it at work on a
// whole paper instead of an empty page, and tests have one to read.
//
// It holds files and reads its own plan, no more: taking articles in is the
// importer's work. The files are compiled in and never change, so they may be read by any number of
// goroutines at once.
package demo

import (
	"embed"
	"io/fs"
)

//go:embed paper
var files embed.FS

// Files returns the demo newspaper. At its root are:
//
//   - paper.toml: everything that is no article, which [ReadPlan] reads;
//   - articles/*.md: one article each, with front matter. Pictures and other
//     files lie beside the articles that name them. In the order of their
//     names a translation comes after its original;
//   - pages/*.md: the pages about the paper itself, of the kind page, which
//     have neither section nor author; their address is / and the slug;
//   - people/*.jpg: the portraits.
func Files() fs.FS {
	sub, err := fs.Sub(files, "paper")
	if err != nil {
		// The name is constant and well formed, so this is never reached;
		// the whole tree is the nearest thing to an answer.
		return files
	}
	return sub
}
