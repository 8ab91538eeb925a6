package codec

// mixed is how many predictions of a decision are mixed.
const mixed = 4

// weights are a mixer's, 65536 for 1.
type weights [mixed]int32

func setWeights(sets []weights) {
	for i := range sets {
		sets[i] = weights{19661, 19661, 19661, 19661} // 0.3 each: predictions that agree make each other surer
	}
}

// squashAt are 4096/(1+e^-x) for x = -8, -7.5 .. 8 (Mahoney, lpaq).
var squashAt = [33]int32{1, 2, 3, 6, 10, 16, 27, 45, 73, 120, 194, 310, 488, 747, 1101, 1546, 2047, 2549, 2994, 3348, 3607, 3785,
	3901, 3975, 4022, 4050, 4068, 4079, 4085, 4089, 4092, 4093, 4094}

// squash is a probability of 4096 from its logarithm of odds, 256 for e.
func squash(x int32) int32 {
	x = min(max(x, -2047), 2047)
	f, k := x&127, x>>7+16
	return (squashAt[k]*(128-f) + squashAt[k+1]*f + 64) >> 7
}

// stretched is squash turned round.
var stretched [4096]int16

func init() {
	next := int32(0)
	for x := int32(-2047); x <= 2047; x++ {
		for p := squash(x); next <= p; next++ {
			stretched[next] = int16(x)
		}
	}
	for ; next < 4096; next++ {
		stretched[next] = 2047
	}
}

// mix codes b with the logistic mixture of four adaptive probabilities (Mahoney, PAQ); all and the weights learn from it.
func (c *rangeCoder) mix(p *[mixed]*prob, w *weights, b uint32) uint32 {
	var st [mixed]int32
	dot := int32(0)
	for i, q := range p {
		st[i] = int32(stretched[*q>>20])
		dot += st[i] * w[i] >> 16
	}
	pm := squash(dot)
	b = c.bit(b, uint32(pm)*16+8)
	err := int32(b<<12) - pm
	for i, q := range p {
		w[i] += (st[i]*err + 1<<9) >> 10
		q.learn(b, limitMixed)
	}
	return b
}

// learn moves p towards b.
func (p *prob) learn(b, limit uint32) {
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
}
