package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"
	"github.com/spf13/cobra"

	"example.org/broadside"
	"example.org/broadside/internal/card"
	"example.org/broadside/internal/config"
	"example.org/broadside/internal/job"
	"example.org/broadside/internal/reads"
	"example.org/broadside/internal/site"
	"example.org/broadside/internal/store"
	"example.org/broadside/internal/telemetry"
	"example.org/broadside/internal/web"
)

func serveCommand() *cobra.Command {
	var demo bool
	c := &cobra.Command{
		Use:   "serve",
		Short: "Serve the paper to its readers",
		Long: `Serve answers readers and does the paper's work in the background: what is
scheduled goes live at its hour, pictures get their sizes. It stops when it is
interrupted, once those whom it is answering have their answers.`,
		Example: `  broadside serve --dir ./paper --demo
  broadside serve --dir /srv/paper --addr :8080 --url https://paper.example`,
		Args: wants(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error { return serve(c, demo) },
	}
	config.ServeFlags(c.Flags())
	c.Flags().BoolVar(&demo, "demo", false, "fill an empty paper with the demo newspaper")
	return c
}

func serve(c *cobra.Command, demo bool) (err error) {
	ctx := c.Context()
	cfg, err := settings(c)
	if err != nil {
		return err
	}
	unlock, err := lockDir(cfg.Dir)
	if err != nil {
		return err
	}
	defer unlock()
	p, err := openPaper(ctx, cfg, c.ErrOrStderr())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	if err := p.rememberURL(ctx); err != nil {
		return err
	}
	if demo {
		if err := p.fillWithDemo(ctx); err != nil {
			return err
		}
	}
	ln, err := net.Listen("tcp", cfg.Addr)
	if err != nil {
		return err
	}
	defer ln.Close() // harmless where web.Serve has done it
	return p.serve(ctx, ln)
}

// lockDir keeps a second serve off the directory for as long as this one runs,
// and tells it who was first. The lock goes with the process, however it ends.
func lockDir(dir string) (unlock func() error, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, serveLock)
	lock := flock.New(path, flock.SetPermissions(0o600))
	ok, err := lock.TryLock()
	if err != nil {
		return nil, err
	}
	if !ok {
		pid, _ := os.ReadFile(path) // without it the sentence is poorer
		return nil, broadside.Errorf(broadside.Conflict, "The paper in %s is being served already, by process %s: stop that one first.", dir, strings.TrimSpace(string(pid)))
	}
	return lock.Unlock, os.WriteFile(path, fmt.Appendln(nil, os.Getpid()), 0o600)
}

// rememberURL keeps the public address in the paper's settings, where every
// command finds it.
func (p *paper) rememberURL(ctx context.Context) error {
	if p.config.URL == "" {
		return nil
	}
	return p.store.Update(ctx, func(tx *store.Tx) error {
		particulars, err := tx.Paper(ctx)
		if err != nil {
			return err
		}
		particulars.URL = p.config.URL
		return tx.SetPaper(ctx, particulars)
	})
}

// serve runs everything that goes on while a paper is served, until ctx is
// done or a part of it fails.
func (p *paper) serve(ctx context.Context, ln net.Listener) error {
	metrics := telemetry.NewMetrics(version)
	readers, err := p.audience(ctx, ln, metrics)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var parts sync.WaitGroup
	defer parts.Wait()
	defer stop()
	for _, workers := range []map[string]job.Worker{p.newsroom.Timetable(), p.newsroom.Workers()} {
		queue := p.queue(workers, metrics)
		parts.Go(func() { queue.Run(ctx) })
	}
	parts.Go(func() { p.sweep(ctx) })
	readers.run(ctx, &parts)
	if p.config.Metrics != "" {
		mln, err := net.Listen("tcp", p.config.Metrics)
		if err != nil {
			return err
		}
		p.log.Info("serving metrics", "listen", mln.Addr().String())
		parts.Go(func() {
			if err := web.Serve(ctx, mln, metrics.Handler(), p.log); err != nil {
				p.log.Error("metrics", "err", err)
			}
		})
	}
	p.log.Info("serving the paper", "listen", "http://"+ln.Addr().String(), "version", version)
	return web.Serve(ctx, ln, readers.handler, p.log)
}

// sweepEvery is how long a blob may be on its way into the paper.
const sweepEvery = time.Hour

// sweep deletes what killed processes have left, until ctx is done.
func (p *paper) sweep(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	var seen map[string]bool
	for {
		later, err := p.newsroom.Sweep(ctx, seen)
		if err != nil && ctx.Err() == nil {
			p.log.WarnContext(ctx, "looking for what nobody uses", "err", err)
		}
		seen = later
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (p *paper) queue(workers map[string]job.Worker, metrics *telemetry.Metrics) *job.Queue {
	return &job.Queue{
		Store: p.store, Workers: workers, Now: time.Now, Log: p.log,
		Parallel: 1, Poll: 300 * time.Millisecond, Done: metrics.Job,
	}
}

// An audience is what readers of the paper meet.
type audience struct {
	handler http.Handler
	site    *site.Site
	floor   *web.Floor
	reads   *reads.Counter
}

func (p *paper) audience(ctx context.Context, ln net.Listener, metrics *telemetry.Metrics) (*audience, error) {
	particulars, err := p.store.Paper(ctx)
	if err != nil {
		return nil, err
	}
	pages, err := p.pages()
	if err != nil {
		return nil, err
	}
	cards, err := card.New()
	if err != nil {
		return nil, err
	}
	a := &audience{reads: reads.New(p.store, p.log)}
	opt := site.Options{Store: p.store, Newsroom: p.newsroom, Pages: pages, Cards: cards, Now: time.Now, URL: "http://" + ln.Addr().String()}
	a.floor = web.New(web.Options{
		Log: p.log, Metrics: metrics, Page: site.ErrorPage(opt), HTTPS: strings.HasPrefix(particulars.URL, "https:"),
		Hash: func(b []byte) []byte { return p.keys.Hash("entity tag", b) },
		CDN:  p.config.CDN, Read: a.reads.Add,
	})
	a.site = site.New(opt, a.floor)
	a.handler = a.floor.Wrap(a.site)
	return a, nil
}

// run does what readers need to be done in the background, until ctx ends.
func (a *audience) run(ctx context.Context, parts *sync.WaitGroup) {
	parts.Go(func() { a.site.Follow(ctx) })
	parts.Go(func() { a.floor.Cache.Run(ctx) })
	parts.Go(func() { a.reads.Run(ctx) })
}
