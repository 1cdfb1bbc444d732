package config

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"example.org/broadside"
)

// load runs Load as `broadside serve` would, in a directory of its own that
// holds the file, unless that is empty. DIR stands for the directory.
func load(t *testing.T, file string, environ []string, args ...string) (*Config, error) {
	t.Helper()
	dir := t.TempDir()
	if file != "" {
		if err := os.WriteFile(filepath.Join(dir, fileName), []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	fs := pflag.NewFlagSet("serve", pflag.ContinueOnError)
	Flags(fs)
	ServeFlags(fs)
	if err := fs.Parse(args); err != nil {
		t.Fatal(err)
	}
	c, err := Load(fs, append([]string{"BROADSIDE_DIR=" + dir, "HOME=/nowhere"}, environ...))
	if err != nil {
		err = fmt.Errorf("%s", strings.ReplaceAll(broadside.PublicOf(err), dir, "DIR"))
	}
	return c, err
}

func TestWhoConfiguresNothingGetsTheDefaults(t *testing.T) {
	c, err := load(t, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	want := defaults()
	want.Dir = c.Dir
	if *c != *want {
		t.Errorf("Load = %v, want %v", c, want)
	}
}

func TestAFlagBeatsTheEnvironmentBeatsTheFile(t *testing.T) {
	const file = "addr = '127.0.0.1:1001'\nmetrics = '127.0.0.1:1002'\n[log]\nlevel = 'warn'\nformat = 'json'\n"
	c, err := load(t, file, []string{"BROADSIDE_ADDR=127.0.0.1:2001", "BROADSIDE_LOG_LEVEL=error"}, "--addr", "127.0.0.1:3001")
	if err != nil {
		t.Fatal(err)
	}
	got := []string{c.Addr, c.Log.Level, c.Log.Format, c.Metrics}
	want := []string{"127.0.0.1:3001", "error", "json", "127.0.0.1:1002"}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("addr, log.level, log.format, metrics = %v, want %v", got, want)
	}
}

func TestEveryKeyCanBeSetInTheFileAndInTheEnvironment(t *testing.T) {
	values := map[string]string{
		"addr": "[::1]:80", "url": "https://paper.example", "db": "postgres://u:p@h/n", "metrics": ":9090",
		"theme": "/srv/theme", "cdn": "true",
		"log.level": "debug", "log.format": "json",
		"s3.endpoint": "s3.example:9000", "s3.bucket": "b", "s3.prefix": "p/", "s3.region": "eu",
		"s3.access_key": "a", "s3.secret_key": "s", "s3.insecure": "true",
	}
	var file strings.Builder
	var environ []string
	for _, s := range settings {
		if s.outside {
			continue
		}
		value, ok := values[s.key]
		if !ok {
			t.Fatalf("the key %s has no value in this test", s.key)
		}
		if value == "true" {
			fmt.Fprintf(&file, "%s = true\n", s.key)
		} else {
			fmt.Fprintf(&file, "%s = %q\n", s.key, value)
		}
		environ = append(environ, s.variable()+"="+value)
	}
	fromFile, err := load(t, file.String(), nil)
	if err != nil {
		t.Fatal(err)
	}
	fromEnvironment, err := load(t, "", environ)
	if err != nil {
		t.Fatal(err)
	}
	want := Config{
		Addr: "[::1]:80", URL: "https://paper.example", DB: "postgres://u:p@h/n", Metrics: ":9090",
		Theme: "/srv/theme", CDN: true,
		Log: Log{Level: "debug", Format: "json"},
		S3: S3{Endpoint: "s3.example:9000", Bucket: "b", Prefix: "p/", Region: "eu", AccessKey: "a", SecretKey: "s",
			Insecure: true},
	}
	for _, c := range []*Config{fromFile, fromEnvironment} {
		c.Dir = ""
		if *c != want {
			t.Errorf("Load = %v, want %v", c, want)
		}
	}
}

// A theme and the caches in front can be named wherever anything else can, and
// what stands nearer to the command goes before: also to say no.
func TestThemeAndCDN(t *testing.T) {
	const file = "theme = '/srv/file'\ncdn = true\n"
	environment := []string{"BROADSIDE_THEME=/srv/environment", "BROADSIDE_CDN=false"}
	for _, tt := range []struct {
		name    string
		file    string
		environ []string
		args    []string
		theme   string
		cdn     bool
	}{
		{name: "nowhere"},
		{name: "in the file", file: file, theme: "/srv/file", cdn: true},
		{name: "in the environment", file: file, environ: environment, theme: "/srv/environment"},
		{name: "as flags", file: file, environ: environment, args: []string{"--theme", "mine", "--cdn"}, theme: "mine", cdn: true},
		{name: "as flags that take it back", file: file, args: []string{"--theme=", "--cdn=false"}},
	} {
		c, err := load(t, tt.file, tt.environ, tt.args...)
		if err != nil || c.Theme != tt.theme || c.CDN != tt.cdn {
			t.Errorf("%s: %v, %v; want theme %q and cdn %v", tt.name, c, err, tt.theme, tt.cdn)
		}
	}
}

func TestANamedFileIsReadInPlaceOfThePapersOwn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "other.toml")
	if err := os.WriteFile(path, []byte("addr = ':81'\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := load(t, "addr = ':80'\n", nil, "--config", path)
	if err != nil || c.Addr != ":81" {
		t.Errorf("addr = %v, %v, want :81", c, err)
	}
}

func TestAnErrorNamesTheKeyAndWhereItsValueCameFrom(t *testing.T) {
	tests := []struct {
		name    string
		file    string
		environ []string
		args    []string
		want    []string // the lines below the first
	}{
		{
			name: "an unknown key of the file",
			file: "adr = ':80'\n\n[log]\nlevel = 'info'\nlevl = 'x'\n[mail]\nhost = 'x'\n",
			want: []string{
				"adr: there is no such setting: did you mean addr? (line 1 of DIR/broadside.toml)",
				"log.levl: there is no such setting: did you mean log.level? (line 5 of DIR/broadside.toml)",
				"mail.host: there is no such setting (line 7 of DIR/broadside.toml)",
			},
		},
		{
			name:    "an unknown variable, but not one of the tests'",
			environ: []string{"BROADSIDE_LOGLEVEL=info", "BROADSIDE_TEST_POSTGRES=x", "BROADSIDES=y"},
			want: []string{
				"BROADSIDE_LOGLEVEL: there is no such setting: did you mean BROADSIDE_LOG_LEVEL? (from the environment)",
			},
		},
		{
			name: "a key that says where the file is",
			file: "dir = 'x'\n",
			want: []string{"dir: it cannot be set in a file: use the flag or the environment (line 1 of DIR/broadside.toml)"},
		},
		{
			name: "a value of the wrong type",
			file: "addr = 80\ns3 = { insecure = 'perhaps' }\n",
			want: []string{
				"addr: it has to be a text in quotes (line 1 of DIR/broadside.toml)",
				"s3.insecure: it has to be true or false (line 2 of DIR/broadside.toml)",
			},
		},
		{
			name:    "neither yes nor no",
			file:    "theme = true\n",
			environ: []string{"BROADSIDE_CDN=perhaps"},
			want: []string{
				"theme: it has to be a text in quotes (line 1 of DIR/broadside.toml)",
				"cdn: it has to be true or false (from BROADSIDE_CDN)",
			},
		},
		{
			name: "a file that is no TOML",
			file: "addr = ':80'\nurl https\n",
			want: []string{"config: toml: expected '=' after key (line 2 of DIR/broadside.toml)"},
		},
		{
			name: "a named file that is not there",
			args: []string{"--config", "/nowhere/b.toml"},
			want: []string{"config: open /nowhere/b.toml: no such file or directory (from flag --config)"},
		},
		{
			name:    "an address that is none",
			file:    "metrics = 'local host:1'\n",
			environ: []string{"BROADSIDE_ADDR=8080"},
			want: []string{
				`addr: "8080" is no address to serve on: give host:port, such as 127.0.0.1:8080 (from BROADSIDE_ADDR)`,
				`metrics: "local host:1" has no host: give a name or an IP address, or nothing before the colon for all of the machine's (line 1 of DIR/broadside.toml)`,
			},
		},
		{
			name: "a port that is none",
			args: []string{"--addr", ":http"},
			want: []string{`addr: ":http" has no port from 0 to 65535 (from flag --addr)`},
		},
		{
			name: "metrics among the readers",
			args: []string{"--metrics", "127.0.0.1:8080"},
			want: []string{`metrics: "127.0.0.1:8080" is where the paper is served: readers must not see the metrics (from flag --metrics)`},
		},
		{
			name: "a public address with a path",
			args: []string{"--url", "https://host.example/paper"},
			want: []string{`url: "https://host.example/paper" has something behind the host: the paper needs a host of its own (from flag --url)`},
		},
		{
			name: "a public address without a scheme",
			args: []string{"--url", "paper.example"},
			want: []string{"url: it has to be a whole http or https address, such as https://paper.example (from flag --url)"},
		},
		{
			name:    "a bucket without its keys",
			environ: []string{"BROADSIDE_S3_BUCKET=b", "BROADSIDE_S3_ENDPOINT=https://s3.example"},
			want: []string{
				"s3.access_key: it is missing, and a bucket needs endpoint, bucket, access_key and secret_key together (not set)",
				"s3.secret_key: it is missing, and a bucket needs endpoint, bucket, access_key and secret_key together (not set)",
				"s3.endpoint: give host or host:port alone; insecure = true stands for http:// (from BROADSIDE_S3_ENDPOINT)",
			},
		},
		{
			name:    "a form of log that there is not",
			environ: []string{"BROADSIDE_LOG_FORMAT=xml"},
			args:    []string{"--log-level", "loud"},
			want: []string{
				`log.level: "loud" is none of debug, info, warn or error (from flag --log-level)`,
				`log.format: "xml" is none of text or json (from BROADSIDE_LOG_FORMAT)`,
			},
		},
		{
			name: "a directory that has no name",
			args: []string{"--dir", ""},
			want: []string{"dir: name the paper's directory (from flag --dir)"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := load(t, tt.file, tt.environ, tt.args...)
			want := strings.Join(append([]string{"The configuration cannot be used:"}, tt.want...), "\n")
			if err == nil || err.Error() != want {
				t.Errorf("Load:\n got %v\nwant %s", err, want)
			}
		})
	}
}

func TestADirectoryThatIsAFileIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "paper")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := load(t, "", nil, "--dir", path)
	if err == nil || !strings.Contains(err.Error(), "is a file: name a directory (from flag --dir)") {
		t.Errorf("Load = %v", err)
	}
}

