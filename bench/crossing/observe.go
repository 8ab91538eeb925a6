package crossing

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"sync"
	"time"

	"github.com/thinpane/thinpane/bench/measure"
	"github.com/thinpane/thinpane/transport/netsim"
)

// Observe asks for pictures and series of a run.
type Observe struct {
	AfterConnecting []time.Duration // pictures so long after the viewer asked to connect
	AfterStart      []time.Duration // pictures at these times of the recording's clock
	Series          bool
}

// Observed is what was asked for. Where a run ends before a picture's time, its last one stands for it.
type Observed struct {
	AfterConnecting []Seen  `json:",omitempty"`
	AfterStart      []Seen  `json:",omitempty"`
	Series          *Series `json:",omitempty"`
}

// Seen is what the user saw at a time.
type Seen struct {
	At        time.Duration     // as asked for
	PNG       []byte            // of the whole screen; black where nothing was seen
	Legible   float64           // share of the tiles
	Illegible []image.Rectangle // the tiles that were not
}

// Series are figures over time, each value for one Step from the moment when the viewer
// asked to connect.
type Series struct {
	Step      time.Duration
	Start     time.Duration    // when the recording's clock started
	BytesDown []int            // that entered the line
	BytesUp   []int            //
	Legible   []float64        // share of the tiles, at the end of the step
	Queue     []measure.Millis // the longest wait of what came to the downlink's queue
}

const seriesStep = 100 * time.Millisecond

// watch observes a run.
type watch struct {
	run             *run
	legible         []float64 // by seriesStep
	afterConnecting []Seen
	afterStart      []Seen
}

func newWatch(r *run) *watch { return &watch{run: r} }

// connecting follows the run from the moment of connecting.
func (w *watch) connecting(ctx context.Context, all *sync.WaitGroup) {
	all.Go(func() { w.take(ctx, 0, w.run.cfg.Observe.AfterConnecting, &w.afterConnecting) })
	if w.run.cfg.Observe.Series {
		all.Go(func() { w.sample(ctx) })
	}
}

// clockStarted follows the run from the start of the recording's clock.
func (w *watch) clockStarted(ctx context.Context, all *sync.WaitGroup) {
	all.Go(func() { w.take(ctx, w.run.start, w.run.cfg.Observe.AfterStart, &w.afterStart) })
}

func (w *watch) sample(ctx context.Context) {
	for wait(ctx, seriesStep) {
		w.run.mu.Lock()
		w.legible = append(w.legible, w.share())
		w.run.mu.Unlock()
	}
}

// share is the legible share of the tiles. The caller holds the run's lock.
func (w *watch) share() float64 {
	t := w.run.tracker
	return 1 - float64(t.Illegible())/float64(t.Tiles())
}

// take keeps pictures at the times, which count from origin. When the run ends before
// that, its last picture stands for them.
func (w *watch) take(ctx context.Context, origin time.Duration, times []time.Duration, to *[]Seen) {
	for _, at := range times {
		wait(ctx, origin+at-w.run.now())
		w.run.mu.Lock()
		pic, seen := w.run.tracker.Seen(), Seen{At: at, Legible: w.share(), Illegible: w.run.tracker.IllegibleTiles()}
		w.run.mu.Unlock()
		var b bytes.Buffer
		if err := png.Encode(&b, pic); err != nil {
			w.run.fail(err)
			return
		}
		seen.PNG = b.Bytes()
		*to = append(*to, seen)
	}
}

// wait tells whether so much time passed before ctx ended.
func wait(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}

// observed sums up, when all that watches has ended.
func (w *watch) observed() Observed {
	o := Observed{AfterConnecting: w.afterConnecting, AfterStart: w.afterStart}
	if w.run.cfg.Observe.Series {
		n := len(w.legible)
		o.Series = &Series{
			Step: seriesStep, Start: w.run.start, Legible: w.legible,
			BytesDown: make([]int, n), BytesUp: make([]int, n), Queue: make([]measure.Millis, n),
		}
		w.packets(netsim.Down, o.Series.BytesDown, o.Series.Queue)
		w.packets(netsim.Up, o.Series.BytesUp, nil)
	}
	return o
}

func (w *watch) packets(way netsim.Way, sizes []int, queue []measure.Millis) {
	for _, p := range w.run.stage.Line.Packets(way) {
		i := int((p.At - w.run.connectedAt) / seriesStep)
		if p.Fate == netsim.Dropped || p.At < w.run.connectedAt || i >= len(sizes) {
			continue
		}
		sizes[i] += p.Size
		if queue != nil {
			queue[i] = max(queue[i], measure.MillisOf(p.Wait))
		}
	}
}
