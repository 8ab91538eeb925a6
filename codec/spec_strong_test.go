package codec

// plainStrong is the state of strong rows.
type plainStrong struct {
	tables  [12]map[uint32]*strongPlainSlot
	cells   map[[4]int]*int
	curves  map[plainCurve]*[33]int
	weights map[plainProb]*[12]int
	ground  uint32
	pairs   map[uint32]*[2]uint32
}

type strongPlainSlot struct {
	check, first, count, second uint32
	p, q                        int
}

type plainCurve struct {
	name string
	i    int
}

const p9, p10, p11, p12 = 0x8F14A2BB, 0x6C8E9CF5, 0xE7037ED1, 0x8EBC6AF1

func newPlainStrong() *plainStrong {
	s := &plainStrong{cells: map[[4]int]*int{}, curves: map[plainCurve]*[33]int{}, weights: map[plainProb]*[12]int{}, pairs: map[uint32]*[2]uint32{}}
	for k := range s.tables {
		s.tables[k] = map[uint32]*strongPlainSlot{}
	}
	return s
}

func strongClass(n uint32) int {
	switch {
	case n <= 3:
		return int(n)
	case n <= 6:
		return 4
	case n <= 14:
		return 5
	case n <= 40:
		return 6
	}
	return 7
}

func (s *plainStrong) cell(context, kind, class, odds int) *int {
	k := [4]int{context, kind, class, odds}
	if s.cells[k] == nil {
		v := 16*int(plainSquash(128*odds-1984)) + 8
		switch kind {
		case 1:
			v = 8192
		case 2, 4:
			v = 2048
		}
		s.cells[k] = &v
	}
	return s.cells[k]
}

func (s *plainStrong) weightsOf(name string, i, start int) *[12]int {
	k := plainProb{name, 0, i}
	if s.weights[k] == nil {
		s.weights[k] = new([12]int)
		for j := range 12 {
			s.weights[k][j] = start
		}
	}
	return s.weights[k]
}

// curved codes a bit by a curve at x.
func (d *plain) curved(name string, i, x int, least uint32) int {
	k := plainCurve{name, i}
	c := d.strong.curves[k]
	if c == nil {
		c = new([33]int)
		for j := range c {
			c[j] = 16*int(plainSquash(128*(j-16))) + 8
		}
		d.strong.curves[k] = c
	}
	u := x + 2048
	at, f := u>>7, u&127
	b := d.bit(min(max(uint32((c[at]*(128-f)+c[at+1]*f)>>7), least), 65536-least))
	plainNudge(&c[at+f>>6], b)
	return b
}

func plainNudge(p *int, b int) {
	if b == 1 {
		*p += (65535 - *p) >> 6
	} else {
		*p -= *p >> 6
	}
}

// strong codes the pixel at x, y of a strong row, or more, of which n are left.
func (d *plain) strongPixel(t *plainTile, x, y, n int) int {
	s := d.strong
	at := func(dx, dy int) uint32 { return d.pix[[2]int{x + dx, y + dy}] }
	was := func(dx, dy int) uint32 {
		p := [2]int{x + dx, y + dy}
		if v, ok := t.was[p]; ok {
			return v
		}
		return d.pix[p]
	}
	if W := at(-1, 0); W == at(0, -1) && W == at(-1, -1) && W == at(1, -1) && W == at(-2, 0) && n >= 8 {
		k := 0
		for k < n && at(k, -1) == W {
			k++
		}
		flat := k >= 8
		for _, rows := range []int{2, 4, 8, 16, 24} {
			flat = flat && at(0, -rows) == W && at(k/2, -rows) == W && at(k-1, -rows) == W
		}
		if flat && d.adapt("flatS", one(k == 16)+2*one(was(0, 0) == W && was(k/2, 0) == W && was(k-1, 0) == W)+4*int(W*p1>>30), pixel) == 1 {
			for i := range k {
				d.pix[[2]int{x + i, y}], d.fresh[[2]int{x + i, y}] = W, 0
			}
			return k
		}
	}
	v, fresh := d.strongColour(at, was)
	d.pix[[2]int{x, y}], d.fresh[[2]int{x, y}] = v, fresh
	if v == at(-1, 0) && v == at(0, -1) && v == at(-1, -1) {
		s.ground = v
	}
	return 1
}

