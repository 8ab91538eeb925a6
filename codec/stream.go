package codec

import (
	"image"
	"math/bits"
)

// stream is what both ends have in common after every object: the viewer's picture and all that has been learnt.
type stream struct {
	rc     rangeCoder
	number uint64 // objects so far
	view   *frame
	fresh  []uint8    // by pixel of view: its colour was a new one
	errs   []uint8    // by pixel: how far its photographic prediction was off, all channels, at most 255
	stamp  []uint64   // by tile: the object that coded it last
	masks  []uint8    // by tile: the blocks coded then
	notes  []tileNote // by tile: of its last coarse form
	fast   *fastModel
	strong *strongModel // from the first such tile on
	photo  *photoModel
	refine *photoModel
	coarse *coarseModel
	side   *sideModel
	former formers
	open   openTile

	work   Work
	moved  []uint32 // pixels on their way in copies
	copies []copyOp
	pix    []byte   // of Picture
	old    *tileSet // tiles in which pix is older than view
}

// mode says how a tile is coded.
type mode uint8

const (
	modeFast   mode = iota // candidates and literals
	modeCoarse             // transformed
	modePhoto              // photographic pixels, exact
	modeRefine             // the same, with what stands there
	modeStrong             // candidates and literals, mixed
	modes
)

// exact tells whether a tile of this mode is coded exactly pixel by pixel, and in some of its blocks only.
func (m mode) exact() bool { return m == modeFast || m == modeStrong }

// openTile is the tile that is being coded; it stays open when an object ends between two of its rows.
type openTile struct {
	active bool
	tx, ty int
	mode   mode
	mask   uint8 // 8 x 8 blocks coded: 1 upper left, 2 upper right, 4 lower left, 8 lower right
	row    int   // next
}

func newStream() *stream {
	return &stream{fast: newFastModel(), photo: newPhotoModel(false), refine: newPhotoModel(true), coarse: newCoarseModel(), side: newSideModel()}
}

// resize gives the picture another size: what was there stays at the top left, the rest is black. It costs as much as a
// copy of the whole picture. Memory is kept for the largest so far.
func (s *stream) resize(size image.Point) {
	if s.view == nil {
		s.view = new(frame)
	}
	s.view.resize(size)
	s.fresh, s.errs = emptied(s.fresh, len(s.view.pix)), emptied(s.errs, len(s.view.pix))
	n := s.view.tx * s.view.ty
	s.stamp, s.masks, s.notes = emptied(s.stamp, n), emptied(s.masks, n), emptied(s.notes, n)
	s.open = openTile{}
	s.side.resize()
	s.former.resize(n)
	s.old = newTileSet(s.view.tx, s.view.ty)
	s.pix = s.pix[:0]
	s.work.Copied += int64(size.X * size.Y)
}

// sideBits is how many bits a tile's column or row takes when it is written as it is.
func sideBits(n int) uint { return uint(bits.Len(uint(n - 1))) }

// picture gives view as bytes; only tiles that have changed are converted.
func (s *stream) picture() Picture {
	if s.view == nil {
		return Picture{}
	}
	p := Picture{Stride: 4 * s.view.size.X, Size: s.view.size}
	if len(s.pix) == 0 {
		s.pix = emptied(s.pix, p.Stride*p.Size.Y)
		s.old.fill(s.view.tx, s.view.ty)
	}
	all := s.view.tiles()
	for at, ok := s.old.next(image.Point{}, all); ok; at, ok = s.old.next(at, all) {
		end := at
		for end.X < all.Max.X && s.old.has(end.X, end.Y) {
			s.old.set(end.X, end.Y, false)
			end.X++
		}
		r := s.view.tileRect(end.X-1, end.Y)
		r.Min.X = at.X * tileSide
		s.view.bytes(s.pix, p.Stride, r)
	}
	p.Pix = s.pix
	return p
}

// codeRow codes the next row of the open tile; src is nil when decoding.
func (s *stream) codeRow(src *frame) {
	t := &s.open
	s.old.set(t.tx, t.ty, true)
	i, w, _ := s.view.tile(t.tx, t.ty)
	i += t.row * s.view.stride
	from, to := t.columns(w)
	var pixels []uint32
	if src != nil {
		pixels = src.pix[i+from : i+to]
	}
	switch t.mode {
	case modeFast:
		own := s.fastRow(i+from, to-from, pixels)
		s.work.Exact += int64(own)
		s.work.Copied += int64(to - from - own)
	case modeStrong:
		own := s.strongRow(i+from, from, t.row, to-from, pixels)
		s.work.Strong += int64(own)
		s.work.Copied += int64(to - from - own)
	case modePhoto:
		s.photoRow(s.photo, i, w, t.row, pixels)
		s.work.Photo += int64(w)
	case modeRefine:
		s.photoRow(s.refine, i, w, t.row, pixels)
		s.work.Photo += int64(w)
	}
	t.row++
	t.skip(s.view)
}

// columns tells which of a tile's columns the open row codes.
func (t *openTile) columns(w int) (from, to int) {
	m := t.mask >> (t.row >> 3 * 2) & 3
	from, to = 0, 8
	if m&1 == 0 {
		from = 8
	}
	if m&2 != 0 {
		to = 16
	}
	return from, min(to, w)
}

// skip goes on to the next row that has a coded block, or closes the tile.
func (t *openTile) skip(f *frame) {
	_, _, h := f.tile(t.tx, t.ty)
	if t.row < 8 && t.mask&3 == 0 {
		t.row = 8
	}
	if t.row >= 8 && t.mask&12 == 0 || t.row >= h {
		t.active = false
	}
}

// tileRect gives tile t's pixels.
func (f *frame) tileRect(tx, ty int) image.Rectangle {
	return image.Rect(tx*tileSide, ty*tileSide, min((tx+1)*tileSide, f.size.X), min((ty+1)*tileSide, f.size.Y))
}
