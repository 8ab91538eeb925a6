package codec

import (
	"encoding/binary"
	"image"
)

// Two pixels at a time against two of a frame; of a fourth byte nothing is left.
const colours2 = 0x00ffffff_00ffffff

// equal tells whether n pixels at p equal those at f.
func equal(p []byte, f []uint32, format Format) bool {
	n := len(f)
	p = p[:4*n]
	if format == BGRA {
		for ; n >= 4; n -= 4 {
			a := binary.LittleEndian.Uint64(p) ^ (uint64(f[0]) | uint64(f[1])<<32)
			b := binary.LittleEndian.Uint64(p[8:]) ^ (uint64(f[2]) | uint64(f[3])<<32)
			if (a|b)&colours2 != 0 {
				return false
			}
			p, f = p[16:], f[4:]
		}
	} else {
		for ; n >= 4; n -= 4 {
			a := binary.BigEndian.Uint64(p)>>8 ^ (uint64(f[0])<<32 | uint64(f[1]))
			b := binary.BigEndian.Uint64(p[8:])>>8 ^ (uint64(f[2])<<32 | uint64(f[3]))
			if (a|b)&colours2 != 0 {
				return false
			}
			p, f = p[16:], f[4:]
		}
	}
	for k, v := range f {
		if pixelOf(p[4*k:], format) != v {
			return false
		}
	}
	return true
}

func pixelOf(p []byte, format Format) uint32 {
	if format == BGRA {
		return binary.LittleEndian.Uint32(p) & 0xffffff
	}
	return binary.BigEndian.Uint32(p) >> 8
}

// compare adds to s.hit the tiles in which p differs within r. It returns the pixels compared.
func (s *Screen) compare(p Picture, r image.Rectangle) int {
	for ty := r.Min.Y / tileSide; ty*tileSide < r.Max.Y; ty++ {
		for tx := r.Min.X / tileSide; tx*tileSide < r.Max.X; tx++ {
			t := s.pic.tileRect(tx, ty).Intersect(r)
			if s.hit.has(tx, ty) {
				continue
			}
			w := t.Dx()
			for y := t.Min.Y; y < t.Max.Y; y++ {
				if !s.same(p.Pix[y*p.Stride+4*t.Min.X:], s.pic.pix[s.pic.at(t.Min.X, y):][:w], p.Format) {
					s.hit.set(tx, ty, true)
					break
				}
			}
		}
	}
	return r.Dx() * r.Dy()
}

// same tells whether pixels at p are those at f, in the Screen's colours.
func (s *Screen) same(p []byte, f []uint32, format Format) bool {
	if s.colours == AllColours {
		return equal(p, f, format)
	}
	for k, v := range f {
		if s.colours.of(pixelOf(p[4*k:], format)) != v {
			return false
		}
	}
	return true
}

// takeRow copies pixels.
func takeRow(to []uint32, from []byte, format Format) {
	if format == BGRA {
		for x := range to {
			to[x] = binary.LittleEndian.Uint32(from[4*x:]) & 0xffffff
		}
		return
	}
	for x := range to {
		to[x] = binary.BigEndian.Uint32(from[4*x:]) >> 8
	}
}

// take copies the pixels of r that lie in s.hit.
func (s *Screen) take(p Picture, r image.Rectangle) int {
	n := 0
	for ty := r.Min.Y / tileSide; ty*tileSide < r.Max.Y; ty++ {
		for tx := r.Min.X / tileSide; tx*tileSide < r.Max.X; tx++ {
			if !s.hit.has(tx, ty) {
				continue
			}
			t := s.pic.tileRect(tx, ty).Intersect(r)
			for y := t.Min.Y; y < t.Max.Y; y++ {
				from, to := p.Pix[y*p.Stride+4*t.Min.X:][:4*t.Dx()], s.pic.pix[s.pic.at(t.Min.X, y):][:t.Dx()]
				takeRow(to, from, p.Format)
				if s.colours != AllColours {
					for x, v := range to {
						to[x] = s.colours.of(v)
					}
				}
			}
			n += t.Dx() * t.Dy()
		}
	}
	return n
}
