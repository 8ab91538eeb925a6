package crossing

import (
	"context"
	"fmt"
	"image"
	"sync"
	"time"

	"github.com/thinpane/thinpane/bench/measure"
	"github.com/thinpane/thinpane/bench/trace"
	"github.com/thinpane/thinpane/transport/netsim"
)

// Config says how a recording crosses; it crosses to a child process as JSON.
type Config struct {
	Line netsim.Line
	Seed uint64
	// Warm starts the recording's clock 5 s after the first screen is exact, or 60 s after
	// connecting; else it starts when that is legible, or 30 s after connecting.
	Warm bool
	// ViewerCPU is how much slower than the table of codec.Work.Cost the viewer's core is;
	// 0: as fast.
	ViewerCPU float64
	// Coded is what each update after the first takes, in bytes, coded to exact alone: for
	// the floors. Without it they are infinite.
	Coded []int
	// Observe asks for more than figures.
	Observe Observe
}

// Outcome is what a run gave.
type Outcome struct {
	Result   Result
	Observed Observed
}

// Times of the recording's clock, and of the end.
const (
	coldTimeout = 30 * time.Second
	warmRest    = 5 * time.Second // after the first screen is exact
	warmTimeout = 60 * time.Second
	settleTime  = 60 * time.Second // after the last update
	closingTime = time.Minute      // for goroutines to end
)

const notArrived = time.Duration(-1)

// run is one run. Its clock starts when the viewer asks to connect.
type run struct {
	cfg     Config
	rec     trace.Recording
	stage   Stage
	carrier Carrier
	began   time.Time     // when the viewer asks to connect
	changed chan struct{} // what is waited for may have come

	connectedAt time.Duration // began, by the line's clock
	start       time.Duration // when the recording's clock starts; 0: not yet
	bytesFirst  int

	mu                  sync.Mutex // over the rest; nobody waits under it
	tracker             *measure.Tracker
	overwritten         *measure.Overwritten
	shownBytes          int // that came before the last show, or with it
	first               *measure.Update
	updates             []*measure.Update
	arrivals            []time.Duration // of inputs
	missing             int             // inputs not arrived yet
	pending             pending         // what the near end has yet to be told
	shows               int
	firstShow, lastShow time.Duration
	failed              error
}

// Run is Measure for a process that goes on: it closes both ends, and waits until all
// goroutines have ended.
func Run(rec trace.Recording, sys System, cfg Config, tell func(share float64)) (Outcome, error) {
	o, end, err := Measure(rec, sys, cfg, tell)
	end()
	return o, err
}

// Measure lets rec cross a line by sys, in virtual time. tell, if not nil, is called every
// virtual second with the share of the recording that has been played. An error is the
// system's: it could not connect, or broke. Both ends stay up until end is called, which a
// process that ends with the run need not do: closing takes a minute of virtual time.
func Measure(rec trace.Recording, sys System, cfg Config, tell func(share float64)) (o Outcome, end func(), err error) {
	if cfg.ViewerCPU == 0 {
		cfg.ViewerCPU = 1
	}
	r := &run{cfg: cfg, rec: rec, changed: make(chan struct{}, 1), tracker: measure.NewTracker(rec.Size()), overwritten: measure.NewOverwritten(rec.Size())}
	r.stage = Stage{Line: netsim.New(cfg.Line, cfg.Seed), Size: rec.Size(), ViewerCPU: cfg.ViewerCPU, run: r}
	for range rec.Inputs() {
		r.arrivals = append(r.arrivals, notArrived)
	}
	r.missing = len(r.arrivals)
	if r.carrier, err = sys.Open(&r.stage); err == nil {
		o, err = r.measure(tell)
	}
	return o, r.close, err
}

func (r *run) close() {
	if r.carrier != nil {
		r.carrier.Close()
	}
	time.Sleep(closingTime)
	r.stage.Line.Close()
}

func (r *run) measure(tell func(float64)) (Outcome, error) {
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	defer all.Wait()
	defer cancel()
	watch := newWatch(r)
	if err := r.play(ctx, &all, watch, tell); err != nil {
		return Outcome{}, err
	}
	r.mu.Lock()
	staleness := r.tracker.Staleness(r.now())
	r.mu.Unlock()
	if err := r.settle(); err != nil {
		return Outcome{}, err
	}
	r.mu.Lock()
	result := r.result(staleness)
	r.mu.Unlock()
	cancel()
	all.Wait()
	return Outcome{result, watch.observed()}, nil
}

// now is the time since the viewer asked to connect.
func (r *run) now() time.Duration { return time.Since(r.began) }

