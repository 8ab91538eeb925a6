package codec

import (
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/draw"
)

// MaxSide is the widest and the highest picture that the format knows, in pixels.
const MaxSide = 8192

// maxStride is more than any memory has between two rows, in bytes.
const maxStride = 1 << 28

// Format is the order of a pixel's four bytes in memory. The fourth is ignored when read and 255 when written.
type Format uint8

const (
	RGBA Format = iota // R, G, B, A: image.RGBA, canvas, RFB's usual choice
	BGRA               // B, G, R, A: X11, Windows and macOS captures
)

// String gives the format's name.
func (f Format) String() string {
	switch f {
	case RGBA:
		return "RGBA"
	case BGRA:
		return "BGRA"
	}
	return fmt.Sprintf("Format(%d)", uint8(f))
}

// Picture is a rectangle of 32-bit pixels in somebody's memory. Row y begins at Pix[y*Stride]; Stride is in bytes and
// at least 4*Size.X. The last row need not be padded to Stride.
type Picture struct {
	Pix    []byte
	Stride int
	Size   image.Point
	Format Format
}

// PictureOf gives any image as a Picture. The pixels of an *image.RGBA are shared, those of other types are copied,
// which takes longer. Transparent pixels appear on black.
func PictureOf(img image.Image) Picture {
	b := img.Bounds()
	m, ok := img.(*image.RGBA)
	if !ok {
		m = image.NewRGBA(image.Rectangle{Max: b.Size()})
		draw.Draw(m, m.Rect, img, b.Min, draw.Src)
		b = m.Rect
	}
	p := Picture{Stride: m.Stride, Size: b.Size(), Format: RGBA}
	if !b.Empty() {
		p.Pix = m.Pix[m.PixOffset(b.Min.X, b.Min.Y):]
	}
	return p
}

// Image gives a copy as an image.RGBA with alpha 255. A picture that is not valid gives an empty image.
func (p Picture) Image() *image.RGBA {
	if p.validate() != nil {
		return image.NewRGBA(image.Rectangle{})
	}
	m := image.NewRGBA(image.Rectangle{Max: p.Size})
	for y := range p.Size.Y {
		from, to := p.Pix[y*p.Stride:][:4*p.Size.X], m.Pix[y*m.Stride:][:4*p.Size.X]
		for i := 0; i < len(from); i += 4 {
			v := binary.LittleEndian.Uint32(from[i:]) | 0xff000000
			if p.Format == BGRA {
				v = v&0xff00ff00 | v>>16&0xff | v&0xff<<16
			}
			binary.LittleEndian.PutUint32(to[i:], v)
		}
	}
	return m
}

func (p Picture) validate() error {
	if err := checkSize(p.Size); err != nil {
		return err
	}
	if p.Format > BGRA {
		return fmt.Errorf("codec: picture: unknown format %d", p.Format)
	}
	if p.Stride < 4*p.Size.X {
		return fmt.Errorf("codec: picture: stride %d is less than %d bytes, 4 for each of %d pixels", p.Stride, 4*p.Size.X, p.Size.X)
	}
	if p.Stride > maxStride {
		return errors.New("codec: picture: stride is out of range")
	}
	if need := int64(p.Size.Y-1)*int64(p.Stride) + 4*int64(p.Size.X); int64(len(p.Pix)) < need {
		return fmt.Errorf("codec: picture: %d bytes, want at least %d", len(p.Pix), need)
	}
	return nil
}

func checkSize(s image.Point) error {
	if s.X < 1 || s.Y < 1 || s.X > MaxSide || s.Y > MaxSide {
		return fmt.Errorf("codec: a picture of %d x %d pixels: sides must be 1 to %d", s.X, s.Y, MaxSide)
	}
	return nil
}
