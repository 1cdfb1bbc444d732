package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

//go:embed wrk.lua
var wrkScript []byte

// A pressure is what wrk has measured.
type pressure struct {
	Requests float64 `json:"requests"`
	Seconds  float64 `json:"seconds"`
	P99      float64 `json:"p99"` // in milliseconds
	Errors   int     `json:"errors"`
}

// wrk asks for an address over 64 connections, each as fast as it gets its
// answers, for a while. It fails if one request did.
func (g *ground) wrk(ctx context.Context, url, encoding string, while time.Duration) (pressure, error) {
	path, err := find("wrk", "wrk")
	if err != nil {
		return pressure{}, err
	}
	script := filepath.Join(g.dir, "wrk.lua")
	if err := os.WriteFile(script, wrkScript, 0o644); err != nil {
		return pressure{}, err
	}
	said, err := output(exec.CommandContext(ctx, path, "-t2", "-c64", fmt.Sprintf("-d%.0fs", while.Seconds()),
		"-H", "Accept-Encoding: "+encoding, "-s", script, url))
	if err != nil {
		return pressure{}, err
	}
	said = strings.TrimSpace(said)
	var p pressure
	if err := json.Unmarshal([]byte(said[strings.LastIndexByte(said, '\n')+1:]), &p); err != nil {
		return pressure{}, fmt.Errorf("wrk: %w: %s", err, said)
	}
	if p.Errors > 0 || p.Requests == 0 {
		return pressure{}, fmt.Errorf("wrk: %d requests to %s failed: %s", p.Errors, url, said)
	}
	return p, nil
}
