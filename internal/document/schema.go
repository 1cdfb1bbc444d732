package document

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
)

// Type names a kind of node.
type Type string

// The types of schema 1.
const (
	Doc           Type = "doc"
	Paragraph     Type = "paragraph"
	Heading       Type = "heading"
	BulletList    Type = "bullet_list"
	OrderedList   Type = "ordered_list"
	ListItem      Type = "list_item"
	Blockquote    Type = "blockquote"
	QuoteCite     Type = "quote_cite"
	PullQuote     Type = "pull_quote"
	Figure        Type = "figure"
	FigureCaption Type = "figure_caption"
	Gallery       Type = "gallery"
	FactBox       Type = "fact_box"
	BoxTitle      Type = "box_title"
	Timeline      Type = "timeline"
	TimelineEvent Type = "timeline_event"
	Table         Type = "table"
	TableRow      Type = "table_row"
	TableCell     Type = "table_cell"
	Embed         Type = "embed"
	Audio         Type = "audio"
	Video         Type = "video"
	File          Type = "file"
	Divider       Type = "divider"
	Text          Type = "text"
	HardBreak     Type = "hard_break"
	Footnote      Type = "footnote"
)

// MarkType names a kind of mark.
type MarkType string

// The marks of schema 1, in canonical order.
const (
	Link   MarkType = "link"
	Strong MarkType = "strong"
	Em     MarkType = "em"
	Strike MarkType = "strike"
	Sub    MarkType = "sub"
	Sup    MarkType = "sup"
	Code   MarkType = "code"
	Lang   MarkType = "lang"
)

// An attr is one attribute of a node or mark. Its default says its Go type:
// string, int64 or bool. A required one has no default value of its own.
type attr struct {
	name     string
	def      any
	required bool
	check    func(v any) error // nil allows any value of the type
}

// A term is one step of a content rule: between min and max nodes of the
// given types. max 0 means any number.
type term struct {
	types    []Type
	min, max int
}

// A spec is what the schema says of one type of node.
type spec struct {
	attrs   []attr     // in canonical order
	content []term     // in order, each matched greedily
	marks   []MarkType // allowed on text directly below
}

var (
	blocks = []Type{Paragraph, Heading, BulletList, OrderedList, Blockquote, PullQuote, Figure, Gallery,
		FactBox, Timeline, Table, Embed, Audio, Video, File, Divider}
	flow   = []Type{Paragraph, BulletList, OrderedList, Blockquote}
	inline = []Type{Text, HardBreak, Footnote}
	words  = []Type{Text}

	markOrder = []MarkType{Link, Strong, Em, Strike, Sub, Sup, Code, Lang}
	linkEm    = []MarkType{Link, Em, Lang}
)

