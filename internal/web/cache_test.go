package web

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"example.org/broadside"
	"example.org/broadside/internal/telemetry"
)

// A kitchen makes contents that say how often they were made.
type kitchen struct {
	floor *Floor
	made  atomic.Int64
	wait  chan struct{} // if not nil, making waits for it
	until time.Time
	err   error
	keys  []string
}

// news is text in which not everything repeats.
var news = func() string {
	chance := rand.New(rand.NewPCG(1, 2))
	words := strings.Fields("the harbour was sold at midnight and by morning town had shut it for nineteen days nobody landed a fish")
	var b strings.Builder
	for range 1500 {
		b.WriteString(words[chance.IntN(len(words))] + " ")
	}
	return b.String()
}()

func newKitchen(opt Options) *kitchen {
	opt.Log, opt.Hash = slog.New(slog.DiscardHandler), keyed
	k := &kitchen{floor: New(opt), keys: []string{"a", "b"}}
	k.floor.Cache.Keep(true)
	return k
}

func (k *kitchen) make(_ context.Context, r *http.Request) (*Content, error) {
	n := k.made.Add(1)
	if k.wait != nil {
		<-k.wait
	}
	if k.err != nil {
		return nil, k.err
	}
	body := fmt.Sprintf("%d %s %v %s", n, r.URL.Path, FormOf(r), news)
	return &Content{Type: "text/html; charset=utf-8", Body: []byte(body), Keys: k.keys, Until: k.until, Vary: FormVary, Article: "id"}, nil
}

func (k *kitchen) handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /", k.floor.Handle(k.floor.Content(k.make, func(string) []string { return []string{"page"} })))
	return k.floor.Wrap(mux)
}

// ask returns the first word of an answer: how often it was made.
func ask(t testing.TB, h http.Handler, path string, header ...string) string {
	t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	first, _, _ := strings.Cut(unpack(t, w.Header().Get("Content-Encoding"), w.Body.Bytes()), " ")
	return first
}

func wantAnswer(t testing.TB, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s: the answer was made as number %s, want %s", what, got, want)
	}
}

func TestAContentIsMadeOnceForEachAddressAndForm(t *testing.T) {
	k := newKitchen(Options{})
	h := k.handler()
	for range 3 {
		wantAnswer(t, "an address", ask(t, h, "/a"), "1")
		wantAnswer(t, "compressed", ask(t, h, "/a", "Accept-Encoding", "br"), "1")
		wantAnswer(t, "another coding", ask(t, h, "/a", "Accept-Encoding", "zstd"), "1")
		wantAnswer(t, "another address", ask(t, h, "/b"), "2")
		wantAnswer(t, "another page of it", ask(t, h, "/a?page=2"), "3")
		wantAnswer(t, "the same page of it", ask(t, h, "/a?page=2&page=7&x=y"), "3")
		wantAnswer(t, "no page of it", ask(t, h, "/a?page="), "1")
		wantAnswer(t, "a query that means nothing", ask(t, h, "/a?from=elsewhere"), "1")
		wantAnswer(t, "from within", ask(t, h, "/a", "Sec-Fetch-Site", "same-origin"), "4")
		wantAnswer(t, "from elsewhere", ask(t, h, "/a", "Sec-Fetch-Site", "cross-site"), "1")
		wantAnswer(t, "sparing", ask(t, h, "/a", "Save-Data", "on"), "5")
	}
}

func TestPurgingDropsWhatWasMadeFromAKey(t *testing.T) {
	k := newKitchen(Options{})
	h := k.handler()
	wantAnswer(t, "at first", ask(t, h, "/a"), "1")
	k.floor.Cache.Purge("c")
	wantAnswer(t, "another's key", ask(t, h, "/a"), "1")
	k.floor.Cache.Purge("c", "b")
	wantAnswer(t, "its key", ask(t, h, "/a"), "2")
	k.floor.Cache.PurgeAll()
	wantAnswer(t, "everything", ask(t, h, "/a"), "3")
}

