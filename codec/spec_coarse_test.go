package codec

import (
	"strconv"
	"strings"
)

// Section 7 of SPEC.md.

var plainSteps = numbers("64 72 81 91 102 114 128 144 161 181 203 228 256 287 323 362 406 456 512 575 645 724 813 912 1024 1149 1290 1448 1625 1825 2048 2299")

var plainQ = numbers("1 2 3 6 10 16 27 45 73 120 194 310 488 747 1101 1546 2047 2549 2994 3348 3607 3785 3901 3975 4022 4050 4068 4079 4085 4089 4092 4093 4094")

var plainHalves = numbers("64 64 64 64 64 64 64 64 90 87 80 70 57 43 25 9 89 75 50 18 -18 -50 -75 -89 87 57 9 -43 -80 -90 -70 -25 83 36 -36 -83 -83 -36 36 83 " +
	"80 9 -70 -87 -25 57 90 43 75 -18 -89 -50 50 89 18 -75 70 -43 -87 9 90 25 -80 -57 64 -64 -64 64 64 -64 -64 64 57 -80 -25 90 -9 -87 43 70 " +
	"50 -89 18 75 -75 -18 89 -50 43 -90 57 25 -87 70 9 -80 36 -83 83 -36 -36 83 -83 36 25 -70 90 -80 43 9 -57 87 18 -50 75 -89 89 -75 50 -18 " +
	"9 -25 43 -57 70 -80 87 -90")

var (
	plainLast      = numbers("50 38 38 50 90 140 180 205 230 230")
	plainSums      = numbers("0 1 2 3 4 5 6 6 7 7 8 8 8 9 9 9 9")
	plainDiagonals = numbers("0 1 2 3 3 4 4 4 5 5 5 5")
	plainFew       = numbers("205 140 110 70")
	plainZeros     = numbers("200 140 110 92 77 69 56 51 44 36 26")
	plainAboves    = numbers("26 56 82 102 128 140 158 174 192 205 225")
)

func numbers(s string) (all []int) {
	for f := range strings.FieldsSeq(s) {
		n, err := strconv.Atoi(f)
		if err != nil {
			panic(err)
		}
		all = append(all, n)
	}
	return all
}

// plainM is entry i of row k of the matrix of n points.
func plainM(n, k, i int) int {
	k *= 16 / n
	if i < n/2 {
		return plainHalves[8*k+i]
	}
	if k/(16/n)%2 == 1 {
		return -plainHalves[8*k+n-1-i]
	}
	return plainHalves[8*k+n-1-i]
}

func clamp(v, low, high int) int { return min(max(v, low), high) }

func plainSquash(x int) int {
	x = clamp(x, -2047, 2047)
	f, k := x&127, (x>>7)+16
	return (plainQ[k]*(128-f) + plainQ[k+1]*f + 64) >> 7
}

var plainStretch = func() (t [4096]int) {
	for p := range t {
		t[p] = 2047
		for x := -2047; x <= 2047; x++ {
			if plainSquash(x) >= p {
				t[p] = x
				break
			}
		}
	}
	return t
}()

// mix takes four probabilities by name and index, each with what it begins as, of 256.
func (d *plain) mix(name string, at, start [4]int, weights string, set int) int {
	w := d.weights[plainProb{weights, 0, set}]
	if w == nil {
		w = &[4]int32{19661, 19661, 19661, 19661}
		d.weights[plainProb{weights, 0, set}] = w
	}
	var t [4]int
	s := 0
	var ps [4]*[2]uint32
	for i := range 4 {
		k := plainProb{name, i, at[i]}
		if d.probs[k] == nil {
			d.probs[k] = &[2]uint32{1 << 21, 0}
			if start[i] != 0 {
				d.probs[k] = &[2]uint32{uint32(start[i]) << 14, 3}
			}
		}
		ps[i] = d.probs[k]
		t[i] = plainStretch[ps[i][0]>>10]
		s += int(int32(t[i])*w[i]) >> 16
	}
	p := plainSquash(s)
	b := d.bit(uint32(16*p + 8))
	e := 4096*b - p
	for i := range 4 {
		w[i] += int32((t[i]*e + 512) >> 10)
		d.teach(ps[i], b, noise)
	}
	return b
}

