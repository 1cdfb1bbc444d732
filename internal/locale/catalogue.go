package locale

import (
	"embed"
	"fmt"
	"io/fs"
	"reflect"
	"slices"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/nicksnyder/go-i18n/v2/i18n/template"
	"github.com/pelletier/go-toml/v2"
	"golang.org/x/text/language"
)

// files are the message catalogues, in the TOML format of go-i18n. A message
// has the name of its field in [Words]; those of a struct within it stand in a
// table of that name.
//
//go:embed words/*.toml
var files embed.FS

// catalogues are the words of every language that has any, a tag with a region
// before the language alone.
var catalogues = mustLoad(files)

func mustLoad(fsys fs.FS) []*Words {
	all, err := load(fsys)
	if err != nil {
		panic(err)
	}
	return all
}

// load reads the catalogues in the directory words. A phrase that one of them
// lacks is in English.
func load(fsys fs.FS) ([]*Words, error) {
	bundle := i18n.NewBundle(language.English)
	bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	names, err := fs.Glob(fsys, "words/*.toml")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if _, err := bundle.LoadMessageFileFS(fsys, name); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	var all []*Words
	for _, tag := range bundle.LanguageTags() {
		w := &Words{Lang: tag.String(), localizer: i18n.NewLocalizer(bundle, tag.String())}
		w.fill(reflect.ValueOf(w).Elem(), "")
		all = append(all, w)
	}
	slices.SortStableFunc(all, func(a, b *Words) int { return len(b.Lang) - len(a.Lang) })
	return all, nil
}

// fill sets the fields of v, which is the Words or a struct within them, to the
// phrases of their names.
func (w *Words) fill(v reflect.Value, prefix string) {
	for i := range v.NumField() {
		field, id := v.Field(i), prefix+v.Type().Field(i).Name
		switch {
		case !field.CanSet() || id == "Lang":
		case field.Kind() == reflect.Struct:
			w.fill(field, id+".")
		case field.Type() == reflect.TypeFor[Forms]():
			field.SetString(id)
		default:
			phrase, _ := w.say(&i18n.LocalizeConfig{MessageID: id})
			field.SetString(phrase)
		}
	}
}

// say returns a phrase, and the language that it turned out to be in.
func (w *Words) say(c *i18n.LocalizeConfig) (phrase string, lang language.Tag) {
	c.TemplateParser = template.IdentityParser{} // our blanks are those of package fmt
	// The error only repeats that the phrase is not in w's own language.
	phrase, lang, _ = w.localizer.LocalizeWithTag(c)
	return phrase, lang
}
