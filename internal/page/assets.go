package page

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strings"
	"time"
)

//go:embed assets
var assetFiles embed.FS

// assets are the style sheet and the faces, by name, and the address below
// which they are found. The address holds a hash over all of them, so that
// browsers may keep them for ever.
type assets struct {
	prefix string
	files  map[string][]byte
}

func loadAssets() (*assets, error) {
	a := &assets{files: map[string][]byte{}}
	hash := sha256.New()
	err := fs.WalkDir(assetFiles, "assets", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := assetFiles.ReadFile(name)
		if err != nil {
			return err
		}
		if path.Ext(name) == ".css" {
			data = minify(data)
		}
		a.files[path.Base(name)] = data
		fmt.Fprintf(hash, "%s %d\n", path.Base(name), len(data))
		hash.Write(data)
		return nil
	})
	a.prefix = "/static/" + hex.EncodeToString(hash.Sum(nil))[:12] + "/"
	return a, err
}

var (
	cssComment = regexp.MustCompile(`(?s)/\*.*?\*/`)
	cssSpace   = regexp.MustCompile(`\s+`)
	cssSign    = regexp.MustCompile(` ?([{};,>]) ?`)
)

// minify takes comments and needless spaces out of our own style sheet, which
// has no strings that could suffer by it.
func minify(css []byte) []byte {
	css = cssComment.ReplaceAll(css, nil)
	css = cssSpace.ReplaceAll(css, []byte(" "))
	css = cssSign.ReplaceAll(css, []byte("$1"))
	css = bytes.ReplaceAll(css, []byte(": "), []byte(":"))
	css = bytes.ReplaceAll(css, []byte(";}"), []byte("}"))
	return bytes.TrimSpace(css)
}

// assetTypes are the media types by the end of the name.
var assetTypes = map[string]string{
	".css":   "text/css; charset=utf-8",
	".woff2": "font/woff2",
	".svg":   "image/svg+xml",
	".txt":   "text/plain; charset=utf-8",
}

// Assets returns the address below which the style sheet and the faces are
// found, with a slash at both ends, and the handler for everything below it.
// What is found there never changes: another version has another address.
func (p *Pages) Assets() (prefix string, h http.Handler) {
	a := p.assets
	return a.prefix, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, a.prefix)
		data, ok := a.files[name]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", assetTypes[path.Ext(name)])
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(data))
	})
}
