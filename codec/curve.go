package codec

// curve corrects a mixed prediction by what came of such predictions before: 33 points over its logarithm of odds, in
// between interpolated (Mahoney's APM, or SSE). P(1) is of 65536.
type curve [33]uint16

// nudgeRate is how slowly curves and cells learn: by 1/64.
const nudgeRate = 6

func setCurves(cs []curve) {
	for i := range cs {
		for k := range cs[i] {
			cs[i][k] = uint16(squash(int32(k-16)*128))*16 + 8
		}
	}
}

// at gives P(1) for a logarithm of odds x, 256 for e, -2047 to 2047, and the point that is to learn.
func (c *curve) at(x int32) (p uint32, point *uint16) {
	pos := uint32(x + 2048)
	k, f := pos>>7, pos&127
	p = (uint32(c[k])*(128-f) + uint32(c[k+1])*f) >> 7
	return p, &c[k+f>>6]
}

// nudge moves a probability of 65536 towards b.
func nudge(p *uint16, b uint32) {
	if b != 0 {
		*p += (65535 - *p) >> nudgeRate
	} else {
		*p -= *p >> nudgeRate
	}
}
