package codec

import (
	"image"
	"slices"
)

// planner chooses the copies that bring this viewer's picture nearer to the screen's. Offsets found between two screens
// count from the picture that this viewer has: as long as it is behind, they add up.
type planner struct {
	pending []offset // between the viewer's picture and the screen's
	behind  int      // the first so many of them led to the screen's picture before the last look
	untried bool
	ranked  []offset
	best    []int32 // by tile: how wrong it is now, or after the copies chosen so far
	gain    []int32 // by tile: with the offset that is tried
	left    int     // pixels that may still be copied
	parts   []part  // of the picture that the offset that is tried serves
}

// part is a rectangle of tiles, with what a copy gains there.
type part struct {
	tiles image.Rectangle
	gain  int32
}

// offset is how far something seems to have moved, with what speaks for it: votes, or what it gains.
type offset struct {
	by     image.Point
	weight int
}

const mostPending = 32

func (p *planner) reset() { p.pending, p.behind, p.untried = p.pending[:0], 0, false }

// add takes an offset found since the last look.
func (p *planner) add(o offset) {
	p.put(o)
	for _, q := range p.pending[:p.behind] {
		p.put(offset{q.by.Add(o.by), min(q.weight, o.weight)})
	}
	p.untried = true
}

// settle ends a look: the offsets for which most speaks stay.
func (p *planner) settle() {
	slices.SortStableFunc(p.pending, func(a, b offset) int { return b.weight - a.weight })
	p.pending = p.pending[:min(len(p.pending), mostPending)]
	p.behind = len(p.pending)
}

func (p *planner) put(o offset) {
	if !movable(o.by) || len(p.pending) == 16*mostPending {
		return
	}
	for k := range p.pending {
		if q := &p.pending[k]; q.by == o.by {
			q.weight = max(q.weight, o.weight)
			return
		}
	}
	p.pending = append(p.pending, o)
}

// movable tells whether an offset can be coded and moves anything.
func movable(by image.Point) bool {
	return by != (image.Point{}) && max(by.X, -by.X, by.Y, -by.Y) < MaxSide
}

// leastGain is how much less wrong a copy must make the picture.
const leastGain = 96

// plan fills e.copies with as many as fit.
func (p *planner) plan(e *Encoder, l Limits) {
	if e.texts.n+e.photos.n == 0 {
		p.reset()
		return
	}
	if !p.untried || e.spent(l) {
		return
	}
	p.untried = false
	n := e.view.tx * e.view.ty
	if len(p.best) != n {
		p.best, p.gain = make([]int32, n), make([]int32, n)
	}
	box := image.Rectangle{}
	for _, set := range []*tileSet{e.texts, e.photos} {
		for at, ok := set.next(image.Point{}, e.view.tiles()); ok; at, ok = set.next(at, e.view.tiles()) {
			if !e.known.has(at.X, at.Y) {
				p.best[at.Y*e.view.tx+at.X] = e.distance(at, image.Point{}, 1<<30, 1)
			}
			box = box.Union(image.Rectangle{Min: at, Max: at.Add(image.Pt(1, 1))})
			at.X++
		}
	}
	p.rank(e, box)
	p.left = e.view.size.X * e.view.size.Y
	most := min((l.Bytes-headBytes-endBytes)/copyBytes, maxCopies)
	for _, o := range p.ranked {
		if len(e.copies) == most || e.spent(l) {
			break
		}
		p.try(e, o.by, box, most)
	}
	for _, set := range []*tileSet{e.texts, e.photos} {
		for at, ok := set.next(image.Point{}, e.view.tiles()); ok; at, ok = set.next(at, e.view.tiles()) {
			p.best[at.Y*e.view.tx+at.X] = 0
			at.X++
		}
	}
}

// rankedTiles bounds the tiles by which an offset is ranked.
const rankedTiles = 300