type plainShape struct {
	step, view, full, long, split int
	dir                           [4]int
}

// plainNote is what is kept of a coarse tile.
type plainNote struct {
	dir    [4]int
	split  int
	luma   [4]int
	cb, cr int
}

type plainBlock struct {
	kind, plane, x, y, n, dir int
	last                      int
	level                     [16][16]int // [y][x]
}

func (d *plain) coarse(tx, ty int) {
	left, up := d.notes[[2]int{tx - 1, ty}], d.notes[[2]int{tx, ty - 1}]
	s := d.shapeOf(left, up)
	d.was = s
	d.met["view"] += s.view
	d.met["full"] += s.full
	d.met["long"] += s.long
	d.met["split"] += s.split
	d.met["whole"] += 1 - s.split
	note := plainNote{dir: s.dir, split: s.split}
	var blocks []*plainBlock
	if s.split == 1 {
		for k := range 4 {
			blocks = append(blocks, &plainBlock{kind: 1, x: k % 2 * 8, y: k / 2 * 8, n: 8, dir: s.dir[k]})
		}
	} else {
		blocks = append(blocks, &plainBlock{n: 16, dir: s.dir[0]})
	}
	for plane := 1; plane < 3; plane++ {
		b := &plainBlock{kind: 2 + s.full, plane: plane, n: 8 + 8*s.full, dir: s.dir[0]}
		if s.split == 1 {
			b.dir = 1
		}
		blocks = append(blocks, b)
	}
	end := d.shifts + 80 + 140*s.long
	for k, b := range blocks {
		d.levels(k, b, blocks, end, left, up, &note)
	}
	d.notes[[2]int{tx, ty}] = note
	d.met["cut"] += one(d.shifts > end)
	d.show(tx, ty, s, blocks)
}

func (d *plain) shapeOf(left, up plainNote) (s plainShape) {
	s = d.was
	if d.adapt("sameStep", 0, side) == 0 {
		s.step = d.tree("step", 0, 5, side)
	}
	s.view = d.adapt("view", d.was.view, side)
	s.full = d.adapt("full", d.was.full, side)
	s.long = d.adapt("long", d.was.long, side)
	s.split = d.adapt("split", left.split+2*up.split, side)
	if s.view == 1 {
		return s
	}
	for k := range 4 {
		if k > 0 && s.split == 0 {
			s.dir[k] = s.dir[0]
			continue
		}
		l, u := left.dir[k|1], up.dir[k|2]
		if k%2 == 1 {
			l = s.dir[k-1]
		}
		if k >= 2 {
			u = s.dir[k-2]
		}
		s.dir[k] = d.tree("dirs", 8*(8*l+u), 3, side)
	}
	return s
}

func plainBits(a int) (n int) {
	for ; a > 0; a /= 2 {
		n++
	}
	return n
}

var plainScans = map[int][][2]int{8: scanned(8), 16: scanned(16)}

// scanned gives columns and rows of n x n places in scan order.
func scanned(n int) (all [][2]int) {
	for s := range 2*n - 1 {
		for k := range s + 1 {
			x, y := k, s-k
			if s%2 == 1 {
				x, y = y, x
			}
			if x < n && y < n {
				all = append(all, [2]int{x, y})
			}
		}
	}
	return all
}

// levels decodes those of block k of the tile.
func (d *plain) levels(k int, b *plainBlock, blocks []*plainBlock, end int, left, up plainNote, note *plainNote) {
	var l, m int
	var c [4]int
	switch {
	case b.kind == 0:
		l, m = max(left.luma[1], left.luma[3]), max(up.luma[2], up.luma[3])
	case b.kind == 1:
		l, m = left.luma[k|1], up.luma[k|2]
		if k%2 == 1 {
			l = note.luma[k-1]
		}
		if k >= 2 {
			m = note.luma[k-2]
		}
	case b.plane == 1:
		l, m = left.cb, up.cb
	default:
		l, m = left.cr, up.cr
	}
	y := max(note.luma[0], note.luma[1], note.luma[2], note.luma[3])
	switch b.plane {
	case 0:
		c = [4]int{10*l + m, 20*b.dir + l + m, min(l+m, 19), 0}
	case 1:
		c = [4]int{10*l + m, 10 * y, min(l+m, 19), 1}
	case 2:
		c = [4]int{10*l + m, 100 + 10*y + note.cb, 20 + min(l+m, 19), 2}
	}
	if d.shifts <= end {
		b.last = d.lastOf(b, c)
	}
	class := plainBits(b.last)
	switch {
	case b.kind == 0:
		note.luma = [4]int{class, class, class, class}
	case b.kind == 1:
		note.luma[k] = class
	case b.plane == 1:
		note.cb = class
	default:
		note.cr = class
	}
	for i := b.last - 1; i >= 0 && d.shifts <= end; i-- {
		d.level(b, i, class, min(l+m, 15), blocks[0], blocks[len(blocks)-2])
	}
}

