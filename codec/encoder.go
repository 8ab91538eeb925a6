package codec

import "image"

// EncoderConfig has no settings yet.
type EncoderConfig struct{}

// Encoder is one viewer's stream. It keeps a model of the viewer's picture, in which what has been appended is taken for
// shown, and which of its tiles are older than the Screen's or only coarse.
type Encoder struct {
	*stream
	screen   *Screen
	seen     uint64   // version of screen that the sets below know
	moves    int      // Screen.moves then
	texts    *tileSet // older than the screen's, to be exact at once
	photos   *tileSet // older, coarse at first
	rough    *tileSet // legible but not exact
	stubborn *tileSet // whose coarse form was not legible
	dear     *tileSet // no photographs, but shown coarsely first as they are
	known    *tileSet // older, and what they are to show they have shown before
	price    price
	reached  [2]image.Point // where the passes over all texts, all photographs are
	planner  planner
}

// NewEncoder begins the stream of a viewer that has no picture yet. It fails only when there is no Screen.
func NewEncoder(s *Screen, _ EncoderConfig) (*Encoder, error) {
	if s == nil {
		return nil, errNoScreen
	}
	return &Encoder{stream: newStream(), screen: s, price: price{1.5}}, nil
}

// Show makes s what the viewer is shown from now on: another Screen, or the same one in other colours.
func (e *Encoder) Show(s *Screen) {
	if s == e.screen || s == nil {
		return
	}
	e.screen, e.seen, e.moves = s, 0, s.moves
}

// Ack says that the viewer has decoded all objects up to state. Objects are in order and none is lost, so that nothing
// depends on it.
func (e *Encoder) Ack(state uint64) {}

// Picture is the model of the viewer's picture, RGBA, valid until the next Append.
func (e *Encoder) Picture() Picture { return e.picture() }

// Append appends at most one object to dst: the newest content of what is most urgent. Encoders of one Screen may Append
// at the same time.
//
// Limits.Work bounds the coding of tiles, to a tile. What comes before them is counted as well, so that less is left for
// tiles, but it is not cut short: after a resize 3 ns for each pixel of the picture, for a look at what the Screen has
// changed since the last Append 2 ns for each pixel of those tiles, all at once: 7.4 million for a change of all of
// 2560 x 1440, and as much for former contents as far as they are the same. Where that has used Limits.Work up, one tile
// is coded and copies wait for the next Append; else they are tried, which takes at most 1.3 million and 17 ns a pixel
// above Limits.Work. An Append of 0 Bytes only looks.
func (e *Encoder) Append(dst []byte, l Limits) ([]byte, Object) {
	o := Object{Version: e.screen.version}
	if e.screen.pic == nil {
		return dst, o
	}
	if l.Work <= 0 {
		l.Work = MaxWork
	}
	l.Sharpness = min(l.Sharpness, Exact)
	e.work = Work{}
	resized := e.view == nil || e.view.size != e.screen.pic.size
	if l.Bytes < MinObject && resized {
		o.Stale = e.screen.pic.tx * e.screen.pic.ty
		return dst, o
	}
	if resized {
		e.resize(e.screen.pic.size)
		tx, ty := e.view.tx, e.view.ty
		for _, set := range []**tileSet{&e.texts, &e.photos, &e.rough, &e.stubborn, &e.dear, &e.known} {
			*set = newTileSet(tx, ty)
		}
		e.seen, e.reached = 0, [2]image.Point{}
		e.planner.reset()
	}
	e.look(l)
	if l.Bytes >= MinObject && (resized || e.texts.n+e.photos.n > 0 || l.Refine && e.rough.n > 0) {
		dst = e.object(dst, l, &o, resized)
	}
	o.Stale, o.Coarse, o.Work = e.texts.n+e.photos.n, e.rough.n, e.work
	o.Left.Texts, o.Left.TextBits = e.texts.n, e.bitsOf(e.texts)
	o.Left.Photos, o.Left.PhotoBits = e.photos.n, e.bitsOf(e.photos)
	return dst, o
}

