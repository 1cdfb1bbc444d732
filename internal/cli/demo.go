package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pelletier/go-toml/v2"

	"example.org/broadside"
	"example.org/broadside/internal/demo"
	"example.org/broadside/internal/importer"
	"example.org/broadside/internal/newsroom"
	"example.org/broadside/internal/store"
)

// demoPaper is the demo's paper.toml.
type demoPaper struct {
	Name     string `toml:"name"`
	Tagline  string `toml:"tagline"`
	Lang     string `toml:"lang"`
	TimeZone string `toml:"time_zone"`
	Licence  string `toml:"licence"`
	Section  []struct {
		Slug        string `toml:"slug"`
		Name        string `toml:"name"`
		Description string `toml:"description"`
	} `toml:"section"`
}

// demoKey is the setting that says whether the demo is all there. It is absent
// in a paper that never had one.
const demoKey = "demo complete"

// fillWithDemo makes the demo newspaper of an empty paper, or goes on where an
// earlier start was cut short. Any other paper is left as it is.
func (p *paper) fillWithDemo(ctx context.Context) error {
	sections, err := p.store.Sections(ctx)
	if err != nil {
		return err
	}
	complete := false
	begun, err := p.store.Setting(ctx, demoKey, &complete)
	if err != nil || complete || len(sections) > 0 && !begun {
		return err
	}
	raw, err := fs.ReadFile(demo.Files(), "paper.toml")
	if err != nil {
		return err
	}
	var d demoPaper
	if err := toml.Unmarshal(raw, &d); err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	if err := p.putDemoParticulars(ctx, &d); err != nil {
		return err
	}
	if err := p.importDemo(ctx); err != nil {
		return err
	}
	return p.store.Update(ctx, func(tx *store.Tx) error { return tx.SetSetting(ctx, demoKey, true) })
}

func (p *paper) putDemoParticulars(ctx context.Context, d *demoPaper) error {
	return p.store.Update(ctx, func(tx *store.Tx) error {
		particulars, err := tx.Paper(ctx)
		if err != nil {
			return err
		}
		particulars.Name, particulars.Tagline, particulars.Lang = d.Name, d.Tagline, d.Lang
		particulars.TimeZone, particulars.Licence = d.TimeZone, d.Licence
		if err := errors.Join(tx.SetPaper(ctx, particulars), tx.SetSetting(ctx, demoKey, false)); err != nil {
			return err
		}
		for i, s := range d.Section {
			slug := s.Slug
			if slug == "" {
				slug = newsroom.Slug(s.Name, d.Lang)
			}
			if err := tx.PutSection(ctx, broadside.Section{Slug: slug, Name: s.Name, Description: s.Description, Position: i}); err != nil {
				return err
			}
		}
		return nil
	})
}

func (p *paper) importDemo(ctx context.Context) error {
	files, err := fs.Glob(demo.Files(), "articles/*.md")
	if err != nil {
		return err
	}
	particulars, err := p.store.Paper(ctx)
	if err != nil {
		return err
	}
	var failed error
	opt := importer.Options{Format: importer.Markdown, Paper: particulars, Actor: operator, Publish: true}
	err = importer.Run(ctx, p.newsroom, demo.Files(), files, opt, func(r importer.Result) {
		if r.Err != nil && failed == nil {
			failed = fmt.Errorf("demo: %s: %w", r.File, r.Err)
		}
	})
	if failed != nil {
		return failed
	}
	return err
}
