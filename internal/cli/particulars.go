package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/text/language"

	"example.org/broadside"
	"example.org/broadside/internal/store"
)

// A particular is one of the things that a paper says of itself.
type particular struct {
	flag, what string
	field      func(*broadside.Paper) *string
	check      func(string) error // nil allows any text
}

var particulars = []particular{
	{"name", "the paper's `name`, as on its nameplate", func(p *broadside.Paper) *string { return &p.Name }, checkName},
	{"tagline", "one `line` under the name", func(p *broadside.Paper) *string { return &p.Tagline }, nil},
	{"lang", "the paper's `language`, such as en-GB", func(p *broadside.Paper) *string { return &p.Lang }, checkLanguage},
	{"time-zone", "the paper's time `zone`, such as Europe/London", func(p *broadside.Paper) *string { return &p.TimeZone }, checkZone},
	{"licence", "the `licence` under which articles may be reused, such as CC BY-NC-ND 4.0", func(p *broadside.Paper) *string { return &p.Licence }, nil},
	{"colour", "the signal `colour` of kickers, such as #005a9c; empty for the theme's red", func(p *broadside.Paper) *string { return &p.Colour }, checkColour},
}

func checkColour(s string) error {
	if s == "" {
		return nil
	}
	return broadside.CheckColour(s)
}

func checkName(s string) error {
	if s == "" {
		return broadside.Errorf(broadside.Invalid, "A paper needs a name.")
	}
	return nil
}

func checkLanguage(s string) error {
	if _, err := language.Parse(s); err != nil {
		return broadside.Errorf(broadside.Invalid, "%q is no language tag such as en-GB or ru.", s)
	}
	return nil
}

func checkZone(s string) error {
	if _, err := time.LoadLocation(s); err != nil || s == "" || s == "Local" {
		return broadside.Errorf(broadside.Invalid, "%q is no time zone such as Europe/London.", s)
	}
	return nil
}

func paperCommand() *cobra.Command {
	var plate string
	c := &cobra.Command{
		Use:   "paper",
		Short: "Say what the paper is called, how it looks, and in which language and time zone it appears",
		Long: `Paper shows what the paper says of itself, after changing what the flags name.
What is changed is on every page at once. A nameplate is black on white; by night
the pages turn it round themselves.`,
		Example: `  broadside paper --dir ./paper
  broadside paper --dir ./paper --name "The Harbour Record" --lang en-GB --time-zone Europe/London`,
		Args: wants(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error { return runPaper(c, plate) },
	}
	c.Flags().StringVar(&plate, "nameplate", "", "`file` of a picture in place of the name on the front page; none for the name in type")
	for _, p := range particulars {
		c.Flags().String(p.flag, "", p.what)
	}
	return c
}

func runPaper(c *cobra.Command, plate string) error {
	changes := map[string]string{}
	for _, p := range particulars {
		if f := c.Flags().Lookup(p.flag); f.Changed {
			value := strings.Join(strings.Fields(f.Value.String()), " ")
			if p.check != nil {
				if err := p.check(value); err != nil {
					return usageError{fmt.Errorf("--%s: %w", p.flag, err)}
				}
			}
			changes[p.flag] = value
		}
	}
	return withPaper(c, openPaper, func(p *paper) error {
		if err := p.changeNameplate(c.Context(), plate); err != nil {
			return err
		}
		now, err := p.changeParticulars(c.Context(), changes)
		if err != nil {
			return err
		}
		for _, one := range particulars {
			fmt.Fprintf(c.OutOrStdout(), "%-10s %s\n", one.flag, *one.field(&now))
		}
		fmt.Fprintf(c.OutOrStdout(), "%-10s %s\n", "url", now.URL)
		return nil
	})
}

func (p *paper) changeParticulars(ctx context.Context, changes map[string]string) (now broadside.Paper, err error) {
	if len(changes) == 0 {
		return p.store.Paper(ctx)
	}
	err = p.store.Update(ctx, func(tx *store.Tx) error {
		if now, err = tx.Paper(ctx); err != nil {
			return err
		}
		for _, one := range particulars {
			if value, changed := changes[one.flag]; changed {
				*one.field(&now) = value
			}
		}
		return tx.SetPaper(ctx, now)
	})
	return now, err
}

// changeNameplate sets the nameplate from a file; "none" takes it away, and ""
// leaves it.
func (p *paper) changeNameplate(ctx context.Context, file string) error {
	switch file {
	case "":
		return nil
	case "none":
		return p.newsroom.SetNameplate(ctx, operator, nil)
	}
	print, err := p.develop(ctx, file)
	if err != nil {
		return err
	}
	return p.newsroom.SetNameplate(ctx, operator, print)
}
