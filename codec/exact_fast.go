package codec

import "slices"

// The exact mode "fast": for each pixel a few candidate colours, one decision each. Two hashed contexts of neighbouring
// pixels, in the picture and in what stood in the tile before, name the first candidates; where all are refused the
// colour is coded as a literal; where the picture is a photograph, as a residual. The neighbours (uncoded ones are what
// the viewer has there now):
//
//	      NN
//	   NW N  NE
//	WW W  x        R, RE: what stands at x and right of it until now
type fastModel struct {
	large   [1 << 16]slot
	small   [1 << 14]slot
	colours [1 << 12]uint32 // literals seen, by hash
	flat    [64]prob
	first   [8 * 3 * 4]prob
	second  [8 * 2 * 4]prob
	later   [6 * 8 * 2]prob
	photo   [8]prob
	known   [4]prob
	after   [1 << 12][8]uint32 // by left and upper colour: what followed them lately and was refused before
	listed  [8 * 8]prob
	index   [1 << 12]prob
	green   [1 << 8]prob
	red     [1 << 16]prob
	blue    [1 << 16]prob
	residual
}

// slot remembers what followed a context: check 8 bits, colour 24 | count 8, second colour 24.
type slot struct{ a, b uint32 }

// rowBudget bounds a row: once it has used more than this many bytes its other pixels are coded as they are, 24 bits
// each. A pixel takes at most 47 bytes, so a row at most 32+47+14*3 = 121, and three for the
// bits in between and the one that says whether it follows.
const (
	rowBudget = 32
	rowBytes  = 124
)

// minRun is the shortest flat run, in pixels, that is worth a decision.
const minRun = 8

const (
	k1 = 0x9E3779B1
	k2 = 0x85EBCA6B
	k3 = 0xC2B2AE35
	k4 = 0x27D4EB2F
	k5 = 0x165667B1
	k6 = 0xD3A2646D
	k7 = 0xFD7046C5
	k8 = 0xB55A4F09
)

// countClass packs a slot's count of 0 to 31 into 8 classes.
var countClass = [32]uint8{0, 1, 2, 3, 4, 4, 5, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7}

func newFastModel() *fastModel {
	m := new(fastModel)
	setEven(m.flat[:], m.first[:], m.second[:], m.later[:], m.photo[:], m.known[:], m.listed[:], m.index[:], m.green[:], m.red[:], m.blue[:])
	m.residual.reset()
	return m
}

func hash(h uint32) uint32 {
	h = (h ^ h>>15) * 0x2C1B3C6D
	return h ^ h>>13
}

// fastRow codes the n pixels from index i; src has them when encoding. It returns how many pixels took decisions of
// their own.
func (s *stream) fastRow(i, n int, src []uint32) int {
	m, c := s.fast, &s.rc
	cur, stride, fresh := s.view.pix, s.view.stride, s.fresh
	begin, own := c.shifts, 0
	for j := 0; j < n; j++ {
		p := i + j
		if c.shifts-begin > rowBudget {
			s.rawPixels(i+j, n-j, src, j)
			return own + n - j
		}
		up := cur[p-stride-1 : p-stride+2 : p-stride+2]
		W, NW, N, NE := cur[p-1], up[0], up[1], up[2]
		if W == N && W == NW && W == NE && cur[p-2] == W && j+minRun <= n {
			k := 1
			for above := cur[p-stride+1:]; k < n-j && above[k-1] == W; {
				k++
			}
			if k >= minRun {
				ctx := b2u(k >= 16) | b2u(cur[p] == W)<<1 | b2u(cur[p+k-1] == W && cur[p+k/2] == W)<<2 |
					b2u(cur[p-2*stride] == W && cur[p-2*stride+k-1] == W)<<3 | W*k1>>30<<4
				if s.codeRun(&m.flat[ctx], p, k, src, j) {
					j += k - 1
					continue
				}
			}
		}
		own++
		var v uint32
		if src != nil {
			v = src[j]
		}
		R := cur[p]
		if f := fresh[p-1] + fresh[p-stride] + fresh[p-stride-1] + fresh[p-stride+1]; f >= 3 {
			if c.adapt(&m.photo[f], b2u(v != W && v != N && v != R), limitPixel) == 1 {
				cur[p] = m.residual.code(c, W, N, NW, NE, v)
				fresh[p] = 1
				continue
			}
		}
		h := hash(W*k1 + N*k2 + NW*k3 + NE*k4 + R*k5 + cur[p-2]*k6 + cur[p-2*stride]*k7 + cur[p+1]*k8)
		g := hash(W*k1 + N*k2 + NE*k3)
		a, b := &m.large[h>>16], &m.small[g>>18]
		hitA, hitB := a.hit(h), b.hit(g)
		A, B := a.a&0xffffff, b.a&0xffffff
		found := uint32(0)
		if hitA {
			ctx := uint32(countClass[a.b>>24&31])*12 + b2u(A == W)<<1 + b2u(A == R)
			if hitB {
				ctx += 4 + b2u(A == B)<<2
			}
			if found = c.adapt(&m.first[ctx], b2u(v == A), limitPixel); found == 1 {
				v = A
			}
		}
		if found == 0 {
			v, fresh[p] = m.refused(c, v, W, N, NE, R, a, b, hitA, hitB)
		} else {
			fresh[p] = 0
		}
		a.learn(hitA, h, v)
		b.learn(hitB, g, v)
		cur[p] = v
	}
	return own
}

