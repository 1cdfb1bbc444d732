package document

import (
	"regexp"
	"strings"
)

var creativeCommons = regexp.MustCompile(`^CC (BY(?:-NC)?(?:-ND|-SA)?) ([1-4]\.[05])$`)

// LicenceURL returns the address of the deed of a licence that it knows by
// its short name, such as "CC BY-SA 4.0" or "CC0 1.0", and "" for others.
func LicenceURL(name string) string {
	name = strings.ToUpper(strings.Join(strings.Fields(name), " "))
	if m := creativeCommons.FindStringSubmatch(name); m != nil {
		return "https://creativecommons.org/licenses/" + strings.ToLower(m[1]) + "/" + m[2] + "/"
	}
	switch name {
	case "CC0", "CC0 1.0":
		return "https://creativecommons.org/publicdomain/zero/1.0/"
	case "PUBLIC DOMAIN", "PDM 1.0":
		return "https://creativecommons.org/publicdomain/mark/1.0/"
	}
	return ""
}
