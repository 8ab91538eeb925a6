package transport

import "time"

// Stream names one of the ordered sequences that a Conn carries: 0 is the objects', 1 to MaxStream are the caller's.
type Stream uint8

// MaxStream is the largest number of a small stream.
const MaxStream = 31

// ObjectOverhead is how many bytes of Budget each object takes beside its own.
const ObjectOverhead = 2

// MaxMessage is the longest message that Send takes, in bytes.
const MaxMessage = 16 << 10

// Message is what Receive returns: a message of a small stream, or the objects that became deliverable together.
type Message struct {
	Stream  Stream
	Data    []byte    // of a small stream; nil for objects
	Objects [][]byte  // in order, without a gap to those of the Message before; nil for small streams
	State   uint64    // number of the last of Objects, which are numbered from 1
	Arrived time.Time // when the packet that completed it arrived
}
