package crossing

import (
	"context"
	"errors"
	"image"
	"net"
	"net/http"
	"sync"

	"github.com/thinpane/thinpane/bench/trace"
	"github.com/thinpane/thinpane/bench/virtual"
	"github.com/thinpane/thinpane/codec"
	"github.com/thinpane/thinpane/session"
	"github.com/thinpane/thinpane/transport"
	"github.com/thinpane/thinpane/transport/netsim"
)

// Thinpane is the library itself, host and viewer, with all defaults: signalling over
// HTTP and media through pion, both across the line.
type Thinpane struct{}

const token = "a-viewer"

type thinpane struct {
	stage              *Stage
	hostCPU, viewerCPU *virtual.CPU
	host               *session.Host
	screen             *session.Screen
	server             *http.Server
	client             *http.Transport
	url                string

	mu     sync.Mutex
	viewer *session.Viewer
	sent   sentInputs
}

// Open implements System.
func (Thinpane) Open(s *Stage) (Carrier, error) {
	t := &thinpane{stage: s, hostCPU: virtual.NewCPU(1), viewerCPU: virtual.NewCPU(s.ViewerCPU)}
	cfg := session.HostConfig{CPU: t.hostCPU, OnInput: t.onInput}
	cfg.Transport.ListenPacket = func() (net.PacketConn, error) { return s.Line.ListenPacket(netsim.Near) }
	cfg.Transport.Authorize = func(_ context.Context, _ *http.Request, got string) (transport.Grant, error) {
		if got != token {
			return transport.Grant{}, errors.New("another token")
		}
		return transport.Grant{User: token}, nil
	}
	screens := make(chan *session.Screen, 1)
	var err error
	t.host, err = session.NewHost(session.SourceFunc(func(ctx context.Context, screen *session.Screen) error {
		screens <- screen
		<-ctx.Done()
		return ctx.Err()
	}), cfg)
	if err != nil {
		return nil, err
	}
	t.screen = <-screens
	listener, err := s.Line.Listen(netsim.Near)
	if err != nil {
		return nil, err
	}
	t.url = "http://" + listener.Addr().String() + "/"
	t.server = &http.Server{Handler: t.host}
	go t.server.Serve(listener)
	return t, nil
}

func (t *thinpane) Update(pic *image.RGBA, damage []image.Rectangle) error {
	return t.screen.Update(codec.PictureOf(pic), codec.Hints{Damage: damage})
}

func (t *thinpane) Connect(ctx context.Context) error {
	t.client = &http.Transport{DialContext: func(ctx context.Context, _, addr string) (net.Conn, error) {
		return t.stage.Line.Dial(ctx, netsim.Far, addr)
	}}
	cfg := session.ViewerConfig{CPU: t.viewerCPU}
	cfg.Transport.ListenPacket = func() (net.PacketConn, error) { return t.stage.Line.ListenPacket(netsim.Far) }
	cfg.Transport.Token = token
	cfg.Transport.HTTPClient = &http.Client{Transport: t.client}
	viewer, err := session.Dial(ctx, t.url, session.SinkFunc(t.show), cfg)
	if err != nil {
		return err
	}
	t.mu.Lock()
	t.viewer = viewer
	t.mu.Unlock()
	return nil
}

func (t *thinpane) show(f session.Frame) {
	pic := &image.RGBA{Pix: f.Picture.Pix, Stride: f.Picture.Stride, Rect: image.Rectangle{Max: f.Picture.Size}}
	if f.Resized {
		t.stage.Show(pic, []image.Rectangle{{Max: t.stage.Size}})
		return
	}
	t.stage.Show(pic, f.Damage)
}

// Input implements Carrier. What the user does before the viewer is connected is lost.
func (t *thinpane) Input(n int, in trace.Input) error {
	t.mu.Lock()
	viewer := t.viewer
	if viewer == nil {
		t.mu.Unlock()
		return nil
	}
	all := t.sent.add(n, in)
	t.mu.Unlock()
	for _, i := range all {
		if err := viewer.SendInput(i); err != nil && !errors.Is(err, session.ErrInputFull) {
			return err
		}
	}
	return nil
}

func (t *thinpane) onInput(_ *session.Peer, in session.Input) {
	t.mu.Lock()
	done := t.sent.arrived(in)
	t.mu.Unlock()
	for _, n := range done {
		t.stage.Arrived(n)
	}
}

func (t *thinpane) Effort() Effort {
	t.mu.Lock()
	defer t.mu.Unlock()
	e := Effort{Encode: t.hostCPU.Used(), Decode: t.viewerCPU.Used()}
	if t.viewer != nil {
		e.Goodput = int(t.viewer.Stats().Received.Payload)
	}
	for _, p := range t.host.Peers() {
		s := p.Stats()
		e.Bytes = e.Bytes.Add(s.Bytes)
		e.Repair += int(s.Stats.Sent.Repair)
	}
	return e
}

func (t *thinpane) Close() error {
	t.mu.Lock()
	viewer := t.viewer
	t.mu.Unlock()
	var err error
	if viewer != nil {
		err = viewer.Close()
	}
	err = errors.Join(err, t.host.Close(), t.server.Close())
	if t.client != nil {
		t.client.CloseIdleConnections()
	}
	return err
}
