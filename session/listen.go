package session

import "context"

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
		case m.Stream == streamControl:
			seen, err := parseSeen(m.Data)
			if err != nil {
				return err
			}
			p.setSeen(seen)
		case m.Stream >= FirstStream:
			if f := p.host.cfg.OnMessage; f != nil {
				f(p, m.Stream, m.Data)
			}
		}
	}
}

// setSeen begins or ends a pause: a viewer that nobody looks at gets no pixels, and does not count as a watcher.
func (p *Peer) setSeen(seen bool) {
	p.mu.Lock()
	turned := p.sched.unseen == seen
	p.sched.unseen = !seen
	p.mu.Unlock()
	switch {
	case turned && seen:
		p.host.screen.viewers.Add(1)
	case turned:
		p.host.screen.viewers.Add(-1)
	}
	p.kick.fire()
}

// take hands on the inputs of one message; who may no longer touch may still let go. A viewer that sends what is not an input is sent away: nothing that
// follows could be trusted.
func (p *Peer) take(b []byte) error {
	for len(b) > 0 {
		in, rest, err := parseInput(b)
		if err != nil {
			return err
		}
		b = rest
		in.X, in.Y = p.host.screen.inside(in.X, in.Y)
		p.mu.Lock()
		viewOnly := p.sched.policy.ViewOnly || p.conn.Grant().ViewOnly
		allowed := (!viewOnly || p.held.lets(in)) && p.held.note(in)
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
