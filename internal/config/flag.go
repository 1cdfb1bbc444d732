package config

import "github.com/spf13/pflag"

// Flags declares the flags that every command has.
func Flags(fs *pflag.FlagSet) {
	d := defaults()
	fs.String("dir", d.Dir, "the paper's `directory`")
	fs.String("db", d.DB, "`address` of a PostgreSQL database, postgres://…; without it SQLite in the paper's directory")
	fs.String("config", "", "TOML `file` to read in place of broadside.toml in the paper's directory")
	fs.String("log-level", d.Log.Level, "least `level` that is logged: "+alternatives(logLevels))
	fs.String("log-format", d.Log.Format, "`form` of the log: "+alternatives(logFormats))
}

// ServeFlags declares the flags of the command that serves the paper.
func ServeFlags(fs *pflag.FlagSet) {
	d := defaults()
	fs.String("addr", d.Addr, "`host:port` to serve the paper on")
	fs.String("url", d.URL, "the paper's public `address`, such as https://paper.example; it is remembered")
	fs.String("theme", d.Theme, "`directory` of a theme; without it the folder theme in the paper's directory, if there is one")
	fs.Bool("cdn", d.CDN, "tell caches in front of the program by Surrogate-Key what each page was made from")
	fs.String("metrics", d.Metrics, "`host:port` to serve metrics and profiles on; without it they are not served")
}
