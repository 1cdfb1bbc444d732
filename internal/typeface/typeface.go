// Package typeface holds the faces with which the program itself draws: the
// cards of shared articles, and whatever else is not left to a browser.
//
// They are the faces of the site, but whole: one file has all of Latin and
// Cyrillic, where the site's are divided by script. It is not for the site,
// whose files are in package page, and it does not draw.
//
// The files are TrueType, unhinted, with kerning, ligatures and what the
// scripts need to be joined and marked, and nothing else. They are licensed
// under the SIL Open Font License (OFL.txt); scripts/cut-fonts makes them.
package typeface

import _ "embed"

// A Face is one face of the paper.
type Face int

// The faces. Those for Latin and Cyrillic hold the letters of the languages of
// Europe, the Caucasus and Central Asia that use these scripts. Naskh holds
// Arabic script alone, and the space.
const (
	Head700  Face = iota // headlines
	Head900              // the nameplate
	Text400              // running text
	Naskh700             // Arabic script, for every purpose
)

var (
	//go:embed head-700.ttf
	head700 []byte
	//go:embed head-900.ttf
	head900 []byte
	//go:embed text-400.ttf
	text400 []byte
	//go:embed naskh-700.ttf
	naskh700 []byte
)

// Data returns the file of a face, which callers must not change; nil if there
// is no such face.
func Data(f Face) []byte {
	switch f {
	case Head700:
		return head700
	case Head900:
		return head900
	case Text400:
		return text400
	case Naskh700:
		return naskh700
	}
	return nil
}
