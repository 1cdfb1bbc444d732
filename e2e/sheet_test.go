package e2e

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
)

// A sheet is a page of the demo paper that is judged as a page, whatever it
// says: its HTML, how it can be used without eyes, and with the keyboard alone.
type sheet struct {
	path   string
	status int
}

// sheets are all kinds of pages that readers see. A new kind needs a line here.
var sheets = []sheet{
	{"/", http.StatusOK},
	{"/harbour/", http.StatusOK},
	{"/harbour/sold-at-midnight", http.StatusOK},                  // the lead article
	{"/culture/how-this-page-is-made", http.StatusOK},             // every block
	{"/opinion/gavan-eto-obeshchanie", http.StatusOK},             // in Russian
	{"/harbour/bay-al-mina-inda-muntasaf-al-layl", http.StatusOK}, // in Arabic
	{"/harbour/sold-at-midnight/republish", http.StatusOK},
	{"/about", http.StatusOK},
	{"/tag/fishing/", http.StatusOK},
	{"/by/nora-quillan/", http.StatusOK},
	{"/lang/ar/", http.StatusOK},
	{"/archive/", http.StatusOK},
	{"/archive/2026/03/", http.StatusOK},
	{"/edition/4182/", http.StatusOK},
	{"/corrections", http.StatusOK},
	{"/lite/", http.StatusOK},
	{"/lite/harbour/sold-at-midnight", http.StatusOK},
	{"/harbour/nothing-was-ever-here", http.StatusNotFound},
}

// webKey is the variable that names the folder into which npm has put what
// judges the pages.
const webKey = "BROADSIDE_TEST_WEB"

// web returns the path of a file of an npm package.
func web(t *testing.T, name string) string {
	t.Helper()
	dir := os.Getenv(webKey)
	if dir == "" {
		dir = "../tools/web/node_modules"
	}
	name = filepath.Join(dir, filepath.FromSlash(name))
	if _, err := os.Stat(name); err != nil {
		t.Fatalf("What judges the pages is not installed (%v): run make web, or set %s to its node_modules.", err, webKey)
	}
	return name
}
