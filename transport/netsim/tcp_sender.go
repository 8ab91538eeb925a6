package netsim

import (
	"math"
	"time"
)

const (
	initialWindow = 10 // segments (RFC 6928)
	dupThreshold  = 3  // duplicate acknowledgements that mean a loss (RFC 5681, 3.2)
	synRetries    = 6  // time-outs before a connect gives up, as Linux's tcp_syn_retries
	dataRetries   = 15 // time-outs before a stream gives up, as Linux's tcp_retries2
)

// sender is the sending half of a stream: what has been written and not yet acknowledged, and when
// it may leave. A pure core that is told the time. Congestion control is NewReno (RFC 5681, 6582)
// with limited transmit (RFC 3042), counting bytes (RFC 3465), in the slow start as Linux does:
// by all that an acknowledgement covers.
//
// Positions are a segment's: una <= next <= end; una <= highest; buf[0] is at max(una, 1).
type sender struct {
	mss  int64
	buf  []byte
	fin  int64 // position of the FIN; 0: more may be written
	una  int64 // the oldest that is not acknowledged; 0: the SYN is not
	next int64 // what goes out next
	// highest is the end of all that went out; after a time-out next goes back behind it.
	highest int64
	edge    int64 // end of the peer's window

	cwnd, ssthresh int64 // bytes
	counted        int64 // bytes acknowledged towards the next growth in congestion avoidance
	dups           int
	recovery       bool  // fast recovery, until recover is acknowledged
	recover        int64 // highest when recovery or a time-out began
	resend         bool  // the segment at una goes out again, whatever the window
	probe          bool  // the peer's window is closed: ask whether it still is
	tries          int   // time-outs since the peer was last heard of

	rtt    roundTrip
	wakeAt time.Duration // time-out of retransmission or of a probe; 0: none
	sentAt time.Duration // when the last chunk left
}

func newSender(mss int) sender {
	return sender{mss: int64(mss), cwnd: initialWindow * int64(mss), ssthresh: math.MaxInt64}
}

// chunk is what a segment carries.
type chunk struct {
	seq      int64
	data     []byte // of sender.buf: valid until the next call
	syn, fin bool
}

// write takes bytes to be sent.
func (s *sender) write(b []byte) { s.buf = append(s.buf, b...) }

// close ends the stream after what has been written.
func (s *sender) close() {
	if s.fin == 0 {
		s.fin = s.dataEnd()
	}
}

// begin is the position of buf[0].
func (s *sender) begin() int64 { return max(s.una, 1) }

// dataEnd is the position after the last byte written.
func (s *sender) dataEnd() int64 {
	if s.fin > 0 {
		return s.fin
	}
	return s.begin() + int64(len(s.buf))
}

// end is the position after all that is to be sent.
func (s *sender) end() int64 {
	if s.fin > 0 {
		return s.fin + 1
	}
	return s.dataEnd()
}

// unsent is how many bytes have never gone out.
func (s *sender) unsent() int { return int(max(0, s.dataEnd()-max(s.highest, 1))) }

// finAcked tells whether the stream has been acknowledged to its end.
func (s *sender) finAcked() bool { return s.fin > 0 && s.una > s.fin }

// flight is how many bytes are out.
func (s *sender) flight() int64 { return s.next - s.una }

// outgoing returns the next chunk that may leave now, if there is one.
func (s *sender) outgoing(now time.Duration) (chunk, bool) {
	switch {
	case s.probe: // a position long acknowledged, to which the peer must answer
		s.probe = false
		return chunk{seq: s.una - 1}, true
	case s.resend:
		s.resend = false
		c := s.chunk(s.una, min(s.mss, s.highest-s.una))
		s.next = max(s.next, c.end())
		return s.leave(now, c), true
	case s.una == 0 && s.next > 0: // nothing before the SYN is acknowledged
		return chunk{}, false
	}
	left := min(s.mss, s.end()-s.next)
	if left <= 0 {
		return chunk{}, false
	}
	s.slowStartAfterIdle(now)
	window := s.cwnd
	if !s.recovery && s.dups < dupThreshold {
		window += int64(s.dups) * s.mss // limited transmit
	}
	room := min(s.una+window, max(s.edge, 1)) - s.next
	if left > room {
		if s.flight() > 0 {
			return chunk{}, false
		}
		if room <= 0 {
			s.arm(now)
			return chunk{}, false
		}
		left = room
	}
	c := s.chunk(s.next, left)
	s.next = c.end()
	s.highest = max(s.highest, s.next)
	return s.leave(now, c), true
}

// chunk cuts n positions out of what is to be sent.
func (s *sender) chunk(seq, n int64) chunk {
	if seq == 0 {
		return chunk{syn: true}
	}
	from, to := seq-s.begin(), min(seq+n, s.dataEnd())-s.begin()
	return chunk{seq: seq, data: s.buf[min(from, to):to], fin: seq+n > s.dataEnd()}
}

