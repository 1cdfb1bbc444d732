package e2e

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"
)

// A list is a page of the demo paper that lists articles and has a feed in each
// of the three forms.
type list struct {
	path  string   // to which the names of the feeds are added
	title string   // of the feeds
	size  int      // how many articles there are
	first []string // the newest of them, the newest first
}

// lists are all kinds of lists that have feeds. A new kind needs a line here.
var lists = []list{
	{"/", "The Harbour Record", 30, []string{"/harbour/bay-al-mina-inda-muntasaf-al-layl", "/harbour/sold-at-midnight"}}, // as many as a feed holds
	{"/culture/", "The Harbour Record: Culture", 5, []string{"/culture/library-sundays", "/culture/slack-water", "/culture/how-this-page-is-made"}},
	{"/tag/fishing/", "The Harbour Record: Fishing", 12, []string{"/harbour/bay-al-mina-inda-muntasaf-al-layl", "/harbour/sold-at-midnight"}},
	{"/by/nora-quillan/", "The Harbour Record: Nora Quillan", 3, []string{"/harbour/bay-al-mina-inda-muntasaf-al-layl", "/harbour/sold-at-midnight", "/harbour/minister-and-eleven-letters"}},
	{"/lang/ru/", "The Harbour Record: Русский", 2, []string{"/work/ekipazhi-paromov-za-zabastovku", "/opinion/gavan-eto-obeshchanie"}},
}

// Somebody else's reader finds every article of a list in each of its three
// feeds, the newest first, with its whole text, word for word and in order, its
// names and its hour, and nothing else.
func TestFeedsHoldEveryArticleWhole(t *testing.T) {
	s := newPaper(t).serve(t, "--demo")
	for _, l := range lists {
		for _, name := range []string{"feed.xml", "rss.xml", "feed.json"} {
			t.Run(l.path+name, func(t *testing.T) { wantFeed(t, s, l, l.path+name) })
		}
	}
}

func wantFeed(t *testing.T, s *server, l list, path string) {
	t.Helper()
	f, err := gofeed.NewParser().ParseString(s.want(t, path, http.StatusOK))
	if err != nil {
		t.Fatal(err)
	}
	if f.Title != l.title || f.Link != s.url+l.path || len(f.Items) != l.size {
		t.Errorf("the feed of %s is called %q and has %d entries, want %s, %q and %d", f.Link, f.Title, len(f.Items), s.url+l.path, l.title, l.size)
	}
	var paths []string
	for _, item := range f.Items {
		wantItem(t, s, item)
		paths = append(paths, strings.TrimPrefix(item.Link, s.url))
	}
	if n := len(l.first); len(paths) < n || !slices.Equal(paths[:n], l.first) {
		t.Errorf("the feed has %q, want %q first", paths, l.first)
	}
	if !slices.IsSortedFunc(f.Items, func(a, b *gofeed.Item) int { return b.PublishedParsed.Compare(*a.PublishedParsed) }) {
		t.Error("the entries are not in order, the newest first")
	}
}

func wantItem(t *testing.T, s *server, item *gofeed.Item) {
	t.Helper()
	path, ok := strings.CutPrefix(item.Link, s.url)
	if !ok {
		t.Fatalf("the entry links to %q, which is not on %s", item.Link, s.url)
	}
	if item.PublishedParsed == nil || item.PublishedParsed.After(time.Now()) {
		t.Fatalf("%s has the date %q", path, item.Published)
	}
	if item.GUID == "" || len(item.Authors) == 0 || item.Authors[0].Name == "" {
		t.Errorf("%s has the identity %q and the authors %v", path, item.GUID, item.Authors)
	}
	text := readTwin(t, s.want(t, path+".txt", http.StatusOK))
	if item.Title != text.headline || item.Description != text.standfirst {
		t.Errorf("%s has the title %q and the summary %q, want %q and %q", path, item.Title, item.Description, text.headline, text.standfirst)
	}
	content := item.Content
	if content == "" {
		t.Fatalf("%s has no text in the feed", path)
	}
	wantWords(t, path, htmlWords(t, content, text.lead != ""), text.words())
}
