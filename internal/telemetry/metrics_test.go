package telemetry

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func get(t *testing.T, h http.Handler, path string) (code int, body string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
	text, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.Code, string(text)
}

func TestMetricsCount(t *testing.T) {
	m := NewMetrics("v1")
	m.Request("GET /{section}/{slug}", 200, 3*time.Millisecond)
	m.Request("GET /{section}/{slug}", 404, 30*time.Millisecond)
	m.Job("render", "done")
	_, body := get(t, m.Handler(), "/metrics")
	for _, want := range []string{
		`broadside_http_requests_total{code="200",route="GET /{section}/{slug}"} 1`,
		`broadside_http_requests_total{code="404",route="GET /{section}/{slug}"} 1`,
		`broadside_http_request_seconds_bucket{route="GET /{section}/{slug}",le="0.005"} 1`,
		`broadside_http_request_seconds_count{route="GET /{section}/{slug}"} 2`,
		`broadside_jobs_total{kind="render",result="done"} 1`,
		`broadside_build_info{go="`, `version="v1"} 1`,
		`go_goroutines `, `process_`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("/metrics lacks %q", want)
		}
	}
}

// Two papers in one process, as in tests, must not count for each other.
func TestMetricsAreNotShared(t *testing.T) {
	NewMetrics("v1").Job("render", "done")
	if _, body := get(t, NewMetrics("v1").Handler(), "/metrics"); strings.Contains(body, "render") {
		t.Error("metrics show what others counted")
	}
}

func TestNilMetricsCountNothing(t *testing.T) {
	var m *Metrics
	m.Request("GET /", 200, time.Second)
	m.Job("render", "done")
	if code, _ := get(t, m.Handler(), "/metrics"); code != http.StatusNotFound {
		t.Errorf("/metrics of nil answers %d, want 404", code)
	}
}

func TestProfilesAreServedOnlyByTheHandler(t *testing.T) {
	for _, m := range []*Metrics{nil, NewMetrics("v1")} {
		for _, path := range []string{"/debug/pprof/", "/debug/pprof/goroutine?debug=1", "/debug/pprof/cmdline"} {
			if code, _ := get(t, m.Handler(), path); code != http.StatusOK {
				t.Errorf("%s answers %d", path, code)
			}
		}
	}
}
