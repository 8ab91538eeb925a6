package codec

// The exact mode "strong": twelve hashed contexts of neighbouring pixels, in the picture and in what stood in the tile
// when it was opened, each remember two colours that followed them. Colours are tried one after the other, the likeliest
// first, each with one decision that is mixed from all contexts (Mahoney, PAQ). Where the two largest contexts are both
// sure, they alone decide. It takes a third to a half less than "fast", and four times as long.
type strongModel struct {
	slots [strongContexts][1 << strongBits]strongSlot
	cells [strongContexts][slotKinds][8][32]uint16 // P(1) of 65536 by what a slot says of a colour, its count, its probability
	sets  [3][strongContexts + 1][2]strongWeights
	likes [3][64]strongWeights
	final [3][strongContexts + 1][16]curve
	flat  [16]prob
	sure  [256]prob
	literals
	stood [(tileSide + 2) * stoodStride]uint32 // in and around the tile when it was opened: columns -1 to 18, rows -1 to 16

	colours [mostColours]vote // of the pixel at hand
	n       int
}

const (
	strongContexts = 12
	strongBits     = 16
	stoodStride    = tileSide + 4
	mostTries      = 6
	mostColours    = 2*strongContexts + 8
)

// Contexts that decide alone where both are sure.
const (
	widest = 4 // 20 pixels of the picture
	nearby = 7 // 6 of the picture, 10 of what stood
)

type strongWeights [strongContexts]int32

// strongSlot remembers what followed a context.
type strongSlot struct {
	first  uint32 // check 8 bits, colour 24
	second uint32 // count 8 bits, colour 24
	p, q   uint16 // P of the first colour, of 65536; of the second where it is not the first
}

// What a slot says of the colour that is tried.
const (
	isFirst = iota
	isSecond
	isOther
	isSecondLeft // its first has been refused
	isOtherLeft
	slotKinds
)

// vote is what speaks for a colour.
type vote struct {
	colour uint32
	weight int32
}

const (
	leastSure      = 62000 // of 65536
	leastSureCount = 3
	newP           = 49152 // of a new slot's first colour
	evenP          = 32768
)

const (
	k9  = 0x8F14A2BB
	k10 = 0x6C8E9CF5
	k11 = 0xE7037ED1
	k12 = 0x8EBC6AF1
)

// strongCount packs a slot's count, at most 255, into 8 classes.
var strongCount [256]uint8

func init() {
	for n := range strongCount {
		strongCount[n] = uint8(min(n, 3))
		for _, more := range [4]int{4, 7, 15, 41} {
			strongCount[n] += uint8(b2u(n >= more))
		}
	}
}

func newStrongModel() *strongModel {
	m := new(strongModel)
	for k := range m.cells {
		for kind := range slotKinds {
			for n := range 8 {
				for class := range 32 {
					p := uint16(squash(int32(class)*128-2048+64))*16 + 8
					switch kind {
					case isSecond:
						p = 65536 / 8
					case isOther, isOtherLeft:
						p = 65536 / 32
					}
					m.cells[k][kind][n][class] = p
				}
			}
		}
	}
	quarter := func(w *strongWeights) {
		for k := range w {
			w[k] = 65536 / 4
		}
	}
	for try := range 3 {
		for n := range m.sets[try] {
			quarter(&m.sets[try][n][0])
			quarter(&m.sets[try][n][1])
			setCurves(m.final[try][n][:])
		}
		for k := range m.likes[try] {
			quarter(&m.likes[try][k])
		}
	}
	setEven(m.flat[:], m.sure[:])
	m.literals.reset()
	return m
}

// open takes what stands in and around a tile, whose pixels begin at index i.
func (m *strongModel) open(f *frame, i int) {
	for y := range tileSide + 2 {
		copy(m.stood[y*stoodStride:][:stoodStride], f.pix[i+(y-1)*f.stride-1:])
	}
}

