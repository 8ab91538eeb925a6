package codec

import "image"

// sideModel codes what stands around the pixels: where the next tile is, how it is coded, which of its blocks.
type sideModel struct {
	resized   prob
	goOn      prob         // the open tile goes on
	copies    [2]prob      // another copy
	more      [4]prob      // another tile
	right     [16]prob     // it is the right neighbour of the one before
	recent    [4]prob      // it is where a jump went lately
	down      [3]prob      // it begins a later row
	downNear  [8]prob      // columns from the start of the row above
	gap       [2]prob      // it is further on in the same row
	gapNear   [8]prob      // how far
	column    [1 << 9]prob // it is elsewhere
	line      [1 << 9]prob
	mode      [modes * (modes - 1)]prob
	block     [64]prob
	stop      [modes]prob
	unguessed [4]prob                    // what the tile is made of is not what the neighbours let expect
	former    [(mostFormer + 1) * 4]prob // it is this one
	whole     [2]prob                    // nothing else changes

	offset  [6]prob
	sameX   [4]prob
	target  [4][1 << 10]prob // left, top, right, bottom
	zeroOff [2]prob
	lastOff [4]image.Point
	lastDst image.Rectangle

	tx, ty   int // the tile before
	rowStart int
	jumps    [4]image.Point
	lastMode mode
	wasRight uint32
}

func newSideModel() *sideModel {
	m := new(sideModel)
	for _, p := range []*prob{&m.resized, &m.goOn} {
		*p = evenProb
	}
	setEven(m.copies[:], m.more[:], m.right[:], m.recent[:], m.down[:], m.downNear[:], m.gap[:], m.gapNear[:],
		m.mode[:], m.block[:], m.stop[:], m.unguessed[:], m.former[:], m.whole[:], m.offset[:], m.sameX[:], m.zeroOff[:])
	setEven(m.column[:], m.line[:])
	for k := range m.target {
		setEven(m.target[k][:])
	}
	m.resize()
	return m
}

func (m *sideModel) resize() {
	m.tx, m.ty, m.rowStart = -1, 0, 0
	m.jumps = [4]image.Point{}
	m.lastDst = image.Rectangle{}
}

// Most bytes that the parts of an object can take: its head (size, open tile, no copy), a tile's head (place 160 bits,
// former content 62, mode and blocks 88), a copy (298 bits), its end. With one row: 9+39+124+3 = 175, hence MinObject.
const (
	headBytes     = 9
	tileHeadBytes = 39
	copyBytes     = 38
	endBytes      = 3
)

// coarseMask is the mask of a coarse tile: all blocks, and that it is one.
const coarseMask = 31

// lately tells whether a tile was coded in this object or the one before.
func (s *stream) lately(t int) bool { return s.stamp[t]+1 >= s.number && s.stamp[t] != 0 }

// codeNext codes whether a tile follows and where. want is used when encoding. It returns false for the end, or for a
// place that is outside the picture.
func (s *stream) codeNext(want image.Point, have, first bool) (at image.Point, ok, broken bool) {
	m, c, f := s.side, &s.rc, s.view
	if c.adapt(&m.more[b2u(first)<<1|m.wasRight], b2u(have), limitSide) == 0 {
		return at, false, false
	}
	// the right neighbour
	if m.tx+1 < f.tx {
		t := m.ty*f.tx + m.tx + 1
		ctx := b2u(first) | m.wasRight<<1 | b2u(s.lately(t))<<2 | b2u(m.ty > 0 && s.lately(t-f.tx))<<3
		yes := c.adapt(&m.right[ctx], b2u(want == image.Pt(m.tx+1, m.ty)), limitSide)
		m.wasRight = yes
		if yes == 1 {
			m.tx++
			return image.Pt(m.tx, m.ty), true, false
		}
	}
	m.wasRight = 0
	// where a jump went
	if first {
		for k, p := range m.jumps {
			if c.adapt(&m.recent[k], b2u(want == p), limitSide) == 1 {
				copy(m.jumps[1:k+1], m.jumps[:k])
				return s.place(p, true)
			}
		}
	}
	// a later row, near its start
	if c.adapt(&m.down[0], b2u(want.Y == m.ty+1 && abs(int32(want.X-m.rowStart+4)) < 8 && want.X >= m.rowStart-4), limitSide) == 1 {
		d := int(c.tree(m.downNear[:], 3, uint32(want.X-m.rowStart+4), limitSide))
		return s.place(image.Pt(m.rowStart+d-4, m.ty+1), false)
	}
	// further on in this row
	if c.adapt(&m.gap[0], b2u(want.Y == m.ty && want.X >= m.tx+2 && want.X < m.tx+10), limitSide) == 1 {
		m.tx += 2 + int(c.tree(m.gapNear[:], 3, uint32(want.X-m.tx-2), limitSide))
		at = image.Pt(m.tx, m.ty)
		return at, true, m.tx >= f.tx
	}
	at.X = int(c.place(m.column[:], sideBits(f.tx), uint32(want.X), limitSide))
	at.Y = int(c.place(m.line[:], sideBits(f.ty), uint32(want.Y), limitSide))
	if first {
		copy(m.jumps[1:], m.jumps[:3])
	}
	return s.place(at, first)
}

