package codec

// planes are a tile's luma, Cb and Cr, 16 times those of pixels: what is rounded only once comes out nearer.
type planes [3]plane

// full says that chroma has luma's resolution.
func (s *planes) full() bool { return s[1].n == 16 }

func (s *planes) setFull(full bool) {
	s[0].n, s[1].n, s[2].n = 16, 8, 8
	if full {
		s[1].n, s[2].n = 16, 16
	}
}

// border takes what is around the tile at tx, ty of f.
func (s *planes) border(f *frame, tx, ty int) {
	luma := &s[0]
	i, _, h := f.tile(tx, ty)
	var above, side [planeStride]uint32 // above[k+1] over column k, side[k] beside row k
	switch {
	case tx == 0 && ty == 0:
		for k := range above {
			above[k], side[k] = 0x808080, 0x808080
		}
	case ty == 0:
		for k := range 16 {
			side[k] = f.pix[i-1+min(k, h-1)*f.stride]
		}
		for k := range above {
			above[k] = side[0]
		}
	default:
		most := f.size.X - 1 - 16*tx
		for k := range 32 {
			above[k+1] = f.pix[i-f.stride+min(k, most)]
		}
		above[0] = above[1]
		for k := range 16 {
			side[k] = above[1]
		}
		if tx > 0 {
			above[0] = f.pix[i-f.stride-1]
			for k := range 16 {
				side[k] = f.pix[i-1+min(k, h-1)*f.stride]
			}
		}
	}
	for k, v := range above {
		luma.v[k] = lumaOf(v)
	}
	for k, v := range side[:16] {
		luma.v[planeStride*(k+1)] = lumaOf(v)
	}
	s.borderChroma(&above, &side)
}

func (s *planes) borderChroma(above, side *[planeStride]uint32) {
	cb, cr := &s[1], &s[2]
	cb.v[0], cr.v[0] = chromaOf(above[0], 0), chromaOf(above[0], 1)
	if s.full() {
		for k := 1; k < planeStride; k++ {
			cb.v[k], cr.v[k] = chromaOf(above[k], 0), chromaOf(above[k], 1)
		}
		for k := range 16 {
			cb.v[planeStride*(k+1)], cr.v[planeStride*(k+1)] = chromaOf(side[k], 0), chromaOf(side[k], 1)
		}
		return
	}
	for k := range 16 {
		a, b := above[2*k+1], above[2*k+2]
		cb.v[k+1], cr.v[k+1] = (chromaOf(a, 0)+chromaOf(b, 0)+1)>>1, (chromaOf(a, 1)+chromaOf(b, 1)+1)>>1
	}
	for k := range 8 {
		a, b := side[2*k], side[2*k+1]
		cb.v[planeStride*(k+1)], cr.v[planeStride*(k+1)] = (chromaOf(a, 0)+chromaOf(b, 0)+1)>>1, (chromaOf(a, 1)+chromaOf(b, 1)+1)>>1
	}
}

// take fills the planes with w x h pixels of a tile, those beyond its edges repeated.
func (s *planes) take(pix []uint32, stride, w, h int) {
	luma, cb, cr, full := &s[0], &s[1], &s[2], s.full()
	var sums [2][8]int32
	for y := range 16 {
		row := pix[min(y, h-1)*stride:][:w]
		to := luma.v[luma.at(0, y):][:16]
		for x := range 16 {
			v := row[min(x, w-1)]
			to[x] = lumaOf(v)
			b, r := chromaOf(v, 0), chromaOf(v, 1)
			if full {
				cb.v[cb.at(x, y)], cr.v[cr.at(x, y)] = b, r
			} else {
				sums[0][x>>1] += b
				sums[1][x>>1] += r
			}
		}
		if y&1 == 1 && !full {
			for x := range 8 {
				cb.v[cb.at(x, y>>1)], cr.v[cr.at(x, y>>1)] = (sums[0][x]+2)>>2, (sums[1][x]+2)>>2
			}
			sums = [2][8]int32{}
		}
	}
}

// The colours are those of JFIF (BT.601, full range), Cb and Cr around 0.
func lumaOf(v uint32) int32 {
	return int32(77*(v>>16)+150*(v>>8&255)+29*(v&255)+8) >> 4
}

func chromaOf(v uint32, which int) int32 {
	r, g, b := int32(v>>16), int32(v>>8&255), int32(v&255)
	if which == 0 {
		return (128*b - 43*r - 85*g + 8) >> 4
	}
	return (128*r - 107*g - 21*b + 8) >> 4
}

// copyTo gives a block of the plane.
func (p *plane) copyTo(x, y, n int, out *block) {
	for k := range n {
		copy(out[n*k:][:n], p.v[p.at(x, y+k):])
	}
}

// put makes a block of the plane the sum of two.
func (p *plane) put(x, y, n int, pred, residue *block) {
	for k := range n {
		to, from := p.v[p.at(x, y+k):][:n], pred[n*k:][:n]
		if residue == nil {
			copy(to, from)
			continue
		}
		for i, d := range residue[n*k:][:n] {
			to[i] = min(max(from[i]+d, -128*16), 255*16)
		}
	}
}

// colour makes R, G, B of the planes. Chroma of half the resolution lies in the middle of four pixels and is interpolated
// between them, as far as they are known.
func (s *planes) colour(to *[256]uint32) {
	luma, cb, cr, full := &s[0], &s[1], &s[2], s.full()
	for y := range 16 {
		var b, r [16]int32
		if full {
			copy(b[:], cb.v[cb.at(0, y):])
			copy(r[:], cr.v[cr.at(0, y):])
		} else {
			cb.between(y, &b)
			cr.between(y, &r)
		}
		out := to[16*y:][:16]
		for x, Y := range luma.v[luma.at(0, y):][:16] {
			Y = Y<<8 + 1<<11
			red := clamp8((Y + 359*r[x]) >> 12)
			green := clamp8((Y - 88*b[x] - 183*r[x]) >> 12)
			blue := clamp8((Y + 454*b[x]) >> 12)
			out[x] = uint32(red<<16 | green<<8 | blue)
		}
	}
}

// between interpolates row y of 16 from 8 x 8 samples.
func (p *plane) between(y int, out *[16]int32) {
	near := p.v[p.at(-1, y>>1):][:9]
	far := p.v[p.at(-1, min(y>>1-1+y&1*2, 7)):][:9]
	var c [10]int32 // three quarters of the near row, one of the far one
	for k, v := range near {
		c[k] = 3*v + far[k]
	}
	c[9] = c[8]
	for x := range 8 {
		out[2*x] = (3*c[x+1] + c[x] + 8) >> 4
		out[2*x+1] = (3*c[x+1] + c[x+2] + 8) >> 4
	}
}

func clamp8(v int32) int32 { return min(max(v, 0), 255) }
