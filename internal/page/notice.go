package page

import (
	"fmt"
	"net/http"

	"example.org/broadside"
	"example.org/broadside/internal/locale"
)

// Notice is the data of a page that stands where another could not: it says
// what happened, what to do, and what there is to read meanwhile.
type Notice struct {
	Base
	Status int                 // of HTTP
	Reason string              // for the public; for a withdrawn article why it was withdrawn. May be empty
	Newest []broadside.Listing // may be empty
}

// noticeView is the data of templates/notice.html.
type noticeView struct {
	frame
	Number           string // "Error 404"; empty for a withdrawn article, which is no error
	Headline, Help   string
	ReasonHead       string // over the reason; may be empty
	Reason           string
	Newest           []teaser
	ToFrontPageLabel string
}

// Notice writes the notice for a status. Any status has one.
func (p *Pages) Notice(d Notice) (*Sheet, error) {
	v := noticeView{frame: p.frame(&d.Base, "", "", meta{}), Reason: d.Reason}
	n := &v.Notices
	v.Headline, v.Help = noticeWords(n, d.Status)
	v.Meta.Title = v.Headline
	v.ToFrontPageLabel = n.ToFrontPage
	if d.Status == http.StatusGone {
		v.ReasonHead = n.WithdrawnWhy
	} else {
		v.Number = fmt.Sprintf(n.Error, d.Status)
	}
	v.Newest = newTeller(&v.frame, &d.Base).all(d.Newest, "")
	return p.sheet("notice.html", &d.Base, &v)
}

func noticeWords(n *locale.Notices, status int) (headline, help string) {
	switch status {
	case http.StatusNotFound:
		return n.NotFound, n.NotFoundHelp
	case http.StatusGone:
		return n.Withdrawn, n.WithdrawnHelp
	case http.StatusForbidden, http.StatusUnauthorized:
		return n.Denied, n.DeniedHelp
	case http.StatusServiceUnavailable, http.StatusBadGateway, http.StatusGatewayTimeout:
		return n.Unavailable, n.UnavailableHelp
	case http.StatusTooManyRequests:
		return n.TooMany, n.TooManyHelp
	}
	if status >= 400 && status < 500 {
		return n.Refused, n.RefusedHelp
	}
	return n.Broken, n.BrokenHelp
}
