package newstest

import (
	"sync"
	"time"
)

// A Clock stands still until a test moves it, or runs with the machine's. It
// is safe for concurrent use.
type Clock struct {
	mu   sync.Mutex
	at   time.Time
	real bool
}

// NewClock returns a clock that stands still.
func NewClock(at time.Time) *Clock { return &Clock{at: at} }

// RealClock returns a clock that shows the machine's time.
func RealClock() *Clock { return &Clock{real: true} }

// Now tells the time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.real {
		return time.Now()
	}
	return c.at
}

// Move moves a clock that stands still on by d.
func (c *Clock) Move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}
