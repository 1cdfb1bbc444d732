package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"example.org/broadside"
)

func articleCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "article",
		Short: "Move, withdraw or remove an article",
		RunE:  needsCommand,
		Args:  knownCommand,
	}
	c.AddCommand(moveCommand(), withdrawCommand(), removeCommand())
	return c
}

func moveCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "move ADDRESS NEW-ADDRESS",
		Short: "Give an article another address",
		Long: `Move gives an article another section or slug. If readers know the old address,
it leads to the new one for ever.`,
		Example: `  broadside article move --dir ./paper /world/strike /work/the-long-strike`,
		Args:    wants(cobra.ExactArgs(2)),
		RunE: func(c *cobra.Command, args []string) error {
			section, slug, err := splitAddress(args[1])
			if err != nil {
				return err
			}
			return onArticle(c, args[0], func(ctx context.Context, p *paper, id string) error {
				return p.newsroom.Move(ctx, operator, id, section, slug)
			})
		},
	}
}

func withdrawCommand() *cobra.Command {
	var reason string
	c := &cobra.Command{
		Use:   "withdraw ADDRESS --reason TEXT",
		Short: "Take an article from its readers, and tell them why",
		Long: `Withdraw takes an article from its readers for good. Its address then says so,
and gives the reason.`,
		Example: `  broadside article withdraw --dir ./paper --reason "We could not confirm it." /world/rumour`,
		Args:    wants(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			if strings.TrimSpace(reason) == "" {
				return usageError{errors.New("tell the readers why by --reason")}
			}
			return onArticle(c, args[0], func(ctx context.Context, p *paper, id string) error {
				return p.newsroom.Withdraw(ctx, operator, id, reason)
			})
		},
	}
	c.Flags().StringVar(&reason, "reason", "", "`words` to the readers")
	return c
}

func removeCommand() *cobra.Command {
	var sure bool
	c := &cobra.Command{
		Use:   "remove ADDRESS --for-ever",
		Short: "Erase an article, for somebody's safety",
		Long: `Remove erases an article from every revision: words, pictures, files, names that
stand nowhere else, and what could prove a guess. Its address then answers as if
nothing had ever been there. It cannot be undone. Backups that were made before
still hold the article, and so, for a while, does the write-ahead log of a
PostgreSQL server with its archives: they have to be seen to as well.`,
		Example: `  broadside article remove --dir ./paper --for-ever /world/a-witness`,
		Args:    wants(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			if !sure {
				return usageError{errors.New("removing cannot be undone: say that you mean it by --for-ever")}
			}
			return onArticle(c, args[0], func(ctx context.Context, p *paper, id string) error {
				return p.newsroom.Remove(ctx, operator, id)
			})
		},
	}
	c.Flags().BoolVar(&sure, "for-ever", false, "I mean it")
	return c
}

// onArticle calls f for the article at an address, published or not.
func onArticle(c *cobra.Command, address string, f func(ctx context.Context, p *paper, id string) error) error {
	section, slug, err := splitAddress(address)
	if err != nil {
		return err
	}
	return withPaper(c, openExisting, func(p *paper) error {
		a, err := p.store.ArticleAt(c.Context(), section, slug)
		if broadside.KindOf(err) == broadside.NotFound {
			return broadside.Errorf(broadside.NotFound, "There is no article at %s.", address)
		}
		if err != nil {
			return err
		}
		return f(c.Context(), p, a.ID)
	})
}

func splitAddress(address string) (section, slug string, err error) {
	section, slug, ok := broadside.SplitPath(address)
	if !ok {
		err = usageError{fmt.Errorf("%q is no article's address: write it as /section/slug", address)}
	}
	return section, slug, err
}
