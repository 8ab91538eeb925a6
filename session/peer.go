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
	ended chan struct{}

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
	Sharpness codec.Sharpness
	Work      codec.Work
}

// ID tells the viewers of one host apart; it stays while the viewer is connected.
func (p *Peer) ID() string { return p.conn.ID() }

// Grant is what Authorize gave this viewer.
func (p *Peer) Grant() transport.Grant { return p.conn.Grant() }

// RemoteAddr is the address that the viewer's offer came from.
func (p *Peer) RemoteAddr() string { return p.conn.RemoteAddr() }

// Since is when it connected.
func (p *Peer) Since() time.Time { return p.since }

// Stats are the figures at this moment.
func (p *Peer) Stats() PeerStats {
	t := p.conn.Stats()
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.stats
	s.Stats, s.Decoded = t, p.conn.Acked()
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
// on its way.
func (p *Peer) Send(ctx context.Context, s transport.Stream, msg []byte) error {
	if s < FirstStream {
		return errOwnStream
	}
	return p.conn.Send(ctx, s, msg)
}

// SendAway ends the viewer's session with a reason that it shows; it does not come back by itself.
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

// show is the way of every picture to this viewer: wait until the line has room and there is something to show, let
// the encoder fill one message, hand it over. Nothing else queues pixels.
func (p *Peer) show(ctx context.Context, screen *Screen, encoder *codec.Encoder) error {
	var m message
	for {
		changed, kicked := screen.changed.next(), p.kick.next()
		room, grew := p.conn.Budget()
		encoder.Ack(p.conn.Acked())

		p.mu.Lock()
		plan := p.sched.next(p.now(), screen.version())
		p.mu.Unlock()
		var err error
		switch {
		case !plan.send:
			screen.want(1)
			err = p.wait(ctx, plan.wake, changed, kicked)
			screen.want(-1)
		case room < minRoom:
			err = p.wait(ctx, 0, grew)
		default:
			err = p.fill(ctx, plan, screen, encoder, &m)
		}
		if err != nil {
			return err
		}
	}
}

// minRoom is the least budget that is worth looking at.
const minRoom = codec.MinObject + transport.ObjectOverhead

// message is the buffer that a message is put together in.
type message struct {
	bytes   []byte
	ends    []int
	objects [][]byte
}

func (m *message) reset() { m.bytes, m.ends = m.bytes[:0], m.ends[:0] }

// list cuts the bytes into objects; only now, since appending may have moved them.
func (m *message) list() [][]byte {
	m.objects = m.objects[:0]
	from := 0
	for _, end := range m.ends {
		m.objects = append(m.objects, m.bytes[from:end])
		from = end
	}
	return m.objects
}

// fill puts one message together when the processor is free, and sends it.
func (p *Peer) fill(ctx context.Context, plan plan, screen *Screen, encoder *codec.Encoder, m *message) error {
	m.reset()
	err := p.host.cpu.Do(ctx, plan.priority, func() codec.Work {
		screen.mu.RLock()
		defer screen.mu.RUnlock()
		return p.encode(plan, screen.pixels, encoder, m)
	})
	p.tell()
	if err != nil || len(m.ends) == 0 {
		return err
	}
	if err := p.conn.SendObjects(m.list()); err != nil {
		return err
	}
	p.mu.Lock()
	p.sched.onSent(p.now(), len(m.bytes))
	p.mu.Unlock()
	return nil
}

// encode appends objects to m until the line's budget, the work or what is to be shown is used up.
func (p *Peer) encode(plan plan, pixels *codec.Screen, encoder *codec.Encoder, m *message) codec.Work {
	p.mu.Lock()
	defer p.mu.Unlock()
	room, _ := p.conn.Budget() // the turn may have been waited for
	rate := p.conn.Stats().Rate
	now, version, size := p.now(), pixels.Version(), pixels.Size()

	_, look := encoder.Append(nil, codec.Limits{Now: now}) // how much is there to show?
	work := look.Work
	p.sched.onAppended(now, version, look)
	for room >= minRoom && work.Cost() < codec.MaxWork {
		limits, changed := p.sched.limits(now, plan, room-transport.ObjectOverhead, rate, size)
		limits.Work = codec.MaxWork - work.Cost()
		var obj codec.Object
		m.bytes, obj = encoder.Append(m.bytes, limits)
		work = work.Add(obj.Work)
		p.sched.onAppended(now, version, obj)
		if changed {
			p.qualityChanged(limits.Sharpness, rate)
		}
		if obj.State == 0 {
			break
		}
		room -= len(m.bytes) - m.start() + transport.ObjectOverhead
		m.ends = append(m.ends, len(m.bytes))
		p.stats.Sent = obj.State
		if obj.Resized {
			p.pending = append(p.pending, Event{Kind: Resized, Width: size.X, Height: size.Y})
		}
		if obj.Stale == 0 && !plan.refine {
			break
		}
	}
	p.stats.Version, p.stats.Stale, p.stats.Coarse = version, p.sched.stale, p.sched.coarse
	p.stats.Work = p.stats.Work.Add(work)
	return work
}

// start is where the object after the last one begins.
func (m *message) start() int {
	if len(m.ends) == 0 {
		return 0
	}
	return m.ends[len(m.ends)-1]
}

// qualityChanged keeps the news until the lock is free.
func (p *Peer) qualityChanged(s codec.Sharpness, rate float64) {
	cause := ByLine
	if s == codec.Exact && p.sched.policy.Detail == ExactAlways {
		cause = ByPolicy
	}
	p.stats.Sharpness = s
	p.pending = append(p.pending, Event{Kind: Quality, Sharpness: s, Cause: cause, Rate: rate})
}

// tell passes on the events that were kept.
func (p *Peer) tell() {
	p.mu.Lock()
	events := p.pending
	p.pending = nil
	p.mu.Unlock()
	for _, e := range events {
		p.host.event(p, e)
	}
}

// wait returns at the first of: a channel closed, the scheduler's clock at wake (0: never), the end.
func (p *Peer) wait(ctx context.Context, wake time.Duration, closed ...<-chan struct{}) error {
	var timer <-chan time.Time
	if wake > 0 {
		t := time.NewTimer(max(wake-p.now(), 50*time.Microsecond))
		defer t.Stop()
		timer = t.C
	}
	var second <-chan struct{}
	if len(closed) > 1 {
		second = closed[1]
	}
	select {
	case <-closed[0]:
	case <-second:
	case <-timer:
	case <-p.conn.Done():
		return p.conn.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// listen takes what the viewer sends until the connection ends.
func (p *Peer) listen(ctx context.Context) error {
	for {
		m, err := p.conn.Receive(ctx)
		if err != nil {
			return err
		}
		switch {
		case m.Stream == streamInput:
			if err := p.take(m.Data); err != nil {
				return err
			}
		case m.Stream >= FirstStream:
			if f := p.host.cfg.OnMessage; f != nil {
				f(p, m.Stream, m.Data)
			}
		}
	}
}

// take hands on the inputs of one message. A viewer that sends what is not an input is sent away: nothing that
// follows could be trusted.
func (p *Peer) take(b []byte) error {
	for len(b) > 0 {
		in, rest, err := parseInput(b)
		if err != nil {
			return err
		}
		b = rest
		p.mu.Lock()
		allowed := !p.sched.policy.ViewOnly && !p.conn.Grant().ViewOnly && p.held.note(in)
		if allowed {
			p.sched.onInput(p.now(), in)
		}
		p.mu.Unlock()
		if allowed && p.host.cfg.OnInput != nil {
			p.host.cfg.OnInput(p, in)
		}
	}
	p.kick.fire()
	return nil
}

// letGo releases what the viewer still held when it went.
func (p *Peer) letGo() {
	p.mu.Lock()
	up := p.held.release()
	p.mu.Unlock()
	for _, in := range up {
		if p.host.cfg.OnInput != nil {
			p.host.cfg.OnInput(p, in)
		}
	}
}
