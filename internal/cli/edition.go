package cli

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"example.org/broadside"
	"example.org/broadside/internal/newsroom"
)

func editionCommand() *cobra.Command {
	var plan newsroom.EditionPlan
	var open bool
	c := &cobra.Command{
		Use:   "edition NUMBER ADDRESS[=WEIGHT]...",
		Short: "Make a numbered edition of articles in order",
		Long: `Edition makes the edition of that number of the articles at those addresses, in
that order, or changes it. The weight of an article says how much room it gets:
lead, major, minor or brief. Without one the first leads and the others are
minor. Readers find the edition at /edition/NUMBER/, unless it is still open.`,
		Example: `  broadside edition --dir ./paper --date 2026-03-14 4182 /harbour/sold-at-midnight /work/ferry-strike=major /town/night-bus=brief`,
		Args:    wants(cobra.MinimumNArgs(2)),
		RunE: func(c *cobra.Command, args []string) error {
			number, err := strconv.Atoi(args[0])
			if err != nil {
				return usageError{fmt.Errorf("%q is no number of an edition", args[0])}
			}
			plan.Number = number
			for i, arg := range args[1:] {
				plan.Items = append(plan.Items, editionEntry(arg, i == 0))
			}
			return withPaper(c, openExisting, func(p *paper) error { return p.makeEdition(c, plan, open) })
		},
	}
	c.Flags().StringVar(&plan.Date, "date", "", "`day` of the edition, such as 2026-03-14; without it today")
	c.Flags().StringVar(&plan.Title, "title", "", "`words` beside the number")
	c.Flags().StringVar(&plan.Lang, "lang", "", "`language` of the edition; without it the paper's")
	c.Flags().BoolVar(&open, "open", false, "keep it from readers for now")
	return c
}

// editionEntry reads an address with or without a weight.
func editionEntry(arg string, first bool) newsroom.EditionEntry {
	address, weight, ok := strings.Cut(arg, "=")
	switch {
	case ok:
	case first:
		weight = string(broadside.Lead)
	default:
		weight = string(broadside.Minor)
	}
	return newsroom.EditionEntry{Article: address, Weight: broadside.Weight(weight)}
}

func (p *paper) makeEdition(c *cobra.Command, plan newsroom.EditionPlan, open bool) error {
	particulars, err := p.store.Paper(c.Context())
	if err != nil {
		return err
	}
	now := time.Now()
	if plan.Date == "" {
		plan.Date = now.In(particulars.Location()).Format(time.DateOnly)
	}
	if !open {
		plan.Closed = now
	}
	if err := p.newsroom.PutEdition(c.Context(), operator, plan); err != nil {
		return err
	}
	fmt.Fprintln(c.OutOrStdout(), (&broadside.Edition{Number: plan.Number}).Path())
	return nil
}
