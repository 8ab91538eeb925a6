package transport

import (
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	transportnet "github.com/pion/transport/v5"
)

// gatedSocket is the PacketConn under pion: it asks the gate of each remote address, and counts.
type gatedSocket struct {
	net.PacketConn
	doors *doors
}

// doors knows which gate belongs to which remote address. Sockets of one Host or Dial share it.
type doors struct {
	start time.Time
	mu    sync.RWMutex
	open  map[netip.AddrPort]*door
}

// door is one peer's: what may leave to it, and what came from it.
type door struct {
	gate           *gate
	packets, bytes atomic.Uint64 // received, with UDP's and IP's headers
}

func newDoors(start time.Time) *doors { return &doors{start: start, open: map[netip.AddrPort]*door{}} }

func (d *doors) bind(a netip.AddrPort, to *door) {
	d.mu.Lock()
	d.open[a] = to
	d.mu.Unlock()
}

// unbind forgets all addresses of a door.
func (d *doors) unbind(of *door) {
	d.mu.Lock()
	for a, x := range d.open {
		if x == of {
			delete(d.open, a)
		}
	}
	d.mu.Unlock()
}

func (d *doors) at(a net.Addr) (*door, int) {
	key := addrPort(a)
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.open[key], ipHeaders(key.Addr())
}

func (d *doors) leave(b []byte, to net.Addr) bool {
	door, headers := d.at(to)
	return door == nil || door.gate.pass(time.Since(d.start), b, headers)
}

func (d *doors) come(n int, from net.Addr) {
	if door, headers := d.at(from); door != nil {
		door.packets.Add(1)
		door.bytes.Add(uint64(n + headers))
	}
}

func addrPort(a net.Addr) netip.AddrPort {
	if u, ok := a.(*net.UDPAddr); ok {
		p := u.AddrPort()
		return netip.AddrPortFrom(p.Addr().Unmap().WithZone(""), p.Port())
	}
	return netip.AddrPort{}
}

// ipHeaders is the length of UDP's and IP's headers.
func ipHeaders(a netip.Addr) int {
	if a.Is6() {
		return 48
	}
	return 28
}

func (s *gatedSocket) WriteTo(b []byte, to net.Addr) (int, error) {
	if !s.doors.leave(b, to) {
		return len(b), nil // a loss, as far as SCTP can see
	}
	return s.PacketConn.WriteTo(b, to)
}

func (s *gatedSocket) ReadFrom(b []byte) (int, net.Addr, error) {
	n, from, err := s.PacketConn.ReadFrom(b)
	if err == nil {
		s.doors.come(n, from)
	}
	return n, from, err
}

// gatedNet is the system's network, with the sockets that pion opens itself (towards STUN and TURN servers) behind the gates too.
type gatedNet struct {
	transportnet.Net
	doors *doors
}

type gatedUDPConn struct {
	transportnet.UDPConn
	doors *doors
}

func (n gatedNet) ListenUDP(network string, at *net.UDPAddr) (transportnet.UDPConn, error) {
	c, err := n.Net.ListenUDP(network, at)
	if err != nil {
		return nil, err
	}
	return gatedUDPConn{c, n.doors}, nil
}

func (c gatedUDPConn) WriteTo(b []byte, to net.Addr) (int, error) {
	if !c.doors.leave(b, to) {
		return len(b), nil
	}
	return c.UDPConn.WriteTo(b, to)
}

func (c gatedUDPConn) ReadFrom(b []byte) (int, net.Addr, error) {
	n, from, err := c.UDPConn.ReadFrom(b)
	if err == nil {
		c.doors.come(n, from)
	}
	return n, from, err
}