// bitsOf is about what a set of tiles takes exactly.
func (e *Encoder) bitsOf(set *tileSet) (bits int) {
	all := e.view.tiles()
	for at, ok := set.next(image.Point{}, all); ok; at, ok = set.next(at, all) {
		bits += int(e.screen.bits[at.Y*e.view.tx+at.X])
		at.X++
	}
	return bits
}

// look finds out which tiles the screen has changed since the last time.
func (e *Encoder) look(l Limits) {
	s := e.screen
	if e.seen == s.version {
		return
	}
	if e.texts.n+e.photos.n == 0 {
		e.planner.reset()
		e.reached = [2]image.Point{}
	}
	for ty, version := range s.rows {
		if version <= e.seen {
			continue
		}
		for tx := range s.pic.tx {
			if s.changed[ty*s.pic.tx+tx] > e.seen {
				e.stubborn.set(tx, ty, false)
				e.dear.set(tx, ty, false)
				e.judge(tx, ty, l.Sharpness)
			}
		}
	}
	for k := max(e.moves, s.moves-len(s.offsets)); k < s.moves; k++ {
		if c := s.offsets[k%len(s.offsets)]; c.version > e.seen {
			e.planner.add(c.offset)
		}
	}
	e.planner.settle()
	e.moves, e.seen = s.moves, s.version
}

// fewWrong is how many wrong pixels cost less exactly than a coarse tile and its refinement.
const fewWrong = 24

// judge compares a tile with the screen's and puts it into its set.
func (e *Encoder) judge(tx, ty int, sharp Sharpness) {
	i, w, h := e.view.tile(tx, ty)
	v, s, stride := e.view.pix[i:], e.screen.pic.pix[i:], e.view.stride
	photo := e.screen.photo[ty*e.view.tx+tx] || e.dear.has(tx, ty)
	n, _ := wrong(v, stride, s, stride, w, h)
	e.work.Scanned += int64(w * h)
	known := n > 0 && e.formerOf(tx, ty) >= 0
	fine := n > fewWrong && photo && sharp < Exact && !known && legible(v, stride, s, stride, w, h)
	e.known.set(tx, ty, known)
	e.texts.set(tx, ty, n > 0 && !photo)
	e.photos.set(tx, ty, n > 0 && photo && !fine)
	e.rough.set(tx, ty, fine)
}

// formerOf tells which former content of a tile is what it is to show, from 0; -1: none.
func (e *Encoder) formerOf(tx, ty int) int {
	i, w, h := e.view.tile(tx, ty)
	t := ty*e.view.tx + tx
next:
	for k := range e.former.of(t) {
		was := e.former.pixels(t, k)
		for y := range h {
			e.work.Scanned += int64(w)
			if !sameRow(was[y*tileSide:][:w], e.screen.pic.pix[i+y*e.view.stride:][:w]) {
				continue next
			}
		}
		return k
	}
	return -1
}

// object writes one object.
func (e *Encoder) object(dst []byte, l Limits, o *Object, resized bool) []byte {
	c := &e.rc
	c.startEncoding(dst)
	e.number++
	if c.adapt(&e.side.resized, b2u(resized), limitSide) == 1 {
		c.raw(uint32(e.view.size.X-1), 13)
		c.raw(uint32(e.view.size.Y-1), 13)
		o.Damage = image.Rectangle{Max: e.view.size}
	}
	e.copies = e.copies[:0]
	e.planner.plan(e, l)
	goOn := false
	if e.open.active {
		t := &e.open
		stale := e.texts.has(t.tx, t.ty) || e.photos.has(t.tx, t.ty)
		goOn = len(e.copies) == 0 && (stale || t.mode == modeRefine && l.Refine && e.rough.has(t.tx, t.ty) && e.texts.n+e.photos.n == 0)
		if c.adapt(&e.side.goOn, b2u(goOn), limitSide) == 0 {
			t.active = false
		}
	}
	if !goOn {
		e.codeCopies()
		for _, op := range e.copies {
			o.Damage = o.Damage.Union(op.dst)
			r := inTiles(op.dst)
			for ty := r.Min.Y; ty < r.Max.Y; ty++ {
				for tx := r.Min.X; tx < r.Max.X; tx++ {
					e.judge(tx, ty, l.Sharpness)
				}
			}
		}
	}
	e.tiles(l, o, goOn)
	o.State, o.Resized = e.number, resized
	o.Bytes.Other = c.shifts + 1 - o.Bytes.Exact - o.Bytes.Coarse - o.Bytes.Refined
	return c.finish()
}

