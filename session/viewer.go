package session

import (
	"context"
	"errors"
	"image"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/thinpane/thinpane/codec"
	"github.com/thinpane/thinpane/transport"
)

// Sink shows a viewer's picture.
type Sink interface {
	// Show is called when the picture has changed and nothing more of what has arrived is left to decode, or every
	// 20 ms or so while it goes on; never twice at the same time. Nothing is decoded until it returns.
	Show(Frame)
}

// SinkFunc makes a function a Sink.
type SinkFunc func(Frame)

// Show calls f.
func (f SinkFunc) Show(v Frame) { f(v) }

// Frame is a viewer's picture and what of it is new.
type Frame struct {
	Picture codec.Picture     // RGBA, valid until Show returns
	Damage  []image.Rectangle // what changed since the last Frame
	Resized bool              // Picture has another size than in the last Frame; all of it is new
}

// ViewerConfig configures a Viewer; the zero value works where the host asks for no token.
type ViewerConfig struct {
	Transport transport.DialConfig
	Decoder   codec.DecoderConfig
	// CPU is charged with decoding; nil charges nobody.
	CPU CPU
	// OnMessage is called with the application's own messages (Peer.Send), in order; it must not block.
	OnMessage func(transport.Stream, []byte)
	// OnCursor is called with the shape of the host's pointer, at connect and when it changes; it must not block.
	// The shape's pixels stay as they are.
	OnCursor func(Cursor)
	// OnEvent is called when something happens that a program may want to show; it must not block.
	OnEvent func(Event)
	// Logger is told what an administrator may want to know; nil is silence. It is Transport's too, unless that has one.
	Logger *slog.Logger
}

// Viewer shows a host's screen in a Sink, and comes back by itself when the connection is lost. Its methods are safe
// for concurrent use.
type Viewer struct {
	url    string
	sink   Sink
	cfg    ViewerConfig
	cpu    CPU
	log    *slog.Logger
	cancel context.CancelFunc
	inputs inputQueue
	unseen atomic.Bool
	turned signal // unseen has changed
	done   chan struct{}

	mu    sync.Mutex
	conn  *transport.Conn // nil while there is none
	stats ViewerStats
	err   error
}

// ViewerStats are figures about a viewer's connection.
type ViewerStats struct {
	transport.Stats
	Objects    uint64 // decoded on the present connection
	Coarse     int    // tiles of 16 x 16 pixels that were not exact yet when the host said so last, at the latest 2 s ago at rest
	Connects   int    // how often it has been connected
	Work       codec.Work
	Connecting bool // there is no connection at the moment
}

// ErrSentAway says that the host ended the session on purpose; the reason follows in the error's text.
var ErrSentAway = errors.New("session: sent away by the host")

// ErrNotConnected says that the connection is lost at the moment and being made anew.
var ErrNotConnected = errors.New("session: not connected at the moment")

// Between two attempts to come back the viewer waits longer each time.
const (
	firstRetry = 500 * time.Millisecond
	lastRetry  = 15 * time.Second
	// lasting is how long a connection must have stood for the waiting to begin anew.
	lasting = 30 * time.Second
)

// Dial connects to the host at url and shows its screen in sink until Close, or until the host ends the session. It
// returns when the first connection stands, or its error: transport.ErrRefused for a wrong token, and so on. ctx
// bounds that first attempt only.
func Dial(ctx context.Context, url string, sink Sink, cfg ViewerConfig) (*Viewer, error) {
	if sink == nil {
		return nil, errors.New("session: Dial needs a Sink")
	}
	v := &Viewer{url: url, sink: sink, cfg: cfg, cpu: cfg.CPU, log: cfg.Logger, done: make(chan struct{})}
	if v.cpu == nil {
		v.cpu = NewQueue(1)
	}
	if v.log == nil {
		v.log = slog.New(slog.DiscardHandler)
	}
	if v.cfg.Transport.Logger == nil {
		v.cfg.Transport.Logger = cfg.Logger
	}
	conn, err := transport.Dial(ctx, url, v.cfg.Transport)
	if err != nil {
		return nil, err
	}
	life, cancel := context.WithCancel(context.Background())
	v.cancel = cancel
	v.connected(conn)
	go v.run(life, conn)
	return v, nil
}

