package feed

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

// The objects of JSON Feed 1.1 (jsonfeed.org/version/1.1).
type (
	jsonFeed struct {
		Version     string       `json:"version"`
		Title       string       `json:"title"`
		HomePage    string       `json:"home_page_url"`
		FeedURL     string       `json:"feed_url"`
		Description string       `json:"description,omitempty"`
		Language    string       `json:"language,omitempty"`
		Authors     []jsonAuthor `json:"authors"`
		Items       []jsonItem   `json:"items"`
	}
	jsonItem struct {
		ID          string           `json:"id"`
		URL         string           `json:"url"`
		Title       string           `json:"title"`
		Summary     string           `json:"summary,omitempty"`
		ContentHTML string           `json:"content_html"`
		Image       string           `json:"image,omitempty"`
		Published   string           `json:"date_published"`
		Modified    string           `json:"date_modified"`
		Authors     []jsonAuthor     `json:"authors"`
		Tags        []string         `json:"tags,omitempty"`
		Language    string           `json:"language,omitempty"`
		Attachments []jsonAttachment `json:"attachments,omitempty"`
	}
	jsonAuthor struct {
		Name string `json:"name"`
		URL  string `json:"url,omitempty"`
	}
	jsonAttachment struct {
		URL  string `json:"url"`
		Type string `json:"mime_type"`
		Size int64  `json:"size_in_bytes,omitempty"`
	}
)

// JSON writes the feed as JSON Feed 1.1.
func (f *Feed) JSON(w io.Writer) error {
	home := f.Paper.Absolute(f.Path)
	out := jsonFeed{
		Version:     "https://jsonfeed.org/version/1.1",
		Title:       f.title(),
		HomePage:    home,
		FeedURL:     home + JSONName,
		Description: f.Paper.Tagline,
		Language:    f.Paper.Lang,
		Authors:     []jsonAuthor{{Name: f.Paper.Name, URL: f.Paper.Absolute("/")}},
		Items:       []jsonItem{},
	}
	for i := range f.Entries {
		out.Items = append(out.Items, f.jsonItem(&f.Entries[i]))
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(out); err != nil {
		return fmt.Errorf("JSON feed %s: %w", f.Path, err)
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("JSON feed %s: %w", f.Path, err)
	}
	return nil
}

func (f *Feed) jsonItem(e *Entry) jsonItem {
	out := jsonItem{
		ID:          e.id(),
		URL:         f.Paper.Absolute(e.Article.Path()),
		Title:       e.Document.Headline,
		Summary:     e.Document.Standfirst,
		ContentHTML: f.content(e),
		Published:   stamp(e.Article.Published),
		Modified:    stamp(e.updated()),
		Tags:        e.categories(),
		Language:    e.Document.Lang,
	}
	if u, ok := e.Document.Use(e.Document.Lead); ok {
		if img, ok := f.image(e, u); ok {
			out.Image = img.Src
		}
	}
	for _, name := range f.authors(e) {
		out.Authors = append(out.Authors, jsonAuthor{Name: name})
	}
	for _, file := range f.media(e) {
		out.Attachments = append(out.Attachments, jsonAttachment(file))
	}
	return out
}
