package session

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/thinpane/thinpane/codec"
	"github.com/thinpane/thinpane/transport"
)

// HostConfig configures a Host. Only Transport.Authorize must be set: without it every viewer is refused.
type HostConfig struct {
	Transport transport.HostConfig
	Screen    codec.ScreenConfig
	Encoder   codec.EncoderConfig
	// Policy is what each viewer begins with.
	Policy Policy
	// CPU shares the processor among the viewers; nil is a Queue of this host's own.
	CPU CPU
	// OnInput is called with what viewers' users do, for each viewer in order and never at the same time; calls for
	// different viewers may overlap. A viewer that goes is followed by the releases of what it held.
	OnInput func(*Peer, Input)
	// OnMessage is called with the application's own messages (Viewer.Send), as OnInput is.
	OnMessage func(*Peer, transport.Stream, []byte)
	// OnEvent is called when something happens that a program may want to show; it must not block.
	OnEvent func(Event)
	// Logger is told what an administrator may want to know; nil is silence. It is Transport's too, unless that has one.
	Logger *slog.Logger
}

// Host shows a Source's screen to any number of viewers. It is the http.Handler to which viewers post their offers.
type Host struct {
	cfg    HostConfig
	cpu    CPU
	log    *slog.Logger
	net    *transport.Host
	screen *Screen
	cancel context.CancelFunc
	all    sync.WaitGroup

	mu    sync.Mutex
	peers []*Peer
	err   error
	done  chan struct{}
}

// ErrClosed is what a Host and a Viewer end with when their own side closed them.
var ErrClosed = errors.New("session: closed")

// NewHost starts src and returns the host of its screen. Close ends both.
func NewHost(src Source, cfg HostConfig) (*Host, error) {
	if src == nil {
		return nil, errors.New("session: NewHost needs a Source")
	}
	if err := cfg.Policy.validate(); err != nil {
		return nil, err
	}
	if cfg.Transport.Logger == nil {
		cfg.Transport.Logger = cfg.Logger
	}
	net, err := transport.NewHost(cfg.Transport)
	if err != nil {
		return nil, err
	}
	h := &Host{cfg: cfg, cpu: cfg.CPU, log: cfg.Logger, net: net, done: make(chan struct{})}
	if h.cpu == nil {
		h.cpu = NewQueue(0)
	}
	if h.log == nil {
		h.log = slog.New(slog.DiscardHandler)
	}
	ctx, cancel := context.WithCancel(context.Background())
	h.cancel = cancel
	h.screen = newScreen(ctx, h.cpu, cfg.Screen)
	h.all.Go(func() { h.end(src.Run(ctx, h.screen)) })
	h.all.Go(func() {
		h.accept(ctx)
		h.net.Close() // a host that has ended lets nobody in
	})
	return h, nil
}

// ServeHTTP answers a viewer's signalling: POST an offer, PATCH it, DELETE to leave (transport/SPEC.md).
func (h *Host) ServeHTTP(w http.ResponseWriter, r *http.Request) { h.net.ServeHTTP(w, r) }

// Peers lists the viewers, in the order in which they came.
func (h *Host) Peers() []*Peer {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.peers)
}

// Done is closed when the host has ended; Err then says why.
func (h *Host) Done() <-chan struct{} { return h.done }

// Err is nil while the host runs, then ErrClosed or the Source's error.
func (h *Host) Err() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.err
}

// Close ends the viewers' connections, stops the Source, and returns when all has ended. Viewers try to come back; who
// should not is sent away before (Peer.SendAway). It must not be called from the Source or one of the callbacks.
func (h *Host) Close() error {
	h.end(ErrClosed)
	for _, p := range h.Peers() {
		p.conn.Close()
	}
	h.cancel()
	err := h.net.Close()
	h.all.Wait()
	return err
}

// end notes why the host ends, the first time, and stops everything. A Source that returned nil has no more to show:
// its last picture stays.
func (h *Host) end(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.err != nil || err == nil {
		return
	}
	h.err = err
	h.cancel()
	close(h.done)
}

func (h *Host) accept(ctx context.Context) {
	for {
		conn, err := h.net.Accept(ctx)
		if err != nil {
			return
		}
		h.all.Go(func() { h.serve(ctx, conn) })
	}
}

// serve is one viewer's life.
func (h *Host) serve(ctx context.Context, conn *transport.Conn) {
	defer conn.Close()
	p := &Peer{host: h, conn: conn, since: time.Now(), done: make(chan struct{}), sched: newScheduler(h.cfg.Policy)}
	encoder, err := codec.NewEncoder(h.screen.pixels, h.cfg.Encoder)
	if err != nil {
		h.log.Error("no encoder for a viewer", "peer", p.ID(), "err", err)
		return
	}
	h.mu.Lock()
	h.peers = append(h.peers, p)
	h.mu.Unlock()
	h.log.Info("viewer connected", "peer", p.ID(), "user", p.Grant().User, "from", p.RemoteAddr())
	h.event(p, Event{Kind: Connected})

	h.screen.viewers.Add(1)
	defer p.setSeen(false)
	ctx, cancel := context.WithCancel(ctx)
	var listening sync.WaitGroup
	listening.Go(func() { p.point(ctx, &h.screen.pointer) })
	var heard error
	listening.Go(func() {
		heard = p.listen(ctx)
		cancel()
	})
	err = p.show(ctx, h.screen, encoder)
	cancel()
	listening.Wait()
	if errors.Is(heard, ErrInput) || errors.Is(heard, errControl) {
		err = heard
	}
	p.letGo()

	h.mu.Lock()
	h.peers = slices.DeleteFunc(h.peers, func(q *Peer) bool { return q == p })
	h.mu.Unlock()
	err = p.why(err)
	h.log.Info("viewer left", "peer", p.ID(), "why", fmt.Sprint(err))
	h.event(p, Event{Kind: Disconnected, Err: err})
	close(p.done)
}

// why is the reason for which the viewer's session ended: nil when either side meant it.
func (p *Peer) why(err error) error {
	p.mu.Lock()
	away := p.away
	p.mu.Unlock()
	if cause := p.conn.Err(); errors.Is(err, context.Canceled) {
		err = cause
	}
	if away || errors.Is(err, transport.ErrClosed) || errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

func (h *Host) event(p *Peer, e Event) {
	if h.cfg.OnEvent == nil {
		return
	}
	e.At, e.Peer = time.Now(), p.ID()
	h.cfg.OnEvent(e)
}
