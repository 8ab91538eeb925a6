package codec

// The coarse pass codes a photographic tile as the difference from a prediction, in luma and chroma, transformed and
// quantised:
//
//	pixels around --> planes --predict--+--> differences --transform--> levels --> bits
//	                    ^               |                                 |
//	                    +------ + <-----+---- differences <---inverse-----+
//	                    |
//	                    +--> R, G, B of the tile
//
// A tile is one luma block of 16 x 16 or four of 8 x 8, each with a direction of its own, and one of each chroma, with
// half the resolution or all of it.
type coarseModel struct {
	side          coarseSide
	levels        levelModel
	coarseShape               // of the tile in hand
	was           coarseShape // of the one before
	left, up, own *tileNote
	parts         [6]levels   // its blocks
	n             int         // so many of them
	planes        planes      // its pixels, as far as they are known, and what is around
	out           [256]uint32 // them as R, G, B
	residue       block
	pred          block
	find          coarseSearch
	bits          float32 // that levels take, about: the search's estimate
}

// coarseShape says how a tile is coded.
type coarseShape struct {
	step  uint32
	view  bool // the prediction is what stands there
	full  bool // chroma has luma's resolution
	split bool // luma has four blocks
	long  bool // its levels may take longBudget bytes, else shortBudget
	dirs  [4]uint8
}

type coarseSide struct {
	step             [1 + 32]prob
	view, full, long [2]prob // as the tile before was
	split            [4]prob // as the left and the upper neighbour are
	toward           [directions * directions * directions]prob
}

// steps are the quantisers: 16 times the step of an orthonormal transform, 4*2^(i/6) there.
var steps = [32]int32{
	64, 72, 81, 91, 102, 114, 128, 144, 161, 181, 203, 228, 256, 287, 323, 362,
	406, 456, 512, 575, 645, 724, 813, 912, 1024, 1149, 1290, 1448, 1625, 1825, 2048, 2299,
}

// Once the levels of a tile have used more than so many bytes, all others are zero.
const (
	shortBudget = 80
	longBudget  = 220
	// sureBudget is an estimate up to which the short budget is enough.
	sureBudget = 56
	// Most bytes of a tile beside its budget: step, shape and four directions take 24, what is coded when the budget is
	// used up 18.
	coarseRest = 24 + 18
)

func (m *coarseModel) budget() int {
	if m.long {
		return longBudget
	}
	return shortBudget
}

// mostBytes bounds what the tile that was searched for can take.
func (m *coarseModel) mostBytes() int { return coarseRest + m.budget() }

func newCoarseModel() *coarseModel {
	m := new(coarseModel)
	s := &m.side
	setEven(s.step[:], s.view[:], s.full[:], s.long[:], s.split[:], s.toward[:])
	m.levels.reset()
	return m
}

// codeShape codes how the tile is coded.
func (m *coarseModel) codeShape(c *rangeCoder) {
	s, was, want := &m.side, m.was, m.coarseShape
	m.coarseShape = was
	defer func() { m.was = m.coarseShape }()
	if c.adapt(&s.step[0], b2u(want.step == was.step), limitSide) == 0 {
		m.step = c.tree(s.step[1:], 5, want.step, limitSide)
	}
	m.view = c.adapt(&s.view[b2u(was.view)], b2u(want.view), limitSide) == 1
	m.full = c.adapt(&s.full[b2u(was.full)], b2u(want.full), limitSide) == 1
	m.long = c.adapt(&s.long[b2u(was.long)], b2u(want.long), limitSide) == 1
	m.split = c.adapt(&s.split[b2u(m.left.split)+2*b2u(m.up.split)], b2u(want.split), limitSide) == 1
	if m.view {
		return
	}
	for k := range m.dirs {
		if k > 0 && !m.split {
			m.dirs[k] = m.dirs[0]
			continue
		}
		l, u := m.around(k)
		m.dirs[k] = uint8(c.tree(s.toward[directions*(directions*l+u):][:directions], 3, uint32(want.dirs[k]), limitSide))
	}
}

