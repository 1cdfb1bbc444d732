package page

import (
	"bytes"
	"compress/gzip"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/tools/txtar"

	"example.org/broadside"
	"example.org/broadside/internal/demo"
	"example.org/broadside/internal/document"
)

// rendered returns every page of the golden cases, but not the text twins.
func rendered(t *testing.T) map[string]*html.Node {
	t.Helper()
	p := newPages(t)
	pages := map[string]*html.Node{}
	for name, render := range renders {
		if strings.HasSuffix(name, "-text") {
			continue
		}
		ar, err := txtar.ParseFile(path.Join("testdata", name+".txtar"))
		if err != nil {
			t.Fatal(err)
		}
		sheet, err := render(p, bodyOf(t, part(ar, "body.html").Data))
		if err != nil {
			t.Fatal(err)
		}
		if pages[name], err = html.Parse(bytes.NewReader(sheet.Body)); err != nil {
			t.Fatal(err)
		}
	}
	return pages
}

func attr(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

// A page runs nothing, styles nothing inline, and asks nothing of other servers.
func TestPagesKeepToThemselves(t *testing.T) {
	for name, page := range rendered(t) {
		for n := range page.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			kind, _ := attr(n, "type")
			inert := n.Data == "script" && kind == "application/ld+json" || n.Data == "style" && strings.HasPrefix(name, "lite-")
			if !inert && slices.Contains([]string{"script", "style", "iframe", "object", "form", "base"}, n.Data) {
				t.Errorf("%s holds a %s", name, n.Data)
			}
			for _, a := range n.Attr {
				switch {
				case a.Key == "style" || strings.HasPrefix(a.Key, "on"):
					t.Errorf("%s: a %s has the attribute %s", name, n.Data, a.Key)
				case a.Key == "src" || a.Key == "poster":
					checkOwn(t, name, a.Val)
				case a.Key == "srcset":
					for _, one := range strings.Split(a.Val, ",") {
						checkOwn(t, name, strings.TrimSpace(one))
					}
				case a.Key == "href" && n.Data == "link":
					if rel, _ := attr(n, "rel"); rel != "canonical" && rel != "alternate" {
						checkOwn(t, name, a.Val)
					}
				}
			}
		}
	}
}

func checkOwn(t *testing.T, name, address string) {
	t.Helper()
	if strings.HasPrefix(address, "data:") {
		return // it is there
	}
	if !strings.HasPrefix(address, "/") || strings.HasPrefix(address, "//") {
		t.Errorf("%s: the browser would fetch %s", name, address)
	}
}

// What people with a screen reader or a keyboard rely on is there.
func TestPagesCanBeHeard(t *testing.T) {
	for name, page := range rendered(t) {
		ids, heads, level := map[string]bool{}, 0, 0
		for n := range page.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			if id, ok := attr(n, "id"); ok {
				if ids[id] {
					t.Errorf("%s has two elements with the id %s", name, id)
				}
				ids[id] = true
			}
			switch n.Data {
			case "img":
				for _, need := range []string{"alt", "width", "height"} {
					if _, ok := attr(n, need); !ok {
						t.Errorf("%s: a picture has no %s", name, need)
					}
				}
			case "a":
				for up := n.Parent; up != nil; up = up.Parent {
					if up.Data == "a" {
						t.Errorf("%s: a link stands in a link", name)
					}
				}
			case "h1", "h2", "h3", "h4":
				depth := int(n.Data[1] - '0')
				if depth == 1 {
					heads++
				}
				if depth > level+1 {
					t.Errorf("%s: a heading jumps from level %d to %d", name, level, depth)
				}
				level = depth
			}
		}
		if heads != 1 {
			t.Errorf("%s has %d main headings, want 1", name, heads)
		}
		if !ids["main"] && !strings.HasPrefix(name, "lite-") {
			t.Errorf("%s has nothing to skip to", name)
		}
	}
}

