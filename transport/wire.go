package transport

import (
	"encoding/binary"
	"fmt"
)

// A message of the data channel begins with a byte that names its kind in the high half:
//
//	 0 1 2 3 4 5 6 7
//	+-------+-------+
//	| kind  | flags |
//	+-------+-------+
//
// Numbers that grow by one travel as their low 16 bits (see nearest), lengths and times as unsigned LEB128 ("varint").
const (
	kindObjects = 1 // host to viewer
	kindStreams = 2 // both ways
	kindReport  = 3 // viewer to host
	kindAlive   = 4 // both ways
	kindBye     = 5 // both ways
)

// maxPayload is the longest message in bytes: with ChaCha20-Poly1305 it makes an IPv4 packet of 1,241 bytes, which passes tunnels
// with an MTU of 1,280.
const maxPayload = 1152

// below is what SCTP (12 and 20), DTLS (29), UDP (8) and IPv4 (20) add to a message, which SCTP pads to a multiple of 4 bytes.
const below = 89

// wireSize is the length of the IP packet that carries a message of n bytes.
func wireSize(n int) int { return (n+3)&^3 + below }

// nearest restores a number of which low are the low 16 bits: the one closest to ref. Where ref is less than 2^15 away from the
// number that was meant, it is that number.
func nearest(ref uint64, low uint16) uint64 {
	d := int16(low - uint16(ref))
	if d < 0 && uint64(-int64(d)) > ref {
		return uint64(low)
	}
	return ref + uint64(int64(d))
}

// uvarint reads a varint of at most max from the front of b.
func uvarint(b []byte, max uint64) (v uint64, rest []byte, err error) {
	v, n := binary.Uvarint(b)
	if n <= 0 || v > max {
		return 0, nil, malformed("a varint is cut off or above %d", max)
	}
	return v, b[n:], nil
}

func malformed(format string, a ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrProtocol}, a...)...)
}

// appendAlive and appendBye make the messages that consist of their first byte alone: a sign of life when there was nothing else
// to send, and the orderly end.
func appendAlive(dst []byte) []byte { return append(dst, kindAlive<<4) }
func appendBye(dst []byte) []byte   { return append(dst, kindBye<<4) }
