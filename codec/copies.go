package codec

import (
	"image"
	"slices"
)

// copyOp moves what the viewer has at dst-off to dst. dst is in whole tiles, cut at the picture's edges.
type copyOp struct {
	off image.Point
	dst image.Rectangle // pixels
}

// maxCopies in one object. All read the picture as it was before the object, and their areas together are no larger
// than the picture.
const maxCopies = 32

// codeCopies codes and performs s.copies; when decoding it fills them. It returns what is wrong with them, or "".
func (s *stream) codeCopies() string {
	m, c, f := s.side, &s.rc, s.view
	ops := s.copies
	if c.decoding {
		s.copies = s.copies[:0]
	}
	area, k := 0, 0
	for ; k < maxCopies; k++ {
		if c.adapt(&m.copies[b2u(k > 0)], b2u(k < len(ops) && !c.decoding), limitSide) == 0 {
			break
		}
		var op copyOp
		if !c.decoding {
			op = ops[k]
		}
		op.off = m.codeOffset(c, op.off)
		op.dst = m.codeTarget(c, op.dst, f)
		all := image.Rectangle{Max: f.size}
		area += op.dst.Dx() * op.dst.Dy()
		switch {
		case op.dst.Empty() || !op.dst.Sub(op.off).In(all):
			return "a copy from or to outside the picture"
		case area > f.size.X*f.size.Y:
			return "copies larger than the picture"
		}
		if c.decoding {
			s.copies = append(s.copies, op)
			if c.overrun() {
				return "it ends too early"
			}
		}
	}
	s.copies = s.copies[:k]
	for _, op := range s.copies {
		r := inTiles(op.dst)
		for ty := r.Min.Y; ty < r.Max.Y; ty++ {
			for tx := r.Min.X; tx < r.Max.X; tx++ {
				s.changes(tx, ty)
				s.old.set(tx, ty, true)
			}
		}
	}
	s.performCopies(area)
	return ""
}

// performCopies first gathers all sources, then writes.
func (s *stream) performCopies(area int) {
	f := s.view
	if len(s.copies) == 1 {
		s.moveOne(s.copies[0])
		s.work.Copied += int64(area)
		return
	}
	s.moved = slices.Grow(s.moved[:0], area)
	for _, op := range s.copies {
		for y := op.dst.Min.Y; y < op.dst.Max.Y; y++ {
			s.moved = append(s.moved, f.pix[f.at(op.dst.Min.X-op.off.X, y-op.off.Y):][:op.dst.Dx()]...)
		}
	}
	from := s.moved
	for _, op := range s.copies {
		for y := op.dst.Min.Y; y < op.dst.Max.Y; y++ {
			from = from[copy(f.pix[f.at(op.dst.Min.X, y):][:op.dst.Dx()], from):]
		}
	}
	s.work.Copied += 2 * int64(area)
	if cap(s.moved) > 1<<22 { // a large screen scrolls rarely in several directions: keep 16 MB at most
		s.moved = nil
	}
}

func (s *stream) moveOne(op copyOp) {
	f, w := s.view, op.dst.Dx()
	y, end, step := op.dst.Min.Y, op.dst.Max.Y, 1
	if op.off.Y > 0 { // downwards: from the last row, so that no source is overwritten
		y, end, step = op.dst.Max.Y-1, op.dst.Min.Y-1, -1
	}
	for ; y != end; y += step {
		copy(f.pix[f.at(op.dst.Min.X, y):][:w], f.pix[f.at(op.dst.Min.X-op.off.X, y-op.off.Y):][:w])
	}
}

// codeOffset codes an offset as one of the last four, or each component as zero or 14 bits.
func (m *sideModel) codeOffset(c *rangeCoder, off image.Point) image.Point {
	for k, last := range m.lastOff {
		if c.adapt(&m.offset[k], b2u(off == last), limitSide) == 1 {
			copy(m.lastOff[1:k+1], m.lastOff[:k])
			m.lastOff[0] = last
			return last
		}
	}
	for k, v := range [2]*int{&off.X, &off.Y} {
		if c.adapt(&m.zeroOff[k], b2u(*v == 0), limitSide) == 1 {
			*v = 0
		} else {
			*v = int(c.raw(uint32(*v+MaxSide), 14)) - MaxSide
		}
	}
	copy(m.lastOff[1:], m.lastOff[:3])
	m.lastOff[0] = off
	return off
}

// codeTarget codes the four sides in tiles, each as that of the last copy or as it is.
func (m *sideModel) codeTarget(c *rangeCoder, dst image.Rectangle, f *frame) image.Rectangle {
	t := [4]int{dst.Min.X / tileSide, dst.Min.Y / tileSide, (dst.Max.X + tileSide - 1) / tileSide, (dst.Max.Y + tileSide - 1) / tileSide}
	last := [4]int{m.lastDst.Min.X, m.lastDst.Min.Y, m.lastDst.Max.X, m.lastDst.Max.Y}
	for k := range t {
		if c.adapt(&m.sameX[k], b2u(t[k] == last[k]), limitSide) == 1 {
			t[k] = last[k]
		} else {
			n := f.tx
			if k&1 == 1 {
				n = f.ty
			}
			t[k] = int(c.place(m.target[k][:], sideBits(n+1), uint32(t[k]), limitSide))
		}
	}
	m.lastDst = image.Rectangle{Min: image.Pt(t[0], t[1]), Max: image.Pt(t[2], t[3])}
	r := image.Rectangle{Min: m.lastDst.Min.Mul(tileSide), Max: m.lastDst.Max.Mul(tileSide)}
	return r.Intersect(image.Rectangle{Max: f.size})
}
