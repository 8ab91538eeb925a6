package session

import "time"

// motion notices what changes faster than it can be sent: a film, an animation, a window that is dragged. It is told of
// each newer picture, and whether the one before had been sent.
type motion struct {
	overtaken [motionCount]time.Duration // the last pictures that were overtaken
	n         int
}

const (
	// motionCount pictures overtaken within motionSpan are motion. Turning a page, or a scroll of a few notches, is not.
	motionCount = 4
	motionSpan  = time.Second
	// motionTiles is how much of a picture must have been left.
	motionTiles = 64
)

func (m *motion) newer(now time.Duration, left int) {
	if left >= motionTiles {
		m.overtaken[m.n%motionCount] = now
		m.n++
	}
}

// moving tells whether it goes on.
func (m *motion) moving(now time.Duration) bool {
	return m.n >= motionCount && now-m.overtaken[m.n%motionCount] < motionSpan
}
