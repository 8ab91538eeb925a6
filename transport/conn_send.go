package transport

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Budget is for the host: how many bytes of objects one message may carry now, each object counted with ObjectOverhead. 0 means
// nothing now; grew is closed as soon as it may be more. What Budget has said holds until the next SendObjects.
// A full message's Budget is 1,147, or less where that would hold the line for longer than 90 ms.
func (c *Conn) Budget() (bytes int, grew <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	c.flush(now)
	c.told, _ = c.budget(now)
	c.allowed = max(c.allowed, c.told) // what was said before may be in use
	if c.err == nil {
		c.asked = true
		c.attend(now)
	}
	return c.told, c.grew
}

// budget also returns when it will be more, as far as time alone decides.
func (c *Conn) budget(now time.Duration) (int, time.Duration) {
	if c.ctl == nil || c.err != nil || c.closing || c.kept.full() || !c.queue.empty() {
		return 0, never
	}
	size := c.ctl.messageSize()
	if w := c.ctl.Wait(c.world+now, wireSize(size)); w > 0 {
		return 0, now + w
	}
	return size - objectsHeader, never
}

// offer tells whoever asked for a budget when there is more of it, and returns when to look again.
func (c *Conn) offer(now time.Duration) time.Duration {
	n, at := c.budget(now)
	if n > c.told {
		c.asked = false
		close(c.grew)
		c.grew = make(chan struct{})
	}
	if c.told > 0 {
		return never // it may shrink again: nobody need look
	}
	return at
}

// SendObjects is for the host: it sends objects, in one message. They get the numbers (states) after those of the last call.
// It never blocks, and keeps no reference to the slices. It fails with ErrTooLarge, having sent nothing, when the objects are more
// than the last Budget allows, and each Budget allows one call.
func (c *Conn) SendObjects(objects [][]byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.refused(); err != nil {
		return err
	}
	if len(objects) == 0 {
		return nil
	}
	size := 0
	for _, o := range objects {
		if len(o) == 0 {
			return errors.New("transport: an object is empty")
		}
		size += objectSpace(len(o))
	}
	if size > c.allowed {
		return fmt.Errorf("transport: %d bytes of objects where the budget is %d: %w", size, c.allowed, ErrTooLarge)
	}
	now := c.now()
	packet := c.ctl.OnSend(c.world+now, wireSize(objectsHeader+size))
	c.write(now, objectsMessage{packet: packet, first: c.kept.last() + 1, objects: objects}.append(c.buf[:0]))
	for _, o := range objects {
		c.kept.add(o)
		c.sent.Payload += uint64(len(o))
	}
	c.sent.Objects += uint64(len(objects))
	if size > smallPacket {
		c.peer.sites.note(c.site, c, now)
	}
	c.allowed, c.told = 0, 0
	c.attend(now)
	return nil
}

// Send sends a message of at most MaxMessage bytes, reliably and in order within its stream, ahead of objects. It blocks while too
// much of what was sent before has not left yet, and returns once the message is taken, not delivered.
//
// "Ahead" means that no object leaves while any message waits: who sends in bulk must leave pauses, or the picture stands still.
func (c *Conn) Send(ctx context.Context, s Stream, msg []byte) error {
	if s == 0 || s > MaxStream {
		return fmt.Errorf("transport: stream %d: %w (1 to %d)", s, ErrStream, MaxStream)
	}
	if len(msg) > MaxMessage {
		return fmt.Errorf("transport: a message of %d bytes, at most %d: %w", len(msg), MaxMessage, ErrTooLarge)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		if err := c.refused(); err != nil {
			return err
		}
		if c.queue.bytes <= maxUnsent-len(msg) {
			break
		}
		room := c.room
		c.mu.Unlock()
		select {
		case <-room:
		case <-ctx.Done():
		}
		c.mu.Lock()
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	c.queue.put(s, msg)
	c.attend(c.now())
	return nil
}

func (c *Conn) refused() error {
	if c.err != nil {
		return c.err
	}
	if c.closing {
		return fmt.Errorf("%w by this end", ErrClosed)
	}
	return nil
}

// flush sends fragments of small streams, as far as may leave now, and returns when more may. The lock is held.
func (c *Conn) flush(now time.Duration) time.Duration {
	if c.queue.empty() || c.err != nil {
		return never
	}
	before := c.queue.bytes
	defer func() {
		if c.err == nil && c.queue.bytes < before {
			close(c.room)
			c.room = make(chan struct{})
		}
	}()
	for !c.queue.empty() && c.err == nil {
		limit := maxPayload
		packet := c.packets
		if c.ctl == nil {
			if !c.viewerMay(c.queue.nextSize(limit)) {
				return never // wake comes when it drains
			}
			c.packets++
		} else {
			if c.ahead.full() {
				return never // a report will tell
			}
			limit = c.ctl.messageSize()
			size := wireSize(c.queue.nextSize(limit))
			if w := c.ctl.Wait(c.world+now, size); w > 0 {
				return now + w
			}
			packet = c.ctl.OnSend(c.world+now, size)
		}
		msg, fragments, payload := c.queue.fill(appendStreamsHeader(c.buf[:0], packet), limit)
		c.ahead.add(packet, len(msg), fragments)
		c.sent.Payload += uint64(payload)
		c.write(now, msg)
	}
	return never
}

// viewerMay says whether the viewer may send so many bytes now; if not, it sees to it that wake comes when it may. A packet that gets
// lost again and again leaves the window to others: so that they do not come too far ahead of it, all must have arrived now and then.
func (c *Conn) viewerMay(size int) bool {
	if c.ahead.full() || c.closing {
		c.wakeWhenUnacked(0)
	} else {
		c.wakeWhenUnacked(viewerWindow / 2)
	}
	unacked := c.peer.unacked()
	if unacked == 0 {
		c.ahead.allArrived()
		return true
	}
	return unacked+size <= viewerWindow && !c.ahead.full()
}

// wakeWhenUnacked lets wake come when what SCTP has to be acknowledged falls to low bytes.
func (c *Conn) wakeWhenUnacked(low int) {
	if c.wakeLow != low {
		c.wakeLow = low
		c.peer.onDrained(low, c.wake)
	}
}

func (c *Conn) sendReport(now time.Duration) {
	r := c.reporter.report(now)
	msg := r.append(c.buf[:0])
	c.reporter.sent(wireSize(len(msg)))
	c.sent.Feedback += uint64(wireSize(len(msg)))
	c.write(now, msg)
}
