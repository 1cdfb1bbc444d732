package main

import (
	"slices"
	"strings"
	"testing"
)

func TestNamedScenariosAreRunWithWhatTheyNeed(t *testing.T) {
	for _, tt := range []struct{ names, want string }{
		{"visit load", "load visit"},
		{"article", "import article"},
		{"backup import slow", "import backup slow"},
	} {
		chosen, err := choose(strings.Fields(tt.names))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range chosen {
			got = append(got, s.name)
		}
		if !slices.Equal(got, strings.Fields(tt.want)) {
			t.Errorf("of %q these are run: %q, want %q", tt.names, got, tt.want)
		}
	}
	if all, err := choose(nil); err != nil || len(all) != len(scenarios) {
		t.Errorf("without a name %d are run (%v), want all", len(all), err)
	}
	if _, err := choose([]string{"lode"}); err == nil || !strings.Contains(err.Error(), "load") {
		t.Errorf("a name that there is not: %v, want those that there are", err)
	}
}
