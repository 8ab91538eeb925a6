package transport

import "time"

// Stats are the figures of one Conn. All counts are from its beginning.
type Stats struct {
	// The host's, of the line down; 0 at a viewer.
	Rate     float64       // bit/s that the line gives us, headers included; 0: not known
	RTT      time.Duration // the newest round trip, queues included, without what the viewer waits before it reports; 0: not known
	MinRTT   time.Duration // the smallest
	Queue    time.Duration // how long the newest reported packet waited on the line down
	Loss     float64       // share of packets lost, over the last 200 or so
	Inflight int           // bytes of packets sent and neither reported nor given up
	Rival    bool          // another flow fills the line, and we compete with it
	Unacked  int           // bytes of objects that the viewer has not yet reported as decoded

	Sent     Traffic
	Received Traffic
	Unsent   int // bytes that Send took and that have not left
}

// Traffic is what one direction carried, in bytes but for Objects, Packets and Resent. Packets are counted from when ICE has
// chosen a way: DTLS's handshake is in, ICE's first checks are not.
type Traffic struct {
	Payload  uint64 // objects and messages
	Feedback uint64 // reports and signs of life, with all headers
	Repair   uint64 // large packets that SCTP sent again, headers included; sent only: who receives cannot tell
	Overhead uint64 // all the rest: our headers, SCTP, DTLS, UDP, IP, ICE
	Objects  uint64
	Packets  uint64
	Resent   uint64 // packets in Repair
	Held     uint64 // packets that SCTP would have sent again and that were held back; sent only
}

// Stats may be called at any time, also after the end.
func (c *Conn) Stats() Stats {
	count := c.peer.door.gate.counted()
	c.mu.Lock()
	defer c.mu.Unlock()
	s := Stats{Sent: c.sent, Received: c.got, Unsent: c.queue.bytes, Unacked: c.kept.bytes}
	s.Sent.Packets, s.Sent.Resent, s.Sent.Repair, s.Sent.Held = count.packets, count.surplus, count.surplusSize, count.dropped
	s.Sent.Overhead = rest(count.bytes, s.Sent)
	s.Received.Packets = c.peer.door.packets.Load()
	s.Received.Overhead = rest(c.peer.door.bytes.Load(), s.Received)
	if c.ctl != nil {
		s.Rate = c.ctl.rate.rate * 8
		s.RTT, s.MinRTT, s.Queue = c.ctl.rtt, c.ctl.minRTT, c.ctl.wait
		s.Loss, s.Inflight, s.Rival = c.ctl.loss, c.ctl.flight.inflight, c.ctl.rival.competing
	}
	return s
}

// rest is 0 while bytes that were handed over have not passed the socket.
func rest(all uint64, t Traffic) uint64 {
	known := t.Payload + t.Feedback + t.Repair
	if known > all {
		return 0
	}
	return all - known
}
