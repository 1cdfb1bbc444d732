package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	round     = 4 * time.Second // of load on one server
	rounds    = 3
	loadTotal = time.Minute // of load on the program, after which its memory is told
)

// load asks for a page that the program has answered before, over 64
// connections. The reference is a bare handler in a process of its own that
// writes the same bytes; nginx with the same bytes in a file stands beside it.
// The servers take turns, so whatever disturbs one disturbs the others.
func load(ctx context.Context, g *ground) (rows []row, err error) {
	s, err := g.serveDemo(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	var contests []*contest
	for _, encoding := range []string{"br", "gzip"} {
		c, err := g.newContest(ctx, s, encoding)
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, c.close()) }()
		contests = append(contests, c)
	}
	for range rounds {
		for _, c := range contests {
			if err := c.round(ctx, g); err != nil {
				return nil, err
			}
		}
	}
	for _, c := range contests {
		rows = append(rows, c.rows()...)
	}
	last, err := memoryAfter(ctx, g, contests)
	return append(rows, last), err
}

// memoryAfter completes the minute and tells what memory the program has then.
func memoryAfter(ctx context.Context, g *ground, contests []*contest) (row, error) {
	done := time.Duration(rounds*len(contests)) * round
	for _, c := range contests {
		if _, err := g.wrk(ctx, c.program.url, c.encoding, (loadTotal-done)/time.Duration(len(contests))); err != nil {
			return row{}, err
		}
	}
	return compareMemory("Memory after a minute of this load", "< 150 MB", contests[0].program.server, contests[0].bare.server,
		"bare handler")
}

// A contest is between servers that give the same bytes in one encoding.
type contest struct {
	encoding, answered   string
	size                 int
	program, bare, nginx contender
}

// A contender is a server in a contest.
type contender struct {
	*server
	url  string
	rate spread // answers a second
	p99  spread // in milliseconds
	cost spread // processor time for an answer, in milliseconds
}

// newContest fetches the page from the program and starts the others with it.
func (g *ground) newContest(ctx context.Context, s *server, encoding string) (c *contest, err error) {
	url := s.url + articlePath
	var a answer
	for range 3 { // so that it is in whatever memory the program has for pages
		if a, err = fetch(ctx, asTheyCome, url, encoding); err != nil {
			return nil, err
		}
	}
	bare, err := g.bare(ctx, a)
	if err != nil {
		return nil, err
	}
	nginx, err := g.nginx(ctx, a)
	if err != nil {
		return nil, errors.Join(err, bare.stop())
	}
	return &contest{
		encoding: encoding, answered: answeredAs(encoding, a.encoding()), size: len(a.Body),
		program: contender{server: s, url: url}, bare: contender{server: bare, url: bare.url}, nginx: contender{server: nginx, url: nginx.url},
	}, nil
}

func (c *contest) close() error { return errors.Join(c.bare.stop(), c.nginx.stop()) }

// round has each server answer for a while.
func (c *contest) round(ctx context.Context, g *ground) error {
	return errors.Join(
		c.program.answer(ctx, g, c.encoding, round),
		c.bare.answer(ctx, g, c.encoding, round),
		c.nginx.answer(ctx, g, c.encoding, round/2),
	)
}

func (c *contender) answer(ctx context.Context, g *ground, encoding string, while time.Duration) error {
	before, err := c.cpu()
	if err != nil {
		return err
	}
	p, err := g.wrk(ctx, c.url, encoding, while)
	if err != nil {
		return err
	}
	after, err := c.cpu()
	c.rate = append(c.rate, p.Requests/p.Seconds)
	c.p99 = append(c.p99, p.P99)
	c.cost = append(c.cost, (after-before).Seconds()*1000/p.Requests)
	return err
}

// rows tells how the contest went.
func (c *contest) rows() []row {
	what := fmt.Sprintf("Article in memory, %s, %s bytes, 64 connections: ", c.answered, digits(float64(c.size)))
	return []row{
		c.row(what+"answers", "≥ 0.85 ×", "a second", func(c contender) spread { return c.rate }),
		c.row(what+"p99", "≤ 1.5 ×", "ms", func(c contender) spread { return c.p99 }),
		c.row(what+"CPU for each", "≤ 0.1 ms", "ms", func(c contender) spread { return c.cost }),
	}
}

func (c *contest) row(what, asked, unit string, of func(contender) spread) row {
	program, bare, nginx := of(c.program), of(c.bare), of(c.nginx)
	return row{what, asked, program.span(unit), fmt.Sprintf("bare net/http handler, same bytes: %s; nginx: %s", bare.span(unit), digits(nginx.median())),
		program.median() / bare.median()}
}
