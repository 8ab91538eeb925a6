package codec

// The coarse pass codes a photographic tile as the difference from a prediction: luma in four blocks, each chroma in one
// of half the resolution, transformed, quantised, coefficient by coefficient.
//
//	prediction (3 kinds) --+--> R, G, B differences --> Y, Cb, Cr --> 6 blocks --> levels --> bits
//	                       +<-- R, G, B differences <-- Y, Cb, Cr <-- 6 blocks <-----+
type coarseModel struct {
	kind   [2 * 3 * 2]prob // of the prediction
	step   [1 + 32]prob
	coded  [2 * 3]prob
	more   [2 * 8 * 3]prob
	zero   [2 * 8 * 5]prob
	size   [2 * 3 * 3 * 8]prob
	was    uint32 // prediction of the tile before
	stepAt uint32 // and its quantiser

	pred   [256]uint32
	levels [6]block
	out    [256]uint32
	last   [6]int // encoder: levels[b] has none from here on, in zigzag order
}

const (
	predictFlat  = iota // the mean of the row above and the column to the left
	predictPlane        // H.265's planar prediction from them
	predictView         // what stands there
)

// steps are the quantisers: 16 times the step of an orthonormal transform, 4*2^(i/6) there. Chroma takes 1.5 times that.
var steps = [32]int32{
	64, 72, 81, 91, 102, 114, 128, 144, 161, 181, 203, 228, 256, 287, 323, 362,
	406, 456, 512, 575, 645, 724, 813, 912, 1024, 1149, 1290, 1448, 1625, 1825, 2048, 2299,
}

// coarseBudget bounds a tile: once it has used more than this many bytes, all further levels are zero. A level takes at
// most 13 bytes.
const (
	coarseBudget = 84
	coarseBytes  = coarseBudget + 14
)

func newCoarseModel() *coarseModel {
	m := new(coarseModel)
	setEven(m.kind[:], m.step[:], m.coded[:], m.more[:], m.zero[:], m.size[:])
	return m
}

// band puts the 64 places of the zigzag into 8 classes.
var band = [64]uint8{0, 1, 1, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 4, 5, 5, 5, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6,
	6, 6, 6, 6, 6, 6, 6, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7}

// predict fills m.pred for the tile at index i of f.
func (m *coarseModel) predict(f *frame, tx, ty int, kind uint32) {
	i, _, _ := f.tile(tx, ty)
	if kind == predictView {
		for y := range tileSide {
			copy(m.pred[16*y:][:16], f.pix[i+y*f.stride:])
		}
		return
	}
	var top, side [16]uint32
	for k := range 16 {
		top[k], side[k] = 0x808080, 0x808080
		if ty > 0 {
			top[k] = f.pix[i-f.stride+min(k, f.size.X-1-16*tx)]
		}
		if tx > 0 {
			side[k] = f.pix[i-1+min(k, f.size.Y-1-16*ty)*f.stride]
		}
	}
	for k := range 16 {
		if ty == 0 {
			top[k] = side[0]
		} else if tx == 0 {
			side[k] = top[0]
		}
	}
	if kind == predictFlat {
		var r, g, b uint32
		for k := range 16 {
			r += top[k]>>16 + side[k]>>16
			g += top[k]>>8&255 + side[k]>>8&255
			b += top[k]&255 + side[k]&255
		}
		v := (r+16)>>5<<16 | (g+16)>>5<<8 | (b+16)>>5
		for k := range m.pred {
			m.pred[k] = v
		}
		return
	}
	for y := range uint32(16) {
		for x := range uint32(16) {
			var v uint32
			for sh := uint(0); sh < 24; sh += 8 {
				v |= ((15-x)*(side[y]>>sh&255) + (x+1)*(top[15]>>sh&255) + (15-y)*(top[x]>>sh&255) + (y+1)*(side[15]>>sh&255) + 16) >> 5 << sh
			}
			m.pred[16*y+x] = v
		}
	}
}