// place makes p the present tile and the start of its row, remembers a jump.
func (s *stream) place(p image.Point, jump bool) (image.Point, bool, bool) {
	if p.X < 0 || p.X >= s.view.tx || p.Y < 0 || p.Y >= s.view.ty {
		return p, true, true
	}
	m := s.side
	m.tx, m.ty, m.rowStart = p.X, p.Y, p.X
	if jump {
		m.jumps[0] = p
	}
	return p, true, false
}

// codeHead codes what the tile at p is made of: of what it showed before, or not; its mode and, when it is exact, which
// blocks are coded. It opens the tile.
func (s *stream) codeHead(p image.Point, way tileWay) {
	m, c, f := s.side, &s.rc, s.view
	t := p.Y*f.tx + p.X
	if s.codeFormer(p, way) {
		s.masks[t], s.stamp[t] = 15, s.number
		s.open = openTile{tx: p.X, ty: p.Y}
		return
	}
	md, mask := way.mode, way.mask
	k := mode(0)
	for k < modes-1 && c.adapt(&m.mode[m.lastMode*(modes-1)+k], b2u(md == (m.lastMode+k)%modes), limitSide) == 0 {
		k++
	}
	md = (m.lastMode + k) % modes
	m.lastMode = md
	if md.exact() {
		_, w, h := f.tile(p.X, p.Y)
		var west, north uint8
		if p.X > 0 && s.lately(t-1) {
			west = s.masks[t-1]
		}
		if p.Y > 0 && s.lately(t-f.tx) {
			north = s.masks[t-f.tx]
		}
		got := uint8(0)
		for q := range uint8(4) {
			if q&1 == 1 && w <= 8 || q&2 == 2 && h <= 8 {
				continue
			}
			left, up := west>>(q+1)&1, north>>(q+2)&1
			if q&1 == 1 {
				left = got >> (q - 1) & 1
			}
			if q&2 == 2 {
				up = got >> (q - 2) & 1
			}
			ctx := q | left<<2 | up<<3 | s.masks[t]>>q&1<<4 | uint8(b2u(got != 0))<<5
			got |= uint8(c.adapt(&m.block[ctx], uint32(mask>>q&1), limitSide)) << q
		}
		mask = got
	} else if md == modeCoarse {
		mask = coarseMask
	} else {
		mask = 15
	}
	if md != modeRefine || s.masks[t] != coarseMask { // else it is the same content, only better
		s.changes(p.X, p.Y)
	}
	s.masks[t] = mask
	s.stamp[t] = s.number
	if md == modeStrong {
		if s.strong == nil {
			s.strong = newStrongModel()
		}
		i, _, _ := f.tile(p.X, p.Y)
		s.strong.open(f, i)
	}
	s.open = openTile{active: mask != 0, tx: p.X, ty: p.Y, mode: md, mask: mask}
	s.open.skip(f)
}

// codeStop codes whether the object ends before the open tile's next row.
func (s *stream) codeStop(stop bool) bool {
	return s.rc.adapt(&s.side.stop[s.open.mode], b2u(stop), limitNoise) == 1
}
