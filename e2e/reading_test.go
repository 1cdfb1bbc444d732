package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// sights are the ways in which each page is looked at.
func sights() []sight {
	var all []sight
	for _, width := range []int64{1366, 390, 320} {
		for _, dark := range []bool{false, true} {
			for _, script := range []bool{true, false} {
				all = append(all, sight{width, dark, script})
			}
		}
	}
	return all
}

// On a desk and on the smallest phone, by day and by night, with and without
// script, a reader reads every word of an article in its order, sees every
// picture, scrolls in one direction only, and is watched by nobody.
func TestReadersReadEveryWord(t *testing.T) {
	s := newPaper(t).serve(t, "--demo")
	b := openTab(t, s.url)
	articles := []string{"/harbour/sold-at-midnight", "/culture/how-this-page-is-made", "/opinion/gavan-eto-obeshchanie", "/harbour/bay-al-mina-inda-muntasaf-al-layl"}
	lists, others := []string{"/", "/harbour/"}, []string{"/edition/4182/", "/by/idris-vane/", "/lite/"}
	for _, v := range sights() {
		t.Run(v.String(), func(t *testing.T) {
			b.look(t, v)
			for _, path := range articles {
				b.open(t, path)
				wantArticle(t, b, path, readTwin(t, s.want(t, path+".txt", http.StatusOK)))
				b.wantGood(t, path)
			}
			for _, path := range lists {
				b.open(t, path)
				wantHeadlines(t, b, path, s.headlines(t, path))
				wantScheme(t, b, path, v.dark)
				b.wantGood(t, path)
			}
			for _, path := range others {
				b.open(t, path)
				wantScheme(t, b, path, v.dark)
				b.wantGood(t, path)
			}
		})
	}
}

// shown returns the words that an element shows to who reads all of it, but for
// those elements in it that are left out. What is laid out only when a reader
// comes near it is laid out first.
func shown(t *testing.T, b *tab, selector, without string) []string {
	t.Helper()
	const script = `(() => {
		const element = document.querySelector(%q)
		if (!element) return ""
		const hidden = [...element.querySelectorAll(%q)]
		hidden.forEach(e => e.style.display = "none")
		element.querySelectorAll(".band").forEach(e => e.style.contentVisibility = "visible")
		const text = element.innerText
		hidden.forEach(e => e.style.display = "")
		return text
	})()`
	return words(eval[string](t, b, fmt.Sprintf(script, selector, without)))
}

func wantArticle(t *testing.T, b *tab, path string, want twin) {
	t.Helper()
	wantWords(t, path+": the headline", shown(t, b, "h1", "x"), words(want.headline))
	wantWords(t, path+": the standfirst", shown(t, b, ".stand", "x"), words(want.standfirst))
	wantWords(t, path+": the text", shown(t, b, ".col", beyondTwin), want.words())
	lead := eval[string](t, b, `(i => i ? i.alt : "")(document.querySelector(".hero img"))`)
	wantWords(t, path+": the lead picture", slices.Concat(words(lead), shown(t, b, ".hero figcaption", "x")), leadWords(want.lead))
	if bad := eval[[]string](t, b, `[...document.querySelectorAll("article img")].filter(i => !i.alt).map(i => i.src)`); len(bad) > 0 {
		t.Errorf("%s has pictures that are not described: %q", path, bad)
	}
}

// leadWords returns the words of the lead picture in a text: its description,
// which follows the word for "picture", caption and credit.
func leadWords(lead string) []string {
	_, after, _ := strings.Cut(lead, ": ")
	return words(after)
}

// headlines returns the headlines of what a list of the paper's language holds.
func (s *server) headlines(t *testing.T, path string) []string {
	t.Helper()
	var feed struct {
		Items []struct{ Title, Language string }
	}
	if err := json.Unmarshal([]byte(s.want(t, path+"feed.json", http.StatusOK)), &feed); err != nil {
		t.Fatal(err)
	}
	var titles []string
	for _, item := range feed.Items {
		if strings.HasPrefix(item.Language, "en") {
			titles = append(titles, item.Title)
		}
	}
	if len(titles) == 0 {
		t.Fatalf("%sfeed.json is empty", path)
	}
	return titles
}

// wantHeadlines complains unless the page shows each headline once. The list of
// the latest may name again what stands elsewhere on the front page.
func wantHeadlines(t *testing.T, b *tab, path string, titles []string) {
	t.Helper()
	page := " " + strings.Join(shown(t, b, "main", ".latest"), " ") + " "
	for _, title := range titles {
		if n := strings.Count(page, " "+strings.Join(words(title), " ")+" "); n != 1 {
			t.Errorf("%s shows the headline %q %d times, want once", path, title, n)
		}
	}
}

// wantScheme complains unless the page is dark by night and light by day.
func wantScheme(t *testing.T, b *tab, path string, dark bool) {
	t.Helper()
	colour := eval[string](t, b, `getComputedStyle(document.body).backgroundColor`)
	var red, green, blue int
	if _, err := fmt.Sscanf(colour, "rgb(%d, %d, %d)", &red, &green, &blue); err != nil {
		t.Fatalf("%s has the background %q: %v", path, colour, err)
	}
	if is := red+green+blue < 3*128; is != dark {
		t.Errorf("%s has the background %s, where dark is %v", path, colour, dark)
	}
}
