package transport

import "time"

// Stats are the figures of one Conn. All counts are from its beginning.
type Stats struct {
	Rate     float64       // bit/s that the line down gives us, headers included, as measured by the host; 0: not known, or a viewer's
	RTT      time.Duration // the newest round trip, queues included; 0: not known
	MinRTT   time.Duration // the smallest
	Queue    time.Duration // how long the newest reported packet waited on the line down
	Loss     float64       // share of packets lost, over the last 200 or so
	Inflight int           // bytes of packets sent and neither reported nor given up
	Unacked  int           // bytes of objects that the viewer has not yet reported as decoded

	Sent, Received Traffic
}

// Traffic is what one direction carried, in bytes but for Packets, Objects and Resent.
type Traffic struct {
	Payload  uint64 // objects and stream messages, without our headers
	Feedback uint64 // reports and signs of life, without the headers below ours
	Repair   uint64 // packets sent again by SCTP, all headers included
	Overhead uint64 // all other bytes: our headers, SCTP, DTLS, UDP, IP (v4), STUN and the handshake
	Objects  uint64 // objects (received: in order)
	Packets  uint64 // IP packets
	Resent   uint64 // of these, sent again
}
