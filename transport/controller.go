package transport

import (
	"math"
	"time"
)

// controller decides when a packet may leave. It keeps a model of the line: when will it be free of what we have sent? A packet
// may leave when the wait that the model predicts for it is under the target. Each report replaces predictions by measured waits.
//
//	Wait ----> may it leave? --OnSend--> flight ----- the line -----> viewer
//	  ^                                    |                            |
//	  +--- model: free when? <--- rate, base delay, waits <--OnReport---+
//
// It is made for traffic that is mostly idle and comes in bursts: the bursts themselves are the probes. It is told the time: any
// clock that only goes forward, as long as it is the world's (see pauses). Not for concurrent use.
type controller struct {
	flight flight
	base   delayBase
	rate   rateEstimator
	raise  raise
	pauses pauses
	rival  rival
	full   overload
	shared int // how many other sessions of ours send over this line

	newest    uint64 // newest packet that arrived, if any did
	anyCame   bool
	minRTT    time.Duration // smallest round trip, without the viewer's holding
	rtt       time.Duration // the newest
	jitter    time.Duration // mean of |measured - predicted wait|
	reportGap time.Duration // between reports, smoothed
	reportAt  time.Duration
	lastSend  time.Duration
	lastSize  int
	lastLarge time.Duration // when the last large packet left
	others    int           // bytes that left beside, since the last packet
	wait      time.Duration // measured, of the newest
	loss      float64       // share, over 200 packets or so

	trainAt   time.Duration // when the newest burst began
	trainLeft int           // packets of its head that may leave at once
	cautious  time.Duration // until then, slower: the line may have changed while we were idle
}

const (
	// firstFlight packets leave before anything is known of the line.
	firstFlight = 4
	// firstRetry: then one each second, until something arrives.
	firstRetry = time.Second

	// targetWait at 1 Mbit/s. It grows with the root of 1/rate, which makes flows fair (as in Copa, the rate is a function of the
	// queue): who has less of the line bears more of the queue.
	targetWait  = 15 * time.Millisecond
	targetLeast = 8 * time.Millisecond
	targetMost  = 120 * time.Millisecond
	targetNoise = 20 * time.Millisecond // at most as much of jitter is added

	// A burst's head, at least burstIdle after the last large packet, leaves at once: trainMost packets or trainTime of the line,
	// but 2 at least, within trainWithin. Its spacing at arrival measures the line.
	burstIdle   = 400 * time.Millisecond
	trainMost   = 4
	trainTime   = 60 * time.Millisecond
	trainWithin = 10 * time.Millisecond

	// A rate below this part of its peak is doubted, so often.
	doubtBelow = 4
	doubtEvery = time.Second

	// longIdle: after it one round trip at cautiousShare of the rate.
	longIdle      = 10 * time.Second
	cautiousShare = 0.7

	// silenceLeast: with no report for this long (or 1.5 round trips), the line is taken for cut, and a packet each silenceProbe
	// finds its return.
	silenceLeast = 600 * time.Millisecond
	silenceProbe = 400 * time.Millisecond

	// heldLeast: a packet held back for long leaves all the same, so that the measuring goes on.
	heldLeast = 150 * time.Millisecond
	// heldMost: with the smallest messages some 6 kbit/s, less than any line that is worth using.
	heldMost = 500 * time.Millisecond

	// smallPacket in bytes: letters and pointers are below, pictures above.
	smallPacket = 400

	// togetherWithin: packets sent so close to each other wait for each other on any line that is thin.
	togetherWithin = 1500 * time.Microsecond

	// surelyQueued is more than a wait can be that is not a queue's.
	surelyQueued = 20 * time.Millisecond

	// anchors is how many of the newest arrivals the model starts from; the best of three takes most of the jitter out.
	anchors = 3

	// lostAfter later arrivals a packet is given up.
	lostAfter = 3
	lossShare = 1.0 / 200

	// minWait is what waits are rounded up to: a timer of nothing would spin.
	minWait = tick
)

func newController() *controller {
	return &controller{reportGap: 50 * time.Millisecond}
}

