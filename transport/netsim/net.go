package netsim

import (
	"context"
	"errors"
	"fmt"
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

	mu     sync.Mutex // never held while another lock is taken, or while anything waits
	closed bool
	hosts  uint32                         // addresses given away
	packet map[netip.AddrPort]*packetConn // by local address
}

// parcel is what crosses the line: a datagram, or a segment of a stream.
type parcel struct {
	from, to netip.AddrPort
	data     []byte // belongs to the parcel
}

// headerUDP is the length in bytes of the headers of IPv4 and UDP.
const headerUDP = 28

func (p *parcel) size() int { return headerUDP + len(p.data) }

func (p *parcel) kind() Kind { return kindOf(p.data) }

// New returns a line at work, with its clock and steps at 0. The seed decides what is lost and how
// far each packet jitters. It panics when the line is not valid (see [Line.Validate]; what [Load]
// returned is). The caller closes it.
func New(line Line, seed uint64) *Net {
	n := &Net{line: line, start: time.Now(), packet: map[netip.AddrPort]*packetConn{}}
	n.ways[Down] = newWay(line.Down, 2*seed, n.start, n.deliver)
	n.ways[Up] = newWay(line.Up, 2*seed+1, n.start, n.deliver)
	for _, w := range n.ways {
		n.wg.Go(w.run)
	}
	return n
}

// address gives away an address that nobody else has. The caller holds n.mu.
func (n *Net) address() netip.AddrPort {
	n.hosts++
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, byte(n.hosts >> 16), byte(n.hosts >> 8), byte(n.hosts)}), 4000)
}

// deliver hands a parcel to whom it is for; a real network drops what is for nobody, too.
func (n *Net) deliver(p *parcel) {
	n.mu.Lock()
	c := n.packet[p.to]
	n.mu.Unlock()
	if c != nil {
		c.receive(p.from, p.data)
	}
}

// isAt tells whether a socket has that address at that end.
func (n *Net) isAt(a netip.AddrPort, end End) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	c := n.packet[a]
	return c != nil && c.end == end
}

// forget gives up a closed socket's address.
func (n *Net) forget(c *packetConn) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.packet, c.local)
}

// ListenPacket returns a socket for datagrams with an address of its own at that end.
func (n *Net) ListenPacket(end End) (net.PacketConn, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		return nil, fmt.Errorf("netsim: listen: %w", net.ErrClosed)
	}
	c := newPacketConn(n, end, n.address())
	n.packet[c.local] = c
	return c, nil
}

// Listen returns a listener for streams at that end.
func (n *Net) Listen(end End) (net.Listener, error) { return nil, errors.ErrUnsupported }

// Dial opens a stream from that end to a listener at the other one.
func (n *Net) Dial(ctx context.Context, end End, addr string) (net.Conn, error) {
	return nil, errors.ErrUnsupported
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

// Close closes all that is open on the line and ends its goroutines. What is on its way is lost.
func (n *Net) Close() error {
	n.mu.Lock()
	if n.closed {
		n.mu.Unlock()
		return nil
	}
	n.closed = true
	var open []net.PacketConn
	for _, c := range n.packet {
		open = append(open, c)
	}
	n.mu.Unlock()
	for _, c := range open {
		c.Close()
	}
	for _, w := range n.ways {
		close(w.done)
	}
	n.wg.Wait()
	return nil
}
