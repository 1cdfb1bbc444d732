package cli

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"example.org/broadside"
	"example.org/broadside/internal/newsroom"
)

func personCommand() *cobra.Command {
	var profile newsroom.Profile
	var portrait string
	c := &cobra.Command{
		Use:   "person NAME",
		Short: "Say who somebody in the bylines is",
		Long: `Person adds somebody who writes for the paper, or changes what readers are told
of the one with that name. Their page has their biography, their portrait and
their stories.`,
		Example: `  broadside person --dir ./paper --biography "Nora has reported on the harbour since 2009." --portrait nora.jpg "Nora Quillan"`,
		Args:    wants(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			profile.Name = args[0]
			return withPaper(c, openExisting, func(p *paper) error { return p.putPerson(c, profile, portrait) })
		},
	}
	c.Flags().StringVar(&profile.Biography, "biography", "", "`words` about them")
	c.Flags().StringVar(&profile.Slug, "slug", "", "last `part` of the address /by/…/")
	c.Flags().StringVar(&portrait, "portrait", "", "`file` of a picture of them")
	return c
}

func (p *paper) putPerson(c *cobra.Command, profile newsroom.Profile, portrait string) error {
	ctx := c.Context()
	if !c.Flags().Changed("biography") {
		have, err := p.store.PersonNamed(ctx, profile.Name)
		if err == nil {
			profile.Biography = have.Biography
		} else if broadside.KindOf(err) != broadside.NotFound {
			return err
		}
	}
	var err error
	if portrait != "" {
		if profile.Portrait, err = p.develop(ctx, portrait); err != nil {
			return err
		}
	}
	if err := p.newsroom.PutPerson(ctx, operator, profile); err != nil {
		return err
	}
	person, err := p.store.PersonNamed(ctx, profile.Name)
	if err != nil {
		return err
	}
	fmt.Fprintln(c.OutOrStdout(), person.Path())
	return nil
}

// develop reads a picture from a file.
func (p *paper) develop(ctx context.Context, name string) (*newsroom.Print, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return p.developFrom(ctx, name, f)
}

func (p *paper) developFrom(ctx context.Context, name string, r io.Reader) (*newsroom.Print, error) {
	print, err := p.newsroom.Develop(ctx, r, false)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return print, nil
}