func (d *plain) strongColour(at, was func(dx, dy int) uint32) (v uint32, fresh int) {
	s := d.strong
	W, N, NW, NE, WW, NN, R := at(-1, 0), at(0, -1), at(-1, -1), at(1, -1), at(-2, 0), at(0, -2), was(0, 0)
	RE, RW, RN := was(1, 0), was(-1, 0), was(0, -1)
	two := W*p1 + N*p2
	six := two + NW*p3 + NE*p4 + WW*p5 + NN*p6
	twenty := six + at(-2, -1)*p7 + at(2, -1)*p8 + at(-1, -2)*p9 + at(1, -2)*p10 + at(-3, 0)*p11 + at(0, -3)*p12 + at(3, -1)*(p1+2) + at(-3, -1)*(p2+2) +
		at(2, -2)*(p3+2) + at(-2, -2)*(p4+2) + at(-1, -3)*(p5+2) + at(1, -3)*(p6+2) + at(4, -1)*(p7+2) + at(-4, 0)*(p8+2)
	old := R*p11 + RE*p12 + was(0, 1)*(p1+6) + RW*(p2+6) + RN*(p3+6) + was(1, 1)*(p4+6) + was(-1, 1)*(p5+6) + was(1, -1)*(p6+6) + was(-1, -1)*(p7+6) + was(2, 0)*(p8+6)
	same := uint32(one(W == RW) + 2*one(N == RN) + 4*one(NE == was(1, -1)) + 8*one(NW == was(-1, -1)))
	hashes := [12]uint32{
		N*p2 + NN*p6 + 1, two + NW*p3 + NE*p4, W*p1 + R*p3 + 3, W*p1 + 78, twenty, R*p1 + 77, W*p1 + WW*p2 + N*p3 + 81, six + old,
		W*p1 + WW*p5 + at(-3, 0)*p11 + at(-4, 0)*(p8+2) + at(-5, 0)*p9 + at(-6, 0)*p10, two + NN*p6 + at(0, -3)*p12, N*p2 + R*p1 + 9, old + same*p2,
	}
	var slots [12]*strongPlainSlot
	var hits []int
	var met [12]bool
	for k, h := range hashes {
		h = plainHash(h)
		hashes[k] = h
		if s.tables[k][h>>16] == nil {
			s.tables[k][h>>16] = &strongPlainSlot{}
		}
		slots[k] = s.tables[k][h>>16]
		if slots[k].check == h&255 && slots[k].count != 0 {
			met[k] = true
			hits = append(hits, k)
		}
	}
	var tried []uint32
	a, b := slots[4], slots[7]
	if met[4] && met[7] && a.first == b.first && min(a.p, b.p) >= 62000 && min(a.count, b.count) >= 3 {
		if d.adapt("sure", 8*strongClass(a.count)+strongClass(b.count)+64*one(a.first == W)+128*one(a.first == R), noise) == 1 {
			v = a.first
			a.learn(v)
			b.learn(v)
			return v, 0
		}
		tried = append(tried, a.first)
	}
	agree := true
	for _, k := range hits {
		agree = agree && slots[k].first == slots[hits[0]].first
	}
	like := one(W == N) + 2*one(N == NE) + 4*one(W == NW) + 8*one(N == R) + 16*one(W == RW) + 32*one(N == RN)
	found := false
	for !found && len(tried) < 6 {
		colour, ok := W, true
		switch {
		case len(tried) == 0 && len(hits) == 0:
			if W == RW {
				colour = R
			}
		case len(tried) == 0 && agree:
			colour = slots[hits[0]].first
		default:
			colour, ok = likeliestPlain(slots, hits, tried, [8]uint32{R, W, N, NE, NW, RE, WW, NN})
		}
		if !ok {
			break
		}
		if d.strongTry(slots, hits, tried, colour, agree, like) == 1 {
			v, found = colour, true
		}
		tried = append(tried, colour)
	}
	if !found {
		v, fresh = d.strongLiteral(W, N, R), 1
	}
	for k, p := range slots {
		if met[k] {
			p.learn(v)
		} else {
			*p = strongPlainSlot{hashes[k] & 255, v, 1, v, 49152, 32768}
		}
	}
	return v, fresh
}

func likeliestPlain(slots [12]*strongPlainSlot, hits []int, tried []uint32, around [8]uint32) (colour uint32, ok bool) {
	sums := map[uint32]int{}
	var order []uint32
	vote := func(c uint32, n int) {
		if _, known := sums[c]; !known {
			order = append(order, c)
		}
		sums[c] += n
	}
	for _, k := range hits {
		p := slots[k]
		vote(p.first, p.p)
		if p.second != p.first {
			vote(p.second, (65536-p.p)*(p.q>>2)>>14+300)
		}
	}
	for k, n := range [8]int{6000, 4000, 4000, 2000, 1500, 1000, 500, 500} {
		vote(around[k], n)
	}
	most := -1
	for _, c := range order {
		if !contains(tried, c) && sums[c] > most {
			most, colour, ok = sums[c], c, true
		}
	}
	return colour, ok
}

