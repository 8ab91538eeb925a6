package netsim

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTheTimeoutFollowsTheRoundTrip(t *testing.T) {
	const ms = time.Millisecond
	var r roundTrip
	require.Equal(t, time.Second, r.timeout(), "nothing is known")
	r.sample(100 * ms)
	require.Equal(t, 300*ms, r.timeout(), "100 + 4 * 50")
	r.sample(100 * ms) // deviation 37.5
	require.Equal(t, 300*ms, r.timeout(), "at least 200 above the round trip")
	r.sample(500 * ms) // deviation 37.5 + (400-37.5)/4 = 128.125; round trip 150
	require.Equal(t, 662500*time.Microsecond, r.timeout())
	for i := range 8 {
		r.backoff++
		require.Equal(t, min(662500*time.Microsecond<<(i+1), maxRTO), r.timeout(), "doubles, up to two minutes")
	}
	r.sample(150 * ms)
	require.Less(t, r.timeout(), time.Second, "heard again")
}
