package session

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/thinpane/thinpane/codec"
	"github.com/thinpane/thinpane/transport"
)

// Peer is one viewer, as its host sees it. Its methods are safe for concurrent use.
type Peer struct {
	host  *Host
	conn  *transport.Conn
	since time.Time // it connected; the scheduler's clock starts here
	kick  signal    // an input or a new policy: what the loop waits for may have changed
	done  chan struct{}

	mu      sync.Mutex
	sched   *scheduler
	held    held
	stats   PeerStats
	away    bool // sent away
	pending []Event
}

// PeerStats are figures about one viewer.
type PeerStats struct {
	transport.Stats
	Version   uint64 // of the screen, that was last looked at
	Sent      uint64 // objects
	Decoded   uint64 // objects that the viewer has reported
	Stale     int    // tiles older than the screen's, at the viewer once all that was sent has arrived
	Coarse    int    // tiles legible but not exact
	Unseen    bool   // nobody looks at the viewer's picture: it is sent none
	Sharpness codec.Sharpness
	Work      codec.Work
	Bytes     codec.Bytes // that objects took, by what they are for
}

// ID tells the viewers of one host apart; it stays while the viewer is connected.
func (p *Peer) ID() string { return p.conn.ID() }

// Grant is what Authorize gave this viewer.
func (p *Peer) Grant() transport.Grant { return p.conn.Grant() }

// RemoteAddr is the address that the viewer's packets come from.
func (p *Peer) RemoteAddr() string { return p.conn.RemoteAddr() }

// Since is when it connected.
func (p *Peer) Since() time.Time { return p.since }

// Done is closed when the viewer has left and all that it held is released.
func (p *Peer) Done() <-chan struct{} { return p.done }

// Stats are the figures at this moment.
func (p *Peer) Stats() PeerStats {
	t := p.conn.Stats()
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.stats
	s.Stats, s.Decoded, s.Unseen = t, p.conn.Acked(), p.sched.unseen
	return s
}

// SetPolicy changes what the viewer may cost and do, at once.
func (p *Peer) SetPolicy(policy Policy) error {
	if err := policy.validate(); err != nil {
		return err
	}
	p.mu.Lock()
	p.sched.policy = policy.withDefaults()
	p.mu.Unlock()
	p.kick.fire()
	return nil
}

// Send sends the application's own message on a stream from FirstStream on, in order; it blocks while too much is
// on its way. Such messages go ahead of pixels: who sends in bulk should leave pauses.
func (p *Peer) Send(ctx context.Context, s transport.Stream, msg []byte) error {
	if s < FirstStream {
		return errOwnStream
	}
	return p.conn.Send(ctx, s, msg)
}

// SendAway ends the viewer's session with a reason that it shows, of which the first 200 bytes are sent; it does not
// come back by itself.
func (p *Peer) SendAway(reason string) error {
	p.mu.Lock()
	p.away = true
	p.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if err := p.conn.Send(ctx, streamControl, appendBye(nil, reason)); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return p.conn.Close()
}

// Close drops the connection without a goodbye: the viewer may come back.
func (p *Peer) Close() error { return p.conn.Close() }

var errOwnStream = errors.New("session: streams below FirstStream are the session's own")

func (p *Peer) now() time.Duration { return time.Since(p.since) }
