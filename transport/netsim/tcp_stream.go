package netsim

import (
	"io"
	"net"
	"net/netip"
	"os"
	"slices"
	"sync"
	"syscall"
	"time"
)

// writeBuffer is how many bytes a stream takes ahead of what it has sent, unless SetWriteBuffer
// says otherwise; what is under way comes on top, as Linux's buffers grow with the window.
const (
	writeBuffer    = 64 << 10
	minWriteBuffer = 4 << 10
)

// stream is one end of a TCP-like byte stream: the shell around a sender and a receiver. It has no
// goroutine of its own: the line's hands it segments, a timer its time-outs.
type stream struct {
	net           *Net
	end           End
	local, remote netip.AddrPort
	listener      *listener // until it is opened: who accepts it

	mu      sync.Mutex
	change  *sync.Cond
	send    sender
	receive receiver
	room    int   // of bytes unsent
	opened  bool  // the handshake is over
	closed  bool  // by its user
	writing bool  // a Write is under way: others wait their turn
	failed  error // nothing more is sent or arrives
	read    deadline
	write   deadline
	timer   *time.Timer
	wakeAt  time.Duration // when timer fires, 0: never
}

func newStream(n *Net, end End, local, remote netip.AddrPort) *stream {
	mss := min(n.line.Down.mtu(), n.line.Up.mtu()) - headerTCP
	c := &stream{
		net: n, end: end, local: local, remote: remote,
		send: newSender(mss), receive: newReceiver(mss), room: writeBuffer,
	}
	c.change = sync.NewCond(&c.mu)
	c.read.cond, c.write.cond = c.change, c.change
	return c
}

// arrive takes a segment from the line.
func (c *stream) arrive(h *segment, data []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.failed != nil {
		return
	}
	if h.rst {
		c.fail(c.refusal())
		return
	}
	now := c.net.Now()
	if h.syn && c.send.una == 0 && c.send.highest > 0 && h.ack == 0 {
		c.send.resend = true // the peer has not seen our SYN
	}
	plain := len(data) == 0 && !h.syn && !h.fin
	c.send.acknowledge(now, h, plain)
	if c.closed && len(data) > 0 && h.seq+int64(len(data)) > c.receive.next { // nobody will read it
		c.reset()
		return
	}
	c.receive.accept(now, h, data)
	if !c.opened && c.send.una > 0 && c.receive.next > 0 {
		c.opened = true
		if c.listener != nil && !c.listener.offer(c) {
			c.reset()
			return
		}
	}
	c.pump(now)
	c.change.Broadcast()
}

func (c *stream) refusal() error {
	if !c.opened {
		return syscall.ECONNREFUSED
	}
	return syscall.ECONNRESET
}

// pump sends all that may leave now, and sets the timer for what may leave later.
func (c *stream) pump(now time.Duration) {
	for {
		out, ok := c.send.outgoing(now)
		if !ok {
			break
		}
		c.emit(&segment{seq: out.seq, syn: out.syn, fin: out.fin, stamp: now}, out.data)
	}
	if c.receive.ackNow {
		c.emit(&segment{seq: c.send.highest, stamp: now}, nil)
	}
	if c.send.finAcked() && c.receive.finished() {
		c.over()
		return
	}
	c.arm(now)
}

// emit puts a segment on the line, with what every segment says of the other way.
func (c *stream) emit(h *segment, data []byte) {
	c.receive.acknowledge(h)
	c.net.ways[c.end.out()].send(parcel{from: c.local, to: c.remote, segment: h, data: slices.Clone(data)})
}

// arm sets the timer for the next time-out. It lets one that is set too early fire in vain, which
// is cheaper than moving it at every segment.
func (c *stream) arm(now time.Duration) {
	next := c.send.wakeAt
	if at := c.receive.ackAt; at > 0 && (next == 0 || at < next) {
		next = at
	}
	if next == 0 || c.wakeAt > 0 && c.wakeAt <= next {
		return
	}
	c.wakeAt = next
	if c.timer == nil {
		c.timer = time.AfterFunc(next-now, c.timeout)
	} else {
		c.timer.Reset(next - now)
	}
}

// timeout runs when the timer fires.
func (c *stream) timeout() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.failed != nil {
		return
	}
	c.wakeAt = 0
	now := c.net.Now()
	if at := c.receive.ackAt; at > 0 && at <= now {
		c.receive.timeout()
	}
	if at := c.send.wakeAt; at > 0 && at <= now && !c.send.timeout(now) {
		c.fail(syscall.ETIMEDOUT)
		return
	}
	c.pump(now)
}