func TestThePublicAddressLosesItsSlash(t *testing.T) {
	c, err := load(t, "", nil, "--url", "https://paper.example/")
	if err != nil || c.URL != "https://paper.example" {
		t.Errorf("url = %v, %v", c, err)
	}
}

// A table all of whose lines are commented out is what an example file leaves.
func TestAnEmptyTableIsNoMistake(t *testing.T) {
	if _, err := load(t, "[s3]\n# bucket = 'b'\n", nil); err != nil {
		t.Error(err)
	}
}

func TestPasswordsAreNeverShown(t *testing.T) {
	const password = "hunter2"
	var shown []string
	for _, db := range []string{
		"postgres://u:hunter2@h/n", "postgres://h/n?password=hunter2", "mysql://u:hunter2@h/n", "postgres://u:hunter2%@h", "hunter2",
	} {
		for _, environ := range [][]string{nil, {"BROADSIDE_ADDR=x"}} {
			c, err := load(t, "[s3]\nendpoint='e'\nbucket='b'\naccess_key='a'\nsecret_key='hunter2'\n", append(environ, "BROADSIDE_DB="+db))
			if err != nil {
				shown = append(shown, err.Error())
				continue
			}
			var log strings.Builder
			slog.New(slog.NewJSONHandler(&log, nil)).Info("configuration", "config", c)
			shown = append(shown, c.String(), fmt.Sprintf("%v %+v", *c, c), log.String())
		}
	}
	for _, file := range []string{"secret_key = hunter2", "secret_key = 'hunter2", "[s3]\nsecret_key = ['hunter2']"} {
		_, err := load(t, file, nil)
		if err == nil {
			t.Fatalf("%q was accepted", file)
		}
		shown = append(shown, err.Error())
	}
	for _, s := range shown {
		if strings.Contains(s, password) {
			t.Errorf("a password is shown:\n%s", s)
		}
	}
}

func FuzzFile(f *testing.F) {
	for _, seed := range []string{"addr = ':80'\n[log]\nlevel='info'", "s3 = {a.b = 1}", "[[x]]\n", "\"a\\u0000b\" = 1", "a.'b c'.d = '''\n'''"} {
		f.Add(seed)
	}
	dir := f.TempDir()
	path := filepath.Join(dir, "f.toml")
	f.Fuzz(func(t *testing.T, text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		fs := pflag.NewFlagSet("serve", pflag.ContinueOnError)
		Flags(fs)
		_, err := Load(fs, []string{"BROADSIDE_DIR=" + dir, "BROADSIDE_CONFIG=" + path})
		if err != nil && broadside.KindOf(err) != broadside.Invalid {
			t.Errorf("Load = %v, which is of kind %s", err, broadside.KindOf(err))
		}
	})
}
