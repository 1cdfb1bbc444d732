package main

import "testing"

func TestASpreadTellsWhatWasMeasured(t *testing.T) {
	var hundred spread
	for i := range 100 {
		hundred = append(hundred, float64(100-i))
	}
	for _, tt := range []struct{ got, want string }{
		{hundred.span("ms"), "1.00 / 50.0 / 100 ms"},
		{hundred.tail("ms"), "p50 50.0, p99 99.0, max 100 ms"},
		{spread{7}.span("MB"), "7.00 / 7.00 / 7.00 MB"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %s, want %s", tt.got, tt.want)
		}
	}
}

func TestNumbersAreWrittenWithThreeDigits(t *testing.T) {
	for v, want := range map[float64]string{
		0.0123: "0.012", 0.5: "0.500", 1.234: "1.23", 12.34: "12.3", 123.4: "123", 1234: "1,234", 1_234_567: "1,234,567",
	} {
		if got := digits(v); got != want {
			t.Errorf("digits(%v) = %s, want %s", v, got, want)
		}
	}
}
