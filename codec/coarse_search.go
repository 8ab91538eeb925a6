package codec

import "math"

// coarseSearch finds how a tile is best coded coarsely: the encoder's side of coarseModel. A choice costs its squared
// error, and lambda for each of its bits, which are estimated.
type coarseSearch struct {
	source          planes // the true pixels
	open            plane  // true luma inside what is around the tile
	step            int32
	lambda          float32
	whole           levels
	part            levels
	diff            block
	pred            block
	far             [directions]int32
	fine            [2]block // chroma of the full resolution
	bits, wholeBits float32  // of what was quantised last; of whole
}

// sharpen moves chroma's samples so that what is interpolated between them comes nearer to the true chroma than it does
// between means.
func (s *coarseSearch) sharpen(p, around *plane, fine *block) {
	copy(p.v[:9], around.v[:9])
	for y := range 8 {
		p.v[p.at(-1, y)] = around.v[p.at(-1, y)]
	}
	var up [2][16]int32
	var next [64]int32
	for y := range 8 {
		p.between(2*y, &up[0])
		p.between(2*y+1, &up[1])
		for x := range 8 {
			i := 32*y + 2*x
			missing := fine[i] + fine[i+1] + fine[i+16] + fine[i+17] - up[0][2*x] - up[0][2*x+1] - up[1][2*x] - up[1][2*x+1]
			next[8*y+x] = p.v[p.at(x, y)] + (missing+2)>>2
		}
	}
	for y := range 8 {
		copy(p.v[p.at(0, y):][:8], next[8*y:])
	}
}

// tries is how many directions are transformed to see what they cost.
const tries = 3

// Bits, as a search estimates them.
const (
	bitsEmpty = 0.6  // a block without levels
	bitsLast  = 1.5  // the place of the last level, beside its logarithm
	bitsLevel = 2.8  // a level
	bitsTwice = 1.6  // each doubling of its magnitude
	bitsZero  = 0.18 // a zero before the last level
	bitsGap   = 0.22 // the same when a lone last level is left out
	bitsWhole = 2    // a direction
	bitsSplit = 18   // four of them
	bitsEasy  = 40   // what is coded whole at this price is not tried in parts
)

const (
	lambdaStep = 0.13 // lambda, of the step's square
	// A coefficient is rounded up from these parts of a step on, of 256.
	deadzone     = 256 - 104
	deadzoneMean = 256 - 115
)

var logs [maxLevel + 1]float32 // log2

func init() {
	for i := 1; i < len(logs); i++ {
		logs[i] = float32(math.Log2(float64(i)))
	}
}

// prospect looks at the luma of a tile's true pixels src, as one block, before it is searched: the coarsest step up to the
// one given that may come out legible, and about how many bits that would take.
func (m *coarseModel) prospect(f *frame, tx, ty int, src []uint32, step uint32) (uint32, float32) {
	s := &m.find
	_, w, h := f.tile(tx, ty)
	m.view, m.full = false, false
	m.surround(f, tx, ty)
	s.source.setFull(true)
	s.source.take(src, f.stride, w, h)
	s.step = 0
	s.whole.n, s.whole.plane = 16, 0
	s.whole.dir, _ = s.best(&m.planes[0], 0, 0, 16)
	m.differ(&m.planes[0], &s.whole)
	s.diff.forward(16)
	for {
		q := float32(steps[step])
		dead, within := q*deadzone/256, q*q/12
		var err, levels float32
		for _, d := range s.diff {
			a := float32(abs(d))
			if a < dead {
				err += a * a
			} else {
				err += within
				levels++
			}
		}
		if step == 0 || err < prospectError*256*256 {
			return step, levels * (bitsLevel + bitsTwice)
		}
		step -= min(step, 2)
	}
}

// prospectError is the mean square error below which a tile may be legible, a little above what is.
const prospectError = 100

