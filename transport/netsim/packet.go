package netsim

import "time"

// End is one end of the line.
type End uint8

const (
	Near End = iota // the host's
	Far             // the viewer's
)

// out is the way that leads away from the end.
func (e End) out() Way { return Way(e) }

// Way is one of the two directions.
type Way uint8

const (
	Down Way = iota // from Near to Far
	Up              // from Far to Near
)

// Fate is what becomes of a packet.
type Fate uint8

const (
	Delivered Fate = iota
	Dropped        // found the queue full, or was longer than the MTU: it never entered the queue
	Lost           // used the line, and was lost behind it
)

// Kind is what a packet carries, as far as its first byte tells (RFC 7983).
type Kind uint8

const (
	Other     Kind = iota
	STUN           // of ICE
	Handshake      // of DTLS
	Data           // of DTLS
	TCP            // a segment of a stream
)

// Packet is one packet that came to the line.
type Packet struct {
	At   time.Duration // since New
	Wait time.Duration // in the queue, until its transmission began; 0 when dropped
	Size int           // bytes, IP and UDP or TCP headers included
	Fate Fate
	Kind Kind
}

// kindOf tells what a datagram carries.
func kindOf(payload []byte) Kind {
	if len(payload) == 0 {
		return Other
	}
	switch b := payload[0]; {
	case b < 4:
		return STUN
	case b == 20 || b == 22: // change cipher spec, handshake
		return Handshake
	case b == 23:
		return Data
	}
	return Other
}