func (d *plain) lastOf(b *plainBlock, c [4]int) int {
	most, k := 7, 0
	if b.n == 16 {
		most = 9
	}
	for ; k < most; k++ {
		var at [4]int
		for i := range at {
			at[i] = 10*(200*b.kind+c[i]) + k
		}
		if d.mix("class", at, [4]int{plainLast[k], plainLast[k], plainLast[k], plainLast[k]}, "wClass", 10*b.kind+k) == 1 {
			break
		}
	}
	if k < 2 {
		return k
	}
	v := 1
	for j := range k - 1 {
		if j < 2 {
			v = 2*v + d.adaptT("more of last", 4*(10*b.kind+k)+v%2+2*j, noise)
		} else {
			v = 2*v + d.raw(1)
		}
	}
	return min(v, b.n*b.n)
}

func (d *plain) level(b *plainBlock, i, class, busy int, luma, cb *plainBlock) {
	n := b.n
	x, y := plainScans[n][i][0], plainScans[n][i][1]
	a := func(x, y int) int {
		if x >= n || y >= n {
			return 0
		}
		return min(absolute(b.level[y][x]), 20)
	}
	t := a(x+1, y) + a(x, y+1)
	T := t + a(x+1, y+1) + a(x+2, y) + a(x, y+2)
	S, D := 10, 6
	if T < 17 {
		S = plainSums[T]
	}
	if x+y < 12 {
		D = plainDiagonals[x+y]
	}
	var other, third int
	if b.plane == 0 {
		third = min(t, 2)
		other = 3*(10*min(b.last-1-i, 15)+class) + third
	} else {
		lx, ly, q := x, y, 0
		if luma.n == 8 && n == 8 {
			lx, ly = x/2, y/2
		}
		if lx < luma.n && ly < luma.n {
			q = plainBits(min(absolute(luma.level[ly][lx]), 7))
		}
		if b.plane == 2 {
			q = 4 + 4*q + plainBits(min(absolute(cb.level[y][x]), 7))
		}
		third = min(T, 3)
		other = 5*q + min(T, 4)
	}
	if i < b.last-1 {
		at := [4]int{7*(11*min(t, 6)+S) + D, 4*(n*y+x) + min(T, 3), 16*(4*D+min(t, 3)) + busy, other}
		for j := range at {
			at[j] += 1024 * b.kind
		}
		start := [4]int{plainZeros[S], plainFew[min(T, 3)], plainFew[min(t, 3)], plainFew[third]}
		if d.mix("zero", at, start, "wZero", 11*(7*b.kind+D)+S) == 1 {
			return
		}
	}
	v := 1
	for ; v < 10; v++ {
		at := [4]int{11*min(t, 6) + S, 4*min(x+y, 15) + min(T/2, 3), 4*class + min(t, 3), 4*busy + min(T, 3)}
		start := [4]int{plainAboves[S], few2[at[1]%4], few2[at[2]%4], few2[at[3]%4]}
		for j := range at {
			at[j] += 80 * (10*b.kind + v)
		}
		if d.mix("above", at, start, "wAbove", 10*b.kind+v) == 0 {
			break
		}
	}
	if v == 10 {
		k := 0
		for k < 10 && d.raw(1) == 1 {
			k++
		}
		v = 9 + 1<<k + d.raw(k)
	}
	if d.raw(1) == 1 {
		v = -v
	}
	b.level[y][x] = v
}