// refused goes on where the large context had no colour or not this one. It tells whether the colour was a new one.
func (m *fastModel) refused(c *rangeCoder, v, W, N, NE, R uint32, a, b *slot, hitA, hitB bool) (uint32, uint8) {
	var tried [8]uint32
	nt := 0
	if hitA {
		tried[0] = a.a & 0xffffff
		nt = 1
	}
	if B := b.a & 0xffffff; hitB && (!hitA || B != tried[0]) {
		ctx := uint32(countClass[b.b>>24&31])*8 + b2u(hitA)<<2 + b2u(B == W)<<1 + b2u(B == R)
		if c.adapt(&m.second[ctx], b2u(v == B), limitPixel) == 1 {
			return B, 0
		}
		tried[nt] = B
		nt++
	}
	cand := [6]uint32{a.b & 0xffffff, W, N, R, NE, b.b & 0xffffff}
	for k, colour := range cand {
		if k == 0 && !hitA || k == 5 && !hitB || slices.Contains(tried[:nt], colour) {
			continue
		}
		if c.adapt(&m.later[(k*8+nt)*2+int(b2u(hitA))], b2u(v == colour), limitPixel) == 1 {
			return colour, 0
		}
		tried[nt] = colour
		nt++
	}
	after := &m.after[hash(W*k1+N*k2)>>20]
	for k, colour := range after {
		if slices.Contains(tried[:nt], colour) {
			continue
		}
		if c.adaptTree(&m.listed[k*8+min(nt, 7)], b2u(v == colour), limitPixel) == 1 {
			copy(after[1:k+1], after[:k])
			after[0] = colour
			return colour, 0
		}
	}
	v, f := m.literal(c, v)
	copy(after[1:], after[:len(after)-1])
	after[0] = v
	return v, f
}

func (p *slot) hit(h uint32) bool { return p.a>>24 == h&255 && p.b != 0 }

// learn: the colour seen gains, or takes the first place from one that was seen less than 4 times.
func (p *slot) learn(hit bool, h, v uint32) {
	if !hit {
		p.a = h<<24 | v
		p.b = 1<<24 | v
		return
	}
	n := p.b >> 24
	was := p.a & 0xffffff
	switch {
	case was == v:
		if n < 31 {
			p.b += 1 << 24
		}
	case p.b&0xffffff == v || n < 4:
		p.a = p.a&0xff000000 | v
		p.b = 1<<24 | was
	default:
		p.b = n/2<<24 | v
	}
}

// literal codes a colour by its place among those seen, or as green, red, blue.
func (m *fastModel) literal(c *rangeCoder, v uint32) (uint32, uint8) {
	i := v * k1 >> 20
	if c.adaptTree(&m.known[0], b2u(m.colours[i] == v), limitPixel) == 1 {
		return m.colours[c.tree(m.index[:], 12, i, limitLiteral)], 0
	}
	g := c.tree(m.green[:], 8, v>>8&255, limitLiteral)
	r := c.tree(m.red[g*256:][:256], 8, v>>16&255, limitLiteral)
	b := c.tree(m.blue[(r>>2^g)*256:][:256], 8, v&255, limitLiteral)
	v = r<<16 | g<<8 | b
	m.colours[v*k1>>20] = v
	return v, 1
}

// codeRun codes whether k pixels from index i, of which src[j] is the first, all are as the one to their left, and makes
// them so.
func (s *stream) codeRun(p *prob, i, k int, src []uint32, j int) bool {
	colour, all := s.view.pix[i-1], uint32(1)
	for q := 0; src != nil && q < k; q++ {
		all &= b2u(src[j+q] == colour)
	}
	if s.rc.adapt(p, all, limitPixel) == 0 {
		return false
	}
	for q := i; q < i+k; q++ {
		s.view.pix[q], s.fresh[q] = colour, 0
	}
	return true
}

// rawPixels codes n pixels from index i as they are; src[j] is the first.
func (s *stream) rawPixels(i, n int, src []uint32, j int) {
	for k := range n {
		var v uint32
		if src != nil {
			v = src[j+k]
		}
		v = s.rc.raw(v>>12, 12)<<12 | s.rc.raw(v&0xfff, 12)
		s.view.pix[i+k], s.fresh[i+k] = v, 1
	}
}
