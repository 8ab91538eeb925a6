package codec

import "image"

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

// codeFormer codes whether a former content of the tile at p is shown again, and which. It tells whether that is all.
func (s *stream) codeFormer(p image.Point, way tileWay) (whole bool) {
	m, c := s.side, &s.rc
	t := p.Y*s.view.tx + p.X
	guess, ctx := s.guessFormer(p)
	s.former.tiles[t].recalled = life{}
	n := s.former.tiles[t].n
	if n == 0 {
		return false
	}
	which := guess
	if c.adapt(&m.unguessed[ctx], b2u(way.former != guess), limitSide) == 1 {
		last := n - 1
		if guess == last {
			last--
		}
		for which = -1; which < last; which++ {
			if which != guess && c.adaptTree(&m.former[4*(which+1)+ctx], b2u(way.former == which), limitSide) == 1 {
				break
			}
		}
	}
	if which < 0 {
		return false
	}
	whole = c.adapt(&m.whole[b2u(ctx == 3)], b2u(way.whole), limitSide) == 1
	s.recall(p.X, p.Y, which, whole)
	return whole
}

// guessFormer tells which former content of the tile at p (-1: none) stood together with the one that was called back in the
// tile to the left, or above, if that was coded lately; and in which context that is said.
func (s *stream) guessFormer(p image.Point) (guess, ctx int) {
	t, beside := p.Y*s.view.tx+p.X, -1
	switch {
	case p.X > 0 && s.lately(t-1):
		beside = t - 1
	case p.Y > 0 && s.lately(t-s.view.tx):
		beside = t - s.view.tx
	default:
		return -1, 0
	}
	l := s.former.tiles[beside].recalled
	if l == (life{}) {
		return -1, 1
	}
	if guess = s.former.guess(t, l, uint32(s.number)); guess < 0 {
		return -1, 2
	}
	return guess, 3
}