// realArticle returns the longest English article of the demo paper.
func realArticle(t *testing.T) *document.Node {
	t.Helper()
	var longest string
	files, err := fs.Glob(demo.Files(), "articles/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		src, err := fs.ReadFile(demo.Files(), file)
		if err != nil {
			t.Fatal(err)
		}
		if _, text, _ := strings.Cut(strings.TrimPrefix(string(src), "---\n"), "\n---\n"); len(text) > len(longest) && strings.Contains(text, " the ") {
			longest = text
		}
	}
	body, err := document.FromMarkdown([]byte(longest), document.Options{
		Picture: func(src, _ string) (string, error) { return identity(src), nil },
		File:    func(src string) (string, error) { return identity(src), nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// An article of 1,300 words and the front page each arrive, with the style
// sheet, in the first fourteen thousand bytes.
func TestPagesAreSmall(t *testing.T) {
	p := newPages(t)
	d := sampleArticle(realArticle(t))
	d.Base.WebP = true
	for len(d.Document.Body.Content) > 2 && d.Document.Words() > 1320 {
		d.Document.Body.Content = d.Document.Body.Content[:len(d.Document.Body.Content)-1]
	}
	front := Front{d.Base, sampleListings()}
	for i := range front.Listings {
		front.Listings[i].Summary.Standfirst = d.Document.Body.Content[0].Inner()[i : i+150]
	}
	front.Linked, d.Linked = false, false
	for name, make := range map[string]func() (*Sheet, error){
		"article": func() (*Sheet, error) { return p.Article(d) },
		"front":   func() (*Sheet, error) { return p.Front(front) },
	} {
		sheet, err := make()
		if err != nil {
			t.Fatal(err)
		}
		size := packed(t, sheet.Body)
		t.Logf("%s: %d bytes of HTML with its style (%d words)", name, size, d.Document.Words())
		if size > 14000 {
			t.Errorf("%s takes %d bytes with its style, want at most 14,000", name, size)
		}
	}
}

// packed returns how many bytes gzip leaves at level 5.
func packed(t *testing.T, page []byte) int {
	t.Helper()
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, 5)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := z.Write(page); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}

// The words on the page are the article's words: none is split by markup,
// lost or added.
func TestArticleKeepsItsWords(t *testing.T) {
	src := `<p>The <strong>pi</strong>lot said <em>un</em>believable things, H<sub>2</sub>O and “quotes”, and went down the iron stair to tell the boats.</p>
<h2>A <em>heading</em></h2><p>One<br>two.</p><blockquote><p>We stopped it.</p></blockquote><aside class="pull"><p>Not a rope</p></aside>`
	d := sampleArticle(bodyOf(t, []byte(src)))
	for _, n := range realArticle(t).Content {
		noted := false // a note stands elsewhere on the page
		n.Walk(func(inner *document.Node) bool {
			noted = noted || inner.Type == document.Footnote
			return true
		})
		if (n.Type == document.Paragraph || n.Type == document.Heading) && !noted {
			d.Document.Body.Content = append(d.Document.Body.Content, n)
		}
	}
	sheet, err := newPages(t).Article(d)
	if err != nil {
		t.Fatal(err)
	}
	page, err := html.Parse(bytes.NewReader(sheet.Body))
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for n := range page.Descendants() {
		class, _ := attr(n, "class")
		if !strings.HasPrefix(class, "col") || n.Data != "div" {
			continue
		}
		for part := range n.Descendants() {
			if class, _ := attr(part, "class"); class == "corr" || class == "tags" {
				break
			}
			if part.Type == html.TextNode {
				got.WriteString(part.Data)
			} else if !slices.Contains([]string{"strong", "em", "sub", "a", "sup"}, part.Data) {
				got.WriteByte(' ')
			}
		}
	}
	have, want := strings.Fields(got.String()), strings.Fields(d.Document.Text())
	for i := range min(len(have), len(want)) {
		if have[i] != want[i] {
			t.Fatalf("word %d on the page is %q, want %q", i, have[i], want[i])
		}
	}
	if len(have) != len(want) {
		t.Fatalf("the page has %d words, want %d", len(have), len(want))
	}
}

// Everything that the style sheets and the pages name is there, with its type.
func TestAssets(t *testing.T) {
	p, err := New(nil)
	if err != nil {
		t.Fatal(err)
	}
	css := string(p.assets.files[fullSheet])
	names := []string{fullSheet, plainSheet, "icon.svg", "OFL.txt"}
	for _, m := range regexp.MustCompile(`url\(([^)]+)\)`).FindAllStringSubmatch(css, -1) {
		names = append(names, m[1])
	}
	if len(names) < 20 {
		t.Errorf("the style sheet names %d files, among them no faces", len(names))
	}
	for _, name := range names {
		if a, ok := p.Asset(name); !ok || len(a.Data) == 0 || a.Type == "" {
			t.Errorf("%s%s is missing or has no type: %q", p.Static(), name, a.Type)
		}
	}
	for _, name := range []string{"", "nothing.css", "../page.go", "faces.css"} {
		if _, ok := p.Asset(name); ok {
			t.Errorf("there is an asset %q", name)
		}
	}
	if strings.Contains(css, "/*") || strings.Count(css, "{") != strings.Count(css, "}") {
		t.Error("the style sheet was not minified well")
	}
}

// The newest story leads, those after it follow in order, and no story is shown
// twice but those that the latest list only names.
func TestArrange(t *testing.T) {
	all := sampleListings()
	for n := range len(all) + 1 {
		a := arrange(all[:n], sampleBase().Sections)
		var order []string
		if a.lead != nil {
			order = append(order, a.lead.Article.Slug)
		}
		for _, part := range [][]broadside.Listing{a.second, a.under, a.latest} {
			for _, l := range part {
				order = append(order, l.Article.Slug)
			}
		}
		for i, slug := range order {
			if slug != all[i].Article.Slug {
				t.Errorf("of %d stories number %d is %s, want %s", n, i, slug, all[i].Article.Slug)
			}
		}
		shown := map[string]int{}
		for _, slug := range order[:len(order)-len(a.latest)] {
			shown[slug]++
		}
		if a.feature != nil {
			shown[a.feature.Article.Slug]++
		}
		for _, b := range a.blocks {
			if len(b.listings) < 2 || len(b.listings) > blockSize {
				t.Errorf("of %d stories the block %s has %d", n, b.section.Slug, len(b.listings))
			}
			for _, l := range b.listings {
				shown[l.Article.Slug]++
			}
		}
		for _, l := range a.more {
			shown[l.Article.Slug]++
		}
		for slug, times := range shown {
			if times > 1 {
				t.Errorf("of %d stories %s is shown %d times", n, slug, times)
			}
		}
		if n <= 12 && len(shown) != n {
			t.Errorf("of %d stories only %d are shown", n, len(shown))
		}
	}
}

// One letter among the columns does not take the writers' portraits away.
func TestOpinionsAreShownByTheirWriters(t *testing.T) {
	opinion := func(name string) broadside.Listing { return listing("opinion", name, 40, kind("opinion")) }
	letter := func(name string) broadside.Listing { return listing("opinion", name, 41, kind("letter")) }
	for _, c := range []struct {
		own  []broadside.Listing
		want string
	}{
		{[]broadside.Listing{opinion("A"), letter("B"), opinion("C"), opinion("D")}, "ACDB"},
		{[]broadside.Listing{opinion("A"), opinion("B")}, "AB"},
		{[]broadside.Listing{opinion("A"), letter("B"), letter("C"), opinion("D")}, ""},
	} {
		b := newBlock(broadside.Section{Slug: "opinion"}, c.own)
		got := ""
		for _, l := range b.listings {
			got += l.Summary.Headline
		}
		if b.opinion != (c.want != "") || b.opinion && got != c.want {
			t.Errorf("of %d pieces %q are shown by their writers (%v), want %q", len(c.own), got, b.opinion, c.want)
		}
	}
}

func TestFocus(t *testing.T) {
	tests := []struct {
		x, y int
		want string
	}{
		{500, 500, ""}, {0, 1000, "x0 y10"}, {250, 500, "x3"}, {549, 449, "y4"}, {-5, 9999, "x0 y10"},
	}
	for _, tt := range tests {
		if got := focus(tt.x, tt.y); got != tt.want {
			t.Errorf("focus(%d, %d) = %q, want %q", tt.x, tt.y, got, tt.want)
		}
	}
}

// Every class of a focal point is in the style sheet.
func TestFocusIsStyled(t *testing.T) {
	css := string(newPages(t).assets.files["site.css"])
	for i := 0; i <= 1000; i += 100 {
		for _, class := range strings.Fields(focus(i, i)) {
			if !strings.Contains(css, "."+class+"{") {
				t.Errorf("the style sheet lacks .%s", class)
			}
		}
	}
}

func TestImage(t *testing.T) {
	tests := []struct{ name, src, srcset string }{
		{"quay", "/media/quay/1080.jpg", "/media/quay/320.jpg 320w, /media/quay/480.jpg 480w, /media/quay/800.jpg 800w, /media/quay/1080.jpg 1080w, /media/quay/1500.jpg 1500w"},
		{"small", "/media/small/200.jpg", "/media/small/200.jpg 200w"},
	}
	for _, tt := range tests {
		img := image(samplePicture(tt.name), "100vw", true)
		if img.Src != tt.src || img.Srcset != tt.srcset {
			t.Errorf("image(%s) = %q, %q, want %q, %q", tt.name, img.Src, img.Srcset, tt.src, tt.srcset)
		}
		if want := strings.ReplaceAll(tt.srcset, ".jpg", ".webp"); img.Webp != want {
			t.Errorf("image(%s).Webp = %q, want %q", tt.name, img.Webp, want)
		}
	}
}

func TestFullYears(t *testing.T) {
	day := func(s string) time.Time {
		at, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	tests := []struct {
		from, to string
		want     int
	}{
		{"2025-03-15", "2026-03-14", 0}, {"2025-03-14", "2026-03-14", 1}, {"2022-02-07", "2026-03-14", 4}, {"2026-05-01", "2026-03-14", -1},
	}
	for _, tt := range tests {
		if got := fullYears(day(tt.from), day(tt.to)); got != tt.want {
			t.Errorf("fullYears(%s, %s) = %d, want %d", tt.from, tt.to, got, tt.want)
		}
	}
}

// A nameplate of any length finds its size.
func TestPlateClass(t *testing.T) {
	tests := []struct{ name, want string }{
		{"Dawn", "n1"}, {"The Harbour Record", "n2"}, {"Портовая летопись", "n3"},
		{"The Skerrow and Port Aldery Record", "n4"}, {"", "n1"},
	}
	for _, tt := range tests {
		if got := plateClass(tt.name); got != tt.want {
			t.Errorf("plateClass(%q) = %q, want %q", tt.name, got, tt.want)
		}
	}
}

// A drop initial needs a letter and a paragraph long enough to stand beside it.
func TestStartsLong(t *testing.T) {
	long := strings.Repeat("words ", 50)
	tests := []struct {
		body string
		want bool
	}{
		{"<p>The " + long + "</p>", true}, {"<p>Гавань " + long + "</p>", true}, {"<p>The end.</p>", false},
		{"<p>“" + long + "</p>", false}, {"<p>بيع " + long + "</p>", false}, {"<h2>The " + long + "</h2>", false}, {"", false},
	}
	for _, tt := range tests {
		if got := startsLong(bodyOf(t, []byte(tt.body))); got != tt.want {
			t.Errorf("startsLong(%.20q…) = %v, want %v", tt.body, got, tt.want)
		}
	}
	if startsLong(nil) {
		t.Error("an empty body starts long")
	}
}

// A description never ends in the middle of a word.
func TestExcerpt(t *testing.T) {
	long := "The ice stopped first. At ten to five on a Tuesday in February, when the plant above the fish quay should have begun its long rattle down the chutes, somebody put her hand on the switch."
	got := excerpt(bodyOf(t, []byte("<h2>Ice</h2><p>"+long+"</p>")))
	if !strings.HasPrefix(long, strings.TrimSuffix(got, "…")+" ") || len(got) > 170 {
		t.Errorf("excerpt = %q", got)
	}
	if got := excerpt(bodyOf(t, []byte("<p>Short.</p>"))); got != "Short." {
		t.Errorf("excerpt = %q, want %q", got, "Short.")
	}
}

// A page brings the faces of every character in it: what faces.css says that a
// face holds is found by its script.
func TestEveryCharacterBringsItsFace(t *testing.T) {
	p := newPages(t)
	ranges := regexp.MustCompile(`U\+([0-9A-F]+)(?:-([0-9A-F]+))?`)
	for _, block := range p.assets.faces {
		if strings.Contains(block.css, "local(") {
			continue
		}
		for _, m := range ranges.FindAllStringSubmatch(block.css, -1) {
			first, _ := strconv.ParseInt(m[1], 16, 32)
			last := first
			if m[2] != "" {
				last, _ = strconv.ParseInt(m[2], 16, 32)
			}
			for r := first; r <= last; r++ {
				if found := scriptsIn([]byte(string(rune(r)))); found&block.script == 0 {
					t.Errorf("U+%04X is in the faces of script %b and brings %b", r, block.script, found)
				}
			}
		}
	}
	if got := scriptsIn([]byte("Plain “English”, £5 – €6 • naïve…")); got != latn {
		t.Errorf("an English page brings the scripts %b", got)
	}
}

// A page that says the same has one tag however its style comes, and another
// one in another style: else browsers would keep the old one.
func TestTheTagTellsStylesApart(t *testing.T) {
	own, err := New(nil)
	if err != nil {
		t.Fatal(err)
	}
	themed, err := New(theme("assets/lite.css", "body{color:red}"))
	if err != nil {
		t.Fatal(err)
	}
	for name, make := range map[string]func(*Pages, Base) (*Sheet, error){
		"front": func(p *Pages, b Base) (*Sheet, error) { return p.Front(Front{b, sampleListings()}) },
		"lite":  func(p *Pages, b Base) (*Sheet, error) { return p.LiteFront(Front{b, sampleListings()}) },
	} {
		same := func(p *Pages, linked bool, colour string) string {
			b := sampleBase()
			b.Linked, b.Paper.Colour = linked, colour
			s, err := make(p, b)
			if err != nil {
				t.Fatal(err)
			}
			return string(s.Same)
		}
		if same(own, true, "") != same(own, false, "") {
			t.Errorf("%s: linked and brought along, the style makes two tags", name)
		}
		if same(own, true, "") == same(own, true, "#005a9c") {
			t.Errorf("%s: another colour has the same tag", name)
		}
		if same(own, true, "") == same(themed, true, "") {
			t.Errorf("%s: another style has the same tag", name)
		}
	}
}

// The message by which a reader recommends an article has its whole headline
// for a subject, whatever stands in it, and nothing else.
func TestAHeadlineIsTheWholeSubject(t *testing.T) {
	p, err := New(nil)
	if err != nil {
		t.Fatal(err)
	}
	d := Article{Base: tryBase(), Article: tryListing().Article, Document: tryDocument()}
	d.Document.Headline = "Q&A: 1+1=2 & 100%? #now&bcc=x@paper.example"
	sheet, err := p.Article(d)
	if err != nil {
		t.Fatal(err)
	}
	_, mail, _ := strings.Cut(string(sheet.Body), `href="mailto:?`)
	mail, _, _ = strings.Cut(mail, `"`)
	values, err := url.ParseQuery(html.UnescapeString(mail))
	if err != nil || len(values) != 2 || values.Get("subject") != d.Document.Headline || values.Get("body") != "https://paper.example/section/slug" {
		t.Errorf("the message is %q: %q, %v", mail, values, err)
	}
}
