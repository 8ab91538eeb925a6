package netsim

import (
	"slices"
	"sync"
	"time"
)

// way is one direction at work: a pipe, what is on its way in it, and the one goroutine that
// hands on what has arrived. Safe for concurrent use; nobody sleeps or calls out under its lock.
type way struct {
	start   time.Time
	deliver func(*parcel)
	wake    chan struct{} // the time of the next arrival may have changed
	done    chan struct{}

	mu      sync.Mutex
	pipe    *Pipe
	onWay   []transit // in order of arrival
	log     []Packet
	packets int // that entered the queue
	bytes   int
}

// transit is a parcel on its way.
type transit struct {
	flight
	lost bool
	parcel
}

func newWay(d Direction, seed uint64, start time.Time, deliver func(*parcel)) *way {
	return &way{
		start: start, deliver: deliver, pipe: NewPipe(d, seed),
		wake: make(chan struct{}, 1), done: make(chan struct{}),
	}
}

// send puts a parcel on the line. Parcels sent by one goroutine arrive in the order of its calls.
func (w *way) send(p parcel) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now, size := time.Since(w.start), p.size()
	f, fate := w.pipe.accept(now, size)
	entry := Packet{At: now, Size: size, Fate: fate, Kind: p.kind()}
	if fate != Dropped {
		entry.Wait = f.begin - now
		w.packets++
		w.bytes += size
		w.onWay = append(w.onWay, transit{f, fate == Lost, p})
		if len(w.onWay) == 1 {
			w.signal()
		}
	}
	w.log = append(w.log, entry)
}

// signal wakes the goroutine.
func (w *way) signal() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// run hands on what arrives until done is closed.
func (w *way) run() {
	timer := time.NewTimer(0)
	defer timer.Stop()
	var arrived []transit
	for {
		var next time.Duration
		arrived, next = w.arrived(arrived[:0])
		for i := range arrived {
			if !arrived[i].lost {
				w.deliver(&arrived[i].parcel)
			}
		}
		clear(arrived)
		if next < forever {
			timer.Reset(next)
		} else {
			timer.Stop() // a bubble with nothing on its way must not jump to the end of time
		}
		select {
		case <-w.done:
			return
		case <-w.wake:
		case <-timer.C:
		}
	}
}

// arrived appends what has arrived, and returns how long it is until the next arrival;
// forever when nothing is on its way.
func (w *way) arrived(dst []transit) ([]transit, time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Since(w.start)
	n := 0
	for n < len(w.onWay) && w.onWay[n].due <= now {
		n++
	}
	dst = append(dst, w.onWay[:n]...)
	clear(w.onWay[:n])
	w.onWay = w.onWay[n:]
	if len(w.onWay) == 0 {
		return dst, forever
	}
	return dst, w.onWay[0].due - now
}

// restart lets the steps begin again now.
func (w *way) restart() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pipe.restart(time.Since(w.start), len(w.onWay), func(i int) *flight { return &w.onWay[i].flight })
	w.signal()
}

func (w *way) logged() []Packet {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.log)
}

func (w *way) totals() (packets, bytes int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.packets, w.bytes
}

func (w *way) bits(from, to time.Duration) float64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.pipe.rates.carried(from, to)
}
