package codec

// refineModel codes a tile that is near already: each pixel as the difference from what stands there, corrected by how
// far that was off at the neighbours.
type refineModel struct {
	residual
	above [tileSide + 1]uint32 // what stood in the row above; column x is at x+1
}

func newRefineModel() *refineModel {
	m := new(refineModel)
	m.reset()
	return m
}

// refineRow codes n pixels from index i, row y of their tile.
func (s *stream) refineRow(i, n, y int, src []uint32) {
	m, c := s.refine, &s.rc
	cur, stride, begin := s.view.pix, s.view.stride, c.shifts
	if y == 0 {
		copy(m.above[1:n+1], cur[i-stride:])
	}
	wasW, wasNW := cur[i-1], cur[i-stride-1]
	for j := range n {
		p := i + j
		was, wasN := cur[p], m.above[j+1]
		m.above[j+1] = was
		if c.shifts-begin > rowBudget {
			s.rawPixels(p, 1, src, j)
		} else {
			var v uint32
			if src != nil {
				v = src[j]
			}
			cur[p] = m.near(c, cur[p-1], cur[p-stride], cur[p-stride-1], cur[p-stride+1], was, wasW, wasN, wasNW, v)
			s.fresh[p] = 1
		}
		wasW, wasNW = was, wasN
	}
}

// near predicts the mean of the median edge detector's value and of what stood there, moved by the neighbours' errors.
func (m *refineModel) near(c *rangeCoder, W, N, NW, NE, was, wasW, wasN, wasNW, v uint32) uint32 {
	var out uint32
	var off int32
	for ch, sh := range channels {
		at := func(v uint32) int32 { return int32(v >> sh & 255) }
		w, n, nw, ne, r := at(W), at(N), at(NW), at(NE), at(was)
		ew, en, enw := w-at(wasW), n-at(wasN), nw-at(wasNW)
		p := (med(w, n, nw) + r + med(ew, en, enw)) >> 1
		p = min(max(p+off, 0), 255)
		x := m.channel(c, ch, abs(w-nw)+abs(n-nw)+abs(ne-n)+abs(ew)+abs(en), p, off, at(v))
		off = x - p
		out |= uint32(x) << sh
	}
	return out
}
