package rival

import "image"

// A Tight rectangle begins with a control byte (RFB protocol, "Tight encoding"): the upper
// four bits choose among fill, JPEG and "basic", whose data went through one of four zlib
// streams that live as long as the connection.
const (
	tightFill     = 8 << 4
	tightJPEG     = 9 << 4
	tightFiltered = 4 << 4 // basic, with a filter byte; bits 4 and 5 are the stream

	filterCopy    = 0
	filterPalette = 1

	streamRaw     = 0
	streamMono    = 1
	streamIndexed = 2
	streams       = 3

	minToCompress = 12 // bytes; less goes as it is
)

// How the encoder chooses. As TigerVNC's does, but for the zlib level: it takes 2.
const (
	maxColours  = 96   // of a palette; more go as JPEG
	minSolid    = 2048 // pixels of one colour that are worth a rectangle
	zlibLevel   = 6
	jpegQuality = 79 // its quality level 6, which it takes below 16 Mbit/s
)

// divide divides rectangles of a picture, which begin on the grid of tiles: large parts of
// one colour apart, the rest cut to at most maxArea.
func (g grid) divide(pic *image.RGBA, rects []image.Rectangle) []image.Rectangle {
	clear(g.keys)
	for _, r := range rects {
		g.each(r, func(i int) {
			g.keys[i] = mixed
			if p, one := paletteOf(pic, g.tile(i), 1); one {
				g.keys[i] = solid + key(p.colours[0])
			}
		})
	}
	var out []image.Rectangle
	for _, a := range g.areas() {
		if a.key >= solid {
			k := mixed // too small: goes with its neighbours
			if a.Dx()*a.Dy() >= minSolid {
				out, k = append(out, a.Rectangle), clean
			}
			g.each(a.Rectangle, func(i int) { g.keys[i] = k })
		}
	}
	for _, a := range g.areas() {
		out = appendParts(out, a.Rectangle)
	}
	return out
}
