package x11

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// fewSpares has keycodes 8, 9 and 10 for a layout that has 'a' on 11.
func fewSpares() (*spares, *keymap) {
	m := &keymap{first: 8, width: 1, syms: []keysym{0, 0, 0, 'a'}}
	s := &spares{}
	s.sync(m)
	return s, m
}

func TestSparesGoRoundTheOneThatRestedLongestFirst(t *testing.T) {
	s, _ := fewSpares()
	now := time.Unix(1000, 0)
	take := func(sym keysym) (keycode, bool) {
		now = now.Add(time.Second)
		p, remap, ok := s.take(now, sym, none)
		require.True(t, ok)
		if len(remap) > 0 {
			require.Equal(t, now.Add(settle), p.ready)
		}
		return p.code, len(remap) > 0
	}
	for i, sym := range []keysym{'x', 'y', 'z'} {
		code, fresh := take(sym)
		require.True(t, fresh)
		require.Equal(t, keycode(10-i), code)
	}
	code, fresh := take('x')
	require.False(t, fresh)
	require.Equal(t, keycode(10), code)
	code, fresh = take('w')
	require.True(t, fresh)
	require.Equal(t, keycode(9), code, "y rested longest")
	require.ElementsMatch(t, []keycode{8, 9, 10}, s.given())
}

func TestASpareThatIsHeldIsNotGivenAway(t *testing.T) {
	s, _ := fewSpares()
	for _, sym := range []keysym{'x', 'y', 'z'} {
		s.take(time.Time{}, sym, none)
	}
	p, _, ok := s.take(time.Time{}, 'w', func(code keycode) bool { return code == 10 })
	require.True(t, ok)
	require.Equal(t, keycode(9), p.code)
	_, _, ok = s.take(time.Time{}, 'v', func(keycode) bool { return true })
	require.False(t, ok)
	_, _, ok = new(spares).take(time.Time{}, 'v', none)
	require.False(t, ok)
}

func TestASpareThatWasJustUsedStaysForAMoment(t *testing.T) {
	s := &spares{pool: []spare{{code: 8}}}
	now := time.Unix(1000, 0)
	p, remap, _ := s.take(now, 'x', none)
	require.Equal(t, []step{{code: 8, remap: 'x'}}, remap)
	require.Empty(t, s.early(now, 'y', none), "x has not been used yet")
	at := p.ready.Add(time.Second)
	s.take(at, 'x', none)
	require.Empty(t, s.early(at, 'y', none), "x may not have been looked up yet")
	p, remap, _ = s.take(at, 'y', none)
	require.Equal(t, []step{{code: 8, remap: 'y', ready: at.Add(settle)}}, remap)
	require.Equal(t, at.Add(2*settle), p.ready)
	require.Len(t, s.early(at.Add(time.Second), 'z', none), 1)
}

func TestANewLayoutTakesSparesBack(t *testing.T) {
	s, m := fewSpares()
	s.take(time.Time{}, 'x', none)
	s.take(time.Time{}, 'y', none)
	m.syms = []keysym{'b', 0, 'x', 'a'} // x has stayed, y's key is empty again, 8 is a letter's
	s.sync(m)
	require.Equal(t, []keycode{10}, s.given())
	require.True(t, s.owns(9))
	require.False(t, s.owns(8))
	require.False(t, s.owns(11))
}
