package transport

import "time"

// raise finds a line that became faster. The model expected a queue of our own making, and there is none: then the pairs of
// this round are believed instead of the memory, step by step.
type raise struct {
	roundEnd time.Duration // no second step in the same round trip
	steps    int           // in a row
}

// noisyLine is the jitter from which on pairs are believed in small steps only.
const noisyLine = 2 * time.Millisecond

// surelyFaster is after how many steps in a row without any pair the line is believed to be faster all the same: a sender far below
// the line's rate has no packets that wait for each other.
const surelyFaster = 3

// What one step may multiply the rate by, the first to the last, on a quiet line, and on a noisy one or one that we share.
var (
	quietSteps = [...]float64{1.5, 1.5, 2}
	noisySteps = [...]float64{1, 1.1, 1.3, 1.6, 2}
)

// observe is told of one report's round: the smallest wait measured and predicted, and the pairs. It returns the new rate, or 0.
func (r *raise) observe(now, wait, predicted, target, jitter, round time.Duration, rate float64, pairs rateWindow, shared bool) float64 {
	if predicted < target/2 {
		return 0
	}
	if wait > target/4 {
		r.steps = 0
		return 0
	}
	if now < r.roundEnd {
		return 0
	}
	r.roundEnd = now + round
	most := quietSteps[min(r.steps, len(quietSteps)-1)]
	if jitter > noisyLine || shared {
		most = noisySteps[min(r.steps, len(noisySteps)-1)]
	}
	r.steps++
	if most == 1 {
		return 0
	}
	factor := 1.1
	switch {
	case pairs.secs > 0:
		factor = max(1.1, pairs.rate()*0.95/rate)
	case r.steps > surelyFaster:
		factor = most
	}
	return rate * min(factor, most)
}
