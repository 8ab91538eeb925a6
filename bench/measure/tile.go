package measure

import (
	"hash/maphash"
	"image"
	"slices"
	"time"
	"unsafe"
)

// tile is a part of the screen: what the source shows there, what the user sees, and
// which updates still wait for it.
type tile struct {
	at       image.Rectangle
	source   tilePixels
	seen     tilePixels
	shown    bool // the user sees anything here at all
	seenHash uint64
	versions []version // that the source showed, from the oldest one waited for
	legible  bool      // what the user sees against the source, now
	exact    bool
}

// version is a picture of the tile that the source showed. Versions become legible, and
// exact, from the oldest on: what looks like a newer one satisfies the older ones.
type version struct {
	update  *Update
	hash    uint64     // of its pixels
	px      tilePixels // nil once it, or a later one, has been legible
	legible bool
}

func newTile(at image.Rectangle) *tile {
	n := at.Dx() * at.Dy()
	return &tile{at: at, source: make(tilePixels, n), seen: make(tilePixels, n)}
}

// read copies the tile out of a picture into px, without alpha, and tells whether it
// changed. Where the picture does not reach, px stays.
func (t *tile) read(pic *image.RGBA, px tilePixels) (changed bool) {
	w := t.at.Dx()
	r := t.at.Intersect(pic.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		from := pic.Pix[pic.PixOffset(r.Min.X, y):][:4*r.Dx()]
		row := px[(y-t.at.Min.Y)*w:][:r.Dx()]
		for x := range row {
			p := from[4*x : 4*x+4]
			v := uint32(p[0]) | uint32(p[1])<<8 | uint32(p[2])<<16
			if row[x] != v {
				row[x], changed = v, true
			}
		}
	}
	return changed
}

// await makes the source's picture of the tile a version that u waits for.
func (t *tile) await(u *Update, now time.Duration) {
	u.illegible++
	u.inexact++
	t.versions = append(t.versions, version{update: u, hash: hash(t.source), px: slices.Clone(t.source)})
	t.compare(now)
}

// compare settles what the tile as the user sees it means for the source and for the
// updates that wait.
func (t *tile) compare(now time.Duration) {
	if !t.shown {
		return
	}
	w := t.at.Dx()
	t.exact = slices.Equal(t.seen, t.source)
	t.legible = t.exact || legible(t.seen, t.source, w)

	// The newest version that the tile looks like satisfies all up to it.
	readable := false
	for k := len(t.versions) - 1; k >= 0; k-- {
		v := &t.versions[k]
		if v.hash == t.seenHash {
			t.satisfy(k, now)
			for _, v := range t.versions[:k+1] {
				v.update.exactTile(now)
			}
			t.versions = slices.Delete(t.versions, 0, k+1)
			break
		}
		if !readable && !v.legible && legible(t.seen, v.px, w) {
			readable = true
			t.satisfy(k, now)
		}
	}
}

// satisfy makes the versions up to k legible.
func (t *tile) satisfy(k int, now time.Duration) {
	for ; k >= 0 && !t.versions[k].legible; k-- {
		v := &t.versions[k]
		v.legible, v.px = true, nil
		v.update.legibleTile(now)
	}
}

var seed = maphash.MakeSeed()

func hash(px tilePixels) uint64 {
	return maphash.Bytes(seed, unsafe.Slice((*byte)(unsafe.Pointer(&px[0])), 4*len(px)))
}
