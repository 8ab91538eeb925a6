package transport

import (
	"math"
	"time"
)

// reporter is the viewer's half of the measuring: it notes when packets arrive and decides when to tell the host. Each report
// tells again what the one before told, for reports get lost too. It is told the time, by the clock that the reports carry.
type reporter struct {
	uplink float64 // bit/s, as far as it is known

	fresh    []arrival // not yet reported
	reported []arrival // by the last report
	decoded  uint64
	told     uint64 // state in the last report
	due      time.Duration
	pending  bool
	sentAt   time.Duration // of the last report
	sentSize int           // of its IP packet
	reports  int
	rate     float64 // bytes/s: most of the line down that was seen, fading
	secondAt time.Duration
	bytes    int // since secondAt
}

const (
	// reportLeast, reportMost: between two reports.
	reportLeast = 33 * time.Millisecond
	reportMost  = 370 * time.Millisecond
	// reportAtOnce: the first reports do not wait; the host knows nothing yet.
	reportAtOnce = 4
	// reportEager: the first so many come at least each reportEagerMost, until the rate is known here too.
	reportEager     = 12
	reportEagerMost = 50 * time.Millisecond
	// reportGather: after a pause, for so long packets of the same burst are waited for.
	reportGather = 10 * time.Millisecond
	// lonePacket: a single small packet is no measurement that anyone waits for.
	lonePacket = 150 * time.Millisecond
	// Reports take at most so much of the lines' rates. An uplink that is not known is taken for a quarter of the downlink, nearly.
	reportShareDown   = 0.03
	reportShareUp     = 0.08
	unknownUplinkPart = 0.24
	// rateSpan is what the rate down is counted over; rateFade how it fades from one to the next while less comes: by half in
	// half a minute.
	rateSpan  = 500 * time.Millisecond
	rateFade  = 0.988
	rateLeast = 4000.0 // bytes/s
)

// arrived notes a packet of the host's with the number given; size is the IP packet's.
func (r *reporter) arrived(now time.Duration, packet uint64, size int) {
	r.fresh = append(r.fresh, arrival{packet, now})
	r.measure(now, size)
	wait := reportGather
	switch {
	case r.reports < reportAtOnce:
		wait = 0
	case len(r.fresh) == 1 && size <= smallPacket:
		wait = lonePacket
	}
	r.schedule(max(now+wait, r.sentAt+r.gap()))
	if len(r.fresh) >= maxArrivals/2 {
		r.schedule(now)
	}
}

// state notes what has been decoded.
func (r *reporter) state(now time.Duration, state uint64) {
	if state > r.decoded {
		r.decoded = state
		r.schedule(max(now+lonePacket, r.sentAt+r.gap()))
	}
}

func (r *reporter) schedule(at time.Duration) {
	if !r.pending || at < r.due {
		r.pending, r.due = true, at
	}
}

// measure keeps the largest rate seen over half a second, in bytes/s.
func (r *reporter) measure(now time.Duration, size int) {
	if span := now - r.secondAt; span >= rateSpan {
		spans := float64(span) / float64(rateSpan)
		r.rate = max(r.rate*math.Pow(rateFade, spans), float64(r.bytes)/span.Seconds())
		r.secondAt, r.bytes = now, 0
	}
	r.bytes += size
}

// gap is how long after a report the next one may leave.
func (r *reporter) gap() time.Duration {
	if r.reports < reportAtOnce {
		return 0
	}
	down := max(r.rate, rateLeast)
	share := reportShareUp * r.uplink / 8
	if r.uplink == 0 {
		share = reportShareUp * unknownUplinkPart * down
	}
	share = min(share, reportShareDown*down)
	most := reportMost
	if r.reports < reportEager {
		most = reportEagerMost
	}
	return min(max(seconds(float64(r.sentSize)/share), reportLeast), most)
}

// report makes the report that is due.
func (r *reporter) report(now time.Duration) report {
	all := append(r.reported, r.fresh...)
	all = all[max(0, len(all)-maxArrivals):]
	out := report{state: r.decoded, arrivals: all}
	if n := len(all); n > 0 {
		out.hold = now - all[n-1].at
	}
	r.reported, r.fresh = append([]arrival(nil), r.fresh...), r.fresh[:0]
	r.told, r.pending, r.sentAt = r.decoded, false, now
	r.reports++
	return out
}

func (r *reporter) sent(size int) { r.sentSize = size }
