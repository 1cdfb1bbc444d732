package site

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"example.org/broadside"
	"example.org/broadside/internal/document"
	"example.org/broadside/internal/page"
	"example.org/broadside/internal/web"
)

// content makes whatever the newsroom or the site has put at a path. A pattern
// of net/http cannot hold an ending, such as /{section}/{slug}.txt, so one
// resolver finds all of it.
func (s *Site) content(ctx context.Context, r *http.Request) (*web.Content, error) {
	c, err := s.at(ctx, r, r.URL.Path)
	if broadside.KindOf(err) != broadside.NotFound {
		return c, err
	}
	to, rerr := s.elsewhere(ctx, r)
	if rerr != nil {
		return nil, rerr
	}
	if to == "" {
		return nil, err
	}
	if r.URL.RawQuery != "" {
		to += "?" + r.URL.RawQuery
	}
	return nil, &web.Redirect{To: to}
}

// parameters names those of a query that the view of a path looks at. Others
// must not make a page anew.
func parameters(path string) []string {
	switch first, rest, deeper := strings.Cut(strings.TrimPrefix(path, "/"), "/"); {
	case path == "/sitemap.xml":
		return []string{"part"}
	case !deeper, first == "lite", first == "archive", first == "edition" && rest != "":
		return nil
	case strings.HasSuffix(path, "/"):
		return []string{"page"}
	}
	return nil
}

// at makes what is at exactly that path, or returns NotFound.
func (s *Site) at(ctx context.Context, r *http.Request, path string) (*web.Content, error) {
	v := s.find(path)
	if v == nil {
		return nil, nothingAt()
	}
	m, err := s.begin(ctx, r)
	if err != nil {
		return nil, err
	}
	return v(m)
}

// find returns the view for a path, or nil if nothing can be there. What the
// path names need not exist.
func (s *Site) find(path string) view {
	if !strings.HasPrefix(path, "/") {
		return nil
	}
	first, rest, deeper := strings.Cut(path[1:], "/")
	if !deeper {
		return s.findAtRoot(first)
	}
	switch first {
	case "tag":
		return findList(rest, tagList)
	case "by":
		return findList(rest, personList)
	case "lang":
		return findList(rest, langList)
	case "archive":
		return findArchive(rest)
	case "edition":
		return findEdition(rest)
	case "lite":
		return findLite(rest)
	}
	if broadside.CheckSection(first) != nil {
		return nil
	}
	if v := findList(path[1:], sectionList); v != nil {
		return v
	}
	return findArticle(first, rest)
}

// findAtRoot returns what has an address of one element.
func (s *Site) findAtRoot(name string) view {
	if form, ok := feedForms[name]; ok {
		return func(m *making) (*web.Content, error) { return m.feed(wholePaper(m), form) }
	}
	switch name {
	case "":
		return (*making).front
	case "corrections":
		return (*making).corrections
	case "sitemap.xml":
		return (*making).sitemap
	case "sitemap-news.xml":
		return (*making).newsSitemap
	case "robots.txt":
		return (*making).robots
	}
	return findArticle(broadside.PageSection, name)
}

// findList returns a page or a feed of a list, whose address is name/ or
// name/feed.xml. Open finds the list of a name.
func findList(rest string, open func(m *making, name string) (*list, error)) view {
	name, file, ok := strings.Cut(rest, "/")
	form, isFeed := feedForms[file]
	if !ok || name == "" || file != "" && !isFeed {
		return nil
	}
	return func(m *making) (*web.Content, error) {
		l, err := open(m, name)
		if err != nil {
			return nil, err
		}
		if isFeed {
			return m.feed(l, form)
		}
		return m.list(l)
	}
}

// findArticle returns an article or one of its twins.
func findArticle(section, name string) view {
	if slug, ok := strings.CutSuffix(name, ".txt"); ok {
		return articleView(section, slug, (*making).text)
	}
	if slug, ok := strings.CutSuffix(name, "/republish"); ok {
		return articleView(section, slug, (*making).republish)
	}
	return articleView(section, name, (*making).article)
}

// articleView calls show for the article at a place, if one can be there.
func articleView(section, slug string, show func(*making, *broadside.Article) (*web.Content, error)) view {
	if broadside.CheckSlug("article", slug) != nil {
		return nil
	}
	return func(m *making) (*web.Content, error) {
		a, err := m.Store.ArticleAt(m.ctx, section, slug)
		if err != nil {
			return nil, err
		}
		if a.Live == "" {
			return nil, m.notPublic(a)
		}
		return show(m, a)
	}
}

