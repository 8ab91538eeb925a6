package transport

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

// Conn is one session between a host and a viewer. All its methods may be called by many goroutines at once; messages of one
// stream keep the order of their Sends as far as these are one after the other.
//
//	SendObjects ---------------------------\                    /--> objectOrder -\
//	Send --> sendQueue --(budget, window)---+--> the channel --+---> streamOrder --+--> inbox --> Receive
//	Decoded --> reporter --(when due)------/                    \--> controller: Budget
type Conn struct {
	id    string
	grant Grant
	host  bool
	peer  *peer
	begun time.Time     // what all times below are since
	world time.Duration // begun by the world's clock: the controller's pauses go by it

	inbox *inbox
	kick  chan struct{} // the loop has something to do
	done  chan struct{} // it is over
	gone  chan struct{} // all is freed

	mu      sync.Mutex
	err     error         // why it is over
	closing bool          // nothing more is taken from the caller
	saidBye bool          // to the other end, which closes when it has read it
	wakeAt  time.Duration // when the loop will look next
	sentAt  time.Duration // anything, last
	heardAt time.Duration // anything, last, or that nobody listened
	readAt  time.Duration // anything, last
	sent    Traffic
	got     Traffic
	buf     []byte

	queue   sendQueue
	room    chan struct{} // closed and made anew when the queue shrinks
	ahead   unreported
	wakeLow int // see wakeWhenUnacked

	// The host's.
	ctl     *controller
	site    siteKey
	kept    kept
	grew    chan struct{}
	asked   bool // Budget was called since grew was closed
	told    int  // what it said
	allowed int  // what SendObjects may take

	// The viewer's.
	objects  objectOrder
	reporter reporter
	packets  uint64 // sent

	streams     streamOrder
	packetsSeen uint64 // newest packet of the other end's, so that numbers can be told from their low bits
}

const (
	// aliveEvery: after so long without anything to send, a sign of life keeps the ways through NATs open (RFC 4787, REQ-5: at
	// least 2 min; measured: from 30 s).
	aliveEvery = 15 * time.Second
	// silentAfter: the other end's signs of life did not come three times.
	silentAfter = 45 * time.Second
	// unreadAfter: while the inbox is full nothing is read, not even that the other end has gone. So much patience a Conn has with its
	// own caller: a program that was stopped and goes on, or a slow disk, yes; one that has forgotten it, no.
	unreadAfter = time.Minute
	// closeWithin: for so long Close tries to deliver what is on its way.
	closeWithin = time.Second
	// viewerWindow in bytes: what the viewer has under way. Two packets are 0.3 s of a 64 kbit/s uplink; a key press waits behind them.
	viewerWindow = 2 * 1200
	never        = time.Duration(1<<63 - 1)
)

func newConn(p *peer, host bool, grant Grant, uplink float64) *Conn {
	c := &Conn{
		id: p.id, grant: grant, host: host, peer: p, begun: p.doors.start, world: time.Duration(p.doors.start.UnixNano()),
		inbox: newInbox(), kick: make(chan struct{}, 1),
		done: make(chan struct{}), gone: make(chan struct{}), room: make(chan struct{}), grew: make(chan struct{}),
		reporter: reporter{uplink: uplink},
	}
	if host {
		c.ctl = newController()
		c.site = keyOf(grant, p.remote())
	}
	c.sentAt, c.heardAt, c.readAt = c.now(), c.now(), c.now()
	c.peer.onDrained(0, c.wake)
	go c.read()
	go c.run()
	return c
}

func (c *Conn) now() time.Duration { return time.Since(c.begun) }

func (c *Conn) wake() {
	select {
	case c.kick <- struct{}{}:
	default:
	}
}

// run looks after what is due: it is the one place where time passes.
func (c *Conn) run() {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		c.mu.Lock()
		now := c.now()
		c.wakeAt = c.advance(now)
		wait := max(c.wakeAt-now, minWait)
		over := c.err != nil
		c.mu.Unlock()
		if over {
			c.peer.sites.leave(c.site, c)
			c.peer.close()
			close(c.gone)
			return
		}
		timer.Reset(wait)
		select {
		case <-timer.C:
		case <-c.kick:
		case <-c.done:
		}
	}
}

