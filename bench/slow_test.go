package main

import (
	"strings"
	"testing"
)

func TestTheScriptLooksForTheOpeningOfTheText(t *testing.T) {
	if script := readableScript(`The "ice" stopped.`); !strings.Contains(script, `startsWith("The \"ice\" stopped.")`) {
		t.Errorf("the script looks for something else:\n%s", script)
	}
}
