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
	size    image.Point
	columns int
	shown   [][]spent // by tile, of the last second
	bytes   float64
}

// spent are bytes that showed a tile.
type spent struct {
	at    time.Duration
	bytes float64
}

// NewOverwritten is for a screen of that size, in pixels.
func NewOverwritten(size image.Point) *Overwritten {
	o := &Overwritten{size: size, columns: (size.X + TileSize - 1) / TileSize}
	o.shown = make([][]spent, o.columns*((size.Y+TileSize-1)/TileSize))
	return o
}

// Show is told of so many bytes that changed what the user sees.
func (o *Overwritten) Show(now time.Duration, bytes int, damage []image.Rectangle) {
	tiles := o.touched(damage)
	for i := range tiles {
		o.shown[i] = append(recent(o.shown[i], now), spent{now, float64(bytes) / float64(len(tiles))})
	}
}

// Change is told that the source has changed.
func (o *Overwritten) Change(now time.Duration, damage []image.Rectangle) {
	for i := range o.touched(damage) {
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

// touched is the set of tiles that rectangles reach into.
func (o *Overwritten) touched(damage []image.Rectangle) map[int]bool {
	tiles := map[int]bool{}
	for _, r := range damage {
		r = r.Intersect(image.Rectangle{Max: o.size})
		if r.Empty() {
			continue
		}
		for y := r.Min.Y / TileSize; y <= (r.Max.Y-1)/TileSize; y++ {
			for x := r.Min.X / TileSize; x <= (r.Max.X-1)/TileSize; x++ {
				tiles[y*o.columns+x] = true
			}
		}
	}
	return tiles
}
