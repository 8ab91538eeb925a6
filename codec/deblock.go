package codec

// smooth takes the steps off the edges of luma's blocks where they are smaller than the quantiser makes: those between
// the four blocks of the tile at both sides, those to other tiles inside this one only, whatever the others are.
func (p *plane) smooth(split bool, most int32) {
	for k := range 16 {
		p.smoothBorder(p.at(0, k), 1, most)
	}
	for k := range 16 {
		p.smoothBorder(p.at(k, 0), planeStride, most)
	}
	if !split {
		return
	}
	for k := range 16 {
		p.smoothEdge(p.at(8, k), 1, most)
	}
	for k := range 16 {
		p.smoothEdge(p.at(k, 8), planeStride, most)
	}
}

// smoothEdge filters across an edge before index i; d leads to the next pixel across.
func (p *plane) smoothEdge(i, d int, most int32) {
	v := &p.v
	p2, p1, p0, q0, q1, q2 := v[i-3*d], v[i-2*d], v[i-d], v[i], v[i+d], v[i+2*d]
	if abs(p0-q0) >= most || abs(p1-p0) > most>>2 || abs(q1-q0) > most>>2 {
		return
	}
	v[i-d] = (p2 + 2*p1 + 2*p0 + 2*q0 + q1 + 4) >> 3
	v[i-2*d] = (p2 + p1 + p0 + q0 + 2) >> 2
	v[i] = (q2 + 2*q1 + 2*q0 + 2*p0 + p1 + 4) >> 3
	v[i+d] = (q2 + q1 + q0 + p0 + 2) >> 2
}

// smoothBorder is smoothEdge for the inner side alone.
func (p *plane) smoothBorder(i, d int, most int32) {
	v := &p.v
	p0, q0, q1, q2 := v[i-d], v[i], v[i+d], v[i+2*d]
	if abs(p0-q0) >= most || abs(q1-q0) > most>>2 {
		return
	}
	v[i] = (q2 + 2*q1 + 2*q0 + 3*p0 + 4) >> 3
	v[i+d] = (q2 + q1 + q0 + p0 + 2) >> 2
}
