package codec

// The arithmetic coder is the range coder of LZMA (Martin 1979; Pavlov's carry) with 16-bit probabilities: one structure
// for both directions, so that every model is written once. Its interval never gets below 2^24, hence a decision of
// probability p costs -log2(p/65536) bits and next to nothing more, and both ends know from the number of shifts how
// many bytes have been used. An object's length is shifts+1, always.
type rangeCoder struct {
	decoding bool
	width    uint32 // of the interval, at least 2^24 between two decisions
	shifts   int    // bytes that left the interval since the object began

	low   uint64 // encoder: 33 bits, the lower end
	cache byte   // encoder: last byte that a carry can still reach
	runs  int    // encoder: 0xff bytes after cache
	out   []byte

	value uint32 // decoder: its distance from the lower end
	in    []byte
	pos   int
}

func (c *rangeCoder) startEncoding(dst []byte) {
	*c = rangeCoder{width: 0xffffffff, out: dst}
}

func (c *rangeCoder) startDecoding(src []byte) {
	*c = rangeCoder{decoding: true, width: 0xffffffff, in: src}
	for range 4 {
		c.value = c.value<<8 | uint32(c.next())
	}
}

// next reads a byte, zeros after the end.
func (c *rangeCoder) next() byte {
	if c.pos < len(c.in) {
		c.pos++
		return c.in[c.pos-1]
	}
	return 0
}

// overrun tells that a decoder has used more than the object holds: it is broken.
func (c *rangeCoder) overrun() bool { return c.shifts >= len(c.in) }

// bit codes b, whose probability of being 1 is p/65536, 0 < p < 65536. It returns b, when decoding the b found.
func (c *rangeCoder) bit(b, p uint32) uint32 {
	bound := c.width >> 16 * p
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
	return b
}

// normalise shifts bytes out, or in, until the interval is wide enough.
func (c *rangeCoder) normalise() {
	for c.width < 1<<24 {
		c.width <<= 8
		if c.decoding {
			c.value = c.value<<8 | uint32(c.next())
			c.shifts++
		} else {
			c.shift()
		}
	}
}

// shift moves the top byte of low out, past the bytes that a carry can still change.
func (c *rangeCoder) shift() {
	if c.low < 0xff000000 || c.low > 0xffffffff {
		carry := byte(c.low >> 32)
		if c.shifts > c.runs { // the very first cache stands for no byte
			c.out = append(c.out, c.cache+carry)
		}
		for ; c.runs > 0; c.runs-- {
			c.out = append(c.out, 0xff+carry)
		}
		c.cache = byte(c.low >> 24)
	} else {
		c.runs++
	}
	c.low = c.low & 0xffffff << 8
	c.shifts++
}

// finish ends the object with the one byte that is still needed and returns all of it.
func (c *rangeCoder) finish() []byte {
	n := c.shifts
	// the multiple of 2^24 inside [low, low+width); zeros follow it
	c.low = (c.low + 0xffffff) &^ 0xffffff
	c.shift()
	c.shift()
	c.shifts = n
	return c.out
}

// raw codes the low n bits of v as they are, n <= 16.
func (c *rangeCoder) raw(v uint32, n uint) uint32 {
	r := uint32(0)
	for i := int(n) - 1; i >= 0; i-- {
		r = r<<1 | c.bit(v>>uint(i)&1, 1<<15)
	}
	return r
}
