package measure

import (
	"image"
	"time"
)

// overwrittenWithin is how soon after it was shown a tile's content counts as overwritten.
const overwrittenWithin = time.Second

// Overwritten counts the bytes of what the user saw for at most a second before the source
// changed it again: pixels that were hardly worth sending. What arrives at one time is shared
// evenly among the tiles that it changed. Not for concurrent use.
type Overwritten struct {
	grid
	shown [][]spent // by tile, of the last second
	bytes float64
}

// spent are bytes that showed a tile.
type spent struct {
	at    time.Duration
	bytes float64
}

// NewOverwritten is for a screen of that size, in pixels.
func NewOverwritten(size image.Point) *Overwritten {
	g := newGrid(size)
	return &Overwritten{grid: g, shown: make([][]spent, len(g.marks))}
}

// Show is told of so many bytes that changed what the user sees.
func (o *Overwritten) Show(now time.Duration, bytes int, damage []image.Rectangle) {
	tiles := o.touched(damage)
	for _, i := range tiles {
		o.shown[i] = append(recent(o.shown[i], now), spent{now, float64(bytes) / float64(len(tiles))})
	}
}

// Change is told that the source has changed.
func (o *Overwritten) Change(now time.Duration, damage []image.Rectangle) {
	for _, i := range o.touched(damage) {
		for _, s := range recent(o.shown[i], now) {
			o.bytes += s.bytes
		}
		o.shown[i] = o.shown[i][:0]
	}
}

// Bytes are those overwritten so far.
func (o *Overwritten) Bytes() int { return int(o.bytes + 0.5) }

func recent(all []spent, now time.Duration) []spent {
	for len(all) > 0 && now-all[0].at > overwrittenWithin {
		all = all[1:]
	}
	return all
}
