package session

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestControlMessages(t *testing.T) {
	for _, seen := range []bool{true, false} {
		got, err := parseSeen(appendSeen(nil, seen))
		require.NoError(t, err)
		require.Equal(t, seen, got)
	}
	for _, b := range [][]byte{nil, {2}, {2, 2}, {2, 0, 0}, {1, 0}, {9, 1}} {
		_, err := parseSeen(b)
		require.ErrorIs(t, err, errControl, "% x", b)
	}
	for b, want := range map[string]fromHost{
		string(appendBye(nil, "the office closes")): {kind: controlBye, reason: "the office closes"},
		string(appendCoarse(nil, 0)):                {kind: controlCoarse},
		string(appendCoarse(nil, maxTiles)):         {kind: controlCoarse, coarse: maxTiles},
	} {
		got, err := parseFromHost([]byte(b))
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	for _, b := range [][]byte{nil, {2, 1}, {3}, {3, 1, 1}, {3, 0x80}, appendCoarse(nil, maxTiles+1), append([]byte{1}, make([]byte, 201)...)} {
		_, err := parseFromHost(b)
		require.ErrorIs(t, err, errControl, "% x", b)
	}
}
