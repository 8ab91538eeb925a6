package transport

import (
	"math"
	"time"
)

// rateEstimator measures the line's rate while it is busy: bytes over the gap between the arrivals of two packets of which the
// second surely waited for the first. Two windows of *busy* time, a fast and a slow one: the slow one is believed until they
// disagree. Packet trains of real updates are the probes, as in SQP (Ray et al., 2022).
type rateEstimator struct {
	rate       float64 // bytes/s; 0: not known
	peak       float64 // the highest, fading: of a line that we share, more than our share
	glimpsed   float64 // the highest that any gap allows, as long as there is no rate
	fast, slow rateWindow
}

// rateWindow holds bytes and the seconds that they took, both fading with busy time.
type rateWindow struct{ bytes, secs float64 }

const (
	fastWindow = 0.1 // s of busy line
	slowWindow = 1.0
	// rateJump is the relative difference at which the slow window starts again from the fast one.
	rateJump = 0.2
	// peakFade in s of busy line.
	peakFade = 30
	// firstShare of the first estimate is believed: it comes of three gaps or so.
	firstShare = 0.9
	// firstBusy in s: what the first estimate needs at least, so that one jittered gap does not make it.
	firstBusy = 0.008
)

func (w *rateWindow) add(bytes, secs, window float64) {
	k := math.Exp(-secs / window)
	w.bytes, w.secs = w.bytes*k+bytes, w.secs*k+secs
}

func (w rateWindow) rate() float64 { return w.bytes / w.secs }

// busy tells of bytes that took the line for the gap, which jitter may have bent, while so many others of ours used it too.
func (e *rateEstimator) busy(bytes int, gap, jitter time.Duration, others int) {
	b, secs, jit := float64(bytes), max(gap.Seconds(), 1e-5), jitter.Seconds()
	if e.rate == 0 {
		e.slow.bytes += b
		e.slow.secs += secs
		e.fast = e.slow
		e.peak = max(e.peak, b/secs)
		if e.slow.secs > max(firstBusy, 3*jit) {
			e.slow.bytes /= float64(1 + others)
			e.fast = e.slow
			e.rate = e.slow.rate() * firstShare
			e.peak = max(e.peak, e.glimpsed)
		}
		return
	}
	window := max(fastWindow, 5*jit)
	e.fast.add(b, secs, window)
	e.slow.add(b, secs, slowWindow)
	noise := max(rateJump, 1.2*jit/window)
	if f, s := e.fast.rate(), e.slow.rate(); math.Abs(f-s) > noise*s {
		e.slow = e.fast
	}
	e.rate = min(e.slow.rate(), 2.5*e.rate)
	e.peak = max(e.rate, e.peak*math.Exp(-secs/peakFade))
}

// glimpse tells of a gap, before any rate is known, that need not have been the line's. Where such gaps allow much more than the first
// estimate, that one will be doubted.
func (e *rateEstimator) glimpse(bytes int, gap time.Duration) {
	e.glimpsed = max(e.glimpsed, float64(bytes)/max(gap.Seconds(), 1e-5))
}

// doubt gives what was measured before a pause less weight than what comes.
func (e *rateEstimator) doubt() {
	e.fast = rateWindow{e.fast.bytes * 0.3, e.fast.secs * 0.3}
	e.slow = rateWindow{e.slow.bytes * 0.5, e.slow.secs * 0.5}
}

// restart forgets all but the rate given.
func (e *rateEstimator) restart(rate float64) {
	e.rate = rate
	e.peak = max(e.peak, rate)
	e.fast = rateWindow{rate * 0.5 * fastWindow, 0.5 * fastWindow}
	e.slow = e.fast
}

// approach moves the rate a step towards what is fair among sessions that share a line, each of which does: delays alone would take
// a minute.
func (e *rateEstimator) approach(fair float64) {
	if e.rate == 0 || fair == 0 {
		return
	}
	factor := 1 + fairStep*(fair/e.rate-1)
	e.rate *= factor
	e.fast.bytes *= factor
	e.slow.bytes *= factor
}

// fairStep is the part of the difference taken with each report.
const fairStep = 0.1
