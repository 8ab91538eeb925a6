package trace

import (
	"image"
	"iter"
	"time"
)

// Cut returns a view of r that begins at from and lasts length, or to r's end if that is
// 0 or reaches beyond it. Its first screen is the picture at from, with the updates of
// that very moment; the updates after it, before the end, and the inputs from there on
// follow at their times. A cut after r's end is its last picture, at rest.
func Cut(r Recording, from, length time.Duration) Recording {
	rest := max(0, r.Duration()-from)
	if length <= 0 || length > rest {
		length = rest
	}
	if from <= 0 && length == r.Duration() {
		return r
	}
	c := &cut{Recording: r, from: from, length: length}
	for _, in := range r.Inputs() {
		if in.At >= from && in.At < from+length {
			in.At -= from
			c.inputs = append(c.inputs, in)
		}
	}
	return c
}

type cut struct {
	Recording
	from, length time.Duration
	inputs       []Input
}

func (c *cut) Duration() time.Duration { return c.length }
func (c *cut) Inputs() []Input         { return c.inputs }

func (c *cut) Updates() iter.Seq2[Update, error] {
	return func(yield func(Update, error) bool) {
		screen := image.Rectangle{Max: c.Size()}
		first := Update{Patches: []image.Rectangle{screen}, Picture: image.NewRGBA(screen)}
		begun := false
		begin := func() bool {
			begun = true
			return yield(first, nil)
		}
		for u, err := range c.Recording.Updates() {
			switch {
			case err != nil:
				yield(Update{}, err)
				return
			case u.At <= c.from:
				copyPatches(first.Picture, u)
				continue
			case !begun && !begin():
				return
			}
			if u.At >= c.from+c.length && !c.last(u.At) {
				return
			}
			u.At -= c.from
			if !yield(u, nil) {
				return
			}
		}
		if !begun {
			begin()
		}
	}
}

// last tells whether an update at this time belongs to the cut because it is the very end
// of the recording, and the cut goes to there.
func (c *cut) last(at time.Duration) bool {
	return at == c.Recording.Duration() && c.from+c.length == at
}

func copyPatches(pic *image.RGBA, u Update) {
	for _, p := range u.Patches {
		copyRows(pic, p, u.Picture.Pix[u.Picture.PixOffset(p.Min.X, p.Min.Y):], u.Picture.Stride)
	}
}