// strongRow codes the n pixels from index i, place x, y of the open tile; src has them when encoding. It returns how many
// pixels took decisions of their own.
func (s *stream) strongRow(i, x, y, n int, src []uint32) int {
	m, c := s.strong, &s.rc
	cur, stride, fresh := s.view.pix, s.view.stride, s.fresh
	begin, own := c.shifts, 0
	at := (y+1)*stoodStride + x + 1
	for j := 0; j < n; j++ {
		p := i + j
		if c.shifts-begin > rowBudget {
			s.rawPixels(p, n-j, src, j)
			return own + n - j
		}
		if k := flatRun(cur, p, stride, n-j); k > 0 {
			W, was := cur[p-1], m.stood[at+j:]
			ctx := b2u(k == tileSide) | b2u(was[0] == W && was[k/2] == W && was[k-1] == W)<<1 | W*k1>>30<<2
			if s.codeRun(&m.flat[ctx], p, k, src, j) {
				j += k - 1
				continue
			}
		}
		own++
		var v uint32
		if src != nil {
			v = src[j]
		}
		cur[p], fresh[p] = m.pixel(c, cur, p, stride, at+j, v)
		if v = cur[p]; v == cur[p-1] && v == cur[p-stride] && v == cur[p-stride-1] {
			m.ground = v
		}
	}
	return own
}

// flatRun tells how many pixels from index p on, of at most n, are likely to be as all around: 0 where they are not, or
// where above them it was not flat for 24 rows, at either end and in the middle.
func flatRun(cur []uint32, p, stride, n int) int {
	W := cur[p-1]
	if n < minRun || cur[p-stride] != W || cur[p-stride-1] != W || cur[p-stride+1] != W || cur[p-2] != W {
		return 0
	}
	k := 1
	for above := cur[p-stride+1:]; k < n && above[k-1] == W; {
		k++
	}
	if k < minRun {
		return 0
	}
	for _, rows := range [5]int{2, 4, 8, 16, 24} {
		q := p - rows*stride
		if q < 0 { // outside the picture
			if W != 0 {
				return 0
			}
		} else if cur[q] != W || cur[q+k/2] != W || cur[q+k-1] != W {
			return 0
		}
	}
	return k
}

// seen is what the contexts of a pixel say.
type seen struct {
	hash [strongContexts]uint32
	slot [strongContexts]*strongSlot
	hits [strongContexts]uint8 // contexts that were met before
	n    int
	cell [strongContexts]*uint16 // of a hit: what it says of the colour that is tried
	st   [strongContexts]int32   // its stretched probability
	left [strongContexts]bool    // its first colour has been refused
}

