package netsim

import "time"

// Time-outs of retransmission, as Linux takes them.
const (
	firstRTO = time.Second            // before anything is measured (RFC 6298, 2.1)
	minRTO   = 200 * time.Millisecond // what is added to the round trip at least
	maxRTO   = 2 * time.Minute
)

// roundTrip estimates the round trip and the time-out of retransmission (RFC 6298). Like Linux, it
// applies the minimum to the deviation, not to the sum: a delayed acknowledgement on a long line
// must not look like a loss.
type roundTrip struct {
	smooth, deviation time.Duration
	backoff           uint // time-outs in a row
}

// sample takes a measured round trip; it ends the back-off.
func (r *roundTrip) sample(rtt time.Duration) {
	r.backoff = 0
	if r.smooth == 0 {
		r.smooth, r.deviation = rtt, rtt/2
		return
	}
	r.deviation += ((r.smooth - rtt).Abs() - r.deviation) / 4
	r.smooth += (rtt - r.smooth) / 8
}

// timeout is how long after its sending a segment counts as lost.
func (r *roundTrip) timeout() time.Duration {
	rto := firstRTO
	if r.smooth > 0 {
		rto = r.smooth + max(minRTO, 4*r.deviation)
	}
	return min(rto<<min(r.backoff, 10), maxRTO)
}