// end is the position after the chunk.
func (c chunk) end() int64 {
	end := c.seq + int64(len(c.data))
	if c.syn || c.fin {
		end++
	}
	return end
}

func (s *sender) leave(now time.Duration, c chunk) chunk {
	s.sentAt = now
	if s.wakeAt == 0 {
		s.arm(now)
	}
	return c
}

func (s *sender) arm(now time.Duration) {
	if s.wakeAt <= now {
		s.wakeAt = now + s.rtt.timeout()
	}
}

// slowStartAfterIdle halves the window for every time-out that nothing was sent, down to the
// initial window: what was learnt of the line has aged (RFC 2861, as Linux does it).
func (s *sender) slowStartAfterIdle(now time.Duration) {
	if s.flight() > 0 {
		return
	}
	idle, rto := now-s.sentAt, s.rtt.timeout()
	least := min(s.cwnd, initialWindow*s.mss)
	if idle > rto {
		s.ssthresh = max(s.ssthresh, s.cwnd*3/4)
	}
	for ; idle > rto && s.cwnd > least; idle -= rto {
		s.cwnd = max(s.cwnd/2, least)
	}
}

// acknowledge takes a segment's acknowledgement and window. Plain is one without payload, which
// may be a duplicate. It returns whether anything new was acknowledged.
func (s *sender) acknowledge(now time.Duration, h *segment, plain bool) bool {
	if h.ack > s.highest {
		return false // of what was never sent
	}
	if h.edge > s.edge {
		s.edge = h.edge
		if s.flight() == 0 {
			s.wakeAt = 0 // no more probes
		}
	}
	if h.ack < s.una {
		return false
	}
	if h.ack > s.una || s.una == s.highest {
		s.tries = 0
	}
	if h.ack == s.una {
		if plain && !h.update && s.una > 0 && s.una < s.highest {
			s.duplicate()
		}
		return false
	}
	s.rtt.sample(now - h.echo)
	s.advance(now, h.ack)
	return true
}

// duplicate takes a duplicate acknowledgement: another segment has left the line.
func (s *sender) duplicate() {
	s.dups++
	switch {
	case s.recovery:
		s.cwnd += s.mss
	case s.dups == dupThreshold && s.una > s.recover:
		s.recovery, s.recover, s.resend = true, s.highest, true
		s.ssthresh = max(s.flight()/2, 2*s.mss)
		s.cwnd = s.ssthresh + dupThreshold*s.mss
	}
}

// advance takes an acknowledgement of something new.
func (s *sender) advance(now time.Duration, ack int64) {
	covered, flight := ack-s.una, s.flight()
	begin := s.begin()
	s.una = ack
	s.next = max(s.next, ack)
	s.buf = s.buf[min(s.begin()-begin, int64(len(s.buf))):]
	s.dups = 0
	switch {
	case s.recovery && ack >= s.recover:
		s.recovery = false
		s.cwnd = min(s.ssthresh, max(s.flight(), s.mss)+s.mss)
	case s.recovery: // partial: the next hole is at ack
		s.resend = true
		s.cwnd -= covered
		if covered >= s.mss {
			s.cwnd += s.mss
		}
		s.cwnd = max(s.cwnd, s.mss)
	default:
		s.grow(covered, flight)
	}
	// Every advance moves the time-out, in recovery too: the slow but steady variant of RFC 6582,
	// 4, as Linux has it. With a queue full of losses the impatient one sends all of it twice.
	if s.wakeAt = 0; s.una < s.highest {
		s.arm(now)
	}
}

// grow opens the congestion window, if that is what held the sender back (RFC 7661).
func (s *sender) grow(covered, flight int64) {
	if s.cwnd < s.ssthresh {
		if 2*flight < s.cwnd {
			return
		}
		if s.una <= s.recover { // after a time-out: what arrived before it counts once (RFC 3465, 2.3)
			covered = min(covered, s.mss)
		}
		s.cwnd = min(s.cwnd+covered, s.ssthresh)
		return
	}
	if flight+s.mss <= s.cwnd {
		return
	}
	if s.counted += covered; s.counted >= s.cwnd {
		s.counted -= s.cwnd
		s.cwnd += s.mss
	}
}

// timeout takes the passing of wakeAt. It returns false when the peer is to be given up.
func (s *sender) timeout(now time.Duration) bool {
	s.wakeAt = 0
	s.rtt.backoff++
	s.tries++
	if s.una == s.highest { // nothing is out: the peer's window is closed
		s.probe = s.end() > s.next
	} else {
		if s.rtt.backoff == 1 {
			s.ssthresh = max(s.flight()/2, 2*s.mss)
		}
		s.cwnd, s.counted, s.dups = s.mss, 0, 0
		s.recovery, s.recover = false, s.highest
		s.next, s.resend = s.una, true
	}
	s.arm(now)
	if s.una == 0 {
		return s.tries <= synRetries
	}
	return s.tries <= dataRetries
}
