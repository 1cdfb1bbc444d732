package web

import "net/http"

// A Form is how a reader's browser asks for a page. The headers that it is read
// from are those of [FormVary].
type Form struct {
	// Within says that the reader comes from another page of the site, so that
	// the browser has what all pages share.
	Within bool

	// Sparing says that the reader pays for every byte: pictures only when
	// asked for, no fonts.
	Sparing bool
}

// FormVary names the request headers that a [Form] is read from.
const FormVary = "Save-Data, Sec-Fetch-Site"

// FormOf returns the form in which a request asks for a page.
func FormOf(r *http.Request) (f Form) {
	if v := r.Header["Sec-Fetch-Site"]; len(v) > 0 && v[0] == "same-origin" {
		f.Within = true
	}
	if v := r.Header["Save-Data"]; len(v) > 0 && (v[0] == "on" || v[0] == "ON" || v[0] == "On") {
		f.Sparing = true
	}
	return f
}
