package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// newsItems is how many articles are published while readers read.
const newsItems = 5

// publishingDuringLoad publishes articles by another process while readers read
// the front page and an article: first at a moderate rate, where it is told how
// long the unluckiest waits, then under all the load that the machine can make.
// The reference is a bare handler that the same number of readers reads at the
// same moments, so a machine that stutters shows in both.
func publishingDuringLoad(ctx context.Context, g *ground) (rows []row, err error) {
	p := g.importTo("demo-during")
	s, err := g.serveDemoIn(ctx, p.dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	a, err := fetch(ctx, asTheyCome, s.url+articlePath, browserEncodings)
	if err != nil {
		return nil, err
	}
	bare, err := g.bare(ctx, a)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, bare.stop()) }()
	waits, least, shown, err := p.publishToReaders(ctx, s, bare)
	if err != nil {
		return nil, err
	}
	pressed, err := p.publishUnderPressure(ctx, s)
	if err != nil {
		return nil, err
	}
	view := fmt.Sprintf("one view of a page: p50 %s ms", digits(waits.median()))
	return []row{
		{fmt.Sprintf("%d articles are imported while %d readers ask %d times a second: a reader's wait", newsItems, readers, readRate),
			"none over 50 ms", waits.tail("ms"), "a bare handler, the same moments: " + least.tail("ms"), waits.quantile(1) / least.quantile(1)},
		{"The front page shows the article after the import has printed its address", "≤ 50 ms", shown.span("ms"), view, shown.median() / waits.median()},
		{"The same while wrk asks over 64 connections as fast as it can", "≤ 50 ms", pressed.span("ms"), view, pressed.median() / waits.median()},
	}, nil
}

// publishToReaders publishes while readers read both servers, and tells what
// they waited and how soon the articles were shown.
func (p *press) publishToReaders(ctx context.Context, s, bare *server) (waits, least, shown spread, err error) {
	stop := readMeanwhile(ctx, []string{s.url + frontPath, s.url + articlePath})
	stopBare := readMeanwhile(ctx, []string{bare.url})
	shown, failed := p.publishNews(ctx, s)
	waits, err = stop()
	least, errBare := stopBare()
	return waits, least, shown, errors.Join(failed, err, errBare)
}

// publishUnderPressure publishes while wrk runs, and waits for its end.
func (p *press) publishUnderPressure(ctx context.Context, s *server) (spread, error) {
	ended := make(chan error, 1)
	go func() {
		_, err := p.ground.wrk(ctx, s.url+frontPath, "br", (newsItems+3)*newsEvery)
		ended <- err
	}()
	shown, err := p.publishNews(ctx, s)
	return shown, errors.Join(err, <-ended)
}

// A press imports articles into a paper by the program's own command.
type press struct {
	ground *ground
	dir    string   // the paper's
	flags  []string // of the command
}

// importTo returns a press for a paper in the ground's directory. More flags
// say where else the paper is.
func (g *ground) importTo(name string, more ...string) *press {
	dir := filepath.Join(g.dir, name)
	return &press{g, dir, append([]string{"import", "markdown", "--publish", "--dir", dir}, more...)}
}

// newsEvery is the pause before each article.
const newsEvery = time.Second

// publishNews publishes one article after the other and returns how long after
// its address was printed each was on the front page of a server.
func (p *press) publishNews(ctx context.Context, at *server) (shown spread, err error) {
	for range newsItems {
		if err := sleep(ctx, newsEvery); err != nil {
			return nil, err
		}
		took, err := p.publishOne(ctx, at)
		if err != nil {
			return nil, err
		}
		shown.add(took)
	}
	return shown, nil
}

// publishOne imports one article and waits until the front page of a server
// shows it.
func (p *press) publishOne(ctx context.Context, at *server) (took time.Duration, err error) {
	a := newArticle(p.ground.next)
	p.ground.next++
	file := filepath.Join(p.ground.dir, fmt.Sprintf("news-%d.md", a.number))
	if err := os.WriteFile(file, []byte(a.news()), 0o644); err != nil {
		return 0, err
	}
	var said bytes.Buffer
	cmd := exec.CommandContext(ctx, p.ground.binary, append(p.flags, file)...)
	cmd.Env = environment(cmd)
	cmd.Stderr = &said
	out, err := cmd.StdoutPipe()
	if err != nil {
		return 0, err
	}
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	address, err := bufio.NewReader(out).ReadString('\n')
	printed := time.Now()
	if err != nil {
		return 0, errors.Join(fmt.Errorf("the import printed no address: %s", said.String()), cmd.Wait())
	}
	shown, err := at.awaitLink(ctx, strings.TrimSpace(address))
	return shown.Sub(printed), errors.Join(err, cmd.Wait())
}

// awaitLink asks for the front page until it links to an address, and returns
// when it was there.
func (s *server) awaitLink(ctx context.Context, address string) (time.Time, error) {
	const patience = 10 * time.Second
	link := fmt.Appendf(nil, `href="%s"`, address)
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		a, err := fetch(ctx, asTheyCome, s.url+frontPath, "identity")
		if err != nil {
			return time.Time{}, err
		}
		if bytes.Contains(a.Body, link) {
			return time.Now(), nil
		}
		if err := sleep(ctx, time.Millisecond); err != nil {
			return time.Time{}, err
		}
	}
	return time.Time{}, fmt.Errorf("the front page of %s does not link to %s %v after it was published", s.url, address, patience)
}
