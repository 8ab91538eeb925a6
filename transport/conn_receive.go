package transport

import (
	"context"
	"fmt"
	"time"
)

// Receive returns the next message of a small stream, or the next objects in order. Messages of one stream come in their order,
// those of different streams and objects as they arrive. Once the session is over and all that arrived is taken, it fails with
// what Err says.
func (c *Conn) Receive(ctx context.Context) (Message, error) { return c.inbox.get(ctx) }

// Decoded is for the viewer: it reports that all objects up to state, which Receive has returned, are decoded. The host is told
// with the next report, which is due within a fraction of a second. A host that gets no such reports stops after 2 MiB.
func (c *Conn) Decoded(state uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.host || c.err != nil {
		return
	}
	now := c.now()
	c.reporter.state(now, min(state, c.objects.delivered))
	c.attend(now)
}

// Acked is for the host: the newest state that the viewer has reported as decoded.
func (c *Conn) Acked() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.kept.acked
}

// handle takes one message, which it may keep. The lock is held.
func (c *Conn) handle(now time.Duration, b []byte) error {
	if len(b) == 0 {
		return malformed("a message is empty")
	}
	switch kind := b[0] >> 4; {
	case kind == kindObjects && !c.host:
		return c.handleObjects(now, b)
	case kind == kindStreams:
		return c.handleStreams(now, b)
	case kind == kindReport && c.host:
		return c.handleReport(now, b)
	case kind == kindAlive:
		c.got.Feedback += uint64(wireSize(len(b)))
		return nil
	case kind == kindBye:
		c.finish(fmt.Errorf("%w by the other end", ErrClosed))
		return nil
	default:
		return malformed("a message of kind %d", kind)
	}
}

func (c *Conn) handleObjects(now time.Duration, b []byte) error {
	m, err := parseObjects(b, c.packetsSeen, c.objects.delivered+1)
	if err != nil {
		return err
	}
	c.seen(now, m.packet, len(b))
	ready, err := c.objects.accept(m.first, m.objects)
	if err != nil || len(ready) == 0 {
		return err
	}
	for _, o := range ready {
		c.got.Payload += uint64(len(o))
	}
	c.got.Objects += uint64(len(ready))
	c.inbox.put(Message{Objects: ready, State: c.objects.delivered, Arrived: c.begun.Add(now)})
	return nil
}

func (c *Conn) handleStreams(now time.Duration, b []byte) error {
	m, err := parseStreams(b, c.packetsSeen)
	if err != nil {
		return err
	}
	c.seen(now, m.packet, len(b))
	for _, f := range m.fragments {
		ready, err := c.streams.accept(f)
		if err != nil {
			return err
		}
		for _, msg := range ready {
			c.got.Payload += uint64(len(msg))
			c.inbox.put(Message{Stream: f.stream, Data: msg, Arrived: c.begun.Add(now)})
		}
	}
	return nil
}

// seen notes a packet of the other end's; the viewer reports it.
func (c *Conn) seen(now time.Duration, packet uint64, n int) {
	c.packetsSeen = max(c.packetsSeen, packet)
	if !c.host {
		c.reporter.arrived(now, packet, wireSize(n))
	}
}

func (c *Conn) handleReport(now time.Duration, b []byte) error {
	sent := c.ctl.flight.next()
	if sent == 0 {
		return malformed("a report before anything was sent")
	}
	r, err := parseReport(b, sent-1, c.kept.last())
	if err != nil {
		return err
	}
	c.got.Feedback += uint64(wireSize(len(b)))
	c.kept.ack(r.state)
	for _, a := range r.arrivals {
		c.ahead.arrived(a.packet)
	}
	var fair float64
	c.ctl.shared, fair = c.peer.sites.others(c.site, c, now, c.ctl.rate.rate)
	if c.ctl.shared > 0 {
		c.ctl.rate.approach(fair)
	}
	c.peer.door.gate.lost(c.ctl.OnReport(c.world+now, r.hold, r.arrivals))
	return nil
}