// room tells whether n more bytes fit, and the end of the object.
func (e *Encoder) room(l Limits, n int) bool { return e.rc.shifts+n+endBytes <= l.Bytes }

// spent tells whether the work is done that one Append may do.
//
// The next row may be of photographic pixels: it is begun while at least half of it is left, so that the work done is
// nearest to the limit.
func (e *Encoder) spent(l Limits) bool { return e.work.Cost()+tileSide*costPhoto/2 > l.Work }

// tiles codes tiles until the budget is used or nothing is left.
func (e *Encoder) tiles(l Limits, o *Object, goOn bool) {
	first := true
	if goOn {
		t := e.open.ty*e.view.tx + e.open.tx
		e.stamp[t] = e.number
		begun := e.rc.shifts
		whole := e.codeRows(l, o, false)
		o.Bytes.count(e.open.mode, e.rc.shifts-begun)
		if !whole {
			return
		}
	}
	order := order{e: e, focus: inTiles(l.Focus.Intersect(image.Rectangle{Max: e.view.size})), refine: l.Refine}
	for {
		at, refine, ok := order.next()
		empty := first && !goOn
		ok = ok && e.room(l, tileHeadBytes+rowBytes) && (empty || !e.spent(l))
		var way tileWay
		if ok {
			way, ok = e.wayOf(at, refine, l, empty)
		}
		e.codeNext(at, ok, first)
		if !ok {
			return
		}
		first = false
		begun := e.rc.shifts
		whole := e.codeTile(at, way, l, o)
		o.Bytes.count(way.mode, e.rc.shifts-begun)
		if !whole {
			return
		}
	}
}

func (b *Bytes) count(m mode, n int) {
	switch m {
	case modeFast, modeStrong, modePhoto:
		b.Exact += n
	case modeCoarse:
		b.Coarse += n
	case modeRefine:
		b.Refined += n
	}
}

// tile gives the mode of a tile that is text.
func (m Mode) tile() mode {
	if m == Fast {
		return modeFast
	}
	return modeStrong
}

// tileWay is how a tile is to be coded.
type tileWay struct {
	mode   mode
	mask   uint8 // blocks
	former int   // which former content is shown again, from 0; -1: none
	whole  bool  // that is all
}

// wayOf decides how to code a tile; false: there is no room for it. In an empty object there is always a way.
func (e *Encoder) wayOf(at image.Point, refine bool, l Limits, empty bool) (tileWay, bool) {
	i, w, h := e.view.tile(at.X, at.Y)
	n, mask := wrong(e.view.pix[i:], e.view.stride, e.screen.pic.pix[i:], e.view.stride, w, h)
	sort := e.sortOf(at)
	if way, ok := e.recalled(at, n, l); ok {
		return way, true
	}
	if n > fewWrong && sort.coarse && l.Sharpness < Exact && !e.stubborn.has(at.X, at.Y) && e.coarsely(at, l.Sharpness, sort.bits) {
		if e.room(l, tileHeadBytes+e.coarse.mostBytes()) {
			return tileWay{mode: modeCoarse, mask: 15, former: -1}, true
		} else if !empty {
			return tileWay{}, false
		}
	}
	if n > fewWrong && (refine || sort.coarse) && e.screen.grainy[at.Y*e.view.tx+at.X] && n*wrongBits > min(int(sort.bits), mostPhotoBits) {
		if refine {
			return tileWay{mode: modeRefine, mask: 15, former: -1}, true
		}
		return tileWay{mode: modePhoto, mask: 15, former: -1}, true
	}
	return tileWay{mode: l.Mode.tile(), mask: mask, former: -1}, true
}

