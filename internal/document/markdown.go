package document

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"

	"example.org/broadside"
)

// FromMarkdown reads Markdown (CommonMark with tables, strikethrough and
// footnotes). A picture alone in its paragraph is a figure, its title the
// caption. What Markdown cannot say is written as HTML, under the same closed
// whitelist as in [FromHTML]; errors name the line.
func FromMarkdown(src []byte, opt Options) (*Node, error) {
	if err := checkText(string(src)); err != nil {
		return nil, refused(err)
	}
	md := goldmark.New(
		goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Footnote),
		goldmark.WithRendererOptions(html.WithUnsafe()), // the whitelist judges what comes out
	)
	tree := md.Parser().Parse(text.NewReader(src))
	if err := checkMarkdown(tree, src, max(opt.FirstLine, 1)); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := md.Renderer().Render(&out, src, tree); err != nil {
		return nil, fmt.Errorf("markdown: %w", err)
	}
	// Markup split over several pieces of Markdown passes the check by line
	// only in its parts, so the whole is judged once more.
	if err := checkMarkup(out.Bytes(), 1); err != nil {
		return nil, err
	}
	return parseHTML(out.Bytes(), opt)
}

// checkMarkdown judges raw HTML and links while their lines are still known.
func checkMarkdown(tree ast.Node, src []byte, first int) error {
	lineAt := func(offset int) int { return first + bytes.Count(src[:offset], []byte("\n")) }
	blockLine := 0
	return ast.Walk(tree, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		if n.Type() == ast.TypeBlock && n.Lines() != nil && n.Lines().Len() > 0 {
			blockLine = lineAt(n.Lines().At(0).Start)
		}
		var err error
		switch n := n.(type) {
		case *ast.HTMLBlock:
			err = checkMarkup(n.Lines().Value(src), blockLine)
		case *ast.RawHTML:
			if n.Segments.Len() > 0 {
				err = checkMarkup(n.Segments.Value(src), lineAt(n.Segments.At(0).Start))
			}
		case *ast.Link:
			if to := string(n.Destination); !SafeLink(to) {
				err = broadside.Errorf(broadside.Invalid, "Line %d: the link to %q must be http, https, mailto or an address on this site.", blockLine, to)
			}
		}
		return ast.WalkContinue, err
	})
}

// Markdown returns the body as Markdown that [FromMarkdown] reads back to the
// same tree, if its pictures and files are found under their identities. What
// does not show in HTML does not come back: runs of white space, paragraphs,
// headings and notes without text, and links that [SafeLink] refuses.
func (d *Document) Markdown() string {
	m := &markdownWriter{doc: d}
	if d.Body != nil {
		m.blocks(d.Body.Content)
	}
	for i, note := range m.notes {
		m.block(fmt.Sprintf("[^%d]: %s", i+1, note))
	}
	return strings.Join(m.out, "\n\n")
}

type markdownWriter struct {
	doc    *Document
	out    []string
	notes  []string
	inHTML int // notes of blocks that are written as HTML; these are numbered apart
}

func (m *markdownWriter) block(s string) { m.out = append(m.out, s) }

// blocks parts two lists that follow each other by a comment, since Markdown
// would join them.
func (m *markdownWriter) blocks(nodes []*Node) {
	for i, n := range nodes {
		if i > 0 && isList(n) && isList(nodes[i-1]) {
			m.block("<!-- -->")
		}
		m.node(n)
	}
}

func isList(n *Node) bool { return n.Type == BulletList || n.Type == OrderedList }

func (m *markdownWriter) node(n *Node) {
	switch {
	case n.Type == Paragraph && n.Attr("dir") == "" && len(n.Content) > 0:
		m.block(atLineStart(m.inline(n)))
	case n.Type == Heading && n.Attr("id") == "":
		m.block(strings.Repeat("#", n.Int("level")) + " " + atLineEnd(m.inline(n)))
	case n.Type == BulletList || n.Type == OrderedList:
		m.block(strings.Join(m.list(n), "\n"))
	case n.Type == Divider:
		m.block("---")
	default:
		m.block(m.html(n))
	}
}

func (m *markdownWriter) list(n *Node) []string {
	var lines []string
	for i, item := range n.Content {
		sign := "- "
		if n.Type == OrderedList {
			sign = fmt.Sprintf("%d. ", n.Int("start")+i)
		}
		sub := &markdownWriter{doc: m.doc, notes: m.notes, inHTML: m.inHTML}
		sub.blocks(item.Content)
		m.notes, m.inHTML = sub.notes, sub.inHTML
		indent := strings.Repeat(" ", len(sign))
		text := strings.ReplaceAll(strings.Join(sub.out, "\n\n"), "\n", "\n"+indent)
		lines = append(lines, sign+strings.ReplaceAll(text, "\n"+indent+"\n", "\n\n"))
	}
	return lines
}

// html writes a block that Markdown lacks. Blank lines would end it.
func (m *markdownWriter) html(n *Node) string {
	h := &htmlWriter{doc: m.doc, before: m.inHTML, opt: HTMLOptions{
		Image: func(u Use, _ string) (Image, bool) { return Image{Src: u.Picture}, true },
		File:  func(identity string) (string, string, bool) { return identity, "", true },
	}}
	h.node(n)
	h.endnotes()
	m.inHTML += len(h.notes)
	return strings.TrimSpace(blankLines.ReplaceAllString(h.b.String(), "\n"))
}

var blankLines = regexp.MustCompile(`\n\s*\n`)

func (m *markdownWriter) inline(n *Node) string {
	var b strings.Builder
	for _, c := range n.Content {
		switch c.Type {
		case HardBreak:
			b.WriteString("<br>")
		case Footnote:
			note := m.inline(c)
			m.notes = append(m.notes, note)
			fmt.Fprintf(&b, "[^%d]", len(m.notes))
		case Text:
			b.WriteString(m.text(c))
		}
	}
	return b.String()
}

// text writes marks as HTML, since Markdown's own signs depend on the
// characters around them; only links and the text stay Markdown.
func (m *markdownWriter) text(n *Node) string {
	h := &htmlWriter{doc: m.doc}
	open, end := "", ""
	for _, mark := range n.Marks {
		o, e := h.mark(mark)
		open, end = open+o, e+end
	}
	return open + escapeMarkdown(n.Text) + end
}

var markdownSigns = regexp.MustCompile("[\\\\`*_\\[\\]<>~&|!]")

func escapeMarkdown(s string) string {
	return markdownSigns.ReplaceAllStringFunc(s, func(c string) string { return `\` + c })
}

var closingSigns = regexp.MustCompile(`#+$`)

// atLineEnd escapes what would close a heading and be dropped.
func atLineEnd(s string) string { return closingSigns.ReplaceAllString(s, `\$0`) }

var lineStart = regexp.MustCompile(`^(\s*)([#+=:-]|\d+[.)]|\[\^\d+\]:)`)

// atLineStart escapes what would begin a heading, a list, a rule or a note.
func atLineStart(s string) string {
	m := lineStart.FindStringSubmatchIndex(s)
	if m == nil {
		return s
	}
	at := m[5] - 1 // the sign itself, behind a number or a note
	return s[:at] + `\` + s[at:]
}
