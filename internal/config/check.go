package config

import (
	"net"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	logLevels  = []string{"debug", "info", "warn", "error"}
	logFormats = []string{"text", "json"}

	// hostForm is a host's name. It is loose: whether there is such a host is
	// for the network to say.
	hostForm = regexp.MustCompile(`^[\pL\pN]([\pL\pN_.-]*[\pL\pN])?$`)
)

// check reports what is wrong with the values, each by itself and with one
// another.
func (l *loader) check() {
	c := l.config
	l.checkDir()
	l.checkAddress("addr", c.Addr)
	if c.Metrics != "" {
		l.checkAddress("metrics", c.Metrics)
	}
	if c.Metrics == c.Addr && !strings.HasSuffix(c.Addr, ":0") {
		l.problem("metrics", "%q is where the paper is served: readers must not see the metrics", c.Metrics)
	}
	l.checkURL()
	l.checkDB()
	l.checkChoice("log.level", c.Log.Level, logLevels)
	l.checkChoice("log.format", c.Log.Format, logFormats)
	l.checkS3()
}

func (l *loader) checkDir() {
	if l.config.Dir == "" {
		l.problem("dir", "name the paper's directory")
	} else if info, err := os.Stat(l.config.Dir); err == nil && !info.IsDir() {
		l.problem("dir", "%q is a file: name a directory", l.config.Dir)
	}
}

func (l *loader) checkAddress(key, addr string) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		l.problem(key, "%q is no address to serve on: give host:port, such as 127.0.0.1:8080", addr)
		return
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		l.problem(key, "%q has no port from 0 to 65535", addr)
	}
	if host != "" && net.ParseIP(host) == nil && !hostForm.MatchString(host) {
		l.problem(key, "%q has no host: give a name or an IP address, or nothing before the colon for all of the machine's", addr)
	}
}

// checkURL also drops the slash at the end, which people type by habit.
func (l *loader) checkURL() {
	if l.config.URL == "" {
		return
	}
	u, err := url.Parse(l.config.URL)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.Opaque != "":
		l.problem("url", "it has to be a whole http or https address, such as https://paper.example")
	case u.User != nil:
		l.problem("url", "a public address holds no name and no password")
	case u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		l.problem("url", "%q has something behind the host: the paper needs a host of its own", l.config.URL)
	default:
		l.config.URL = u.Scheme + "://" + u.Host
	}
}

// checkDB shows nothing of a value that it cannot read: there may be a
// password in it.
func (l *loader) checkDB() {
	if l.config.DB == "" {
		return
	}
	u, err := url.Parse(l.config.DB)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		l.problem("db", "it has to be the address of a PostgreSQL database, such as postgres://user:password@host/name; leave it out for SQLite in the paper's directory")
	}
}

func (l *loader) checkChoice(key, value string, choices []string) {
	if !slices.Contains(choices, value) {
		l.problem(key, "%q is none of %s", value, alternatives(choices))
	}
}

func (l *loader) checkS3() {
	s := l.config.S3
	needed := []struct{ key, value string }{
		{"s3.bucket", s.Bucket},
		{"s3.endpoint", s.Endpoint},
		{"s3.access_key", s.AccessKey},
		{"s3.secret_key", s.SecretKey},
	}
	if s == (S3{}) {
		return
	}
	for _, n := range needed {
		if n.value == "" {
			l.problem(n.key, "it is missing, and a bucket needs endpoint, bucket, access_key and secret_key together")
		}
	}
	if strings.ContainsAny(s.Endpoint, "/@? ") {
		l.problem("s3.endpoint", "give host or host:port alone; insecure = true stands for http://")
	}
}

// alternatives joins the choices as a sentence does.
func alternatives(choices []string) string {
	last := len(choices) - 1
	return strings.Join(choices[:last], ", ") + " or " + choices[last]
}