// SendInput sends what the user did. Keys, buttons and wheel are kept in order and never lost while the connection
// stands; pointer moves that wait are replaced by newer ones. It does not block; ErrInput says what is not valid,
// ErrInputFull that the line has taken nothing for long, ErrNotConnected that there is none: a key that came through
// later would meet a screen that its user has not seen.
func (v *Viewer) SendInput(in Input) error {
	if err := in.validate(); err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.conn == nil {
		return ErrNotConnected
	}
	return v.inputs.add(in)
}

// SetSeen tells the host whether anyone looks at the picture: not while its window is hidden. As long as nobody looks no
// pixels are sent; once somebody does the present picture comes. A viewer begins as seen, and it stays as it is told
// through reconnections.
func (v *Viewer) SetSeen(seen bool) {
	v.unseen.Store(!seen)
	v.turned.fire()
}

// Send sends the application's own message on a stream from FirstStream on, in order; it blocks while too much is
// on its way, and fails with ErrNotConnected while there is no connection.
func (v *Viewer) Send(ctx context.Context, s transport.Stream, msg []byte) error {
	if s < FirstStream {
		return errOwnStream
	}
	v.mu.Lock()
	conn := v.conn
	v.mu.Unlock()
	if conn == nil {
		return ErrNotConnected
	}
	return conn.Send(ctx, s, msg)
}

// Stats are the figures at this moment.
func (v *Viewer) Stats() ViewerStats {
	v.mu.Lock()
	defer v.mu.Unlock()
	s := v.stats
	if s.Connecting = v.conn == nil; !s.Connecting {
		s.Stats = v.conn.Stats()
	}
	return s
}

// Done is closed when the viewer has ended for good; Err then says why.
func (v *Viewer) Done() <-chan struct{} { return v.done }

// Err is nil while the viewer lives, then ErrClosed, ErrSentAway, or what made coming back pointless.
func (v *Viewer) Err() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.err
}

// Close leaves the host and returns when nothing calls the Sink any more. It must not be called from the Sink or one of
// the callbacks.
func (v *Viewer) Close() error {
	v.cancel()
	<-v.done
	return nil
}

// run lives through connections until there is no point in another.
func (v *Viewer) run(ctx context.Context, conn *transport.Conn) {
	defer close(v.done)
	wait := firstRetry
	for {
		began := time.Now()
		err := v.use(ctx, conn)
		v.disconnected(err)
		if time.Since(began) >= lasting {
			wait = firstRetry
		}
		if conn, err = v.again(ctx, err, &wait); err != nil {
			v.mu.Lock()
			v.err = err
			v.mu.Unlock()
			return
		}
		v.connected(conn)
	}
}

// disconnected forgets the connection, and what was to be sent on it.
func (v *Viewer) disconnected(err error) {
	v.mu.Lock()
	v.conn = nil
	v.inputs.clear()
	v.mu.Unlock()
	if errors.Is(err, context.Canceled) || errors.Is(err, transport.ErrClosed) {
		err = nil
	}
	v.event(Event{Kind: Disconnected, Err: err})
}

func (v *Viewer) connected(conn *transport.Conn) {
	v.mu.Lock()
	v.conn = conn
	v.stats.Connects++
	v.stats.Objects, v.stats.Coarse = 0, 0
	v.mu.Unlock()
	v.log.Info("connected", "url", v.url)
	v.event(Event{Kind: Connected})
}

// again connects anew after cause, unless that was final, and waits longer at each attempt.
func (v *Viewer) again(ctx context.Context, cause error, wait *time.Duration) (*transport.Conn, error) {
	for {
		switch {
		case ctx.Err() != nil:
			return nil, ErrClosed
		case errors.Is(cause, ErrSentAway), errors.Is(cause, transport.ErrRefused), errors.Is(cause, codec.ErrLimit):
			return nil, cause
		}
		now := *wait
		*wait = min(2*now, lastRetry)
		v.log.Info("connection lost", "err", cause, "again in", now)
		v.event(Event{Kind: Reconnecting, Wait: now, Err: cause})
		select {
		case <-time.After(now):
		case <-ctx.Done():
			return nil, ErrClosed
		}
		conn, err := transport.Dial(ctx, v.url, v.cfg.Transport)
		if err == nil {
			return conn, nil
		}
		cause = err
	}
}