// pixel codes v at index i of the picture, at in what stood. It tells also whether it was a literal.
func (m *strongModel) pixel(c *rangeCoder, cur []uint32, i, stride, at int, v uint32) (uint32, uint8) {
	row, up1, up2, up3 := (*[6]uint32)(cur[i-6:]), (*[8]uint32)(cur[i-stride-3:]), (*[5]uint32)(cur[i-2*stride-2:]), (*[3]uint32)(cur[i-3*stride-1:])
	above, beside, below := (*[3]uint32)(m.stood[at-stoodStride-1:]), (*[4]uint32)(m.stood[at-1:]), (*[3]uint32)(m.stood[at+stoodStride-1:])
	W, WW, N, NW, NE, NN, R := row[5], row[4], up1[3], up1[2], up1[4], up2[2], beside[1]

	two := W*k1 + N*k2
	six := two + NW*k3 + NE*k4 + WW*k5 + NN*k6
	twenty := six + up1[1]*k7 + up1[5]*k8 + up2[1]*k9 + up2[3]*k10 + row[3]*k11 + up3[1]*k12 +
		up1[6]*(k1+2) + up1[0]*(k2+2) + up2[4]*(k3+2) + up2[0]*(k4+2) + up3[0]*(k5+2) + up3[2]*(k6+2) + up1[7]*(k7+2) + row[2]*(k8+2)
	old := R*k11 + beside[2]*k12 + below[1]*(k1+6) + beside[0]*(k2+6) + above[1]*(k3+6) +
		below[2]*(k4+6) + below[0]*(k5+6) + above[2]*(k6+6) + above[0]*(k7+6) + beside[3]*(k8+6)

	a, b := hash(twenty), hash(six+old)
	wide, near := &m.slots[widest][a>>(32-strongBits)], &m.slots[nearby][b>>(32-strongBits)]
	refused := false
	first := wide.first & 0xffffff
	if wide.met(a) && near.met(b) && first == near.first&0xffffff && wide.isSure() && near.isSure() {
		ctx := uint32(strongCount[wide.second>>24])<<3 | uint32(strongCount[near.second>>24]) | b2u(first == W)<<6 | b2u(first == R)<<7
		if c.adapt(&m.sure[ctx], b2u(v == first), limitNoise) == 1 {
			wide.learn(first)
			near.learn(first)
			return first, 0
		}
		refused = true
	}
	same := b2u(W == beside[0]) | b2u(N == above[1])<<1
	s := seen{hash: [strongContexts]uint32{
		hash(N*k2 + NN*k6 + 1),
		hash(two + NW*k3 + NE*k4),
		hash(W*k1 + R*k3 + 3),
		hash(W*k1 + 78),
		a,
		hash(R*k1 + 77),
		hash(W*k1 + WW*k2 + N*k3 + 81),
		b,
		hash(W*k1 + WW*k5 + row[3]*k11 + row[2]*(k8+2) + row[1]*k9 + row[0]*k10),
		hash(two + NN*k6 + up3[1]*k12),
		hash(N*k2 + R*k1 + 9),
		hash(old + (same|b2u(NE == above[2])<<2|b2u(NW == above[0])<<3)*k2),
	}}
	like := b2u(W == N) | b2u(N == NE)<<1 | b2u(W == NW)<<2 | b2u(N == R)<<3 | same<<4
	agree := m.look(&s)
	colour := W
	switch {
	case s.n == 0:
		if W == beside[0] {
			colour = R
		}
	case agree:
		colour = s.slot[s.hits[0]].first & 0xffffff
	}
	m.n = 0
	try := 0
	if refused {
		colour, try = first, 1
		s.refuse(first)
	}
	for ; try < mostTries; try++ {
		if try > 0 || s.n > 0 && !agree {
			if m.n == 0 {
				m.gather(&s, &[8]uint32{R, W, N, NE, NW, beside[2], WW, NN})
				if try > 0 {
					m.strike(colour)
				}
			}
			var ok bool
			if colour, ok = m.likeliest(); !ok {
				break
			}
		}
		if m.decide(c, &s, colour, min(try, 2), agree, like, b2u(v == colour)) == 1 {
			s.learn(colour)
			return colour, 0
		}
		s.refuse(colour)
		m.strike(colour)
	}
	v = m.literals.code(c, W, N, R, v)
	s.learn(v)
	return v, 1
}

// look finds the slots of all contexts. It tells whether those that were met before agree on the first colour.
func (m *strongModel) look(s *seen) (agree bool) {
	agree = true
	for k, h := range s.hash {
		p := &m.slots[k][h>>(32-strongBits)]
		s.slot[k] = p
		if p.met(h) {
			s.hits[s.n] = uint8(k)
			s.n++
			agree = agree && (p.first^s.slot[s.hits[0]].first)&0xffffff == 0
		}
	}
	return agree
}

// fewVotes are what speaks for R, W, N, NE, NW, RE, WW, NN whatever the contexts say.
var fewVotes = [8]int32{6000, 4000, 4000, 2000, 1500, 1000, 500, 500}

// gather adds up what speaks for each colour.
func (m *strongModel) gather(s *seen, around *[8]uint32) {
	for _, k := range s.hits[:s.n] {
		p := s.slot[k]
		w := int32(p.p)
		m.vote(p.first&0xffffff, w)
		if second := p.second & 0xffffff; second != p.first&0xffffff {
			m.vote(second, (65536-w)*int32(p.q>>2)>>14+300)
		}
	}
	for k, colour := range around {
		m.vote(colour, fewVotes[k])
	}
}

func (m *strongModel) vote(colour uint32, weight int32) {
	for k := range m.colours[:m.n] {
		if v := &m.colours[k]; v.colour == colour {
			v.weight += weight
			return
		}
	}
	m.colours[m.n] = vote{colour, weight}
	m.n++
}

