package transport

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// pairs tells the estimator of so many packets of 1,241 bytes at a rate in bit/s.
func pairs(e *rateEstimator, n int, bps float64) {
	for range n {
		e.busy(1241, seconds(1241*8/bps), 0, 0)
	}
}

func TestTheRateIsMeasuredAndFollows(t *testing.T) {
	var e rateEstimator
	pairs(&e, 1, 512e3)
	require.InDelta(t, 512e3*firstShare, e.rate*8, 1, "the first gap of 19 ms is enough, and not quite believed")
	pairs(&e, 50, 512e3)
	require.InDelta(t, 512e3, e.rate*8, 5e3)

	pairs(&e, 10, 256e3) // 0.4 s of busy line
	require.InDelta(t, 256e3, e.rate*8, 30e3, "a line that halved is nearly believed after four fast windows")
	pairs(&e, 20, 512e3)
	require.InDelta(t, 512e3, e.rate*8, 50e3)
	require.GreaterOrEqual(t, e.peak, e.rate)
}

func TestOneOddGapDoesNotBendTheRate(t *testing.T) {
	var e rateEstimator
	for range 100 {
		e.busy(1241, 10*ms, 2*ms, 0)
	}
	was := e.rate
	e.busy(1241, 14*ms, 2*ms, 0)
	require.InEpsilon(t, was, e.rate, 0.03)
}

func TestASessionThatBeginsAmongOthersTakesItsPart(t *testing.T) {
	var e rateEstimator
	e.busy(1241, seconds(1241*8/1e6), 0, 3)
	require.InDelta(t, 1e6*firstShare/4, e.rate*8, 1)
}

func TestRatesOfASiteApproachEachOther(t *testing.T) {
	a, b := rateEstimator{}, rateEstimator{}
	a.restart(10e3)
	b.restart(50e3)
	for range 40 {
		mean := (a.rate + b.rate) / 2
		a.approach(mean)
		b.approach(mean)
	}
	require.InEpsilon(t, a.rate, b.rate, 0.05)
	require.InEpsilon(t, 60e3, a.rate+b.rate, 0.01, "together they take what they took")
	require.InEpsilon(t, a.rate, a.slow.rate(), 0.01, "and the memory agrees")
}

func TestARateRisesOnlyWhileAQueueWasExpectedAndIsNotThere(t *testing.T) {
	quiet := func(r *raise, now, wait, predicted time.Duration) float64 {
		return r.observe(now, wait, predicted, 20*ms, 0, 100*ms, 1000, rateWindow{bytes: 9000, secs: 1}, false)
	}
	var r raise
	require.Zero(t, quiet(&r, 1000*ms, 0, 5*ms), "none was expected")
	require.Zero(t, quiet(&r, 1000*ms, 15*ms, 15*ms), "there is one")
	require.Equal(t, 1500.0, quiet(&r, 1000*ms, 0, 15*ms), "the pairs say nine times as much")
	require.Zero(t, quiet(&r, 1050*ms, 0, 15*ms), "once a round trip")
	require.Equal(t, 1500.0, quiet(&r, 1100*ms, 0, 15*ms))
	require.Equal(t, 2000.0, quiet(&r, 1200*ms, 0, 15*ms))

	noisy := raise{}
	var steps []float64
	for i := range 6 {
		steps = append(steps, noisy.observe(time.Duration(i)*time.Second, 0, 15*ms, 20*ms, 5*ms, 100*ms, 1000, rateWindow{bytes: 9000, secs: 1}, false))
	}
	require.Equal(t, []float64{0, 1100, 1300, 1600, 2000, 2000}, steps)
}
