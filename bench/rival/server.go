package rival

import (
	"context"
	"image"
	"io"
	"sync"
	"time"
)

// server holds the newest picture and what of it the viewer does not have. It answers each
// request with all that has changed by then; one update at a time is under way.
type server struct {
	wake    chan struct{} // something is requested, or has changed
	arrived func(input int)

	mu        sync.Mutex // never held while anything waits
	pic       *image.RGBA
	enc       encoder
	damage    *damage
	refresh   *refresh // of what went coarsely; nil: nothing does
	requested bool
}

func newServer(size image.Point, enc encoder, arrived func(input int)) *server {
	s := &server{
		wake: make(chan struct{}, 1), arrived: arrived,
		pic: image.NewRGBA(image.Rectangle{Max: size}), enc: enc, damage: newDamage(size),
	}
	if t, ok := enc.(*tightEncoder); ok {
		s.refresh = newRefresh(t)
	}
	return s
}

// update takes over what changed on the screen.
func (s *server) update(pic *image.RGBA, patches []image.Rectangle) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range patches {
		copyRect(s.pic, pic, p)
	}
	s.damage.update(s.pic, patches)
	s.signal()
}

func (s *server) signal() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// serve serves the one viewer until ctx ends or the connection breaks.
func (s *server) serve(ctx context.Context, c io.ReadWriter) error {
	if err := accept(c, s.pic.Rect.Size()); err != nil {
		return err
	}
	broken := make(chan error, 1)
	go func() { broken <- s.listen(c) }()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		b, wait, err := s.answer(time.Now())
		if err != nil {
			return err
		}
		if b != nil {
			if _, err := c.Write(b); err != nil {
				return err
			}
			continue
		}
		timer.Stop()
		if wait > 0 {
			timer.Reset(wait)
		}
		select {
		case <-s.wake:
		case <-timer.C:
		case err := <-broken:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// listen notes the viewer's requests and inputs.
func (s *server) listen(c io.Reader) error {
	for {
		request, n, err := readMessage(c)
		if err != nil {
			return err
		}
		if !request {
			s.arrived(n)
			continue
		}
		s.mu.Lock()
		s.requested = true
		s.signal()
		s.mu.Unlock()
	}
}

// answer is the update to send now; nil: none is requested, or nothing has changed. wait
// is then when to ask again, 0 for not before something happens.
func (s *server) answer(now time.Time) (update []byte, wait time.Duration, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.requested {
		return nil, 0, nil
	}
	var body []byte
	var n int
	if s.damage.count > 0 {
		rects := s.damage.take(s.pic)
		body, n, err = s.enc.encode(nil, s.pic, rects)
		if s.refresh != nil {
			s.refresh.sent(rects, now)
		}
	} else if s.refresh != nil {
		body, n, wait, err = s.refresh.next(s.pic, now)
	}
	if err != nil || n == 0 {
		return nil, wait, err
	}
	s.requested = false
	return append(updateHead(n), body...), 0, nil
}