// likeliest gives the colour for which most speaks, the first of several; false: there is none left.
func (m *strongModel) likeliest() (colour uint32, ok bool) {
	most := int32(-1)
	for _, v := range m.colours[:m.n] {
		if v.weight > most {
			most, colour = v.weight, v.colour
		}
	}
	return colour, most >= 0
}

// strike takes a colour off the list.
func (m *strongModel) strike(colour uint32) {
	for k := range m.colours[:m.n] {
		if m.colours[k].colour == colour {
			m.colours[k].weight = -1
		}
	}
}

// decide codes whether it is this colour.
func (m *strongModel) decide(c *rangeCoder, s *seen, colour uint32, try int, agree bool, like, is uint32) uint32 {
	named := 0
	for n, k := range s.hits[:s.n] {
		p := s.slot[k]
		kind, odds := isOther, p.p
		switch {
		case p.first&0xffffff == colour:
			kind = isFirst
			named++
		case s.left[n] && p.second&0xffffff == colour:
			kind, odds = isSecondLeft, p.q
			named++
		case s.left[n]:
			kind, odds = isOtherLeft, p.q
		case p.second&0xffffff == colour:
			kind = isSecond
		}
		s.cell[n] = &m.cells[k][kind][strongCount[p.second>>24]][(int(stretched[odds>>4])+2048)>>7]
		s.st[n] = int32(stretched[*s.cell[n]>>4])
	}
	v, w := &m.sets[try][named][b2u(agree)], &m.likes[try][like]
	dot := int32(0)
	for n, k := range s.hits[:s.n] {
		dot += (v[k] + w[k]) >> 2 * s.st[n] >> 6
	}
	x := min(max(dot>>8, -2047), 2047)
	p, point := m.final[try][named][like&15].at(x)
	is = c.bit(is, min(max(p, 16), 65520))
	nudge(point, is)
	err := int32(is<<16) - squash(x)<<4
	for n, k := range s.hits[:s.n] {
		d := (s.st[n]*err + 1<<14) >> 15
		v[k] += d
		w[k] += d
		nudge(s.cell[n], is)
	}
	return is
}

// refuse notes that the pixel does not have this colour.
func (s *seen) refuse(colour uint32) {
	for n, k := range s.hits[:s.n] {
		if s.slot[k].first&0xffffff == colour {
			s.left[n] = true
		}
	}
}

// learn tells all slots what the colour was.
func (s *seen) learn(v uint32) {
	n := 0
	for k, p := range s.slot {
		if n < s.n && int(s.hits[n]) == k {
			n++
			p.learn(v)
		} else {
			*p = strongSlot{s.hash[k]<<24 | v, 1<<24 | v, newP, evenP}
		}
	}
}

func (p *strongSlot) met(hash uint32) bool { return p.first>>24 == hash&255 && p.second>>24 != 0 }

func (p *strongSlot) isSure() bool { return p.p >= leastSure && p.second>>24 >= leastSureCount }

// learn: the colours' probabilities follow; a second one that becomes likelier takes the first place, one that is not
// likely gives way to the new one.
func (p *strongSlot) learn(v uint32) {
	n := p.second >> 24
	rate := rates[min(n, limitPixel)]
	switch v {
	case p.first & 0xffffff:
		p.p += uint16((65535 - uint32(p.p)) * rate >> 16)
	case p.second & 0xffffff:
		p.p -= uint16(uint32(p.p) * rate >> 16)
		p.q += uint16((65535 - uint32(p.q)) * rate >> 16)
		if p.p < 30000 {
			p.second = p.second&^0xffffff | p.first&0xffffff
			p.first = p.first&^0xffffff | v
			p.p = evenP
		}
	default:
		p.p -= uint16(uint32(p.p) * rate >> 16)
		p.q -= uint16(uint32(p.q) * rate >> 16)
		if p.q < 36000 || n <= 2 {
			p.second = p.second&^0xffffff | v
			p.q = evenP
		}
	}
	if n < 255 {
		p.second += 1 << 24
	}
}
