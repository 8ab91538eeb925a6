package codec

// photoModel codes photographic pixels one by one. A normalised least-mean-squares filter (Widrow and Hoff 1960) for each
// channel, over the pixels around and the channels before, predicts it; the difference is coded by a mixture of contexts:
// how far the predictions around were off, how much the picture varies there, what the channel before was off, and where
// between two values the prediction lies. The neighbours, all of which count from a first guess, the median edge detector's
// (LOCO-I):
//
//	     NN  NNE
//	NWW NW N NE NEE
//	 WW W  x
//
// A refining model also looks at what stands at x until now and around it.
type photoModel struct {
	filters  [3]filter
	contexts [3]photoContexts
	sets     [3][9][photoNodes]weights // by channel and error around
	lower    [3][9][32]prob            // the highest bits of a difference below its first
	refining bool
	above    [tileSide + 1]uint32 // what stood in the row above; column x is at x+1
}

// photoContexts are the decisions of a difference by what is known of it. Rows of 16, of which 9 are used, share no line of
// the cache.
type photoContexts struct {
	around   [16 * 19][16]prob // errors around, channel before
	activity [11 * 19 * 4][16]prob
	moved    [31 * 9][16]prob      // how far the filter went from the first guess, or what stood there from the prediction
	beside   [16 * 11 * 4][16]prob // errors at W and N, activity
}

// photoNodes are the decisions of a difference: is it zero, its sign, is its size above 1 to 7 bits.
const photoNodes = 9

// A filter's inputs: pixels around, for up to two channels before three differences each; refining, also pixels that stand
// there, how those at W and N have changed, and the channels before at x.
const (
	neighbours = 9
	standing   = 7
	inputs     = neighbours + 6 + standing + 2 + 2
)

// filter predicts from inputs x with weights w, 65536 for 1.
type filter struct{ w, x [inputs]int32 }

// predict gives 16 times the sum of the first n inputs by their weights.
func (f *filter) predict(n int) int32 {
	s := int32(0)
	w := f.w[:n]
	for i, x := range f.x[:n] {
		s += w[i] * x >> 4
	}
	return s >> 8
}

// most is the largest weight, 4: above it the sums could leave 32 bits.
const most = 4 << 16

// learn moves the weights against an error of e sixteenths, by the inputs over the sum of their squares.
func (f *filter) learn(n int, e int32) {
	power := int32(256)
	x := f.x[:n]
	for _, x := range x {
		power += x * x
	}
	shift := size(power) - 8
	half := int32(1) << (shift - 1)
	w := f.w[:n]
	for i, x := range x {
		w[i] = min(max(w[i]+(x*e+half)>>shift, -most), most)
	}
}

func newPhotoModel(refining bool) *photoModel {
	m := &photoModel{refining: refining}
	for ch := range m.contexts {
		c := &m.contexts[ch]
		for _, rows := range [][][16]prob{c.around[:], c.activity[:], c.moved[:], c.beside[:]} {
			for i := range rows {
				setEven(rows[i][:])
			}
		}
		for e := range m.sets[ch] {
			setWeights(m.sets[ch][e][:])
			setEven(m.lower[ch][e][:])
		}
	}
	return m
}

// photoRow codes n pixels from index i, row y of their tile.
func (s *stream) photoRow(m *photoModel, i, n, y int, src []uint32) {
	c, cur, stride := &s.rc, s.view.pix, s.view.stride
	begin := c.shifts
	if m.refining && y == 0 {
		copy(m.above[1:n+1], cur[i-stride:])
	}
	wasW := cur[i-1]
	var p photoPixel
	for j := range n {
		at := i + j
		was := cur[at]
		if c.shifts-begin > rowBudget {
			s.rawPixels(at, 1, src, j)
		} else {
			// Right of the tile, beside rows of it, nothing is known yet: its last column stands for it.
			right, right2, right1 := 1, 2, 1
			if y > 0 {
				right, right2 = min(1, n-1-j), min(2, n-1-j)
			}
			if y > 1 {
				right1 = right
			}
			N, NN := at-stride, at-2*stride
			p.near = [neighbours]uint32{cur[at-1], cur[N], cur[N-1], cur[N+right], cur[at-2], cur[NN], cur[NN+right1], cur[N+right2], cur[N-2]}
			errs := [4]int32{int32(s.errs[at-1]), int32(s.errs[N]), int32(s.errs[N-1]), int32(s.errs[N+right])}
			if m.refining {
				S := at + stride
				p.stood = [standing]uint32{was, cur[at+1], cur[S], wasW, m.above[j+1], cur[S+1], cur[S-1]}
			}
			if src != nil {
				p.v = src[j]
			}
			cur[at], s.errs[at] = m.code(c, &p, &errs)
			s.fresh[at] = 1
		}
		m.above[j] = wasW
		wasW = was
	}
	m.above[n] = wasW
}

