package greedy

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/thinpane/thinpane/transport"
	"github.com/thinpane/thinpane/transport/netsim"
)

// Config says what to measure.
type Config struct {
	Line     netsim.Line
	Flows    int           // viewers that share the line, 1 to 64. Default 1
	Loss     float64       // share of packets lost beside what the line loses, both ways, 0 to under 1
	Seed     uint64        // of the line's chance; pion has its own, so that runs do not repeat bit for bit
	Duration time.Duration // from the moment that all are connected. Default 60 s
}

func (c *Config) complete() error {
	if c.Flows == 0 {
		c.Flows = 1
	}
	if c.Duration == 0 {
		c.Duration = 60 * time.Second
	}
	if c.Flows < 1 || c.Flows > 64 {
		return fmt.Errorf("greedy: Flows must be between 1 and 64, not %d", c.Flows)
	}
	if c.Loss < 0 || c.Loss >= 1 {
		return fmt.Errorf("greedy: Loss must be at least 0 and less than 1, not %v", c.Loss)
	}
	if c.Duration <= warmUp {
		return fmt.Errorf("greedy: Duration must be more than %v, not %v", warmUp, c.Duration)
	}
	return nil
}

// Run measures, in virtual time when it is called in a bubble of testing/synctest. It ends what it began.
func Run(ctx context.Context, cfg Config) (Result, error) {
	if err := cfg.complete(); err != nil {
		return Result{}, err
	}
	line := cfg.Line
	for _, d := range []*netsim.Direction{&line.Down, &line.Up} {
		d.Loss = 1 - (1-d.Loss)*(1-cfg.Loss)
	}
	n := netsim.New(line, cfg.Seed)
	defer n.Close()
	r, err := newRunner(n, cfg)
	if err != nil {
		return Result{}, err
	}
	defer r.close()
	if err := r.connect(ctx); err != nil {
		return Result{}, fmt.Errorf("greedy: %s: %w", line.Name, err)
	}
	return r.measure(ctx)
}

type runner struct {
	cfg    Config
	net    *netsim.Net
	host   *transport.Host
	server *http.Server
	url    string
	flows  []*flow
}

// flow is one viewer and its end at the host.
type flow struct {
	host, viewer *transport.Conn
	got          []arrival
}

// arrival is payload that a viewer received in order.
type arrival struct {
	at    time.Duration // of the Net's clock
	bytes int
}

func newRunner(n *netsim.Net, cfg Config) (*runner, error) {
	listener, err := n.Listen(netsim.Near)
	if err != nil {
		return nil, err
	}
	all := func(context.Context, *http.Request, string) (transport.Grant, error) {
		return transport.Grant{Site: "one line"}, nil
	}
	host, err := transport.NewHost(transport.HostConfig{Config: sockets(n, netsim.Near), Authorize: all})
	if err != nil {
		return nil, err
	}
	r := &runner{cfg: cfg, net: n, host: host, server: &http.Server{Handler: host}, url: "http://" + listener.Addr().String()}
	go r.server.Serve(listener)
	return r, nil
}

// sockets makes an end open its sockets at that end of the line.
func sockets(n *netsim.Net, end netsim.End) transport.Config {
	return transport.Config{ListenPacket: func() (net.PacketConn, error) { return n.ListenPacket(end) }}
}

// connect dials the viewers one after the other; the host's Conns come in the same order.
func (r *runner) connect(ctx context.Context) error {
	client := &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, addr string) (net.Conn, error) {
			return r.net.Dial(ctx, netsim.Far, addr)
		},
	}}
	for range r.cfg.Flows {
		f := &flow{}
		var err error
		f.viewer, err = transport.Dial(ctx, r.url, transport.DialConfig{Config: sockets(r.net, netsim.Far), HTTPClient: client})
		if err != nil {
			return err
		}
		r.flows = append(r.flows, f)
		if f.host, err = r.host.Accept(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (r *runner) measure(ctx context.Context) (Result, error) {
	ctx, cancel := context.WithTimeout(ctx, r.cfg.Duration)
	defer cancel()
	from := r.net.Now()
	var running sync.WaitGroup
	for _, f := range r.flows {
		running.Go(func() { f.send(ctx) })
		running.Go(func() { f.receive(ctx, r.net) })
	}
	running.Wait()
	for i, f := range r.flows {
		for _, c := range []*transport.Conn{f.host, f.viewer} {
			if err := c.Err(); err != nil {
				return Result{}, fmt.Errorf("greedy: %s: flow %d ended early: %w", r.cfg.Line.Name, i+1, err)
			}
		}
	}
	return r.result(from, r.net.Now()), nil
}

func (f *flow) send(ctx context.Context) {
	object := make([]byte, 1<<16)
	for ctx.Err() == nil {
		n, grew := f.host.Budget()
		if n == 0 {
			select {
			case <-grew:
			case <-ctx.Done():
			}
			continue
		}
		if f.host.SendObjects([][]byte{object[:n-transport.ObjectOverhead]}) != nil {
			return
		}
	}
}

func (f *flow) receive(ctx context.Context, n *netsim.Net) {
	for {
		m, err := f.viewer.Receive(ctx)
		if err != nil {
			return
		}
		a := arrival{at: n.Now()}
		for _, o := range m.Objects {
			a.bytes += len(o)
		}
		f.got = append(f.got, a)
		f.viewer.Decoded(m.State)
	}
}

func (r *runner) close() {
	for _, f := range r.flows {
		f.viewer.Close()
	}
	r.host.Close()
	r.server.Close()
}
