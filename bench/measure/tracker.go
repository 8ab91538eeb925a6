package measure

import (
	"image"
	"time"
)

// Update is a change of the source and how much of it the user has had.
type Update struct {
	At    time.Duration // when it happened
	Tiles int           // whose pixels really differ from before: T_u
	Free  bool          // legible already when it happened

	illegible, inexact int // tiles never legible, never exact yet
	legibleIn, exactIn time.Duration
}

// Legible is the time from the update until all of its tiles had been legible for it;
// false: never yet.
func (u *Update) Legible() (time.Duration, bool) { return u.legibleIn, u.illegible == 0 }

// Exact is the same for exact.
func (u *Update) Exact() (time.Duration, bool) { return u.exactIn, u.inexact == 0 }

func (u *Update) legibleTile(now time.Duration) {
	if u.illegible--; u.illegible == 0 {
		u.legibleIn = now - u.At
	}
}

func (u *Update) exactTile(now time.Duration) {
	if u.inexact--; u.inexact == 0 {
		u.exactIn = now - u.At
	}
}

// Tracker compares what the user sees with what the source shows. Times are of any clock
// that only goes forward. It is not safe for concurrent use.
type Tracker struct {
	grid
	tiles     []*tile
	illegible int // tiles, now
	inexact   int

	now        time.Duration
	lastUpdate time.Duration
	exactSince time.Duration // while inexact is 0
	stale      float64       // tiles not legible, times ns, since the count began
	staleFrom  time.Duration
}

// NewTracker is for a screen of the given size. The source is black and the user sees
// nothing at all until either is told.
func NewTracker(size image.Point) *Tracker {
	t := &Tracker{grid: newGrid(size)}
	for y := 0; y < size.Y; y += TileSize {
		for x := 0; x < size.X; x += TileSize {
			t.tiles = append(t.tiles, newTile(image.Rect(x, y, min(x+TileSize, size.X), min(y+TileSize, size.Y))))
		}
	}
	t.illegible, t.inexact = len(t.tiles), len(t.tiles)
	return t
}

// First tells the source's first screen: an update of every tile.
func (t *Tracker) First(now time.Duration, pic *image.RGBA) *Update {
	return t.change(now, pic, []image.Rectangle{{Max: t.size}}, true)
}

// Change tells an update of the source: its whole picture after it, and where it may have
// changed. The result tells what the user got of it, now and later; an update without
// tiles changed nothing.
func (t *Tracker) Change(now time.Duration, pic *image.RGBA, damage []image.Rectangle) *Update {
	return t.change(now, pic, damage, false)
}

func (t *Tracker) change(now time.Duration, pic *image.RGBA, damage []image.Rectangle, all bool) *Update {
	t.advance(now)
	t.lastUpdate = now
	u := &Update{At: now}
	for _, i := range t.touched(damage) {
		x := t.tiles[i]
		if x.read(pic, x.source) || all {
			u.Tiles++
			t.count(x, func() { x.await(u, now) })
		}
	}
	u.Free = u.illegible == 0
	return u
}

// Show tells what the user sees from now on: the picture, and where it may have changed.
// A picture of another size than the source's hides what it does not reach.
func (t *Tracker) Show(now time.Duration, pic *image.RGBA, damage []image.Rectangle) {
	t.advance(now)
	for _, i := range t.touched(damage) {
		x := t.tiles[i]
		shown := x.at.In(pic.Rect)
		if !x.read(pic, x.seen) && x.shown == shown {
			continue
		}
		t.count(x, func() {
			x.shown, x.seenHash = shown, hash(x.seen)
			x.legible, x.exact = false, false
			x.compare(now)
		})
	}
}

// count keeps the counts right over a change of a tile.
func (t *Tracker) count(x *tile, change func()) {
	legible, exact := x.legible, x.exact
	change()
	t.illegible += one(legible) - one(x.legible)
	t.inexact += one(exact) - one(x.exact)
	if t.inexact == 0 {
		t.exactSince = t.now
	}
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (t *Tracker) advance(now time.Duration) {
	t.stale += float64(t.illegible) * float64(now-t.now)
	t.now = now
}

// BeginStaleness starts the time over which Staleness is averaged.
func (t *Tracker) BeginStaleness(now time.Duration) {
	t.advance(now)
	t.stale, t.staleFrom = 0, now
}

// Staleness is the share of tiles that were not legible against the source, averaged from
// BeginStaleness until now; over no time at all, it is that of now.
func (t *Tracker) Staleness(now time.Duration) float64 {
	t.advance(now)
	if now == t.staleFrom {
		return float64(t.illegible) / float64(len(t.tiles))
	}
	return t.stale / float64(len(t.tiles)) / float64(now-t.staleFrom)
}

// Illegible and Inexact are the tiles whose V is not legible, not exact, against S now;
// Tiles is how many there are.
func (t *Tracker) Illegible() int { return t.illegible }

// Inexact: see Illegible.
func (t *Tracker) Inexact() int { return t.inexact }

// Tiles: see Illegible.
func (t *Tracker) Tiles() int { return len(t.tiles) }

// IllegibleTiles are those that Illegible counts.
func (t *Tracker) IllegibleTiles() (all []image.Rectangle) {
	for _, x := range t.tiles {
		if !x.legible {
			all = append(all, x.at)
		}
	}
	return all
}

// Settled is the time from the source's last change until the whole picture was exact;
// false: it is not.
func (t *Tracker) Settled() (time.Duration, bool) {
	return max(0, t.exactSince-t.lastUpdate), t.inexact == 0
}

// Seen is a copy of what the user sees: black where that is nothing.
func (t *Tracker) Seen() *image.RGBA {
	pic := image.NewRGBA(image.Rectangle{Max: t.size})
	for _, x := range t.tiles {
		w := x.at.Dx()
		for i, v := range x.seen {
			o := pic.PixOffset(x.at.Min.X+i%w, x.at.Min.Y+i/w)
			pic.Pix[o], pic.Pix[o+1], pic.Pix[o+2], pic.Pix[o+3] = byte(v), byte(v>>8), byte(v>>16), 255
		}
	}
	return pic
}
