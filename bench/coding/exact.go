package coding

import (
	"bytes"
	"fmt"
	"image"
	"time"

	"github.com/thinpane/thinpane/bench/trace"
	"github.com/thinpane/thinpane/codec"
)

// Coded is a recording of which each update was coded to exact before the next.
type Coded struct {
	First   int   // bytes of the first screen
	Updates []int // bytes of each update after it; 0 where it changed nothing
	Exact   bool  // every picture came out of the decoder as it went in

	EncodedPixels, DecodedPixels int64         // coded one by one
	EncodeCPU, DecodeCPU         time.Duration // of this thread
}

// maxObject is the largest object asked for: the codec alone is measured, without packets.
const maxObject = 1 << 20

// Exactly codes a recording, text in this mode: each update to exact, with all that was learnt before. With
// check it is decoded, too, and compared; else Exact and the decoder's figures stay zero.
func Exactly(rec trace.Recording, mode codec.Mode, check bool) (Coded, error) {
	screen := codec.NewScreen(codec.ScreenConfig{})
	enc, err := codec.NewEncoder(screen, codec.EncoderConfig{})
	if err != nil {
		return Coded{}, err
	}
	c := coder{mode: mode, screen: screen, enc: enc, dec: codec.NewDecoder(codec.DecoderConfig{}), check: check, out: Coded{Exact: check}}
	watch := NewStopwatch()
	defer watch.Release()
	c.watch = watch
	first := true
	for u, err := range rec.Updates() {
		if err != nil {
			return Coded{}, err
		}
		n, err := c.update(u)
		if err != nil {
			return Coded{}, fmt.Errorf("%s at %v: %w", rec.Name(), u.At, err)
		}
		if first {
			c.out.First, first = n, false
		} else {
			c.out.Updates = append(c.out.Updates, n)
		}
	}
	return c.out, nil
}

type coder struct {
	mode   codec.Mode
	screen *codec.Screen
	enc    *codec.Encoder
	dec    *codec.Decoder
	watch  *Stopwatch
	check  bool
	object []byte
	out    Coded
}

// update codes one and returns its bytes.
func (c *coder) update(u trace.Update) (total int, err error) {
	c.watch.Start()
	_, err = c.screen.Update(codec.PictureOf(u.Picture), codec.Hints{Damage: u.Patches})
	c.out.EncodeCPU += c.watch.Stop()
	if err != nil {
		return 0, err
	}
	for {
		c.watch.Start()
		var o codec.Object
		c.object, o = c.enc.Append(c.object[:0], codec.Limits{Bytes: maxObject, Sharpness: codec.Exact, Mode: c.mode, Refine: true, Now: u.At})
		c.out.EncodeCPU += c.watch.Stop()
		if o.State == 0 && o.Stale+o.Coarse > 0 {
			return 0, fmt.Errorf("the encoder stopped with %d stale and %d coarse tiles left", o.Stale, o.Coarse)
		}
		if o.State == 0 {
			break
		}
		total += len(c.object)
		c.out.EncodedPixels += o.Work.Exact + o.Work.Strong + o.Work.Photo + o.Work.Coarse
		if c.check {
			if err := c.decode(); err != nil {
				return 0, err
			}
		}
		c.enc.Ack(o.State)
		if o.Stale+o.Coarse == 0 {
			break
		}
	}
	if c.check && !same(c.dec.Picture(), codec.PictureOf(u.Picture)) {
		c.out.Exact = false
	}
	return total, nil
}

func (c *coder) decode() error {
	c.watch.Start()
	change, err := c.dec.Decode(c.object)
	c.out.DecodeCPU += c.watch.Stop()
	c.out.DecodedPixels += change.Work.Exact + change.Work.Strong + change.Work.Photo + change.Work.Coarse
	return err
}

// same compares two RGBA pictures with alpha 255.
func same(a, b codec.Picture) bool {
	return a.Size == b.Size && firstDifference(a, b) == image.Pt(-1, -1)
}

// firstDifference is where two RGBA pictures of the same size differ first; -1,-1: nowhere.
func firstDifference(a, b codec.Picture) image.Point {
	for y := range a.Size.Y {
		p, q := a.Pix[y*a.Stride:][:4*a.Size.X], b.Pix[y*b.Stride:][:4*a.Size.X]
		if bytes.Equal(p, q) {
			continue
		}
		for x := range a.Size.X {
			if !bytes.Equal(p[4*x:4*x+4], q[4*x:4*x+4]) {
				return image.Pt(x, y)
			}
		}
	}
	return image.Pt(-1, -1)
}
