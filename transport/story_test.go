package transport

import (
	"container/heap"
	"math"
	"math/rand/v2"
	"sort"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/transport/netsim"
)

// story runs controller and reporter against each other over a line, by discrete events: no pion, no goroutines, no clock.
type story struct {
	now      time.Duration
	events   eventHeap
	n        int // events ever
	down, up *netsim.Pipe
	ctl      *controller
	rep      reporter
	greedy   bool
	// When an end that is short of a processor does what was due at the time given; nil: at once.
	starvedHost, starvedViewer func(at time.Duration) time.Duration
	sends                      []crossing // on the line down
	got                        []crossing // at the viewer
	wakeAt                     time.Duration
	reportAt                   time.Duration
}

type crossing struct {
	at, wait time.Duration
	size     int
}

type event struct {
	at time.Duration
	n  int
	do func()
}
type eventHeap []event

func (h eventHeap) Len() int { return len(h) }
func (h eventHeap) Less(i, j int) bool {
	return h[i].at < h[j].at || h[i].at == h[j].at && h[i].n < h[j].n
}
func (h eventHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *eventHeap) Push(x any)   { *h = append(*h, x.(event)) }
func (h *eventHeap) Pop() any {
	last := len(*h) - 1
	e := (*h)[last]
	*h = (*h)[:last]
	return e
}

// begins is not 0, so that a story does not depend on times near it; the viewer's clock is elsewhere.
const (
	begins      = 1000 * time.Second
	viewerAhead = 77 * time.Second
)

func newStory(down, up netsim.Direction, seed uint64) *story {
	return &story{now: begins, down: netsim.NewPipe(down, seed), up: netsim.NewPipe(up, seed+100), ctl: newController(), greedy: true}
}

func onStoryLine(t *testing.T, name string, seed uint64, steps ...netsim.Step) *story {
	t.Helper()
	l, err := netsim.Load(name)
	require.NoError(t, err)
	l.Down.Steps = steps
	return newStory(l.Down, l.Up, seed)
}

func (s *story) at(t time.Duration, do func()) {
	s.n++
	heap.Push(&s.events, event{max(t, s.now), s.n, do})
}

// line is the Pipe's time: its steps begin with the story.
func (s *story) line() time.Duration { return s.now - begins }

func (s *story) run(until time.Duration) {
	s.pump()
	for len(s.events) > 0 && s.events[0].at <= begins+until {
		e := heap.Pop(&s.events).(event)
		s.now = e.at
		e.do()
	}
	s.now = begins + until
}

// pump sends what may leave.
func (s *story) pump() {
	for s.greedy {
		size := wireSize(s.ctl.messageSize())
		if w := s.ctl.Wait(s.now, size); w > 0 {
			s.wake(s.now + w)
			return
		}
		s.send(size)
	}
}

// smallUpdates lets small packets leave from one moment to another, about a gap apart, of a third of most bytes to all; then the source
// is greedy.
func (s *story) smallUpdates(from, to, gap time.Duration, most int, chance uint32) {
	s.greedy = false
	r := rand.New(rand.NewPCG(uint64(chance), 1))
	for at := from; at < to; at += gap/2 + time.Duration(r.Int64N(int64(gap))) {
		size := most/3 + r.IntN(most*2/3)
		s.at(begins+at, func() {
			if s.ctl.Wait(s.now, size) == 0 {
				s.send(size)
			}
		})
	}
	s.at(begins+to, func() {
		s.greedy = true
		s.pump()
	})
}

func (s *story) wake(at time.Duration) {
	if s.wakeAt > s.now && s.wakeAt <= at {
		return
	}
	s.wakeAt = at
	late := at
	if s.starvedHost != nil {
		late = begins + s.starvedHost(at-begins)
	}
	s.at(late, func() {
		if s.wakeAt == at {
			s.wakeAt = 0
			s.pump()
		}
	})
}

