package config

import (
	"errors"
	"fmt"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// lines holds the line on which each key of a file stands.
type lines map[string]int

// of returns the line of a key, or of the table around it, or 0.
func (l lines) of(key string) int {
	for key != "" {
		if line, ok := l[key]; ok {
			return line
		}
		key = key[:max(strings.LastIndexByte(key, '.'), 0)]
	}
	return 0
}

// keyLines finds the keys of a TOML text that is known to be sound.
func keyLines(text []byte) lines {
	found := lines{}
	var p unstable.Parser
	p.Reset(text)
	table := ""
	for p.NextExpression() {
		e := p.Expression()
		name, line := keyOf(&p, e)
		switch e.Kind {
		case unstable.Table, unstable.ArrayTable:
			table = name + "."
			found[name] = line
		case unstable.KeyValue:
			found[table+name] = line
		}
	}
	return found
}

// keyOf returns the dotted key of an expression and the line it stands on.
func keyOf(p *unstable.Parser, e *unstable.Node) (name string, line int) {
	var parts []string
	for it := e.Key(); it.Next(); {
		node := it.Node()
		if line == 0 {
			line = p.Shape(node.Raw).Start.Line
		}
		parts = append(parts, string(node.Data))
	}
	return strings.Join(parts, "."), line
}

// syntaxLine returns the line on which a TOML text breaks off, or 0.
func syntaxLine(err error) int {
	if e, ok := errors.AsType[*toml.DecodeError](err); ok {
		line, _ := e.Position()
		return line
	}
	return 0
}

func place(path string, line int) string {
	if line == 0 {
		return "in " + path
	}
	return fmt.Sprintf("line %d of %s", line, path)
}