// Of a tile of which few pixels are wrong only those cost, some wrongBits each, when it is coded as text; as a photograph
// all do, some mostPhotoBits however rough it seems.
const (
	wrongBits     = 10
	mostPhotoBits = 2200
)

// fewLeft is how many wrong pixels a former content may have that is shown again all the same.
const fewLeft = 100

// recalled finds a former content of a tile that is nearer to what is wanted than what stands there, which has n wrong
// pixels: one that has few, or, of a photograph, one that is legible.
func (e *Encoder) recalled(at image.Point, n int, l Limits) (way tileWay, ok bool) {
	i, w, h := e.view.tile(at.X, at.Y)
	t, want, stride := at.Y*e.view.tx+at.X, e.screen.pic.pix[i:], e.view.stride
	coarsely := n > fewWrong && e.photos.has(at.X, at.Y) && l.Sharpness < Exact
	least := min(fewLeft, n/2)
	for k := range e.former.of(t) {
		was := e.former.pixels(t, k)
		e.work.Scanned += int64(w * h)
		m, mask := wrong(was, tileSide, want, stride, w, h)
		if m < least {
			least, ok = m, true
			way = tileWay{mode: l.Mode.tile(), mask: mask, former: k, whole: m == 0}
		}
		if coarsely && !ok && m > fewWrong && legible(was, tileSide, want, stride, w, h) {
			least, ok = fewWrong, true // which is rough then, and no more called back
			way = tileWay{former: k, whole: true}
		}
	}
	return way, ok
}

// codeTile codes a tile. It returns false when the object ended in it.
func (e *Encoder) codeTile(at image.Point, way tileWay, l Limits, o *Object) bool {
	begun := e.rc.shifts
	e.codeHead(at, way)
	if way.whole {
		o.Damage = o.Damage.Union(e.view.tileRect(at.X, at.Y))
		e.judge(at.X, at.Y, l.Sharpness)
		return true
	}
	if way.mode != modeCoarse {
		whole := e.codeRows(l, o, true)
		if whole && way.mode.exact() && way.mask == 15 && way.former < 0 {
			e.price.learn(e.screen.bits[at.Y*e.view.tx+at.X], 8*(e.rc.shifts-begun))
		}
		return whole
	}
	e.codeCoarse()
	if e.texts.has(at.X, at.Y) {
		e.dear.set(at.X, at.Y, true)
	}
	o.Damage = o.Damage.Union(e.view.tileRect(at.X, at.Y))
	e.judge(at.X, at.Y, l.Sharpness)
	if !e.rough.has(at.X, at.Y) {
		e.stubborn.set(at.X, at.Y, true)
	}
	return true
}

// tileSort says whether a tile may be coarse first, and about how many bits its exact form takes.
type tileSort struct {
	coarse bool
	bits   float32
}

// dearBits is the least estimate of an exact form, as text goes, that is worth a look at the coarse one.
const dearBits = 160

func (e *Encoder) sortOf(at image.Point) tileSort {
	bits := e.screen.bits[at.Y*e.view.tx+at.X]
	if e.photos.has(at.X, at.Y) {
		return tileSort{true, float32(bits)}
	}
	return tileSort{e.texts.has(at.X, at.Y) && bits >= dearBits, e.price.of(bits)}
}

// price follows what tiles of text take, of what the Screen estimates: a third while their letters are known, three times
// as much on a map.
type price struct{ ratio float32 }

func (p *price) of(bits uint16) float32 { return float32(bits) * p.ratio }

func (p *price) learn(estimate uint16, bits int) {
	if estimate >= dearBits/2 {
		p.ratio += (min(float32(bits)/float32(estimate), 6) - p.ratio) / 32
	}
}

