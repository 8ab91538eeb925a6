package session

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"sync"
	"time"

	"github.com/thinpane/thinpane/transport"
)

// MaxCursor is the longest side of a Cursor, in pixels.
const MaxCursor = 64

// Cursor is the shape of the host's pointer. It is no part of the picture: the viewer draws it where its user's own
// pointer is, so that it follows the hand at once. The zero value is no cursor: the host hides it.
type Cursor struct {
	Size image.Point // 1 to MaxCursor each, or zero
	Hot  image.Point // the pixel that points, within Size
	Pix  []byte      // RGBA, multiplied by alpha, Size.X*Size.Y*4 bytes
}

// ErrCursor says that a Cursor, or bytes that should hold one, are not valid.
var ErrCursor = errors.New("invalid cursor")

func (c Cursor) validate() error {
	switch {
	case c.Size == image.Point{} && c.Hot == image.Point{} && len(c.Pix) == 0:
		return nil
	case c.Size.X < 1 || c.Size.Y < 1 || c.Size.X > MaxCursor || c.Size.Y > MaxCursor:
		return fmt.Errorf("%w: %d x %d pixels, at most %d each", ErrCursor, c.Size.X, c.Size.Y, MaxCursor)
	case !c.Hot.In(image.Rectangle{Max: c.Size}):
		return fmt.Errorf("%w: it points with %d,%d, outside its %d x %d pixels", ErrCursor, c.Hot.X, c.Hot.Y, c.Size.X, c.Size.Y)
	case len(c.Pix) != c.Size.X*c.Size.Y*4:
		return fmt.Errorf("%w: %d bytes of pixels for %d x %d", ErrCursor, len(c.Pix), c.Size.X, c.Size.Y)
	}
	return nil
}

func (c Cursor) equal(o Cursor) bool {
	return c.Size == o.Size && c.Hot == o.Hot && bytes.Equal(c.Pix, o.Pix)
}

// appendCursor appends the shape as SPEC.md's section "Cursor" has it: size, hotspot, then runs of pixels:
//
//	 7 6 5 4 3 2 1 0
//	+-+-+-+-+-+-+-+-+
//	|kind |  n - 1  |      kind 0: n clear pixels; 1: n times the pixel that follows; 2: n pixels follow
//	+-+-+-+-+-+-+-+-+
func appendCursor(b []byte, c Cursor) []byte {
	b = append(b, byte(c.Size.X), byte(c.Size.Y), byte(c.Hot.X), byte(c.Hot.Y))
	pixel := func(i int) uint32 { return binary.BigEndian.Uint32(c.Pix[4*i:]) }
	all := len(c.Pix) / 4
	equals := func(i int) (n int) { // pixels like the one at i, from there on
		for n = 1; n < maxRun && i+n < all && pixel(i+n) == pixel(i); n++ {
		}
		return n
	}
	for i := 0; i < all; {
		n := equals(i)
		switch {
		case pixel(i) == 0:
			b = append(b, runClear|byte(n-1))
		case n > 1:
			b = append(append(b, runEqual|byte(n-1)), c.Pix[4*i:4*i+4]...)
		default:
			for n < maxRun && i+n < all && pixel(i+n) != 0 && equals(i+n) == 1 {
				n++
			}
			b = append(append(b, runLiteral|byte(n-1)), c.Pix[4*i:4*(i+n)]...)
		}
		i += n
	}
	return b
}

const (
	maxRun     = 32
	runClear   = 0 << 5
	runEqual   = 1 << 5
	runLiteral = 2 << 5
)

