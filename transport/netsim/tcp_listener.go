package netsim

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"sync"
)

// backlog is how many opened streams wait to be accepted; more are reset.
const backlog = 128

// listener accepts streams.
type listener struct {
	net   *Net
	end   End
	local netip.AddrPort

	mu     sync.Mutex
	change *sync.Cond
	queue  []*stream
	closed bool
}

func newListener(n *Net, end End, local netip.AddrPort) *listener {
	l := &listener{net: n, end: end, local: local}
	l.change = sync.NewCond(&l.mu)
	return l
}

// offer queues an opened stream; it returns false when it is not wanted.
func (l *listener) offer(c *stream) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed || len(l.queue) == backlog {
		return false
	}
	l.queue = append(l.queue, c)
	l.change.Signal()
	return true
}

// Accept waits for a stream whose handshake is over.
func (l *listener) Accept() (net.Conn, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.queue) == 0 && !l.closed {
		l.change.Wait()
	}
	if l.closed {
		return nil, &net.OpError{Op: "accept", Net: "tcp", Addr: l.Addr(), Err: net.ErrClosed}
	}
	c := l.queue[0]
	l.queue = l.queue[1:]
	return c, nil
}

// Close refuses what comes from now on, and resets what has not been accepted.
func (l *listener) Close() error {
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return &net.OpError{Op: "close", Net: "tcp", Addr: l.Addr(), Err: net.ErrClosed}
	}
	l.closed = true
	waiting := l.queue
	l.queue = nil
	l.change.Broadcast()
	l.mu.Unlock()
	l.net.forgetListener(l)
	for _, c := range waiting {
		c.mu.Lock()
		c.reset()
		c.mu.Unlock()
	}
	return nil
}

func (l *listener) Addr() net.Addr { return net.TCPAddrFromAddrPort(l.local) }

// errSameEnd: streams are for crossing the line.
var errSameEnd = errors.New("the listener is at the end that dials")

// open runs a stream's handshake as its client.
func (c *stream) open(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if !c.opened {
			c.fail(ctx.Err())
		}
	})
	defer stop()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.failed == nil {
		c.pump(c.net.Now())
	}
	for !c.opened && c.failed == nil {
		c.change.Wait()
	}
	if !c.opened {
		return c.failure("dial", c.failed)
	}
	return nil
}
