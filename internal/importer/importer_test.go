package importer_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"example.org/broadside"
	"example.org/broadside/internal/document"
	"example.org/broadside/internal/importer"
	"example.org/broadside/internal/newstest"
	"example.org/broadside/internal/store"
)

// A folder is files by name, the pictures among them.
func folder(t testing.TB, texts map[string]string) fstest.MapFS {
	t.Helper()
	quay := newstest.JPEG(t, 400, 300, 1)
	fsys := fstest.MapFS{
		"quay.jpg":       {Data: quay},
		"pier.jpg":       {Data: newstest.JPEG(t, 320, 200, 2)},
		"cut.jpg":        {Data: quay[:len(quay)*2/3]},
		"really-gif.jpg": {Data: gifFile(t)},
		"bomb.jpg":       {Data: grown(quay, 16000, 12500)},
		"bomb.png":       {Data: emptyPNG(16000, 12500)},
		"dues.csv":       {Data: []byte("boat,dues\n")},
		"pipe.jpg":       {Mode: fs.ModeNamedPipe},
		"sub/empty.txt":  {},
	}
	for name, text := range texts {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

func gifFile(t testing.TB) []byte {
	t.Helper()
	m := image.NewPaletted(image.Rect(0, 0, 40, 30), color.Palette{color.Black, color.White})
	var b bytes.Buffer
	if err := gif.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// grown returns a JPEG file whose head claims another size.
func grown(file []byte, width, height uint16) []byte {
	file = bytes.Clone(file)
	frame := bytes.Index(file, []byte{0xff, 0xc0})
	binary.BigEndian.PutUint16(file[frame+5:], height)
	binary.BigEndian.PutUint16(file[frame+7:], width)
	return file
}

// emptyPNG returns the head of a PNG file of that size.
func emptyPNG(width, height uint32) []byte {
	head := []byte("IHDR")
	head = binary.BigEndian.AppendUint32(head, width)
	head = binary.BigEndian.AppendUint32(head, height)
	head = append(head, 8, 2, 0, 0, 0)
	b := binary.BigEndian.AppendUint32([]byte("\x89PNG\r\n\x1a\n"), uint32(len(head)-4))
	b = append(b, head...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(head))
}

var london = broadside.Paper{Lang: "en-GB", TimeZone: "Europe/London"}

func options(f importer.Format) importer.Options {
	return importer.Options{Format: f, Paper: london, Actor: newstest.Owner, Publish: true}
}

func run(t *testing.T, p *newstest.Paper, fsys fs.FS, opt importer.Options, files ...string) []importer.Result {
	t.Helper()
	var results []importer.Result
	err := importer.Run(t.Context(), p.Newsroom, fsys, files, opt, func(r importer.Result) { results = append(results, r) })
	if err != nil {
		t.Fatal(err)
	}
	return results
}

// articleAt returns an article with its newest text.
func articleAt(t *testing.T, p *newstest.Paper, path string) (*broadside.Article, *document.Document) {
	t.Helper()
	section, slug, _ := broadside.SplitPath(path)
	a, err := p.Store.ArticleAt(t.Context(), section, slug)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	r, err := p.Store.Revision(t.Context(), a.Head)
	if err != nil {
		t.Fatal(err)
	}
	d, err := document.Decode(r.Canonical)
	if err != nil {
		t.Fatal(err)
	}
	return a, d
}

const whole = `---
title: "The ice comes early: a report"
standfirst: Ships wait outside
authors:
  - Nora Quillan
  - name: Ivo Tarn
    role: pictures
date: 2026-03-01 06:30
section: City Hall
tags: [Ice, Boats & quays]
kind: analysis
lang: en
slug: early-ice
dateline: {place: Skerrow, date: 2026-02-28}
picture:
  file: quay.jpg
  alt: A stone quay at dawn
  caption: The quay
  credit: Ivo Tarn
  licence: CC BY-SA 4.0
  focal: [250, 400]
pictures:
  - file: pier.jpg
    credit: Ivo Tarn
---
The first ship waited on *Friday*.

![A pier](pier.jpg "The pier at noon")

1. Tear it up.
2. Publish it.
`

func TestEveryFieldOfTheFrontMatterIsKept(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		results := run(t, p, folder(t, map[string]string{"a.md": whole}), options(importer.Markdown), "a.md")
		if len(results) != 1 || results[0] != (importer.Result{File: "a.md", Path: "/city-hall/early-ice", Changed: true}) {
			t.Fatalf("the results are %+v", results)
		}
		a, d := articleAt(t, p, "/city-hall/early-ice")
		if want := time.Date(2026, 3, 1, 6, 30, 0, 0, time.UTC); a.Status != broadside.Published || !a.Published.Equal(want) || !slices.Equal(a.Tags, []string{"ice", "boats-and-quays"}) || a.Lang != "en" {
			t.Errorf("the article is %+v", a)
		}
		if s, err := p.Store.Section(t.Context(), "city-hall"); err != nil || s.Name != "City Hall" {
			t.Errorf("its section is %+v, %v", s, err)
		}
		if d.Headline != "The ice comes early: a report" || d.Standfirst != "Ships wait outside" || d.Kind != "analysis" ||
			d.Dateline != (document.Dateline{Place: "Skerrow", Date: "2026-02-28"}) {
			t.Errorf("its text is %+v", d)
		}
		if len(d.Bylines) != 2 || d.Bylines[0].Name != "Nora Quillan" || d.Bylines[1].Name != "Ivo Tarn" || d.Bylines[1].Role != "pictures" || d.Bylines[0].Person == "" {
			t.Errorf("its bylines are %+v", d.Bylines)
		}
		lead, _ := d.Use(d.Lead)
		if want := (document.Use{Picture: d.Lead, Alt: "A stone quay at dawn", Caption: "The quay", Credit: "Ivo Tarn", Licence: "CC BY-SA 4.0", FocalX: 250, FocalY: 400}); lead != want {
			t.Errorf("its lead picture is %+v, want %+v", lead, want)
		}
		if len(d.Pictures) != 2 || d.Pictures[1].Alt != "A pier" || d.Pictures[1].Credit != "Ivo Tarn" {
			t.Errorf("its pictures are %+v", d.Pictures)
		}
		if md := d.Markdown(); !strings.Contains(md, "<em>Friday</em>") || !strings.Contains(md, "The pier at noon") || !strings.Contains(md, "2. Publish it.") {
			t.Errorf("its text is\n%s", md)
		}
		if faults := p.Check(t); len(faults) > 0 {
			t.Errorf("Check: %q", faults)
		}
	})
}

// Whoever has an anchor in YAML gets what it stands for, not its name.
func TestAuthorsMayBeAliases(t *testing.T) {
	p := newstest.SQLite(t)
	file := matter("standfirst: &n Nora Quillan\nauthors: [*n, {name: *n, role: pictures}, &i {name: Ivo}, *i]")
	r := run(t, p, folder(t, map[string]string{"a.md": file}), options(importer.Markdown), "a.md")[0]
	if r.Err != nil {
		t.Fatal(r.Err)
	}
	_, d := articleAt(t, p, r.Path)
	var names []string
	for _, b := range d.Bylines {
		names = append(names, b.Name+", "+b.Role)
	}
	if want := []string{"Nora Quillan, ", "Nora Quillan, pictures", "Ivo, ", "Ivo, "}; !slices.Equal(names, want) {
		t.Errorf("the bylines are %q, want %q", names, want)
	}
}

// Pictures lie beside the article or below it, wherever the article itself is.
func TestFilesAreFoundFromTheArticle(t *testing.T) {
	p := newstest.SQLite(t)
	fsys := folder(t, nil)
	fsys["desk/ice/a.md"] = &fstest.MapFile{Data: []byte(matter("picture: {file: ./quay.jpg, alt: A quay, credit: Staff}") + "\n![A pier](day/../day/pier.jpg)\n")}
	fsys["desk/ice/quay.jpg"], fsys["desk/ice/day/pier.jpg"] = fsys["quay.jpg"], fsys["pier.jpg"]
	opt := options(importer.Markdown)
	opt.Publish = false
	r := run(t, p, fsys, opt, "desk/ice/a.md")[0]
	if r.Err != nil {
		t.Fatal(r.Err)
	}
	if _, d := articleAt(t, p, r.Path); len(d.Pictures) != 2 {
		t.Errorf("the pictures are %+v, want two", d.Pictures)
	}
}

// The same article in three forms.
func TestFormats(t *testing.T) {
	tests := []struct {
		format importer.Format
		body   string
		want   string // as Markdown
	}{
		{importer.Markdown, "One *two*.\n\n- three\n", "One <em>two</em>.\n\n- three"},
		{importer.HTML, "<p>One <em>two</em>.</p><ul><li>three</li></ul>", "One <em>two</em>.\n\n- three"},
		{importer.Text, "One *two*.\n\n- three\n", "One \\*two\\*.\n\n- three"},
	}
	for _, tt := range tests {
		p := newstest.SQLite(t)
		r := run(t, p, folder(t, map[string]string{"a": "---\r\ntitle: A\r\nsection: World\r\n---\r\n" + tt.body}), options(tt.format), "a")[0]
		if r.Err != nil {
			t.Errorf("%s: %v", tt.format, r.Err)
			continue
		}
		if _, d := articleAt(t, p, "/world/a"); d.Markdown() != tt.want {
			t.Errorf("%s: the text is %q, want %q", tt.format, d.Markdown(), tt.want)
		}
	}
}

func TestFilesThatSoundRefusedButAreNot(t *testing.T) {
	tests := []struct{ name, file string }{
		{"a byte order mark", "\uFEFF---\ntitle: A\nsection: World\n---\nText.\n"},
		{"no text at all", "---\ntitle: A\nsection: World\n---\n"},
		{"a number as title", "---\ntitle: 1984\nslug: a\nsection: World\n---\nText.\n"},
		{"one picture twice under two names", "---\ntitle: A\nsection: World\npicture: {file: quay.jpg, alt: A quay, credit: Staff}\n---\n![Again](./quay.jpg)\n"},
		{"a file to save", "---\ntitle: A\nsection: World\n---\n<p class=\"file\"><a href=\"dues.csv\">The dues</a></p>\n"},
		{"a rule in the text", "---\ntitle: A\nsection: World\n---\nOne.\n\n---\n\nTwo.\n"},
	}
	for _, tt := range tests {
		p := newstest.SQLite(t)
		r := run(t, p, folder(t, map[string]string{"a.md": tt.file}), options(importer.Markdown), "a.md")[0]
		if r.Err != nil || r.Path != "/world/a" {
			t.Errorf("%s: %+v", tt.name, r)
		}
		if faults := p.Check(t); len(faults) > 0 {
			t.Errorf("%s: Check: %q", tt.name, faults)
		}
	}
}

// matter returns a file with that line, which is its fourth, in its front
// matter. Its text begins with the sixth line.
func matter(line string) string {
	return "---\ntitle: Bad\nsection: World\n" + line + "\n---\nText.\n"
}

// text returns a file whose text, from the fifth line on, is that.
func text(s string) string { return "---\ntitle: Bad\nsection: World\n---\n" + s }

// Every bad file says what is wrong and where.
var badFiles = []struct {
	name   string
	format importer.Format // Markdown if empty
	file   string
	want   string // the beginning of the error
	also   string // further on
}{
	{name: "no front matter", file: "Just text.\n", want: "Line 1: The file does not begin with front matter"},
	{name: "an empty file", file: "", want: "Line 1: The file does not begin with front matter"},
	{name: "front matter without an end", file: "---\ntitle: A\n", want: "Line 1: The front matter has no end"},
	{name: "empty front matter", file: "---\n---\nText.\n", want: "Line 2: The front matter is empty"},
	{name: "front matter that is not YAML", file: matter("standfirst: what: then"), want: "Line 4: The front matter is not YAML", also: "needs quotes"},
	{name: "a list as front matter", file: "---\n- a\n---\n", want: "Line 2: The value is not of the form"},
	{name: "two documents as front matter", file: matter("...\nslug: lost"), want: "Line 1: The front matter is more than one YAML document"},
	{name: "an unknown field", file: matter("auhtor: Nora"), want: `Line 4: The front matter knows no field "auhtor"`},
	{name: "an unknown field of a picture", file: matter("picture: {src: quay.jpg}"), want: `Line 4: The front matter knows no field "src"`},
	{name: "an unknown field of an author", file: matter("authors: [{nmae: Nora}]"), want: `Line 4: The front matter knows no field "nmae"`},
	{name: "a name twice in an author", file: matter("authors:\n- name: Nora\n  name: Ivo"), want: `Line 6: The front matter has the field "name" twice`},
	{name: "a list as one author", file: matter("authors: [[Nora, Ivo]]"), want: "Line 4: The value is not of the form"},
	{name: "a list as an author's name", file: matter("authors: [{name: [Nora]}]"), want: "Line 4: The value is not of the form"},
	{name: "an alias of nothing", file: matter("authors: [{name: *n}]"), want: "Line 2: The front matter is not YAML"},
	{name: "an article without end", file: text(strings.Repeat("Text. ", importer.MaxFile/6+1)), want: "The file is larger than"},
	{name: "a field twice", file: matter("title: Again"), want: `Line 4: The front matter has the field "title" twice`},
	{name: "a field very often", file: matter(strings.Repeat("a:\n", 20_000)), want: `Line 5: The front matter has the field "a" twice`},
	{name: "front matter like a book", file: matter(strings.Repeat("# Words.\n", 10_000)), want: "Line 1: The front matter is longer than 64 KB"},
	{name: "a list as author", file: matter("author: [Nora, Ivo]"), want: "Line 4: The value is not of the form"},
	{name: "a word for a number", file: matter("picture: {file: quay.jpg, focal: [left, 3]}"), want: "Line 4: The value `left` is not of the form"},
	{name: "no title", file: "---\nsection: World\n---\n", want: "Line 1: The front matter has no title"},
	{name: "a blank title", file: "---\ntitle: ' '\nsection: World\n---\n", want: "Line 1: The front matter has no title"},
	{name: "no section", file: "---\ntitle: Bad\n---\n", want: "Line 1: The front matter has no section"},
	{name: "author and authors", file: matter("author: Nora\nauthors: [Ivo]"), want: "Line 4: Give either author or authors"},
	{name: "an unknown kind", file: matter("kind: rumour"), want: `Line 4: The kind "rumour" is none of news`},
	{name: "an unknown role", file: matter("authors: [{name: Nora, role: chef}]"), want: "", also: "chef"},
	{name: "a date that is none", file: matter("date: 14th of March"), want: `Line 4: The date "14th of March" cannot be read: write 2026-03-14`},
	{name: "a day that is none", file: matter("date: 2026-02-30"), want: `Line 4: The date "2026-02-30" cannot be read`},
	{name: "the date that stands for none", file: matter("date: 1970-01-01T01:00:00+01:00"), want: `Line 4: The date "1970-01-01T01:00:00+01:00" is what programs write where there is none`},
	{name: "a date before all newspapers", file: matter("date: 0001-01-01"), want: `Line 4: The date "0001-01-01" is not between the years 1600 and 2200`},
	{name: "a date after all readers", file: matter("date: 20260-01-01"), want: `Line 4: The date "20260-01-01" cannot be read`},
	{name: "a date that nobody will see", file: matter("date: 2201-01-01"), want: `Line 4: The date "2201-01-01" is not between`},
	{name: "a dateline's date that is none", file: matter("dateline: {date: Friday}"), want: "", also: "Friday"},
	{name: "a language that is none", file: matter("lang: x!"), want: "", also: "x!"},
	{name: "a reserved section", file: "---\ntitle: Bad\nsection: Search\n---\n", want: "Line 3: The section cannot have the slug", also: "/search"},
	{name: "a section without letters", file: "---\ntitle: Bad\nsection: 🧊\n---\n", want: "Line 3: The section has no slug"},
	{name: "a slug with a capital", file: matter("slug: Bad Slug"), want: `Line 4: The slug "Bad Slug"`},
	{name: "a headline without letters", file: "---\ntitle: 🧊\nsection: World\n---\n", want: "The article has no slug"},
	{name: "a slug that is taken", file: matter("slug: good-0"), want: "There is an article with another text at /world/good-0"},
	{name: "a tag without letters", file: matter("tags: [🧊]"), want: "Line 4: The tag has no slug"},
	{name: "a story that is not there", file: matter("story: /world/nothing"), want: "There is no article at /world/nothing"},
	{name: "a story that is no address", file: matter("story: nothing"), want: `The story "nothing" is no article's address`},
	{name: "a lead picture that is not there", file: matter("picture: {file: none.jpg}"), want: "Line 4: There is no file none.jpg"},
	{name: "a picture without a file", file: matter("picture: {alt: A quay}"), want: "Line 4: A picture or file is named without saying which"},
	{name: "a directory as picture", file: matter("picture: {file: sub}"), want: "Line 4: sub is not a file"},
	{name: "a picture outside the folder", file: matter("picture: {file: ../../etc/passwd}"), want: "Line 4: The file ../../etc/passwd is outside the article's folder"},
	{name: "a picture by its absolute path", file: matter("picture: {file: /etc/passwd}"), want: "Line 4: The file /etc/passwd is outside the article's folder"},
	{name: "a file that leads out and in again", file: text("<p class=\"file\"><a href=\"sub/../../dues.csv\">The dues</a></p>\n"), want: "Line 5: The file sub/../../dues.csv is outside the article's folder"},
	{name: "a pipe as picture", file: matter("picture: {file: pipe.jpg}"), want: "Line 4: pipe.jpg is not a file"},
	{name: "a picture in the text that is not there", file: text("One.\n\n![Alt](none.jpg)\n"), want: "Line 7: There is no file none.jpg"},
	{name: "a picture on the internet", file: text("One.\n\n![Alt](https://cdn.example/a.jpg)\n"), want: "Line 7: The file https://cdn.example/a.jpg is on the internet"},
	{name: "a GIF named .jpg", file: matter("picture: {file: really-gif.jpg, decorative: true, credit: Staff}"), want: "Line 4: The picture really-gif.jpg is of the kind GIF, which its name denies"},
	{name: "a JPEG of 200 megapixels", file: matter("picture: {file: bomb.jpg}"), want: "Line 4: The picture bomb.jpg: The picture has 16000 by 12500 pixels"},
	{name: "a PNG of 200 megapixels", file: text("![Alt](bomb.png)\n"), want: "Line 5: The picture bomb.png: The picture has 16000 by 12500 pixels"},
	{name: "half a JPEG", file: text("Text.\n\n![Alt](quay.jpg)\n\n![Alt](cut.jpg)\n"), want: "Line 9: The picture cut.jpg: The picture is damaged or cut off"},
	{name: "a text as picture", file: matter("picture: {file: dues.csv}"), want: "Line 4: The picture dues.csv: "},
	{name: "a focal point of one number", file: matter("picture: {file: quay.jpg, focal: [1]}"), want: "Line 4: The focal point of quay.jpg needs two numbers"},
	{name: "a focal point outside", file: matter("picture: {file: quay.jpg, alt: A, credit: B, focal: [1, 2000]}"), want: "", also: "2000"},
	{name: "a program to save", file: text("<p class=\"file\"><a href=\"run.exe\">Run</a></p>\n"), want: "Line 5: There is no file run.exe"},
	{name: "no alt text", file: matter("picture: {file: quay.jpg, credit: Staff}"), want: "The article cannot be published yet. The lead picture has no description"},
	{name: "neither alt text nor credit", file: text("![](quay.jpg)\n"), want: "The article cannot be published yet. Picture 1 in the text has no description", also: "has no credit"},
	{name: "invalid UTF-8", file: text("One.\nTwo \xe9t\xe9.\n"), want: "Line 6: The file is not valid UTF-8"},
	{name: "invalid UTF-8 in the front matter", file: matter("author: Jos\xe9"), want: "Line 4: The file is not valid UTF-8"},
	{name: "U+0000", file: text("One.\n\nTwo\x00.\n"), want: "Line 7: The character U+0000"},
	{name: "a script in HTML", format: importer.HTML, file: text("<p>One.</p>\n\n<script>alert(1)</script>\n"), want: "Line 7: the element <script> is not allowed"},
	{name: "a script in Markdown", file: text("One.\n\n<script>alert(1)</script>\n"), want: "Line 7: the element <script> is not allowed"},
	{name: "an event handler", format: importer.HTML, file: text("<p>One.</p>\n<p>Two\n<img src=\"quay.jpg\" onerror=\"alert(1)\">\n"), want: "Line 7: the event handler onerror"},
	{name: "a link that runs", format: importer.HTML, file: text("<p><a href=\"javascript:alert(1)\">a</a></p>\n"), want: "Line 5: the link to"},
	{name: "a frame", format: importer.HTML, file: text("<iframe src=\"https://a.example\"></iframe>\n"), want: "Line 5: the element <iframe>"},
	{name: "a heading that is skipped", file: text("#### Deep\n"), want: "The article cannot be published yet. The heading “Deep”"},
}

// Each bad file stands between two good ones, which are taken in. Of itself
// nothing is left: no article, no picture, no person, no tag, no bytes.
func TestBadFilesAreReportedAndLeaveNothing(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		good := func(i int) string {
			return fmt.Sprintf("---\ntitle: Good %d\nsection: World\nauthor: Nora Quillan\npicture: {file: quay.jpg, alt: A quay, credit: Staff}\n---\nGood.\n", i)
		}
		if r := run(t, p, folder(t, map[string]string{"good.md": good(0)}), options(importer.Markdown), "good.md")[0]; r.Err != nil {
			t.Fatal(r.Err)
		}
		for i, tt := range badFiles {
			texts := map[string]string{"before.md": good(2*i + 1), "bad.md": tt.file, "after.md": good(2*i + 2)}
			if tt.format == "" {
				tt.format = importer.Markdown
			}
			results := run(t, p, folder(t, texts), options(tt.format), "before.md", "bad.md", "after.md")
			for j, path := range []string{fmt.Sprintf("/world/good-%d", 2*i+1), "", fmt.Sprintf("/world/good-%d", 2*i+2)} {
				if r := results[j]; r.Path != path || (r.Err == nil) != (path != "") {
					t.Errorf("%s: result %d is %+v, want %q", tt.name, j, r, path)
				}
			}
			err := results[1].Err
			newstest.WantKind(t, tt.name, err, map[bool]broadside.Kind{true: broadside.Conflict, false: broadside.Invalid}[tt.name == "a slug that is taken"])
			if err != nil && (!strings.HasPrefix(err.Error(), tt.want) || !strings.Contains(err.Error(), tt.also)) {
				t.Errorf("%s: %q, want %q … %q", tt.name, err, tt.want, tt.also)
			}
		}
		n, err := p.Store.CountListings(t.Context(), store.Scope{})
		if err != nil || n != 1+2*len(badFiles) || len(p.Log(t, "")) != n {
			t.Errorf("%d articles are public, %v, and the log has %d rows; want %d", n, err, len(p.Log(t, "")), 1+2*len(badFiles))
		}
		wantNothingElse(t, p)
	})
}

