package coding

import (
	"context"
	"fmt"
	"image"
	"iter"
	"math/rand/v2"
	"time"

	"github.com/thinpane/thinpane/bench/trace"
	"github.com/thinpane/thinpane/codec"
)

// Checked is what Randomly found right.
type Checked struct {
	Objects int
	Bytes   int
	Passes  int // through the recording, the last one perhaps not to its end
}

// Randomly codes a recording again and again, for so long by the wall clock or until ctx
// ends, with random limits: budget, work, sharpness, refinement, focus; a newer picture may
// come between any two objects. After each object the decoder's picture must equal the
// encoder's model of it byte for byte and no limit may be broken; at the end of each pass
// both must equal the recording's last picture. The error says what went wrong, and the
// seed and the object with which it happens again.
func Randomly(ctx context.Context, rec trace.Recording, seed uint64, long time.Duration) (Checked, error) {
	var c Checked
	for end := time.Now().Add(long); time.Now().Before(end) && ctx.Err() == nil; seed++ {
		c.Passes++
		next, stop := iter.Pull2(rec.Updates())
		p, err := newPass(rec, seed)
		if err == nil {
			err = p.run(next, func() bool { return time.Now().After(end) || ctx.Err() != nil })
		}
		stop()
		c.Objects += p.objects
		c.Bytes += p.bytes
		if err != nil {
			return c, fmt.Errorf("%s, seed %d, object %d: %w", rec.Name(), seed, p.objects, err)
		}
	}
	return c, nil
}

// pass is one way through a recording.
type pass struct {
	random  *rand.Rand
	size    image.Point
	screen  *codec.Screen
	enc     *codec.Encoder
	dec     *codec.Decoder
	pic     *image.RGBA // a copy of the newest, at the screen
	object  []byte
	objects int
	bytes   int
	now     time.Duration
}

func newPass(rec trace.Recording, seed uint64) (*pass, error) {
	screen := codec.NewScreen(codec.ScreenConfig{})
	enc, err := codec.NewEncoder(screen, codec.EncoderConfig{})
	return &pass{
		random: rand.New(rand.NewPCG(seed, 1)), size: rec.Size(), screen: screen, enc: enc,
		dec: codec.NewDecoder(codec.DecoderConfig{}),
	}, err
}

func (p *pass) run(next func() (trace.Update, error, bool), over func() bool) error {
	// Some pictures are overtaken at once, others have their time.
	haste := 1.
	for first := true; !over(); first = false {
		if p.random.Float64() < haste {
			haste = []float64{.02, .1, .3, .9}[p.random.IntN(4)]
			u, err, more := next()
			if err != nil {
				return err
			}
			if !more {
				return p.finish(over)
			}
			if err := p.update(u); err != nil {
				return err
			}
			if first {
				continue
			}
		}
		o, err := p.append(p.limits())
		if err != nil {
			return err
		}
		if o.Stale+o.Coarse == 0 {
			haste = 1
		}
	}
	return nil
}

// update makes a newer picture known, with its damage or without.
func (p *pass) update(u trace.Update) error {
	if p.now = max(p.now, u.At); p.pic == nil {
		p.pic = image.NewRGBA(u.Picture.Rect)
	}
	copy(p.pic.Pix, u.Picture.Pix)
	var h codec.Hints
	if p.random.IntN(4) > 0 {
		h.Damage = u.Patches
	}
	_, err := p.screen.Update(codec.PictureOf(u.Picture), h)
	return err
}

// limits are random ones.
func (p *pass) limits() codec.Limits {
	l := codec.Limits{
		Bytes:     codec.MinObject + p.random.IntN(1400),
		Sharpness: codec.Sharpness(p.random.IntN(int(codec.Exact) + 1)),
		Mode:      codec.Mode(p.random.IntN(2)),
		Refine:    p.random.IntN(2) == 0,
		Now:       p.now,
	}
	switch p.random.IntN(20) {
	case 0: // too little for anything
		l.Bytes = p.random.IntN(codec.MinObject)
	case 1: // as much as there is
		l.Bytes = maxObject
	}
	if p.random.IntN(3) == 0 {
		l.Work = 1 + p.random.Int64N(codec.MaxWork)
	}
	if p.random.IntN(3) == 0 {
		at := image.Pt(p.random.IntN(p.size.X), p.random.IntN(p.size.Y))
		l.Focus = image.Rectangle{Min: at, Max: at.Add(image.Pt(1+p.random.IntN(200), 1+p.random.IntN(100)))}
	}
	p.now += time.Duration(p.random.IntN(50)) * time.Millisecond
	return l
}

// append asks for an object and checks it.
func (p *pass) append(l codec.Limits) (codec.Object, error) {
	var o codec.Object
	p.object, o = p.enc.Append(p.object[:0], l)
	if o.State == 0 {
		if len(p.object) > 0 {
			return o, fmt.Errorf("%d bytes of no object", len(p.object))
		}
		if o.Stale > 0 && l.Bytes >= codec.MinObject {
			return o, fmt.Errorf("no progress with %d bytes although %d tiles are stale", l.Bytes, o.Stale)
		}
		return o, nil
	}
	p.objects++
	p.bytes += len(p.object)
	if len(p.object) > l.Bytes {
		return o, fmt.Errorf("%d bytes, above the limit of %d", len(p.object), l.Bytes)
	}
	change, err := p.dec.Decode(p.object)
	if err != nil {
		return o, err
	}
	if change.State != o.State {
		return o, fmt.Errorf("the decoder calls it number %d, the encoder %d", change.State, o.State)
	}
	if model, seen := p.enc.Picture(), p.dec.Picture(); model.Size != seen.Size {
		return o, fmt.Errorf("the viewer's picture is %v, the encoder's model of it %v", seen.Size, model.Size)
	} else if at := firstDifference(model, seen); at.X >= 0 {
		return o, fmt.Errorf("the viewer's picture differs from the encoder's model of it, first at %v", at)
	}
	if p.random.IntN(3) > 0 { // reports may be late
		p.enc.Ack(o.State)
	}
	return o, nil
}

// finish goes on until the picture is exact, and compares it with the recording's last.
func (p *pass) finish(over func() bool) error {
	for !over() {
		l := p.limits()
		l.Refine = true
		o, err := p.append(l)
		if err != nil {
			return err
		}
		if o.State == 0 && l.Bytes >= codec.MinObject && o.Coarse > 0 {
			return fmt.Errorf("no progress with %d bytes although %d tiles are coarse", l.Bytes, o.Coarse)
		}
		if o.Stale+o.Coarse > 0 {
			continue
		}
		want, seen := codec.PictureOf(p.pic), p.dec.Picture()
		if seen.Size != want.Size {
			return fmt.Errorf("the viewer's picture is %v, the recording's %v", seen.Size, want.Size)
		}
		if at := firstDifference(want, seen); at.X >= 0 {
			return fmt.Errorf("nothing is left to do, but the viewer's picture differs from the recording's, first at %v", at)
		}
		return nil
	}
	return nil
}
