package site

import (
	"testing"

	"example.org/broadside/internal/page"
)

// What was begun to be read before a change is not shared after it.
func TestWhatEveryPageShowsIsNotKeptPastAChange(t *testing.T) {
	var s shared
	b := &page.Base{}
	keeps := func(mark int64) bool {
		s.keep(b, mark)
		return s.base.Load() != nil
	}
	early := s.mark()
	if keeps(early) {
		t.Error("it is kept before anybody follows")
	}
	s.drop()
	if keeps(early) {
		t.Error("what was begun before anybody followed is kept")
	}
	mark := s.mark()
	if !keeps(mark) {
		t.Error("it is not kept")
	}
	s.drop()
	if s.base.Load() != nil {
		t.Error("it is still there after a change")
	}
	if keeps(mark) {
		t.Error("what was begun before a change is kept after it")
	}
	s.follow(false)
	if keeps(s.mark()) {
		t.Error("it is kept when nobody follows any more")
	}
}
