package codec

// levels are the quantised coefficients of one block of a tile.
type levels struct {
	kind  int // which contexts
	plane int // 0 luma, 1 Cb, 2 Cr
	x, y  int // where in its plane
	n     int // side
	dir   uint8
	last  int // none is left from here on, in scan order
	v     block
}

// Kinds of blocks.
const (
	lumaWhole = iota
	lumaPart
	chromaHalf
	chromaFull
	blockKinds
)

// levelModel codes levels from the last in scan order to the first, each decision mixed from four contexts: magnitudes
// around, the place, the neighbouring blocks.
type levelModel struct {
	class [mixed][blockKinds * 200 * 10]prob
	more  [blockKinds * 10 * 4]prob
	zero  [mixed][blockKinds * zeroContexts]prob
	above [mixed][blockKinds * unary * aboveContexts]prob

	wClass [blockKinds * 10]weights
	wZero  [blockKinds * 7 * 11]weights
	wAbove [blockKinds * unary]weights
}

const (
	// unary is how large a magnitude is coded in steps of one.
	unary    = 10
	maxLevel = 2047

	zeroContexts, aboveContexts = 1024, 80
)

// What is likely before anything has been learnt, of 256: zeros and magnitudes above one by the class of the magnitudes
// around, by up to three of them, and the sizes of last.
var (
	zeroBySum   = [11]prob{200, 140, 110, 92, 77, 69, 56, 51, 44, 36, 26}
	zeroByFew   = [4]prob{205, 140, 110, 70}
	aboveBySum  = [11]prob{26, 56, 82, 102, 128, 140, 158, 174, 192, 205, 225}
	aboveByFew  = [4]prob{50, 77, 102, 154}
	lastByClass = [10]prob{50, 38, 38, 50, 90, 140, 180, 205, 230, 230}
)

// priorCount is how many decisions such a guess counts for.
const priorCount = 3

func (m *levelModel) reset() {
	fill := func(to []prob, from func(i int) prob) {
		for i := range to {
			to[i] = from(i)<<24 | priorCount
		}
	}
	for k := range mixed {
		fill(m.class[k][:], func(i int) prob { return lastByClass[i%10] })
	}
	for kind := range blockKinds {
		at := func(k int) []prob { return m.zero[k][kind*zeroContexts:][:zeroContexts] }
		fill(at(0), func(i int) prob { return zeroBySum[i/7%11] })
		fill(at(1), func(i int) prob { return zeroByFew[i%4] })
		fill(at(2), func(i int) prob { return zeroByFew[i/16%4] })
		if kind < chromaHalf {
			fill(at(3), func(i int) prob { return zeroByFew[i%3] })
		} else {
			fill(at(3), func(i int) prob { return zeroByFew[min(i%5, 3)] })
		}
	}
	for i := range m.above[0] {
		j := i % aboveContexts
		m.above[0][i] = aboveBySum[j%11]<<24 | priorCount
		for k := 1; k < mixed; k++ {
			m.above[k][i] = aboveByFew[j%4]<<24 | priorCount
		}
	}
	setEven(m.more[:])
	setWeights(m.wClass[:])
	setWeights(m.wZero[:])
	setWeights(m.wAbove[:])
}

// tileNote is what the contexts of later tiles know of a tile: size(last) of its blocks.
type tileNote struct {
	luma   [4]uint8 // by quarter
	chroma [2]uint8
	dirs   [4]uint8
	split  bool
}

