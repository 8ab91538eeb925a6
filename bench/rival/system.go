package rival

import (
	"bufio"
	"context"
	"errors"
	"image"
	"net"
	"sync"
	"sync/atomic"

	"github.com/thinpane/thinpane/bench/crossing"
	"github.com/thinpane/thinpane/bench/trace"
	"github.com/thinpane/thinpane/transport/netsim"
)

// Open implements crossing.System: both ends, with a listener at the near one.
func (k Kind) Open(stage *crossing.Stage) (crossing.Carrier, error) {
	enc, dec, err := k.coders(stage.Size)
	if err != nil {
		return nil, err
	}
	l, err := stage.Line.Listen(netsim.Near)
	if err != nil {
		return nil, err
	}
	c := &carrier{stage: stage, server: newServer(stage.Size, enc, stage.Arrived), dec: dec, listener: l}
	c.ctx, c.cancel = context.WithCancel(context.Background())
	c.all.Go(func() { c.end(c.serve()) })
	return c, nil
}

// carrier is a rival at work.
type carrier struct {
	stage    *crossing.Stage
	server   *server
	dec      decoder
	listener net.Listener
	ctx      context.Context
	cancel   context.CancelFunc
	all      sync.WaitGroup
	read     atomic.Int64 // bytes of updates

	mu     sync.Mutex // never held while anything waits
	open   []net.Conn
	viewer net.Conn // nil before it is connected
	err    error    // why it ended
}

// Update implements crossing.Carrier.
func (c *carrier) Update(pic *image.RGBA, damage []image.Rectangle) error {
	c.server.update(pic, damage)
	return c.failed()
}

// serve is the server's life: one viewer.
func (c *carrier) serve() error {
	conn, err := c.listener.Accept()
	if err != nil {
		return err
	}
	c.keep(conn)
	return c.server.serve(c.ctx, conn)
}

// Connect implements crossing.Carrier.
func (c *carrier) Connect(ctx context.Context) error {
	conn, err := c.stage.Line.Dial(ctx, netsim.Far, c.listener.Addr().String())
	if err != nil {
		return err
	}
	c.keep(conn)
	size, err := connect(conn)
	if err != nil {
		return err
	}
	c.mu.Lock()
	c.viewer = conn
	c.mu.Unlock()
	c.all.Go(func() {
		in := bufio.NewReader(counted{conn, &c.read})
		c.end(view(conn, in, size, c.dec, func(pic *image.RGBA, at image.Rectangle) {
			c.stage.Show(pic, []image.Rectangle{at})
		}))
	})
	return nil
}

// Input implements crossing.Carrier. Whatever the user did goes as one key event.
func (c *carrier) Input(n int, _ trace.Input) error {
	c.mu.Lock()
	conn := c.viewer
	c.mu.Unlock()
	if conn == nil {
		return errors.New("rival: input before the viewer is connected")
	}
	return writeKey(conn, n)
}

// Effort implements crossing.Carrier: a rival's CPU time is not charged.
func (c *carrier) Effort() crossing.Effort { return crossing.Effort{Goodput: int(c.read.Load())} }

// Close implements crossing.Carrier.
func (c *carrier) Close() error {
	c.end(net.ErrClosed)
	c.cancel()
	err := c.listener.Close()
	c.mu.Lock()
	open := c.open
	c.mu.Unlock()
	for _, conn := range open {
		conn.Close()
	}
	c.all.Wait()
	return err
}

func (c *carrier) keep(conn net.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open = append(c.open, conn)
}

// end notes why it ended, the first time.
func (c *carrier) end(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err == nil {
		c.err = err
	}
}

func (c *carrier) failed() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// counted counts what is read.
type counted struct {
	net.Conn
	n *atomic.Int64
}

func (c counted) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.n.Add(int64(n))
	return n, err
}
