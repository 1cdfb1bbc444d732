package document

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// identity returns a made-up picture's identity.
func identity(name string) string {
	sum := sha256.Sum256([]byte(name))
	return hex.EncodeToString(sum[:])
}

func txt(s string, marks ...Mark) *Node { return &Node{Type: Text, Text: s, Marks: marks} }

func node(t Type, attrs map[string]any, content ...*Node) *Node {
	return &Node{Type: t, Attrs: attrs, Content: content}
}

func para(s string) *Node { return node(Paragraph, nil, txt(s)) }

func item(content ...*Node) *Node { return node(ListItem, nil, content...) }

func figure(name, size, caption string) *Node {
	c := node(FigureCaption, nil)
	if caption != "" {
		c.Content = []*Node{txt(caption)}
	}
	return node(Figure, attrsOf("picture", identity(name), "size", size), c)
}

// everyBlock returns a fresh document that uses every node, mark and field of
// the schema.
func everyBlock() *Document {
	link := Mark{Type: Link, Attrs: attrsOf("href", "https://tides.example/a?b=1&c=2")}
	use := func(name, alt string) Use {
		return Use{Picture: identity(name), Alt: alt, Credit: "Ivo Tarn", Licence: "CC BY-SA 4.0", FocalX: 500, FocalY: 500}
	}
	d := &Document{
		Kind: "analysis", Lang: "en-GB", Dir: "ltr",
		Headline: "What the tide tables leave out", Standfirst: "A harbour “closed for repairs” & its <unmapped> channel",
		Bylines:  []Byline{{Name: "Nora Quillan", Person: "p1"}, {Name: "Ivo Tarn", Role: "pictures"}},
		Dateline: Dateline{Place: "Skerrow", Date: "2026-03-13"}, Previous: "0190-before", Lead: identity("quay"),
		Pictures: []Use{use("quay", "A stone quay at dawn"), use("hall", "An empty hall"), use("one", "A crane"), use("two", "Two cranes"), use("poster", "Three hands raised")},
	}
	d.Pictures[0].Caption, d.Pictures[0].FocalX = "The quay", 250
	d.Pictures[3] = Use{Picture: identity("two"), Decorative: true, Credit: "Staff", FocalX: 500, FocalY: 500}
	d.Body = node(Doc, nil,
		node(Paragraph, nil, txt("The "), txt("pilot", Mark{Type: Strong}), txt(" said it "), txt("twice", Mark{Type: Em}), txt(", then "),
			txt("once", Mark{Type: Strike}), txt(" more: H"), txt("2", Mark{Type: Sub}), txt("O, 3"), txt("rd", Mark{Type: Sup}), txt(", "), txt("make *all* [x]", Mark{Type: Code}),
			txt(" and "), txt("see the tables", link, Mark{Type: Strong}), txt(", "), txt("bon vent", Mark{Type: Lang, Attrs: attrsOf("lang", "fr")}), txt(" or "),
			txt("سلام", Mark{Type: Lang, Attrs: attrsOf("lang", "ar", "dir", "rtl")}), txt("."), node(HardBreak, nil), txt("A new line"),
			node(Footnote, nil, txt("Minute book, "), txt("page 4", Mark{Type: Em}), txt(".")), txt(" & the rest.")),
		node(Heading, attrsOf("id", "channel"), txt("The "), txt("north", Mark{Type: Em}), txt(" channel")),
		node(Heading, attrsOf("level", int64(3)), txt("1. Depth")),
		node(Paragraph, attrsOf("dir", "rtl"), txt("البحر")),
		node(BulletList, nil, item(para("Tear it up.")), item(para("Publish:"), node(OrderedList, attrsOf("start", int64(3)), item(para("letters")), item(para("minutes")))),
			item(para("Two"), para("paragraphs"))),
		node(OrderedList, nil, item(para("Elect the trust."))),
		node(Blockquote, nil, para("We stopped it."), para("Nobody asked."), node(QuoteCite, nil, txt("Bettina Osgood"))),
		node(PullQuote, attrsOf("attribution", "A skipper"), txt("Nobody would "), txt("speak", Mark{Type: Em})),
		figure("hall", "wide", "The hall at night"),
		node(Gallery, attrsOf("layout", "row"), figure("one", "column", "One"), figure("two", "column", "")),
		node(FactBox, attrsOf("kind", "background"), node(BoxTitle, nil, txt("The trust")), para("Seven seats."), node(BulletList, nil, item(para("Four signed.")))),
		node(Timeline, nil, node(BoxTitle, nil, txt("How it changed hands")),
			node(TimelineEvent, attrsOf("date", "1884"), para("An act creates the trust.")),
			node(TimelineEvent, attrsOf("date", "2026-02-09", "label", "9 Feb 2026"), para("Four sign."))),
		node(Table, attrsOf("caption", "Berths", "head", "both"),
			node(TableRow, nil, node(TableCell, nil, txt("Boat")), node(TableCell, nil, txt("Metres"))),
			node(TableRow, nil, node(TableCell, nil, txt("Small|craft")), node(TableCell, nil, txt("under "), txt("12", Mark{Type: Strong})))),
		node(Embed, attrsOf("url", "https://video.example/v/1", "provider", "video.example", "title", "The vote on the slip")),
		node(Audio, attrsOf("file", identity("horn"), "title", "The horn")),
		node(Video, attrsOf("file", identity("film"), "poster", identity("poster"), "title", "The vote")),
		node(File, attrsOf("file", identity("dues"), "title", "Berth dues")),
		node(Divider, nil),
		para("- It is not a list; 5 > 4 & 3 < 4, *plain* _text_ ~here~."),
	)
	return d
}

// sources resolves every picture and file to the identity that stands in its
// address, and is how a converted document finds its own pictures again.
var sources = Options{
	Picture: func(src, _ string) (string, error) { return strings.TrimPrefix(src, "/media/"), nil },
	File:    func(src string) (string, error) { return strings.TrimPrefix(src, "/media/"), nil },
}

// shown is how the tests show pictures and files: at /media/ and their identity.
var shown = HTMLOptions{
	Image: func(u Use, _ string) (Image, bool) {
		return Image{Src: "/media/" + u.Picture, Width: 1200, Height: 800}, true
	},
	File: func(id string) (string, string, bool) { return "/media/" + id, "text/csv", true },
}
