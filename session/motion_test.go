package session

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPicturesThatAreOvertakenAreMotion(t *testing.T) {
	var m motion
	require.False(t, m.moving(0))
	for now := 100 * ms; now <= 300*ms; now += 100 * ms {
		m.newer(now, 900)
		require.False(t, m.moving(now), "three may be a scroll")
	}
	m.newer(400*ms, 10)
	require.False(t, m.moving(400*ms), "the last one was as good as sent")
	m.newer(500*ms, 900)
	require.True(t, m.moving(500*ms))
	require.True(t, m.moving(1050*ms))
	require.False(t, m.moving(1100*ms), "it has stopped")
}

func TestSlowChangesAreNoMotion(t *testing.T) {
	var m motion
	for now := 100 * ms; now <= 5000*ms; now += 400 * ms {
		m.newer(now, 900)
		require.False(t, m.moving(now))
	}
}