// target is the standing wait aimed at.
func (c *controller) target() time.Duration {
	if c.rate.rate == 0 {
		return targetWait
	}
	t := seconds(targetWait.Seconds() * math.Sqrt(125e3/c.rate.rate))
	return min(max(t, targetLeast), targetMost) + min(c.jitter, targetNoise)
}

// free is when the line will have sent all of ours; false while that is not known.
func (c *controller) free() (time.Duration, bool) {
	if !c.anyCame || c.rate.rate == 0 {
		return 0, false
	}
	perByte := 1e9 / c.rate.rate
	all := c.flight.packets
	best, n := math.Inf(1), 0
	for i := int(c.newest - c.flight.first); i >= 0 && n < anchors; i-- {
		p := &all[i]
		if p.fate != arrived {
			continue
		}
		n++
		f := float64(p.sent+p.wait) + float64(p.size)*perByte
		for j := i + 1; j < len(all); j++ {
			if x := &all[j]; x.fate != lost {
				f = max(f, float64(x.sent)) + float64(x.before+x.size)*perByte
			}
		}
		best = min(best, f+float64(c.others)*perByte)
	}
	return time.Duration(best), n > 0
}

// cross is how long the line takes for so many bytes.
func (c *controller) cross(bytes int) time.Duration { return seconds(float64(bytes) / c.rate.rate) }

// silent says that the line seems to be cut: something is under way, and too long nothing has been reported.
func (c *controller) silent(now time.Duration) bool {
	oldest, any := c.flight.oldest()
	return any && c.rate.rate > 0 && now-max(c.reportAt, oldest) > max(silenceLeast, c.minRTT*3/2+2*c.reportGap+c.wait)
}

// Wait is how long until a packet of that size may leave; 0: now. The size is the IP packet's, in bytes.
func (c *controller) Wait(now time.Duration, size int) time.Duration {
	if w := c.hold(now, size); w > 0 {
		return max(w, minWait)
	}
	return 0
}

func (c *controller) hold(now time.Duration, size int) time.Duration {
	if c.rate.rate == 0 {
		if c.flight.inflight+size > firstFlight*wireSize(maxPayload) {
			return c.lastSend + firstRetry - now
		}
		return 0
	}
	if c.silent(now) {
		return c.lastSend + silenceProbe - now
	}
	if c.rival.competing {
		return c.rival.hold(now, c.lastSend, c.flight.inflight, size)
	}
	free, _ := c.free()
	if c.large(size) && (c.headOfBurst(now, free) || c.trainLeft > 0 && now-c.trainAt < trainWithin) {
		return 0
	}
	target := c.target()
	if now-c.lastLarge < time.Second { // else our queue has drained by itself
		pause := target + pauseMore
		if c.shared > 0 {
			pause = max(pause, pauseShared)
		}
		if c.rival.holding { // is that queue ours? Then it is gone after this
			pause = min(max(pause, c.wait+50*time.Millisecond), 600*time.Millisecond)
		}
		if c.full.last > c.pauses.begun {
			pause = overloadPause
		}
		if left := c.pauses.remaining(now, pause); left > 0 {
			return left
		}
	}
	w := free - now - target
	if now < c.cautious {
		w = max(w, c.lastSend+seconds(float64(size)/(cautiousShare*c.rate.rate))-now)
	}
	if c.flight.inflight+size > c.flightCap(size) {
		w = max(w, 5*time.Millisecond) // a report will say so sooner
	}
	return min(w, c.lastSend+min(max(heldLeast, 4*c.cross(c.lastSize)), heldMost)-now)
}

// headOfBurst says whether a large packet begins a train now: the first after a pause, and where the rate has fallen far below
// what it was, one each second. A viewer short of a processor looks like a slow line, and the small packets of a slow line would
// never show that it is none.
func (c *controller) headOfBurst(now, free time.Duration) bool {
	return free <= now && now-c.lastLarge > burstIdle || c.rate.rate < c.rate.peak/doubtBelow && now-c.trainAt > doubtEvery
}

// large says whether a packet is one of those that fill a line.
func (c *controller) large(size int) bool {
	return size > smallPacket || size >= wireSize(c.messageSize())
}

