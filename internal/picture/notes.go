package picture

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/bep/imagemeta"
)

// notes is what a file says about its picture.
type notes struct {
	orientation                   int // of EXIF, 1 to 8
	alt, caption, credit, licence string
}

// maxNote is the length of the longest text that is offered, in characters.
const maxNote = 2000

// The places where a file may say something.
const (
	exifOrientation = "EXIF Orientation"
	exifArtist      = "EXIF Artist"
	exifDescription = "EXIF ImageDescription"
	exifCopyright   = "EXIF Copyright"
	iptcByline      = "IPTC By-line"
	iptcCredit      = "IPTC Credit"
	iptcCaption     = "IPTC Caption-Abstract"
	iptcCopyright   = "IPTC CopyrightNotice"
	xmpCreator      = "http://purl.org/dc/elements/1.1/ Creator"
	xmpDescription  = "http://purl.org/dc/elements/1.1/ Description"
	xmpCredit       = "http://ns.adobe.com/photoshop/1.0/ Credit"
	xmpAlt          = "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/ AltTextAccessibility"
	xmpTerms        = "http://ns.adobe.com/xap/1.0/rights/ UsageTerms"
	xmpStatement    = "http://ns.adobe.com/xap/1.0/rights/ WebStatement"
	xmpLicence      = "http://creativecommons.org/ns# License"
)

var places = []string{
	exifOrientation, exifArtist, exifDescription, exifCopyright, iptcByline, iptcCredit, iptcCaption, iptcCopyright,
	xmpCreator, xmpDescription, xmpCredit, xmpAlt, xmpTerms, xmpStatement, xmpLicence,
}

// idle lists what cameras write where a person would describe the picture.
var idle = []string{
	"olympus digital camera", "minolta digital camera", "kodak digital still camera", "samsung camera pictures",
	"sony dsc", "digital camera", "dcim", "default", "untitled",
}

// readNotes finds what it can. Notes that are missing or damaged are no reason
// to refuse a picture, so there is no error.
func readNotes(format string, data []byte) notes {
	said := map[string][]string{}
	for _, s := range sources(format, data) {
		listen(s, said)
	}
	n := notes{
		orientation: 1,
		alt:         first(said, xmpAlt),
		caption:     first(said, iptcCaption, xmpDescription, exifDescription),
		credit:      credit(said),
		licence:     first(said, xmpTerms, xmpLicence, xmpStatement, iptcCopyright, exifCopyright),
	}
	if o := first(said, exifOrientation); len(o) == 1 && "1" <= o && o <= "8" {
		n.orientation = int(o[0] - '0')
	}
	if at := strings.IndexAny(n.caption, `\/`); slices.Contains(idle, strings.ToLower(n.caption)) || at > 0 && strings.EqualFold(n.caption[:at], "dcim") {
		n.caption = ""
	}
	return n
}

// credit names the photographer, and the agency after a stroke if it is
// another, as newspapers do.
func credit(said map[string][]string) string {
	who, agency := first(said, iptcByline, xmpCreator, exifArtist), first(said, iptcCredit, xmpCredit)
	switch {
	case who == "" || strings.Contains(agency, who):
		return agency
	case agency == "" || strings.Contains(who, agency):
		return who
	}
	return who + "/" + agency
}

// first returns what was said in the first of the places where anything was.
// Several values are several people, or one text in several languages, of
// which the first is the default.
func first(said map[string][]string, places ...string) string {
	for _, p := range places {
		if len(said[p]) == 0 {
			continue
		}
		if p == iptcByline || p == xmpCreator {
			return strings.Join(said[p], ", ")
		}
		return said[p][0]
	}
	return ""
}

// A source is a small picture file that holds notes of one sort and no pixels.
type source struct {
	sort   imagemeta.Source
	format imagemeta.ImageFormat
	data   []byte
}

// sources cuts out of a file the parts that may hold notes, so that the reader
// of notes sees little, and one damaged part does not hide the others.
func sources(format string, data []byte) []source {
	var all []source
	add := func(sort imagemeta.Source, marker byte, head string, body []byte) {
		if n := len(head) + len(body) + 2; len(body) > 0 && n <= 0xffff {
			file := []byte{0xff, markSOI, 0xff, marker, byte(n >> 8), byte(n)}
			all = append(all, source{sort, imagemeta.JPEG, slices.Concat(file, []byte(head), body, []byte{0xff, markEOI})})
		}
	}
	const exif, xmp, pngXMP = "Exif\x00\x00", "http://ns.adobe.com/xap/1.0/\x00", "XML:com.adobe.xmp\x00\x00\x00\x00\x00"
	switch format {
	case "jpeg":
		j, err := parseJPEG(data)
		if err != nil {
			return nil
		}
		add(imagemeta.EXIF, markAPP1, exif, j.app(markAPP1, exif))
		add(imagemeta.XMP, markAPP1, xmp, j.app(markAPP1, xmp))
		add(imagemeta.IPTC, markAPP13, photoshop, iptcResource(j.app(markAPP13, photoshop)))
	case "png":
		add(imagemeta.EXIF, markAPP1, exif, pngChunk(data, "eXIf", ""))
		add(imagemeta.XMP, markAPP1, xmp, bytes.TrimPrefix(pngChunk(data, "iTXt", pngXMP), []byte(pngXMP)))
	case "webp":
		add(imagemeta.EXIF, markAPP1, exif, bytes.TrimPrefix(riffChunk(data, "EXIF"), []byte(exif)))
		add(imagemeta.XMP, markAPP1, xmp, riffChunk(data, "XMP "))
	}
	return all
}