// around gives the directions of the quarters to the left of quarter k and above it.
func (m *coarseModel) around(k int) (l, u int) {
	l, u = int(m.left.dirs[k|1]), int(m.up.dirs[k|2])
	if k&1 == 1 {
		l = int(m.dirs[k-1])
	}
	if k&2 == 2 {
		u = int(m.dirs[k-2])
	}
	return l, u
}

// arrange lists the blocks of the tile's shape.
func (m *coarseModel) arrange() {
	m.n = 0
	add := func(kind, plane, x, y, n int, dir uint8) {
		p := &m.parts[m.n]
		p.kind, p.plane, p.x, p.y, p.n, p.dir = kind, plane, x, y, n, dir
		m.n++
	}
	if m.split {
		for k, d := range m.dirs {
			add(lumaPart, 0, k&1*8, k>>1*8, 8, d)
		}
	} else {
		add(lumaWhole, 0, 0, 0, 16, m.dirs[0])
	}
	kind, n, dir := chromaHalf, 8, m.dirs[0]
	if m.full {
		kind, n = chromaFull, 16
	}
	if m.split {
		dir = predictSmooth
	}
	add(kind, 1, 0, 0, n, dir)
	add(kind, 2, 0, 0, n, dir)
}

// rebuild adds each block's differences to its prediction and gives the tile's pixels in m.out.
func (m *coarseModel) rebuild() {
	for k := range m.parts[:m.n] {
		m.restore(&m.parts[k])
	}
	m.finish()
}

// finish gives the tile's pixels.
func (m *coarseModel) finish() {
	if !m.view {
		m.planes[0].smooth(m.split, steps[m.step]>>1)
	}
	m.planes.colour(&m.out)
}

// stepOf is a block's quantiser: chroma's is 1.3 times luma's where both are fine, 0.94 where they are coarse.
func (m *coarseModel) stepOf(p *levels) int32 {
	q := steps[m.step]
	if p.plane > 0 {
		q = q * (21 - int32(min(max(m.step, 8)-8, 12))/2) >> 4
	}
	return q
}

var noNote tileNote // of a tile that is outside, or was never coarse

// note finds what is known of the neighbours of tile tx, ty.
func (m *coarseModel) note(notes []tileNote, across, tx, ty int) {
	m.left, m.up, m.own = &noNote, &noNote, &notes[ty*across+tx]
	if tx > 0 {
		m.left = &notes[ty*across+tx-1]
	}
	if ty > 0 {
		m.up = &notes[(ty-1)*across+tx]
	}
}

// surround takes what is known of the tile at tx, ty of f.
func (m *coarseModel) surround(f *frame, tx, ty int) {
	m.planes.setFull(m.full)
	m.planes.border(f, tx, ty)
	if m.view {
		i, w, h := f.tile(tx, ty)
		m.planes.take(f.pix[i:], f.stride, w, h)
	}
}

func (m *coarseModel) predict(at *plane, p *levels, out *block) {
	if m.view {
		at.copyTo(p.x, p.y, p.n, out)
	} else {
		at.predict(p.x, p.y, p.n, p.dir, out)
	}
}

// restore puts a block into its plane.
func (m *coarseModel) restore(p *levels) {
	at := &m.planes[p.plane]
	m.predict(at, p, &m.pred)
	if p.last == 0 {
		at.put(p.x, p.y, p.n, &m.pred, nil)
		return
	}
	p.dequantise(&m.residue, m.stepOf(p))
	at.put(p.x, p.y, p.n, &m.pred, &m.residue)
}

// codeCoarse codes the coarse form of the tile just opened and shows it. An encoder has searched for it.
func (s *stream) codeCoarse() {
	m, f := s.coarse, s.view
	tx, ty := s.open.tx, s.open.ty
	m.note(s.notes, f.tx, tx, ty)
	m.codeShape(&s.rc)
	if s.rc.decoding {
		m.arrange()
	}
	whole := m.levels.code(&s.rc, m.parts[:m.n], m.budget(), m.left, m.up, m.own)
	m.own.dirs, m.own.split = m.dirs, m.split
	if s.rc.decoding || !whole {
		m.surround(f, tx, ty)
		m.rebuild()
	}
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
