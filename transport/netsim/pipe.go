package netsim

import (
	"math/rand/v2"
	"time"
)

// Pipe is one direction of a line: a pure core that is told the time. It carries no data; it says
// of each packet when it arrives, or why it never does. Not for concurrent use.
//
// The same calls on a Pipe of the same Direction and seed give the same answers.
type Pipe struct {
	Direction
	rates   rates
	room    float64 // bits that the queue holds
	random  *rand.Rand
	free    time.Duration // when all that was accepted has gone out
	lastDue time.Duration // no packet arrives before this
	bad     bool          // in a burst of losses
}

// NewPipe returns an empty pipe whose steps begin at time 0. It panics when the direction is not
// valid (see [Direction.Validate]; what [Load] returned is).
func NewPipe(d Direction, seed uint64) *Pipe {
	if err := d.Validate(); err != nil {
		panic("netsim: " + err.Error())
	}
	p := &Pipe{Direction: d, rates: newRates(d), random: rand.New(rand.NewPCG(seed, 0))}
	p.room = p.rates.highest() * d.Queue.Seconds()
	return p
}

// flight is a packet's way through the pipe.
type flight struct {
	begin, sent time.Duration // its transmission
	after       time.Duration // delay and jitter
	due         time.Duration // when it arrives
}

// Accept puts a packet of so many bytes (its IP length) into the queue at time now, 0 or later and
// never before the call before. It returns how long the packet waits until its transmission
// begins and, when its fate is Delivered, the time at which it arrives. Packets arrive in order.
func (p *Pipe) Accept(now time.Duration, size int) (due, wait time.Duration, fate Fate) {
	f, fate := p.accept(now, size)
	if fate == Dropped {
		return 0, 0, Dropped
	}
	if fate == Lost {
		return 0, f.begin - now, Lost
	}
	return f.due, f.begin - now, Delivered
}

func (p *Pipe) accept(now time.Duration, size int) (flight, Fate) {
	if size > p.mtu() || p.rates.carried(now, p.free) > p.room {
		return flight{}, Dropped
	}
	f := flight{after: p.Delay + time.Duration(p.random.Float64()*float64(p.Jitter))}
	p.transmit(&f, max(now, p.free), float64(size)*8)
	if p.lost() {
		return f, Lost
	}
	return f, Delivered
}

// transmit gives the line to a packet from t on, for so many bits.
func (p *Pipe) transmit(f *flight, t time.Duration, bits float64) {
	f.begin = p.rates.opens(t)
	f.sent = p.rates.sent(f.begin, bits)
	p.free = f.sent
	f.due = max(p.lastDue, f.sent+f.after)
	p.lastDue = f.due
}

// lost draws whether a packet is lost behind the queue.
func (p *Pipe) lost() bool {
	if b := p.Bursts; b.P > 0 {
		if p.bad {
			p.bad = p.random.Float64() >= b.R
		} else {
			p.bad = p.random.Float64() < b.P
		}
	}
	return p.bad || p.Loss > 0 && p.random.Float64() < p.Loss
}

// restart lets the steps begin again now. Of the n packets on their way, oldest first, those that
// have not gone out yet go out at the new rates.
func (p *Pipe) restart(now time.Duration, n int, onWay func(int) *flight) {
	if len(p.Steps) == 0 {
		return
	}
	left := make([]float64, n)
	for i := range left {
		f := onWay(i)
		left[i] = p.rates.carried(max(now, f.begin), f.sent)
	}
	p.rates.restart(now)
	p.free, p.lastDue = now, 0
	for i := range left {
		if f := onWay(i); f.sent > now {
			p.transmit(f, p.free, left[i])
		} else {
			p.lastDue = f.due
		}
	}
}