// search chooses the shape and the levels of the tile at tx, ty of f for its true pixels src; m.out is what comes out.
// view: what stands there may be the prediction.
func (m *coarseModel) search(f *frame, tx, ty int, src []uint32, step uint32, view bool) {
	s := &m.find
	_, w, h := f.tile(tx, ty)
	q := float32(steps[step]) / 16
	s.step, s.lambda = steps[step], lambdaStep*q*q
	m.step, m.view, m.full = step, false, false
	s.source.setFull(true)
	s.source.take(src, f.stride, w, h)
	if m.full = s.source.colourful(q); !m.full {
		s.source[1].copyTo(0, 0, 16, &s.fine[0])
		s.source[2].copyTo(0, 0, 16, &s.fine[1])
		s.source.setFull(false)
		s.source.take(src, f.stride, w, h)
	}
	m.surround(f, tx, ty)
	m.bits = 0
	if !m.full {
		for k := 1; k < 3; k++ {
			s.sharpen(&s.source[k], &m.planes[k], &s.fine[k-1])
		}
	}
	dir, far := s.best(&m.planes[0], 0, 0, 16)
	if view {
		m.view = true
		m.surround(f, tx, ty)
		m.view = s.distance(&m.planes[0]) < far
	}
	m.dirs = [4]uint8{dir, dir, dir, dir}
	if m.view {
		m.dirs = m.was.dirs
	}
	m.chooseSplit(dir)
	m.arrange()
	for k := range m.parts[:m.n] {
		p := &m.parts[k]
		switch {
		case p.plane == 0 && !m.split:
			p.last, p.v = s.whole.last, s.whole.v
			m.bits += s.wholeBits
		case p.plane == 0 && !m.view:
			m.cheapest(&m.planes[0], p)
			m.bits += s.bits
			m.dirs[k] = p.dir
		default:
			m.differ(&m.planes[p.plane], p)
			s.step = m.stepOf(p)
			s.quantise(p)
			m.bits += s.bits
		}
		m.restore(p)
	}
	m.long = m.bits > 8*sureBudget
	m.finish()
}

// chooseSplit compares one block of luma with four, as if their neighbours in the tile were true.
func (m *coarseModel) chooseSplit(dir uint8) {
	s := &m.find
	s.whole.n, s.whole.dir = 16, dir
	var whole float32
	if m.view {
		m.differ(&m.planes[0], &s.whole)
		whole = s.quantise(&s.whole) + s.lambda*bitsWhole
	} else {
		whole = m.cheapest(&m.planes[0], &s.whole) + s.lambda*bitsWhole
		dir = s.whole.dir
		m.dirs = [4]uint8{dir, dir, dir, dir}
	}
	s.wholeBits = s.bits
	if m.split = false; whole < s.lambda*bitsEasy {
		return
	}
	open := &m.planes[0]
	if !m.view {
		open = &s.open
		*open = m.planes[0]
		for y := range 16 {
			copy(open.v[open.at(0, y):][:16], s.source[0].v[open.at(0, y):])
		}
	}
	split := s.lambda * bitsSplit
	s.part.n = 8
	for k := range 4 {
		s.part.x, s.part.y = k&1*8, k>>1*8
		if !m.view {
			split += m.cheapest(open, &s.part)
		} else {
			m.differ(open, &s.part)
			split += s.quantise(&s.part)
		}
		if split >= whole {
			break
		}
	}
	m.split = split < whole
}

// best finds the direction whose prediction is nearest.
func (s *coarseSearch) best(at *plane, x, y, n int) (dir uint8, distance int32) {
	distance = math.MaxInt32
	for d := range uint8(directions) {
		at.predict(x, y, n, d, &s.pred)
		sum := int32(0)
		for k := range n {
			from := s.source[0].v[at.at(x, y+k):][:n]
			for i, v := range s.pred[n*k:][:n] {
				sum += abs(from[i] - v)
			}
		}
		if d > predictSmooth {
			sum += s.step // its bits
		}
		s.far[d] = sum
		if sum < distance {
			dir, distance = d, sum
		}
	}
	return dir, distance
}

