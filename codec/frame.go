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
	f := &frame{size: size, tx: (size.X + 15) / 16, ty: (size.Y + 15) / 16}
	f.stride = f.tx*tileSide + 2*marginX
	f.origin = marginY*f.stride + marginX
	f.pix = make([]uint32, f.stride*(f.ty*tileSide+2*marginY))
	return f
}

func (f *frame) at(x, y int) int { return f.origin + y*f.stride + x }

// tile gives the index of a tile's first pixel and its width and height.
func (f *frame) tile(tx, ty int) (i, w, h int) {
	x, y := tx*tileSide, ty*tileSide
	return f.at(x, y), min(tileSide, f.size.X-x), min(tileSide, f.size.Y-y)
}

// resized gives a frame of another size with the same pixels at the top left, black elsewhere.
func (f *frame) resized(size image.Point) *frame {
	n := newFrame(size)
	if f != nil {
		w := min(f.size.X, size.X)
		for y := range min(f.size.Y, size.Y) {
			copy(n.pix[n.at(0, y):][:w], f.pix[f.at(0, y):])
		}
	}
	return n
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