func wantNothingElse(t *testing.T, p *newstest.Paper) {
	t.Helper()
	pictures, err := p.Store.Pictures(t.Context())
	if err != nil || len(pictures) != 1 {
		t.Errorf("the pictures are %+v, %v; want the good one", pictures, err)
	}
	people, err := p.Store.People(t.Context())
	if err != nil || len(people) != 1 {
		t.Errorf("the people are %+v, %v; want the good one", people, err)
	}
	if tags, err := p.Store.Tags(t.Context()); err != nil || len(tags) != 0 {
		t.Errorf("the tags are %+v, %v; want none", tags, err)
	}
	if sections, err := p.Store.Sections(t.Context()); err != nil || len(sections) != 2 {
		t.Errorf("the sections are %+v, %v; want two", sections, err)
	}
	if faults := p.Check(t); len(faults) > 0 {
		t.Errorf("Check: %q", faults)
	}
}

// A draft may still lack what a published article must have.
func TestDraftMayBeImperfect(t *testing.T) {
	p := newstest.SQLite(t)
	opt := options(importer.Markdown)
	opt.Publish = false
	r := run(t, p, folder(t, map[string]string{"a.md": matter("picture: {file: quay.jpg}")}), opt, "a.md")[0]
	if r.Err != nil {
		t.Fatal(r.Err)
	}
	if a, _ := articleAt(t, p, r.Path); a.Status != broadside.Draft || a.Live != "" || len(p.Log(t, "")) != 0 {
		t.Errorf("the article is %+v", a)
	}
}

