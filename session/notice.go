package session

import "time"

// notice decides when a viewer is told how much of its picture is not exact yet: such a message must not be in the way
// of anything, and a person does not read it ten times a second.
type notice struct {
	told int           // coarse tiles, as the viewer last heard
	at   time.Duration // when
}

// noticeEvery is the least time between two notices, but for the one that all is exact: 0.4 kbit/s.
const noticeEvery = 2 * time.Second

// due is when the viewer is to be told of a number of coarse tiles; false: it knows. calmAt is when its hands will have
// rested for long enough.
func (n *notice) due(coarse int, calmAt time.Duration) (time.Duration, bool) {
	switch {
	case coarse == n.told:
		return 0, false
	case coarse == 0 || n.told == 0:
		return calmAt, true
	}
	return max(calmAt, n.at+noticeEvery), true
}

// tell notes that it is told now.
func (n *notice) tell(now time.Duration, coarse int) { n.told, n.at = coarse, now }
