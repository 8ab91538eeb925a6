package rival

import (
	"image"
	"image/color"
)

// palette is the colours of a rectangle in the order in which they come, as 0xRRGGBB.
type palette struct {
	colours []uint32
	index   map[uint32]byte
}

// paletteOf counts the colours of a rectangle; false: there are more than most (at most 256).
func paletteOf(pic *image.RGBA, r image.Rectangle, most int) (palette, bool) {
	p := palette{index: map[uint32]byte{}}
	last := ^uint32(0)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		line := row(pic, r, y)
		for i := 0; i < len(line); i += 4 {
			c := rgb(line[i:])
			if c == last {
				continue
			}
			last = c
			if _, known := p.index[c]; !known {
				if len(p.colours) == most {
					return palette{}, false
				}
				p.index[c] = byte(len(p.colours))
				p.colours = append(p.colours, c)
			}
		}
	}
	return p, true
}

// pixels are the rectangle's indices, row by row.
func (p palette) pixels(pic *image.RGBA, r image.Rectangle) []byte {
	all := make([]byte, 0, r.Dx()*r.Dy())
	for y := r.Min.Y; y < r.Max.Y; y++ {
		line := row(pic, r, y)
		for i := 0; i < len(line); i += 4 {
			all = append(all, p.index[rgb(line[i:])])
		}
	}
	return all
}

// standard is the palette as image/png takes it.
func (p palette) standard() color.Palette {
	var all color.Palette
	for _, c := range p.colours {
		all = append(all, color.RGBA{byte(c >> 16), byte(c >> 8), byte(c), 255})
	}
	return all
}

func rgb(p []byte) uint32 { return uint32(p[0])<<16 | uint32(p[1])<<8 | uint32(p[2]) }

// setRGB paints a pixel.
func setRGB(p []byte, c uint32) {
	p[0], p[1], p[2], p[3] = byte(c>>16), byte(c>>8), byte(c), 255
}
