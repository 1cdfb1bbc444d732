package main

import "testing"

// Articles that were alike would be compressed, cached and counted as no
// newspaper's are.
func TestArticlesAreFitToPublishAndAllDifferent(t *testing.T) {
	headlines, bodies := map[string]bool{}, map[string]bool{}
	for i := range 300 {
		a := newArticle(i)
		if headlines[a.headline] || bodies[a.body] {
			t.Errorf("article %d is there already: %s", i, a.headline)
		}
		headlines[a.headline], bodies[a.body] = true, true
		if again := newArticle(i); again.markdown() != a.markdown() {
			t.Errorf("article %d is another one the second time", i)
		}
		d, err := a.document()
		if err != nil {
			t.Fatalf("article %d: %v", i, err)
		}
		if p := d.Problems(); len(p) > 0 {
			t.Errorf("article %d cannot be published: %v", i, p)
		}
		if n := d.Words(); n < 400 || n > 600 {
			t.Errorf("article %d has %d words, want about 500", i, n)
		}
	}
}