// Until somebody watches for changes, and when nobody does any more, each
// answer is made anew.
func TestNothingIsKeptUnlessSomebodyPurges(t *testing.T) {
	k := newKitchen(Options{})
	h := k.handler()
	k.floor.Cache.Keep(false)
	wantAnswer(t, "at first", ask(t, h, "/a"), "1")
	wantAnswer(t, "again", ask(t, h, "/a"), "2")
	k.floor.Cache.Keep(true)
	wantAnswer(t, "watched", ask(t, h, "/a"), "3")
	wantAnswer(t, "watched", ask(t, h, "/a"), "3")
	k.floor.Cache.Keep(false)
	wantAnswer(t, "watched no more", ask(t, h, "/a"), "4")
}

// Of a hundred readers who ask at once for what is not there, one has it made.
func TestAStampedeIsOneMaking(t *testing.T) {
	k := newKitchen(Options{})
	k.wait = make(chan struct{})
	h := k.handler()
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() { wantAnswer(t, "one of a hundred", ask(t, h, "/a", "Accept-Encoding", "gzip"), "1") })
	}
	time.Sleep(50 * time.Millisecond)
	close(k.wait)
	all.Wait()
	if n := k.made.Load(); n != 1 {
		t.Errorf("it was made %d times", n)
	}
}

// whileMade calls f while the content at /a is being made for the first time.
func (k *kitchen) whileMade(t *testing.T, h http.Handler, f func()) {
	t.Helper()
	k.wait = make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		wantAnswer(t, "the slow one", ask(t, h, "/a"), "1")
	}()
	for k.made.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	f()
	close(k.wait)
	<-done
}

// What was read before a purge is not kept after it, however long its making
// takes.
func TestWhatIsMadeDuringAPurgeIsNotKept(t *testing.T) {
	k := newKitchen(Options{})
	h := k.handler()
	k.whileMade(t, h, func() { k.floor.Cache.Purge("a") })
	wantAnswer(t, "after it", ask(t, h, "/a"), "2")
	wantAnswer(t, "and again", ask(t, h, "/a"), "2")
}

// What was read before somebody began to watch may have changed unseen.
func TestWhatWasBegunBeforeSomebodyWatchesIsNotKept(t *testing.T) {
	k := newKitchen(Options{})
	k.floor.Cache.Keep(false)
	h := k.handler()
	k.whileMade(t, h, func() { k.floor.Cache.Keep(true) })
	wantAnswer(t, "once it is watched", ask(t, h, "/a"), "2")
	wantAnswer(t, "and again", ask(t, h, "/a"), "2")
}

// Who leaves does not take the content away from those who wait with him.
func TestAReaderWhoLeavesDoesNotHarmTheOthers(t *testing.T) {
	k := newKitchen(Options{})
	k.wait = make(chan struct{})
	h := k.handler()
	ctx, leave := context.WithCancel(t.Context())
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "GET", "/a", nil))
	}()
	for k.made.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	leave()
	stays := make(chan string)
	go func() { stays <- ask(t, h, "/a") }()
	time.Sleep(20 * time.Millisecond)
	close(k.wait)
	wantAnswer(t, "who stays", <-stays, "1")
	<-gone
}

func TestAnErrorIsNotKept(t *testing.T) {
	k := newKitchen(Options{})
	h := k.handler()
	k.err = broadside.Errorf(broadside.Unavailable, "Later.")
	if got := ask(t, h, "/a"); got != "Later.\n" {
		t.Errorf("the answer is %q", got)
	}
	k.err = nil
	wantAnswer(t, "when it is mended", ask(t, h, "/a"), "2")
	k.err = &Redirect{To: "/b"}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/moved", nil))
	if got := w.Header().Get("Cache-Control"); got != Revalidate {
		t.Errorf("a redirect has Cache-Control %q, want %q: it may lead back one day", got, Revalidate)
	}
	if w.Code != http.StatusMovedPermanently || w.Header().Get("Location") != "/b" {
		t.Errorf("a redirect is %d to %q", w.Code, w.Header().Get("Location"))
	}
}

func TestAContentEndsAtItsHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newKitchen(Options{})
		h := k.handler()
		k.until = time.Now().Add(time.Hour)
		wantAnswer(t, "at first", ask(t, h, "/a"), "1")
		time.Sleep(59 * time.Minute)
		wantAnswer(t, "before its hour", ask(t, h, "/a"), "1")
		k.until = time.Time{}
		time.Sleep(2 * time.Minute)
		wantAnswer(t, "after it", ask(t, h, "/a"), "2")
	})
}

