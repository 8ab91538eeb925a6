package transport

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A viewer that lies makes its own session believe any rate. The honest ones beside it measure 100,000 bytes/s all the while.
func TestALiarBendsTheRateOfOthersLittle(t *testing.T) {
	const truth = 1e5
	for _, c := range []struct {
		honest      int
		lie         float64
		least, most float64 // of the truth
	}{
		{1, 1, 0.7, 1.01},
		{1, 1.2e8, 0.99, 2.5},
		{4, 1, 0.75, 1.01},
		{4, 1.2e8, 0.99, 1.7},
	} {
		var s sites
		here := siteKey{name: "town hall"}
		liar := &Conn{}
		honest := map[*Conn]*rateEstimator{}
		for range c.honest {
			e := &rateEstimator{}
			e.restart(truth)
			honest[&Conn{}] = e
		}
		const packet, every = 1241, 33 * time.Millisecond
		gap := seconds(packet / truth)
		sent := time.Duration(0)
		least, most := 1.0, 1.0
		for now := time.Duration(0); now < 20*time.Second; now += every {
			s.note(here, liar, now)
			s.others(here, liar, now, c.lie)
			for ; sent < now; sent += gap {
				for _, e := range honest {
					e.busy(packet, gap, 0, c.honest)
				}
			}
			for conn, e := range honest {
				s.note(here, conn, now)
				_, fair := s.others(here, conn, now, e.rate)
				e.approach(fair)
				least, most = min(least, e.rate/truth), max(most, e.rate/truth)
			}
		}
		t.Logf("%d honest beside one that says %.3g bytes/s: %.2f to %.2f of the truth", c.honest, c.lie, least, most)
		require.GreaterOrEqual(t, least, c.least)
		require.LessOrEqual(t, most, c.most)
	}
}
