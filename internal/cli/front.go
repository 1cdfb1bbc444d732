package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"example.org/broadside"
)

func frontCommand() *cobra.Command {
	var clear bool
	c := &cobra.Command{
		Use:   "front [ADDRESS...]",
		Short: "Say in which order the front page begins",
		Long: `Front puts the articles at those addresses at the head of the front page, in
that order: the first leads. The newest follow. With --by-date the newest lead
again. Without either it shows how the front page begins.`,
		Example: `  broadside front --dir ./paper /harbour/sold-at-midnight /work/ferry-crews-vote-to-strike
  broadside front --dir ./paper --by-date`,
		RunE: func(c *cobra.Command, args []string) error {
			if clear && len(args) > 0 {
				return usageError{fmt.Errorf("give addresses or --by-date, not both")}
			}
			return withPaper(c, openExisting, func(p *paper) error { return p.front(c, args, clear) })
		},
	}
	c.Flags().BoolVar(&clear, "by-date", false, "let the newest lead")
	return c
}

func (p *paper) front(c *cobra.Command, addresses []string, clear bool) error {
	if clear || len(addresses) > 0 {
		if err := p.newsroom.SetFront(c.Context(), operator, addresses); err != nil {
			return err
		}
	}
	ids, err := p.store.Front(c.Context())
	if err != nil {
		return err
	}
	for _, id := range ids {
		a, err := p.store.Article(c.Context(), id)
		if broadside.KindOf(err) == broadside.NotFound {
			continue
		}
		if err != nil {
			return err
		}
		if a.Live != "" {
			fmt.Fprintln(c.OutOrStdout(), a.Path())
		}
	}
	return nil
}