// photoPixel is a pixel v with what is around it.
type photoPixel struct {
	v     uint32
	near  [neighbours]uint32 // W, N, NW, NE, WW, NN, NNE, NEE, NWW
	stood [standing]uint32   // at x, E, S, W, N, SE, SW
}

// code codes a pixel and tells how far the predictions were off in all; errs are those around it.
func (m *photoModel) code(c *rangeCoder, p *photoPixel, errs *[4]int32) (out uint32, off uint8) {
	beside := (errs[0] + errs[1] + 1) >> 1
	around := (errs[0] + errs[1] + errs[2] + errs[3] + 2) >> 2
	level, halfBeside, halfAround := size(around), half(beside), half(around)
	var residue, sum int32 // of the channel before, of all
	for ch, sh := range channels {
		at := func(v uint32) int32 { return int32(v >> sh & 255) }
		w, n, nw, ne := at(p.near[0]), at(p.near[1]), at(p.near[2]), at(p.near[3])
		first := min(max(med(w, n, nw)+residue, 0), 255)
		f := &m.filters[ch]
		k := m.look(f, p, ch, first, out)
		sixteenths := min(max(first<<4+f.predict(k), 0), 255<<4)
		guess := (sixteenths + 8) >> 4

		activity := size((abs(w-at(p.near[4])) + abs(n-nw) + abs(ne-n) + abs(w-nw) + abs(n-at(p.near[5])) + abs(ne-at(p.near[6]))) >> 1)
		before := uint32(0)
		if ch > 0 {
			before = 1 + size(abs(residue)) + 9*b2u(residue < 0)
		}
		moved := guess - first
		if m.refining {
			moved = at(p.stood[0]) - guess
		}
		part := uint32(sixteenths & 15 >> 2)
		t := &m.contexts[ch]
		rows := [mixed]*[16]prob{
			&t.around[halfAround*19+before],
			&t.activity[(activity*19+before)*4+part],
			&t.moved[uint32(min(max(moved, -15), 15)+15)*9+level],
			&t.beside[(halfBeside*11+activity)*4+part],
		}
		d := difference(c, &rows, &m.sets[ch][level], m.lower[ch][level][:], int32(int8(at(p.v)-guess)))
		v := (guess + d) & 255
		residue = v - guess
		sum += abs(d)
		out |= uint32(v) << sh
		f.learn(k, v<<4-sixteenths)
	}
	return out, uint8(min(sum, 255))
}

// look fills the filter of channel ch with its inputs and tells how many they are: pixels, from the first guess, and how
// the channels before, which out has, differ from what is around and what stood there.
func (m *photoModel) look(f *filter, p *photoPixel, ch int, first int32, out uint32) int {
	sh, k := channels[ch], 0
	add := func(x int32) { f.x[k] = x; k++ }
	for _, v := range p.near {
		add(int32(v>>sh&255) - first)
	}
	for _, sh := range channels[:ch] {
		v, w, n, nw := int32(out>>sh&255), int32(p.near[0]>>sh&255), int32(p.near[1]>>sh&255), int32(p.near[2]>>sh&255)
		add(v - w)
		add(v - n)
		add(n - nw)
	}
	if !m.refining {
		return k
	}
	for _, v := range p.stood {
		add(int32(v>>sh&255) - first)
	}
	add(int32(p.near[0]>>sh&255) - int32(p.stood[3]>>sh&255))
	add(int32(p.near[1]>>sh&255) - int32(p.stood[4]>>sh&255))
	for _, sh := range channels[:ch] {
		add(int32(out>>sh&255) - int32(p.stood[0]>>sh&255))
	}
	return k
}

// difference codes d, -128 to 127: zero, sign, the size of |d| in unary, all mixed, then its lower bits.
func difference(c *rangeCoder, rows *[mixed]*[16]prob, sets *[photoNodes]weights, lower []prob, d int32) int32 {
	mix := func(node, b uint32) uint32 {
		p := [mixed]*prob{&rows[0][node&15], &rows[1][node&15], &rows[2][node&15], &rows[3][node&15]}
		return c.mix(&p, &sets[node], b)
	}
	if mix(0, b2u(d == 0)) == 1 {
		return 0
	}
	negative := mix(1, b2u(d < 0))
	a := uint32(abs(d))
	n := uint32(1)
	for n < 8 && mix(1+n, b2u(size(int32(a)) > n)) == 1 {
		n++
	}
	return signed(c.lowerBits(lower, n, a), negative)
}

// half is a logarithm of a in half steps: 0 to 15 for 0 to 255.
func half(a int32) uint32 {
	n := size(a)
	if n < 3 {
		return uint32(a)
	}
	return 2*n - 2 + uint32(a>>(n-2))&1
}
