package codec

// formers are what tiles showed before: what was covered, scrolled away or minimised comes back by its number. Both ends
// keep and forget the same. Times are numbers of objects, modulo 2^32.
type formers struct {
	tiles    []formerTile
	contents contents
	hand     int // the tile at which forgetting goes on
}

const (
	mostFormer   = 6    // contents of one tile
	mostContents = 8192 // different ones, of all tiles: 8 MB; of a small picture two for each tile
	forgetAmong  = 64   // tiles
)

// life is when something stood: from birth on, until death.
type life struct{ birth, death uint32 }

// overlap is for how long both stood; negative: there is a gap between them.
func (a life) overlap(b life) int32 { return int32(min(a.death, b.death) - max(a.birth, b.birth)) }

type former struct {
	life
	content int32
}

func (f former) length() uint32 { return f.death - f.birth }

type formerTile struct {
	birth    uint32 // of what stands there
	recalled life   // of what was called back when the tile was coded last; zero: nothing was
	n        int
	list     [mostFormer]former // the newest first
}

func (m *formers) resize(tiles int) {
	m.tiles = emptied(m.tiles, tiles)
	m.contents.clear()
	m.hand = 0
}

// of gives the former contents of tile t.
func (m *formers) of(t int) []former { return m.tiles[t].list[:m.tiles[t].n] }

// pixels gives those of tile t's k-th former content, valid until something is kept.
func (m *formers) pixels(t, k int) []uint32 { return m.contents.at(m.tiles[t].list[k].content)[:] }

// changes notes that what a tile shows is about to change: that is kept, unless the tile was never coded, or came to it in
// this object.
func (s *stream) changes(tx, ty int) {
	t, now := ty*s.view.tx+tx, uint32(s.number)
	p := &s.former.tiles[t]
	if p.birth == now {
		return
	}
	if s.stamp[t] != 0 {
		i, _, _ := s.view.tile(tx, ty)
		s.work.Copied += tileSide * tileSide
		s.former.keep(p, former{life{p.birth, now}, s.former.contents.put(s.view, i)})
	}
	p.birth = now
}

// recall shows the k-th former content of a tile again; if that is all, it is no former one any more.
func (s *stream) recall(tx, ty, k int, whole bool) {
	p := &s.former.tiles[ty*s.view.tx+tx]
	back := p.list[k]
	pixels := *s.former.contents.at(back.content)
	if whole {
		s.former.contents.release(p.drop(k).content)
	}
	s.changes(tx, ty)
	p.recalled = back.life
	i, w, h := s.view.tile(tx, ty)
	for y := range h {
		copy(s.view.pix[i+y*s.view.stride:][:w], pixels[y*tileSide:])
	}
	s.work.Copied += tileSide * tileSide
	s.old.set(tx, ty, true)
}

// keep puts f in front of a tile's list. The same content before, or else the shortest-lived but for the newest, goes.
func (m *formers) keep(p *formerTile, f former) {
	for k := range p.list[:p.n] {
		if p.list[k].content == f.content {
			m.contents.release(p.drop(k).content)
			break
		}
	}
	if p.n == mostFormer {
		m.contents.release(p.drop(p.shortest(1)).content)
	}
	copy(p.list[1:], p.list[:p.n])
	p.list[0] = f
	p.n++
	for m.contents.used > min(mostContents, 2*len(m.tiles)) {
		m.forget()
	}
}

// shortest gives the entry from k on that stood for the shortest time, the newest of several.
func (p *formerTile) shortest(k int) int {
	best := k
	for j := k + 1; j < p.n; j++ {
		if p.list[j].length() < p.list[best].length() {
			best = j
		}
	}
	return best
}

func (p *formerTile) drop(k int) former {
	f := p.list[k]
	copy(p.list[k:], p.list[k+1:p.n])
	p.n--
	return f
}

// forget drops the entry that stood for the shortest time among those of the next tiles that have any.
func (m *formers) forget() {
	var victim *formerTile
	entry := 0
	for seen := 0; seen < forgetAmong; {
		if m.hand++; m.hand >= len(m.tiles) {
			m.hand = 0
		}
		p := &m.tiles[m.hand]
		if p.n == 0 {
			continue
		}
		seen++
		if k := p.shortest(0); victim == nil || p.list[k].length() < victim.list[entry].length() {
			victim, entry = p, k
		}
	}
	m.contents.release(victim.drop(entry).content)
}

// guess gives the former content of tile t whose life overlaps most with l; -1: what stands there does.
func (m *formers) guess(t int, l life, now uint32) int {
	best, guess := l.overlap(life{m.tiles[t].birth, now}), -1
	for k, f := range m.of(t) {
		if o := l.overlap(f.life); o > best {
			best, guess = o, k
		}
	}
	return guess
}

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
