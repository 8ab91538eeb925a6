package codec

// The transform of the coarse pass is the 8 x 8 integer cosine transform of H.265 (ITU-T H.265, 8.6.4.2): rows of norm
// 64*sqrt(8). Coefficients are 16 times those of an orthonormal transform and fit 16 bits, all else 32.
var cosines = [8][8]int32{
	{64, 64, 64, 64, 64, 64, 64, 64},
	{89, 75, 50, 18, -18, -50, -75, -89},
	{83, 36, -36, -83, -83, -36, 36, 83},
	{75, -18, -89, -50, 50, 89, 18, -75},
	{64, -64, -64, 64, 64, -64, -64, 64},
	{50, -89, 18, 75, -75, -18, 89, -50},
	{36, -83, 83, -36, -36, 83, -83, 36},
	{18, -50, 75, -89, 89, -75, 50, -18},
}

type block [64]int32

// zigzag gives the order of coefficients, low frequencies first, as in JPEG.
var zigzag = [64]uint8{
	0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
}

// forward transforms differences of -255 to 255. Only the encoder needs it.
func (b *block) forward() {
	var t block
	for y := range 8 {
		eighth((*[8]int32)(b[8*y:]), &t, y, 2)
	}
	for y := range 8 {
		eighth((*[8]int32)(t[8*y:]), b, y, 9)
	}
}

// eighth transforms a row into column y, divided by 2^shift.
func eighth(r *[8]int32, to *block, y int, shift uint) {
	var e, o [4]int32
	for i := range 4 {
		e[i], o[i] = r[i]+r[7-i], r[i]-r[7-i]
	}
	round := int32(1) << (shift - 1)
	for k := 0; k < 8; k += 2 {
		c := &cosines[k]
		to[8*k+y] = (c[0]*e[0] + c[1]*e[1] + c[2]*e[2] + c[3]*e[3] + round) >> shift
		c = &cosines[k+1]
		to[8*(k+1)+y] = (c[0]*o[0] + c[1]*o[1] + c[2]*o[2] + c[3]*o[3] + round) >> shift
	}
}

// inverse is exact at both ends: columns first, then rows; rows is the number of rows of coefficients that are not
// all zero.
func (b *block) inverse(rows int) {
	var t block
	for x := range 8 {
		var e, o [4]int32
		for k := 0; k < rows; k += 2 {
			if v := b[8*k+x]; v != 0 {
				c := &cosines[k]
				e[0] += c[0] * v
				e[1] += c[1] * v
				e[2] += c[2] * v
				e[3] += c[3] * v
			}
			if v := b[8*k+8+x]; v != 0 {
				c := &cosines[k+1]
				o[0] += c[0] * v
				o[1] += c[1] * v
				o[2] += c[2] * v
				o[3] += c[3] * v
			}
		}
		for i := range 4 {
			t[8*i+x] = clip16((e[i] + o[i] + 64) >> 7)
			t[8*(7-i)+x] = clip16((e[i] - o[i] + 64) >> 7)
		}
	}
	for y := range 8 {
		var e, o [4]int32
		r := (*[8]int32)(t[8*y:])
		for k := 0; k < 8; k += 2 {
			if v := r[k]; v != 0 {
				c := &cosines[k]
				e[0] += c[0] * v
				e[1] += c[1] * v
				e[2] += c[2] * v
				e[3] += c[3] * v
			}
			if v := r[k+1]; v != 0 {
				c := &cosines[k+1]
				o[0] += c[0] * v
				o[1] += c[1] * v
				o[2] += c[2] * v
				o[3] += c[3] * v
			}
		}
		for i := range 4 {
			b[8*y+i] = (e[i] + o[i] + 2048) >> 12
			b[8*y+7-i] = (e[i] - o[i] + 2048) >> 12
		}
	}
}

func clip16(v int32) int32 { return min(max(v, -1<<15), 1<<15-1) }