// code codes prediction, quantiser and levels of a tile.
func (m *coarseModel) code(c *rangeCoder, kind, step uint32) (uint32, uint32) {
	k := c.adapt(&m.kind[m.was*2], b2u(kind == m.was), limitSide)
	if k == 0 {
		a := (m.was + 1) % 3
		k = c.adapt(&m.kind[m.was*2+1], b2u(kind == a), limitSide)
		kind = (m.was + 2 - k) % 3
	} else {
		kind = m.was
	}
	m.was = kind
	if c.adapt(&m.step[0], b2u(step == m.stepAt), limitSide) == 1 {
		step = m.stepAt
	} else {
		step = c.tree(m.step[1:], 5, step, limitSide)
	}
	m.stepAt = step
	begin := c.shifts
	nonzero := uint32(0)
	for b := range m.levels {
		nonzero = m.codeBlock(c, b, begin, nonzero)
	}
	return kind, step
}

// codeBlock codes the levels of block b: 0 to 3 luma, 4 and 5 chroma. It returns whether there were any.
func (m *coarseModel) codeBlock(c *rangeCoder, b, begin int, before uint32) uint32 {
	l := &m.levels[b]
	last := m.last[b]
	m.last[b] = 0
	if c.decoding {
		*l = block{}
	}
	chroma := uint32(b >> 2)
	if c.shifts-begin > coarseBudget {
		*l = block{}
		return 0
	}
	if c.adaptTree(&m.coded[chroma*3+before+b2u(b == 5)], b2u(last > 0), limitNoise) == 0 {
		return 0
	}
	n := 0
	for ; n < 64 && c.shifts-begin <= coarseBudget; n++ {
		z := zigzag[n]
		// what is known of the neighbouring frequencies
		around := int32(0)
		if z&7 != 0 {
			around += abs(l[z-1])
		}
		if z >= 8 {
			around += abs(l[z-8])
		}
		if z&7 != 0 && z >= 8 {
			around += abs(l[z-9])
		}
		ctx := (chroma*8+uint32(band[n]))*5 + uint32(min(around, 4))
		if c.adaptTree(&m.zero[ctx], b2u(l[z] == 0), limitNoise) == 1 {
			continue
		}
		l[z] = m.level(c, (chroma*3+uint32(min(band[n], 4)/2))*3+uint32(min(around, 2)), l[z])
		m.last[b] = n + 1
		if n == 63 {
			break
		}
		if c.adaptTree(&m.more[(chroma*8+uint32(band[n+1]))*3+uint32(min(around, 2))], b2u(last > n+1), limitNoise) == 0 {
			break
		}
	}
	if !c.decoding { // the budget may have cut some off
		for k := m.last[b]; k < last; k++ {
			l[zigzag[k]] = 0
		}
	}
	return 1
}

// level codes a level that is not zero, up to +-2047: its size in unary up to 7, then as an Elias gamma number.
func (m *coarseModel) level(c *rangeCoder, ctx uint32, v int32) int32 {
	t := m.size[ctx*8:][:8]
	a := uint32(abs(v))
	n := uint32(1)
	for n < 7 && c.adaptTree(&t[n], b2u(a > n), limitNoise) == 1 {
		n++
	}
	if n == 7 {
		x := a - 6 // from 1
		k := uint(0)
		for k < 10 && c.bit(b2u(x>>(k+1) != 0), 1<<15) == 1 {
			k++
		}
		n = 6 + (1<<k | c.raw(x&(1<<k-1), k))
	}
	if c.bit(b2u(v < 0), 1<<15) == 1 {
		return -int32(n)
	}
	return int32(n)
}

