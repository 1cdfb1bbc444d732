// Package card is being drawn elsewhere.
package card

import (
	"image/color"
	"io"
)

// Card is.
type Card struct {
	Paper, Section, Headline, Foot, Lang string
	Accent                               color.RGBA
}

// Drawer is.
type Drawer struct{}

// New is.
func New() (*Drawer, error) { return &Drawer{}, nil }

// Draw is.
func (d *Drawer) Draw(w io.Writer, c Card) error { return nil }