func TestMissingFileIsReportedByName(t *testing.T) {
	p := newstest.SQLite(t)
	results := run(t, p, folder(t, map[string]string{"a.md": text("Text.")}), options(importer.Markdown), "none.md", "sub", "a.md")
	if err := results[0].Err; err == nil || err.Error() != "There is no file none.md." {
		t.Errorf("a file that is not there: %v", err)
	}
	if results[1].Err == nil || results[2].Err != nil {
		t.Errorf("the results are %+v", results)
	}
}

// A picture that a refused file and a good one share stays for the good one,
// whichever comes first and whatever is in the paper.
func TestRefusedFileDoesNotTakeAPictureFromAnother(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		texts := map[string]string{}
		var files []string
		for i := range 12 {
			name := fmt.Sprintf("%d.md", i)
			slug := fmt.Sprintf("story-%d", i)
			if i%2 == 0 {
				slug = "taken"
			}
			texts[name] = fmt.Sprintf("---\ntitle: Story %d\nslug: %s\nsection: World\npicture: {file: quay.jpg, alt: A quay, credit: Staff}\n---\nText %d.\n", i, slug, i)
			files = append(files, name)
		}
		texts["taken.md"] = "---\ntitle: Taken\nsection: World\n---\nText.\n"
		fsys := folder(t, texts)
		run(t, p, fsys, options(importer.Markdown), "taken.md")
		for i, r := range run(t, p, fsys, options(importer.Markdown), files...) {
			if (r.Err == nil) != (i%2 == 1) {
				t.Errorf("%s: %v", r.File, r.Err)
			}
		}
		if faults := p.Check(t); len(faults) > 0 {
			t.Errorf("Check: %q", faults)
		}
	})
}

