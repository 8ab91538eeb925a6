package session

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhatIsHeldIsReleasedLastPressedFirst(t *testing.T) {
	var h held
	shift := Input{Kind: Key, Keysym: 0xffe1, Code: 0xe1, Down: true}
	a := Input{Kind: Key, Keysym: 'A', Code: 4, Text: "A", Down: true}
	left := Input{Kind: Button, Button: 1, Down: true, X: 5, Y: 6}
	for _, in := range []Input{shift, a, a, left, {Kind: Pointer, X: 9}, {Kind: Wheel, DY: 120}} {
		require.True(t, h.note(in))
	}
	// With Shift gone the same key has another keysym: its place tells that it is let go.
	require.True(t, h.note(Input{Kind: Key, Keysym: 'a', Code: 4}))
	require.Equal(t, []Input{
		{Kind: Button, Button: 1, X: 5, Y: 6},
		{Kind: Key, Keysym: 0xffe1, Code: 0xe1},
	}, h.release())
	require.Empty(t, h.release())
}

func TestNobodyHoldsMoreThanAPersonCan(t *testing.T) {
	var h held
	for i := range maxHeld {
		require.True(t, h.note(Input{Kind: Key, Code: uint16(i + 1), Down: true}))
	}
	require.False(t, h.note(Input{Kind: Key, Code: 1000, Down: true}))
	require.True(t, h.note(Input{Kind: Key, Code: 1, Down: true}), "held already")
	require.True(t, h.note(Input{Kind: Key, Code: 1}))
	require.True(t, h.note(Input{Kind: Key, Code: 1000, Down: true}))
	require.Len(t, h.release(), maxHeld)
}
