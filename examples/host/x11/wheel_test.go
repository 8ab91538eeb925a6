package x11

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheWheelGathersWhatDoesNotMakeAClick(t *testing.T) {
	var w wheel
	for _, c := range []struct {
		dx, dy int
		want   []byte
	}{
		{0, 120, []byte{5}},
		{0, -240, []byte{4, 4}},
		{0, 50, nil},
		{0, 50, nil},
		{0, 50, []byte{5}}, // 150: one click, 30 left
		{0, -100, nil},     // the other way: what was left is gone
		{0, -20, []byte{4}},
		{120, 0, []byte{7}},
		{-120, 120, []byte{5, 6}},
		{0, 119, nil},
	} {
		require.Equal(t, c.want, w.turn("ann", c.dx, c.dy), "%d,%d", c.dx, c.dy)
	}
	require.Nil(t, w.turn("bob", 0, 1), "another hand")
	require.Len(t, w.turn("bob", 0, 32767), maxClicks)
	require.Nil(t, w.turn("bob", 0, 1), "what was too much is not kept")
}
