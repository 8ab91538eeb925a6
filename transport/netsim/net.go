package netsim

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"time"
)

// Net is a line with its two ends. Any number of sockets and streams share it. Safe for concurrent
// use. Two Nets have nothing in common.
type Net struct {
	line  Line
	start time.Time
	ways  [2]*way // by Way
	wg    sync.WaitGroup

	mu        sync.Mutex // the innermost lock: no other is taken, and nothing waits, while it is held
	closed    bool
	hosts     uint32 // addresses given away
	packets   map[netip.AddrPort]*packetConn
	listeners map[netip.AddrPort]*listener
	streams   map[pair]*stream
}

// pair is a stream's two addresses, as its end sees them.
type pair struct{ local, remote netip.AddrPort }

// New returns a line at work, with its clock and steps at 0. The seed decides what is lost and how
// far each packet jitters. It panics when the line is not valid (see [Line.Validate]; what [Load]
// returned is). The caller closes it.
func New(line Line, seed uint64) *Net {
	n := &Net{
		line: line, start: time.Now(), packets: map[netip.AddrPort]*packetConn{},
		listeners: map[netip.AddrPort]*listener{}, streams: map[pair]*stream{},
	}
	n.ways[Down] = newWay(line.Down, 2*seed, n.start, func(p *parcel) { n.deliver(Far, p) })
	n.ways[Up] = newWay(line.Up, 2*seed+1, n.start, func(p *parcel) { n.deliver(Near, p) })
	for _, w := range n.ways {
		n.wg.Go(w.run)
	}
	return n
}

// address gives away an address that nobody else has. The caller holds n.mu.
func (n *Net) address() netip.AddrPort {
	n.hosts++
	ip := netip.AddrFrom4([4]byte{10, byte(n.hosts >> 16), byte(n.hosts >> 8), byte(n.hosts)})
	return netip.AddrPortFrom(ip, 4000)
}

// ListenPacket returns a socket for datagrams with an address of its own at that end. Its reads
// and writes may come from any number of goroutines.
func (n *Net) ListenPacket(end End) (net.PacketConn, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		return nil, &net.OpError{Op: "listen", Net: "udp", Err: net.ErrClosed}
	}
	c := newPacketConn(n, end, n.address())
	n.packets[c.local] = c
	return c, nil
}

// Listen returns a listener for streams, with an address of its own, at that end.
func (n *Net) Listen(end End) (net.Listener, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		return nil, &net.OpError{Op: "listen", Net: "tcp", Err: net.ErrClosed}
	}
	l := newListener(n, end, n.address())
	n.listeners[l.local] = l
	return l, nil
}

// Dial opens a stream from that end to a listener at the other one; addr is its Addr as a string.
// It waits for the handshake, until ctx ends. The errors are those of net.Dialer: of ctx;
// syscall.ECONNREFUSED when nobody listens there; syscall.ETIMEDOUT after 127 s without an answer.
// The Conn also has the methods CloseWrite() error and SetWriteBuffer(bytes int) error of a
// *net.TCPConn.
func (n *Net) Dial(ctx context.Context, end End, addr string) (net.Conn, error) {
	remote, err := netip.ParseAddrPort(addr)
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: err}
	}
	c, err := n.newClient(end, remote)
	if err == nil {
		err = c.open(ctx)
	}
	if err != nil {
		return nil, err
	}
	return c, nil
}

func (n *Net) newClient(end End, remote netip.AddrPort) (*stream, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	to := net.TCPAddrFromAddrPort(remote)
	if n.closed {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Addr: to, Err: net.ErrClosed}
	}
	if l := n.listeners[remote]; l != nil && l.end == end {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Addr: to, Err: errSameEnd}
	}
	c := newStream(n, end, n.address(), remote)
	n.streams[pair{c.local, c.remote}] = c
	return c, nil
}

// RestartSteps lets the steps of both directions begin again now. What has not gone out yet goes
// out at their rates.
func (n *Net) RestartSteps() {
	for _, w := range n.ways {
		w.restart()
	}
}

// Packets returns a copy of the log of all packets that came to the line, in order.
func (n *Net) Packets(dir Way) []Packet { return n.ways[dir].logged() }

// Totals returns the number and the bytes of all packets that entered the queue so far: those lost
// behind it are counted, those dropped in front of it are not. Cheap.
func (n *Net) Totals(dir Way) (packets, bytes int) { return n.ways[dir].totals() }

// Bits returns how many bits the line could have carried from one time to another, since New.
func (n *Net) Bits(dir Way, from, to time.Duration) float64 { return n.ways[dir].bits(from, to) }

// Now returns the time since New.
func (n *Net) Now() time.Duration { return time.Since(n.start) }

// Close closes all that is open on the line, ends its goroutines and waits for them. What is on
// its way is lost; reads and writes that wait return net.ErrClosed.
func (n *Net) Close() error {
	n.mu.Lock()
	if n.closed {
		n.mu.Unlock()
		return nil
	}
	n.closed = true
	var closers []func()
	for _, c := range n.packets {
		closers = append(closers, func() { c.Close() })
	}
	for _, l := range n.listeners {
		closers = append(closers, func() { l.Close() })
	}
	for _, c := range n.streams {
		closers = append(closers, func() { c.abandon(net.ErrClosed) })
	}
	n.mu.Unlock()
	for _, f := range closers {
		f()
	}
	for _, w := range n.ways {
		close(w.done)
	}
	n.wg.Wait()
	return nil
}
