package web

import (
	"net/http"
	"strings"
)

// policy is the content security policy of an answer with those styles in it:
// nothing from anybody else, no script within the page, no style but those, no
// frame around it.
func policy(styles []string) string {
	return strings.Join([]string{
		"default-src 'self'",
		"img-src 'self' data:",
		"style-src " + strings.Join(append([]string{"'self'"}, styles...), " "),
		"script-src 'self'",
		"object-src 'none'",
		"base-uri 'none'",
		"form-action 'self'",
		"frame-ancestors 'none'",
	}, "; ")
}

// security returns the headers that protect readers, for an answer with those
// styles in it. Of the address a reader comes from, other sites learn nothing;
// this one does, since with no-referrer browsers send forms with "Origin: null",
// which the check against cross-origin requests has to refuse. With HTTPS
// browsers are told for a year to come over that only.
func (f *Floor) security(styles []string) []header {
	headers := []header{
		{"Content-Security-Policy", []string{policy(styles)}},
		{"Referrer-Policy", []string{"same-origin"}},
		{"X-Content-Type-Options", []string{"nosniff"}},
		{"Permissions-Policy", []string{"camera=(), geolocation=(), microphone=(), browsing-topics=()"}},
		{"Cross-Origin-Opener-Policy", []string{"same-origin"}},
	}
	if f.opt.HTTPS {
		headers = append(headers, header{"Strict-Transport-Security", []string{"max-age=31536000"}})
	}
	return headers
}

// secure sets those headers on every answer.
func (f *Floor) secure(next http.Handler) http.Handler {
	headers := f.security(nil)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		for _, one := range headers {
			h[one.name] = one.value
		}
		next.ServeHTTP(w, r)
	})
}
