package netsim

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestRates(t *testing.T) {
	r := newRates(Direction{Bps: 1e6})
	require.Equal(t, 1e6, r.highest())
	require.Equal(t, 2e6, r.carried(time.Second, 3*time.Second))

	s := time.Second
	d := Direction{Steps: []Step{{0, 1e6}, {2 * s, 0}, {3 * s, 3e6}, {5 * s, 9e9}}}
	require.Equal(t, 1.6e6, d.MeanBps())
	r = newRates(d)
	require.Equal(t, 3e6, r.highest(), "the last step is not one")
	for _, c := range []struct {
		from, to time.Duration
		bits     float64
	}{
		{0, 0, 0}, {3 * s, 1 * s, 0}, {0, s, 1e6}, {0, 3 * s, 2e6}, {2 * s, 3 * s, 0}, {0, 5 * s, 8e6},
		{4 * s, 6 * s, 4e6}, {0, 50 * s, 80e6}, {-9 * s, s, 1e6},
	} {
		require.InDelta(t, c.bits, r.carried(c.from, c.to), 1e-6)
	}
	require.Equal(t, 3*s, r.opens(2*s))
	require.Equal(t, 4*s, r.sent(s, 4e6), "1 Mbit before the outage, 3 after it")

	r.restart(4 * s) // 1 Mbit/s from 4 s to 6 s
	require.InDelta(t, 2e6+3e6+2e6, r.carried(0, 7*s), 1e-6)
	require.Equal(t, 7*s, r.opens(6*s))
}
