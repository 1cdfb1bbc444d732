package config

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/knadh/koanf/parsers/toml/v2"
	"github.com/knadh/koanf/providers/confmap"
	"github.com/knadh/koanf/providers/rawbytes"
	"github.com/knadh/koanf/v2"
	"github.com/spf13/pflag"

	"example.org/broadside"
)

const (
	// prefix begins the names of the environment variables that are ours.
	prefix = "BROADSIDE_"

	// testPrefix begins those that steer the project's own tests.
	testPrefix = prefix + "TEST_"

	// fileName is the configuration's place in the paper's directory.
	fileName = "broadside.toml"
)

// Load returns the configuration that the flags, the environment (as
// [os.Environ] gives it) and the file together make. Its error is of kind
// [broadside.Invalid] and lists everything that is wrong, one line each.
func Load(fs *pflag.FlagSet, environ []string) (*Config, error) {
	l := loader{config: defaults()}
	l.layers = []layer{l.flags(fs), l.environment(environ)}
	l.assign(func(s setting) bool { return s.outside })
	if file, ok := l.file(); ok {
		l.layers = append(l.layers, file)
	}
	l.assign(func(s setting) bool { return !s.outside })
	l.check()
	if len(l.problems) > 0 {
		return nil, broadside.Errorf(broadside.Invalid, "The configuration cannot be used:\n%s", strings.Join(l.problems, "\n"))
	}
	return l.config, nil
}

// A layer is one source of values. The layers are kept apart, so that each
// value's origin can be named.
type layer struct {
	values *koanf.Koanf
	origin func(key string) string
}

// A loader collects the layers, the strongest first, and what is wrong in them.
type loader struct {
	config   *Config
	layers   []layer
	problems []string
}

// problem notes what is wrong with the value of a key.
func (l *loader) problem(key, format string, args ...any) {
	l.report(key, l.origin(key), format, args...)
}

func (l *loader) report(what, origin, format string, args ...any) {
	l.problems = append(l.problems, fmt.Sprintf("%s: %s (%s)", what, fmt.Sprintf(format, args...), origin))
}

// origin says where the value of a key comes from.
func (l *loader) origin(key string) string {
	for _, layer := range l.layers {
		if layer.values.Exists(key) {
			return layer.origin(key)
		}
	}
	return "not set"
}

func (l *loader) flags(fs *pflag.FlagSet) layer {
	values := map[string]any{}
	for _, s := range settings {
		if f := fs.Lookup(s.flag()); f != nil && f.Changed {
			values[s.key] = f.Value.String()
		}
	}
	return newLayer(values, func(s setting) string { return "from flag --" + s.flag() })
}

func (l *loader) environment(environ []string) layer {
	known := map[string]setting{}
	for _, s := range settings {
		known[s.variable()] = s
	}
	values := map[string]any{}
	for _, entry := range slices.Sorted(slices.Values(environ)) {
		name, value, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, prefix) || strings.HasPrefix(name, testPrefix) {
			continue
		}
		s, ok := known[name]
		if !ok {
			l.report(name, "from the environment", "there is no such setting%s", suggest(name, slices.Sorted(maps.Keys(known))))
			continue
		}
		values[s.key] = value
	}
	return newLayer(values, func(s setting) string { return "from " + s.variable() })
}

func newLayer(values map[string]any, origin func(setting) string) layer {
	k := koanf.New(".")
	// A map that is there already cannot fail to be read.
	_ = k.Load(confmap.Provider(values, "."), nil)
	return layer{values: k, origin: func(key string) string {
		i := slices.IndexFunc(settings, func(s setting) bool { return s.key == key })
		return origin(settings[i])
	}}
}

// file reads the configuration file, if there is one.
func (l *loader) file() (layer, bool) {
	path, named := l.config.file, l.config.file != ""
	if !named {
		path = filepath.Join(l.config.Dir, fileName)
	}
	text, err := os.ReadFile(path)
	switch {
	case !named && (errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)):
		return layer{}, false // a directory that is a file is reported by check
	case err != nil && named:
		l.problem("config", "%v", err)
		return layer{}, false
	case err != nil:
		l.report("config", "in the paper's directory", "%v", err)
		return layer{}, false
	}
	k := koanf.New(".")
	if err := k.Load(rawbytes.Provider(text), toml.Parser()); err != nil {
		l.report("config", place(path, syntaxLine(err)), "%v", err)
		return layer{}, false
	}
	lines := keyLines(text)
	file := layer{values: k, origin: func(key string) string { return place(path, lines.of(key)) }}
	l.checkKeys(file)
	return file, true
}

// checkKeys reports the keys of the file that do not belong there.
func (l *loader) checkKeys(file layer) {
	var known []string
	for _, s := range settings {
		if !s.outside {
			known = append(known, s.key)
		}
	}
	for _, key := range file.values.Keys() {
		if table, ok := file.values.Get(key).(map[string]any); ok && len(table) == 0 {
			continue // [s3] with every line under it commented out
		}
		switch {
		case slices.Contains(known, key):
		case slices.ContainsFunc(settings, func(s setting) bool { return s.key == key }):
			l.report(key, file.origin(key), "it cannot be set in a file: use the flag or the environment")
		default:
			l.report(key, file.origin(key), "there is no such setting%s", suggest(key, known))
		}
	}
}

// assign sets the chosen fields of the configuration from the strongest layer
// that has a value for each.
func (l *loader) assign(chosen func(setting) bool) {
	for _, s := range settings {
		i := slices.IndexFunc(l.layers, func(layer layer) bool { return layer.values.Exists(s.key) })
		if i < 0 || !chosen(s) {
			continue
		}
		value := l.layers[i].values.Get(s.key)
		switch field := s.field(l.config).(type) {
		case *string:
			text, ok := value.(string)
			if !ok {
				l.problem(s.key, "it has to be a text in quotes")
				continue
			}
			*field = text
		case *bool:
			yes, err := strconv.ParseBool(fmt.Sprint(value))
			if err != nil {
				l.problem(s.key, "it has to be true or false")
				continue
			}
			*field = yes
		}
	}
}
