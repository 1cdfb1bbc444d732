package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"slices"
	"strings"
	"testing"
)

func deflate(s string) string {
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	z.Write([]byte(s))
	z.Close()
	return b.String()
}

const declaredUTF8 = "\x1b%G"

func TestFilesSayWhoTookThePicture(t *testing.T) {
	photo := jpegOf(t, scene(32, 32))
	full := xmpPacket(`
		<dc:creator><rdf:Seq><rdf:li>Ana Reyes</rdf:li><rdf:li>Tom Hale</rdf:li></rdf:Seq></dc:creator>
		<dc:description><rdf:Alt><rdf:li xml:lang="x-default">The harbour at dawn.</rdf:li><rdf:li xml:lang="de">Der Hafen.</rdf:li></rdf:Alt></dc:description>
		<photoshop:Credit>Harbour Press</photoshop:Credit>
		<Iptc4xmpCore:AltTextAccessibility><rdf:Alt><rdf:li xml:lang="x-default">Boats at a quay</rdf:li></rdf:Alt></Iptc4xmpCore:AltTextAccessibility>
		<xmpRights:UsageTerms><rdf:Alt><rdf:li xml:lang="x-default">CC BY-SA 4.0</rdf:li></rdf:Alt></xmpRights:UsageTerms>`)
	exif := func(order binary.AppendByteOrder, text string) []byte {
		return exifPart(tiff(order, []entry{{0x010e, text}, {0x013b, "Ana Reyes"}, {0x8298, "© Ana Reyes"}}, ""))
	}
	type words struct{ alt, caption, credit, licence string }
	tests := []struct {
		name string
		file []byte
		want words
	}{
		{"nothing", photo, words{}},
		{"IPTC in UTF-8", withParts(photo, iptcPart(record(1, 90, declaredUTF8), record(2, 80, "José Peña"), record(2, 110, "Harbour Press"),
			record(2, 120, "A café by the sea"), record(2, 116, "© 2026 Harbour Press"))),
			words{"", "A café by the sea", "José Peña/Harbour Press", "© 2026 Harbour Press"}},
		{"IPTC in UTF-8 that does not say so", withParts(photo, iptcPart(record(2, 80, "José Peña"), record(2, 120, "Кафе"))),
			words{"", "Кафе", "José Peña", ""}},
		{"IPTC in Latin-1", withParts(photo, iptcPart(record(2, 80, "Jos\xe9 Pe\xf1a"), record(2, 120, "caf\xe9"))),
			words{"", "café", "José Peña", ""}},
		{"IPTC in Latin-1 that says it is UTF-8", withParts(photo, iptcPart(record(1, 90, declaredUTF8), record(2, 80, "Jos\xe9"))),
			words{"", "", "José", ""}},
		{"several names in IPTC", withParts(photo, iptcPart(record(2, 80, "Ana Reyes"), record(2, 80, "Tom Hale"))),
			words{"", "", "Ana Reyes, Tom Hale", ""}},
		{"XMP", withParts(photo, xmpPart(full)),
			words{"Boats at a quay", "The harbour at dawn.", "Ana Reyes, Tom Hale/Harbour Press", "CC BY-SA 4.0"}},
		{"a licence by its address", withParts(photo, xmpPart(xmpPacket(`<cc:license rdf:resource="https://creativecommons.org/licenses/by/4.0/"/>`)),
			iptcPart(record(2, 116, "© somebody"))),
			words{"", "", "", "https://creativecommons.org/licenses/by/4.0/"}},
		{"EXIF, Intel", withParts(photo, exif(binary.LittleEndian, "The  harbour at dawn ")), words{"", "The harbour at dawn", "Ana Reyes", "© Ana Reyes"}},
		{"EXIF, Motorola", withParts(photo, exif(binary.BigEndian, "café")), words{"", "café", "Ana Reyes", "© Ana Reyes"}},
		{"EXIF that is neither ASCII nor UTF-8", withParts(photo, exif(binary.BigEndian, "caf\xe9")), words{"", "", "Ana Reyes", "© Ana Reyes"}},
		{"a camera that talks to itself", withParts(photo, exif(binary.BigEndian, "OLYMPUS DIGITAL CAMERA")), words{"", "", "Ana Reyes", "© Ana Reyes"}},
		{"a drone that talks to itself", withParts(photo, exif(binary.BigEndian, `DCIM\100MEDIA\DJI_0042.JPG`)), words{"", "", "Ana Reyes", "© Ana Reyes"}},
		{"all three, of which IPTC goes first", withParts(photo, exif(binary.BigEndian, "from EXIF"), xmpPart(full), iptcPart(record(2, 120, "from IPTC"), record(2, 80, "Tom Hale"))),
			words{"Boats at a quay", "from IPTC", "Tom Hale/Harbour Press", "CC BY-SA 4.0"}},
		{"a PNG", withChunks(pngOf(t, scene(8, 8)), chunk("iTXt", "XML:com.adobe.xmp\x00\x00\x00\x00\x00"+full)),
			words{"Boats at a quay", "The harbour at dawn.", "Ana Reyes, Tom Hale/Harbour Press", "CC BY-SA 4.0"}},
		{"damaged notes beside whole ones", withParts(photo, xmpPart("<x:xmpmeta"), exifPart("MM\x00*\xff\xff\xff\xff"), iptcPart(record(2, 80, "Tom Hale"))),
			words{"", "", "Tom Hale", ""}},
		{"a caption without end", withParts(photo, xmpPart(xmpPacket(`<dc:description>`+strings.Repeat("long ", 5000)+`</dc:description>`))),
			words{"", strings.Repeat("long ", 5000)[:maxNote-1] + "…", "", ""}},
	}
	for _, tt := range tests {
		m := read(t, tt.file)
		if got := (words{m.Alt, m.Caption, m.Credit, m.Licence}); got != tt.want {
			t.Errorf("%s:\n got %q\nwant %q", tt.name, got, tt.want)
		}
	}
}