// codeRows codes the open tile's rows; whole says that none was coded by an earlier object, maybe from another picture.
// It returns false when the object ended in it.
func (e *Encoder) codeRows(l Limits, o *Object, whole bool) bool {
	tx, ty := e.open.tx, e.open.ty
	o.Damage = o.Damage.Union(e.view.tileRect(tx, ty))
	for first := true; e.open.active; first = false {
		if !first && e.codeStop(!e.room(l, rowBytes) || e.spent(l)) {
			return false
		}
		e.codeRow(e.screen.pic)
	}
	i, w, h := e.view.tile(tx, ty)
	if !whole {
		n, _ := wrong(e.view.pix[i:], e.view.stride, e.screen.pic.pix[i:], e.view.stride, w, h)
		whole = n == 0
	}
	if whole {
		e.texts.set(tx, ty, false)
		e.photos.set(tx, ty, false)
		e.known.set(tx, ty, false)
		e.rough.set(tx, ty, false)
	}
	return true
}

// quantiser gives the coarsest step's index for a sharpness.
func quantiser(s Sharpness) uint32 { return uint32(24 - int(s)*21/99) }

// coarseWorth is the part of its exact form's bits that a coarse form may take: that one has to come, too.
const coarseWorth = 0.6

// coarsely finds a coarse form of a tile that is legible, with as coarse a quantiser as is likely to be.
func (e *Encoder) coarsely(at image.Point, sharp Sharpness, exact float32) bool {
	m := e.coarse
	i, w, h := e.view.tile(at.X, at.Y)
	src, stride := e.screen.pic.pix[i:], e.view.stride
	t := at.Y*e.view.tx + at.X
	view := e.stamp[t] != 0
	e.work.Sought += int64(w * h / 4)
	coarsest, bits := m.prospect(e.view, at.X, at.Y, src, quantiser(sharp))
	if bits > exact {
		return false
	}
	for step := int(coarsest); step >= 0; step -= 4 {
		e.work.Sought += int64(w * h)
		m.search(e.view, at.X, at.Y, src, uint32(step), view)
		if m.bits > exact*coarseWorth {
			return false // no finer one will be shorter
		}
		if legible(m.out[:], tileSide, src, stride, w, h) {
			return true
		}
	}
	return false
}

// order gives the tiles in the order of their urgency, each once. Passes over the whole picture go round: they begin
// where the last object ended, so that what changes again and again, from the top, does not keep the rest waiting.
type order struct {
	e      *Encoder
	focus  image.Rectangle // in tiles
	refine bool
	pass   int
	at     image.Point
	around bool // the pass has come to the end and goes on from the top
}

// passes are what order goes through: in the focus texts, photographs; then everywhere; then what is not exact.
const (
	passKnown = iota
	passFocusTexts
	passFocusPhotos
	passTexts
	passPhotos
	passRough
	passes
)

func (w *order) begin(pass int) { w.pass, w.at, w.around = pass, image.Point{}, false }

func (w *order) next() (at image.Point, refine, ok bool) {
	e := w.e
	all := e.view.tiles()
	sets := [passes]*tileSet{e.known, e.texts, e.photos, e.texts, e.photos, e.rough}
	for ; w.pass < passes; w.begin(w.pass + 1) {
		area := all
		switch w.pass {
		case passFocusTexts, passFocusPhotos:
			area = w.focus
		case passRough:
			if !w.refine || e.texts.n+e.photos.n > 0 {
				return image.Point{}, false, false
			}
		case passTexts, passPhotos:
			if w.at == (image.Point{}) && !w.around {
				w.at = e.reached[w.pass-passTexts]
			}
		}
		for {
			for at, ok = sets[w.pass].next(w.at, area); ok; at, ok = sets[w.pass].next(at, area) {
				if e.stamp[at.Y*e.view.tx+at.X] != e.number {
					w.at = at
					if w.pass == passTexts || w.pass == passPhotos {
						e.reached[w.pass-passTexts] = at
					}
					return at, w.pass == passRough, true
				}
				at.X++
			}
			if w.around || w.pass != passTexts && w.pass != passPhotos {
				break
			}
			w.around, w.at = true, image.Point{}
		}
	}
	return image.Point{}, false, false
}

// inTiles gives the tiles that r touches.
func inTiles(r image.Rectangle) image.Rectangle {
	if r.Empty() {
		return image.Rectangle{}
	}
	return image.Rect(r.Min.X/tileSide, r.Min.Y/tileSide, (r.Max.X+tileSide-1)/tileSide, (r.Max.Y+tileSide-1)/tileSide)
}