// read takes messages from the channel.
func (c *Conn) read() {
	buf := make([]byte, 2048) // a longer message breaks the protocol
	for c.inbox.waitForRoom() {
		n, err := c.peer.channel.Read(buf)
		c.mu.Lock()
		switch {
		case errors.Is(err, io.ErrShortBuffer):
			c.finish(malformed("a message is longer than %d bytes", len(buf)))
		case err != nil && c.saidBye: // the other end closed as soon as it had read it
			c.finish(fmt.Errorf("%w by this end", ErrClosed))
		case err != nil:
			c.finish(ErrLost)
		default:
			c.heardAt = c.now()
			c.readAt = c.heardAt
			if err := c.handle(c.heardAt, append([]byte(nil), buf[:n]...)); err != nil {
				c.finish(err)
			}
			c.attend(c.heardAt)
		}
		c.mu.Unlock()
	}
}

// attend does what is due after something has changed, and sees to it that the loop looks in time. The lock is held.
func (c *Conn) attend(now time.Duration) {
	if c.advance(now) < c.wakeAt {
		c.wake()
	}
}

// advance does what is due and returns when something will be next. The lock is held.
func (c *Conn) advance(now time.Duration) (next time.Duration) {
	if c.err != nil {
		return never
	}
	if c.ctl != nil {
		c.ctl.OnOthers(c.peer.door.gate.tookOthers())
	}
	next = c.heardAt + silentAfter
	if c.inbox.full() { // since the message read last
		c.heardAt = now
		if next = c.readAt + unreadAfter; now >= next {
			c.finish(fmt.Errorf("%w: %d bytes have waited for %v", ErrUnread, maxInbox, unreadAfter))
			return never
		}
	}
	if now >= next {
		c.finish(fmt.Errorf("%w for %v", ErrSilent, silentAfter))
		return never
	}
	if c.reporter.pending {
		if now >= c.reporter.due {
			c.sendReport(now)
		} else {
			next = min(next, c.reporter.due)
		}
	}
	next = min(next, c.flush(now))
	if c.asked {
		next = min(next, c.offer(now))
	}
	if now >= c.sentAt+aliveEvery {
		c.write(now, appendAlive(c.buf[:0]))
		c.sent.Feedback += uint64(wireSize(1))
	}
	if c.ctl != nil {
		idle, known := c.ctl.idleAt(c.world + now)
		if !known {
			idle = idleNever
		}
		c.peer.door.gate.line(idle-c.world, c.ctl.rate.rate)
	}
	if c.closing && c.queue.empty() && c.peer.unacked() == 0 {
		c.leave(now)
	}
	return min(next, c.sentAt+aliveEvery)
}

// leave says goodbye. The other end closes once it has read that, and that ends this one; were this one to end first, its end might
// overtake the goodbye.
func (c *Conn) leave(now time.Duration) {
	if !c.saidBye {
		c.saidBye = true
		c.write(now, appendBye(c.buf[:0]))
	}
}

// write hands a message to the channel. The lock is held; b is the Conn's buffer.
func (c *Conn) write(now time.Duration, b []byte) {
	c.buf = b[:0]
	c.sentAt = now
	c.peer.door.gate.expect(len(b))
	if _, err := c.peer.channel.Write(b); err != nil {
		c.finish(ErrLost)
	}
}

// finish ends it all, once. The lock is held.
func (c *Conn) finish(err error) {
	if c.err != nil {
		return
	}
	c.err = err
	c.inbox.close(err)
	close(c.done)
	close(c.grew)
	close(c.room)
}

// ID is the session's name in the host's signalling, the same at both ends.
func (c *Conn) ID() string { return c.id }

// Grant is what the host's Authorize returned; a viewer's is empty.
func (c *Conn) Grant() Grant { return c.grant }

// RemoteAddr is the other end's address and port, as its packets show it.
func (c *Conn) RemoteAddr() string { return c.peer.remote().String() }

// Done is closed when the session is over; Err says why then.
func (c *Conn) Done() <-chan struct{} { return c.done }

// Err is nil while the session lives. Then it is ErrClosed, ErrSilent, ErrUnread, ErrLost or ErrProtocol, with details.
func (c *Conn) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// Close ends the session. For up to a second it goes on sending what Send and SendObjects have taken. When it returns, everything
// is freed. Messages that have arrived can still be received.
func (c *Conn) Close() error {
	c.mu.Lock()
	c.closing = true
	c.wakeWhenUnacked(0)
	c.attend(c.now())
	c.mu.Unlock()
	late := time.NewTimer(closeWithin)
	defer late.Stop()
	select {
	case <-c.done:
	case <-late.C:
		c.mu.Lock()
		if c.err == nil && !c.saidBye {
			c.leave(c.now())
		}
		c.finish(fmt.Errorf("%w by this end", ErrClosed))
		c.mu.Unlock()
	}
	<-c.gone
	return nil
}
