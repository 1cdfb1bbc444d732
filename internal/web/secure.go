package web

import (
	"net/http"
	"strings"
)

// policy is the content security policy of every page: nothing from anybody
// else, no script or style within the page, no frame around it.
var policy = strings.Join([]string{
	"default-src 'self'",
	"img-src 'self' data:",
	"style-src 'self'",
	"script-src 'self'",
	"object-src 'none'",
	"base-uri 'none'",
	"form-action 'self'",
	"frame-ancestors 'none'",
}, "; ")

// Secure sets the headers that protect readers on every answer. Of the address
// a reader comes from, other sites learn nothing; this one does, since with
// no-referrer browsers send forms with "Origin: null", which the check against
// cross-origin requests has to refuse. With https browsers are told for a year
// to come over HTTPS only.
func Secure(next http.Handler, https bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", policy)
		header.Set("Referrer-Policy", "same-origin")
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), browsing-topics=()")
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		if https {
			header.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}
