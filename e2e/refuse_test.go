package e2e

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/gif"
	"image/png"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"example.org/broadside/internal/newstest"
)

// What cannot be taken in is refused with the file, the line and the reason,
// and leaves no trace: no article, no section, no picture.
func TestBadInputIsRefused(t *testing.T) {
	const top = "---\ntitle: A story\nsection: Nowhere\n"
	withPicture := func(file string) string {
		return top + "picture: {file: " + file + ", alt: A quay, credit: Ivo Tarn}\n---\nText.\n"
	}
	tests := []struct {
		name, format, text string
		line               int
		says               string // a regular expression
	}{
		{"no front matter", "markdown", "Only words.\n", 1, "does not begin with front matter"},
		{"front matter without an end", "markdown", top + "\nText.\n", 1, "no end"},
		{"no title", "markdown", "---\nsection: Nowhere\n---\nText.\n", 1, "no title"},
		{"no section", "markdown", "---\ntitle: A story\n---\nText.\n", 1, "no section"},
		{"an unknown field", "markdown", top + "headline: Another\n---\nText.\n", 4, `no field "headline"`},
		{"a value of the wrong form", "markdown", top + "tags: {a: b}\n---\nText.\n", 4, "form"},
		{"broken YAML", "markdown", "---\ntitle: A story: told twice\nsection: Nowhere\n---\nText.\n", 2, "quotes"},
		{"a date that does not parse", "markdown", top + "date: next Tuesday\n---\nText.\n", 4, `"next Tuesday"`},
		{"an unknown kind", "markdown", top + "kind: rumour\n---\nText.\n", 4, `"rumour"`},
		{"a slug that is no slug", "markdown", top + "slug: A Slug!\n---\nText.\n", 4, `"A Slug!"`},
		{"a section that the site needs itself", "markdown", "---\ntitle: A story\nsection: Search\n---\nText.\n", 3, `"search"`},
		{"a slug that is taken", "markdown", "---\ntitle: Taken\nsection: Harbour\nslug: taken\n---\nAnother text.\n", 0, "another text at /harbour/taken"},
		{"a missing picture", "markdown", withPicture("missing.jpg"), 4, "missing.jpg"},
		{"a picture of 200 megapixels", "markdown", withPicture("bomb.png"), 4, "bomb.png.*(pixels|megapixels)"},
		{"a truncated JPEG", "markdown", withPicture("cut.jpg"), 4, "cut.jpg.*(cut off|damaged|incomplete)"},
		{"a text named .jpg", "markdown", withPicture("text.jpg"), 4, "text.jpg.*a text"},
		{"a picture in the text that is missing", "markdown", top + "---\nText.\n\n![A quay](missing.jpg)\n", 7, "missing.jpg"},
		{"invalid UTF-8", "markdown", top + "---\nText \xff\xfe.\n", 5, "UTF-8"},
		{"U+0000", "markdown", top + "---\nText\x00.\n", 5, `U\+0000`},
		{"invalid UTF-8 in plain text", "text", top + "---\nOne.\n\nTwo \xc3\x28.\n", 7, "UTF-8"},
		{"a script in HTML", "html", top + "---\n<p>Text.</p>\n<script>steal()</script>\n", 6, "script"},
		{"an event handler in HTML", "html", top + "---\n<p>Text.</p>\n<p onclick=\"steal()\">More.</p>\n", 6, "onclick"},
		{"a script as a link in HTML", "html", top + "---\n<p><a href=\"javascript:steal()\">Text.</a></p>\n", 5, "javascript:"},
		{"a frame in Markdown", "markdown", top + "---\nText.\n\n<iframe src=\"https://evil.example\"></iframe>\n", 7, "iframe"},
		{"an image handler in Markdown", "markdown", top + "---\nText.\n\n<img src=x onerror=steal()>\n", 7, "onerror|img"},
	}
	p := newPaper(t)
	p.must(t, "import", "markdown", "--publish", p.write(t, "taken.md", article("taken", "")))
	before, listing := p.traces(t), p.list(t)
	whole := newstest.JPEG(t, 600, 400, 1)
	for name, data := range map[string][]byte{
		"bomb.png": hugePNG(t, 20_000, 10_000), "cut.jpg": whole[:len(whole)/2], "text.jpg": []byte("This is no picture.\n"),
	} {
		p.write(t, name, string(data))
	}
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			file := p.write(t, fmt.Sprintf("bad-%d.%s", i, tt.format), tt.text)
			o := p.run(t, "import", tt.format, "--publish", file)
			if o.status != 1 || o.out != "" {
				t.Errorf("it exits %d and prints %q, want 1 and nothing", o.status, o.out)
			}
			want := regexp.QuoteMeta(file) + ": "
			if tt.line > 0 {
				want += fmt.Sprintf("(?i:line) %d\\b.*", tt.line)
			}
			if !regexp.MustCompile(want + ".*(?:" + tt.says + ")").MatchString(o.errors) {
				t.Errorf("it says\n%s\nwant %s.*%s", o.errors, want, tt.says)
			}
			if got := p.traces(t); got != before {
				t.Errorf("it left behind\n%s\nthere was\n%s", got, before)
			}
		})
	}
	if got := p.list(t); got != listing {
		t.Errorf("now there is\n%s\nthere was\n%s", got, listing)
	}
	p.wantSound(t)
}

