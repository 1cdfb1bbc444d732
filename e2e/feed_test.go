package e2e

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"
)

// demoSize is how many articles the demo paper has.
const demoSize = 14

// Somebody else's reader finds every article in each of the three feeds, with
// its whole text, word for word and in order, its names and its hour.
func TestFeedsHoldEveryArticleWhole(t *testing.T) {
	s := newPaper(t).serve(t, "--demo")
	for _, path := range []string{"/feed.xml", "/rss.xml", "/feed.json"} {
		t.Run(path, func(t *testing.T) {
			f, err := gofeed.NewParser().ParseString(s.want(t, path, http.StatusOK))
			if err != nil {
				t.Fatal(err)
			}
			if f.Title != "The Harbour Record" || len(f.Items) != demoSize {
				t.Errorf("the feed is called %q and has %d entries, want the paper's name and %d", f.Title, len(f.Items), demoSize)
			}
			for _, item := range f.Items {
				wantItem(t, s, item)
			}
			if !slices.IsSortedFunc(f.Items, func(a, b *gofeed.Item) int { return b.PublishedParsed.Compare(*a.PublishedParsed) }) {
				t.Error("the entries are not in order, the newest first")
			}
		})
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

// Every section has its own feeds, which hold what is in the section and
// nothing else.
func TestSectionFeeds(t *testing.T) {
	s := newPaper(t).serve(t, "--demo")
	for _, name := range []string{"feed.xml", "rss.xml", "feed.json"} {
		f, err := gofeed.NewParser().ParseString(s.want(t, "/culture/"+name, http.StatusOK))
		if err != nil {
			t.Fatal(err)
		}
		var paths []string
		for _, item := range f.Items {
			paths = append(paths, strings.TrimPrefix(item.Link, s.url))
		}
		if want := []string{"/culture/slack-water", "/culture/how-this-page-is-made"}; !slices.Equal(paths, want) {
			t.Errorf("/culture/%s has %q, want %q", name, paths, want)
		}
	}
}
