package codec

// literals codes colours that no context foresaw: green, then red and blue by what they were beside that green on the
// same ground, or bit by bit like green. Each bit is mixed from five hashed contexts.
type literals struct {
	probs  [literalContexts][1 << literalBits]prob
	sets   [3][8][literalContexts]int32 // of weights, by channel and bit
	curves [3][256]curve                // by channel and the bits before
	ground uint32                       // the last colour that its neighbours had, too
	pairs  [1 << pairBits]pair          // by green and ground
	paired [64]prob                     // it is that
}

// pair is the colour that was seen last with a green on a ground, and how surely it comes again.
type pair struct{ colour, sure uint32 }

const (
	literalContexts = 5
	literalBits     = 16
	pairBits        = 14
	mostSure        = 7
)

func (m *literals) reset() {
	for k := range m.probs {
		setEven(m.probs[k][:])
	}
	setEven(m.paired[:])
	for ch := range m.sets {
		setCurves(m.curves[ch][:])
		for k := range m.sets[ch] {
			for j := range m.sets[ch][k] {
				m.sets[ch][k][j] = 26214 // 0.4
			}
		}
	}
}

// code codes v, to the right of W, below N, where R stood before.
func (m *literals) code(c *rangeCoder, W, N, R, v uint32) uint32 {
	wr, wg, wb := W>>16, W>>8&255, W&255
	nr, ng, nb := N>>16, N>>8&255, N&255
	g := m.channel(c, 0, &[literalContexts]uint32{
		1 + m.ground*k3,
		2 + wg*k3,
		3 + W*k1 + N*k2,
		4 + ng*k3 + wg*k5,
		5 + R*k2,
	}, v>>8&255)

	grey := b2u(wr == wg) + 2*b2u(nr == ng)
	p := &m.pairs[hash(g*k1+m.ground*k2+9)>>(32-pairBits)]
	if *p != (pair{}) {
		if c.adapt(&m.paired[8*p.sure+grey+4*b2u(p.colour == g*0x010101)], b2u(p.colour == v), limitPixel) == 1 {
			p.sure = min(p.sure+1, mostSure)
			return p.colour
		}
		p.sure /= 2
	}
	r := m.channel(c, 1, &[literalContexts]uint32{
		11 + g*k1,
		12 + g*k1 + W*k2,
		13 + g*k1 + N*k3,
		14 + (wr-wg+g)*k2 + grey,
		15 + (nr-ng+g)*k2,
	}, v>>16&255)
	b := m.channel(c, 2, &[literalContexts]uint32{
		21 + g*k1 + r*k2,
		22 + (r-g+512)*k1 + W>>4*k3,
		23 + (wb-wg+g)*k2,
		24 + (nb-ng+g)*k2 + (r-g+512)*k1,
		25 + g*k1 + r*k2 + W*k3,
	}, v&255)
	p.colour = r<<16 | g<<8 | b
	return p.colour
}

// channel codes the eight bits of a channel, the highest first. The probabilities of four bits in a context lie together.
func (m *literals) channel(c *rangeCoder, ch int, contexts *[literalContexts]uint32, v uint32) uint32 {
	node := uint32(1)
	var at [literalContexts]*[16]prob
	for k := range 8 {
		if k&3 == 0 {
			for j, x := range contexts {
				at[j] = (*[16]prob)(m.probs[j][hash(x+node*k1)>>(32-literalBits)&^15:])
			}
		}
		part := node&(1<<(k&3)-1) | 1<<(k&3)
		node = node<<1 | m.bit(c, &at, part, &m.sets[ch][k], &m.curves[ch][node&255], v>>(7-k)&1)
	}
	return node & 255
}

func (m *literals) bit(c *rangeCoder, at *[literalContexts]*[16]prob, part uint32, w *[literalContexts]int32, final *curve, b uint32) uint32 {
	var st [literalContexts]int32
	dot := int32(0)
	for j := range at {
		st[j] = int32(stretched[at[j][part&15]>>20])
		dot += w[j] >> 2 * st[j] >> 6
	}
	x := min(max(dot>>8, -2047), 2047)
	q, point := final.at(x)
	b = c.bit(b, min(max(q, 32), 65504))
	nudge(point, b)
	err := int32(b<<16) - squash(x)<<4
	for j := range at {
		w[j] += (st[j]*err + 1<<13) >> 14
		at[j][part&15].learn(b, limitPixel)
	}
	return b
}
