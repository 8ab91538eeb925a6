package session

import (
	"context"
	"errors"
	"fmt"
	"image"
	"time"

	"github.com/thinpane/thinpane/codec"
	"github.com/thinpane/thinpane/transport"
)

// use shows what comes over one connection until it ends.
func (v *Viewer) use(ctx context.Context, conn *transport.Conn) error {
	defer conn.Close()
	ctx, cancel := context.WithCancel(ctx)
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		v.inputs.drain(ctx, conn)
	}()
	err := v.watch(ctx, conn)
	cancel()
	<-sent
	v.inputs.clear()
	return err
}

// watch decodes messages in order and hands the picture to the Sink after each.
func (v *Viewer) watch(ctx context.Context, conn *transport.Conn) error {
	decoder := codec.NewDecoder(v.cfg.Decoder)
	var damage []image.Rectangle
	var cursors cursorSlots
	for {
		m, err := conn.Receive(ctx)
		if err != nil {
			return err
		}
		switch {
		case m.Stream == streamControl:
			reason, err := parseControl(m.Data)
			if err != nil {
				return err
			}
			return fmt.Errorf("%w: %s", ErrSentAway, reason)
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
			frame := Frame{Damage: damage[:0]}
			if err := v.decode(ctx, decoder, m.Objects, &frame); err != nil {
				return err
			}
			damage = frame.Damage
			conn.Decoded(m.State)
			frame.Picture = decoder.Picture()
			if frame.Resized {
				v.event(Event{Kind: Resized, Width: frame.Picture.Size.X, Height: frame.Picture.Size.Y})
			}
			v.sink.Show(frame)
		}
	}
}

// decode takes the objects of one message into the picture.
func (v *Viewer) decode(ctx context.Context, d *codec.Decoder, objects [][]byte, f *Frame) error {
	var work codec.Work
	var bad error
	err := v.cpu.Do(ctx, Legible, func() codec.Work {
		for _, obj := range objects {
			change, err := d.Decode(obj)
			if err != nil {
				bad = fmt.Errorf("session: the host sent a picture that cannot be decoded: %w", err)
				break
			}
			work = work.Add(change.Work)
			f.Damage = append(f.Damage, change.Damage...)
			f.Resized = f.Resized || change.Resized
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
