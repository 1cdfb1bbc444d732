package document

import (
	"fmt"
	"net/url"
	"strings"
	"time"
)

// A Problem is something that keeps a document from being published, in a
// sentence for its writer.
type Problem struct {
	Path     string // of the node or field, such as body.content[3]; empty for the whole
	Sentence string
}

// Problems lists everything that must be mended before d may be published, all
// at once, in reading order. A document without problems yields nil.
func (d *Document) Problems() []Problem {
	var problems []Problem
	add := func(path, format string, args ...any) {
		problems = append(problems, Problem{path, fmt.Sprintf(format, args...)})
	}
	if d.Headline == "" {
		add("headline", "The article has no headline.")
	}
	for i, u := range d.Pictures {
		path := fmt.Sprintf("pictures[%d]", i)
		if u.Alt == "" && !u.Decorative {
			add(path, "%s has no description for people who cannot see it: write one, or mark it as decorative.", d.pictureName(u))
		}
		if u.Credit == "" {
			add(path, "%s has no credit: say who made it.", d.pictureName(u))
		}
	}
	level := 1
	visit("body", d.Body, func(path string, n *Node) {
		switch n.Type {
		case Heading:
			if n.Int("level") > level+1 {
				add(path, "The heading “%s” is of level %d, but the one before it is of level %d: do not skip a level.", n.Inner(), n.Int("level"), level)
			}
			level = n.Int("level")
		case TimelineEvent:
			if !IsDate(n.Attr("date")) {
				add(path, "The date “%s” in the timeline is not one: write 2026, 2026-03 or 2026-03-14.", n.Attr("date"))
			}
		case Embed:
			if !SafeLink(n.Attr("url")) {
				add(path, "The address “%s” of the embed is neither http nor https.", n.Attr("url"))
			}
		}
		for _, m := range n.Marks {
			if m.Type == Link && !SafeLink(m.Attr("href")) {
				add(path, "The link “%s” leads to “%s”: it must be http, https, mailto or an address on this site.", n.Text, m.Attr("href"))
			}
		}
	})
	return problems
}

func (d *Document) pictureName(u Use) string {
	if u.Picture == d.Lead {
		return "The lead picture"
	}
	for i, n := 0, 0; d.Body != nil && i < len(d.Body.Content); i++ {
		found := false
		d.Body.Content[i].Walk(func(c *Node) bool {
			if id := c.picture(); id != "" {
				n++
				found = found || id == u.Picture
			}
			return !found
		})
		if found {
			return fmt.Sprintf("Picture %d in the text", n)
		}
	}
	return "A picture"
}

func visit(path string, n *Node, f func(path string, n *Node)) {
	if n == nil {
		return
	}
	f(path, n)
	for i, c := range n.Content {
		visit(fmt.Sprintf("%s.content[%d]", path, i), c, f)
	}
}

// SafeLink reports whether readers may be sent to href: it is http, https or
// mailto, or an address on this site or page.
func SafeLink(href string) bool {
	u, err := url.Parse(href)
	if err != nil || href == "" || strings.ContainsAny(href, "\\ \t\r\n") {
		return false
	}
	switch u.Scheme {
	case "http", "https":
		return u.Host != ""
	case "mailto":
		return u.Opaque != ""
	case "":
		return u.Host == "" && (strings.HasPrefix(href, "/") || strings.HasPrefix(href, "#"))
	}
	return false
}

// dateForms are the precisions in which a timeline may date an event (ISO 8601).
var dateForms = []string{"2006", "2006-01", time.DateOnly, "2006-01-02T15:04"}

// IsDate reports whether s is a year, a month, a day or a minute as a timeline
// writes it: 2026, 2026-03, 2026-03-14 or 2026-03-14T06:00.
func IsDate(s string) bool {
	for _, form := range dateForms {
		if _, err := time.Parse(form, s); err == nil {
			return true
		}
	}
	return false
}