// rank orders the offsets by what they gain, judged by every fourth row of tiles spread over box.
func (p *planner) rank(e *Encoder, box image.Rectangle) {
	p.ranked = p.ranked[:0]
	n := box.Dx() * box.Dy()
	step := n/rankedTiles | 1
	for _, o := range p.pending {
		total := int32(0)
		for k := 0; k < n; k += step {
			at := box.Min.Add(image.Pt(k%box.Dx(), k/box.Dx()))
			if b := p.best[at.Y*e.view.tx+at.X] / 4; b > 1 {
				total += b - e.distance(at, o.by, b, 4)
			}
		}
		if total > 0 {
			p.ranked = append(p.ranked, offset{o.by, int(total)})
		}
	}
	slices.SortStableFunc(p.ranked, func(a, b offset) int { return b.weight - a.weight })
}

// try adds rectangles that off serves well.
func (p *planner) try(e *Encoder, off image.Point, box image.Rectangle, most int) {
	total := int32(0)
	served := image.Rectangle{}
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			t := y*e.view.tx + x
			p.gain[t] = 0
			if b := p.best[t]; b > 4 {
				if d := e.distance(image.Pt(x, y), off, b, 1); d < b {
					p.gain[t] = b - d
					total += b - d
					served = served.Union(image.Rect(x, y, x+1, y+1))
				}
			}
		}
	}
	if total < leastGain {
		return
	}
	// rows of tiles that the copy does not make worse, joined downwards
	open := image.Rectangle{}
	sum := int32(0)
	p.parts = p.parts[:0]
	flush := func() {
		if sum >= leastGain {
			p.parts = append(p.parts, part{open, sum})
		}
		open, sum = image.Rectangle{}, 0
	}
	for y := served.Min.Y; y < served.Max.Y; y++ {
		for x := served.Min.X; x < served.Max.X; {
			from := x
			g := int32(0)
			for x < served.Max.X {
				t := y*e.view.tx + x
				if p.gain[t] == 0 && !e.known.has(x, y) && e.distance(image.Pt(x, y), off, p.best[t]+1, 1) > p.best[t] {
					break
				}
				g += p.gain[t]
				x++
			}
			if x > from && g > 0 {
				if open.Max.Y == y && open.Min.X == from && open.Max.X == x {
					open.Max.Y++
					sum += g
				} else {
					flush()
					open, sum = image.Rect(from, y, x, y+1), g
				}
			}
			if x < served.Max.X {
				x++
			}
		}
	}
	flush()
	p.take(e, off, most)
}

// take makes copies of the parts, those that gain most first, as long as there is room.
func (p *planner) take(e *Encoder, off image.Point, most int) {
	slices.SortStableFunc(p.parts, func(a, b part) int { return int(b.gain - a.gain) })
	for _, part := range p.parts {
		r := image.Rectangle{Min: part.tiles.Min.Mul(tileSide), Max: part.tiles.Max.Mul(tileSide)}
		r = r.Intersect(image.Rectangle{Max: e.view.size})
		area := r.Dx() * r.Dy()
		if len(e.copies) == most || area > p.left {
			continue
		}
		p.left -= area
		e.copies = append(e.copies, copyOp{off, r})
		for y := part.tiles.Min.Y; y < part.tiles.Max.Y; y++ {
			for x := part.tiles.Min.X; x < part.tiles.Max.X; x++ {
				t := y*e.view.tx + x
				p.best[t] -= p.gain[t]
			}
		}
	}
}

// distance tells how wrong a tile would be with what stands at off before it: a point for each wrong pixel, three more
// when it is far off. It looks at every step-th row and stops at limit, and gives limit where the source is outside the
// picture.
func (e *Encoder) distance(at image.Point, off image.Point, limit int32, step int) int32 {
	i, w, h := e.view.tile(at.X, at.Y)
	from := e.view.tileRect(at.X, at.Y).Sub(off)
	if !from.In(image.Rectangle{Max: e.view.size}) {
		return limit
	}
	j := e.view.at(from.Min.X, from.Min.Y)
	d := int32(0)
	for y := 0; y < h; y += step {
		e.work.Scanned += int64(w)
		a, b := e.screen.pic.pix[i+y*e.view.stride:][:w], e.view.pix[j+y*e.view.stride:][:w]
		if sameRow(a, b) {
			continue
		}
		for x, v := range a {
			if u := b[x]; u != v {
				d++
				if abs(int32(u>>8&255)-int32(v>>8&255)) > 12 {
					d += 3
				}
			}
		}
		if d >= limit {
			return limit
		}
	}
	return d
}
