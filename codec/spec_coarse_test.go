package codec

// Section 7 of SPEC.md.

var plainSteps = []int{64, 72, 81, 91, 102, 114, 128, 144, 161, 181, 203, 228, 256, 287, 323, 362, 406, 456, 512, 575, 645, 724, 813,
	912, 1024, 1149, 1290, 1448, 1625, 1825, 2048, 2299}

var plainM = [8][8]int{{64, 64, 64, 64, 64, 64, 64, 64}, {89, 75, 50, 18, -18, -50, -75, -89}, {83, 36, -36, -83, -83, -36, 36, 83},
	{75, -18, -89, -50, 50, 89, 18, -75}, {64, -64, -64, 64, 64, -64, -64, 64}, {50, -89, 18, 75, -75, -18, 89, -50},
	{36, -83, 83, -36, -36, 83, -83, 36}, {18, -50, 75, -89, 89, -75, 50, -18}}

// plainZigzag gives column and row of the i-th coefficient.
func plainZigzag() (z [64][2]int) {
	i := 0
	for s := range 15 {
		for k := range s + 1 {
			x, y := k, s-k
			if s%2 == 1 {
				x, y = y, x
			}
			if x < 8 && y < 8 {
				z[i] = [2]int{x, y}
				i++
			}
		}
	}
	return z
}

func plainBand(i int) int {
	for b, most := range []int{0, 2, 5, 9, 14, 20, 35} {
		if i <= most {
			return b
		}
	}
	return 7
}

func clamp16(v int) int { return min(max(v, -32768), 32767) }

func (d *plain) coarse(tx, ty int) {
	d.kind = d.choose("kind", d.kind)
	if d.adapt("sameStep", 0, side) == 0 {
		d.quant = d.tree("step", 0, 5, side)
	}
	u, before := d.shifts, 0
	var planes [6][8][8]int
	for b := range planes {
		planes[b], before = d.block(b, u, before)
	}
	pred := d.predict(tx, ty)
	for y := range 16 {
		for x := range 16 {
			p := [2]int{16*tx + x, 16*ty + y}
			if p[0] >= d.w || p[1] >= d.h {
				continue
			}
			Y, cb, cr := planes[y/8*2+x/8][y%8][x%8], planes[4][y/2][x/2], planes[5][y/2][x/2]
			c := func(sh, add int) uint32 {
				return uint32(min(max(int(pred[y][x]>>sh&255)+Y+add, 0), 255)) << sh
			}
			defer func(v uint32) { d.pix[p], d.fresh[p] = v, 1 }(c(16, (359*cr+128)>>8) | c(8, -((88*cb+183*cr+128)>>8)) | c(0, (454*cb+128)>>8))
		}
	}
}

func (d *plain) predict(tx, ty int) (pred [16][16]uint32) {
	var top, left [16]uint32
	for i := range 16 {
		top[i] = d.pix[[2]int{min(16*tx+i, d.w-1), 16*ty - 1}]
		left[i] = d.pix[[2]int{16*tx - 1, min(16*ty+i, d.h-1)}]
	}
	for i := range 16 {
		switch {
		case tx == 0 && ty == 0:
			top[i], left[i] = 0x808080, 0x808080
		case ty == 0:
			top[i] = left[0]
		case tx == 0:
			left[i] = top[0]
		}
	}
	for y := range 16 {
		for x := range 16 {
			if d.kind == 2 {
				pred[y][x] = d.pix[[2]int{16*tx + x, 16*ty + y}]
				continue
			}
			for _, sh := range []int{0, 8, 16} {
				of := func(v uint32) int { return int(v >> sh & 255) }
				v := 16
				if d.kind == 0 {
					for i := range 16 {
						v += of(top[i]) + of(left[i])
					}
				} else {
					v += (15-x)*of(left[y]) + (x+1)*of(top[15]) + (15-y)*of(top[x]) + (y+1)*of(left[15])
				}
				pred[y][x] |= uint32(v>>5) << sh
			}
		}
	}
	return pred
}

// block gives differences and whether the block was coded.
func (d *plain) block(b, u, before int) (out [8][8]int, coded int) {
	c := one(b >= 4)
	if d.shifts-u > 84 || d.adaptT("coded", 3*c+before+one(b == 5), noise) == 0 {
		return out, 0
	}
	z := plainZigzag()
	var l [9][9]int // row, column, both from 1
	for i := 0; i < 64 && d.shifts-u <= 84; i++ {
		x, y := z[i][0]+1, z[i][1]+1
		s := absolute(l[y][x-1]) + absolute(l[y-1][x]) + absolute(l[y-1][x-1])
		if d.adaptT("zero", 5*(8*c+plainBand(i))+min(s, 4), noise) == 1 {
			continue
		}
		t := 8 * (3*(3*c+min(plainBand(i), 4)/2) + min(s, 2))
		a := 1
		for a < 7 && d.adaptT("sizes", t+a, noise) == 1 {
			a++
		}
		if a == 7 {
			k := 0
			for k < 10 && d.raw(1) == 1 {
				k++
			}
			a = 6 + (1<<k | d.raw(k))
		}
		if d.raw(1) == 1 {
			a = -a
		}
		l[y][x] = a
		if i == 63 || d.adaptT("more levels", 3*(8*c+plainBand(i+1))+min(s, 2), noise) == 0 {
			break
		}
	}
	q := plainSteps[d.quant]
	if c == 1 {
		q += q / 2
	}
	var t [8][8]int
	for y := range 8 {
		for x := range 8 {
			s := 64
			for k := range 8 {
				s += plainM[k][y] * clamp16(l[k+1][x+1]*q)
			}
			t[y][x] = clamp16(s >> 7)
		}
	}
	for y := range 8 {
		for x := range 8 {
			s := 2048
			for k := range 8 {
				s += plainM[k][x] * t[y][k]
			}
			out[y][x] = s >> 12
		}
	}
	return out, 1
}
