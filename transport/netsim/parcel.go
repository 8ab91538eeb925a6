package netsim

import "net/netip"

// headerUDP is the length in bytes of the headers of IPv4 and UDP.
const headerUDP = 28

// parcel is what crosses the line: a datagram, or a segment of a stream.
type parcel struct {
	from, to netip.AddrPort
	segment  *segment // nil: a datagram
	data     []byte   // belongs to the parcel
}

// size is the parcel's length as an IP packet.
func (p *parcel) size() int {
	if p.segment != nil {
		return p.segment.header() + len(p.data)
	}
	return headerUDP + len(p.data)
}

func (p *parcel) kind() Kind {
	if p.segment != nil {
		return TCP
	}
	return kindOf(p.data)
}

// deliver hands a parcel that has arrived at an end to whom it is for.
func (n *Net) deliver(end End, p *parcel) {
	if p.segment != nil {
		n.deliverSegment(end, p)
		return
	}
	n.mu.Lock()
	c := n.packets[p.to]
	n.mu.Unlock()
	if c != nil && c.end == end {
		c.receive(p.from, p.data)
	}
}

// deliverSegment hands a segment to its stream, or makes one for a listener, or answers as a host
// does for which there is no such stream.
func (n *Net) deliverSegment(end End, p *parcel) {
	h := p.segment
	key := pair{local: p.to, remote: p.from}
	n.mu.Lock()
	c, l := n.streams[key], n.listeners[p.to]
	if c == nil && h.syn && h.ack == 0 && l != nil && l.end == end && !n.closed {
		c = newStream(n, end, p.to, p.from)
		c.listener = l
		n.streams[key] = c
	}
	n.mu.Unlock()
	switch answer := (parcel{from: p.to, to: p.from}); {
	case c != nil && c.end == end:
		c.arrive(h, p.data)
		return
	case h.rst:
		return
	case h.fin: // it was over here, and the last acknowledgement got lost
		answer.segment = &segment{seq: h.ack, ack: h.seq + int64(len(p.data)) + 1, echo: h.stamp}
		n.ways[end.out()].send(answer)
	case h.syn || len(p.data) > 0:
		answer.segment = &segment{rst: true}
		n.ways[end.out()].send(answer)
	}
}

// isAt tells whether a socket for datagrams has that address at that end.
func (n *Net) isAt(a netip.AddrPort, end End) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	c := n.packets[a]
	return c != nil && c.end == end
}

// forget gives up a closed socket's address.
func (n *Net) forget(c *packetConn) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.packets, c.local)
}

func (n *Net) forgetListener(l *listener) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.listeners, l.local)
}

func (n *Net) forgetStream(c *stream) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.streams, pair{c.local, c.remote})
}