// rebuild computes m.out from m.pred and m.levels.
func (m *coarseModel) rebuild(step uint32) {
	var planes [6]block
	for b := range m.levels {
		q := steps[step]
		if b >= 4 {
			q += q / 2
		}
		rows := 0
		for k := range m.last[b] {
			z := zigzag[k]
			if v := m.levels[b][z]; v != 0 {
				planes[b][z] = clip16(v * q)
				rows = max(rows, int(z)>>3+1)
			}
		}
		if rows > 0 {
			planes[b].inverse(rows)
		}
	}
	for y := range 16 {
		luma := planes[y>>3*2:][:2]
		for x := range 16 {
			k := y>>1*8 + x>>1
			Y, cb, cr := luma[x>>3][y&7*8+x&7], planes[4][k], planes[5][k]
			p := m.pred[16*y+x]
			r := clamp8(int32(p>>16) + Y + (359*cr+128)>>8)
			g := clamp8(int32(p>>8&255) + Y - (88*cb+183*cr+128)>>8)
			b := clamp8(int32(p&255) + Y + (454*cb+128)>>8)
			m.out[16*y+x] = uint32(r<<16 | g<<8 | b)
		}
	}
}

func clamp8(v int32) int32 { return min(max(v, 0), 255) }

// analyse fills m.levels from the differences between the tile's w x h true pixels and m.pred.
func (m *coarseModel) analyse(src []uint32, stride, w, h int, step uint32) {
	var planes [6]block
	for y := range 16 {
		row := src[min(y, h-1)*stride:][:w]
		for x := range 16 {
			v, p := row[min(x, w-1)], m.pred[16*min(y, h-1)+min(x, w-1)]
			r, g, b := int32(v>>16)-int32(p>>16), int32(v>>8&255)-int32(p>>8&255), int32(v&255)-int32(p&255)
			Y := 77*r + 150*g + 29*b
			planes[y>>3*2+x>>3][y&7*8+x&7] = (Y + 128) >> 8
			k := y>>1*8 + x>>1
			planes[4][k] += 256*b - Y
			planes[5][k] += 256*r - Y
		}
	}
	for k := range 64 { // sums of four, times 256: Cb = 0.564 (B-Y), Cr = 0.713 (R-Y)
		planes[4][k] = ((planes[4][k]>>4)*144 + 1<<13) >> 14
		planes[5][k] = ((planes[5][k]>>4)*183 + 1<<13) >> 14
	}
	for b := range planes {
		q := steps[step]
		if b >= 4 {
			q += q / 2
		}
		planes[b].forward()
		m.last[b] = 0
		for n, z := range zigzag {
			v := planes[b][z]
			l := min((abs(v)+q*3/8)/q, 2047)
			if v < 0 {
				l = -l
			}
			m.levels[b][z] = l
			if l != 0 {
				m.last[b] = n + 1
			}
		}
	}
}

// codeCoarse codes the coarse form of the tile just opened and shows it.
func (s *stream) codeCoarse(kind, step uint32) {
	m, f := s.coarse, s.view
	tx, ty := s.open.tx, s.open.ty
	kind, step = m.code(&s.rc, kind, step)
	m.predict(f, tx, ty, kind)
	m.rebuild(step)
	i, w, h := f.tile(tx, ty)
	for y := range h {
		p := i + y*f.stride
		copy(f.pix[p:p+w], m.out[16*y:])
		for x := range w {
			s.fresh[p+x] = 1
		}
	}
	s.open.active = false
	s.old.set(tx, ty, true)
	s.work.Coarse += int64(w * h)
}

// distance is how far the true pixels are from m.pred.
func (m *coarseModel) distance(src []uint32, stride, w, h int) int {
	d := int32(0)
	for y := range h {
		row := src[y*stride:][:w]
		for x, v := range row {
			p := m.pred[16*y+x]
			d += abs(int32(v>>16)-int32(p>>16)) + 2*abs(int32(v>>8&255)-int32(p>>8&255)) + abs(int32(v&255)-int32(p&255))
		}
	}
	return int(d)
}