// code codes the levels of a tile next to others. It tells whether the budget was enough for all.
func (m *levelModel) code(c *rangeCoder, parts []levels, budget int, left, up, own *tileNote) (all bool) {
	end := c.shifts + budget
	luma := &parts[0]
	for k := range parts {
		p := &parts[k]
		var ctx around
		switch {
		case p.kind == lumaWhole:
			ctx.left, ctx.up = max(left.luma[1], left.luma[3]), max(up.luma[2], up.luma[3])
		case p.kind == lumaPart:
			ctx.left, ctx.up = left.luma[k|1], up.luma[k|2]
			if k&1 == 1 {
				ctx.left = own.luma[k-1]
			}
			if k&2 == 2 {
				ctx.up = own.luma[k-2]
			}
		default:
			ctx.left, ctx.up = left.chroma[p.plane-1], up.chroma[p.plane-1]
			ctx.luma = luma
			ctx.other = 10 * uint32(max(own.luma[0], own.luma[1], own.luma[2], own.luma[3]))
			if p.plane == 2 {
				ctx.cb = &parts[k-1]
				ctx.other += 100 + uint32(own.chroma[0])
			}
		}
		m.block(c, p, &ctx, end)
		class := uint8(size(int32(p.last)))
		switch p.kind {
		case lumaWhole:
			own.luma = [4]uint8{class, class, class, class}
		case lumaPart:
			own.luma[k] = class
		default:
			own.chroma[p.plane-1] = class
		}
	}
	return c.shifts <= end
}

// around is what the contexts of a block see of others.
type around struct {
	left, up uint8
	other    uint32  // chroma: classes of luma and Cb
	luma, cb *levels // chroma: blocks of the same tile
}

// block codes one block.
func (m *levelModel) block(c *rangeCoder, p *levels, a *around, end int) {
	if c.decoding {
		p.v = block{}
	}
	last := 0
	if c.shifts <= end {
		last = m.codeLast(c, p, a)
	}
	scan := scanOf(p.n)
	k := last - 1
	var mags [18 * 18]uint8 // magnitudes, up to 20, with a margin
	for ; k >= 0 && c.shifts <= end; k-- {
		m.level(c, p, a, scan[k], k, last, &mags)
	}
	for ; k >= 0; k-- { // the budget is used up
		p.v[scan[k]] = 0
	}
	if last == 0 && p.last > 0 {
		p.v = block{}
	}
	p.last = last
}

// codeLast codes how many levels there are in scan order up to the last that is not zero: the number's size, then its lower bits.
func (m *levelModel) codeLast(c *rangeCoder, p *levels, a *around) int {
	most := uint32(7) // of 64 levels
	if p.n == 16 {
		most = 9
	}
	want, class := size(int32(p.last)), uint32(0)
	l, u := uint32(a.left), uint32(a.up)
	ctx := [mixed]uint32{l*10 + u, a.other, min(l+u, 19), 0}
	if p.plane == 0 {
		ctx[1] = uint32(p.dir)*20 + (l + u)
	} else {
		ctx[2] += 20 * uint32(p.plane-1)
		ctx[3] = uint32(p.plane)
	}
	for ; class < most; class++ {
		var in [mixed]*prob
		for i := range in {
			in[i] = &m.class[i][(uint32(p.kind)*200+ctx[i])*10+class]
		}
		if c.mix(&in, &m.wClass[uint32(p.kind)*10+class], b2u(want == class)) == 1 {
			break
		}
	}
	if class < 2 {
		return int(class)
	}
	v := uint32(1)
	for k := int(class) - 2; k >= 0; k-- {
		b := uint32(p.last) >> uint(k) & 1
		if int(class)-2-k < 2 {
			b = c.adaptTree(&m.more[(uint32(p.kind)*10+class)*4+(v&1)+2*b2u(int(class)-2-k == 1)], b, limitNoise)
		} else {
			b = c.bit(b, 1<<15)
		}
		v = v<<1 | b
	}
	return min(int(v), p.n*p.n)
}

// Classes of sums of magnitudes, and of diagonals.
var (
	sumClass  = [101]uint8{0, 1, 2, 3, 4, 5, 6, 6, 7, 7, 8, 8, 8, 9, 9, 9, 9}
	diagClass = [31]uint8{0, 1, 2, 3, 3, 4, 4, 4, 5, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6}
)

func init() {
	for k := 17; k < len(sumClass); k++ {
		sumClass[k] = 10
	}
}