func TestImportingTwiceChangesNothing(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		fsys := folder(t, map[string]string{
			"a.md": whole, "b.md": text("Text."), "bad.md": matter("kind: rumour"),
			"future.md": "---\ntitle: To come\nsection: World\ndate: 2030-01-01\n---\nText.\n",
			"file.md":   "---\ntitle: File\nsection: World\n---\n<p class=\"file\"><a href=\"dues.csv\">The dues</a></p>\n",
		})
		files := []string{"a.md", "b.md", "bad.md", "future.md", "file.md"}
		opt := options(importer.Markdown)
		opt.KeepOriginals = true
		first := run(t, p, fsys, opt, files...)
		before, blobs := p.Dump(t), p.BlobNames(t)
		p.Clock.Move(time.Hour)
		for i, r := range run(t, p, fsys, opt, files...) {
			if r.Path != first[i].Path || r.Changed || (r.Err == nil) != (first[i].Err == nil) {
				t.Errorf("the second time: %+v, the first: %+v", r, first[i])
			}
		}
		// To delete the second copies of the originals it locks the blobs, and
		// counts that.
		count := func(dump string) string { return strings.Split(dump, "\n[\"publication\"")[1] }
		newstest.WantSame(t, "the paper", count(before), count(p.Dump(t)))
		if after := p.BlobNames(t); !slices.Equal(after, blobs) {
			t.Errorf("the blobs were %v and are %v", blobs, after)
		}
	})
}

