package importer

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"example.org/broadside"
	"example.org/broadside/internal/document"
	"example.org/broadside/internal/locale"
	"example.org/broadside/internal/newsroom"
	"example.org/broadside/internal/picture"
)

// MaxFile is the size of the largest text that is read, in bytes.
const MaxFile = document.MaxBytes

// An article is one file while it is read.
type article struct {
	newsroom *newsroom.Newsroom
	folder   fs.FS // of the file: what it names is there or below
	opt      Options

	front *front
	uses  []document.Use
	sub   newsroom.Submission
}

// read makes a submission of a file. If it fails, what it has kept of pictures
// and files is deleted again.
func (a *article) read(ctx context.Context, file string) (*newsroom.Submission, error) {
	sub, err := a.parse(ctx, file)
	if err != nil {
		return nil, errors.Join(err, a.newsroom.Discard(context.WithoutCancel(ctx), a.sub.Prints, a.sub.Attachments))
	}
	return sub, nil
}

func (a *article) parse(ctx context.Context, file string) (*newsroom.Submission, error) {
	src, err := a.readFile(file)
	if err != nil {
		return nil, err
	}
	matter, text, line, err := split(src)
	if err != nil {
		return nil, err
	}
	if a.front, err = parseFront(matter); err != nil {
		return nil, err
	}
	if err := a.particulars(matter); err != nil {
		return nil, err
	}
	d := a.sub.Text
	if a.front.Picture != nil {
		if d.Lead, err = a.picture(ctx, a.front.Picture.File, ""); err != nil {
			return nil, atLine(lineOf(matter, "picture"), err)
		}
	}
	if d.Body, err = a.body(ctx, text, line); err != nil {
		return nil, err
	}
	d.Pictures = a.uses
	if _, err := d.Canonical(); err != nil {
		return nil, err
	}
	if a.opt.Publish {
		// Said before anything is stored, and for each file by itself.
		if err := newsroom.Judge(d); err != nil {
			return nil, err
		}
	}
	return &a.sub, nil
}

func (a *article) readFile(file string) ([]byte, error) {
	f, err := a.open(path.Base(file), file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	src, err := io.ReadAll(io.LimitReader(f, MaxFile+1))
	if err != nil {
		return nil, err
	}
	if len(src) > MaxFile {
		return nil, broadside.Errorf(broadside.Invalid, "The file is larger than %d MB: that is no article.", MaxFile>>20)
	}
	return src, nil
}

func missing(file string, err error) error {
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) {
		return &broadside.Error{Kind: broadside.Invalid, Public: "There is no file " + file + "."}
	}
	return err
}

// place judges the section and the slug. One of the paper's own pages has no
// section to name.
func (a *article) place(matter []byte) error {
	f, checkSlug := a.front, func(slug string) error { return broadside.CheckSlug("article", slug) }
	if f.Kind == pageKind && f.Section == "" {
		a.sub.Section = broadside.Section{Slug: broadside.PageSection, Name: "Page"}
		checkSlug = broadside.CheckPage
	} else if err := broadside.CheckSection(a.sub.Section.Slug); err != nil {
		return atLine(lineOf(matter, "section"), err)
	}
	if f.Slug == "" {
		return nil
	}
	if err := checkSlug(f.Slug); err != nil {
		return atLine(lineOf(matter, "slug"), err)
	}
	return nil
}

// particulars takes over the front matter, all but the pictures.
func (a *article) particulars(matter []byte) (err error) {
	f := a.front
	lang := cmp.Or(f.Lang, a.opt.Paper.Lang)
	d := &document.Document{
		Kind: f.Kind, Lang: lang, Dir: locale.Dir(lang), Headline: f.Title, Standfirst: f.Standfirst,
		Dateline: document.Dateline{Place: f.Dateline.Place, Date: f.Dateline.Date},
	}
	if f.Author != "" {
		d.Bylines = []document.Byline{{Name: f.Author}}
	}
	for _, who := range f.Authors {
		d.Bylines = append(d.Bylines, document.Byline{Name: who.Name, Role: who.Role})
	}
	a.sub = newsroom.Submission{Slug: f.Slug, Story: f.Story, Publish: a.opt.Publish, Amend: a.opt.Amend, Text: d,
		Section: broadside.Section{Slug: newsroom.Slug(f.Section, lang), Name: f.Section}}
	if err := a.place(matter); err != nil {
		return err
	}
	for _, name := range f.Tags {
		tag := broadside.Tag{Slug: newsroom.Slug(name, lang), Name: name}
		if err := broadside.CheckSlug("tag", tag.Slug); err != nil {
			return atLine(lineOf(matter, "tags"), err)
		}
		a.sub.Tags = append(a.sub.Tags, tag)
	}
	if f.Date != "" {
		if a.sub.Date, err = parseDate(f.Date, a.opt.Paper.Location()); err != nil {
			return atLine(lineOf(matter, "date"), err)
		}
	}
	return nil
}

