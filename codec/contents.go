package codec

// content is a tile's pixels, 0 outside the picture.
type content [tileSide * tileSide]uint32

// contents keeps each content once.
type contents struct {
	used   int
	chunks []*[chunk]content
	nodes  []contentNode
	free   []int32
	heads  [1 << headBits]int32 // by hash: 1 + the first
}

type contentNode struct {
	hash uint32
	uses int32
	next int32 // 1 + the next with the same head
}

const (
	chunk    = 64
	headBits = 13
)

func (s *contents) clear() {
	s.used, s.nodes, s.free = 0, s.nodes[:0], s.free[:0]
	clear(s.heads[:])
}

func (s *contents) at(id int32) *content { return &s.chunks[id/chunk][id%chunk] }

func (s *contents) head(hash uint32) *int32 { return &s.heads[hash>>(32-headBits)] }

// put gives the number of the content of the tile whose pixels begin at index i of f; it has one use more.
func (s *contents) put(f *frame, i int) int32 {
	h := hashTile(f, i)
	for at := *s.head(h); at != 0; at = s.nodes[at-1].next {
		if s.nodes[at-1].hash == h && s.has(at-1, f, i) {
			s.nodes[at-1].uses++
			return at - 1
		}
	}
	id := s.room()
	s.nodes[id] = contentNode{h, 1, *s.head(h)}
	*s.head(h) = id + 1
	to := s.at(id)
	for y := range tileSide {
		copy(to[y*tileSide:][:tileSide], f.pix[i+y*f.stride:])
	}
	s.used++
	return id
}

// room gives a number that is not in use.
func (s *contents) room() int32 {
	if n := len(s.free); n > 0 {
		id := s.free[n-1]
		s.free = s.free[:n-1]
		return id
	}
	id := len(s.nodes)
	s.nodes = append(s.nodes, contentNode{})
	if id == chunk*len(s.chunks) {
		s.chunks = append(s.chunks, new([chunk]content))
	}
	return int32(id)
}

// has tells whether content id is that of the tile whose pixels begin at index i of f.
func (s *contents) has(id int32, f *frame, i int) bool {
	c := s.at(id)
	for y := range tileSide {
		if !sameRow(c[y*tileSide:][:tileSide], f.pix[i+y*f.stride:][:tileSide]) {
			return false
		}
	}
	return true
}

// release takes one use from a content; without any it is forgotten.
func (s *contents) release(id int32) {
	n := &s.nodes[id]
	if n.uses--; n.uses > 0 {
		return
	}
	at := s.head(n.hash)
	for *at != id+1 {
		at = &s.nodes[*at-1].next
	}
	*at = n.next
	s.used--
	s.free = append(s.free, id)
}

// hashTile gives a hash of the tile whose pixels begin at index i of f.
func hashTile(f *frame, i int) uint32 {
	h := uint32(0)
	for y := range tileSide {
		for _, v := range f.pix[i+y*f.stride:][:tileSide] {
			h = h*rollBase + v
		}
	}
	return hash(h)
}
