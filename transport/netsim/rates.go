package netsim

import (
	"math"
	"sort"
	"time"
)

// rates is what a direction can carry over time: steps in a loop that begins anew at each epoch.
type rates struct {
	bps    float64 // without steps
	steps  []Step
	epochs []time.Duration // when the steps began, ascending; the first is 0
}

const forever = time.Duration(math.MaxInt64)

func newRates(d Direction) rates {
	return rates{bps: d.Bps, steps: d.Steps, epochs: []time.Duration{0}}
}

// highest is the highest rate of all.
func (r *rates) highest() float64 {
	if len(r.steps) == 0 {
		return r.bps
	}
	highest := 0.0
	for _, s := range r.steps[:len(r.steps)-1] {
		highest = max(highest, s.Bps)
	}
	return highest
}

// at returns the rate at t, 0 or later, and until when it holds.
func (r *rates) at(t time.Duration) (bps float64, until time.Duration) {
	last := len(r.steps) - 1
	if last < 0 {
		return r.bps, forever
	}
	e := sort.Search(len(r.epochs), func(i int) bool { return r.epochs[i] > t }) - 1
	loop := r.steps[last].At
	into := (t - r.epochs[e]) % loop
	i := sort.Search(last, func(i int) bool { return r.steps[i].At > into }) - 1
	until = t - into + r.steps[i+1].At
	if e+1 < len(r.epochs) {
		until = min(until, r.epochs[e+1])
	}
	return r.steps[i].Bps, until
}

// opens returns the first time from t on at which the rate is above 0.
func (r *rates) opens(t time.Duration) time.Duration {
	for {
		bps, until := r.at(t)
		if bps > 0 {
			return t
		}
		t = until
	}
}

// sent returns when bits that begin at t have gone out.
func (r *rates) sent(t time.Duration, bits float64) time.Duration {
	for {
		bps, until := r.at(t)
		if room := (until - t).Seconds() * bps; bits > room {
			bits -= room
			t = until
			continue
		}
		return t + time.Duration(math.Round(bits/bps*1e9))
	}
}

// carried returns how many bits can go out from one time to another.
func (r *rates) carried(from, to time.Duration) (bits float64) {
	for t := max(from, 0); t < to; {
		bps, until := r.at(t)
		until = min(until, to)
		bits += (until - t).Seconds() * bps
		t = until
	}
	return bits
}

// restart lets the steps begin again at now, which is not before any other restart.
func (r *rates) restart(now time.Duration) {
	if len(r.steps) > 0 && now > r.epochs[len(r.epochs)-1] {
		r.epochs = append(r.epochs, now)
	}
}