func TestResultsComeInTheOrderOfTheFiles(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		texts := map[string]string{}
		var files []string
		for i := range 200 {
			name := fmt.Sprintf("%03d.md", 199-i)
			files = append(files, name)
			texts[name] = fmt.Sprintf("---\ntitle: Story %d\nsection: World\n---\nText %d.\n", i, i)
			if i%50 == 7 {
				texts[name] = "no front matter"
			}
		}
		results := run(t, p, folder(t, texts), options(importer.Markdown), files...)
		if len(results) != 200 {
			t.Fatalf("there are %d results", len(results))
		}
		for i, r := range results {
			want := importer.Result{File: files[i], Path: fmt.Sprintf("/world/story-%d", i), Changed: true}
			if i%50 == 7 {
				want.Path, want.Changed = "", false
			}
			if (r.Err != nil) != (want.Path == "") || r.File != want.File || r.Path != want.Path || r.Changed != want.Changed {
				t.Errorf("result %d is %+v, want %+v", i, r, want)
			}
		}
		last := int64(0)
		for _, row := range p.Log(t, "") {
			if row.Seq != last+1 {
				t.Errorf("row %d of the log follows row %d", row.Seq, last)
			}
			last = row.Seq
		}
		if last != 196 {
			t.Errorf("the log has %d rows, want 196", last)
		}
	})
}

