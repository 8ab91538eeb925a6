package netsim

import (
	"cmp"
	"slices"
	"time"
)

const (
	receiveWindow = 4 << 20               // bytes
	delayedAck    = 40 * time.Millisecond // as Linux's TCP_DELACK_MIN
)

// receiver is the receiving half of a stream: what has arrived and not yet been read, and when it
// is acknowledged (RFC 5681, 4.2). A pure core that is told the time.
type receiver struct {
	mss    int64
	next   int64 // all before it has arrived; 0: the SYN has not
	buf    []byte
	held   []piece // arrived ahead of next, by seq
	heldN  int     // their bytes
	fin    int64   // position of the FIN, 0 while unknown
	acked  int64   // next, when it was last acknowledged
	edge   int64   // as it was last told to the peer
	echo   time.Duration
	ackNow bool
	ackAt  time.Duration // 0: none is due
}

// piece is payload ahead of a gap.
type piece struct {
	seq  int64
	data []byte
}

func newReceiver(mss int) receiver { return receiver{mss: int64(mss)} }

// finished tells whether all has arrived, to the FIN.
func (r *receiver) finished() bool { return r.fin > 0 && r.next > r.fin }

// window is where the window ends now: it only ever moves on.
func (r *receiver) window() int64 { return max(r.next, 1) - int64(len(r.buf)) + receiveWindow }

// accept takes a segment. The payload is the receiver's from now on.
func (r *receiver) accept(now time.Duration, h *segment, data []byte) {
	if h.seq <= r.acked {
		r.echo = max(r.echo, h.stamp) // the oldest segment that the next acknowledgement covers (RFC 7323, 4.3)
	}
	if h.syn {
		r.next = max(r.next, 1)
		r.ackNow = true
		return
	}
	end := h.seq + int64(len(data))
	if h.fin && r.fin == 0 {
		r.fin = end
	}
	switch {
	case r.next == 0: // the SYN is still missing
		return
	case h.seq >= r.next && len(data) == 0 && !h.fin: // it only acknowledges
		return
	case h.seq < r.next && end <= r.next && !(h.fin && r.next == r.fin):
		r.ackNow = true // all of it is old, or a probe
		return
	case end > r.window():
		r.ackNow = true
		return
	case h.seq > r.next:
		r.ackNow = true
		r.hold(piece{h.seq, data})
		return
	case len(r.held) > 0:
		r.ackNow = true // it fills a gap
	}
	r.take(piece{h.seq, data})
	r.drain()
	switch {
	case r.next-r.acked > r.mss:
		r.ackNow = true
	case r.next > r.acked && r.ackAt == 0:
		r.ackAt = now + delayedAck
	}
}

// take appends what is new of a piece that touches next.
func (r *receiver) take(p piece) {
	if skip := r.next - p.seq; skip < int64(len(p.data)) {
		r.buf = append(r.buf, p.data[skip:]...)
		r.next = p.seq + int64(len(p.data))
	}
	if r.fin > 0 && r.next == r.fin {
		r.next++
		r.ackNow = true
	}
}

// hold keeps a piece until the gap before it is filled.
func (r *receiver) hold(p piece) {
	i, found := slices.BinarySearchFunc(r.held, p, func(a, b piece) int { return cmp.Compare(a.seq, b.seq) })
	if len(p.data) == 0 || found && len(r.held[i].data) >= len(p.data) || r.heldN+len(p.data) > receiveWindow {
		return
	}
	r.held = slices.Insert(r.held, i, p)
	r.heldN += len(p.data)
}

// drain takes the pieces that next has reached.
func (r *receiver) drain() {
	n := 0
	for n < len(r.held) && r.held[n].seq <= r.next {
		r.heldN -= len(r.held[n].data)
		r.take(r.held[n])
		n++
	}
	r.held = slices.Delete(r.held, 0, n)
}

// read moves bytes to the reader.
func (r *receiver) read(b []byte) int {
	n := copy(b, r.buf)
	if r.buf = r.buf[n:]; len(r.buf) == 0 {
		r.buf = nil
	}
	return n
}

// updateDue tells whether the peer must hear that the window has opened: when it had little left
// and twice as much is open now (as Linux's tcp_cleanup_rbuf).
func (r *receiver) updateDue() bool {
	left := r.edge - r.next
	return r.edge > 0 && left < receiveWindow/2 && r.window()-r.next >= 2*max(left, r.mss)
}

// timeout takes the passing of ackAt.
func (r *receiver) timeout() {
	r.ackAt = 0
	r.ackNow = true
}

// acknowledge fills in what every segment says of what has arrived.
func (r *receiver) acknowledge(h *segment) {
	r.acked, r.edge = r.next, r.window()
	r.ackNow, r.ackAt = false, 0
	h.ack, h.edge, h.echo = r.acked, r.edge, r.echo
}