// level codes the level at place z, the k-th of last in scan order.
func (m *levelModel) level(c *rangeCoder, p *levels, a *around, z uint8, k, last int, mags *[18 * 18]uint8) {
	side := uint32(p.n)
	x, y := uint32(z)&(side-1), uint32(z)/side
	at := 18*y + x
	t1 := uint32(mags[at+1]) + uint32(mags[at+18])
	t2 := t1 + uint32(mags[at+19]) + uint32(mags[at+2]) + uint32(mags[at+36])
	s2, dg, kind := uint32(sumClass[t2]), uint32(diagClass[x+y]), uint32(p.kind)
	s1 := min(t1, 6)
	busy := min(uint32(a.left)+uint32(a.up), 15)
	class := size(int32(last))
	rel := min(uint32(last-1-k), 15)
	var other uint32
	if p.plane == 0 {
		other = (rel*10+class)*3 + min(t1, 2)
	} else {
		other = a.companions(p, x, y)*5 + min(t2, 4)
	}
	if k != last-1 {
		in := [mixed]*prob{
			&m.zero[0][kind*zeroContexts+(s1*11+s2)*7+dg],
			&m.zero[1][kind*zeroContexts+uint32(z)*4+min(t2, 3)],
			&m.zero[2][kind*zeroContexts+(dg*4+min(t1, 3))*16+busy],
			&m.zero[3][kind*zeroContexts+other],
		}
		if c.mix(&in, &m.wZero[(kind*7+dg)*11+s2], b2u(p.v[z] == 0)) == 1 {
			return
		}
	}
	want := uint32(abs(p.v[z]))
	v := uint32(1)
	for ; v < unary; v++ {
		j := (kind*unary + v) * aboveContexts
		in := [mixed]*prob{
			&m.above[0][j+min(s1, 6)*11+s2],
			&m.above[1][j+min(x+y, 15)*4+min(t2/2, 3)],
			&m.above[2][j+class*4+min(t1, 3)],
			&m.above[3][j+min(busy, 15)*4+min(t2, 3)],
		}
		if c.mix(&in, &m.wAbove[kind*unary+v], b2u(want > v)) == 0 {
			break
		}
	}
	if v == unary { // an Elias gamma number follows
		rest := want - unary + 1
		n := uint(0)
		for n < 10 && c.bit(b2u(rest>>(n+1) != 0), 1<<15) == 1 {
			n++
		}
		v = unary - 1 + (1<<n | c.raw(rest&(1<<n-1), n))
	}
	mags[at] = uint8(min(v, 20))
	if c.bit(b2u(p.v[z] < 0), 1<<15) == 1 {
		p.v[z] = -int32(v)
	} else {
		p.v[z] = int32(v)
	}
}

// companions classes what the blocks coded before have at the same frequency.
func (a *around) companions(p *levels, x, y uint32) uint32 {
	lx, ly, v := x, y, uint32(0)
	if a.luma.n < 16 && p.n == 8 {
		lx, ly = x/2, y/2
	}
	if n := uint32(a.luma.n); lx < n && ly < n {
		v = size(min(abs(a.luma.v[n*ly+lx]), 7))
	}
	if a.cb != nil {
		v = 4 + 4*v + size(min(abs(a.cb.v[uint32(p.n)*y+x]), 7))
	}
	return v
}

// dequantise gives the block's differences.
func (p *levels) dequantise(out *block, step int32) {
	rows, columns := 0, 0
	*out = block{}
	for _, z := range scanOf(p.n)[:p.last] {
		v := p.v[z]
		if v == 0 {
			continue
		}
		d := abs(v)*step - step>>4 // smaller magnitudes of a class are more frequent
		if v < 0 {
			d = -d
		}
		out[z] = d
		rows, columns = max(rows, int(z)/p.n+1), max(columns, int(z)&(p.n-1)+1)
	}
	out.inverse(p.n, rows, columns)
}
