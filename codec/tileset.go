package codec

import (
	"image"
	"math/bits"
)

// tileSet is a set of tiles that knows how many it holds, in all and by row.
type tileSet struct {
	words int // in a row
	bits  []uint64
	rows  []int
	n     int
}

func newTileSet(tx, ty int) *tileSet {
	w := (tx + 63) / 64
	return &tileSet{words: w, bits: make([]uint64, w*ty), rows: make([]int, ty)}
}

func (s *tileSet) has(tx, ty int) bool { return s.bits[ty*s.words+tx>>6]>>(tx&63)&1 != 0 }

func (s *tileSet) set(tx, ty int, in bool) {
	w, b := &s.bits[ty*s.words+tx>>6], uint64(1)<<(tx&63)
	switch {
	case in && *w&b == 0:
		*w |= b
		s.n++
		s.rows[ty]++
	case !in && *w&b != 0:
		*w &^= b
		s.n--
		s.rows[ty]--
	}
}

// fill puts all tx * ty tiles in.
func (s *tileSet) fill(tx, ty int) {
	for y := range ty {
		for x := range tx {
			s.set(x, y, true)
		}
	}
}

// next gives the first tile at or after at, in reading order, inside r (in tiles).
func (s *tileSet) next(at image.Point, r image.Rectangle) (image.Point, bool) {
	if s.n == 0 {
		return at, false
	}
	if at.Y < r.Min.Y {
		at = r.Min
	}
	for ; at.Y < r.Max.Y; at.Y++ {
		x := max(at.X, r.Min.X)
		at.X = r.Min.X
		if s.rows[at.Y] == 0 {
			continue
		}
		for x < r.Max.X {
			w := s.bits[at.Y*s.words+x>>6] >> (x & 63)
			if w == 0 {
				x = x&^63 + 64
				continue
			}
			x += bits.TrailingZeros64(w)
			if x < r.Max.X {
				return image.Pt(x, at.Y), true
			}
		}
	}
	return at, false
}
