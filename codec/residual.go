package codec

import "math/bits"

// residual codes photographic pixels of exact tiles: each channel's difference from a prediction (median edge detector, as in LOCO-I,
// plus what the channel before was off), by the activity around and the size of the difference before.
type residual struct {
	nodes [3 * 10 * 10 * 32]prob
	last  [3]uint32 // sizes of the last pixel's differences
}

var channels = [3]uint{8, 16, 0} // green, red, blue

func (m *residual) reset() { setEven(m.nodes[:]) }

// code codes v next to its neighbours.
func (m *residual) code(c *rangeCoder, W, N, NW, NE, v uint32) uint32 {
	var out uint32
	var off int32
	for ch, sh := range channels {
		w, n, nw, ne := int32(W>>sh&255), int32(N>>sh&255), int32(NW>>sh&255), int32(NE>>sh&255)
		p := med(w, n, nw)
		if ch > 0 {
			p = min(max(p+off, 0), 255)
		}
		x := m.channel(c, ch, abs(w-nw)+abs(n-nw)+abs(ne-n), p, off, int32(v>>sh&255))
		off = x - p
		out |= uint32(x) << sh
	}
	return out
}

// channel codes x, whose prediction is p.
func (m *residual) channel(c *rangeCoder, ch int, activity, p, off, x int32) int32 {
	before := m.last[0]
	if ch > 0 {
		before = size(abs(off))
	}
	t := m.nodes[((ch*10+int(min(size(activity/2), 9)))*10+int(min(before, 9)))*32:][:32]
	d := m.difference(c, t, int32(int8(x-p)))
	x = (p + d) & 255
	m.last[ch] = size(abs(x - p))
	return x
}

// difference codes d, -128 to 127: zero, sign, the size of |d| in unary, then its lower bits.
func (m *residual) difference(c *rangeCoder, t []prob, d int32) int32 {
	if c.adaptTree(&t[0], b2u(d == 0), limitNoise) == 1 {
		return 0
	}
	negative := c.adaptTree(&t[1], b2u(d < 0), limitNoise)
	a := uint32(abs(d))
	n := uint32(1)
	for n < 8 && c.adaptTree(&t[1+n], b2u(size(int32(a)) > n), limitNoise) == 1 {
		n++
	}
	return signed(c.lowerBits(t[7:], n, a), negative)
}

// lowerBits codes a number of n bits but for its first one, the next two with probabilities of t.
func (c *rangeCoder) lowerBits(t []prob, n, a uint32) uint32 {
	r := uint32(1)
	for k := int(n) - 2; k >= 0; k-- {
		b := a >> uint(k) & 1
		switch int(n) - 2 - k {
		case 0:
			b = c.adaptTree(&t[n], b, limitNoise)
		case 1:
			b = c.adaptTree(&t[6+n+(r&1)*8], b, limitNoise)
		default:
			b = c.bit(b, 1<<15)
		}
		r = r<<1 | b
	}
	return r
}

func signed(a, negative uint32) int32 {
	if negative == 1 {
		return -int32(a)
	}
	return int32(a)
}

func med(a, b, c int32) int32 {
	lo, hi := min(a, b), max(a, b)
	switch {
	case c >= hi:
		return lo
	case c <= lo:
		return hi
	}
	return a + b - c
}

func abs(a int32) int32 { return max(a, -a) }

// size is the number of bits of a, 0 for 0.
func size(a int32) uint32 {
	return uint32(bits.Len32(uint32(a)))
}
