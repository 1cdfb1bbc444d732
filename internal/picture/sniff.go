package picture

import (
	"bytes"
	"strings"

	"example.org/broadside"
)

// signatures lists how files begin. The first that fits is right.
var signatures = []struct{ format, head string }{
	{"jpeg", "\xff\xd8\xff"},
	{"png", "\x89PNG\r\n\x1a\n"},
	{"gif", "GIF87a"},
	{"gif", "GIF89a"},
	{"pdf", "%PDF-"},
	{"zip", "PK\x03\x04"},
	{"tiff", "II*\x00"},
	{"tiff", "MM\x00*"},
	{"psd", "8BPS"},
	{"jxl", "\xff\x0a"},
	{"jxl", "\x00\x00\x00\x0cJXL "},
	{"doc", "\xd0\xcf\x11\xe0"},
	{"bmp", "BM"},
}

// containers lists the brands of files of the ISO base media format.
var containers = []struct{ format, brands string }{
	{"heic", "heic heix heim heis hevc hevx mif1 msf1"},
	{"avif", "avif avis"},
}

// descriptions says what a format is in the words of whoever holds the file.
var descriptions = map[string]string{
	"pdf":  "a PDF document",
	"zip":  "a ZIP archive or an office document",
	"tiff": "a TIFF or a camera's raw file",
	"psd":  "a Photoshop file",
	"jxl":  "a JPEG XL file",
	"doc":  "an office document",
	"bmp":  "a BMP file",
	"heic": "a HEIC file, as iPhones make them",
	"avif": "an AVIF file",
	"mp4":  "a film",
	"svg":  "an SVG drawing",
	"html": "a web page",
	"text": "a text",
}

// Sniff says what a file is by its first bytes, of which 512 are enough:
// "jpeg", "png", "gif" and "webp" can be read; others that it knows are "pdf",
// "zip", "heic", "avif", "svg", "tiff" and the like. It returns "" for what it
// does not know. A caller may compare it with the file's name.
func Sniff(head []byte) string {
	for _, s := range signatures {
		if bytes.HasPrefix(head, []byte(s.head)) {
			return s.format
		}
	}
	if len(head) >= 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP" {
		return "webp"
	}
	if len(head) >= 12 && string(head[4:8]) == "ftyp" {
		for _, c := range containers {
			if strings.Contains(c.brands, string(head[8:12])) {
				return c.format
			}
		}
		return "mp4"
	}
	return sniffText(head[:min(len(head), 512)])
}

func sniffText(head []byte) string {
	if len(head) == 0 || bytes.IndexByte(head, 0) >= 0 {
		return ""
	}
	text := strings.ToLower(strings.TrimLeft(string(head), "\ufeff \t\r\n"))
	switch {
	case strings.HasPrefix(text, "<svg"), strings.HasPrefix(text, "<?xml") && strings.Contains(text, "<svg"):
		return "svg"
	case strings.HasPrefix(text, "<!doctype html"), strings.HasPrefix(text, "<html"):
		return "html"
	}
	for _, c := range head {
		if c < ' ' && !strings.ContainsRune("\t\r\n\f", rune(c)) {
			return ""
		}
	}
	return "text"
}

func notAPicture(format string, data []byte) error {
	switch {
	case len(data) == 0:
		return broadside.Errorf(broadside.Invalid, "The picture's file is empty.")
	case descriptions[format] == "":
		return broadside.Errorf(broadside.Invalid, "This is not a picture that can be printed: save it as JPEG or PNG.")
	}
	return broadside.Errorf(broadside.Invalid, "This is %s, not a picture that can be printed: save it as JPEG or PNG.", descriptions[format])
}