// over gives up what the stream holds of the line, once nothing is left to send or to come.
func (c *stream) over() {
	if c.timer != nil {
		c.timer.Stop()
	}
	c.net.forgetStream(c)
}

// fail ends the stream at once; what has arrived can still be read.
func (c *stream) fail(err error) {
	if c.failed == nil {
		c.failed = err
		c.over()
		c.change.Broadcast()
	}
}

// reset ends the stream at once, and tells the peer.
func (c *stream) reset() {
	if c.failed == nil {
		c.emit(&segment{seq: c.send.highest, rst: true}, nil)
		c.fail(syscall.ECONNRESET)
	}
}

// Read waits for bytes, or for the stream's end.
func (c *stream) Read(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		switch {
		case c.closed:
			return 0, c.failure("read", net.ErrClosed)
		case c.read.past():
			return 0, c.failure("read", os.ErrDeadlineExceeded)
		case len(b) == 0:
			return 0, nil
		case len(c.receive.buf) > 0:
			n := c.receive.read(b)
			if c.failed == nil && c.receive.updateDue() {
				c.emit(&segment{seq: c.send.highest, update: true, stamp: c.net.Now()}, nil)
			}
			return n, nil
		case c.receive.finished():
			return 0, io.EOF
		case c.failed != nil:
			return 0, c.failure("read", c.failed)
		}
		c.change.Wait()
	}
}

// Write takes all of b; it waits while the buffer of unsent bytes is full.
func (c *stream) Write(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.writing && c.writable() == nil {
		c.change.Wait()
	}
	if err := c.writable(); err != nil {
		return 0, c.failure("write", err)
	}
	c.writing = true
	defer func() {
		c.writing = false
		c.change.Broadcast()
	}()
	for n := 0; ; {
		if room := c.room - c.send.unsent(); room > 0 {
			part := b[n:min(len(b), n+room)]
			c.send.write(part)
			c.pump(c.net.Now())
			if n += len(part); n == len(b) {
				return n, nil
			}
			continue // what went out at once left room
		}
		c.change.Wait()
		if err := c.writable(); err != nil {
			return n, c.failure("write", err)
		}
	}
}

// writable returns why nothing can be written.
func (c *stream) writable() error {
	switch {
	case c.closed:
		return net.ErrClosed
	case c.failed != nil:
		return c.failed
	case c.send.fin > 0:
		return syscall.EPIPE
	case c.write.past():
		return os.ErrDeadlineExceeded
	}
	return nil
}

// CloseWrite ends the stream after what has been written; the peer's bytes can still be read.
func (c *stream) CloseWrite() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return c.failure("close", net.ErrClosed)
	}
	c.finish()
	return nil
}

func (c *stream) finish() {
	if c.failed == nil && c.send.fin == 0 {
		c.send.close()
		c.pump(c.net.Now())
	}
	c.change.Broadcast()
}

// Close returns at once; what has been written is still sent. With bytes unread, or when more
// come, the peer sees a reset, as with a socket.
func (c *stream) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return c.failure("close", net.ErrClosed)
	}
	c.closed = true
	c.read.stop()
	c.write.stop()
	if len(c.receive.buf) > 0 {
		c.reset()
	}
	c.finish()
	return nil
}

// abandon ends the stream for the line's sake.
func (c *stream) abandon(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.read.stop()
	c.write.stop()
	c.fail(err)
}

// SetWriteBuffer sets how many bytes, 4,096 or more, Write takes ahead of what has been sent;
// 65,536 unless called. Less means 4,096.
func (c *stream) SetWriteBuffer(bytes int) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.room = max(bytes, minWriteBuffer)
	c.change.Broadcast()
	return nil
}

func (c *stream) LocalAddr() net.Addr { return net.TCPAddrFromAddrPort(c.local) }

func (c *stream) RemoteAddr() net.Addr { return net.TCPAddrFromAddrPort(c.remote) }

func (c *stream) SetDeadline(t time.Time) error { return c.setDeadline(t, &c.read, &c.write) }

func (c *stream) SetReadDeadline(t time.Time) error { return c.setDeadline(t, &c.read) }

func (c *stream) SetWriteDeadline(t time.Time) error { return c.setDeadline(t, &c.write) }

func (c *stream) setDeadline(t time.Time, deadlines ...*deadline) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return c.failure("set deadline", net.ErrClosed)
	}
	for _, d := range deadlines {
		d.set(t)
	}
	return nil
}

func (c *stream) failure(op string, err error) error {
	return &net.OpError{Op: op, Net: "tcp", Source: c.LocalAddr(), Addr: c.RemoteAddr(), Err: err}
}
