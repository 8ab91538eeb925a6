package codec

import (
	"errors"
	"image"
)

// Move says that the content of From now stands at To (its top left corner).
type Move struct {
	From image.Rectangle
	To   image.Point
}

// Hints are what the capture knows about an update.
type Hints struct {
	Damage []image.Rectangle // pixels; everything outside is unchanged. nil: the whole picture is compared
	Moves  []Move
}

// ScreenConfig configures a Screen; the zero value has all colours.
type ScreenConfig struct {
	Colours Colours
}

// Screen is the newest picture, shared by any number of Encoders. It finds out once, for all of them, what changed, what
// moved, and which tiles are photographs. Update must not run at the same time as anything else of this Screen or its
// Encoders.
type Screen struct {
	colours Colours
	pic     *frame
	version uint64
	changed []uint64 // by tile: the version that changed it last
	rows    []uint64 // by row of tiles: the highest of them
	photo   []bool   // by tile
	grainy  []bool   // by tile: as photographs it is coded best
	bits    []uint16 // by tile: about what it takes exactly
	hit     *tileSet // tiles that this Update changed
	finder  finder
	offsets [32]candidate // the last ones, by moves % 32
	moves   int
}

// candidate is an offset by which something seemed to move.
type candidate struct {
	version uint64
	offset
}

// toldWeight is what a move that the capture knows counts, in votes.
const toldWeight = 1 << 20

// NewScreen gives a Screen without a picture: the first Update sets its size.
func NewScreen(c ScreenConfig) *Screen { return &Screen{colours: c.Colours} }

// Picture is a copy of the newest picture, RGBA; none before the first Update.
func (s *Screen) Picture() Picture {
	if s.pic == nil {
		return Picture{}
	}
	p := Picture{Stride: 4 * s.pic.size.X, Size: s.pic.size}
	p.Pix = make([]byte, p.Stride*p.Size.Y)
	s.pic.bytes(p.Pix, p.Stride, image.Rectangle{Max: s.pic.size})
	return p
}

// Size is zero before the first Update.
func (s *Screen) Size() image.Point {
	if s.pic == nil {
		return image.Point{}
	}
	return s.pic.size
}

// Version grows by one with every Update that changed a pixel or the size.
func (s *Screen) Version() uint64 { return s.version }

// Update takes over what has changed in p; p.Pix is the caller's again when it returns. A picture of another size than
// the last one's is a resize.
func (s *Screen) Update(p Picture, h Hints) (Work, error) {
	if err := p.validate(); err != nil {
		return Work{}, err
	}
	var w Work
	all := image.Rectangle{Max: p.Size}
	damage := h.Damage
	resized := s.pic == nil || s.pic.size != p.Size
	if resized || damage == nil {
		damage = []image.Rectangle{all}
	}
	if resized {
		s.resize(p.Size) // every tile is new: an encoder may have seen none
	} else {
		for _, r := range damage {
			w.Scanned += int64(s.compare(p, r.Intersect(all)))
		}
	}
	if s.hit.n == 0 {
		return w, nil
	}
	s.version++
	search := s.hit.n >= fewestTiles && len(h.Moves) == 0 && !resized
	if search {
		w.Scanned += int64(s.finder.learn(s.pic, s.hit))
	}
	for _, r := range damage {
		w.Copied += int64(s.take(p, r.Intersect(all)))
	}
	if search {
		w.Scanned += int64(s.finder.vote(s.pic, s.hit))
		for _, o := range s.finder.best() {
			s.moved(o)
		}
	}
	for _, m := range h.Moves {
		s.moved(offset{m.To.Sub(m.From.Min), toldWeight})
	}
	for at, ok := s.hit.next(image.Point{}, s.pic.tiles()); ok; at, ok = s.hit.next(at, s.pic.tiles()) {
		t := at.Y*s.pic.tx + at.X
		s.changed[t], s.rows[at.Y] = s.version, s.version
		_, wide, high := s.pic.tile(at.X, at.Y)
		texture := s.pic.texture(at.X, at.Y)
		s.photo[t] = texture.photographic(wide*high, s.photo[t])
		s.grainy[t] = texture.grainy(wide * high)
		s.bits[t] = uint16(texture.bits(s.photo[t] && s.grainy[t]))
		w.Scanned += tileSide * tileSide
		s.hit.set(at.X, at.Y, false)
	}
	return w, nil
}

func (s *Screen) resize(size image.Point) {
	s.pic = newFrame(size)
	n := s.pic.tx * s.pic.ty
	s.changed, s.rows = make([]uint64, n), make([]uint64, s.pic.ty)
	s.photo, s.grainy, s.bits = make([]bool, n), make([]bool, n), make([]uint16, n)
	s.hit = newTileSet(s.pic.tx, s.pic.ty)
	s.hit.fill(s.pic.tx, s.pic.ty)
}

func (s *Screen) moved(o offset) {
	if movable(o.by) {
		s.offsets[s.moves%len(s.offsets)] = candidate{s.version, o}
		s.moves++
	}
}

var errNoScreen = errors.New("codec: NewEncoder: no Screen")
