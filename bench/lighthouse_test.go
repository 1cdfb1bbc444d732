package main

import (
	"encoding/json"
	"slices"
	"testing"
)

// What is told must be what costs points: audits without weight or without a
// score are for information only.
func TestFailingAuditsAreThoseThatCostPoints(t *testing.T) {
	const text = `{
		"categories": {
			"seo": {"score": 0.9, "auditRefs": [{"id": "title", "weight": 1}, {"id": "robots-txt", "weight": 1}, {"id": "hint", "weight": 0}, {"id": "manual", "weight": 1}]},
			"accessibility": {"score": 1, "auditRefs": [{"id": "hint", "weight": 1}]}
		},
		"audits": {
			"title": {"score": 1}, "robots-txt": {"score": 0}, "hint": {"score": 0.5}, "manual": {"score": null},
			"largest-contentful-paint": {"score": 1, "numericValue": 1234}
		}
	}`
	var r lighthouseReport
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		t.Fatal(err)
	}
	if got := r.failing("seo"); !slices.Equal(got, []string{"robots-txt"}) {
		t.Errorf("of SEO these fail: %q, want robots-txt", got)
	}
	if got := r.failing("accessibility"); got != nil {
		t.Errorf("of a full score these fail: %q", got)
	}
	j := judgement{}
	j.add(&r)
	if seo, paint := j["seo"].median(), j["largest-contentful-paint"].median(); seo != 90 || paint != 1.234 {
		t.Errorf("SEO is %v and the paint comes after %v s, want 90 and 1.234", seo, paint)
	}
}
