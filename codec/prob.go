package codec

// prob is an adaptive probability: P(1) in the upper 22 bits, in the lower 10 the number of decisions seen, up to the
// limit of its use. Its learning rate is 1/(count+1.5) (Mahoney, lpaq), so that few decisions teach much.
type prob uint32

const evenProb prob = 1 << 31

// Limits of the count: the higher, the steadier and the slower to follow.
const (
	limitSide    = 20  // side information
	limitPixel   = 30  // candidates and flat runs
	limitLiteral = 20  // trees of colours
	limitNoise   = 250 // residuals, stop bits
	limitMixed   = 250 // what is mixed: coefficients
)

// A decision costs at most 11 bits, one of a tree at most 8, one of a place 4: this bounds what a row, a tile's head can
// take.
const (
	leastProb      = 32
	leastTreeProb  = 256
	leastPlaceProb = 4096
)

var rates [1024]uint32

func init() {
	for n := range rates {
		rates[n] = 131072 / (2*uint32(n) + 3)
	}
}

// adapt codes b with p and lets p learn it.
func (c *rangeCoder) adapt(p *prob, b, limit uint32) uint32 {
	return c.code(p, b, min(max(uint32(*p>>16), leastProb), 1<<16-leastProb), limit)
}

// adaptTree is adapt with a tighter bound on the cost.
func (c *rangeCoder) adaptTree(p *prob, b, limit uint32) uint32 {
	return c.code(p, b, min(max(uint32(*p>>16), leastTreeProb), 1<<16-leastTreeProb), limit)
}

// code is bit, then what p learns from it: most of all time is spent here, so both are written out in one function.
func (c *rangeCoder) code(p *prob, b, v, limit uint32) uint32 {
	bound := c.width >> 16 * v
	switch {
	case c.decoding && c.value < bound:
		c.width, b = bound, 1
	case c.decoding:
		c.value -= bound
		c.width -= bound
		b = 0
	case b != 0:
		c.width = bound
	default:
		c.low += uint64(bound)
		c.width -= bound
	}
	if c.width < 1<<24 {
		c.normalise()
	}
	q := uint32(*p)
	n := q & 1023
	q >>= 10
	if b != 0 {
		q += (1<<22 - 1 - q) >> 6 * rates[n] >> 10
	} else {
		q -= q >> 6 * rates[n] >> 10
	}
	if n < limit {
		n++
	}
	*p = prob(q<<10 | n)
	return b
}

// tree codes an n-bit number, the highest bit first, with 2^n probabilities.
func (c *rangeCoder) tree(t []prob, n uint, v, limit uint32) uint32 {
	node := uint32(1)
	for i := int(n) - 1; i >= 0; i-- {
		node = node<<1 | c.adaptTree(&t[node], v>>uint(i)&1, limit)
	}
	return node - 1<<n
}

// place codes an n-bit number like tree, of which no bit takes more than 4 when it has to be written.
func (c *rangeCoder) place(t []prob, n uint, v, limit uint32) uint32 {
	node := uint32(1)
	for i := int(n) - 1; i >= 0; i-- {
		p := &t[node]
		node = node<<1 | c.code(p, v>>uint(i)&1, min(max(uint32(*p>>16), leastPlaceProb), 1<<16-leastPlaceProb), limit)
	}
	return node - 1<<n
}

func setEven(ps ...[]prob) {
	for _, p := range ps {
		for i := range p {
			p[i] = evenProb
		}
	}
}

func b2u(b bool) uint32 {
	if b {
		return 1
	}
	return 0
}