// A picture is read by its content, and refused if its name denies that.
func TestPictureIsReadByItsContent(t *testing.T) {
	p := newPaper(t)
	var b bytes.Buffer
	if err := gif.Encode(&b, image.NewGray(image.Rect(0, 0, 400, 300)), nil); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"drawing.gif", "drawing.jpg", "drawing"} {
		p.write(t, name, b.String())
		slug := "drawing-" + strings.TrimPrefix(strings.TrimPrefix(name, "drawing"), ".")
		slug = strings.Trim(slug, "-")
		o := p.run(t, "import", "markdown", "--publish", p.write(t, slug+".md", article(slug, "picture: {file: "+name+", alt: A drawing, credit: Ivo Tarn}\n")))
		if refused := name == "drawing.jpg"; (o.status == 1) != refused || refused && !strings.Contains(o.errors, "is of the kind GIF") {
			t.Errorf("a GIF named %s: exit %d: %s", name, o.status, o.errors)
		}
	}
	s := p.serve(t)
	picture := pictureAddress.FindString(s.want(t, "/harbour/drawing", http.StatusOK))
	if a := s.get(t, picture); a.status != http.StatusOK || http.DetectContentType([]byte(a.body)) != "image/jpeg" {
		t.Errorf("GET %s = %d with %.12q, want a JPEG", picture, a.status, a.body)
	}
}

// Bad files among good ones are named, each with its reason, and stop nobody.
func TestBadFilesStopNobody(t *testing.T) {
	each(t, func(t *testing.T, p *paper) {
		var files, good []string
		for i := range 9 {
			slug, text := fmt.Sprintf("story-%d", i), "No front matter.\n"
			if i%4 != 1 {
				good, text = append(good, "/harbour/"+slug), article(slug, "")
			}
			files = append(files, p.write(t, slug+".md", text))
		}
		args := append([]string{"import", "markdown", "--publish"}, files...)
		for _, sum := range []string{"2 of 9 files were refused; 7 articles are new or changed, 0 were there already", "2 of 9 files were refused; 0 articles are new or changed, 7 were there already"} {
			o := p.run(t, args...)
			if o.status != 1 || o.out != strings.Join(good, "\n")+"\n" {
				t.Errorf("it exits %d and prints %q, want 1 and %q", o.status, o.out, good)
			}
			for _, want := range []string{files[1] + ": Line 1", files[5] + ": Line 1", sum} {
				if !strings.Contains(o.errors, want) {
					t.Errorf("it does not say %q but\n%s", want, o.errors)
				}
			}
		}
		p.wantSound(t)
	})
}

// list returns every address that the paper shows, and its sections.
func (p *paper) list(t *testing.T) string {
	t.Helper()
	s := p.serve(t, "--url", "https://paper.example")
	defer s.stop(t)
	return s.sitemap(t) + s.want(t, "/feed.json", http.StatusOK)
}

// traces returns the names of all files under the paper's blobs, and what
// check has counted.
func (p *paper) traces(t *testing.T) string {
	t.Helper()
	lines := []string{p.wantSound(t)}
	err := filepath.WalkDir(filepath.Join(p.dir, "blobs"), func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			lines = append(lines, name)
		}
		return err
	})
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

// hugePNG returns a small file whose head promises that many pixels.
func hugePNG(t *testing.T, width, height uint32) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		t.Fatal(err)
	}
	data := b.Bytes()
	head := data[12:29] // "IHDR" and its 13 bytes, then their checksum
	binary.BigEndian.PutUint32(head[4:], width)
	binary.BigEndian.PutUint32(head[8:], height)
	binary.BigEndian.PutUint32(data[29:], crc32.ChecksumIEEE(head))
	return data
}
