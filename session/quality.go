package session

import (
	"math"
	"time"

	"github.com/thinpane/thinpane/codec"
)

// quality chooses how sharp the coarse pass is: as sharp as lets a whole screen become legible in time at the
// measured rate. What would be exact in a moment anyway is coded exactly at once.
type quality struct {
	chosen bool    // the fields below hold something
	policy Policy  // that base rests on
	rate   float64 // bit/s, likewise
	base   codec.Sharpness
	burst  int // tiles that the present burst began with; 0: none is under way
	now    codec.Sharpness
}

const (
	// unknownRate stands in until the line has been measured, in bit/s: sharp enough to read, small enough for a
	// thin line's first second.
	unknownRate = 256e3
	// legibleWithin is how long a person may wait for a picture of photographs.
	legibleWithin = 400 * time.Millisecond
	// exactWithin is what an exact first pass may take where a coarse one would be sooner.
	exactWithin = 150 * time.Millisecond
	// rateChange is how far the rate must move before the base follows: less would only flicker.
	rateChange = 1.3
	tilePixels = 256
	// A photograph's bits per pixel at the smoothest and the sharpest end of the dial: means of recorded desktops. The
	// smoothest is bounded by what is legible.
	smoothBits, sharpBits = 0.5, 2.5
)

// choose returns the sharpness for what is left to be sent now of a screen of so many tiles, at rate bit/s (0 unknown).
// It tells what has changed the base, 0: nothing.
// moving says that pictures are overtaken before they are through: then the next one counts, not this one's beauty.
func (q *quality) choose(p Policy, rate float64, left codec.Left, tiles int, moving bool) (s codec.Sharpness, cause Cause) {
	if rate <= 0 {
		rate = unknownRate
	}
	otherPolicy, otherRate := p != q.policy, rate > q.rate*rateChange || rate < q.rate/rateChange
	if !q.chosen || otherPolicy || otherRate {
		base := codec.Sharpness(codec.Exact)
		if p.Detail != ExactAlways {
			base = dial(p, rate*legibleWithin.Seconds(), tiles)
		}
		switch {
		case q.chosen && base == q.base:
		case otherPolicy && (q.chosen || p.Detail == ExactAlways):
			cause = ByPolicy
		default:
			cause = ByLine
		}
		q.chosen, q.policy, q.rate, q.base = true, p, rate, base
		if otherPolicy {
			q.burst = 0
		}
	}
	// The choice holds for a burst: tiles that go together look alike.
	if stale := left.Texts + left.Photos; stale > q.burst || q.burst == 0 {
		q.burst = stale
		q.now = codec.Exact
		if q.base != codec.Exact && float64(left.TextBits+left.PhotoBits)/rate > exactWithin.Seconds() {
			q.now = max(q.base, dial(p, rate*legibleWithin.Seconds()-float64(left.TextBits), left.Photos))
		}
	}
	if moving && q.now < codec.Exact {
		return p.Smoothest, cause
	}
	return q.now, cause
}

// settled ends a burst: nothing is stale any more.
func (q *quality) settled() { q.burst = 0 }

// dial is the sharpness at which so many tiles of photographs take so many bits.
func dial(p Policy, bits float64, tiles int) codec.Sharpness {
	bits = max(bits/float64(max(tiles, 1)*tilePixels), smoothBits)
	top := float64(codec.Exact - 1)
	s := top * math.Log(bits/smoothBits) / math.Log(sharpBits/smoothBits)
	return min(max(codec.Sharpness(min(max(s, 0), top)), p.Smoothest), p.Sharpest)
}
