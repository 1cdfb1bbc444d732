package cli

import (
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"example.org/broadside"
	"example.org/broadside/internal/store"
)

// A readsQuestion is what somebody wants to know of what was read.
type readsQuestion struct {
	article    string // address
	since      string
	until      string
	limit      int
	hours, csv bool
}

func readsCommand() *cobra.Command {
	q := readsQuestion{}
	c := &cobra.Command{
		Use:   "reads [ADDRESS]",
		Short: "Say how often articles were read, and where readers came from",
		Long: `Reads shows how often each article was read, the most read first, and from which
hosts readers came. With an address it shows that article alone, with --hours
hour by hour. Nothing else is known of readers: neither who they are nor what
else they read. What was read in the last minute is not among it yet.`,
		Example: `  broadside reads --dir ./paper --since 2026-03-01
  broadside reads --dir ./paper --hours --csv /harbour/sold-at-midnight`,
		Args: wants(cobra.MaximumNArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				q.article = args[0]
			}
			return withPaper(c, openExisting, func(p *paper) error { return p.showReads(c.Context(), c.OutOrStdout(), &q) })
		},
	}
	c.Flags().StringVar(&q.since, "since", "", "first `day`, such as 2026-03-01")
	c.Flags().StringVar(&q.until, "until", "", "last `day`")
	c.Flags().IntVar(&q.limit, "limit", 25, "`number` of lines at most, but for hours")
	c.Flags().BoolVar(&q.hours, "hours", false, "hour by hour")
	c.Flags().BoolVar(&q.csv, "csv", false, "as CSV")
	return c
}

func (p *paper) showReads(ctx context.Context, w io.Writer, q *readsQuestion) error {
	scope, zone, err := p.readScope(ctx, q)
	if err != nil {
		return err
	}
	if q.hours {
		all, err := p.store.Reads(ctx, scope)
		if err != nil {
			return err
		}
		return p.writeReads(ctx, w, q, all, "hour", func(r store.Read) string { return r.Hour.In(zone).Format("2006-01-02 15:04") })
	}
	totals, err := p.store.ReadTotals(ctx, scope, q.limit)
	if err != nil {
		return err
	}
	if err := p.writeReads(ctx, w, q, totals, "", nil); err != nil {
		return err
	}
	sources, err := p.store.SourceTotals(ctx, inUTC(scope, zone), q.limit)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, s := range sources {
		rows = append(rows, []string{strconv.FormatInt(s.Reads, 10), cmp.Or(s.Host, "elsewhere")})
	}
	fmt.Fprintln(w)
	return writeRows(w, q.csv, []string{"reads", "from"}, rows)
}

// writeReads writes a line for each count, which begins with what first returns
// of it, unless that is nil.
func (p *paper) writeReads(ctx context.Context, w io.Writer, q *readsQuestion, all []store.Read, head string, first func(store.Read) string) error {
	heads := []string{"reads", "article"}
	if first != nil {
		heads = append([]string{head}, heads...)
	}
	var rows [][]string
	for _, r := range all {
		a, err := p.store.Article(ctx, r.Article)
		if err != nil {
			return err
		}
		row := []string{strconv.FormatInt(r.Reads, 10), a.Path()}
		if first != nil {
			row = append([]string{first(r)}, row...)
		}
		rows = append(rows, row)
	}
	return writeRows(w, q.csv, heads, rows)
}

// readScope reads what was asked for, by the paper's clock.
func (p *paper) readScope(ctx context.Context, q *readsQuestion) (scope store.ReadScope, zone *time.Location, err error) {
	particulars, err := p.store.Paper(ctx)
	if err != nil {
		return scope, nil, err
	}
	zone = particulars.Location()
	for _, day := range []struct {
		flag, value string
		to          *time.Time
		after       int
	}{{"since", q.since, &scope.From, 0}, {"until", q.until, &scope.To, 1}} {
		if day.value == "" {
			continue
		}
		t, err := time.ParseInLocation(time.DateOnly, day.value, zone)
		if err != nil {
			return scope, nil, usageError{fmt.Errorf("--%s %s is no day such as 2026-03-14", day.flag, day.value)}
		}
		*day.to = t.AddDate(0, 0, day.after)
	}
	if q.article == "" {
		return scope, zone, nil
	}
	section, slug, err := splitAddress(q.article)
	if err != nil {
		return scope, nil, err
	}
	a, err := p.store.ArticleAt(ctx, section, slug)
	if broadside.KindOf(err) == broadside.NotFound {
		return scope, nil, broadside.Errorf(broadside.NotFound, "There is no article at %s.", q.article)
	}
	if err == nil {
		scope.Article = a.ID
	}
	return scope, zone, err
}

// inUTC returns the days of a scope by the paper's clock as those of the same
// dates in UTC, by which sources are counted.
func inUTC(scope store.ReadScope, zone *time.Location) store.ReadScope {
	for _, bound := range []*time.Time{&scope.From, &scope.To} {
		if !bound.IsZero() {
			year, month, day := bound.In(zone).Date()
			*bound = time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
		}
	}
	return scope
}

// writeRows writes a table for people or for programs.
func writeRows(w io.Writer, asCSV bool, head []string, rows [][]string) error {
	if asCSV {
		out := csv.NewWriter(w)
		return cmp.Or(out.Write(head), out.WriteAll(rows))
	}
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range append([][]string{head}, rows...) {
		for i, cell := range row {
			if i > 0 {
				fmt.Fprint(out, "\t")
			}
			fmt.Fprint(out, cell)
		}
		fmt.Fprintln(out)
	}
	return out.Flush()
}