// app returns what follows head in the first application segment that begins
// with it, or nil.
func (j *jpegFile) app(marker byte, head string) []byte {
	for _, s := range j.segments {
		if s.marker == marker && bytes.HasPrefix(s.body, []byte(head)) {
			return s.body[len(head):]
		}
	}
	return nil
}

const photoshop = "Photoshop 3.0\x00"

// iptcResource returns, out of Photoshop's image resources, the one that holds
// IPTC, number 0x0404, with its head. Resources are padded to even lengths.
func iptcResource(b []byte) []byte {
	for len(b) >= 12 && string(b[:4]) == "8BIM" {
		name := int(b[6]) + 1
		at := 6 + name + name%2
		if at+4 > len(b) {
			return nil
		}
		size := uint64(binary.BigEndian.Uint32(b[at:]))
		end := uint64(at+4) + size
		if end > uint64(len(b)) {
			return nil
		}
		if binary.BigEndian.Uint16(b[4:]) == 0x0404 {
			return slices.Concat([]byte("8BIM\x04\x04\x00\x00"), b[at:end])
		}
		b = b[min(end+end%2, uint64(len(b))):]
	}
	return nil
}

// listen adds what the source says to said.
func listen(s source, said map[string][]string) {
	// The reader of notes is somebody else's, and strangers' bytes go in. If
	// it stumbles, the picture has no notes.
	defer func() { _ = recover() }()
	place := func(t imagemeta.TagInfo) string {
		switch {
		case t.Source == imagemeta.XMP:
			return t.Namespace + " " + t.Tag
		case t.Source == imagemeta.EXIF && t.Namespace != "IFD0":
			return ""
		}
		return t.Source.String() + " " + t.Tag
	}
	// An error leaves what was heard before it, which is all there is to have.
	_, _ = imagemeta.Decode(imagemeta.Options{
		R:           bytes.NewReader(s.data),
		ImageFormat: s.format,
		Sources:     s.sort,
		ShouldHandleTag: func(t imagemeta.TagInfo) bool {
			return t.Tag == "CodedCharacterSet" || slices.Contains(places, place(t))
		},
		HandleTag: func(t imagemeta.TagInfo) error {
			if p := place(t); slices.Contains(places, p) && said[p] == nil {
				said[p] = values(t.Value)
			}
			return nil
		},
	})
}

// values returns the texts in the value of a tag, clean and without the empty.
func values(v any) []string {
	all, ok := v.([]string)
	if !ok {
		all = []string{fmt.Sprint(v)}
	}
	var clean []string
	for _, s := range all {
		if s = tidy(s); s != "" {
			clean = append(clean, s)
		}
	}
	return clean
}

// tidy makes one line of text in UTF-8 out of what a file holds. A text whose
// letters were lost on the way is none: it must not be printed by mistake.
func tidy(s string) string {
	if strings.ContainsRune(s, utf8.RuneError) && utf8.ValidString(s) {
		return ""
	}
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, decodeText(s))
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) > maxNote {
		s = string([]rune(s)[:maxNote-1]) + "…"
	}
	return s
}

// decodeText mends the two usual mistakes: UTF-8 that was taken for Latin-1,
// since most programs write UTF-8 and do not say so, and the reverse. A text
// in Latin-1 that is UTF-8 by chance makes no sense in any language.
func decodeText(s string) string {
	if !utf8.ValidString(s) {
		return fromLatin1([]byte(s))
	}
	narrow := make([]byte, 0, len(s))
	for _, r := range s {
		if r > 0xff {
			return s
		}
		narrow = append(narrow, byte(r))
	}
	if utf8.Valid(narrow) {
		return string(narrow)
	}
	return s
}

func fromLatin1(b []byte) string {
	wide := make([]rune, len(b))
	for i, c := range b {
		wide[i] = rune(c)
	}
	return string(wide)
}
