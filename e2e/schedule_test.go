package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// handInAt imports an article that is to be published at an hour to come.
func (p *paper) handInAt(t testing.TB, slug string, due time.Time) {
	t.Helper()
	file := p.write(t, slug+".md", article(slug, "date: "+due.UTC().Format(time.RFC3339Nano)+"\n"))
	if got, want := p.must(t, "import", "markdown", "--publish", file), "/harbour/"+slug+"\n"; got != want {
		t.Fatalf("the import printed %q, want %q", got, want)
	}
}

// wantPublicAt complains unless the article is public within two seconds of
// its hour, not before it, and once.
func (s *server) wantPublicAt(t testing.TB, slug string, due time.Time) {
	t.Helper()
	path := "/harbour/" + slug
	for {
		status := s.get(t, path).status
		late := time.Since(due) // the answer was made before this
		if status == http.StatusOK && late < 0 {
			t.Errorf("%s is public %v before its hour", path, -late)
		}
		if status == http.StatusOK {
			break
		}
		if status != http.StatusNotFound {
			t.Errorf("GET %s = %d before its hour, want 404", path, status)
		}
		if late > 2*time.Second {
			t.Fatalf("%s is not public two seconds after its hour", path)
		}
		time.Sleep(20 * time.Millisecond)
	}
	s.want(t, path+".txt", http.StatusOK, lastSentence(slug))
	s.wantSoon(t, "/sitemap.xml?part=2", path)
	s.wantSoon(t, "/feed.xml", lastSentence(slug))
	if n := s.listed(t)[path]; n != 1 {
		t.Errorf("%s stands in the sitemap %d times", path, n)
	}
	if n := strings.Count(s.get(t, "/feed.xml").body, lastSentence(slug)); n != 1 {
		t.Errorf("%s stands in the feed %d times", path, n)
	}
}

// A date to come schedules: nobody sees the article before its hour, and
// everybody within two seconds of it.
func TestScheduledArticleIsPublishedAtItsHour(t *testing.T) {
	each(t, func(t *testing.T, p *paper) {
		s := p.serve(t)
		due := time.Now().Add(2500 * time.Millisecond)
		p.handInAt(t, "on-time", due)
		s.want(t, "/harbour/on-time", http.StatusNotFound)
		s.want(t, "/harbour/on-time.txt", http.StatusNotFound)
		if strings.Contains(s.get(t, "/feed.json").body+s.get(t, "/").body+s.sitemap(t)+s.get(t, "/sitemap-news.xml").body, "on-time") {
			t.Error("a scheduled article can be seen in a list before its hour")
		}
		s.wantPublicAt(t, "on-time", due)
		s.stop(t)
		p.wantSound(t)
	})
}

// An hour that passes while nobody serves is made up for at the next start.
func TestScheduledArticleSurvivesARestart(t *testing.T) {
	each(t, func(t *testing.T, p *paper) {
		s := p.serve(t)
		due := time.Now().Add(time.Second)
		p.handInAt(t, "late", due)
		s.kill()
		time.Sleep(time.Until(due.Add(100 * time.Millisecond)))
		s = p.serve(t)
		s.wantPublicAt(t, "late", time.Now())
		s.stop(t)
		s = p.serve(t)
		s.wantPublicAt(t, "late", due)
		s.stop(t)
		p.wantSound(t)
	})
}

// The first request after an import has returned shows what it published.
func TestWhatIsImportedIsThereAtOnce(t *testing.T) {
	each(t, func(t *testing.T, p *paper) {
		s := p.serve(t)
		for i := range 5 {
			slug := fmt.Sprintf("news-%d", i)
			file := p.write(t, slug+".md", article(slug, ""))
			places := []struct{ path, says string }{
				{"/harbour/" + slug, lastSentence(slug)}, {"/", "The story of " + slug}, {"/harbour/", "The story of " + slug},
				{"/feed.xml", lastSentence(slug)}, {"/sitemap.xml?part=2", "/harbour/" + slug},
			}
			first := places[i]
			p.must(t, "import", "markdown", "--publish", file)
			s.wantSoon(t, first.path, first.says)
			for _, place := range places {
				s.wantSoon(t, place.path, place.says)
			}
		}
	})
}
