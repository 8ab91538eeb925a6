package netsim

import (
	"sync"
	"time"
)

// deadline ends the waits of a [sync.Cond] at a time. Its methods are called with the Cond's lock
// held.
type deadline struct {
	cond  *sync.Cond
	past  bool
	timer *time.Timer
	turn  int // counts the calls of set: a timer of an earlier one is void
}

// set moves the deadline; the zero time takes it away.
func (d *deadline) set(t time.Time) {
	d.stop()
	if t.IsZero() {
		return
	}
	left := time.Until(t)
	if left <= 0 {
		d.past = true
		d.cond.Broadcast()
		return
	}
	turn := d.turn
	d.timer = time.AfterFunc(left, func() {
		d.cond.L.Lock()
		defer d.cond.L.Unlock()
		if d.turn == turn {
			d.past = true
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
	d.past, d.timer = false, nil
}
