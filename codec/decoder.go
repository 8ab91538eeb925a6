package codec

import (
	"fmt"
	"image"
)

// DecoderConfig bounds what a stream may ask for.
type DecoderConfig struct {
	MaxSize image.Point // pixels; zero: MaxSide x MaxSide
}

// Decoder keeps the viewer's picture. It is not safe for concurrent use.
type Decoder struct {
	*stream
	max    image.Point
	err    error
	damage []image.Rectangle
}

// NewDecoder gives a Decoder that waits for a stream's first object.
func NewDecoder(c DecoderConfig) *Decoder {
	if c.MaxSize == (image.Point{}) {
		c.MaxSize = image.Pt(MaxSide, MaxSide)
	}
	return &Decoder{stream: newStream(), max: c.MaxSize}
}

// Picture is the viewer's, RGBA, valid until the next Decode; its Size is zero before the first object.
func (d *Decoder) Picture() Picture { return d.picture() }

// Decode takes the next object of the stream. Any bytes may come: after an error the decoder refuses everything.
func (d *Decoder) Decode(obj []byte) (Change, error) {
	if d.err != nil {
		return Change{}, fmt.Errorf("codec: %w: %w", ErrBroken, d.err)
	}
	d.work, d.damage = Work{}, d.damage[:0]
	d.number++
	d.rc.startDecoding(obj)
	resized, err := d.decode()
	if err != nil {
		d.err = fmt.Errorf("codec: object %d: %w", d.number, err)
		return Change{}, d.err
	}
	return Change{Damage: d.damage, Resized: resized, Work: d.work, State: d.number}, nil
}

func corrupt(why string) error { return fmt.Errorf("%w: %s", ErrCorrupt, why) }

func (d *Decoder) decode() (resized bool, err error) {
	c := &d.rc
	if c.adapt(&d.side.resized, 0, limitSide) == 1 {
		size := image.Pt(int(c.raw(0, 13))+1, int(c.raw(0, 13))+1)
		if c.overrun() {
			return false, corrupt("it ends too early")
		}
		if size.X > d.max.X || size.Y > d.max.Y {
			return false, fmt.Errorf("%w: a picture of %d x %d pixels, at most %d x %d are allowed", ErrLimit, size.X, size.Y, d.max.X, d.max.Y)
		}
		if d.view != nil && size == d.view.size {
			return false, corrupt("a resize to the same size")
		}
		d.resize(size)
		resized = true
		d.damage = append(d.damage, image.Rectangle{Max: size})
	}
	if d.view == nil {
		return false, corrupt("the first object has no size")
	}
	first, goOn := true, false
	if d.open.active {
		goOn = c.adapt(&d.side.goOn, 0, limitSide) == 1
		d.open.active = goOn
	}
	ended := false
	if goOn {
		d.stamp[d.open.ty*d.view.tx+d.open.tx] = d.number
		if ended, err = d.rows(); err != nil {
			return resized, err
		}
	} else {
		if why := d.codeCopies(); why != "" {
			return resized, corrupt(why)
		}
		for _, op := range d.copies {
			d.damage = append(d.damage, op.dst)
		}
	}
	for !ended {
		at, more, outside := d.codeNext(image.Point{}, false, first)
		if !more {
			break
		}
		first = false
		if outside {
			return resized, corrupt("a tile outside the picture")
		}
		if d.stamp[at.Y*d.view.tx+at.X] == d.number {
			return resized, corrupt("a tile twice")
		}
		d.codeHead(at, tileWay{})
		if d.open.mode == modeCoarse {
			d.codeCoarse()
			d.touch(at.X, at.Y)
		} else if ended, err = d.rows(); err != nil {
			return resized, err
		}
		if c.overrun() {
			return resized, corrupt("it ends too early")
		}
	}
	if c.shifts+1 != len(c.in) {
		return resized, corrupt(fmt.Sprintf("%d bytes instead of %d", len(c.in), c.shifts+1))
	}
	return resized, nil
}

// rows decodes the open tile's rows. It tells whether the object ended between two of them.
func (d *Decoder) rows() (ended bool, err error) {
	d.touch(d.open.tx, d.open.ty)
	for first := true; d.open.active; first = false {
		if !first && d.codeStop(false) {
			return true, nil
		}
		d.codeRow(nil)
		if d.rc.overrun() {
			return false, corrupt("it ends too early")
		}
	}
	return false, nil
}

// touch adds a tile to the damage, to the rectangle before when it goes on to the right.
func (d *Decoder) touch(tx, ty int) {
	r := d.view.tileRect(tx, ty)
	if n := len(d.damage); n > 0 {
		if l := &d.damage[n-1]; l.Max.X == r.Min.X && l.Min.Y == r.Min.Y && l.Max.Y == r.Max.Y {
			l.Max.X = r.Max.X
			return
		}
	}
	d.damage = append(d.damage, r)
}
