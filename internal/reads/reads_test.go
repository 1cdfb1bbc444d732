package reads_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"example.org/broadside/internal/newstest"
	"example.org/broadside/internal/reads"
	"example.org/broadside/internal/store"
)

const browser = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

func request(header ...string) *http.Request {
	r := httptest.NewRequest("GET", "https://record.example/world/strike", nil)
	r.RemoteAddr = "198.51.100.7:5012"
	r.Header.Set("User-Agent", browser)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return r
}

func counter(p *newstest.Paper) *reads.Counter {
	return reads.New(p.Store, slog.New(slog.DiscardHandler))
}

func flush(t *testing.T, c *reads.Counter) {
	t.Helper()
	if err := c.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// What was read is counted by article and hour, however many nodes count.
func TestReadsAreCountedByTheHour(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		a, b := p.Publish(t, "The strike"), p.Publish(t, "The ferry")
		one, other := counter(p), counter(p)
		for range 3 {
			one.Add(a.ID, request(), p.Clock.Now())
		}
		other.Add(a.ID, request(), p.Clock.Now())
		one.Add(b.ID, request(), p.Clock.Now())
		flush(t, one)
		flush(t, other)
		p.Clock.Move(time.Hour)
		one.Add(a.ID, request(), p.Clock.Now())
		flush(t, one)
		flush(t, one)

		all, err := p.Store.Reads(t.Context(), store.ReadScope{Article: a.ID})
		if err != nil || len(all) != 2 || all[0].Reads != 4 || all[1].Reads != 1 || !all[0].Hour.Equal(newstest.Noon) {
			t.Errorf("reads = %+v, %v; want 4 at noon and 1 at one", all, err)
		}
		totals, err := p.Store.ReadTotals(t.Context(), store.ReadScope{}, 10)
		if err != nil || len(totals) != 2 || totals[0].Article != a.ID || totals[0].Reads != 5 || totals[1].Reads != 1 {
			t.Errorf("totals = %+v, %v", totals, err)
		}
		late, err := p.Store.ReadTotals(t.Context(), store.ReadScope{From: newstest.Noon.Add(time.Hour)}, 10)
		if err != nil || len(late) != 1 || late[0].Reads != 1 {
			t.Errorf("totals from one o'clock = %+v, %v", late, err)
		}
	})
}

// Where readers came from is a host and no more: no path, no query, no port,
// no address.
func TestSourcesAreHosts(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		a := p.Publish(t, "The strike")
		c := counter(p)
		for _, referer := range []string{
			"https://www.search.example/find?q=secret", "http://search.example:8080/", "https://SEARCH.example#x",
			"https://record.example/", "", "about:blank", "android-app://com.example.reader/",
			"http://198.51.100.7/", "http://localhost/", "https://" + strings.Repeat("a", 200) + ".example/", "https://bad host.example/",
			"http://198.51.100.7./", "https://jane.doe:pass@search.example./",
		} {
			r := request()
			if referer != "" {
				r.Header.Set("Referer", referer)
			}
			c.Add(a.ID, r, p.Clock.Now())
		}
		flush(t, c)
		got, err := p.Store.SourceTotals(t.Context(), store.ReadScope{Article: a.ID}, 10)
		want := []store.Source{{Host: "", Reads: 5}, {Host: "search.example", Reads: 4}, {Host: "com.example.reader", Reads: 1}}
		if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("sources = %+v, %v; want %+v", got, err, want)
		}
		dump := p.Dump(t)
		for _, secret := range []string{"198.51.100", "jane.doe", "secret", "Firefox", "5012"} {
			if strings.Contains(dump, secret) {
				t.Errorf("the store holds %q of a reader", secret)
			}
		}
	})
}

// Machines are not readers, and what a browser fetches in advance is not read.
func TestMachinesAreNotReaders(t *testing.T) {
	p := newstest.SQLite(t)
	a := p.Publish(t, "The strike")
	c := counter(p)
	for _, agent := range []string{"", "curl/8.0", "Mozilla/5.0 (compatible; Examplebot/2.1)", "Mozilla/5.0 (X11) HeadlessChrome/149", "Feedly/1.0"} {
		c.Add(a.ID, request("User-Agent", agent), p.Clock.Now())
	}
	c.Add(a.ID, request("Sec-Purpose", "prefetch;prerender"), p.Clock.Now())
	flush(t, c)
	if got, err := p.Store.Reads(t.Context(), store.ReadScope{}); err != nil || len(got) > 0 {
		t.Errorf("reads = %+v, %v; want none", got, err)
	}
}

// Made-up hosts fill neither memory nor database.
func TestHostsAreBounded(t *testing.T) {
	p := newstest.SQLite(t)
	a := p.Publish(t, "The strike")
	c := counter(p)
	for i := range 2000 {
		c.Add(a.ID, request("Referer", fmt.Sprintf("https://host-%d.example/", i)), p.Clock.Now())
	}
	flush(t, c)
	got, err := p.Store.SourceTotals(t.Context(), store.ReadScope{}, 10_000)
	if err != nil || len(got) > 501 || got[0].Host != "" || got[0].Reads < 1400 {
		t.Errorf("%d sources, the first %+v, %v", len(got), got[0], err)
	}
}

// Nor do they, if each of them names all articles.
func TestSourcesAreBounded(t *testing.T) {
	p := newstest.SQLite(t)
	var all []string
	for i := range 20 {
		all = append(all, p.Publish(t, fmt.Sprintf("Story %d", i)).ID)
	}
	c := counter(p)
	for i := range 400 {
		for _, id := range all {
			c.Add(id, request("Referer", fmt.Sprintf("https://host-%d.example/", i)), p.Clock.Now())
		}
	}
	flush(t, c)
	rows := 0
	for _, id := range all {
		got, err := p.Store.SourceTotals(t.Context(), store.ReadScope{Article: id}, 10_000)
		if err != nil {
			t.Fatal(err)
		}
		rows += len(got)
	}
	if rows > 2000+len(all) {
		t.Errorf("8000 made-up sources became %d rows", rows)
	}
}

// A write that fails loses no count, and a removed article leaves none.
func TestCountsSurviveAFailureAndGoWithTheArticle(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		a := p.Publish(t, "The strike")
		c := counter(p)
		c.Add(a.ID, request("Referer", "https://search.example/"), p.Clock.Now())
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if err := c.Flush(gone); err == nil {
			t.Fatal("writing to a store that is away succeeds")
		}
		c.Add(a.ID, request(), p.Clock.Now())
		flush(t, c)
		if got, err := p.Store.ReadTotals(t.Context(), store.ReadScope{}, 10); err != nil || len(got) != 1 || got[0].Reads != 2 {
			t.Errorf("totals = %+v, %v; want 2", got, err)
		}
		if err := p.Newsroom.Remove(t.Context(), newstest.Owner, a.ID); err != nil {
			t.Fatal(err)
		}
		c.Add(a.ID, request(), p.Clock.Now())
		flush(t, c)
		for what, n := range map[string]int{"reads": count(p.Store.Reads(t.Context(), store.ReadScope{})), "sources": count(p.Store.SourceTotals(t.Context(), store.ReadScope{}, 10))} {
			if n != 0 {
				t.Errorf("%d %s of a removed article are left", n, what)
			}
		}
	})
}

func count[T any](all []T, err error) int {
	if err != nil {
		return -1
	}
	return len(all)
}
