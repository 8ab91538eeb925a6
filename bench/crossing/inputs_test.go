package crossing

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/bench/trace"
	"github.com/thinpane/thinpane/session"
)

func press(sym uint32, text string) session.Input {
	return session.Input{Kind: session.Key, Keysym: sym, Text: text, Down: true}
}

func release(sym uint32) session.Input { return session.Input{Kind: session.Key, Keysym: sym} }

func TestStrokesBecomeKeys(t *testing.T) {
	for stroke, want := range map[string][]session.Input{
		"a":               {press('a', "a"), release('a')},
		"eacute":          {press(0xe9, "é"), release(0xe9)},
		"space":           {press(' ', " "), release(' ')},
		"Return":          {press(0xff0d, ""), release(0xff0d)},
		"ctrl+a":          {press(0xffe3, ""), press('a', ""), release('a'), release(0xffe3)},
		"ctrl+shift+Left": {press(0xffe3, ""), press(0xffe1, ""), press(0xff51, ""), release(0xff51), release(0xffe1), release(0xffe3)},
		"ctrl++":          {press(0xffe3, ""), press('+', ""), release('+'), release(0xffe3)},
		"+":               {press('+', "+"), release('+')},
		"Ω":               {press(0x010003a9, "Ω"), release(0x010003a9)},
		"no_such_key":     {press(0xffffff, ""), release(0xffffff)},
	} {
		var s sentInputs
		require.Equal(t, want, s.add(0, trace.Input{Kind: trace.Key, Keysym: stroke}), stroke)
	}
}

func TestInputHasArrivedWithItsKeysPress(t *testing.T) {
	var s sentInputs
	all := s.add(4, trace.Input{Kind: trace.Key, Keysym: "ctrl+b"})
	require.Empty(t, s.arrived(all[0]))
	require.Equal(t, []int{4}, s.arrived(all[1]))
	require.Empty(t, s.arrived(all[2]))
	require.Empty(t, s.arrived(all[3]))
	require.Empty(t, s.queue)
}

func TestOvertakenMovesHaveArrivedWithTheNewest(t *testing.T) {
	var s sentInputs
	s.add(0, trace.Input{Kind: trace.Pointer, X: 1, Y: 1})
	s.add(1, trace.Input{Kind: trace.Pointer, X: 2, Y: 2})
	newest := s.add(2, trace.Input{Kind: trace.Pointer, X: 3, Y: -3}) // outside: at the edge
	click := s.add(3, trace.Input{Kind: trace.Button, Button: 1, Down: true})
	require.Equal(t, []session.Input{{Kind: session.Pointer, X: 3}}, newest)
	require.Equal(t, []int{0, 1, 2}, s.arrived(newest[0]))
	require.Equal(t, []int{3}, s.arrived(click[0]))
	require.Equal(t, session.Input{Kind: session.Button, Button: 1, Down: true, X: 3}, click[0])
}

func TestLostInputHasNotArrived(t *testing.T) {
	var s sentInputs
	s.add(0, trace.Input{Kind: trace.Key, Keysym: "a"})
	wheel := s.add(1, trace.Input{Kind: trace.Wheel, DY: -2})
	require.Equal(t, []session.Input{{Kind: session.Wheel, DY: -240}}, wheel)
	require.Empty(t, s.arrived(session.Input{Kind: session.Wheel, DY: 7})) // never sent
	require.Equal(t, []int{1}, s.arrived(wheel[0]))
	require.Empty(t, s.arrived(press('a', "a")))
}
