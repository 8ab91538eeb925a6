package session_test

import (
	"context"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/codec"
	"github.com/thinpane/thinpane/session"
	"github.com/thinpane/thinpane/transport"
	"github.com/thinpane/thinpane/transport/netsim"
)

// stack is a host and the line before it, in a bubble of virtual time.
type stack struct {
	t      *testing.T
	line   *netsim.Net
	host   *session.Host
	server *http.Server
	url    string
	screen *session.Screen
	fail   chan error // ends the Source

	mu     sync.Mutex
	inputs []session.Input
	events []session.Event
}

// inBubble runs f with a host on the near end of a line; all must have ended when f returns.
func inBubble(t *testing.T, line string, cfg session.HostConfig, f func(*stack)) {
	synctest.Test(t, func(t *testing.T) {
		l, err := netsim.Load(line)
		require.NoError(t, err)
		s := &stack{t: t, line: netsim.New(l, 1), fail: make(chan error)}
		cfg.Transport.ListenPacket = func() (net.PacketConn, error) { return s.line.ListenPacket(netsim.Near) }
		cfg.Transport.Authorize = func(_ context.Context, _ *http.Request, token string) (transport.Grant, error) {
			if token != "ann" && token != "guest" {
				return transport.Grant{}, errors.New("unknown token")
			}
			return transport.Grant{User: token, ViewOnly: token == "guest"}, nil
		}
		cfg.OnInput = func(_ *session.Peer, in session.Input) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.inputs = append(s.inputs, in)
		}
		cfg.OnEvent = func(e session.Event) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.events = append(s.events, e)
		}
		started := make(chan struct{})
		s.host, err = session.NewHost(session.SourceFunc(func(ctx context.Context, screen *session.Screen) error {
			s.screen = screen
			close(started)
			select {
			case err := <-s.fail:
				return err
			case <-ctx.Done():
				return ctx.Err()
			}
		}), cfg)
		require.NoError(t, err)
		<-started
		socket, err := s.line.Listen(netsim.Near)
		require.NoError(t, err)
		s.url = "http://" + socket.Addr().String() + "/screen"
		s.server = &http.Server{Handler: s.host}
		go s.server.Serve(socket)
		f(s)
		require.NoError(t, s.host.Close())
		s.server.Close()
		time.Sleep(20 * time.Second)
		require.NoError(t, s.line.Close())
		synctest.Wait()
	})
}

// show makes pic the host's picture.
func (s *stack) show(pic *image.RGBA) {
	require.NoError(s.t, s.screen.Update(codec.PictureOf(pic), codec.Hints{}))
}

func (s *stack) heard() []session.Input {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]session.Input(nil), s.inputs...)
}

// happened tells of the host's events of one kind.
func (s *stack) happened(kind session.EventKind) []session.Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	return ofKind(s.events, kind)
}

// happened tells of the viewer's events of one kind.
func (w *watcher) happened(kind session.EventKind) []session.Event {
	w.mu.Lock()
	defer w.mu.Unlock()
	return ofKind(w.events, kind)
}

func ofKind(events []session.Event, kind session.EventKind) (all []session.Event) {
	for _, e := range events {
		if e.Kind == kind {
			all = append(all, e)
		}
	}
	return all
}

// watcher is a viewer and what it shows.
type watcher struct {
	*session.Viewer
	mu     sync.Mutex
	pic    *image.RGBA
	events []session.Event
	shapes []session.Cursor
}

// viewerConfig is for a viewer on the far end of the line.
func (s *stack) viewerConfig(token string) (cfg session.ViewerConfig) {
	cfg.Transport.ListenPacket = func() (net.PacketConn, error) { return s.line.ListenPacket(netsim.Far) }
	cfg.Transport.Token = token
	cfg.Transport.HTTPClient = &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, addr string) (net.Conn, error) {
			return s.line.Dial(ctx, netsim.Far, addr)
		},
	}}
	return cfg
}

func (s *stack) dial(token string) (*watcher, error) {
	w := &watcher{}
	cfg := s.viewerConfig(token)
	cfg.OnEvent = func(e session.Event) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.events = append(w.events, e)
	}
	cfg.OnCursor = func(c session.Cursor) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.shapes = append(w.shapes, c)
	}
	var err error
	w.Viewer, err = session.Dial(s.t.Context(), s.url, session.SinkFunc(w.show), cfg)
	return w, err
}

func (s *stack) mustDial(token string) *watcher {
	w, err := s.dial(token)
	require.NoError(s.t, err)
	return w
}

func (w *watcher) show(f session.Frame) {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := image.Rectangle{Max: f.Picture.Size}
	if w.pic == nil || f.Resized {
		w.pic = image.NewRGBA(all)
	}
	seen := &image.RGBA{Pix: f.Picture.Pix, Stride: f.Picture.Stride, Rect: all}
	for _, r := range f.Damage {
		draw.Draw(w.pic, r, seen, r.Min, draw.Src)
	}
}

// seen is what has been shown, put together from the damage alone.
func (w *watcher) seen() *image.RGBA {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.pic == nil {
		return nil
	}
	c := *w.pic
	c.Pix = append([]byte(nil), w.pic.Pix...)
	return &c
}

func (w *watcher) cursors() []session.Cursor {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.shapes)
}

// soon waits until ok, at most d of virtual time.
func soon(t *testing.T, d time.Duration, ok func() bool, what string) {
	t.Helper()
	for end := time.Now().Add(d); !ok(); time.Sleep(10 * time.Millisecond) {
		require.True(t, time.Now().Before(end), "not within %v: %s", d, what)
	}
}

func (s *stack) shows(w *watcher, pic *image.RGBA, d time.Duration) {
	s.t.Helper()
	soon(s.t, d, func() bool {
		seen := w.seen()
		return seen != nil && seen.Rect == pic.Rect && string(seen.Pix) == string(pic.Pix)
	}, "the viewer shows the host's picture")
}

// page is a picture with flat parts, sharp edges and soft noise; n tells one from another.
func page(width, height, n int) *image.RGBA {
	pic := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(pic, pic.Rect, image.NewUniform(color.RGBA{240, 240, 235, 255}), image.Point{}, draw.Src)
	noise := uint32(n + 1)
	for y := range height {
		for x := range width {
			switch {
			case x > width/2 && y > height/2: // a photograph
				noise = noise*1664525 + 1013904223
				v := uint8(x/3+y/5) + uint8(noise>>30)
				pic.SetRGBA(x, y, color.RGBA{v, v + uint8(n), 200 - v/2, 255})
			case y%17 < 9 && (x*7+y*n)%23 < 5 && x < width/2:
				pic.SetRGBA(x, y, color.RGBA{30, 30, uint8(40 + n), 255})
			}
		}
	}
	return pic
}

// photo is smooth, with grain.
func photo(width, height int) *image.RGBA {
	pic := noise(width, height, 1)
	for y := range height {
		for x := range width {
			c := pic.RGBAAt(x, y)
			pic.SetRGBA(x, y, color.RGBA{uint8(x/2+y/4) + c.R%12, uint8(y/2+x/8) + c.G%12, uint8(200-x/4-y/3) + c.B%12, 255})
		}
	}
	return pic
}

// noise is a picture that costs all its bits.
func noise(width, height int, seed uint32) *image.RGBA {
	pic := image.NewRGBA(image.Rect(0, 0, width, height))
	for i := range pic.Pix {
		seed = seed*1664525 + 1013904223
		pic.Pix[i] = uint8(seed >> 24)
		if i%4 == 3 {
			pic.Pix[i] = 255
		}
	}
	return pic
}
