package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// machine says in a line what the figures were measured on.
func machine() (string, error) {
	model, err := field("/proc/cpuinfo", "model name")
	if err != nil {
		return "", err
	}
	kernel, err := os.ReadFile("/proc/sys/kernel/osrelease")
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s, %d cores; %s; Linux %s; files in the page cache", model, runtime.NumCPU(), runtime.Version(), bytes.TrimSpace(kernel)), nil
}

// field returns the value of the first line "name: value" of a file in /proc.
func field(file, name string) (string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		key, value, found := strings.Cut(lines.Text(), ":")
		if found && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value), nil
		}
	}
	return "", fmt.Errorf("%s has no line %q", file, name)
}

// resident returns the memory of a process in megabytes, now and at its peak.
// The process is its number or "self".
func resident(process string) (now, peak float64, err error) {
	for name, to := range map[string]*float64{"VmRSS": &now, "VmHWM": &peak} {
		value, err := field("/proc/"+process+"/status", name)
		if err != nil {
			return 0, 0, err
		}
		kilobytes, err := strconv.ParseFloat(strings.TrimSuffix(value, " kB"), 64)
		if err != nil {
			return 0, 0, fmt.Errorf("%s of process %s: %w", name, process, err)
		}
		*to = kilobytes / 1024
	}
	return now, peak, nil
}

// forgetPeak gives unused memory back and makes what is left the new peak of
// this process.
func forgetPeak() error {
	debug.FreeOSMemory()
	return os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
}

// The processes whose processor time can be told exactly.
const (
	here     = syscall.RUSAGE_SELF     // this one, its collector included
	children = syscall.RUSAGE_CHILDREN // those that have ended
)

// cpu returns the processor time that here or children have taken.
func cpu(who int) (time.Duration, error) {
	var use syscall.Rusage
	if err := syscall.Getrusage(who, &use); err != nil {
		return 0, err
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano()), nil
}

// costOf returns the processor time that f takes, here or in the children that
// it waits for. Nothing else should go on meanwhile.
func costOf(who int, f func() error) (time.Duration, error) {
	before, err := cpu(who)
	if err != nil {
		return 0, err
	}
	if err := f(); err != nil {
		return 0, err
	}
	after, err := cpu(who)
	return after - before, err
}

// tick is the unit in which /proc tells processor time: USER_HZ, which is 100
// on every architecture that Go runs on.
const tick = 10 * time.Millisecond

// cpuOf returns the processor time that another process has taken, in ticks.
func cpuOf(process int) (time.Duration, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", process))
	if err != nil {
		return 0, err
	}
	// The second field is the command in brackets and may hold anything.
	rest := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	const user, system = 14 - 3, 15 - 3 // proc_pid_stat(5) counts from 1, and two fields are cut off
	if len(rest) <= system {
		return 0, fmt.Errorf("/proc/%d/stat is too short", process)
	}
	var sum time.Duration
	for _, ticks := range []string{rest[user], rest[system]} {
		n, err := strconv.Atoi(ticks)
		if err != nil {
			return 0, fmt.Errorf("/proc/%d/stat: %w", process, err)
		}
		sum += time.Duration(n) * tick
	}
	return sum, nil
}
