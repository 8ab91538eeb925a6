package netsim

import "time"

// Lengths in bytes of the headers of IPv4 and TCP as Linux sends them.
const (
	headerTCP = 52 // 20 + 20, and the time stamps' 12 (RFC 7323)
	headerSYN = 60 // 20 + 20, and MSS, SACK permitted, time stamps, window scale: 20
	headerRST = 40 // without options
)

// segment is the header of a segment. A stream counts from its SYN, which is 0; its first byte is
// 1; the FIN counts as one byte after the last.
type segment struct {
	seq    int64
	ack    int64 // all before it has arrived; 0: nothing has
	edge   int64 // end of the window: the receiver takes nothing from here on
	syn    bool
	fin    bool // after the payload
	rst    bool
	update bool          // only moves the window: not a duplicate acknowledgement
	stamp  time.Duration // when it was sent
	echo   time.Duration // the stamp of what it acknowledges
}

func (s *segment) header() int {
	switch {
	case s.rst:
		return headerRST
	case s.syn:
		return headerSYN
	}
	return headerTCP
}