func TestDatesAreThePapersOwn(t *testing.T) {
	tests := []struct{ date, want string }{ // Europe/London is an hour ahead of UTC in July
		{"2024-07-01", "2024-06-30T23:00:00Z"},
		{"2024-07-01 06:00", "2024-07-01T05:00:00Z"},
		{"2024-07-01T06:00", "2024-07-01T05:00:00Z"},
		{"2024-07-01 06:00:30", "2024-07-01T05:00:30Z"},
		{"2024-07-01T06:00:00Z", "2024-07-01T06:00:00Z"},
		{"2024-07-01T06:00:00+02:00", "2024-07-01T04:00:00Z"},
		{"1931-01-02", "1931-01-02T00:00:00Z"},
		{"1970-01-01", "1969-12-31T23:00:00Z"}, // all of 1970 was summer time
		{"1605-07-01T00:00:00Z", "1605-07-01T00:00:00Z"},
	}
	p := newstest.SQLite(t)
	for i, tt := range tests {
		name := fmt.Sprintf("%d.md", i)
		file := fmt.Sprintf("---\ntitle: Story %d\nsection: World\ndate: %s\n---\nText.\n", i, tt.date)
		r := run(t, p, folder(t, map[string]string{name: file}), options(importer.Markdown), name)[0]
		if r.Err != nil {
			t.Errorf("%s: %v", tt.date, r.Err)
			continue
		}
		if a, _ := articleAt(t, p, r.Path); a.Published.Format(time.RFC3339) != tt.want {
			t.Errorf("date: %s is %s, want %s", tt.date, a.Published.Format(time.RFC3339), tt.want)
		}
	}
}

