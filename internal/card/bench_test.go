package card

import (
	"io"
	"testing"
)

// BenchmarkDraw is an article with an ordinary headline; BenchmarkDrawLong has
// one that fills five lines.
func BenchmarkDraw(b *testing.B) {
	drawMany(b, samples["plain"])
}

func BenchmarkDrawLong(b *testing.B) {
	drawMany(b, samples["long"])
}

func drawMany(b *testing.B, c Card) {
	d, err := New()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := d.Draw(io.Discard, c); err != nil {
			b.Fatal(err)
		}
	}
}
