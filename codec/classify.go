package codec

import (
	"image"
	"slices"
)

// tiles gives all tiles as a rectangle.
func (f *frame) tiles() image.Rectangle { return image.Rect(0, 0, f.tx, f.ty) }

// texture counts a tile's pixels that equal neither their left nor their upper neighbour: those near one of the two in
// colour, the others, and the different colours that they have (about).
type texture struct{ soft, hard, colours int }

func (f *frame) texture(tx, ty int) (t texture) {
	i, w, h := f.tile(tx, ty)
	var seen [8]uint64
	for y := range h {
		p := i + y*f.stride
		row, above := f.pix[p:][:w], f.pix[p-f.stride:][:w]
		if sameRow(row, above) {
			continue
		}
		v := f.pix[p-1]
		for x, N := range above {
			W := v
			v = row[x]
			if v == W || v == N {
				continue
			}
			k := v * k1 >> 23
			if b := uint64(1) << (k & 63); seen[k>>6]&b == 0 {
				seen[k>>6] |= b
				t.colours++
			}
			if near(v, W) || near(v, N) {
				t.soft++
			} else {
				t.hard++
			}
		}
	}
	return t
}

// bits is about what the tile takes exactly. On recorded desktops that is 8 for each soft pixel and each colour, and 8
// less for a hard one, since text repeats itself: but 3 for each pixel. What is coded as photographs are takes half as many,
// and more for hard pixels, which are noise there (a least-squares fit over eight photographs, off by 1.2 bits a pixel).
func (t texture) bits(asPhoto bool) int {
	if asPhoto {
		return 4*t.soft + 36*t.hard + 6*t.colours
	}
	return max(8*(t.soft+t.colours-t.hard), 3*(t.soft+t.hard))
}

// photographic tells whether a tile is to be shown coarsely first: photographs, maps, what takes long exactly. The coarse
// form is the shorter one from some 450 bits on, and half as long from 600. was is what it was before: a tile near the
// border keeps its class.
func (t texture) photographic(pixels int, was bool) bool {
	limit := pixels * 7 / 32
	if was {
		limit = limit * 3 / 4
	}
	return t.soft+t.colours-t.hard > limit
}

// grainy tells whether a photographic tile repeats so few of its pixels that differences code it best.
func (t texture) grainy(pixels int) bool {
	return t.soft-t.hard > pixels*7/20 && t.colours > pixels*3/20
}

// near tells whether no channel differs by more than 24.
func near(a, b uint32) bool {
	return abs(int32(a>>16)-int32(b>>16)) <= 24 && abs(int32(a>>8&255)-int32(b>>8&255)) <= 24 && abs(int32(a&255)-int32(b&255)) <= 24
}

// Bounds of legibility, a little inside those that people measured by: root mean square error of luma over the tile
// and over each 4 x 4 block, mean of each channel.
const (
	legibleTile  = 9.5 * 9.5
	legibleBlock = 15.5 * 15.5
	legibleMean  = 3.5
)

// legible tells whether the w x h pixels a (of a frame) and b show the same to a reader.
func legible(a []uint32, strideA int, b []uint32, strideB, w, h int) bool {
	var blocks [16]int32
	var r, g, bl int32
	for y := range h {
		p, q := a[y*strideA:][:w], b[y*strideB:][:w]
		for x, v := range p {
			u := q[x]
			if u == v {
				continue
			}
			dr, dg, db := int32(v>>16)-int32(u>>16), int32(v>>8&255)-int32(u>>8&255), int32(v&255)-int32(u&255)
			r, g, bl = r+dr, g+dg, bl+db
			l := (77*dr + 150*dg + 29*db) >> 4 // 16 times
			blocks[y>>2*4+x>>2] += l * l
		}
	}
	n := int32(w * h)
	total := int64(0)
	for k, e := range blocks {
		total += int64(e)
		if e != 0 {
			size := int32(min(4, w-k&3*4) * min(4, h-k>>2*4))
			if float64(e) > legibleBlock*256*float64(size) {
				return false
			}
		}
	}
	most := int32(legibleMean * float64(n))
	return float64(total) <= legibleTile*256*float64(n) && abs(r) <= most && abs(g) <= most && abs(bl) <= most
}

// wrong counts the pixels that differ, and says in which 8 x 8 blocks.
func wrong(a []uint32, strideA int, b []uint32, strideB, w, h int) (n int, mask uint8) {
	for y := range h {
		p, q := a[y*strideA:][:w], b[y*strideB:][:w]
		if sameRow(p, q) {
			continue
		}
		left, right := uint32(0), uint32(0)
		for x, v := range p[:min(w, 8)] {
			left += b2u(q[x] != v)
		}
		for x := 8; x < w; x++ {
			right += b2u(q[x] != p[x])
		}
		n += int(left + right)
		mask |= uint8(b2u(left > 0)|b2u(right > 0)<<1) << (y >> 3 * 2)
	}
	return n, mask
}

// sameRow compares two rows of a tile, those of whole tiles as memory: most rows of most tiles are the same.
func sameRow(p, q []uint32) bool {
	if len(p) == tileSide && len(q) == tileSide {
		return *(*[tileSide]uint32)(p) == *(*[tileSide]uint32)(q)
	}
	return slices.Equal(p, q)
}
