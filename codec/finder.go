package codec

import (
	"cmp"
	"image"
	"slices"
)

// finder looks for offsets by which parts of the picture moved: samples of 16 pixels in a row, chosen by their content
// so that alignment does not matter, are looked up among those of the picture before and vote for the offsets found.
type finder struct {
	places []place
	round  uint32
	votes  [1024]offset // weight: votes
	used   []uint16
	found  []offset
}

// place is where a sample stood.
type place struct {
	key, round uint32
	x, y       uint16
}

const (
	placeBits   = 15 // buckets of two
	fewestTiles = 4  // changed tiles that are worth a search
	fewestVotes = 6
	mostOffsets = 12
	rollBase    = 0x01000193
)

// rollOut is rollBase^16: what a pixel counts when it leaves the window.
const rollOut = rollBase * rollBase % (1 << 32) * rollBase % (1 << 32) * rollBase % (1 << 32) *
	rollBase % (1 << 32) * rollBase % (1 << 32) * rollBase % (1 << 32) * rollBase % (1 << 32) *
	rollBase % (1 << 32) * rollBase % (1 << 32) * rollBase % (1 << 32) * rollBase % (1 << 32) *
	rollBase % (1 << 32) * rollBase % (1 << 32) * rollBase % (1 << 32) * rollBase % (1 << 32)

// learn remembers the samples of the picture before, in the tiles that are about to change and one on either side.
func (d *finder) learn(f *frame, hit *tileSet) int {
	if d.places == nil {
		d.places = make([]place, 2<<placeBits)
	}
	d.round++
	return d.scan(f, hit, func(h uint32, x, y int) {
		b := d.places[h>>(32-placeBits)*2:][:2]
		k := 0
		if b[0].round == d.round && (b[1].round != d.round || h>>4&1 == 1) {
			k = 1
		}
		b[k] = place{h, d.round, uint16(x), uint16(y)}
	})
}

// vote looks the samples of the new picture up.
func (d *finder) vote(f *frame, hit *tileSet) int {
	return d.scan(f, hit, func(h uint32, x, y int) {
		b := d.places[h>>(32-placeBits)*2:][:2]
		for _, p := range b {
			if p.round == d.round && p.key == h && int(p.x) == x && int(p.y) == y {
				return // it has not moved
			}
		}
		for _, p := range b {
			if p.round == d.round && p.key == h {
				d.count(image.Pt(x-int(p.x), y-int(p.y)))
			}
		}
	})
}

func (d *finder) count(by image.Point) {
	at := (uint32(by.X)*k1 + uint32(by.Y)*k2) >> 22
	for range 8 {
		v := &d.votes[at]
		if v.weight == 0 {
			v.by = by
			d.used = append(d.used, uint16(at))
		}
		if v.by == by {
			v.weight++
			return
		}
		at = (at + 1) & 1023
	}
}

// best gives the offsets with the most votes.
func (d *finder) best() []offset {
	d.found = d.found[:0]
	for _, at := range d.used {
		if d.votes[at].weight >= fewestVotes {
			d.found = append(d.found, d.votes[at])
		}
		d.votes[at] = offset{}
	}
	d.used = d.used[:0]
	slices.SortFunc(d.found, func(a, b offset) int {
		return cmp.Or(b.weight-a.weight, a.by.Y-b.by.Y, a.by.X-b.by.X)
	})
	d.found = d.found[:min(len(d.found), mostOffsets)]
	return d.found
}

// scan gives the samples in the runs of hit tiles, widened by a tile: windows of 16 pixels with at least 3 changes of
// colour, whose hash ends in three zeros. x is the window's last column.
func (d *finder) scan(f *frame, hit *tileSet, sample func(h uint32, x, y int)) int {
	n := 0
	for ty := range f.ty {
		for tx := 0; hit.rows[ty] > 0 && tx < f.tx; tx++ {
			if !hit.has(tx, ty) {
				continue
			}
			end := tx + 1
			for end < f.tx && (hit.has(end, ty) || end+1 < f.tx && hit.has(end+1, ty)) {
				end++
			}
			from, to := max(tx-1, 0)*tileSide, min((end+1)*tileSide, f.size.X)
			for y := ty * tileSide; y < min((ty+1)*tileSide, f.size.Y); y++ {
				scanRow(f.pix[f.at(from, y):][:to-from], from, y, sample)
				n += to - from
			}
			tx = end
		}
	}
	return n
}

func scanRow(row []uint32, from, y int, sample func(h uint32, x, y int)) {
	if len(row) < 16 {
		return
	}
	var h, changes, last uint32 // changes: bit k tells whether the pixel k before differs from the one before it
	for _, v := range row[:15] {
		changes = changes<<1 | b2u(v != last)
		h = h*rollBase + v + 1
		last = v
	}
	in, out := row[15:], row[:len(row)-15] // what comes into the window, and what leaves it after that
	var gone uint32                        // what the pixel that leaves counts
	skip := 0
	for k := 0; k < len(in); k++ {
		v := in[k]
		changes = changes<<1 | b2u(v != last)
		last = v
		h = h*rollBase + v + 1 - gone
		gone = (out[k] + 1) * (rollOut & 0xffffffff)
		if changes&0x7fff == 0 { // as long as the window has one colour, its hash stays
			for k+1 < len(in) && in[k+1] == v {
				k++
			}
			continue
		}
		if k < skip {
			continue
		}
		m := h * k1
		m ^= m >> 15
		if c := changes & 0x7fff; m&7 == 0 && c&(c-1)&(c&(c-1)-1) != 0 {
			sample(m, from+15+k, y)
			skip = k + 3
		}
	}
}