// The memory for pages is bounded, whatever readers ask for.
func TestTheCacheIsBounded(t *testing.T) {
	k := newKitchen(Options{})
	h := k.handler()
	for i := range 6000 { // of ten kilobytes each
		ask(t, h, fmt.Sprintf("/%d", i))
	}
	k.floor.Cache.kept.CleanUp()
	if size := k.floor.Cache.kept.WeightedSize(); size > CacheSize || size < CacheSize/2 {
		t.Errorf("the cache holds %d bytes, its bound is %d", size, CacheSize)
	}
}

// What is asked for often is made as small as can be, once it has settled.
func TestWhatIsPopularIsCompressedBetter(t *testing.T) {
	k := newKitchen(Options{})
	h := k.handler()
	go k.floor.Cache.Run(t.Context())
	length := func() int {
		r := httptest.NewRequest("GET", "/a", nil)
		r.Header.Set("Accept-Encoding", "br")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if !strings.HasPrefix(unpack(t, w.Header().Get("Content-Encoding"), w.Body.Bytes()), "1 ") {
			t.Fatal("another content arrives")
		}
		return w.Body.Len()
	}
	first := length()
	for end := time.Now().Add(10 * time.Second); length() >= first; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("after ten seconds it is still %d bytes", first)
		}
	}
}

// Whoever reads is counted, from the cache too; who only looks at the headers
// is not.
func TestReadsAndRequestsAreCounted(t *testing.T) {
	var reads atomic.Int64
	metrics := telemetry.NewMetrics("test")
	k := newKitchen(Options{Metrics: metrics, Read: func(article string, _ *http.Request, _ time.Time) {
		if article != "id" {
			t.Errorf("the article %q is read", article)
		}
		reads.Add(1)
	}})
	h := k.handler()
	for range 3 {
		ask(t, h, "/a")
	}
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("HEAD", "/a", nil))
	if n := reads.Load(); n != 3 {
		t.Errorf("%d reads, want 3", n)
	}
	if got := scrape(metrics); !strings.Contains(got, `broadside_http_requests_total{code="200",route="GET /"} 4`) {
		t.Errorf("the metrics do not say 4 requests:\n%s", got)
	}
}

// Caches in front learn what a page was made from only if there are any.
func TestSurrogateKeys(t *testing.T) {
	for _, cdn := range []bool{false, true} {
		k := newKitchen(Options{CDN: cdn})
		w := httptest.NewRecorder()
		k.handler().ServeHTTP(w, httptest.NewRequest("GET", "/a", nil))
		if got, want := w.Header().Get("Surrogate-Key"), map[bool]string{true: "a b"}[cdn]; got != want {
			t.Errorf("with CDN %v: Surrogate-Key %q, want %q", cdn, got, want)
		}
		if got := w.Header().Get("Cache-Control"); !strings.Contains(got, "s-maxage=10") {
			t.Errorf("Cache-Control %q", got)
		}
	}
}

// Purging and making may go on at once: in the end everybody gets what is true.
func TestPurgingAndMakingAtOnce(t *testing.T) {
	var truth atomic.Int64
	f := New(Options{Log: slog.New(slog.DiscardHandler), Hash: keyed})
	f.Cache.Keep(true)
	mux := http.NewServeMux()
	mux.Handle("GET /", f.Handle(f.Content(func(context.Context, *http.Request) (*Content, error) {
		return &Content{Type: "text/plain", Body: fmt.Appendf(nil, "%d ", truth.Load()), Keys: []string{"k"}}, nil
	}, nil)))
	h := f.Wrap(mux)
	ctx, stop := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for ctx.Err() == nil {
				ask(t, h, "/a")
			}
		})
	}
	for range 300 {
		want := truth.Add(1)
		f.Cache.Purge("k")
		for end := time.Now().Add(time.Second); ask(t, h, "/a") != fmt.Sprint(want); {
			if time.Now().After(end) {
				t.Fatalf("a second after the purge readers still get %s, want %d", ask(t, h, "/a"), want)
			}
		}
	}
	stop()
	readers.Wait()
}
