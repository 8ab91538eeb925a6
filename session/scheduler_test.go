package session

import (
	"image"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/codec"
)

const ms = time.Millisecond

func TestNewsFirstThenRefinementWhenAllRests(t *testing.T) {
	s := newScheduler(Policy{})
	refine := plan{send: true, priority: Refining, refine: true}
	require.Equal(t, plan{idle: true}, s.next(0, 0), "there is no picture yet")

	require.Equal(t, plan{send: true, priority: Legible}, s.next(10*ms, 1))
	s.onAppended(10*ms, 1, codec.Object{State: 1, Stale: 30, Coarse: 5})
	require.Equal(t, plan{send: true, priority: Legible}, s.next(11*ms, 1))
	s.onAppended(20*ms, 1, codec.Object{State: 2, Coarse: 20})
	require.Equal(t, plan{idle: true, wake: 10*ms + still}, s.next(21*ms, 1), "the picture is new")
	require.Equal(t, refine, s.next(10*ms+still, 1))

	s.onInput(300*ms, Input{Kind: Key})
	require.Equal(t, plan{idle: true, wake: 300*ms + calm}, s.next(301*ms, 1), "a key press stops refinement")
	require.Equal(t, plan{send: true, priority: Echo}, s.next(330*ms, 2), "its echo goes first")
	s.onAppended(330*ms, 2, codec.Object{State: 3, Coarse: 20})
	require.Equal(t, refine, s.next(300*ms+calm, 2))
	s.onAppended(800*ms, 2, codec.Object{State: 4})
	require.Equal(t, plan{idle: true}, s.next(801*ms, 2), "exact: wait for something to happen")
}

func TestRefinementHasItsTurnWhereNothingEverRests(t *testing.T) {
	s := newScheduler(Policy{})
	refining := 0
	for now := time.Duration(0); now < 40*time.Second; now += 10 * ms {
		if now%(100*ms) == 0 {
			s.onInput(now, Input{Kind: Pointer})
			s.onAppended(now, s.version+1, codec.Object{Coarse: 9})
		}
		p := s.next(now, s.version)
		if p.refine {
			refining++
		} else {
			require.Greater(t, p.wake, now)
		}
	}
	require.Equal(t, 500, refining, "an eighth of the time")
}

func TestAFrameCapHoldsBackPicturesButNoEcho(t *testing.T) {
	s := newScheduler(Policy{FrameCap: 10})
	s.onAppended(0, 1, codec.Object{State: 1})
	require.Equal(t, plan{wake: 100 * ms}, s.next(30*ms, 2))
	require.True(t, s.next(100*ms, 2).send)
	s.onInput(40*ms, Input{Kind: Key})
	require.True(t, s.next(41*ms, 2).send)
}

func TestOnlyThePointerTellsWhereTheUserLooks(t *testing.T) {
	s := newScheduler(Policy{})
	size := image.Pt(640, 400)
	s.onInput(0, Input{Kind: Key})
	l, _ := s.limits(0, plan{}, 1000, 1e6, size)
	require.Zero(t, l.Focus)
	s.onInput(0, Input{Kind: Pointer, X: 300, Y: 200})
	l, _ = s.limits(0, plan{}, 1000, 1e6, size)
	require.Equal(t, image.Rect(204, 104, 396, 296), l.Focus)
}

func TestAFrameCapLetsABegunPictureGoOn(t *testing.T) {
	s := newScheduler(Policy{FrameCap: 10})
	s.onAppended(0, 1, codec.Object{State: 1, Stale: 3})
	require.True(t, s.next(5*ms, 2).send)
}

func TestARateCapSpacesMessages(t *testing.T) {
	s := newScheduler(Policy{RateCap: 80_000})
	s.onSent(0, 1000)
	require.Equal(t, plan{wake: 100 * ms}, s.next(10*ms, 1))
	require.True(t, s.next(100*ms, 1).send)
}

func TestCoarseOnlyIsNeverRefined(t *testing.T) {
	s := newScheduler(Policy{Detail: CoarseOnly})
	s.onAppended(0, 1, codec.Object{State: 1, Coarse: 9})
	require.Equal(t, plan{idle: true}, s.next(time.Minute, 1))
}
