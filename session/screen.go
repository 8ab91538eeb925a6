package session

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/thinpane/thinpane/codec"
)

// Source draws a host's screen.
type Source interface {
	// Run keeps the screen up to date until ctx ends; the host calls it once. It calls Update whenever the picture
	// changes, or waits for Wanted first and captures only then. An error ends the host.
	Run(ctx context.Context, s *Screen) error
}

// SourceFunc makes a function a Source.
type SourceFunc func(ctx context.Context, s *Screen) error

// Run calls f.
func (f SourceFunc) Run(ctx context.Context, s *Screen) error { return f(ctx, s) }

// Screen is the picture that all viewers of a host are shown. Its methods are safe for concurrent use.
type Screen struct {
	ctx     context.Context // the host's
	cpu     CPU
	changed signal
	wanted  signal
	pointer pointer
	viewers atomic.Int32
	colours codec.Colours // of pixels

	mu     sync.RWMutex // Update writes, encoders read
	pixels *codec.Screen
	others map[codec.Colours]*variant // the same picture in fewer colours, while somebody sees it so

	// What of pixels is asked for without waiting for an Update to end.
	version       atomic.Uint64
	width, height atomic.Int32

	waiting struct {
		sync.Mutex
		loops int // that have room on their line and nothing to show
	}
}

// variant is a picture in fewer colours.
type variant struct {
	pixels  *codec.Screen
	viewers int
}

// use gives the picture in some colours to one viewer more; disuse gives it back.
func (s *Screen) use(c codec.Colours) *codec.Screen {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c == s.colours {
		return s.pixels
	}
	v := s.others[c]
	if v == nil {
		v = &variant{pixels: codec.NewScreen(codec.ScreenConfig{Colours: c})}
		if p := s.pixels.Picture(); p.Pix != nil {
			v.pixels.Update(p, codec.Hints{}) // a Screen's own picture is valid
		}
		s.others[c] = v
	}
	v.viewers++
	return v.pixels
}

func (s *Screen) disuse(c codec.Colours) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v := s.others[c]; v != nil {
		if v.viewers--; v.viewers == 0 {
			delete(s.others, c)
		}
	}
}

func newScreen(ctx context.Context, cpu CPU, cfg codec.ScreenConfig) *Screen {
	return &Screen{ctx: ctx, cpu: cpu, colours: cfg.Colours, pixels: codec.NewScreen(cfg), others: map[codec.Colours]*variant{}}
}

// Update makes p the newest picture; with nil Hints.Damage the changes are looked for. The pixels are copied: the
// buffer is the caller's again when Update returns. Its work is charged to the host's CPU before anything else.
func (s *Screen) Update(p codec.Picture, h codec.Hints) error {
	var err error
	busy := s.cpu.Do(s.ctx, Capture, func() codec.Work {
		s.mu.Lock()
		defer s.mu.Unlock()
		before := s.pixels.Version()
		var w codec.Work
		w, err = s.pixels.Update(p, h)
		for _, v := range s.others {
			if err == nil {
				var more codec.Work
				more, err = v.pixels.Update(p, h)
				w = w.Add(more)
			}
		}
		if err == nil && s.pixels.Version() != before {
			s.version.Store(s.pixels.Version())
			s.width.Store(int32(p.Size.X))
			s.height.Store(int32(p.Size.Y))
			s.changed.fire()
		}
		return w
	})
	if busy != nil {
		return busy
	}
	return err
}

// Wanted returns when some viewer has room on its line and nothing newer to show: the moment to capture. While the
// picture stays as it is, it returns at once again: a Source that looks for changes itself paces itself, too. It
// returns ctx's error when that ends first.
func (s *Screen) Wanted(ctx context.Context) error {
	for {
		wanted := s.wanted.next()
		s.waiting.Lock()
		n := s.waiting.loops
		s.waiting.Unlock()
		if n > 0 {
			return nil
		}
		select {
		case <-wanted:
		case <-ctx.Done():
			return ctx.Err()
		case <-s.ctx.Done():
			return s.ctx.Err()
		}
	}
}

// Watched tells whether any viewer is connected that somebody looks at (Viewer.SetSeen). A Source that takes pictures when they are Wanted may take one
// without that once a picture under way has been overtaken for long, if it is Watched at all.
func (s *Screen) Watched() bool { return s.viewers.Load() > 0 }

// want counts the loops that would show something newer at once.
func (s *Screen) want(n int) {
	s.waiting.Lock()
	s.waiting.loops += n
	s.waiting.Unlock()
	if n > 0 {
		s.wanted.fire()
	}
}

// inside is the pixel of the picture that is nearest to x, y.
func (s *Screen) inside(x, y int) (int, int) {
	return min(x, max(0, int(s.width.Load())-1)), min(y, max(0, int(s.height.Load())-1))
}