// flightCap in bytes: what can be under way when all goes well, and a bit.
func (c *controller) flightCap(size int) int {
	t := c.minRTT + c.target() + c.reportGap + 3*c.jitter + 20*time.Millisecond
	return int(1.25*c.rate.rate*t.Seconds()) + 3*size
}

// idleAt is when the line will be free of ours; false while that is not known, or while we are not alone, or the line is cut.
func (c *controller) idleAt(now time.Duration) (time.Duration, bool) {
	if c.rival.competing || c.silent(now) {
		return 0, false
	}
	return c.free()
}

// OnOthers is told of bytes that have left in packets that have no number: SACKs, SCTP's resends, STUN.
func (c *controller) OnOthers(bytes int) { c.others += bytes }

// OnSend is told of a packet that leaves, and returns its number.
func (c *controller) OnSend(now time.Duration, size int) uint64 {
	n := c.flight.next()
	free, known := c.free()
	p := packet{sent: now, size: size, before: c.others}
	c.others = 0
	if known {
		p.predicted = max(0, free-now)
		if now-c.lastSend > longIdle && c.flight.inflight == 0 {
			c.cautious = now + max(c.minRTT, 50*time.Millisecond) + c.reportGap
		}
	}
	if c.large(size) {
		if known && c.headOfBurst(now, free) {
			c.trainAt = now
			c.trainLeft = min(trainMost, max(2, int(trainTime.Seconds()*c.rate.rate/float64(size))))
			c.rate.doubt()
		}
		c.lastLarge = now
		c.trainLeft--
	}
	c.flight.add(p)
	c.lastSend, c.lastSize = now, size
	return n
}

// OnReport takes the arrivals that a report tells of, in their order, and returns how many packets it shows to be lost. hold is how
// long the viewer kept the newest one.
func (c *controller) OnReport(now, hold time.Duration, all []arrival) (lost int) {
	fresh := c.settle(all)
	if len(fresh) == 0 {
		return 0
	}
	if g := now - c.reportAt; c.reportAt > 0 && g < 500*time.Millisecond {
		c.reportGap += (g - c.reportGap) / 8
	}
	c.reportAt = now
	c.measureBase(now, hold, fresh)
	least, predicted, pairs := c.measureWaits(fresh)

	rate, target, round := c.rate.rate, c.target(), c.minRTT+c.reportGap/2
	if rate > 0 && !c.rival.competing {
		if r := c.raise.observe(now, least, predicted, target, c.jitter, round, rate, pairs, c.shared > 0); r > 0 {
			c.rate.restart(r)
		}
	}
	lost = c.findLost()
	if c.rate.rate > 0 && c.full.found(now, least, target, c.rtt+c.reportGap) {
		c.rate.restart(c.rate.rate * overloadShrink)
		c.pauses.soon(now)
	}
	if c.rate.rate > 0 {
		if c.rival.observe(roundSeen{
			now: now, wait: c.wait, least: least, target: c.target(), rtt: c.minRTT, reportGap: c.reportGap, rate: c.rate.rate, alone: c.shared == 0,
			inflight: c.flight.inflight, lastSize: c.lastSize, lost: lost > 0, pauseBegun: c.pauses.begun,
		}) {
			c.pauses.soon(now)
		}
	}
	c.flight.forget(c.newest)
	return lost
}

// settle notes what has arrived and returns what is new and tells of the line: a packet that comes after a later one was sent
// again by SCTP, for the line does not reorder.
func (c *controller) settle(all []arrival) []arrival {
	fresh := all[:0:0]
	newest, any := c.newest, c.anyCame
	for _, a := range all {
		p := c.flight.at(a.packet)
		if p == nil || p.fate == arrived || p.fate == resent {
			continue
		}
		if any && a.packet < newest {
			c.flight.settle(p, resent)
			continue
		}
		newest, any = a.packet, true
		c.flight.settle(p, arrived)
		c.loss -= lossShare * c.loss
		c.full.arrived()
		p.arrived = a.at
		fresh = append(fresh, a)
	}
	return fresh
}

