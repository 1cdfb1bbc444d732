package newstest

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"testing"

	"example.org/broadside"
	"example.org/broadside/internal/document"
)

// Text returns a document of the kind "news" by Nora Quillan that may be
// published. Without paragraphs it has one.
func Text(headline string, paragraphs ...string) *document.Document {
	if len(paragraphs) == 0 {
		paragraphs = []string{"The ice reached the inner harbour on Friday."}
	}
	body := &document.Node{Type: document.Doc}
	for _, p := range paragraphs {
		body.Content = append(body.Content, &document.Node{Type: document.Paragraph, Content: []*document.Node{{Type: document.Text, Text: p}}})
	}
	return &document.Document{
		Kind: "news", Lang: "en-GB", Dir: "ltr", Headline: headline, Standfirst: "What happened and what comes next",
		Bylines: []document.Byline{{Name: "Nora Quillan"}}, Body: body,
	}
}

// WithLead makes p the lead picture of d, described and credited, and returns d.
func WithLead(d *document.Document, p broadside.Picture) *document.Document {
	d.Lead = p.Master
	d.Pictures = append(d.Pictures, document.Use{Picture: p.Master, Alt: "A stone quay at dawn", Caption: "The quay", Credit: "Ivo Tarn",
		Licence: "CC BY-SA 4.0", FocalX: 500, FocalY: 500})
	return d
}

// JPEG draws a photograph of that size. Another seed draws another picture.
func JPEG(t testing.TB, width, height int, seed uint64) []byte {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			m.SetRGBA(x, y, color.RGBA{byte(255 * x / width), byte(255 * y / height), byte(r.IntN(64)) + byte(seed%192), 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 85}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
