package broadside_test

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "example.org/broadside"

// layers lists the packages from the floor up. A package imports packages of
// lower layers only; those of one layer do not know each other. Its tests may
// also import what lies beside it.
var layers = [][]string{
	{"."},
	{"internal/durable"},
	{"internal/config", "internal/telemetry", "internal/document", "internal/locale", "internal/keyring",
		"internal/demo", "internal/blob", "internal/picture", "internal/typeface"},
	{"internal/store"},
	{"internal/job", "internal/reads"},
	{"internal/page", "internal/feed", "internal/card"},
	{"internal/newsroom"},
	{"internal/importer", "internal/backup", "internal/web"},
	{"internal/site"},
	{"internal/cli", forTests},
	{"cmd/broadside", "e2e", "bench"},
}

// forTests is the package that only tests import, of whichever layer they are.
const forTests = "internal/newstest"

// A reserve is something that few packages may do.
type reserve struct {
	what string   // what stands in the code: an import, or a name of the standard library
	only []string // who may
	why  string
}

var reservedImports = []reserve{
	{"database/sql", []string{"internal/store"}, "SQL lives in internal/store"},
	{"database/sql/driver", []string{"internal/store"}, "SQL lives in internal/store"},
	{"flag", nil, "flags are those of github.com/spf13/pflag"},
	{"github.com/spf13/cobra", []string{"internal/cli"}, "internal/cli holds the commands"},
	{"github.com/spf13/pflag", readers, "flags are read by internal/cli and internal/config"},
}

var (
	readers = []string{"internal/cli", "internal/config"}
	testers = []string{"internal/cli", "internal/config", forTests, "bench"} // which learn where PostgreSQL is
	mains   = []string{"internal/cli", "internal/config", "cmd/broadside", "bench"}
	servers = []string{"internal/web", "internal/cli", "bench"} // the last for what the program is compared with
)

var reservedNames = []reserve{
	{"os.Args", mains, "the command line is read by internal/cli"},
	{"os.Getenv", testers, "the environment is read by internal/config"},
	{"os.LookupEnv", testers, "the environment is read by internal/config"},
	{"os.Environ", readers, "the environment is read by internal/config"},
	{"os.ExpandEnv", nil, "the environment is read by internal/config"},
	{"syscall.Getenv", nil, "the environment is read by internal/config"},
	{"net/http.Server", servers, "servers are started by internal/web and internal/cli"},
	{"net/http.Serve", servers, "servers are started by internal/web and internal/cli"},
	{"net/http.ServeTLS", servers, "servers are started by internal/web and internal/cli"},
	{"net/http.ListenAndServe", servers, "servers are started by internal/web and internal/cli"},
	{"net/http.ListenAndServeTLS", servers, "servers are started by internal/web and internal/cli"},
	{"net/http.Handle", nil, "the default mux belongs to nobody"},
	{"net/http.HandleFunc", nil, "the default mux belongs to nobody"},
	{"net/http.DefaultServeMux", nil, "the default mux belongs to nobody"},
}

// TestImports reads every file of the module, also those that are not built on
// this machine, and compares what it imports with the tables above.
func TestImports(t *testing.T) {
	packages := goFiles(t)
	for _, pkg := range slices.Sorted(maps.Keys(packages)) {
		if layerOf(pkg) < 0 {
			t.Errorf("%s has no layer: add it to the table in imports_test.go", pkg)
			continue
		}
		for _, file := range packages[pkg] {
			f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Error(err)
				continue
			}
			imports := importsOf(t, f)
			checkLayer(t, pkg, file, imports)
			if !strings.HasSuffix(file, "_test.go") {
				checkReserves(t, pkg, file, f, imports)
			}
		}
	}
	for _, pkg := range slices.Concat(layers...) {
		if _, err := os.Stat(pkg); err == nil && packages[pkg] == nil {
			t.Errorf("%s has a layer and a directory, but no Go file", pkg)
		}
	}
}

// goFiles returns the Go files of the module by the directory of their package.
func goFiles(t *testing.T) map[string][]string {
	t.Helper()
	packages := map[string][]string{}
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return walkInto(name)
		}
		if strings.HasSuffix(name, ".go") {
			dir := filepath.ToSlash(filepath.Dir(name))
			packages[dir] = append(packages[dir], name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return packages
}

// walkInto returns [fs.SkipDir] for a directory that the go command skips too:
// a module of its own, or a name that cannot be a package's.
func walkInto(name string) error {
	base := filepath.Base(name)
	if name == "." {
		return nil
	}
	if base == "testdata" || base[0] == '.' || base[0] == '_' {
		return fs.SkipDir
	}
	if _, err := os.Stat(filepath.Join(name, "go.mod")); !errors.Is(err, fs.ErrNotExist) {
		return fs.SkipDir
	}
	return nil
}

// importsOf returns the paths that a file imports, by the name it has for each.
func importsOf(t *testing.T, f *ast.File) map[string]string {
	t.Helper()
	imports := map[string]string{}
	for _, spec := range f.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		name := path.Base(imported)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		if name == "_" || name == "." || imports[name] != "" {
			name += imported
		}
		imports[name] = imported
	}
	return imports
}

func layerOf(pkg string) int {
	return slices.IndexFunc(layers, func(l []string) bool { return slices.Contains(l, pkg) })
}

func checkLayer(t *testing.T, pkg, file string, imports map[string]string) {
	t.Helper()
	isTest := strings.HasSuffix(file, "_test.go")
	for _, imported := range imports {
		below, ours := packageOf(imported)
		switch {
		case !ours:
			if first, _, _ := strings.Cut(imported, "/"); pkg == "." && strings.Contains(first, ".") {
				t.Errorf("%s imports %s: the root package imports the standard library only", file, imported)
			}
		case below == forTests:
			if !isTest {
				t.Errorf("%s imports %s, which is for tests only", file, imported)
			}
		case layerOf(below) < 0:
			t.Errorf("%s imports %s, which has no layer", file, imported)
		case isTest && layerOf(below) > layerOf(pkg):
			t.Errorf("%s imports %s, which lies above it", file, imported)
		case !isTest && layerOf(below) >= layerOf(pkg):
			t.Errorf("%s imports %s, which does not lie below it", file, imported)
		}
	}
}

// packageOf returns the directory of an imported package, if it is one of ours.
func packageOf(imported string) (pkg string, ours bool) {
	if imported == module {
		return ".", true
	}
	return strings.CutPrefix(imported, module+"/")
}

func checkReserves(t *testing.T, pkg, file string, f *ast.File, imports map[string]string) {
	t.Helper()
	for _, imported := range imports {
		for _, r := range reservedImports {
			if imported == r.what && !slices.Contains(r.only, pkg) {
				t.Errorf("%s imports %s: %s", file, r.what, r.why)
			}
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		selector, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		base, ok := selector.X.(*ast.Ident)
		if !ok {
			return true
		}
		name := imports[base.Name] + "." + selector.Sel.Name
		for _, r := range reservedNames {
			if name == r.what && !slices.Contains(r.only, pkg) {
				t.Errorf("%s uses %s: %s", file, name, r.why)
			}
		}
		return true
	})
}
