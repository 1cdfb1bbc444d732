package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// lighthouseRuns is how many times Lighthouse looks at each page.
const lighthouseRuns = 5

// chromeFlags keep the browser to the loopback interface.
const chromeFlags = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run" +
	" --disable-background-networking --disable-component-update --disable-sync"

// lighthouse has Lighthouse judge pages with its own idea of a phone and its
// network. The reference is what it makes of a page that is one paragraph.
func lighthouse(ctx context.Context, g *ground) (rows []row, err error) {
	s, err := g.serveDemo(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	bare, err := g.bare(ctx, barePage())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, bare.stop()) }()
	report, err := g.lighthouse(ctx, bare.url)
	if err != nil {
		return nil, err
	}
	least := judgement{}
	least.add(report)
	judged := make([]judgement, len(landings))
	for range lighthouseRuns {
		for i, landing := range landings {
			if judged[i] == nil {
				judged[i] = judgement{}
			}
			if err := g.judge(ctx, s.url+landing.path, judged[i]); err != nil {
				return nil, err
			}
		}
	}
	for i, landing := range landings {
		rows = append(rows, judged[i].rows("Lighthouse, "+landing.what, least)...)
	}
	return rows, nil
}

// A judgement holds what was measured in some runs, by Lighthouse's names.
type judgement map[string]spread

// judgedBy lists what is told of a page.
var judgedBy = []struct {
	name, what, asked string
	unit              string
	scale             float64 // to the unit, of what Lighthouse tells
}{
	{"performance", "performance", "≥ 98", "of 100", 100},
	{"accessibility", "accessibility", "100", "of 100", 100},
	{"best-practices", "best practices", "100", "of 100", 100},
	{"seo", "SEO", "100", "of 100", 100},
	{"largest-contentful-paint", "largest contentful paint", "≤ 1.8 s", "s", 0.001},
	{"cumulative-layout-shift", "layout shift", "≤ 0.02", "", 1},
}

func (j judgement) rows(what string, least judgement) (rows []row) {
	for _, by := range judgedBy {
		told, floor := j[by.name], least[by.name].median()
		r := row{what: what + ": " + by.what, asked: by.asked, measured: strings.TrimSpace(told.span(by.unit)),
			reference: strings.TrimSpace("a page of one paragraph: " + digits(floor) + " " + by.unit)}
		if by.unit == "s" {
			r.ratio = told.median() / floor
		}
		rows = append(rows, r)
	}
	return rows
}

// A lighthouseReport is what is used of Lighthouse's JSON.
type lighthouseReport struct {
	RuntimeError *struct{ Message string } `json:"runtimeError"`
	Categories   map[string]struct {
		Score     float64 `json:"score"`
		AuditRefs []struct {
			ID     string  `json:"id"`
			Weight float64 `json:"weight"`
		} `json:"auditRefs"`
	} `json:"categories"`
	Audits map[string]struct {
		Score        *float64 `json:"score"`
		NumericValue float64  `json:"numericValue"`
	} `json:"audits"`
}

// add adds what Lighthouse has said in one run.
func (j judgement) add(r *lighthouseReport) {
	for _, by := range judgedBy {
		j[by.name] = append(j[by.name], r.value(by.name)*by.scale)
	}
}

// value returns the score of a category, from 0 to 1, or else what an audit
// has measured.
func (r *lighthouseReport) value(name string) float64 {
	if c, ok := r.Categories[name]; ok {
		return c.Score
	}
	return r.Audits[name].NumericValue
}

// judge has Lighthouse look at a page once, adds what it says to j, and names
// the audits that cost points.
func (g *ground) judge(ctx context.Context, url string, j judgement) error {
	report, err := g.lighthouse(ctx, url)
	if err != nil {
		return err
	}
	j.add(report)
	for _, by := range judgedBy {
		if failing := report.failing(by.name); len(failing) > 0 {
			fmt.Fprintf(g.progress, "bench: %s: %s is %s, not 100: %s\n", url, by.what, digits(report.value(by.name)*100), strings.Join(failing, ", "))
		}
	}
	return nil
}

// failing returns the audits that cost a category points.
func (r *lighthouseReport) failing(category string) (ids []string) {
	c := r.Categories[category]
	if c.Score == 1 {
		return nil
	}
	for _, ref := range c.AuditRefs {
		if score := r.Audits[ref.ID].Score; ref.Weight > 0 && score != nil && *score < 1 {
			ids = append(ids, ref.ID)
		}
	}
	return ids
}

// lighthouse has Lighthouse look at a page. Now and then it has missed the start
// of the page and asks to be run again, which is done twice.
func (g *ground) lighthouse(ctx context.Context, url string) (report *lighthouseReport, err error) {
	for range 3 {
		report, err = g.lighthouseOnce(ctx, url)
		if err == nil || ctx.Err() != nil || !strings.Contains(err.Error(), "Please run Lighthouse again") {
			return report, err
		}
		fmt.Fprintln(g.progress, "bench: once more:", strings.TrimSpace(err.Error()))
	}
	return nil, err
}

func (g *ground) lighthouseOnce(ctx context.Context, url string) (*lighthouseReport, error) {
	cmd, err := g.lighthouseCommand(ctx, url)
	if err != nil {
		return nil, err
	}
	said, err := output(cmd)
	if err != nil {
		return nil, err
	}
	var report lighthouseReport
	if err := json.Unmarshal([]byte(said), &report); err != nil {
		return nil, fmt.Errorf("the report on %s: %w", url, err)
	}
	if report.RuntimeError != nil {
		return nil, fmt.Errorf("%s: %s", url, report.RuntimeError.Message)
	}
	return &report, nil
}

func (g *ground) lighthouseCommand(ctx context.Context, url string) (*exec.Cmd, error) {
	node, err := find("nodejs", "node", "nodejs")
	if err != nil {
		return nil, err
	}
	browser, err := findBrowser()
	if err != nil {
		return nil, err
	}
	program := filepath.Join(g.root, "bench", "node_modules", "lighthouse", "cli", "index.js")
	if _, err := os.Stat(program); err != nil {
		return nil, fmt.Errorf("there is no Lighthouse: run make bench/node_modules/.installed: %w", err)
	}
	cmd := exec.CommandContext(ctx, node, program, url, "--output=json", "--quiet", "--no-enable-error-reporting", "--chrome-flags="+chromeFlags)
	cmd.Dir = g.dir
	cmd.Env = append(cmd.Environ(), "CHROME_PATH="+browser)
	return cmd, nil
}
