package rival

import (
	"bytes"
	"compress/zlib"
	"image"
)

// tightEncoder is a Tight encoder with its zlib streams.
type tightEncoder struct {
	grid    grid
	streams [streams]deflater
	lossy   bool              // full-colour rectangles go as JPEG; else exactly, through zlib
	coarse  []image.Rectangle // of the last update, what went as JPEG
}

// deflater is a zlib stream; the decoder reads it as long as the connection lives.
type deflater struct {
	out bytes.Buffer
	z   *zlib.Writer
}

func newTightEncoder(size image.Point) *tightEncoder {
	return &tightEncoder{grid: newGrid(size), lossy: true}
}

func (e *tightEncoder) encode(dst []byte, pic *image.RGBA, rects []image.Rectangle) ([]byte, int, error) {
	e.coarse = e.coarse[:0]
	parts := e.grid.divide(pic, rects)
	for _, r := range parts {
		dst = appendHead(dst, r, encodingTight)
		var err error
		if dst, err = e.rect(dst, pic, r); err != nil {
			return dst, 0, err
		}
	}
	return dst, len(parts), nil
}

func (e *tightEncoder) rect(dst []byte, pic *image.RGBA, r image.Rectangle) ([]byte, error) {
	p, few := paletteOf(pic, r, maxColours)
	switch {
	case !few && e.lossy:
		e.coarse = append(e.coarse, r)
		return appendJPEG(append(dst, tightJPEG), pic, r)
	case !few:
		raw := make([]byte, 0, 3*r.Dx()*r.Dy())
		for y := r.Min.Y; y < r.Max.Y; y++ {
			line := row(pic, r, y)
			for i := 0; i < len(line); i += 4 {
				raw = append(raw, line[i], line[i+1], line[i+2])
			}
		}
		return e.basic(append(dst, tightFiltered|streamRaw<<4, filterCopy), streamRaw, raw)
	case len(p.colours) == 1:
		return appendColour(append(dst, tightFill), p.colours[0]), nil
	}
	stream, data := streamIndexed, p.pixels(pic, r)
	if len(p.colours) == 2 {
		stream, data = streamMono, packBits(data, r.Dx())
	}
	dst = append(dst, tightFiltered|byte(stream)<<4, filterPalette, byte(len(p.colours)-1))
	for _, c := range p.colours {
		dst = appendColour(dst, c)
	}
	return e.basic(dst, stream, data)
}

// basic appends data through a zlib stream, with the compressed length before it.
func (e *tightEncoder) basic(dst []byte, stream int, data []byte) ([]byte, error) {
	if len(data) < minToCompress {
		return append(dst, data...), nil
	}
	s := &e.streams[stream]
	s.out.Reset()
	if s.z == nil {
		var err error
		if s.z, err = zlib.NewWriterLevel(&s.out, zlibLevel); err != nil {
			return dst, err
		}
	}
	if _, err := s.z.Write(data); err != nil {
		return dst, err
	}
	if err := s.z.Flush(); err != nil {
		return dst, err
	}
	return append(appendLength(dst, s.out.Len()), s.out.Bytes()...), nil
}

func appendColour(dst []byte, c uint32) []byte {
	return append(dst, byte(c>>16), byte(c>>8), byte(c))
}

// appendLength appends Tight's compact length: 7, 7 and 8 bits, the least first.
func appendLength(dst []byte, n int) []byte {
	switch {
	case n < 1<<7:
		return append(dst, byte(n))
	case n < 1<<14:
		return append(dst, byte(n)|0x80, byte(n>>7))
	}
	return append(dst, byte(n)|0x80, byte(n>>7)|0x80, byte(n>>14))
}

// packBits packs indices 0 and 1 of rows into bits, the leftmost pixel first; a row fills
// its last byte.
func packBits(index []byte, width int) []byte {
	var out []byte
	for ; len(index) > 0; index = index[width:] {
		for x := 0; x < width; x += 8 {
			var b byte
			for i := range min(8, width-x) {
				b |= index[x+i] << (7 - i)
			}
			out = append(out, b)
		}
	}
	return out
}
