package newsroom_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"example.org/broadside"
	"example.org/broadside/internal/blob"
	"example.org/broadside/internal/newsroom"
	"example.org/broadside/internal/newstest"
	"example.org/broadside/internal/picture"
)

// A meddler is a blob store in which something happens before each Put.
type meddler struct {
	blob.Store
	before func()
	puts   atomic.Int32
	fail   int32 // the Put of that number fails
}

func (m *meddler) Put(ctx context.Context, r io.Reader) (string, int64, error) {
	if m.before != nil {
		m.before()
	}
	if m.puts.Add(1) == m.fail {
		return "", 0, errors.New("the disk is on fire")
	}
	return m.Store.Put(ctx, r)
}

// withNotes puts a comment, an EXIF segment with a serial number and a
// position, and an XMP packet with a credit into a JPEG file.
func withNotes(file []byte, secret, credit string) []byte {
	segment := func(marker byte, body string) []byte {
		b := []byte{0xff, marker}
		b = binary.BigEndian.AppendUint16(b, uint16(len(body)+2))
		return append(b, body...)
	}
	xmp := "http://ns.adobe.com/xap/1.0/\x00" + `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
		`<rdf:Description rdf:about="" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:Credit="` + credit + `"/></rdf:RDF></x:xmpmeta>`
	exif := "Exif\x00\x00II*\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00 position of " + secret
	return slices.Concat(file[:2], segment(0xe1, exif), segment(0xe1, xmp), segment(0xfe, "serial number of "+secret), file[2:])
}

// Where and with what a picture was taken is nobody's business.
func TestKeptPictureTellsNothingOfTheCamera(t *testing.T) {
	p := newstest.SQLite(t)
	photo := withNotes(newstest.JPEG(t, 400, 300, 1), "Quibbledock", "Ivo Tarn")
	print, err := p.Newsroom.Develop(t.Context(), bytes.NewReader(photo), false)
	if err != nil {
		t.Fatal(err)
	}
	got := print.Picture()
	if got.Credit != "Ivo Tarn" || got.Width != 400 || got.Height != 300 || got.Format != "jpeg" || got.Original != "" || got.FocalX != 500 || got.FocalY != 500 {
		t.Errorf("the picture is %+v", got)
	}
	if names := p.BlobNames(t); !slices.Equal(names, []string{got.Master}) {
		t.Errorf("the blobs are %v, want the master %s alone", names, got.Master)
	}
	master := blobBytes(t, p, got.Master)
	for _, secret := range []string{"Quibbledock", "Exif", "Ivo Tarn", "photoshop"} {
		if strings.Contains(master, secret) {
			t.Errorf("the master holds %q", secret)
		}
	}
}

// The camera's own file is kept only when somebody asks, and then no copy of
// the disk shows it.
func TestKeptOriginalIsEncrypted(t *testing.T) {
	p := newstest.SQLite(t)
	photo := withNotes(newstest.JPEG(t, 400, 300, 1), "Quibbledock", "Ivo Tarn")
	print, err := p.Newsroom.Develop(t.Context(), bytes.NewReader(photo), true)
	if err != nil {
		t.Fatal(err)
	}
	sealed := blobBytes(t, p, print.Picture().Original)
	for at := 0; at+16 < len(photo); at += 97 {
		if strings.Contains(sealed, string(photo[at:at+16])) {
			t.Fatalf("the kept original holds the plain bytes from %d on", at)
		}
	}
	plain, err := p.Keys.Decrypt("original picture", []byte(sealed))
	if err != nil || !bytes.Equal(plain, photo) {
		t.Errorf("Decrypt gives %d bytes, %v; want the %d of the camera's own file", len(plain), err, len(photo))
	}
}

func TestRefusedPictureLeavesNothing(t *testing.T) {
	p := newstest.SQLite(t)
	whole := newstest.JPEG(t, 400, 300, 1)
	for name, file := range map[string][]byte{"nothing": nil, "a text": []byte("no picture"), "half a picture": whole[:len(whole)/2]} {
		_, err := p.Newsroom.Develop(t.Context(), bytes.NewReader(file), true)
		newstest.WantKind(t, "Develop of "+name, err, broadside.Invalid)
	}
	n := p.Over(&meddler{Store: p.Blobs, fail: 2})
	if _, err := n.Develop(t.Context(), bytes.NewReader(whole), true); err == nil {
		t.Error("Develop succeeded though the original could not be kept")
	}
	if names := p.BlobNames(t); len(names) != 0 {
		t.Errorf("blobs remain: %v", names)
	}
}

// Two articles with the same picture share its bytes and its row; of two kept
// originals one stays.
func TestSamePictureTwiceIsOne(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		photo := newstest.JPEG(t, 400, 300, 1)
		for i, keep := range []bool{false, true, true} {
			print, err := p.Newsroom.Develop(t.Context(), bytes.NewReader(photo), keep)
			if err != nil {
				t.Fatal(err)
			}
			headline := []string{"First", "Second", "Third"}[i]
			take(t, p, newsroom.Submission{Text: newstest.WithLead(newstest.Text(headline), print.Picture()), Prints: []*newsroom.Print{print}})
		}
		all, err := p.Store.Pictures(t.Context())
		if err != nil || len(all) != 1 || all[0].Original == "" {
			t.Errorf("the pictures are %+v, %v; want one with its original", all, err)
		}
		if faults := p.Check(t); len(faults) > 0 {
			t.Errorf("Check: %q", faults)
		}
	})
}

// illustrate publishes an article with a picture of that width.
func illustrate(t *testing.T, p *newstest.Paper, width int) broadside.Picture {
	t.Helper()
	print := develop(t, p, newstest.JPEG(t, width, 400, 5))
	take(t, p, newsroom.Submission{Text: newstest.WithLead(newstest.Text("Ice"), print.Picture()), Prints: []*newsroom.Print{print}})
	return print.Picture()
}

func TestRenditionIsMadeWhenSomebodyAsks(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		pic := illustrate(t, p, 500)
		for _, width := range []int{320, 480, 500, 320} {
			f, err := p.Newsroom.Rendition(t.Context(), pic.ID, width, "jpeg")
			if err != nil {
				t.Fatalf("Rendition of %d pixels: %v", width, err)
			}
			size, format, err := image.DecodeConfig(f)
			if err != nil || size.Width != width || format != "jpeg" {
				t.Errorf("the rendition of %d pixels is %d wide, a %s (%v)", width, size.Width, format, err)
			}
			f.Close()
		}
		for _, ask := range []struct {
			id     string
			width  int
			format string
		}{{pic.ID, 321, "jpeg"}, {pic.ID, 720, "jpeg"}, {pic.ID, 0, "jpeg"}, {pic.ID, 320, "bmp"}, {"none", 320, "jpeg"}} {
			_, err := p.Newsroom.Rendition(t.Context(), ask.id, ask.width, ask.format)
			newstest.WantKind(t, "Rendition", err, broadside.NotFound)
		}
	})
}

// A rush of readers costs one rendering.
func TestTwentyReadersAtOnceMakeOneRendition(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		pic := illustrate(t, p, 500)
		counted := &meddler{Store: p.Blobs}
		n := p.Over(counted)
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				f, err := n.Rendition(t.Context(), pic.ID, 320, "jpeg")
				if err != nil {
					t.Error(err)
					return
				}
				f.Close()
			})
		}
		wg.Wait()
		if got := counted.puts.Load(); got != 1 {
			t.Errorf("it was rendered %d times", got)
		}
	})
}

func TestRenditionsAreMadeBeforeReadersAsk(t *testing.T) {
	newstest.Each(t, func(t *testing.T, p *newstest.Paper) {
		pic := illustrate(t, p, 500)
		p.Work(t)
		rs, err := p.Store.Renditions(t.Context(), pic.ID)
		if want := 3 * len(picture.Formats()); err != nil || len(rs) != want {
			t.Errorf("there are %d renditions, %v; want %d", len(rs), err, want)
		}
		if faults := p.Check(t); len(faults) > 0 {
			t.Errorf("Check: %q", faults)
		}
	})
}

func TestAttachmentsAreWhatReadersCanUse(t *testing.T) {
	p := newstest.SQLite(t)
	for _, name := range []string{"page.html", "drawing.svg", "run.exe", "noend", ".mp3.js", ""} {
		_, err := p.Newsroom.Attach(t.Context(), strings.NewReader("x"), name)
		newstest.WantKind(t, "Attach of "+name, err, broadside.Invalid)
	}
	if names := p.BlobNames(t); len(names) != 0 {
		t.Errorf("blobs remain: %v", names)
	}
	f, err := p.Newsroom.Attach(t.Context(), strings.NewReader("a,b\n"), "dues.CSV")
	if err != nil {
		t.Fatal(err)
	}
	if got := blobBytes(t, p, f.Blob()); got != "a,b\n" {
		t.Errorf("it holds %q", got)
	}
	if err := p.Newsroom.Discard(t.Context(), nil, []*newsroom.Attachment{f}); err != nil || len(p.BlobNames(t)) != 0 {
		t.Errorf("after Discard, %v, there are %v", err, p.BlobNames(t))
	}
}
