package telemetry

import (
	"net/http"
	"net/http/pprof"
	"runtime"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics counts what the program does. A nil *Metrics counts nothing and is
// as good as any other, for commands and tests that have nobody to tell.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	jobs     *prometheus.CounterVec
}

// NewMetrics returns metrics of the program's version, all at zero. They share
// nothing with others in the same process.
func NewMetrics(version string) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "broadside_http_requests_total",
			Help: "Requests answered, by route and status.",
		}, []string{"route", "code"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "broadside_http_request_seconds",
			Help:    "Time from a request's header to the end of its answer.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10, 60},
		}, []string{"route"}),
		jobs: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "broadside_jobs_total",
			Help: "Runs of jobs, by kind and result.",
		}, []string{"kind", "result"}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name:        "broadside_build_info",
		Help:        "Always 1; the labels say which program this is.",
		ConstLabels: prometheus.Labels{"version": version, "go": runtime.Version()},
	})
	build.Set(1)
	m.registry.MustRegister(m.requests, m.seconds, m.jobs, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Request counts a request. The route is the pattern that matched, of which
// there are few, not the path, of which strangers can make as many as they like.
func (m *Metrics) Request(route string, code int, took time.Duration) {
	if m == nil {
		return
	}
	m.requests.WithLabelValues(route, strconv.Itoa(code)).Inc()
	m.seconds.WithLabelValues(route).Observe(took.Seconds())
}

// Requests returns a function that counts a request of that route and status
// whose answer took no time worth measuring, such as one from memory. It is
// quicker than [Metrics.Request]. Of nil metrics it is nil.
func (m *Metrics) Requests(route string, code int) func() {
	if m == nil {
		return nil
	}
	return m.requests.WithLabelValues(route, strconv.Itoa(code)).Inc
}

// Job counts one run of a job of that kind. Results are few words, such as
// "done" and "failed".
func (m *Metrics) Job(kind, result string) {
	if m != nil {
		m.jobs.WithLabelValues(kind, result).Inc()
	}
}

// Handler serves the metrics at /metrics and the profiles of [net/http/pprof]
// under /debug/pprof/. Both tell much about the program, and a profile costs
// work: they belong on an address that readers cannot reach. Of nil metrics
// only the profiles are served. (The profiler also puts itself on
// [http.DefaultServeMux], which for that reason is served nowhere.)
func (m *Metrics) Handler() http.Handler {
	mux := http.NewServeMux()
	if m != nil {
		mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	}
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	return mux
}
