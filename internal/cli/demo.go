package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"example.org/broadside"
	"example.org/broadside/internal/demo"
	"example.org/broadside/internal/importer"
	"example.org/broadside/internal/newsroom"
	"example.org/broadside/internal/store"
)

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
	plan, err := demo.ReadPlan()
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	d := &demoNewspaper{paper: p, Plan: plan}
	for _, step := range []func(context.Context) error{d.putParticulars, d.putPeople, d.tellStories, d.putEditions} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return p.store.Update(ctx, func(tx *store.Tx) error { return tx.SetSetting(ctx, demoKey, true) })
}

// A demoNewspaper is the demo on its way into a paper.
type demoNewspaper struct {
	*paper
	*demo.Plan
	settled broadside.Paper // the particulars as they are then
}

// at returns the newsroom as it was at some hour: the demo's history is told in
// its own time.
func (d *demoNewspaper) at(t time.Time) *newsroom.Newsroom {
	return newsroom.New(d.store, d.blobs, d.keys, func() time.Time { return t }, d.log)
}

// hour reads an hour by the paper's clock.
func (d *demoNewspaper) hour(s string) (time.Time, error) {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, d.settled.Location())
	if err != nil {
		return t, fmt.Errorf("demo: %w", err)
	}
	return t, nil
}

func (d *demoNewspaper) putParticulars(ctx context.Context) error {
	return d.store.Update(ctx, func(tx *store.Tx) error {
		particulars, err := tx.Paper(ctx)
		if err != nil {
			return err
		}
		particulars.Name, particulars.Tagline, particulars.Lang = d.Name, d.Tagline, d.Lang
		particulars.TimeZone, particulars.Licence = d.TimeZone, d.Licence
		d.settled = particulars
		if err := errors.Join(tx.SetPaper(ctx, particulars), tx.SetSetting(ctx, demoKey, false)); err != nil {
			return err
		}
		for i, s := range d.Section {
			if err := tx.PutSection(ctx, broadside.Section{Slug: newsroom.Slug(s.Name, d.Lang), Name: s.Name, Description: s.Description, Position: i}); err != nil {
				return err
			}
		}
		return nil
	})
}

func (d *demoNewspaper) putPeople(ctx context.Context) error {
	for _, one := range d.Person {
		profile := newsroom.Profile{Name: one.Name, Biography: one.Biography}
		if one.Portrait != "" {
			f, err := demo.Files().Open(one.Portrait)
			if err != nil {
				return fmt.Errorf("demo: %w", err)
			}
			profile.Portrait, err = d.developFrom(ctx, one.Portrait, f)
			f.Close()
			if err != nil {
				return fmt.Errorf("demo: %w", err)
			}
		}
		if err := d.newsroom.PutPerson(ctx, operator, profile); err != nil {
			return fmt.Errorf("demo: %s: %w", one.Name, err)
		}
	}
	return nil
}

// A demoStory is an article when it was published, or when it was amended.
type demoStory struct {
	file  string
	at    time.Time
	files fs.FS // with the text of that hour
	amend *newsroom.Amendment
}

// tellStories brings the articles in as their newsroom did: in the order of
// their dates, and each with the text that it had then.
func (d *demoNewspaper) tellStories(ctx context.Context) error {
	stories, err := d.stories()
	if err != nil {
		return err
	}
	slices.SortStableFunc(stories, func(a, b demoStory) int { return a.at.Compare(b.at) })
	for _, s := range stories {
		opt := importer.Options{Format: importer.Markdown, Paper: d.settled, Actor: operator, Publish: true, Amend: s.amend}
		var failed error
		err := importer.Run(ctx, d.at(s.at), s.files, []string{s.file}, opt, func(r importer.Result) { failed = r.Err })
		if err = errors.Join(failed, err); err != nil {
			return fmt.Errorf("demo: %s: %w", s.file, err)
		}
	}
	return nil
}

func (d *demoNewspaper) stories() ([]demoStory, error) {
	var stories []demoStory
	for _, pattern := range []string{"articles/*.md", "pages/*.md"} {
		files, err := fs.Glob(demo.Files(), pattern)
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			told, err := d.story(file)
			if err != nil {
				return nil, fmt.Errorf("demo: %s: %w", file, err)
			}
			stories = append(stories, told...)
		}
	}
	return stories, nil
}

// story returns an article's publication and, if it was amended, that too.
func (d *demoNewspaper) story(file string) ([]demoStory, error) {
	text, err := fs.ReadFile(demo.Files(), file)
	if err != nil {
		return nil, err
	}
	at, err := d.hour(matter(text, "date"))
	if err != nil {
		return nil, err
	}
	first := demoStory{file: file, at: at, files: demo.Files()}
	slug := matter(text, "slug")
	i := slices.IndexFunc(d.Amendment, func(a demo.Amendment) bool { return slug != "" && path.Base(a.Article) == slug })
	if i < 0 {
		return []demoStory{first}, nil
	}
	a := d.Amendment[i]
	if n := strings.Count(string(text), a.Is); n != 1 {
		return nil, fmt.Errorf("%q stands in it %d times, not once", a.Is, n)
	}
	first.files = editedFS{demo.Files(), file, bytes.Replace(text, []byte(a.Is), []byte(a.Was), 1)}
	then, err := d.hour(a.At)
	amended := demoStory{file: file, at: then, files: demo.Files(), amend: &newsroom.Amendment{Kind: broadside.PublicationKind(a.Kind), Note: a.Note}}
	return []demoStory{first, amended}, err
}

// matter returns a plain value of a file's front matter, or "".
func matter(text []byte, key string) string {
	for line := range bytes.Lines(text) {
		if value, ok := strings.CutPrefix(string(line), key+": "); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// putEditions makes the editions and the front page, which the text of every
// article must precede.
func (d *demoNewspaper) putEditions(ctx context.Context) error {
	for _, e := range d.Edition {
		closed, err := d.hour(e.Closed)
		if err != nil {
			return err
		}
		plan := newsroom.EditionPlan{Number: e.Number, Date: e.Date, Lang: e.Lang, Title: e.Title, Closed: closed}
		for _, item := range e.Items {
			plan.Items = append(plan.Items, newsroom.EditionEntry{Article: item.Article, Weight: broadside.Weight(item.Weight)})
		}
		if err := d.at(closed).PutEdition(ctx, operator, plan); err != nil {
			return fmt.Errorf("demo: edition %d: %w", e.Number, err)
		}
	}
	if err := d.newsroom.SetFront(ctx, operator, d.Front); err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	return nil
}

// An editedFS is a file system in which one file has another text.
type editedFS struct {
	fs.FS
	name string
	text []byte
}

// Open opens a file for reading.
func (e editedFS) Open(name string) (fs.File, error) {
	f, err := e.FS.Open(name)
	if err != nil || name != e.name {
		return f, err
	}
	return &editedFile{f, bytes.NewReader(e.text)}, nil
}

type editedFile struct {
	fs.File
	text *bytes.Reader
}

// Read reads the other text.
func (f *editedFile) Read(p []byte) (int, error) { return f.text.Read(p) }
