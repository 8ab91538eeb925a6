package session

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTheViewerIsToldWhatIsNotExactNowAndThen(t *testing.T) {
	var n notice
	due := func(coarse int, calmAt, want time.Duration) {
		t.Helper()
		at, is := n.due(coarse, calmAt)
		require.True(t, is)
		require.Equal(t, want, at)
	}
	_, is := n.due(0, 0)
	require.False(t, is, "a connection begins exact")
	due(30, 400*ms, 400*ms)
	n.tell(400*ms, 30)
	_, is = n.due(30, 400*ms)
	require.False(t, is)
	due(20, 400*ms, 2400*ms)
	due(20, 2600*ms, 2600*ms)
	due(0, 500*ms, 500*ms)
	n.tell(500*ms, 0)
	due(1, 500*ms, 500*ms)
}