// parseCursor reads what appendCursor wrote, all of b.
func parseCursor(b []byte) (Cursor, error) {
	r := reader{b: b}
	c := Cursor{Size: image.Pt(int(r.byte()), int(r.byte())), Hot: image.Pt(int(r.byte()), int(r.byte()))}
	all := c.Size.X * c.Size.Y * 4
	for len(r.b) > 0 && len(c.Pix) < all && all <= MaxCursor*MaxCursor*4 {
		head := r.byte()
		n := int(head&(maxRun-1)) + 1
		switch head &^ (maxRun - 1) {
		case runClear:
			c.Pix = append(c.Pix, make([]byte, 4*n)...)
		case runEqual:
			c.Pix = append(c.Pix, bytes.Repeat(r.bytes(4), n)...)
		case runLiteral:
			c.Pix = append(c.Pix, r.bytes(4*n)...)
		default:
			r.bad = true
		}
	}
	if r.bad || len(r.b) > 0 {
		return Cursor{}, fmt.Errorf("%w: cut short, or too long", ErrCursor)
	}
	return c, c.validate()
}

// cursorSlots are the shapes that a viewer keeps, so that one that comes back costs two bytes. Both ends fill them in
// the same order.
type cursorSlots struct {
	shapes [32]Cursor
	filled int
}

// append appends the message that makes the viewer show c.
func (s *cursorSlots) append(b []byte, c Cursor) []byte {
	for i := range min(s.filled, len(s.shapes)) {
		if s.shapes[i].equal(c) {
			return append(b, byte(i))
		}
	}
	slot := s.filled % len(s.shapes)
	s.shapes[slot] = c
	s.filled++
	return appendCursor(append(b, byte(slot)), c)
}

// parse takes a message and returns what is to be shown.
func (s *cursorSlots) parse(b []byte) (Cursor, error) {
	if len(b) == 0 || int(b[0]) >= len(s.shapes) {
		return Cursor{}, fmt.Errorf("%w: no such slot", ErrCursor)
	}
	if len(b) == 1 {
		return s.shapes[b[0]], nil
	}
	c, err := parseCursor(b[1:])
	if err == nil {
		s.shapes[b[0]] = c
	}
	return c, err
}

// pointer is the newest shape, for all viewers.
type pointer struct {
	changed signal
	mu      sync.Mutex
	shape   Cursor
	set     bool
}

// SetCursor makes c what viewers show as their pointer; its pixels are copied. ErrCursor says what is not valid: also
// a shape so full of detail that it does not fit one message.
func (s *Screen) SetCursor(c Cursor) error {
	if err := c.validate(); err != nil {
		return err
	}
	if n := 1 + len(appendCursor(nil, c)); n > transport.MaxMessage {
		return fmt.Errorf("%w: %d bytes, at most %d", ErrCursor, n, transport.MaxMessage)
	}
	c.Pix = bytes.Clone(c.Pix)
	s.pointer.mu.Lock()
	s.pointer.shape, s.pointer.set = c, true
	s.pointer.mu.Unlock()
	s.pointer.changed.fire()
	return nil
}

// cursorGap is the least time between two shapes: a program that animates its pointer must not hold up the picture.
const cursorGap = 100 * time.Millisecond

// point sends the newest shape once the last one has left; those between are never sent.
func (p *Peer) point(ctx context.Context, at *pointer) {
	var slots cursorSlots
	var shown []byte
	for {
		changed := at.changed.next()
		at.mu.Lock()
		c, set := at.shape, at.set
		at.mu.Unlock()
		if set {
			msg := slots.append(nil, c)
			if again := len(msg) == 1 && len(shown) > 0 && msg[0] == shown[0]; !again && !p.sendCursor(ctx, msg) {
				return
			}
			shown = msg
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return
		}
	}
}

// sendCursor returns when the message has left, false when the session has ended.
func (p *Peer) sendCursor(ctx context.Context, msg []byte) bool {
	if p.conn.Send(ctx, streamCursor, msg) != nil {
		return false
	}
	for {
		select {
		case <-time.After(cursorGap):
			if p.conn.Stats().Unsent == 0 {
				return true
			}
		case <-ctx.Done():
			return false
		}
	}
}
