// Package demo holds the demo newspaper: The Harbour Record, the daily of the
// invented port of Skerrow. Whoever tries the program sees it at work on a
// whole paper instead of an empty page, and tests have one to read.
//
// It holds files and no logic: taking them in is the importer's work. The
// files are compiled in and never change, so they may be read by any number of
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
//   - paper.toml: name, tagline, lang, time_zone and licence of the paper, and
//     front, the addresses of the stories that begin its front page, in the
//     editor's order; then these tables, in which an article is named by its
//     address, such as /harbour/sold-at-midnight, and a date with its hour is in
//     the paper's time zone:
//     [[section]], in their order, each with name and description;
//     [[person]], with name, biography and, for some, portrait, the path of a
//     square picture: everybody who stands in a byline of an English article;
//     [[edition]], the older first, with number, date, closed (when the pages
//     were), lang, for some title, and items, each with article and weight,
//     which is lead (one in an edition), major, minor or brief. The lead may be
//     newer than closed, but not than date;
//     [[amendment]], with article, kind (correction, clarification or update),
//     at, was and is (the text that first stood there and the text that stands
//     in its place once in the file), and note, which tells readers;
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
