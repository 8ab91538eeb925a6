package netsim

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"sync"
	"syscall"
	"time"
)

// receiveBuffer is how many bytes of datagrams wait for a reader, at most; what finds it full is
// dropped, as by a socket. Each one counts with datagramCost beside its payload.
const (
	receiveBuffer = 4 << 20
	datagramCost  = 256
)

// packetConn is a socket for datagrams.
type packetConn struct {
	net   *Net
	end   End
	local netip.AddrPort

	mu     sync.Mutex
	change *sync.Cond
	queue  []datagram
	queued int // bytes, with datagramCost
	closed bool
	read   deadline
	write  deadline
}

type datagram struct {
	from netip.AddrPort
	data []byte
}

func newPacketConn(n *Net, end End, local netip.AddrPort) *packetConn {
	c := &packetConn{net: n, end: end, local: local}
	c.change = sync.NewCond(&c.mu)
	c.read.cond, c.write.cond = c.change, c.change
	return c
}

// WriteTo sends a datagram: across the line, or straight to a socket at the same end. It never
// waits; a datagram for an address that nobody has crosses the line and is gone.
func (c *packetConn) WriteTo(b []byte, to net.Addr) (int, error) {
	addr, err := addrPort(to)
	if err != nil {
		return 0, c.fail("write", to, err)
	}
	c.mu.Lock()
	closed, past := c.closed, c.write.past()
	c.mu.Unlock()
	switch {
	case closed:
		return 0, c.fail("write", to, net.ErrClosed)
	case past:
		return 0, c.fail("write", to, os.ErrDeadlineExceeded)
	case len(b)+headerUDP > maxPacket:
		return 0, c.fail("write", to, syscall.EMSGSIZE)
	}
	p := parcel{from: c.local, to: addr, data: slices.Clone(b)}
	if c.net.isAt(addr, c.end) {
		c.net.deliver(c.end, &p)
	} else {
		c.net.ways[c.end.out()].send(p)
	}
	return len(b), nil
}

// receive takes a datagram from the line.
func (c *packetConn) receive(from netip.AddrPort, data []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	cost := len(data) + datagramCost
	if c.closed || c.queued+cost > receiveBuffer {
		return
	}
	c.queued += cost
	c.queue = append(c.queue, datagram{from, data})
	c.change.Broadcast()
}

// ReadFrom waits for a datagram; what does not fit b is cut off.
func (c *packetConn) ReadFrom(b []byte) (int, net.Addr, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.queue) == 0 && !c.closed && !c.read.past() {
		c.change.Wait()
	}
	switch {
	case c.closed:
		return 0, nil, c.fail("read", nil, net.ErrClosed)
	case c.read.past():
		return 0, nil, c.fail("read", nil, os.ErrDeadlineExceeded)
	}
	d := c.queue[0]
	c.queue[0] = datagram{}
	c.queue = c.queue[1:]
	c.queued -= len(d.data) + datagramCost
	return copy(b, d.data), net.UDPAddrFromAddrPort(d.from), nil
}

func (c *packetConn) Close() error {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return c.fail("close", nil, net.ErrClosed)
	}
	c.closed, c.queue = true, nil
	c.read.stop()
	c.write.stop()
	c.change.Broadcast()
	c.mu.Unlock()
	c.net.forget(c)
	return nil
}

func (c *packetConn) LocalAddr() net.Addr { return net.UDPAddrFromAddrPort(c.local) }

func (c *packetConn) SetDeadline(t time.Time) error { return c.setDeadline(t, &c.read, &c.write) }

func (c *packetConn) SetReadDeadline(t time.Time) error { return c.setDeadline(t, &c.read) }

func (c *packetConn) SetWriteDeadline(t time.Time) error { return c.setDeadline(t, &c.write) }

func (c *packetConn) setDeadline(t time.Time, deadlines ...*deadline) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return c.fail("set deadline", nil, net.ErrClosed)
	}
	for _, d := range deadlines {
		d.set(t)
	}
	return nil
}

func (c *packetConn) fail(op string, to net.Addr, err error) error {
	return &net.OpError{Op: op, Net: "udp", Source: c.LocalAddr(), Addr: to, Err: err}
}

// addrPort reads an address as WriteTo gets it.
func addrPort(a net.Addr) (netip.AddrPort, error) {
	var ap netip.AddrPort
	if u, ok := a.(*net.UDPAddr); ok {
		ap = u.AddrPort()
	} else if a != nil {
		ap, _ = netip.ParseAddrPort(a.String())
	}
	if !ap.IsValid() {
		return ap, fmt.Errorf("netsim: %v is no address with a port", a)
	}
	return netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port()), nil
}
