package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

const tableHead = "| what | asked | measured | reference, in the same run | ratio |\n|---|---|---|---|---|\n"

// A row is one line of the table.
type row struct {
	what      string
	asked     string // empty: nothing was
	measured  string
	reference string
	ratio     float64 // of the measured figure to the reference; 0: there is none
}

// String returns the row in Markdown, without the end of the line.
func (r row) String() string {
	ratio := ""
	if r.ratio > 0 {
		ratio = "× " + digits(r.ratio)
	}
	return fmt.Sprintf("| %s | %s | %s | %s | %s |", r.what, r.asked, r.measured, r.reference, ratio)
}

// A spread is what the repetitions of one measurement gave, all in one unit.
type spread []float64

// add adds a duration in milliseconds.
func (s *spread) add(d time.Duration) { *s = append(*s, d.Seconds()*1000) }

// quantile returns the smallest value that at least that share of the values,
// between 0 and 1, does not exceed.
func (s spread) quantile(share float64) float64 {
	sorted := slices.Sorted(slices.Values(s))
	rank := int(math.Ceil(share * float64(len(sorted))))
	return sorted[max(rank, 1)-1]
}

func (s spread) median() float64 { return s.quantile(0.5) }

// span tells the least, the median and the greatest value.
func (s spread) span(unit string) string {
	return fmt.Sprintf("%s / %s / %s %s", digits(s.quantile(0)), digits(s.median()), digits(s.quantile(1)), unit)
}

// tail tells how bad it gets.
func (s spread) tail(unit string) string {
	return fmt.Sprintf("p50 %s, p99 %s, max %s %s", digits(s.median()), digits(s.quantile(0.99)), digits(s.quantile(1)), unit)
}

// digits writes a number with three digits or, if it is larger, whole with its
// thousands set apart.
func digits(v float64) string {
	decimals := 2 - int(math.Floor(math.Log10(max(math.Abs(v), 0.001))))
	text := fmt.Sprintf("%.*f", min(max(decimals, 0), 3), v)
	if strings.Contains(text, ".") {
		return text
	}
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}