var specs = map[Type]spec{
	Doc:           {content: []term{{types: blocks}}},
	Paragraph:     {attrs: []attr{{name: "dir", def: "", check: oneOf("", "ltr", "rtl")}}, content: []term{{types: inline}}, marks: markOrder},
	Heading:       {attrs: []attr{{name: "level", def: int64(2), check: between(2, 4)}, {name: "id", def: "", check: anchor}}, content: []term{{types: words}}, marks: linkEm},
	BulletList:    {content: []term{{types: []Type{ListItem}, min: 1}}},
	OrderedList:   {attrs: []attr{{name: "start", def: int64(1), check: between(0, 999_999)}}, content: []term{{types: []Type{ListItem}, min: 1}}},
	ListItem:      {content: []term{{types: []Type{Paragraph}, min: 1, max: 1}, {types: []Type{Paragraph, BulletList, OrderedList}}}},
	Blockquote:    {content: []term{{types: []Type{Paragraph}, min: 1}, {types: []Type{QuoteCite}, max: 1}}},
	QuoteCite:     {content: []term{{types: words}}, marks: linkEm},
	PullQuote:     {attrs: []attr{{name: "attribution", def: ""}}, content: []term{{types: words}}, marks: []MarkType{Em, Lang}},
	Figure:        {attrs: []attr{{name: "picture", def: "", required: true, check: digest}, {name: "size", def: "column", check: oneOf("column", "wide", "full")}}, content: []term{{types: []Type{FigureCaption}, min: 1, max: 1}}},
	FigureCaption: {content: []term{{types: words}}, marks: linkEm},
	Gallery:       {attrs: []attr{{name: "layout", def: "grid", check: oneOf("grid", "row")}}, content: []term{{types: []Type{Figure}, min: 2}}},
	FactBox:       {attrs: []attr{{name: "kind", def: "fact", check: oneOf("fact", "background", "profile")}}, content: []term{{types: []Type{BoxTitle}, min: 1, max: 1}, {types: flow, min: 1}}},
	BoxTitle:      {content: []term{{types: words}}},
	Timeline:      {content: []term{{types: []Type{BoxTitle}, min: 1, max: 1}, {types: []Type{TimelineEvent}, min: 1}}},
	TimelineEvent: {attrs: []attr{{name: "date", def: ""}, {name: "label", def: ""}}, content: []term{{types: []Type{Paragraph}, min: 1}}},
	Table:         {attrs: []attr{{name: "caption", def: ""}, {name: "head", def: "row", check: oneOf("none", "row", "column", "both")}}, content: []term{{types: []Type{TableRow}, min: 1}}},
	TableRow:      {content: []term{{types: []Type{TableCell}, min: 1}}},
	TableCell:     {content: []term{{types: inline}}, marks: markOrder},
	Embed:         {attrs: []attr{{name: "url", def: "", required: true}, {name: "provider", def: ""}, {name: "title", def: ""}}},
	Audio:         {attrs: []attr{{name: "file", def: "", required: true, check: digest}, {name: "title", def: ""}}},
	Video:         {attrs: []attr{{name: "file", def: "", required: true, check: digest}, {name: "poster", def: "", check: digestOrNone}, {name: "title", def: ""}}},
	File:          {attrs: []attr{{name: "file", def: "", required: true, check: digest}, {name: "title", def: ""}}},
	Divider:       {},
	Text:          {},
	HardBreak:     {},
	Footnote:      {attrs: []attr{{name: "id", def: "", check: anchor}}, content: []term{{types: words}}, marks: markOrder},
}

var marks = map[MarkType]spec{
	Link:   {attrs: []attr{{name: "href", def: "", required: true}}},
	Strong: {}, Em: {}, Strike: {}, Sub: {}, Sup: {}, Code: {},
	Lang: {attrs: []attr{{name: "lang", def: "", required: true, check: languageTag}, {name: "dir", def: "", check: oneOf("", "ltr", "rtl")}}},
}

func oneOf(allowed ...string) func(any) error {
	return func(v any) error {
		if !slices.Contains(allowed, v.(string)) {
			return fmt.Errorf("%q is none of %q", v, allowed)
		}
		return nil
	}
}

func between(low, high int64) func(any) error {
	return func(v any) error {
		if i := v.(int64); i < low || i > high {
			return fmt.Errorf("%d is not between %d and %d", i, low, high)
		}
		return nil
	}
}

func digest(v any) error {
	s := v.(string)
	if b, err := hex.DecodeString(s); err != nil || len(b) != 32 || strings.ToLower(s) != s {
		return fmt.Errorf("%q is not the SHA-256 of a file in lower-case hex", s)
	}
	return nil
}

func digestOrNone(v any) error {
	if v.(string) == "" {
		return nil
	}
	return digest(v)
}

// anchor allows what can stand behind # in an address without escaping.
func anchor(v any) error {
	for _, r := range v.(string) {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_') {
			return fmt.Errorf("%q may hold letters, digits, - and _ only", v)
		}
	}
	return nil
}

// languageTag allows the form of a BCP 47 tag: letters and digits in groups of
// up to eight, joined by hyphens.
func languageTag(v any) error {
	s := v.(string)
	for _, part := range strings.Split(s, "-") {
		if part == "" || len(part) > 8 || anchor(part) != nil || strings.Contains(part, "_") {
			return fmt.Errorf("%q is no language tag such as en-GB", s)
		}
	}
	return nil
}
