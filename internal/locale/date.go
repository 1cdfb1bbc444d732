package locale

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Date writes the day of t in t's own zone: "14 March 2026".
func Date(lang string, t time.Time) string {
	c, _ := find(lang)
	return c.write(c.date, t)
}

// LongDate writes the day of t with its weekday: "Saturday 14 March 2026".
func LongDate(lang string, t time.Time) string {
	c, _ := find(lang)
	return c.write(c.long, t)
}

// ShortDate writes the day of t without its year: "14 March".
func ShortDate(lang string, t time.Time) string {
	c, _ := find(lang)
	return c.write(c.short, t)
}

// MonthYear writes the month of t by itself, as a heading or a list does:
// "March 2026", «март 2026». Only English begins it with a capital.
func MonthYear(lang string, t time.Time) string {
	c, _ := find(lang)
	return strings.NewReplacer("{m}", c.monthName(t.Month()), "{y}", strconv.Itoa(t.Year())).Replace(c.month)
}

// MonthName returns the name of a month by itself: "March", «март».
func MonthName(lang string, m time.Month) string {
	c, _ := find(lang)
	return c.monthName(m)
}

// Clock writes the hour of t by the 24-hour clock: "14.52" in English,
// "14:52" in every other language.
func Clock(lang string, t time.Time) string {
	c, _ := find(lang)
	return fmt.Sprintf("%02d%s%02d", t.Hour(), c.clock, t.Minute())
}

// DateLang returns the tag of the language in which [Date] and its like write
// for lang: a page says so to its readers' screen readers. It is "en" for a
// language whose dates are unknown.
func DateLang(lang string) string {
	c, known := find(lang)
	if known {
		return lang
	}
	return c.tag
}

// write fills a pattern with the parts of t.
func (c *convention) write(pattern string, t time.Time) string {
	return strings.NewReplacer(
		"{w}", c.names.WeekdayWide(t.Weekday()),
		"{d}", strconv.Itoa(t.Day()),
		"{m}", c.names.MonthWide(t.Month()),
		"{y}", strconv.Itoa(t.Year()),
	).Replace(pattern)
}

// monthName returns the form that the name of a month has outside a date.
func (c *convention) monthName(m time.Month) string {
	if c.alone != nil {
		return c.alone[m-time.January]
	}
	return c.names.MonthWide(m)
}
