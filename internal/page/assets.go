package page

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

// The sheets that pages link to, made of the two that there are.
const (
	fullSheet  = "site.css"
	plainSheet = "plain.css" // without faces
)

// assets are the style sheets and the faces, by name, and the address below
// which they are found. The address holds a hash over all of them, so that
// browsers may keep them for ever.
type assets struct {
	prefix string
	files  map[string][]byte
	style  string    // for a page to bring along
	faces  faceSheet // the same
	lite   string
	icon   template.URL // the paper's icon, which is worth no request of its own
}

// loadAssets reads the folder assets.
func loadAssets(files fs.FS) (*assets, error) {
	a := &assets{files: map[string][]byte{}}
	hash := sha256.New()
	entries, err := fs.ReadDir(files, "assets")
	if err != nil {
		return nil, fmt.Errorf("page assets: %w", err)
	}
	for _, entry := range entries {
		data, err := fs.ReadFile(files, path.Join("assets", entry.Name()))
		if err != nil {
			return nil, fmt.Errorf("page assets: %w", err)
		}
		a.files[entry.Name()] = data
		fmt.Fprintf(hash, "%s %d\n", entry.Name(), len(data))
		hash.Write(data)
	}
	a.icon = template.URL("data:image/svg+xml," + forURL.Replace(strings.TrimSpace(string(a.files["icon.svg"]))))
	a.prefix = "/static/" + hex.EncodeToString(hash.Sum(nil))[:12] + "/"
	return a, a.cutSheets()
}

// forURL escapes a drawing for a data: address (RFC 2397), as little as need be.
var forURL = strings.NewReplacer("%", "%25", "#", "%23", "<", "%3C", ">", "%3E", `"`, "'", " ", "%20", "\n", "")

// cutSheets makes the sheets that pages use of those that people write.
func (a *assets) cutSheets() error {
	for _, name := range []string{"site.css", "faces.css", "lite.css"} {
		if a.files[name] == nil {
			return fmt.Errorf("page assets: there is no %s", name)
		}
	}
	a.style, a.lite = string(minify(a.files["site.css"])), string(minify(a.files["lite.css"]))
	blocks := scriptBlock.FindAllSubmatchIndex(a.files["faces.css"], -1)
	if len(blocks) == 0 || len(bytes.TrimSpace(minify(a.files["faces.css"][:blocks[0][0]]))) > 0 {
		return fmt.Errorf("page assets: faces.css must begin with a line such as /* @script Latn */")
	}
	var linked strings.Builder
	for i, at := range blocks {
		end := len(a.files["faces.css"])
		if i+1 < len(blocks) {
			end = blocks[i+1][0]
		}
		name := string(a.files["faces.css"][at[2]:at[3]])
		script, ok := scriptNames[name]
		if !ok {
			return fmt.Errorf("page assets: faces.css names the script %q, which is none of Latn, Latx, Cyrl, Arab and local", name)
		}
		css := string(minify(a.files["faces.css"][at[1]:end]))
		linked.WriteString(css)
		a.faces = append(a.faces, struct {
			script scripts
			css    string
		}{script, strings.ReplaceAll(css, "url(", "url("+a.prefix)})
	}
	a.files[plainSheet] = []byte(a.faces.of(local) + a.style)
	a.files[fullSheet] = []byte(linked.String() + a.style)
	delete(a.files, "faces.css")
	delete(a.files, "lite.css")
	return nil
}

var (
	scriptBlock = regexp.MustCompile(`(?m)^/\* @script (\w+) \*/$`)
	cssComment  = regexp.MustCompile(`(?s)/\*.*?\*/`)
	cssSpace    = regexp.MustCompile(`\s+`)
	cssSign     = regexp.MustCompile(` ?([{};,>]) ?`)
)

// minify takes comments and needless spaces out of a style sheet that has no
// strings which could suffer by it.
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
	".png":   "image/png",
	".jpg":   "image/jpeg",
	".webp":  "image/webp",
	".txt":   "text/plain; charset=utf-8",
}

// An Asset is a file that pages refer to.
type Asset struct {
	Type string // media type
	Data []byte // not to be changed
}

// Asset returns the file of that name, below [Pages.Static].
func (p *Pages) Asset(name string) (Asset, bool) {
	data, ok := p.assets.files[name]
	return Asset{assetTypes[path.Ext(name)], data}, ok
}

// Static returns the address below which assets are found, with a slash at both
// ends. What is found there never changes: another version has another address.
func (p *Pages) Static() string { return p.assets.prefix }
