package transport

import (
	"context"
	"time"
)

// Stream names one of the ordered sequences that a Conn carries: 0 is the objects', 1 to 31 are the caller's.
type Stream uint8

// ObjectOverhead is how many bytes of Budget each object takes beside its own.
const ObjectOverhead = 2

// MaxMessage is the longest message that Send takes, in bytes.
const MaxMessage = 16 << 10

// Message is what Receive returns: a message of a small stream, or the objects that became deliverable together.
type Message struct {
	Stream  Stream
	Data    []byte    // of a small stream; nil for objects
	Objects [][]byte  // in order, without a gap to those of the Message before; nil for small streams
	State   uint64    // number of the last of Objects
	Arrived time.Time // when the packet that completed it arrived
}

// Conn is one session between a host and a viewer. It is safe for concurrent use.
type Conn struct{}

func (c *Conn) ID() string                                                { panic("soon") }
func (c *Conn) Grant() Grant                                              { panic("soon") }
func (c *Conn) RemoteAddr() string                                        { panic("soon") }
func (c *Conn) Budget() (bytes int, grew <-chan struct{})                 { panic("soon") }
func (c *Conn) SendObjects(objects [][]byte) error                        { panic("soon") }
func (c *Conn) Send(ctx context.Context, s Stream, msg []byte) error      { panic("soon") }
func (c *Conn) Receive(ctx context.Context) (Message, error)              { panic("soon") }
func (c *Conn) Decoded(state uint64)                                      { panic("soon") }
func (c *Conn) Acked() uint64                                             { panic("soon") }
func (c *Conn) Stats() Stats                                              { panic("soon") }
func (c *Conn) Close() error                                              { panic("soon") }
func (c *Conn) Done() <-chan struct{}                                     { panic("soon") }
func (c *Conn) Err() error                                                { panic("soon") }
func Dial(ctx context.Context, url string, cfg DialConfig) (*Conn, error) { panic("soon") }
