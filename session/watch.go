package session

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/thinpane/thinpane/codec"
	"github.com/thinpane/thinpane/transport"
)

// use shows what comes over one connection until it ends.
func (v *Viewer) use(ctx context.Context, conn *transport.Conn) error {
	defer conn.Close()
	ctx, cancel := context.WithCancel(ctx)
	var sending sync.WaitGroup
	sending.Go(func() { v.inputs.drain(ctx, conn) })
	sending.Go(func() { v.tellSeen(ctx, conn) })
	err := v.watch(ctx, conn)
	cancel()
	sending.Wait()
	return err
}

// tellSeen keeps the host informed of whether anyone looks; a connection begins as seen.
func (v *Viewer) tellSeen(ctx context.Context, conn *transport.Conn) {
	told := false
	for {
		turned := v.turned.next()
		if unseen := v.unseen.Load(); unseen != told {
			told = unseen
			if conn.Send(ctx, streamControl, appendSeen(nil, !unseen)) != nil {
				return
			}
			continue
		}
		select {
		case <-turned:
		case <-ctx.Done():
			return
		}
	}
}

// watch decodes what comes, in order, until the connection ends.
func (v *Viewer) watch(ctx context.Context, conn *transport.Conn) error {
	onlyReady, cancel := context.WithCancel(ctx)
	cancel()
	decoder := codec.NewDecoder(v.cfg.Decoder)
	var cursors cursorSlots
	var news frames
	for {
		m, err := conn.Receive(onlyReady)
		if errors.Is(err, context.Canceled) {
			news.show(v, decoder)
			m, err = conn.Receive(ctx)
		}
		if err != nil {
			return err
		}
		switch {
		case m.Stream == streamControl:
			c, err := parseFromHost(m.Data)
			if err != nil {
				return err
			}
			if c.kind == controlBye {
				return fmt.Errorf("%w: %s", ErrSentAway, c.reason)
			}
			v.mu.Lock()
			v.stats.Coarse = c.coarse
			v.mu.Unlock()
		case m.Stream == streamCursor:
			c, err := cursors.parse(m.Data)
			if err != nil {
				return fmt.Errorf("session: the host sent an %w", err)
			}
			if v.cfg.OnCursor != nil {
				v.cfg.OnCursor(c)
			}
		case m.Stream >= FirstStream:
			if v.cfg.OnMessage != nil {
				v.cfg.OnMessage(m.Stream, m.Data)
			}
		case len(m.Objects) > 0:
			if err := v.decode(ctx, decoder, m.Objects, &news); err != nil {
				return err
			}
			conn.Decoded(m.State)
			if time.Since(news.since) >= showEvery {
				news.show(v, decoder)
			}
		}
	}
}

// showEvery is how long news may wait while more is there to be decoded: a Sink that takes its time must not make
// what has come wait for pictures that nobody would see.
const showEvery = 20 * time.Millisecond

// frames gathers what is new since the Sink was last called.
type frames struct {
	frame Frame
	since time.Time // the first of it was decoded; zero: there is nothing new
}

func (n *frames) add(c codec.Change) {
	if n.since.IsZero() {
		n.since = time.Now()
	}
	if c.Resized {
		n.frame.Resized, n.frame.Damage = true, n.frame.Damage[:0]
	}
	n.frame.Damage = append(n.frame.Damage, c.Damage...)
}

// show hands the picture to the Sink, if anything of it is new.
func (n *frames) show(v *Viewer, d *codec.Decoder) {
	if n.since.IsZero() {
		return
	}
	n.frame.Picture = d.Picture()
	if n.frame.Resized {
		v.event(Event{Kind: Resized, Width: n.frame.Picture.Size.X, Height: n.frame.Picture.Size.Y})
	}
	v.sink.Show(n.frame)
	*n = frames{frame: Frame{Damage: n.frame.Damage[:0]}}
}

// decode takes the objects of one message into the picture.
func (v *Viewer) decode(ctx context.Context, d *codec.Decoder, objects [][]byte, n *frames) error {
	var work codec.Work
	var bad error
	err := v.cpu.Do(ctx, Legible, func() codec.Work {
		for _, obj := range objects {
			if ctx.Err() != nil {
				break
			}
			change, err := d.Decode(obj)
			if err != nil {
				bad = fmt.Errorf("session: the host sent a picture that cannot be decoded: %w", err)
				break
			}
			work = work.Add(change.Work)
			n.add(change)
		}
		return work
	})
	v.mu.Lock()
	v.stats.Work = v.stats.Work.Add(work)
	v.stats.Objects += uint64(len(objects))
	v.mu.Unlock()
	return errors.Join(bad, err)
}

func (v *Viewer) event(e Event) {
	if v.cfg.OnEvent == nil {
		return
	}
	e.At = time.Now()
	v.cfg.OnEvent(e)
}
