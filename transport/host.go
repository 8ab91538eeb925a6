package transport

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"sync"
	"time"
)

// Host answers viewers' offers and hands out the sessions that come of them. It is an http.Handler for one URL: mount it at any
// path, behind any proxy. Its methods may be called by many goroutines at once.
type Host struct {
	cfg    HostConfig
	engine *engine

	mu       sync.Mutex
	sessions map[string]*hostSession // connecting and connected
	arrived  []*Conn                 // not yet accepted
	changed  chan struct{}           // closed and made anew when arrived grows, or the host is closed
	closed   bool
}

// hostSession is a viewer's place at the host, from its offer to its end.
type hostSession struct {
	peer  *peer
	token [sha256.Size]byte // of the offer's bearer token: who may end it
	ufrag string            // of the viewer's ICE
	mid   string
	conn  *Conn         // once the channel is open
	over  chan struct{} // closed when the place is free again
}

// NewHost opens the socket. Close the Host to free it.
func NewHost(cfg HostConfig) (*Host, error) {
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults()
	e, err := newEngine(cfg.Config, true)
	if err != nil {
		return nil, err
	}
	return &Host{cfg: cfg, engine: e, sessions: map[string]*hostSession{}, changed: make(chan struct{})}, nil
}

// Accept returns the next viewer whose channel is open. It fails with ErrClosed once the Host is closed.
func (h *Host) Accept(ctx context.Context) (*Conn, error) {
	for {
		h.mu.Lock()
		if h.closed {
			h.mu.Unlock()
			return nil, fmt.Errorf("transport: host: %w", ErrClosed)
		}
		if len(h.arrived) > 0 {
			c := h.arrived[0]
			h.arrived = h.arrived[1:]
			h.mu.Unlock()
			return c, nil
		}
		changed := h.changed
		h.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// Close ends all sessions, in order as far as that takes a second, and frees the socket.
func (h *Host) Close() error {
	h.mu.Lock()
	if h.closed {
		h.mu.Unlock()
		return nil
	}
	h.closed = true
	close(h.changed)
	var all []*hostSession
	for _, s := range h.sessions {
		all = append(all, s)
	}
	h.mu.Unlock()
	for _, s := range all {
		go h.end(s)
	}
	for _, s := range all {
		<-s.over
	}
	return h.engine.close()
}

// admit makes a place for a viewer, or returns an error that says why not.
func (h *Host) admit(token string) (*hostSession, error) {
	id := rand.Text()
	s := &hostSession{token: sha256.Sum256([]byte(token)), over: make(chan struct{})}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil, ErrClosed
	}
	if len(h.sessions) >= h.cfg.MaxPeers || h.connecting(s.token) >= mostConnecting(h.cfg.MaxPeers) {
		return nil, ErrFull
	}
	p, err := h.engine.newPeer(id, func() { h.release(id) })
	if err != nil {
		return nil, err
	}
	s.peer = p
	h.sessions[id] = s
	return s, nil
}

// mostConnecting is how many sessions of one token may be connecting at once, so that nobody takes all places by offers alone, for
// SetupTimeout each. People who share a token and come back at the same moment after an outage find room, in turn.
func mostConnecting(maxPeers int) int { return max(4, maxPeers/8) }

// connecting counts a token's sessions that have no channel yet. The lock is held.
func (h *Host) connecting(token [sha256.Size]byte) (n int) {
	for _, s := range h.sessions {
		if s.conn == nil && s.token == token {
			n++
		}
	}
	return n
}

func (h *Host) release(id string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if s := h.sessions[id]; s != nil {
		delete(h.sessions, id)
		close(s.over)
	}
}

// end gives a place back.
func (h *Host) end(s *hostSession) {
	h.mu.Lock()
	c := s.conn
	h.mu.Unlock()
	if c != nil {
		_ = c.Close()
	} else {
		s.peer.close()
	}
}

func (h *Host) session(id string) *hostSession {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.sessions[id]
}

// await turns a place into a Conn when its channel opens in time.
func (h *Host) await(s *hostSession, grant Grant) {
	timer := time.NewTimer(h.cfg.SetupTimeout)
	defer timer.Stop()
	select {
	case <-s.peer.opened:
	case <-s.peer.failed:
		s.peer.close()
		return
	case <-s.over:
		return
	case <-timer.C:
		h.cfg.Logger.Info("a viewer's packets did not come through", "peer", s.peer.id, "within", h.cfg.SetupTimeout)
		s.peer.close()
		return
	}
	c := newConn(s.peer, true, grant, 0)
	h.mu.Lock()
	defer h.mu.Unlock()
	s.conn = c
	if h.closed {
		go c.Close()
		return
	}
	h.arrived = append(h.arrived, c)
	close(h.changed)
	h.changed = make(chan struct{})
}