func (c *controller) measureBase(now, hold time.Duration, fresh []arrival) {
	last := c.flight.at(fresh[len(fresh)-1].packet)
	c.rtt = max(0, now-last.sent-hold)
	if c.minRTT == 0 || c.rtt < c.minRTT {
		c.minRTT = c.rtt
	}
	for _, a := range fresh {
		p := c.flight.at(a.packet)
		delay := p.arrived - p.sent
		base, known := c.base.of(p.size, c.rate.rate, c.rate.peak)
		if known && c.rate.rate > 0 && delay < base-3*time.Millisecond-c.jitter*3/2 { // there was more to find
			c.pauses.soon(now + c.minRTT)
		}
		c.base.add(now, delay, p.size)
	}
}

// measureWaits returns the smallest wait measured and predicted, and what the round's pairs say of the rate. Packets around a loss
// are no pair: what a full queue dropped took no time of the line, what was lost behind it did.
func (c *controller) measureWaits(fresh []arrival) (least, predicted time.Duration, pairs rateWindow) {
	surely := time.Millisecond + c.jitter*4/5 // a wait above this is no jitter
	least, predicted = math.MaxInt64, math.MaxInt64
	for _, a := range fresh {
		p := c.flight.at(a.packet)
		base, _ := c.base.of(p.size, c.rate.rate, c.rate.peak)
		p.wait = max(0, p.arrived-p.sent-base)
		least, predicted = min(least, p.wait), min(predicted, p.predicted)
		if c.anyCame {
			if q := c.flight.at(c.newest); q != nil && q.fate == arrived {
				gap, sent := p.arrived-q.arrived, p.sent-q.sent
				bytes, next := p.before+p.size, a.packet == c.newest+1 && gap < time.Second
				switch {
				case next && (sent < togetherWithin || p.wait > surely && c.behind(q, p)):
					c.rate.busy(bytes, gap, c.jitter, c.shared)
					pairs.bytes += float64(bytes)
					pairs.secs += max(gap.Seconds(), 1e-5)
				case next && c.rate.rate == 0:
					c.rate.glimpse(bytes, gap)
				}
			}
			if c.rate.rate > 0 && !c.rival.competing && !c.rival.holding {
				if off := (p.wait - p.predicted).Abs(); off < 100*time.Millisecond {
					c.jitter += (min(off, 4*c.jitter+time.Millisecond) - c.jitter) / 50
				}
			}
		}
		c.newest, c.anyCame = a.packet, true
		c.wait = p.wait
	}
	return least, predicted, pairs
}

// behind says whether p may have had to wait for q, which left before it: with an estimate up to twice too high, yes. A lone letter
// that jitter held up did not wait for the one a second before. While nothing is known of the line, a wait may be jitter, or the time
// that a longer packet takes: then p must have waited for much longer than q had been gone. Else the gaps that an application leaves
// between its small packets would be taken for the line's rate.
func (c *controller) behind(q, p *packet) bool {
	sent := p.sent - q.sent
	if c.rate.rate == 0 {
		return p.wait > 2*sent+surelyQueued || min(p.size, q.size) > smallPacket && p.wait > sent/2
	}
	return sent < q.wait+2*c.cross(q.before+q.size)+togetherWithin
}

// findLost gives up packets that three later ones have overtaken.
func (c *controller) findLost() (n int) {
	for i := range c.flight.packets {
		if c.flight.first+uint64(i)+lostAfter >= c.newest {
			break
		}
		if p := &c.flight.packets[i]; p.fate == underWay {
			c.flight.settle(p, lost)
			c.loss += lossShare * (1 - c.loss)
			c.full.lost()
			n++
		}
	}
	return n
}

// messageSize is how long a message may be: a full one should not hold the line for longer than 90 ms, for the echo of a key
// press may have to wait behind it.
func (c *controller) messageSize() int {
	if c.rate.rate == 0 {
		return maxPayload
	}
	n := int(messageTime.Seconds()*c.rate.rate) - below
	return min(max(n&^3, leastPayload), maxPayload)
}

const (
	messageTime = 90 * time.Millisecond
	// leastPayload leaves room for an object of 176 bytes, with which the codec always makes progress.
	leastPayload = 256
)
