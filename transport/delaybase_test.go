package transport

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTheBaseIsTheSmallestDelayOf25Seconds(t *testing.T) {
	var b delayBase
	_, known := b.of(1241, 0, 0)
	require.False(t, known)
	b.add(0, -3*time.Second, 1241) // the viewer's clock is 3 s behind
	b.add(ms, -2900*ms, 1241)
	base, known := b.of(1241, 1e5, 1e5)
	require.True(t, known)
	require.Equal(t, -3*time.Second, base)
	for i := range 7 { // a longer route
		b.add(time.Duration(i+1)*5100*ms, -2800*ms, 1241)
	}
	base, _ = b.of(1241, 1e5, 1e5)
	require.Equal(t, -2800*ms, base)
}

func TestAPacketsCrossingIsNoWait(t *testing.T) {
	var b delayBase
	const rate = 32e3 // bytes/s: 256 kbit/s
	b.add(0, 50*ms+seconds(100/rate), 100)
	base, _ := b.of(1241, rate, rate)
	require.InDelta(t, 50*ms+seconds(1241/rate), base, float64(ms/10), "from a smaller one")
	b = delayBase{}
	b.add(0, 50*ms+seconds(1241/rate), 1241)
	base, _ = b.of(100, rate, rate)
	require.InDelta(t, 50*ms+seconds(100/rate), base, float64(ms/10), "from a larger one")
	base, _ = b.of(100, rate/10, rate)
	require.InDelta(t, 50*ms+seconds(100/rate), base, float64(ms/10), "whatever our share is just now")
}