func TestFutureDateIsATimetable(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		file := "---\ntitle: To come\nsection: World\ndate: 2026-03-14 18:00\n---\nText.\n"
		r := run(t, p, folder(t, map[string]string{"a.md": file}), options(importer.Markdown), "a.md")[0]
		if r.Err != nil {
			t.Fatal(r.Err)
		}
		a, _ := articleAt(t, p, r.Path)
		if a.Status != broadside.Scheduled || !a.PublishAt.Equal(newstest.Noon.Add(6*time.Hour)) {
			t.Fatalf("the article is %+v", a)
		}
		p.Clock.Move(6 * time.Hour)
		p.Work(t)
		if a, _ := articleAt(t, p, r.Path); a.Status != broadside.Published {
			t.Errorf("at its hour it is %s", a.Status)
		}
	})
}

// A translation names the article it translates, which may come in the same
// run before it.
func TestTranslationsShareTheirStory(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		fsys := folder(t, map[string]string{
			"en.md": "---\ntitle: Ice\nsection: World\n---\nText.\n",
			"ru.md": "---\ntitle: Лёд\nsection: World\nlang: ru\nslug: lyod\nstory: /world/ice\n---\nТекст.\n",
			"de.md": "---\ntitle: Eis\nsection: World\nlang: de\nstory: /world/lyod\nauthors: [{name: Uwe, role: translation}]\n---\nText.\n",
			"ar.md": "---\ntitle: ثلج\nsection: World\nlang: ar\nstory: /world/ice\nslug: thalj\n---\nنص.\n",
		})
		results := run(t, p, fsys, options(importer.Markdown), "en.md", "ru.md")
		results = append(results, run(t, p, fsys, options(importer.Markdown), "de.md", "ar.md")...)
		story := ""
		for _, r := range results {
			if r.Err != nil {
				t.Fatalf("%s: %v", r.File, r.Err)
			}
			a, d := articleAt(t, p, r.Path)
			if story == "" {
				story = a.Story
			}
			if a.Story != story || a.Lang+".md" != r.File && a.Lang != "en-GB" {
				t.Errorf("%s: the article is %+v, want the story %s", r.File, a, story)
			}
			if rtl := a.Lang == "ar"; (d.Dir == "rtl") != rtl {
				t.Errorf("%s is written %s", r.File, d.Dir)
			}
		}
	})
}