func (d *plain) strongTry(slots [12]*strongPlainSlot, hits []int, tried []uint32, colour uint32, agree bool, like int) int {
	s := d.strong
	t := min(len(tried), 2)
	cells, st := map[int]*int{}, map[int]int{}
	named := 0
	for _, k := range hits {
		p := slots[k]
		kind, o := 2, p.p
		if contains(tried, p.first) {
			kind, o = 4, p.q
		}
		if p.first == colour {
			kind, o = 0, p.p
		} else if p.second == colour {
			kind--
		}
		if kind == 0 || kind == 3 {
			named++
		}
		cells[k] = s.cell(k, kind, strongClass(p.count), (plainStretch[o>>4]+2048)>>7)
		st[k] = plainStretch[*cells[k]>>4]
	}
	a := s.weightsOf("sets", (t*13+named)*2+one(agree), 16384)
	b := s.weightsOf("likes", t*64+like, 16384)
	sum := 0
	for _, k := range hits {
		sum += (a[k] + b[k]) >> 2 * st[k] >> 6
	}
	x := min(max(sum>>8, -2047), 2047)
	bit := d.curved("final", (t*13+named)*16+like&15, x, 16)
	e := 65536*bit - 16*int(plainSquash(x))
	for _, k := range hits {
		g := (st[k]*e + 1<<14) >> 15
		a[k] += g
		b[k] += g
		plainNudge(cells[k], bit)
	}
	return bit
}

func (p *strongPlainSlot) learn(v uint32) {
	r := 131072 / (2*min(int(p.count), 30) + 3)
	switch v {
	case p.first:
		p.p += (65535 - p.p) * r >> 16
	case p.second:
		p.p -= p.p * r >> 16
		p.q += (65535 - p.q) * r >> 16
		if p.p < 30000 {
			p.first, p.second, p.p = p.second, p.first, 32768
		}
	default:
		p.p -= p.p * r >> 16
		p.q -= p.q * r >> 16
		if p.q < 36000 || p.count <= 2 {
			p.second, p.q = v, 32768
		}
	}
	p.count = min(p.count+1, 255)
}

func (d *plain) strongLiteral(W, N, R uint32) uint32 {
	s := d.strong
	ground := s.ground
	wr, wg, wb, nr, ng, nb := W>>16, W>>8&255, W&255, N>>16, N>>8&255, N&255
	channel := func(c int, contexts [5]uint32) uint32 {
		node, part := uint32(1), 1
		var base [5]int
		for k := range 8 {
			if k == 0 || k == 4 {
				part = 1
				for i, x := range contexts {
					base[i] = int(plainHash(x+node*p1)>>16) & 65520
				}
			}
			w := s.weightsOf("literals", 8*c+k, 26214)
			var p [5]*[2]uint32
			var st [5]int
			sum := 0
			for i := range contexts {
				name := plainProb{"literal", i, base[i] + part}
				if d.probs[name] == nil {
					d.probs[name] = &[2]uint32{1 << 21, 0}
				}
				p[i] = d.probs[name]
				st[i] = plainStretch[p[i][0]>>10]
				sum += w[i] >> 2 * st[i] >> 6
			}
			x := min(max(sum>>8, -2047), 2047)
			b := d.curved("literal", c*256+int(node), x, 32)
			e := 65536*b - 16*int(plainSquash(x))
			for i := range contexts {
				w[i] += (st[i]*e + 1<<13) >> 14
				d.teach(p[i], b, pixel)
			}
			node, part = 2*node+uint32(b), 2*part+b
		}
		return node - 256
	}
	g := channel(0, [5]uint32{1 + ground*p3, 2 + wg*p3, 3 + W*p1 + N*p2, 4 + ng*p3 + wg*p5, 5 + R*p2})
	grey := uint32(one(wr == wg) + 2*one(nr == ng))
	at := plainHash(g*p1+ground*p2+9) >> 18
	if s.pairs[at] == nil {
		s.pairs[at] = new([2]uint32)
	}
	pair := s.pairs[at]
	if *pair != [2]uint32{} {
		if d.adapt("paired", int(8*pair[1]+grey)+4*one(pair[0] == g<<16|g<<8|g), pixel) == 1 {
			pair[1] = min(pair[1]+1, 7)
			return pair[0]
		}
		pair[1] /= 2
	}
	r := channel(1, [5]uint32{11 + g*p1, 12 + g*p1 + W*p2, 13 + g*p1 + N*p3, 14 + (wr-wg+g)*p2 + grey, 15 + (nr-ng+g)*p2})
	b := channel(2, [5]uint32{21 + g*p1 + r*p2, 22 + (r-g+512)*p1 + W>>4*p3, 23 + (wb-wg+g)*p2, 24 + (nb-ng+g)*p2 + (r-g+512)*p1, 25 + g*p1 + r*p2 + W*p3})
	pair[0] = r<<16 | g<<8 | b
	return pair[0]
}