// findLite returns a text-only twin.
func findLite(rest string) view {
	if rest == "" {
		return (*making).liteFront
	}
	section, slug, deeper := strings.Cut(rest, "/")
	switch {
	case !deeper:
		return articleView(broadside.PageSection, section, (*making).liteArticle)
	case broadside.CheckSection(section) != nil:
		return nil
	case slug == "":
		return func(m *making) (*web.Content, error) {
			l, err := sectionList(m, section)
			if err != nil {
				return nil, err
			}
			return m.liteList(l)
		}
	}
	return articleView(section, slug, (*making).liteArticle)
}

// findArchive returns the archive, a year of it or a month.
func findArchive(rest string) view {
	if rest == "" {
		return func(m *making) (*web.Content, error) { return m.archive(0) }
	}
	parts := strings.Split(rest, "/")
	year, err := strconv.Atoi(parts[0])
	if err != nil || len(parts[0]) != 4 || parts[len(parts)-1] != "" {
		return nil
	}
	switch len(parts) {
	case 2:
		return func(m *making) (*web.Content, error) { return m.archive(year) }
	case 3:
		month, err := strconv.Atoi(parts[1])
		if err != nil || len(parts[1]) != 2 || month < 1 || month > 12 {
			return nil
		}
		return func(m *making) (*web.Content, error) {
			return m.month(page.Month{Year: year, Month: time.Month(month)})
		}
	}
	return nil
}

// findEdition returns the list of editions, or one of them.
func findEdition(rest string) view {
	if rest == "" {
		return (*making).editions
	}
	name, ok := strings.CutSuffix(rest, "/")
	number, err := strconv.Atoi(name)
	if !ok || err != nil || fmt.Sprint(number) != name {
		return nil
	}
	return func(m *making) (*web.Content, error) { return m.edition(number) }
}

// notPublic tells readers why an article is withdrawn. Of one that was never
// public they learn nothing.
func (m *making) notPublic(a *broadside.Article) error {
	if a.Status != broadside.Withdrawn {
		return nothingAt()
	}
	notes, err := m.notes(a)
	if err != nil {
		return err
	}
	return broadside.Errorf(broadside.Gone, "%s", notes[0].Note)
}

// maxPath is the length of the longest path that can have moved, in bytes.
const maxPath = 1000

// elsewhere returns where the thing at a path has moved to, or else the proper
// spelling of the path: lists end in a slash, articles do not, and all is in
// lower case. It returns "" if there is nothing there either.
func (s *Site) elsewhere(ctx context.Context, r *http.Request) (string, error) {
	path := r.URL.Path
	if len(path) > maxPath || !utf8.ValidString(path) || strings.ContainsRune(path, 0) {
		return "", nil // no database could hold such a path
	}
	to, err := s.moved(ctx, path)
	if err != nil || to != "" {
		return to, err
	}
	lower := strings.ToLower(path)
	for _, spelling := range []string{lower, lower + "/", strings.TrimRight(lower, "/")} {
		if spelling == path || spelling == "" || strings.HasPrefix(spelling, "//") {
			continue
		}
		if _, err := s.at(ctx, r, spelling); err == nil {
			return spelling, nil
		} else if broadside.KindOf(err) != broadside.NotFound && broadside.KindOf(err) != broadside.Gone {
			return "", err
		}
	}
	return "", nil
}

// twins are what may stand around the address of an article in that of its twin.
var twins = []struct{ before, after string }{{"", ""}, {"", ".txt"}, {"", "/republish"}, {"/lite", ""}}

// moved returns where a redirect leads from a path, or from the article whose
// twin is at it; "" if there is none.
func (s *Site) moved(ctx context.Context, path string) (string, error) {
	for _, twin := range twins {
		bare, isAfter := strings.CutSuffix(path, twin.after)
		bare, isBefore := strings.CutPrefix(bare, twin.before)
		if !isAfter || !isBefore {
			continue
		}
		to, err := s.redirect(ctx, bare)
		if broadside.KindOf(err) == broadside.NotFound {
			continue
		}
		if err != nil {
			return "", err
		}
		return twin.before + to + twin.after, nil
	}
	return "", nil
}

// redirect returns where exactly that path leads, or NotFound.
func (s *Site) redirect(ctx context.Context, path string) (string, error) {
	to, err := s.Store.Redirect(ctx, path)
	if err != nil {
		return "", err
	}
	if to.Article == "" {
		if !document.SafeLink(to.Target) || to.Target[0] != '/' || strings.HasPrefix(to.Target, "//") {
			return "", fmt.Errorf("the redirect from %s does not stay on the site", path)
		}
		return to.Target, nil
	}
	a, err := s.Store.Article(ctx, to.Article)
	if err != nil {
		return "", err
	}
	return a.Path(), nil
}

// filePath is the address of a file.
func filePath(id, name string) string { return "/media/file/" + id + "/" + url.PathEscape(name) }