var few2 = numbers("50 77 102 154")

// plainPlane holds samples by place; those around the tile too.
type plainPlane map[[2]int]int

func sampleOf(v uint32, plane int) int {
	r, g, b := int(v>>16), int(v>>8&255), int(v&255)
	switch plane {
	case 0:
		return (77*r + 150*g + 29*b + 8) >> 4
	case 1:
		return (128*b - 43*r - 85*g + 8) >> 4
	}
	return (128*r - 107*g - 21*b + 8) >> 4
}

// taken gives a plane before its blocks.
func (d *plain) taken(tx, ty, plane, full, view int) plainPlane {
	pixel := func(x, y int) uint32 { // of the tile and around it
		switch {
		case tx == 0 && ty == 0 && (x < 0 || y < 0):
			return 0x808080
		case ty == 0 && y < 0:
			x, y = -1, 0
		case tx == 0 && x < 0:
			x, y = 0, -1
		}
		return d.pix[[2]int{min(16*tx+x, d.w-1), min(16*ty+y, d.h-1)}]
	}
	p := plainPlane{}
	of := func(x, y int) int { return sampleOf(pixel(x, y), plane) }
	if plane == 0 || full == 1 {
		for k := -1; k < 32; k++ {
			p[[2]int{k, -1}] = of(k, -1)
		}
		for y := range 16 {
			p[[2]int{-1, y}] = of(-1, y)
			for x := range 16 {
				if view == 1 {
					p[[2]int{x, y}] = of(x, y)
				}
			}
		}
		return p
	}
	p[[2]int{-1, -1}] = of(-1, -1)
	for k := range 16 {
		p[[2]int{k, -1}] = (of(2*k, -1) + of(2*k+1, -1) + 1) >> 1
	}
	for y := range 8 {
		p[[2]int{-1, y}] = (of(-1, 2*y) + of(-1, 2*y+1) + 1) >> 1
		for x := range 8 {
			if view == 1 {
				p[[2]int{x, y}] = (of(2*x, 2*y) + of(2*x+1, 2*y) + of(2*x, 2*y+1) + of(2*x+1, 2*y+1) + 2) >> 2
			}
		}
	}
	return p
}

func (p plainPlane) predicted(b *plainBlock, side int) (out [16][16]int) {
	n := b.n
	e := func(k int) int {
		switch {
		case k < 0:
			return p[[2]int{b.x - 1, b.y - k - 1}]
		case k > 2*n:
			k = 2 * n
		}
		if k > n && b.y > 0 && b.x+n >= side {
			k = n
		}
		return p[[2]int{b.x + k - 1, b.y - 1}]
	}
	s := plainBits(n)
	for y := range n {
		for x := range n {
			v := 0
			switch b.dir {
			case 0:
				for k := 1; k <= n; k++ {
					v += e(k) + e(-k)
				}
				v = (v + n) >> s
			case 1:
				v = ((n-1-x)*e(-1-y) + (x+1)*e(n+1) + (n-1-y)*e(x+1) + (y+1)*e(-n) + n) >> s
			case 2:
				v = e(x + 1)
			case 3:
				v = e(-1 - y)
			case 4:
				v = (e(x+y+1) + 2*e(x+y+2) + e(x+y+3) + 2) >> 2
			case 5:
				v = (e(x-y-1) + 2*e(x-y) + e(x-y+1) + 2) >> 2
			case 6, 7:
				k, sign := 2*x-y+1, 1
				if b.dir == 7 {
					k, sign = 2*y-x+1, -1
				}
				switch {
				case k < 0:
					v = e(sign * k)
				case k%2 == 0:
					v = (e(sign*k/2) + e(sign*(k/2+1)) + 1) >> 1
				default:
					v = e(sign * ((k-1)/2 + 1))
				}
			}
			out[y][x] = v
		}
	}
	return out
}

