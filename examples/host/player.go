package main

import (
	"context"
	"errors"
	"time"

	"github.com/thinpane/thinpane/bench/trace"
	"github.com/thinpane/thinpane/codec"
	"github.com/thinpane/thinpane/session"
)

// player is a Source that plays recordings at their own pace.
type player struct {
	recordings []*trace.Archive
	first      time.Duration // of each; 0: all
	once       bool
}

func openPlayer(files []string, first time.Duration, once bool) (*player, error) {
	p := &player{first: first, once: once}
	for _, f := range files {
		a, err := trace.Open(f)
		if err != nil {
			p.Close()
			return nil, err
		}
		p.recordings = append(p.recordings, a)
	}
	return p, nil
}

func (p *player) Close() error {
	var errs []error
	for _, a := range p.recordings {
		errs = append(errs, a.Close())
	}
	return errors.Join(errs...)
}

// Run plays one recording after the other, from when the first viewer is there. A recording of another size resizes
// the screen.
func (p *player) Run(ctx context.Context, s *session.Screen) error {
	if err := s.Wanted(ctx); err != nil {
		return err
	}
	for {
		for _, r := range p.recordings {
			if err := play(ctx, trace.Cut(r, 0, p.first), s); err != nil {
				return err
			}
		}
		if p.once {
			return nil
		}
	}
}

func play(ctx context.Context, r trace.Recording, s *session.Screen) error {
	began := time.Now()
	for u, err := range r.Updates() {
		if err != nil {
			return err
		}
		if err := sleep(ctx, time.Until(began.Add(u.At))); err != nil {
			return err
		}
		if err := s.Update(codec.PictureOf(u.Picture), codec.Hints{Damage: u.Patches}); err != nil {
			return err
		}
	}
	return sleep(ctx, time.Until(began.Add(r.Duration())))
}

// sleep returns when d is over, or ctx's error.
func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
