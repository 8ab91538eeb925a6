package x11

// wheel gathers what one viewer's wheel turns into X's clicks: buttons 4 and 5 up and down, 6 and 7 left and right.
type wheel struct {
	viewer string
	x, y   int // what has not made a click yet
}

const (
	notch     = 120 // session.Input's unit of a click
	maxClicks = 50  // at once; what is more is a mistake, or would take the program seconds
)

// turn returns the buttons to click. Another viewer, or the other direction, begins anew.
func (w *wheel) turn(viewer string, dx, dy int) (clicks []byte) {
	if viewer != w.viewer {
		*w = wheel{viewer: viewer}
	}
	clicks = gather(clicks, &w.y, dy, 4, 5)
	return gather(clicks, &w.x, dx, 6, 7)
}

func gather(clicks []byte, sum *int, d int, back, forth byte) []byte {
	if *sum > 0 && d < 0 || *sum < 0 && d > 0 {
		*sum = 0
	}
	*sum += d
	n := *sum / notch
	*sum -= n * notch
	for range min(n, maxClicks) {
		clicks = append(clicks, forth)
	}
	for range min(-n, maxClicks) {
		clicks = append(clicks, back)
	}
	return clicks
}