func (b *plainBlock) differences(q int) (out [16][16]int) {
	if b.last == 0 {
		return out
	}
	n, h := b.n, 8
	if n == 16 {
		h = 9
	}
	coefficient := func(k, x int) int {
		v := b.level[k][x]
		c := absolute(v)*q - q>>4
		switch {
		case v == 0:
			return 0
		case v < 0:
			return -c
		}
		return c
	}
	var t [16][16]int
	for y := range n {
		for x := range n {
			s := int32(64)
			for k := range n {
				s += int32(plainM(n, k, y) * coefficient(k, x))
			}
			t[y][x] = int(s >> 7)
		}
	}
	for y := range n {
		for x := range n {
			s := int32(1) << (h - 1)
			for k := range n {
				s += int32(plainM(n, k, x) * t[y][k])
			}
			out[y][x] = int(s >> h)
		}
	}
	return out
}

// smoothed filters an edge at x, y; dx, dy lead across.
func (p plainPlane) smoothed(x, y, dx, dy, m int, both bool) {
	at := func(k int) [2]int { return [2]int{x + k*dx, y + k*dy} }
	p0, p1, p2, q0, q1, q2 := p[at(-1)], p[at(-2)], p[at(-3)], p[at(0)], p[at(1)], p[at(2)]
	if absolute(p0-q0) >= m || absolute(q1-q0) > m>>2 || both && absolute(p1-p0) > m>>2 {
		return
	}
	p[at(1)] = (q2 + q1 + q0 + p0 + 2) >> 2
	if !both {
		p[at(0)] = (q2 + 2*q1 + 2*q0 + 3*p0 + 4) >> 3
		return
	}
	p[at(0)] = (q2 + 2*q1 + 2*q0 + 2*p0 + p1 + 4) >> 3
	p[at(-1)] = (p2 + 2*p1 + 2*p0 + 2*q0 + q1 + 4) >> 3
	p[at(-2)] = (p2 + p1 + p0 + q0 + 2) >> 2
}

func (d *plain) show(tx, ty int, s plainShape, blocks []*plainBlock) {
	var planes [3]plainPlane
	for k := range planes {
		planes[k] = d.taken(tx, ty, k, s.full, s.view)
	}
	for _, b := range blocks {
		p, q, side := planes[b.plane], plainSteps[s.step], 16
		if b.plane > 0 {
			q = q * (21 - clamp(s.step-8, 0, 12)/2) >> 4
			side = 8 + 8*s.full
		}
		pred, diff := p.predicted(b, side), b.differences(q)
		for y := range b.n {
			for x := range b.n {
				at := [2]int{b.x + x, b.y + y}
				if s.view == 1 {
					pred[y][x] = p[at]
				}
				p[at] = clamp(pred[y][x]+diff[y][x], -2048, 4080)
			}
		}
	}
	if s.view == 0 {
		m := plainSteps[s.step] >> 1
		for k := range 16 {
			planes[0].smoothed(0, k, 1, 0, m, false)
		}
		for k := range 16 {
			planes[0].smoothed(k, 0, 0, 1, m, false)
		}
		for k := 0; k < 16 && s.split == 1; k++ {
			planes[0].smoothed(8, k, 1, 0, m, true)
		}
		for k := 0; k < 16 && s.split == 1; k++ {
			planes[0].smoothed(k, 8, 0, 1, m, true)
		}
	}
	for y := range min(16, d.h-16*ty) {
		for x := range min(16, d.w-16*tx) {
			Y, cb, cr := planes[0][[2]int{x, y}], planes[1].between(x, y, s.full), planes[2].between(x, y, s.full)
			c := func(v int) uint32 { return uint32(clamp((v+2048)>>12, 0, 255)) }
			at := [2]int{16*tx + x, 16*ty + y}
			d.pix[at] = c(256*Y+359*cr)<<16 | c(256*Y-88*cb-183*cr)<<8 | c(256*Y+454*cb)
			d.fresh[at] = 1
		}
	}
}

func (p plainPlane) between(x, y, full int) int {
	if full == 1 {
		return p[[2]int{x, y}]
	}
	far := func(x int) int {
		if x%2 == 0 {
			return x/2 - 1
		}
		return min(x/2+1, 7)
	}
	c := func(x, y int) int { return p[[2]int{x, y}] }
	return (9*c(x/2, y/2) + 3*c(far(x), y/2) + 3*c(x/2, far(y)) + c(far(x), far(y)) + 8) >> 4
}
