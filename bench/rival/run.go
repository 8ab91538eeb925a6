package rival

import (
	"context"
	"fmt"
	"image"
	"net"
	"sync"
	"time"

	"github.com/thinpane/thinpane/bench/measure"
	"github.com/thinpane/thinpane/bench/trace"
	"github.com/thinpane/thinpane/transport/netsim"
)

// By the definitions of bench/README.md.
const (
	longestStart = 30 * time.Second // the recording's clock starts then at the latest
	settling     = 60 * time.Second // after the recording
)

// SampleStep is the time between two samples.
const SampleStep = 50 * time.Millisecond

// Sample is a look at a run.
type Sample struct {
	Now     time.Duration    // since the viewer asked to connect
	Clock   time.Duration    // of the recording; 0 until it starts
	Source  *image.RGBA      // what the source shows
	Tracker *measure.Tracker // and what the user sees
}

// Result is what a run came to.
type Result struct {
	measure.Latencies
	FirstLegible, FirstExact measure.Millis // since the viewer asked to connect
	Began                    time.Duration  // the recording's clock started, since then
	BytesFirst, BytesDown    int            // on the line
	QueueP50, QueueP95       measure.Millis // from the start of the recording's clock
	Staleness                float64
	FinalExact               bool
	Packets                  []netsim.Packet // all that went down
}

// Run sends a recording over a line. It sleeps: call it in a bubble of testing/synctest.
// sample, if not nil, is called every SampleStep; what it is given is valid until it returns.
func Run(k Kind, rec trace.Recording, line netsim.Line, seed uint64, sample func(Sample)) (Result, error) {
	enc, dec, err := k.coders(rec.Size())
	if err != nil {
		return Result{}, err
	}
	r := &run{
		net: netsim.New(line, seed), server: newServer(rec.Size(), enc),
		tracker: measure.NewTracker(rec.Size()), legible: make(chan struct{}), sample: sample,
	}
	defer r.net.Close()
	stop, err := r.connect(dec)
	if err != nil {
		return Result{}, err
	}
	defer stop()
	if err := r.play(rec); err != nil {
		return Result{}, err
	}
	return r.result(), nil
}

type run struct {
	net     *netsim.Net
	server  *server
	sample  func(Sample)
	legible chan struct{} // closed when the first screen is
	broken  chan error

	mu      sync.Mutex // never held while anything waits
	tracker *measure.Tracker
	first   *measure.Update
	updates []*measure.Update
	seen    bool // legible is closed

	began      time.Duration
	bytesFirst int
	staleness  float64
}

// connect starts the server, and the viewer that asks for it.
func (r *run) connect(dec decoder) (stop func(), err error) {
	l, err := r.net.Listen(netsim.Near)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	r.broken = make(chan error, 2)
	var mu sync.Mutex
	var open []net.Conn
	keep := func(c net.Conn) {
		mu.Lock()
		defer mu.Unlock()
		open = append(open, c)
	}
	all.Go(func() {
		c, err := l.Accept()
		if err == nil {
			keep(c)
			err = r.server.serve(ctx, c)
		}
		r.broken <- err
	})
	all.Go(func() {
		c, err := r.net.Dial(ctx, netsim.Far, l.Addr().String())
		if err == nil {
			keep(c)
			err = view(c, dec, r.show)
		}
		r.broken <- err
	})
	return func() {
		cancel()
		l.Close()
		mu.Lock()
		for _, c := range open {
			c.Close()
		}
		mu.Unlock()
		all.Wait()
	}, nil
}

// show is told what the user sees.
func (r *run) show(pic *image.RGBA, at image.Rectangle) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tracker.Show(r.net.Now(), pic, []image.Rectangle{at})
	if _, yes := r.first.Legible(); yes && !r.seen {
		r.seen = true
		close(r.legible)
	}
}

// play shows the recording, and looks at what becomes of it.
func (r *run) play(rec trace.Recording) error {
	for u, err := range rec.Updates() {
		if err != nil {
			return err
		}
		if r.first == nil {
			r.update(u, func(now time.Duration) { r.first = r.tracker.First(now, u.Picture) })
			if err := r.wait(r.net.Now()+longestStart, r.legible, 0); err != nil {
				return err
			}
			r.begin()
			continue
		}
		if err := r.wait(r.began+u.At, nil, 0); err != nil {
			return err
		}
		r.update(u, func(now time.Duration) {
			r.updates = append(r.updates, r.tracker.Change(now, u.Picture, u.Patches))
		})
	}
	end := r.began + rec.Duration()
	if err := r.wait(end, nil, 0); err != nil {
		return err
	}
	r.mu.Lock()
	r.staleness = r.tracker.Staleness(r.net.Now())
	r.mu.Unlock()
	return r.wait(end+settling, nil, rec.Duration())
}

func (r *run) update(u trace.Update, tell func(now time.Duration)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	tell(r.net.Now())
	r.server.update(u.Picture, u.Patches)
}

// begin starts the recording's clock.
func (r *run) begin() {
	r.net.RestartSteps()
	r.began = r.net.Now()
	_, r.bytesFirst = r.net.Totals(netsim.Down)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tracker.BeginStaleness(r.began)
}

// wait lets time pass until then, or until early is closed, with samples. With an end of
// the recording it is over as soon as the user sees exactly what the source shows.
func (r *run) wait(until time.Duration, early chan struct{}, end time.Duration) error {
	for {
		now := r.net.Now()
		left := until - now
		if left <= 0 || end > 0 && r.exact() {
			return nil
		}
		next := now.Truncate(SampleStep) + SampleStep - now
		timer := time.NewTimer(min(left, next))
		select {
		case <-timer.C:
		case <-early:
			timer.Stop()
			return nil
		case err := <-r.broken:
			return fmt.Errorf("rival: the connection broke: %w", err)
		}
		if next <= left && r.sample != nil {
			r.look()
		}
	}
}

func (r *run) exact() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, yes := r.tracker.Settled()
	return yes
}

func (r *run) look() {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := Sample{Now: r.net.Now(), Source: r.server.pic, Tracker: r.tracker}
	if r.began > 0 {
		s.Clock = s.Now - r.began
	}
	r.sample(s)
}

func (r *run) result() Result {
	res := Result{
		Latencies:    measure.LatenciesOf(r.updates),
		FirstLegible: measure.MillisIf(r.first.Legible()), FirstExact: measure.MillisIf(r.first.Exact()),
		Began: r.began, BytesFirst: r.bytesFirst, Staleness: r.staleness, FinalExact: r.exact(),
		Packets: r.net.Packets(netsim.Down),
	}
	_, res.BytesDown = r.net.Totals(netsim.Down)
	var waits []measure.Waited
	for _, p := range res.Packets {
		if p.At >= r.began && p.Fate != netsim.Dropped {
			waits = append(waits, measure.Waited{Wait: p.Wait, Bytes: p.Size})
		}
	}
	res.QueueP50, res.QueueP95 = measure.QueuePercentile(waits, 50), measure.QueuePercentile(waits, 95)
	return res
}