// Whoever stops an import finds every reported article whole, and no bytes of
// the others.
func TestStoppedImportLeavesNothingHalf(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		texts := map[string]string{}
		var files []string
		fsys := folder(t, nil)
		for i := range 200 {
			name, pic := fmt.Sprintf("%d.md", i), fmt.Sprintf("%d.jpg", i%5)
			files = append(files, name)
			texts[name] = fmt.Sprintf("---\ntitle: Story %d\nsection: World\npicture: {file: %s, alt: A, credit: B}\n---\nText.\n", i, pic)
			fsys[name] = &fstest.MapFile{Data: []byte(texts[name])}
			if fsys[pic] == nil {
				fsys[pic] = &fstest.MapFile{Data: newstest.JPEG(t, 64, 48, uint64(i))}
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		done := 0
		err := importer.Run(ctx, p.Newsroom, fsys, files, options(importer.Markdown), func(r importer.Result) {
			if r.Err == nil {
				done++
			}
			if done == 10 {
				cancel()
			}
		})
		if err != context.Canceled {
			t.Errorf("Run = %v, want Canceled", err)
		}
		if n, err := p.Store.CountListings(t.Context(), store.Scope{}); err != nil || n != done || n == 200 {
			t.Errorf("%d articles are public, %v; %d were reported", n, err, done)
		}
		if faults := p.Check(t); len(faults) > 0 {
			t.Errorf("Check: %q", faults)
		}
	})
}
