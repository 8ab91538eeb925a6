package codec

import (
	"fmt"
	"image"
)

// DecoderConfig bounds what a stream may ask for.
type DecoderConfig struct {
	MaxSize image.Point // pixels; zero: MaxSide x MaxSide
}

// Decoder keeps the viewer's picture.
type Decoder struct {
	max    image.Point
	view   *frame
	number uint64
	err    error
	rc     rangeCoder
	damage []image.Rectangle
	pic    []byte
}

func NewDecoder(c DecoderConfig) *Decoder {
	if c.MaxSize == (image.Point{}) {
		c.MaxSize = image.Pt(MaxSide, MaxSide)
	}
	return &Decoder{max: c.MaxSize}
}

// Decode takes the next object. After an error the decoder refuses everything.
func (d *Decoder) Decode(obj []byte) (Change, error) {
	if d.err != nil {
		return Change{}, fmt.Errorf("codec: %w", ErrBroken)
	}
	c, err := d.decode(obj)
	d.err = err
	return c, err
}

func (d *Decoder) decode(obj []byte) (Change, error) {
	c := Change{}
	d.damage = d.damage[:0]
	d.rc.startDecoding(obj)
	if d.rc.bit(0, 1<<15) == 1 {
		size := image.Pt(int(d.rc.raw(0, 14)), int(d.rc.raw(0, 14)))
		if err := checkSize(size); err != nil {
			return c, fmt.Errorf("%w: %w", ErrCorrupt, err)
		}
		if size.X > d.max.X || size.Y > d.max.Y {
			return c, fmt.Errorf("codec: a picture of %d x %d pixels: %w", size.X, size.Y, ErrLimit)
		}
		d.view = d.view.resized(size)
		c.Resized = true
	}
	if d.view == nil {
		return c, fmt.Errorf("codec: the first object has no size: %w", ErrCorrupt)
	}
	for d.rc.bit(0, 60000) == 1 {
		tx, ty, y := int(d.rc.raw(0, 10)), int(d.rc.raw(0, 10)), int(d.rc.raw(0, 4))
		if d.rc.overrun() || tx >= d.view.tx || ty >= d.view.ty {
			return c, fmt.Errorf("codec: a tile outside the picture: %w", ErrCorrupt)
		}
		i, w, h := d.view.tile(tx, ty)
		if y >= h {
			return c, fmt.Errorf("codec: a row outside the picture: %w", ErrCorrupt)
		}
		for x := range w {
			v := d.rc.raw(0, 12) << 12
			d.view.pix[i+y*d.view.stride+x] = v | d.rc.raw(0, 12)
		}
		c.Work.Exact += w
		d.damage = append(d.damage, image.Rect(tx*16, ty*16+y, tx*16+w, ty*16+y+1))
	}
	if d.rc.shifts+1 != len(obj) {
		return c, fmt.Errorf("codec: %d bytes instead of %d: %w", len(obj), d.rc.shifts+1, ErrCorrupt)
	}
	d.number++
	c.State, c.Damage = d.number, d.damage
	return c, nil
}

// Picture is RGBA, valid until the next Decode; its Size is zero before the first object.
func (d *Decoder) Picture() Picture { return d.view.picture(&d.pic) }
