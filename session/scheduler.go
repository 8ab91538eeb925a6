package session

import (
	"image"
	"time"

	"github.com/thinpane/thinpane/codec"
)

// scheduler decides what one viewer's next message holds. It is told the time, on any clock that only goes forward.
type scheduler struct {
	policy  Policy
	quality quality

	unseen  bool          // nobody looks: nothing is sent
	input   time.Duration // of the viewer's last input; never: below zero
	pointed bool          // focus is known
	focus   image.Point
	begun   time.Duration // when the last newer picture was begun
	version uint64        // of the screen, that the encoder last saw
	stale   int           // tiles left after the last Append
	coarse  int
	left    codec.Left
	notice  notice
	motion  motion
	capped  time.Duration // with a rate cap: when the next message may go
}

const (
	// echoFor is how long after an input what appears is taken for its echo: an application's own time.
	echoFor = 300 * time.Millisecond
	// calm is how long the viewer's hands must rest before coarse tiles are refined: a refinement under way, or
	// lost, would hold up the next key press.
	calm = 400 * time.Millisecond
	// still is how long the picture must have stood, for the same reason: what changes each 100 ms has no time to
	// wait behind a refinement (a terminal on 256 kbit/s: 64 in place of 117 ms), what blinks twice a second has.
	still = 250 * time.Millisecond
	// Where neither ever rests, refinement has its turn all the same: refineTurn in each refineEvery.
	refineEvery = 4 * time.Second
	refineTurn  = 500 * time.Millisecond
	// focusSize is the side of the square around the pointer that goes first, in pixels.
	focusSize = 192
	never     = time.Duration(-1 << 62)
)

func newScheduler(p Policy) *scheduler {
	return &scheduler{policy: p.withDefaults(), input: never, begun: never}
}

// onInput is told of an input of the viewer's.
func (s *scheduler) onInput(now time.Duration, in Input) {
	s.input = now
	if in.Kind != Key {
		s.pointed, s.focus = true, image.Pt(in.X, in.Y)
	}
}

// tell says whether the viewer is to be told now how many of its tiles are coarse, and gives the plan a moment to ask
// again otherwise.
func (s *scheduler) tell(now time.Duration, p *plan) bool {
	if p.send && !p.refine || s.unseen {
		return false // that is more urgent, or may change it
	}
	at, is := s.notice.due(s.coarse, s.input+calm)
	if !is {
		return false
	}
	if at > now {
		if !p.send && (p.wake == 0 || at < p.wake) {
			p.wake = at
		}
		return false
	}
	s.notice.tell(now, s.coarse)
	return true
}

// plan is what a message may hold.
type plan struct {
	send     bool
	idle     bool          // when not: something newer would be sent at once
	wake     time.Duration // when not: look again then at the latest; 0: only when something happens
	priority Priority
	refine   bool
}

// next says what to do now that the screen is at version.
func (s *scheduler) next(now time.Duration, version uint64) plan {
	if s.unseen {
		return plan{}
	}
	if now < s.capped {
		return plan{wake: s.capped}
	}
	echo := now-s.input < echoFor
	if version != s.version || s.stale > 0 {
		if begin := s.begun + s.policy.framePause(); version != s.version && s.stale == 0 && !echo && now < begin {
			return plan{wake: begin}
		}
		p := plan{send: true, priority: Legible}
		if echo {
			p.priority = Echo
		}
		return p
	}
	if s.coarse == 0 || s.policy.Detail == CoarseOnly {
		return plan{idle: true}
	}
	rest := min(max(s.input+calm, s.begun+still), nextTurn(now))
	if now < rest {
		return plan{idle: true, wake: rest}
	}
	return plan{send: true, priority: Refining, refine: true}
}

// nextTurn is when refinement may go on without rest: now, or later.
func nextTurn(now time.Duration) time.Duration {
	return max(now, now-now%refineEvery+refineEvery-refineTurn)
}

// fastAbove is the rate, in bit/s, at which text that is coded in the fewest bytes keeps a slow processor busier than the
// line.
const fastAbove = 3e6

// limits fills in what the encoder is allowed, for a message of room bytes at rate bit/s, on a screen of size. It tells
// what has changed the quality, 0: nothing.
func (s *scheduler) limits(now time.Duration, p plan, room int, rate float64, size image.Point) (l codec.Limits, changed Cause) {
	tiles := ((size.X + 15) / 16) * ((size.Y + 15) / 16)
	l = codec.Limits{Bytes: room, Refine: p.refine, Now: now}
	if rate > fastAbove {
		l.Mode = codec.Fast
	}
	if s.pointed {
		l.Focus = image.Rectangle{Min: s.focus, Max: s.focus}.Inset(-focusSize / 2)
	}
	l.Sharpness, changed = s.quality.choose(s.policy, rate, s.left, tiles, s.motion.moving(now))
	return l, changed
}

// onAppended is told what an Append did with the screen at version.
func (s *scheduler) onAppended(now time.Duration, version uint64, obj codec.Object) {
	if version != s.version {
		s.motion.newer(now, s.stale)
		s.version, s.begun = version, now
	}
	s.stale, s.coarse, s.left = obj.Stale, obj.Coarse, obj.Left
	if s.stale == 0 {
		s.quality.settled()
	}
}

// onSent is told of a message's bytes: with a rate cap the next one waits for them.
func (s *scheduler) onSent(now time.Duration, bytes int) {
	if s.policy.RateCap > 0 {
		s.capped = max(s.capped, now) + time.Duration(float64(bytes)*8/float64(s.policy.RateCap)*1e9)
	}
}