// cheapest tries the nearest directions in earnest.
func (m *coarseModel) cheapest(at *plane, p *levels) float32 {
	s := &m.find
	s.best(at, p.x, p.y, p.n)
	least := float32(math.MaxFloat32)
	best := p.dir
	for range tries {
		d, low := 0, int32(math.MaxInt32)
		for k, v := range s.far {
			if v < low {
				d, low = k, v
			}
		}
		s.far[d] = math.MaxInt32
		p.dir = uint8(d)
		m.differ(at, p)
		j := s.quantise(p)
		if d > predictSmooth {
			j += s.lambda
		}
		if j < least {
			least, best = j, p.dir
		}
	}
	if best != p.dir {
		p.dir = best
		m.differ(at, p)
		s.quantise(p)
	}
	return least
}

// distance is how far luma is from the true one.
func (s *coarseSearch) distance(at *plane) (sum int32) {
	for y := range 16 {
		from := s.source[0].v[at.at(0, y):][:16]
		for i, v := range at.v[at.at(0, y):][:16] {
			sum += abs(from[i] - v)
		}
	}
	return sum
}

// differ leaves what a block's prediction lacks in diff.
func (m *coarseModel) differ(at *plane, p *levels) {
	s := &m.find
	m.predict(at, p, &s.pred)
	for y := range p.n {
		from := s.source[p.plane].v[at.at(p.x, p.y+y):][:p.n]
		to := s.diff[p.n*y:][:p.n]
		for i, v := range s.pred[p.n*y:][:p.n] {
			to[i] = from[i] - v
		}
	}
}

// quantise makes a block's levels of diff and gives their cost.
func (s *coarseSearch) quantise(p *levels) float32 {
	s.diff.forward(p.n)
	p.last = 0
	clear(p.v[:p.n*p.n])
	scan, step := scanOf(p.n), s.step
	var err, bits float32
	round := step * deadzoneMean >> 8
	for k, z := range scan {
		d := s.diff[z]
		a := abs(d)
		if k == 1 {
			round = step * deadzone >> 8
		}
		if a < round {
			err += float32(a) * float32(a)
			continue
		}
		l := min((a-round)/step+1, maxLevel)
		e := float32(a - l*step)
		err += e * e
		bits += bitsLevel + bitsTwice*logs[l]
		if d < 0 {
			l = -l
		}
		p.v[z] = l
		p.last = k + 1
	}
	err /= 256
	for p.last > 1 && abs(p.v[scan[p.last-1]]) == 1 { // a lone last level may cost more than it is worth
		z := scan[p.last-1]
		j := p.last - 2
		for j >= 0 && p.v[scan[j]] == 0 {
			j--
		}
		a, saved := float32(abs(s.diff[z])), bitsLevel+bitsGap*float32(p.last-1-j)
		worse := (a*a - (a-float32(step))*(a-float32(step))) / 256
		if worse > s.lambda*saved {
			break
		}
		p.v[z], p.last = 0, j+1
		bits -= bitsLevel
		err += worse
	}
	bits += bitsEmpty
	if p.last > 0 {
		bits += bitsLast - bitsEmpty + logs[p.last] + bitsZero*float32(p.last)
	}
	s.bits = bits
	return err + s.lambda*bits
}

// colourful tells whether half of chroma's resolution would lose more than a step of q does.
func (s *planes) colourful(q float32) bool {
	sum := float32(0)
	for _, p := range []*plane{&s[1], &s[2]} {
		for y := 0; y < 16; y += 2 {
			for x := 0; x < 16; x += 2 {
				i := p.at(x, y)
				a, b, c, d := p.v[i], p.v[i+1], p.v[i+planeStride], p.v[i+planeStride+1]
				mean := (a + b + c + d + 2) >> 2
				sum += float32((a-mean)*(a-mean) + (b-mean)*(b-mean) + (c-mean)*(c-mean) + (d-mean)*(d-mean))
			}
		}
	}
	return sum > 256*512*(q*q/4+12)
}