func (a *article) body(ctx context.Context, text []byte, line int) (*document.Node, error) {
	named := func(src, identity string, err error) (string, error) {
		if i := bytes.Index(text, []byte(src)); err != nil && i >= 0 {
			err = atLine(line+bytes.Count(text[:i], []byte("\n")), err)
		}
		return identity, err
	}
	opt := document.Options{
		FirstLine: line,
		Picture: func(src, alt string) (string, error) {
			identity, err := a.picture(ctx, src, alt)
			return named(src, identity, err)
		},
		File: func(src string) (string, error) {
			identity, err := a.file(ctx, src)
			return named(src, identity, err)
		},
	}
	switch a.opt.Format {
	case HTML:
		return document.FromHTML(text, opt)
	case Text:
		return document.FromText(text)
	default:
		return document.FromMarkdown(text, opt)
	}
}

// picture takes in a picture and its use. The words of the front matter go
// before those of the text, and those before what the file itself carries.
func (a *article) picture(ctx context.Context, src, alt string) (string, error) {
	f, err := a.beside(src)
	if err != nil {
		return "", err
	}
	defer f.Close()
	content, err := asNamed(src, f)
	if err != nil {
		return "", err
	}
	print, err := a.newsroom.Develop(ctx, content, a.opt.KeepOriginals)
	if err != nil {
		if broadside.KindOf(err) == broadside.Invalid {
			return "", broadside.Errorf(broadside.Invalid, "The picture %s: %s", src, broadside.PublicOf(err))
		}
		return "", fmt.Errorf("picture %s: %w", src, err)
	}
	a.sub.Prints = append(a.sub.Prints, print)
	p := print.Picture()
	for _, u := range a.uses {
		if u.Picture == p.Master {
			return p.Master, nil // the same picture again, under whatever name
		}
	}
	said := a.said(src)
	u := document.Use{
		Picture: p.Master, Decorative: said.Decorative, Alt: cmp.Or(said.Alt, alt, p.Alt), Caption: cmp.Or(said.Caption, p.Caption),
		Credit: cmp.Or(said.Credit, p.Credit), Licence: cmp.Or(said.Licence, p.Licence), FocalX: 500, FocalY: 500,
	}
	if len(said.Focal) == 2 {
		u.FocalX, u.FocalY = said.Focal[0], said.Focal[1]
	} else if len(said.Focal) > 0 {
		return "", broadside.Errorf(broadside.Invalid, "The focal point of %s needs two numbers, such as [500, 300].", src)
	}
	a.uses = append(a.uses, u)
	return p.Master, nil
}

// pictureNames are the endings of pictures' names and what they promise.
var pictureNames = map[string]string{".jpg": "jpeg", ".jpeg": "jpeg", ".png": "png", ".gif": "gif", ".webp": "webp"}

// asNamed refuses a picture that is of another kind than its name says: it is
// not the file that its author means, or somebody has tampered with it.
func asNamed(src string, f io.Reader) (io.Reader, error) {
	content := bufio.NewReader(f)
	head, err := content.Peek(512)
	if err != nil && err != io.EOF {
		return nil, err
	}
	promised, is := pictureNames[strings.ToLower(path.Ext(src))], picture.Sniff(head)
	if _, known := pictureNames["."+is]; known && promised != "" && promised != is {
		return nil, broadside.Errorf(broadside.Invalid, "The picture %s is of the kind %s, which its name denies: save it as what its name says, or give it the right name.", src, strings.ToUpper(is))
	}
	return content, nil
}

// said returns what the front matter says of a picture.
func (a *article) said(src string) pictureUse {
	if p := a.front.Picture; p != nil && p.File == src {
		return *p
	}
	for _, p := range a.front.Pictures {
		if p.File == src {
			return p
		}
	}
	return pictureUse{}
}

func (a *article) file(ctx context.Context, src string) (string, error) {
	f, err := a.beside(src)
	if err != nil {
		return "", err
	}
	defer f.Close()
	attachment, err := a.newsroom.Attach(ctx, f, path.Base(src))
	if err != nil {
		return "", err
	}
	a.sub.Attachments = append(a.sub.Attachments, attachment)
	return attachment.Blob(), nil
}

// beside opens a file that an article names.
func (a *article) beside(src string) (fs.File, error) {
	if src == "" {
		return nil, broadside.Errorf(broadside.Invalid, "A picture or file is named without saying which.")
	}
	if strings.Contains(src, "://") {
		return nil, broadside.Errorf(broadside.Invalid, "The file %s is on the internet: save it beside the article and name it there.", src)
	}
	name := path.Clean(src)
	if path.IsAbs(name) || name == ".." || strings.HasPrefix(name, "../") {
		return nil, broadside.Errorf(broadside.Invalid, "The file %s is outside the article's folder: put it beside the article and name it there.", src)
	}
	return a.open(name, src)
}

// open opens a regular file, which the article calls src. It looks before it
// opens, for whoever opens a pipe may wait for ever.
func (a *article) open(name, src string) (fs.File, error) {
	info, err := fs.Stat(a.folder, name)
	if err != nil {
		return nil, missing(src, err)
	}
	if !info.Mode().IsRegular() {
		return nil, broadside.Errorf(broadside.Invalid, "%s is not a file.", src)
	}
	f, err := a.folder.Open(name)
	if err != nil {
		return nil, missing(src, err)
	}
	return f, nil
}