// secrets are what a photograph carries that may endanger whoever is in it.
// Each is somewhere in the files of [loaded].
var secrets = []string{
	"PLANTED-POSITION", "PLANTED-SERIAL", "PLANTED-MAKER", "PLANTED-THUMBNAIL", "PLANTED-XMP", "PLANTED-IPTC",
	"PLANTED-COMMENT", "PLANTED-MPF", "PLANTED-TRAILER", "PLANTED-OWNER", "PLANTED-PROFILE", "PLANTED-JFIF",
	"Exif", "adobe.com", "Photoshop", "ICC_PROFILE", "8BIM",
}

// loaded returns pictures that carry all that cameras and programs put into
// them, each as it is and lying on its side.
func loaded(t *testing.T) map[string][]byte {
	files := map[string][]byte{}
	for _, o := range []int{1, 6} {
		exif := tiff(binary.LittleEndian, []entry{
			{0x0112, o}, {0x010f, "PLANTED-MAKER"}, {0x8825, []entry{{0x001c, "PLANTED-POSITION"}}},
			{0x8769, []entry{{0xa431, "PLANTED-SERIAL"}, {0x927c, "PLANTED-MAKER"}, {0xa430, "PLANTED-OWNER"}}},
		}, "PLANTED-THUMBNAIL")
		packet := xmpPacket("<dc:creator>PLANTED-XMP</dc:creator>")
		name := map[int]string{1: "upright ", 6: "turned "}[o]
		files[name+"JPEG"] = slices.Concat(withParts(jpegOf(t, scene(64, 48)),
			part(markAPP0, "JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x02\x03PLANTED-JFIF......"), part(markAPP0, "JFXX\x00PLANTED-THUMBNAIL"),
			exifPart(exif), xmpPart(packet), iptcPart(record(2, 80, "PLANTED-IPTC")), part(0xfe, "PLANTED-COMMENT"),
			part(markAPP2, "MPF\x00PLANTED-MPF"), iccPart(iccProfile(primariesSRGB)+"PLANTED-PROFILE"), []byte("PLANTED-COMMENT"),
		), []byte("PLANTED-TRAILER"), jpegOf(t, scene(16, 16)))
		files[name+"PNG"] = slices.Concat(withChunks(pngOf(t, scene(64, 48)),
			chunk("eXIf", exif), chunk("tEXt", "Comment\x00PLANTED-COMMENT"), chunk("iTXt", "XML:com.adobe.xmp\x00\x00\x00\x00\x00"+packet),
			chunk("iCCP", "PLANTED-PROFILE\x00\x00"+deflate(iccProfile(primariesSRGB))),
		), []byte("PLANTED-TRAILER"))
	}
	gif := gifOf(t, paletted(scene(64, 48)))
	files["GIF"] = slices.Concat(gif[:len(gif)-1], []byte("\x21\xfe\x0fPLANTED-COMMENT\x00"), gif[len(gif)-1:], []byte("PLANTED-TRAILER"))
	return files
}

func TestNothingButThePictureRemains(t *testing.T) {
	for name, file := range loaded(t) {
		m := read(t, file)
		outputs := map[string][]byte{"master": m.Data}
		made, err := NewStudio().Render(t.Context(), m.Data, []int{32, 64}, Formats())
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range made {
			outputs[r.Format] = append(outputs[r.Format], r.Data...)
		}
		for output, data := range outputs {
			for _, secret := range secrets {
				if bytes.Contains(data, []byte(secret)) {
					t.Errorf("%s: %s is in its %s", name, secret, output)
				}
			}
		}
	}
}
