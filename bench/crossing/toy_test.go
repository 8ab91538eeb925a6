package crossing

import (
	"context"
	"encoding/binary"
	"errors"
	"image"
	"net"
	"sync"
	"time"

	"github.com/thinpane/thinpane/bench/trace"
	"github.com/thinpane/thinpane/transport/netsim"
)

// toy is the simplest System: a datagram of 12 bytes fills a rectangle with grey, one
// carries the number of an input up. It knows no loss. Its pictures are of one grey in each patch.
type toy struct {
	refuse error         // of Connect
	broken error         // of the second Update
	busy   time.Duration // that each Update takes
}

type toyCarrier struct {
	toy
	stage     *Stage
	near, far net.PacketConn
	all       sync.WaitGroup

	mu      sync.Mutex
	updates int
	viewer  net.Addr
	pic     *image.RGBA // as the near end knows it
}

func (t toy) Open(s *Stage) (Carrier, error) {
	c := &toyCarrier{toy: t, stage: s}
	var err error
	if c.near, err = s.Line.ListenPacket(netsim.Near); err != nil {
		return nil, err
	}
	if c.far, err = s.Line.ListenPacket(netsim.Far); err != nil {
		return nil, err
	}
	c.all.Go(c.host)
	c.all.Go(c.view)
	return c, nil
}

func (c *toyCarrier) Update(pic *image.RGBA, damage []image.Rectangle) error {
	time.Sleep(c.busy)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.updates++; c.updates > 1 && c.broken != nil {
		return c.broken
	}
	c.pic = &image.RGBA{Pix: append([]byte(nil), pic.Pix...), Stride: pic.Stride, Rect: pic.Rect}
	for _, r := range damage {
		c.send(r)
	}
	return nil
}

func (c *toyCarrier) send(r image.Rectangle) {
	if c.viewer == nil {
		return
	}
	var b []byte
	for _, v := range []int{r.Min.X, r.Min.Y, r.Max.X, r.Max.Y, int(c.pic.RGBAAt(r.Min.X, r.Min.Y).G), 0} {
		b = binary.BigEndian.AppendUint16(b, uint16(v))
	}
	c.near.WriteTo(b, c.viewer)
}

// host takes the viewer's datagrams: the first, empty one asks for the screen.
func (c *toyCarrier) host() {
	b := make([]byte, 100)
	for {
		n, from, err := c.near.ReadFrom(b)
		if err != nil {
			return
		}
		if n == 2 {
			c.stage.Arrived(int(binary.BigEndian.Uint16(b)))
			continue
		}
		c.mu.Lock()
		c.viewer = from
		c.send(c.pic.Rect)
		c.mu.Unlock()
	}
}

func (c *toyCarrier) view() {
	pic := image.NewRGBA(image.Rectangle{Max: c.stage.Size})
	b := make([]byte, 100)
	for {
		_, _, err := c.far.ReadFrom(b)
		if err != nil {
			return
		}
		v := func(i int) int { return int(binary.BigEndian.Uint16(b[2*i:])) }
		r := image.Rect(v(0), v(1), v(2), v(3))
		fill(pic, r, uint8(v(4)))
		c.stage.Show(pic, []image.Rectangle{r})
	}
}

func (c *toyCarrier) Connect(context.Context) error {
	if c.refuse == nil {
		c.far.WriteTo(nil, c.near.LocalAddr())
	}
	return c.refuse
}

func (c *toyCarrier) Input(n int, _ trace.Input) error {
	_, err := c.far.WriteTo(binary.BigEndian.AppendUint16(nil, uint16(n)), c.near.LocalAddr())
	return err
}

func (c *toyCarrier) Effort() Effort {
	return Effort{Encode: time.Second, Decode: 2 * time.Second, Goodput: 1000}
}

func (c *toyCarrier) Close() error {
	err := errors.Join(c.near.Close(), c.far.Close())
	c.all.Wait()
	return err
}
