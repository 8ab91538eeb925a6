package netsim

import (
	"sync"
	"time"
)

// deadline ends the waits of a [sync.Cond] at a time. Its methods are called with the Cond's lock
// held.
type deadline struct {
	cond  *sync.Cond
	at    time.Time // zero: none
	fired bool
	timer *time.Timer
	turn  int // counts the calls of set: a timer of an earlier one is void
}

// past tells whether the deadline is over. It also looks at the clock: of two deadlines at one
// time, one timer runs first.
func (d *deadline) past() bool { return d.fired || !d.at.IsZero() && time.Until(d.at) <= 0 }

// set moves the deadline; the zero time takes it away.
func (d *deadline) set(t time.Time) {
	d.stop()
	if t.IsZero() {
		return
	}
	d.at = t
	left := time.Until(t)
	if left <= 0 {
		d.fired = true
		d.cond.Broadcast()
		return
	}
	turn := d.turn
	d.timer = time.AfterFunc(left, func() {
		d.cond.L.Lock()
		defer d.cond.L.Unlock()
		if d.turn == turn {
			d.fired = true
			d.cond.Broadcast()
		}
	})
}

// stop takes the deadline away.
func (d *deadline) stop() {
	if d.timer != nil {
		d.timer.Stop()
	}
	d.turn++
	d.at, d.fired, d.timer = time.Time{}, false, nil
}
