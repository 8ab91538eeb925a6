package rival

import (
	"bytes"
	"image"
)

// tileSize is the grid on which damage is kept, in pixels.
const tileSize = 16

// damage knows which tiles of the screen differ from what was sent last: a server that
// compares pixels, as TigerVNC's does, sends nothing for what was painted over unchanged.
type damage struct {
	sent  *image.RGBA
	grid  grid
	count int // tiles that differ
}

func newDamage(size image.Point) *damage {
	return &damage{sent: image.NewRGBA(image.Rectangle{Max: size}), grid: newGrid(size)}
}

// update looks again at the tiles that the patches touch.
func (d *damage) update(pic *image.RGBA, patches []image.Rectangle) {
	for _, p := range patches {
		d.grid.each(p, func(i int) {
			was, is := d.grid.keys[i], clean
			if differs(pic, d.sent, d.grid.tile(i)) {
				is = mixed
			}
			d.grid.keys[i] = is
			d.count += int(is - was)
		})
	}
}

// take returns what differs, as rectangles, and holds it for sent.
func (d *damage) take(pic *image.RGBA) []image.Rectangle {
	var rects []image.Rectangle
	for _, a := range d.grid.areas() {
		rects = append(rects, a.Rectangle)
		copyRect(d.sent, pic, a.Rectangle)
	}
	clear(d.grid.keys)
	d.count = 0
	return rects
}

func differs(a, b *image.RGBA, r image.Rectangle) bool {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		if !bytes.Equal(row(a, r, y), row(b, r, y)) {
			return true
		}
	}
	return false
}

func copyRect(dst, src *image.RGBA, r image.Rectangle) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		copy(row(dst, r, y), row(src, r, y))
	}
}

// row is the bytes of a rectangle's row y.
func row(pic *image.RGBA, r image.Rectangle, y int) []byte {
	i := pic.PixOffset(r.Min.X, y)
	return pic.Pix[i : i+4*r.Dx()]
}
