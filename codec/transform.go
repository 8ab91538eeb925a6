package codec

// The transforms of the coarse pass are the integer cosine transforms of H.265 (ITU-T H.265, 8.6.4.2) of 8 and 16 points:
// rows of norm 64*sqrt(n). Coefficients and values are 16 times those of an orthonormal transform of pixels.

// cosines is the matrix of 16 points; every other row, cut in the middle, is that of 8 points.
var cosines = [16][16]int32{
	{64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64},
	{90, 87, 80, 70, 57, 43, 25, 9, -9, -25, -43, -57, -70, -80, -87, -90},
	{89, 75, 50, 18, -18, -50, -75, -89, -89, -75, -50, -18, 18, 50, 75, 89},
	{87, 57, 9, -43, -80, -90, -70, -25, 25, 70, 90, 80, 43, -9, -57, -87},
	{83, 36, -36, -83, -83, -36, 36, 83, 83, 36, -36, -83, -83, -36, 36, 83},
	{80, 9, -70, -87, -25, 57, 90, 43, -43, -90, -57, 25, 87, 70, -9, -80},
	{75, -18, -89, -50, 50, 89, 18, -75, -75, 18, 89, 50, -50, -89, -18, 75},
	{70, -43, -87, 9, 90, 25, -80, -57, 57, 80, -25, -90, -9, 87, 43, -70},
	{64, -64, -64, 64, 64, -64, -64, 64, 64, -64, -64, 64, 64, -64, -64, 64},
	{57, -80, -25, 90, -9, -87, 43, 70, -70, -43, 87, 9, -90, 25, 80, -57},
	{50, -89, 18, 75, -75, -18, 89, -50, -50, 89, -18, -75, 75, 18, -89, 50},
	{43, -90, 57, 25, -87, 70, 9, -80, 80, -9, -70, 87, -25, -57, 90, -43},
	{36, -83, 83, -36, -36, 83, -83, 36, 36, -83, 83, -36, -36, 83, -83, 36},
	{25, -70, 90, -80, 43, 9, -57, 87, -87, 57, -9, -43, 80, -90, 70, -25},
	{18, -50, 75, -89, 89, -75, 50, -18, -18, 50, -75, 89, -89, 75, -50, 18},
	{9, -25, 43, -57, 70, -80, 87, -90, 90, -87, 80, -70, 57, -43, 25, -9},
}

// block holds the n x n differences or coefficients of a block, n 8 or 16, row by row.
type block [256]int32

// scans give the order of coefficients, low frequencies first: diagonals, in turn upwards and downwards, as in JPEG.
var scan8, scan16 = newScan(8), newScan(16)

func newScan(n int) []uint8 {
	var s []uint8
	for d := range 2*n - 1 {
		for i := range d + 1 {
			x, y := i, d-i
			if d&1 == 1 {
				x, y = y, x
			}
			if x < n && y < n {
				s = append(s, uint8(y*n+x))
			}
		}
	}
	return s
}

func scanOf(n int) []uint8 {
	if n == 16 {
		return scan16
	}
	return scan8
}

// forward transforms differences of -255 to 255, times 16. Only the encoder needs it.
func (b *block) forward(n int) {
	var t block
	if n == 8 {
		for y := range 8 {
			points8((*[8]int32)(b[8*y:]), t[y:], 8, 6)
		}
		for y := range 8 {
			points8((*[8]int32)(t[8*y:]), b[y:], 8, 9)
		}
		return
	}
	for y := range 16 {
		points16((*[16]int32)(b[16*y:]), t[y:], 7)
	}
	for y := range 16 {
		points16((*[16]int32)(t[16*y:]), b[y:], 9)
	}
}

// points16 transforms a row into a column of a 16 x 16 block, divided by 2^shift: odd coefficients from differences, even
// ones as a transform of 8 sums.
func points16(r *[16]int32, column []int32, shift uint) {
	var e, o [8]int32
	for i := range e {
		e[i], o[i] = r[i]+r[15-i], r[i]-r[15-i]
	}
	round := int32(1) << (shift - 1)
	for k := 1; k < 16; k += 2 {
		m := &cosines[k]
		column[16*k] = (m[0]*o[0] + m[1]*o[1] + m[2]*o[2] + m[3]*o[3] + m[4]*o[4] + m[5]*o[5] + m[6]*o[6] + m[7]*o[7] + round) >> shift
	}
	points8(&e, column, 32, shift)
}

// points8 transforms a row into places of column that lie step apart.
func points8(r *[8]int32, column []int32, step int, shift uint) {
	var e, o [4]int32
	for i := range e {
		e[i], o[i] = r[i]+r[7-i], r[i]-r[7-i]
	}
	round := int32(1) << (shift - 1)
	column = column[:7*step+1]
	for k := 0; k < 8; k += 2 {
		m := &cosines[2*k]
		column[k*step] = (m[0]*e[0] + m[1]*e[1] + m[2]*e[2] + m[3]*e[3] + round) >> shift
		m = &cosines[2*k+2]
		column[(k+1)*step] = (m[0]*o[0] + m[1]*o[1] + m[2]*o[2] + m[3]*o[3] + round) >> shift
	}
}

// inverse is exact at both ends: columns first, then rows. rows and columns say how many of them hold coefficients that
// are not zero.
func (b *block) inverse(n, rows, columns int) {
	var t block
	for x := range columns {
		var in [16]int32
		for k := range rows {
			in[k] = b[n*k+x]
		}
		var out [16]int32
		unpoints(&in, &out, n, rows)
		for y := range n {
			t[n*y+x] = (out[y] + 64) >> 7
		}
	}
	shift := uint(8) // of 4096*n = 2^(12+log n), 2^7 are gone
	if n == 16 {
		shift = 9
	}
	for y := range n {
		var in, out [16]int32
		copy(in[:columns], t[n*y:])
		unpoints(&in, &out, n, columns)
		for x := range n {
			b[n*y+x] = (out[x] + 1<<(shift-1)) >> shift
		}
	}
}

// unpoints computes the sums over the first used of n coefficients.
func unpoints(in, out *[16]int32, n, used int) {
	var e, o [8]int32
	step, half := 16/n, n/2
	for k := 0; k < used; k += 2 {
		if v := in[k]; v != 0 {
			m := &cosines[k*step]
			for i := range half {
				e[i&7] += m[i&15] * v
			}
		}
		if k+1 < used {
			if v := in[k+1]; v != 0 {
				m := &cosines[(k+1)*step]
				for i := range half {
					o[i&7] += m[i&15] * v
				}
			}
		}
	}
	for i := range half {
		out[i&15] = e[i&7] + o[i&7]
		out[(n-1-i)&15] = e[i&7] - o[i&7]
	}
}