// play shows the recording, from the first screen to the end of its clock.
func (r *run) play(ctx context.Context, all *sync.WaitGroup, watch *watch, tell func(float64)) error {
	for u, err := range r.rec.Updates() {
		switch {
		case err != nil:
			return err
		case r.first == nil:
			if err := r.carrier.Update(u.Picture, u.Patches); err != nil {
				return fmt.Errorf("the first screen: %w", err)
			}
			r.began, r.connectedAt = time.Now(), r.stage.Line.Now()
			r.first = r.tracker.First(0, u.Picture)
			r.pending.begin(u.Picture)
			all.Go(func() { r.connect(ctx) })
			all.Go(func() { r.report(ctx, tell) })
			watch.connecting(ctx, all)
			if err := r.firstScreen(); err != nil {
				return err
			}
			r.startClock()
			all.Go(func() { r.push(ctx) })
			all.Go(func() { r.sendInputs(ctx) })
			watch.clockStarted(ctx, all)
		default:
			r.sleepUntil(r.start + u.At)
			r.change(u)
		}
		if err := r.failure(); err != nil {
			return err
		}
	}
	r.sleepUntil(r.start + r.rec.Duration())
	return r.failure()
}

func (r *run) sleepUntil(at time.Duration) { time.Sleep(at - r.now()) }

func (r *run) connect(ctx context.Context) {
	if err := r.carrier.Connect(ctx); err != nil {
		r.fail(fmt.Errorf("the viewer could not connect: %w", err))
	}
}

// firstScreen waits until the recording's clock may start.
func (r *run) firstScreen() error {
	if !r.cfg.Warm {
		return r.await(coldTimeout, func() bool { _, ok := r.first.Legible(); return ok })
	}
	if err := r.await(warmTimeout, func() bool { _, ok := r.first.Exact(); return ok }); err != nil {
		return err
	}
	if exact, ok := r.first.Exact(); ok {
		r.sleepUntil(min(exact+warmRest, warmTimeout))
	}
	return nil
}

func (r *run) startClock() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.start = r.now()
	r.stage.Line.RestartSteps()
	_, r.bytesFirst = r.stage.Line.Totals(netsim.Down)
	r.tracker.BeginStaleness(r.start)
}

// change is an update of the recording, now.
func (r *run) change(u trace.Update) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.updates = append(r.updates, r.tracker.Change(r.now(), u.Picture, u.Patches))
	r.overwritten.Change(r.now(), u.Patches)
	r.pending.add(u)
	r.signal()
}

// push tells the near end what has changed, as fast as it takes it.
func (r *run) push(ctx context.Context) {
	pic := image.NewRGBA(image.Rectangle{Max: r.rec.Size()})
	for {
		r.mu.Lock()
		damage, more := r.pending.take(pic)
		r.mu.Unlock()
		if damage == nil {
			select {
			case <-more:
				continue
			case <-ctx.Done():
				return
			}
		}
		if err := r.carrier.Update(pic, damage); err != nil {
			r.fail(fmt.Errorf("the host: %w", err))
			return
		}
	}
}

func (r *run) sendInputs(ctx context.Context) {
	for n, in := range r.rec.Inputs() {
		select {
		case <-time.After(r.start + in.At - r.now()):
		case <-ctx.Done():
			return
		}
		if err := r.carrier.Input(n, in); err != nil {
			r.fail(fmt.Errorf("input %d: %w", n, err))
			return
		}
	}
}

func (r *run) report(ctx context.Context, tell func(float64)) {
	for tell != nil {
		r.mu.Lock()
		start := r.start
		r.mu.Unlock()
		share := 0.
		if start > 0 {
			share = min(1, float64(r.now()-start)/float64(max(1, r.rec.Duration())))
		}
		tell(share)
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return
		}
	}
}

// settle waits until the whole picture is exact and every input has arrived.
func (r *run) settle() error {
	last := r.start
	if n := len(r.updates); n > 0 {
		last = r.updates[n-1].At
	}
	return r.await(last+settleTime, func() bool { return r.tracker.Inexact() == 0 && r.missing == 0 })
}

// await waits until it is so, or for that time of the run's clock.
func (r *run) await(until time.Duration, so func() bool) error {
	timer := time.NewTimer(until - r.now())
	defer timer.Stop()
	for {
		r.mu.Lock()
		is, failed := so(), r.failed
		r.mu.Unlock()
		if is || failed != nil {
			return failed
		}
		select {
		case <-r.changed:
		case <-timer.C:
			return nil
		}
	}
}

// show is what the user sees from now on.
func (r *run) show(pic *image.RGBA, damage []image.Rectangle) {
	bytes := r.carrier.Effort().Goodput
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tracker.Show(r.now(), pic, damage)
	r.overwritten.Show(r.now(), bytes-r.shownBytes, damage)
	r.shownBytes = bytes
	if r.lastShow = r.now(); r.shows == 0 {
		r.firstShow = r.lastShow
	}
	r.shows++
	r.signal()
}

func (r *run) arrived(n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.arrivals[n] == notArrived {
		r.arrivals[n] = r.now()
		r.missing--
	}
	r.signal()
}

func (r *run) fail(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.failed == nil {
		r.failed = err
	}
	r.signal()
}

func (r *run) failure() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.failed
}

func (r *run) signal() {
	select {
	case r.changed <- struct{}{}:
	default:
	}
}
