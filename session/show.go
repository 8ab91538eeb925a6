package session

import (
	"context"
	"time"

	"github.com/thinpane/thinpane/codec"
	"github.com/thinpane/thinpane/transport"
)

// show is the way of every picture to this viewer: wait until the line has room and there is something to show, let
// the encoder fill one message, hand it over. Nothing else queues pixels.
func (p *Peer) show(ctx context.Context, screen *Screen, encoder *codec.Encoder) error {
	var m message
	colours := screen.colours
	defer func() { screen.disuse(colours) }()
	for {
		changed, kicked := screen.changed.next(), p.kick.next()
		room, grew := p.conn.Budget()
		encoder.Ack(p.conn.Acked())

		version := screen.version.Load()
		p.mu.Lock()
		now := p.now()
		plan := p.sched.next(now, version)
		coarse, tell := p.sched.coarse, p.sched.tell(now, &plan)
		wanted := p.coloursOf(screen)
		p.mu.Unlock()
		if wanted != colours {
			encoder.Show(screen.use(wanted))
			screen.disuse(colours)
			colours = wanted
			p.mu.Lock()
			p.sched.version = 0 // all of it is to be looked at anew
			p.mu.Unlock()
			continue
		}
		var err error
		switch {
		case tell:
			err = p.conn.Send(ctx, streamControl, appendCoarse(nil, coarse))
		case room < minRoom:
			err = p.wait(ctx, 0, grew, nil)
		case plan.idle:
			screen.want(1)
			err = p.wait(ctx, plan.wake, changed, kicked)
			screen.want(-1)
		case !plan.send:
			err = p.wait(ctx, plan.wake, changed, kicked)
		default:
			err = p.fill(ctx, plan, screen, encoder, &m)
		}
		if err != nil {
			return err
		}
	}
}

// coloursOf are those that the policy asks for; a Screen that has fewer gives what it has. The lock is held.
func (p *Peer) coloursOf(screen *Screen) codec.Colours {
	return max(p.sched.policy.Colours, screen.colours)
}

// minRoom is the least budget that is worth looking at.
const minRoom = codec.MinObject + transport.ObjectOverhead

// mostTurns at the processor are taken for one message: short messages cost the line their headers, and the controller,
// which measures by them, its judgement. What a user waits for goes at once.
const mostTurns = 4

// fill puts one message together when the processor is free, and sends it.
func (p *Peer) fill(ctx context.Context, plan plan, screen *Screen, encoder *codec.Encoder, m *message) error {
	m.reset()
	var err error
	for turn, more := 0, true; more && turn < mostTurns && err == nil; turn++ {
		err = p.host.cpu.Do(ctx, plan.priority, func() (w codec.Work) {
			screen.mu.RLock()
			defer screen.mu.RUnlock()
			w, more = p.encode(plan, screen.pixels, encoder, m)
			return w
		})
		more = more && plan.priority != Echo
	}
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

// encode appends objects to m until the line's budget, the work or what is to be shown is used up. Looking at what is
// new is not counted against the work: on a screen that always changes it would use up what is to be shown. It tells
// whether only the work was used up.
func (p *Peer) encode(plan plan, pixels *codec.Screen, encoder *codec.Encoder, m *message) (_ codec.Work, more bool) {
	room, _ := p.conn.Budget() // the turn may have been waited for
	room -= len(m.bytes) + len(m.ends)*transport.ObjectOverhead
	rate := p.conn.Stats().Rate
	now, version, size := p.now(), pixels.Version(), pixels.Size()

	_, look := encoder.Append(nil, codec.Limits{Now: now})
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sched.onAppended(now, version, look)
	var coded codec.Work
	more = true
	for room >= minRoom && coded.Cost() < codec.MaxWork {
		limits, cause := p.sched.limits(now, plan, room-transport.ObjectOverhead, rate, size)
		limits.Work = codec.MaxWork - coded.Cost()
		p.mu.Unlock() // coding takes its time; input comes in meanwhile
		var obj codec.Object
		m.bytes, obj = encoder.Append(m.bytes, limits)
		p.mu.Lock()
		coded = coded.Add(obj.Work)
		p.sched.onAppended(now, version, obj)
		if cause != 0 {
			p.qualityChanged(cause, rate)
		}
		if obj.State == 0 {
			more = false
			break
		}
		room -= len(m.bytes) - m.start() + transport.ObjectOverhead
		m.ends = append(m.ends, len(m.bytes))
		p.stats.Sent = obj.State
		p.stats.Bytes = p.stats.Bytes.Add(obj.Bytes)
		if obj.Resized {
			p.pending = append(p.pending, Event{Kind: Resized, Width: size.X, Height: size.Y})
		}
		if obj.Stale == 0 && !plan.refine {
			more = false
			break
		}
	}
	more = more && room >= minRoom
	p.stats.Version, p.stats.Stale, p.stats.Coarse = version, p.sched.stale, p.sched.coarse
	all := look.Work.Add(coded)
	p.stats.Work = p.stats.Work.Add(all)
	return all, more
}

// qualityChanged keeps the news until the lock is free.
func (p *Peer) qualityChanged(cause Cause, rate float64) {
	p.stats.Sharpness = p.sched.quality.base
	p.pending = append(p.pending, Event{Kind: Quality, Sharpness: p.sched.quality.base, Cause: cause, Rate: rate})
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

// wait returns at the first of: either channel closed, the scheduler's clock at wake (0: never), the end.
func (p *Peer) wait(ctx context.Context, wake time.Duration, one, other <-chan struct{}) error {
	var timer <-chan time.Time
	if wake > 0 {
		t := time.NewTimer(max(wake-p.now(), 50*time.Microsecond))
		defer t.Stop()
		timer = t.C
	}
	select {
	case <-one:
	case <-other:
	case <-timer:
	case <-p.conn.Done():
		return p.conn.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}
