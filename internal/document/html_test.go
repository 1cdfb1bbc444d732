package document

import (
	"encoding/xml"
	"regexp"
	"strings"
	"testing"
)

// What stands in somebody else's page names none of our classes, and loses no
// word that only looks like one.
func TestBareHTMLHasNoClasses(t *testing.T) {
	d := everyBlock()
	for _, words := range []string{`He wrote class="lead" on the board`, ` class="a"`, `< class="b">`, `class='c' class=d`} {
		d.Body.Content = append(d.Body.Content, para(words), node(Heading, nil, txt(words)), node(PullQuote, attrsOf("attribution", words), txt(words)),
			node(Table, attrsOf("caption", words), node(TableRow, nil, node(TableCell, nil, txt(words)))))
	}
	d.Pictures[1].Alt = `A sign: class="in wide" "quoted"`
	opt := shown
	opt.Ask = `Show class="it"`
	full := d.HTML(opt)
	opt.Bare = true
	got := d.HTML(opt)
	if found := regexp.MustCompile(`<[^>]*\sclass="[^>]*`).FindAllString(got, -1); len(found) > 0 {
		t.Errorf("classes are left: %q", found)
	}
	if !strings.Contains(full, ` class="box`) {
		t.Fatal("there are no classes to begin with: this test would prove nothing")
	}
	if visible(t, got) != visible(t, full) {
		t.Errorf("without classes it says\n%s\nwith them\n%s", visible(t, got), visible(t, full))
	}
	if !strings.Contains(got, `alt="A sign: class=&#34;in wide&#34; &#34;quoted&#34;"`) {
		t.Errorf("an attribute has lost words:\n%s", got)
	}
}

// visible returns the text of HTML that we have written.
func visible(t *testing.T, src string) string {
	t.Helper()
	var b strings.Builder
	dec := xml.NewDecoder(strings.NewReader("<x>" + src + "</x>"))
	dec.Strict, dec.AutoClose, dec.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	for {
		tok, err := dec.Token()
		if tok == nil {
			return b.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		if text, ok := tok.(xml.CharData); ok {
			b.Write(text)
		}
	}
}

// A reader who saves data gets no picture before asking for it, and is told
// what it would be.
func TestPicturesThatAreAskedFor(t *testing.T) {
	d := everyBlock()
	d.Pictures[1].Alt = "An <empty> hall"
	opt := shown
	opt.Ask = "Show the picture & its caption"
	got := d.HTML(opt)
	for _, want := range []string{
		`<details class="ask"><summary>Show the picture &amp; its caption: An &lt;empty&gt; hall</summary><img src="/media/` + identity("hall") + `"`,
		`<summary>Show the picture &amp; its caption</summary><img src="/media/` + identity("two") + `"`, // one that only adorns
		"<figcaption>The hall at night",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("want %s in\n%s", want, got)
		}
	}
	if all, asked := strings.Count(got, "<img "), strings.Count(got, `<details class="ask">`); all != 3 || asked != all {
		t.Errorf("%d of %d pictures are asked for, want all 3", asked, all)
	}
	if all, lazy := strings.Count(got, "<img "), strings.Count(got, ` loading="lazy"`); lazy != all {
		t.Errorf("%d of %d pictures wait until they are unfolded", lazy, all)
	}
	if got := AskHTML(d.Pictures[1], "<img>", ""); got != "<img>" {
		t.Errorf("without words to ask with: %s", got)
	}
}

// Browsers fetch the picture of a film with the page, even one that does not
// fetch the film.
func TestPictureOfAFilmWaitsToo(t *testing.T) {
	opt := shown
	if got := everyBlock().HTML(opt); !strings.Contains(got, ` poster="/media/`+identity("poster")+`"`) {
		t.Errorf("the film has no picture:\n%s", got)
	}
	opt.Ask = "Show"
	if got := everyBlock().HTML(opt); !strings.Contains(got, "<video ") || strings.Contains(got, identity("poster")) {
		t.Errorf("the picture of the film comes without being asked for:\n%s", got)
	}
}

// Where no pictures are shown, their descriptions are.
func TestPicturesThatAreDescribed(t *testing.T) {
	d := everyBlock()
	d.Pictures[1].Alt = "An <empty> hall"
	for _, tt := range []struct {
		name string
		opt  HTMLOptions
		want string
	}{
		{"in English", HTMLOptions{Describe: true}, "<p>[Picture: An &lt;empty&gt; hall]</p>"},
		{"in another language", HTMLOptions{Describe: true, Words: Words{Picture: "Фото"}}, "<p>[Фото: An &lt;empty&gt; hall]</p>"},
		{"not at all", HTMLOptions{}, ""},
	} {
		tt.opt.Image = func(Use, string) (Image, bool) { return Image{}, false }
		got := d.HTML(tt.opt)
		if strings.Contains(got, "<img") || !strings.Contains(got, tt.want) || !strings.Contains(got, "The hall at night") {
			t.Errorf("%s: want no picture, its caption and %q in\n%s", tt.name, tt.want, got)
		}
		want := 2 // of three: one only adorns
		if tt.want == "" {
			want = 0
		}
		if n := strings.Count(got, "<p>["); n != want {
			t.Errorf("%s: %d pictures are described, want %d", tt.name, n, want)
		}
	}
	opt := shown
	opt.Describe = true
	if got := d.HTML(opt); strings.Contains(got, "<p>[") || !strings.Contains(got, "<img") {
		t.Errorf("pictures are both shown and described:\n%s", got)
	}
}
