package page

import (
	"html/template"

	"example.org/broadside"
	"example.org/broadside/internal/locale"
)

// Corrections is the data of the page that lists what readers were told of
// changes.
type Corrections struct {
	Base
	Notes    []broadside.Publication      // newest first
	Articles map[string]broadside.Listing // by article; a note on one that is missing is passed over
}

// correctionsView is the data of templates/corrections.html.
type correctionsView struct {
	frame
	Corrected []correctedView
}

type correctedView struct {
	ID, Kind string
	At       template.HTML
	Note     string
	Article  teaser
}

// Corrections writes the list of corrections, clarifications and updates.
func (p *Pages) Corrections(d Corrections) (*Sheet, error) {
	v := correctionsView{frame: p.frame(&d.Base, "", "", meta{Path: "/corrections"})}
	v.Meta.Title = v.voice.Corrections
	t := newTeller(&v.frame, &d.Base)
	for _, n := range d.Notes {
		l, ok := d.Articles[n.Article]
		if !ok {
			continue
		}
		note := v.note(n, len(v.Corrected))
		v.Corrected = append(v.Corrected, correctedView{note.ID, note.Kind, v.time(n.At, locale.Date), n.Note, t.tell(l, "", "")})
	}
	return p.sheet("corrections.html", &d.Base, &v)
}
