// Package config settles how the program runs: where the paper's directory is,
// on which address it is served, where its rows and its pictures are kept.
//
// A value comes from the command line, or else from the environment, or else
// from a TOML file in the paper's directory, or else it is the default. All of
// it is checked once, before anything is opened, and everything that is wrong
// is reported together, with the name of each key and the place its value came
// from. Passwords are never part of such a report.
//
// What the newsroom itself decides, such as the paper's name, is not here: the
// store keeps it.
package config

import (
	"fmt"
	"log/slog"
	"net/url"
	"strings"
)

// A Config says how the program runs. It is made by [Load] and does not change
// afterwards, so any number of goroutines may read it.
type Config struct {
	Dir     string // the paper's directory; it need not exist yet
	Addr    string // where the site is served, such as "127.0.0.1:8080"
	URL     string // public address without a slash at the end; empty for the one the paper remembers
	DB      string // address of a PostgreSQL database; empty for SQLite in Dir
	Metrics string // where metrics and profiles are served; empty for nowhere
	Theme   string // directory of templates and style sheets; empty for the folder theme in Dir, if there is one
	CDN     bool   // caches that many readers share stand in front, and are told what each page was made from
	Log     Log
	S3      S3

	file string // the file that is read beside flags and environment
}

// Log says what is logged, and how.
type Log struct {
	Level  string // debug, info, warn or error
	Format string // text or json
}

// S3 names a bucket that keeps the paper's bytes. Without a Bucket they are
// kept in the paper's directory.
type S3 struct {
	Endpoint             string // host and, if need be, port
	Bucket               string
	Prefix               string // stands before the name of every object; may be empty
	Region               string // may be empty
	AccessKey, SecretKey string
	Insecure             bool // plain HTTP, for a server on the same machine
}

// A setting is one key of the configuration.
type setting struct {
	key     string // as in the file, such as "log.level"
	field   func(*Config) any
	outside bool // cannot be set in the file, since it says where that is
	secret  bool
}

// settings is the one table of the keys. The names of flags and of environment
// variables follow from it.
var settings = []setting{
	{key: "dir", field: func(c *Config) any { return &c.Dir }, outside: true},
	{key: "config", field: func(c *Config) any { return &c.file }, outside: true},
	{key: "addr", field: func(c *Config) any { return &c.Addr }},
	{key: "url", field: func(c *Config) any { return &c.URL }},
	{key: "db", field: func(c *Config) any { return &c.DB }, secret: true},
	{key: "metrics", field: func(c *Config) any { return &c.Metrics }},
	{key: "theme", field: func(c *Config) any { return &c.Theme }},
	{key: "cdn", field: func(c *Config) any { return &c.CDN }},
	{key: "log.level", field: func(c *Config) any { return &c.Log.Level }},
	{key: "log.format", field: func(c *Config) any { return &c.Log.Format }},
	{key: "s3.endpoint", field: func(c *Config) any { return &c.S3.Endpoint }},
	{key: "s3.bucket", field: func(c *Config) any { return &c.S3.Bucket }},
	{key: "s3.prefix", field: func(c *Config) any { return &c.S3.Prefix }},
	{key: "s3.region", field: func(c *Config) any { return &c.S3.Region }},
	{key: "s3.access_key", field: func(c *Config) any { return &c.S3.AccessKey }},
	{key: "s3.secret_key", field: func(c *Config) any { return &c.S3.SecretKey }, secret: true},
	{key: "s3.insecure", field: func(c *Config) any { return &c.S3.Insecure }},
}

// variable returns the name of the environment variable for a key.
func (s setting) variable() string {
	return prefix + strings.ToUpper(strings.ReplaceAll(s.key, ".", "_"))
}

// flag returns the name of the flag for a key. Not every key has one.
func (s setting) flag() string { return strings.ReplaceAll(s.key, ".", "-") }

// defaults returns the configuration of somebody who configures nothing.
func defaults() *Config {
	return &Config{
		Dir:  "paper",
		Addr: "127.0.0.1:8080",
		Log:  Log{Level: "info", Format: "text"},
	}
}

// String returns the configuration with one key on each line and without its
// passwords.
func (c Config) String() string {
	var b strings.Builder
	for _, s := range settings {
		var shown any
		switch value := s.field(&c).(type) {
		case *bool:
			shown = *value
		case *string:
			shown = *value
			if s.secret {
				shown = hide(s.key, *value)
			}
		}
		fmt.Fprintf(&b, "%s = %v\n", s.key, shown)
	}
	return b.String()
}

// LogValue returns what [Config.String] does, whichever form the log has.
func (c Config) LogValue() slog.Value { return slog.StringValue(c.String()) }

// hide returns what may be shown of a secret value. Of a database that is its
// host and name: parameters may hold a password too.
func hide(key, value string) string {
	if value == "" {
		return ""
	}
	if u, err := url.Parse(value); key == "db" && err == nil && u.Host != "" {
		return u.Scheme + "://" + u.Host + u.Path
	}
	return "(hidden)"
}
