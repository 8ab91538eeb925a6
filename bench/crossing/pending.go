package crossing

import (
	"image"
	"image/draw"

	"github.com/thinpane/thinpane/bench/trace"
)

// pending is what the near end has yet to be told: the screen as it is now, and what has
// changed since it was last told. A host that is busy gets several updates as one, as a
// capture would.
type pending struct {
	pic    *image.RGBA
	damage []image.Rectangle
	more   chan struct{} // closed when there is damage
}

// maxDamage rectangles are kept apart; more become one.
const maxDamage = 256

func (p *pending) begin(first *image.RGBA) {
	p.pic = image.NewRGBA(first.Rect)
	copy(p.pic.Pix, first.Pix)
	p.more = make(chan struct{})
}

func (p *pending) add(u trace.Update) {
	for _, r := range u.Patches {
		draw.Draw(p.pic, r, u.Picture, r.Min, draw.Src)
		if len(p.damage) < maxDamage {
			p.damage = append(p.damage, r)
		} else {
			p.damage[maxDamage-1] = p.damage[maxDamage-1].Union(r)
		}
	}
	if len(p.damage) > 0 {
		select {
		case <-p.more:
		default:
			close(p.more)
		}
	}
}

// take brings pic, which the taker keeps, up to date and returns where it changed; nil:
// nowhere, and more is closed when it may be different.
func (p *pending) take(pic *image.RGBA) (damage []image.Rectangle, more <-chan struct{}) {
	if len(p.damage) == 0 {
		return nil, p.more
	}
	damage, p.damage = p.damage, nil
	p.more = make(chan struct{})
	for _, r := range damage {
		draw.Draw(pic, r, p.pic, r.Min, draw.Src)
	}
	return damage, nil
}
