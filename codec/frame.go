package codec

import (
	"encoding/binary"
	"image"
)

// Tiles are squares of 16 x 16 pixels from the top left corner; those at the right and lower edge may be smaller.
const tileSide = 16

// The margins let a context look outside the picture without a test: black is there.
const (
	marginX = 16 // columns on either side
	marginY = 4  // rows above and below
)

// frame is a picture of pixels 0x00RRGGBB in whole tiles, with black margins. Pixels of edge tiles that lie outside
// size are black too and are never written.
type frame struct {
	size   image.Point
	tx, ty int // tiles in a row, rows of tiles
	stride int // pixels
	origin int // index of pixel 0, 0
	pix    []uint32
}

func newFrame(size image.Point) *frame {
	f := new(frame)
	f.resize(size)
	return f
}

func (f *frame) at(x, y int) int { return f.origin + y*f.stride + x }

// tile gives the index of a tile's first pixel and its width and height.
func (f *frame) tile(tx, ty int) (i, w, h int) {
	x, y := tx*tileSide, ty*tileSide
	return f.at(x, y), min(tileSide, f.size.X-x), min(tileSide, f.size.Y-y)
}

// resize gives the frame another size: the same pixels at the top left, black elsewhere. The rows move inside the memory
// that is there, if it is large enough: backwards when they move apart, forwards when they move together, so that none is
// overwritten before it has moved.
func (f *frame) resize(size image.Point) {
	was := *f
	f.size, f.tx, f.ty = size, (size.X+15)/16, (size.Y+15)/16
	f.stride = f.tx*tileSide + 2*marginX
	f.origin = marginY*f.stride + marginX
	n := f.stride * (f.ty*tileSide + 2*marginY)
	inPlace := n <= cap(was.pix)
	if inPlace {
		f.pix = was.pix[:n]
	} else {
		f.pix = make([]uint32, n)
	}
	w, h := min(was.size.X, size.X), min(was.size.Y, size.Y)
	move := func(y int) { copy(f.pix[f.at(0, y):][:w], was.pix[was.at(0, y):][:w]) }
	if f.stride > was.stride {
		for y := h - 1; y >= 0; y-- {
			move(y)
		}
	} else {
		for y := range h {
			move(y)
		}
	}
	if inPlace {
		end := 0
		for y := range h {
			clear(f.pix[end:f.at(0, y)])
			end = f.at(w, y)
		}
		clear(f.pix[end:])
	}
}

// emptied gives n zeros, in the memory of s if it is large enough.
func emptied[T any](s []T, n int) []T {
	if n > cap(s) {
		return make([]T, n)
	}
	s = s[:n]
	clear(s)
	return s
}

// bytes writes the pixels of r to pix as R, G, B, 255.
func (f *frame) bytes(pix []byte, stride int, r image.Rectangle) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		from := f.pix[f.at(r.Min.X, y):][:r.Dx()]
		to := pix[y*stride+4*r.Min.X:][:4*r.Dx()]
		for x, v := range from {
			binary.LittleEndian.PutUint32(to[4*x:][:4], v>>16|v&0xff00|v&0xff<<16|0xff000000)
		}
	}
}