func (s *story) send(size int) {
	n := s.ctl.OnSend(s.now, size)
	due, wait, fate := s.down.Accept(s.line(), size)
	s.sends = append(s.sends, crossing{at: s.line(), wait: wait, size: size})
	if s.starvedViewer != nil {
		due = s.starvedViewer(due)
	}
	if fate == netsim.Delivered {
		s.at(begins+due, func() { s.arrive(n, size) })
	}
}

func (s *story) arrive(n uint64, size int) {
	s.got = append(s.got, crossing{at: s.line(), size: size})
	s.rep.arrived(s.now+viewerAhead, n, size)
	s.schedule()
}

func (s *story) schedule() {
	due := s.rep.due - viewerAhead
	if !s.rep.pending || s.reportAt > s.now && s.reportAt <= due {
		return
	}
	s.reportAt = due
	s.at(due, func() {
		if s.reportAt == due && s.rep.pending && s.rep.due <= s.now+viewerAhead {
			s.report()
		}
	})
}

// report crosses the line up as the bytes it is on the wire.
func (s *story) report() {
	b := s.rep.report(s.now + viewerAhead).append(nil)
	size := wireSize(len(b))
	s.rep.sent(size)
	due, _, fate := s.up.Accept(s.line(), size)
	if fate != netsim.Delivered {
		return
	}
	s.at(begins+due, func() {
		r, err := parseReport(b, s.ctl.flight.next()-1, 0)
		if err != nil {
			panic(err)
		}
		s.ctl.OnReport(s.now, r.hold, r.arrivals)
		s.pump()
	})
}

// queue is the percentile of waits between two moments, weighed by bytes.
func (s *story) queue(from, to time.Duration, share float64) time.Duration {
	var in []crossing
	total := 0
	for _, c := range s.sends {
		if c.at >= from && c.at < to {
			in = append(in, c)
			total += c.size
		}
	}
	sort.Slice(in, func(i, j int) bool { return in[i].wait < in[j].wait })
	left := float64(total) * share
	for _, c := range in {
		if left -= float64(c.size); left <= 0 {
			return c.wait
		}
	}
	return 0
}

// filled is the share of what the line could carry that arrived between two moments.
func (s *story) filled(from, to time.Duration) float64 {
	bytes := 0
	for _, c := range s.got {
		if c.at >= from && c.at < to {
			bytes += c.size
		}
	}
	return float64(bytes) * 8 / carries(s.down.Direction, from, to)
}

// carries is how many bits a direction could carry between two moments; its steps do not loop within a story.
func carries(d netsim.Direction, from, to time.Duration) (bits float64) {
	rate := d.Bps
	for t := from; t < to; t += time.Millisecond {
		for _, step := range d.Steps {
			if step.At <= t {
				rate = step.Bps
			}
		}
		bits += rate / 1000
	}
	return bits
}

// shortAfter is how long after a moment the queue stays above twice the target and 10 ms.
func (s *story) shortAfter(from, to time.Duration) time.Duration {
	limit := 2*s.ctl.target() + 10*time.Millisecond
	last := from
	for t := from; t < to; t += 50 * time.Millisecond {
		if s.queue(t, t+200*time.Millisecond, 0.5) > limit {
			last = t + 50*time.Millisecond
		}
	}
	return last - from
}

// usedAfter is how long after a moment a second begins in which 90 % of the line are in use.
func (s *story) usedAfter(from, to time.Duration) time.Duration {
	for t := from; t < to; t += 50 * time.Millisecond {
		if s.filled(t, t+time.Second) > 0.9 {
			return t - from
		}
	}
	return math.MaxInt64
}

// seeds runs a story five times and returns the median and the worst of what it measures.
func seeds(measure func(seed uint64) time.Duration) (median, worst time.Duration) {
	var all []time.Duration
	for seed := range uint64(5) {
		all = append(all, measure(seed+1))
	}
	sort.Slice(all, func(i, j int) bool { return all[i] < all[j] })
	return all[2], all[4]
}
