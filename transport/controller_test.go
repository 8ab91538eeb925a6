package transport

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/transport/netsim"
)

const (
	ms    = time.Millisecond
	loops = 1000 * time.Second // a last step beyond the story's end
)

// Once it knows the line, a greedy source fills it, and its queue is about one packet long.
func TestASteadyLineIsFullAndItsQueueShort(t *testing.T) {
	for _, c := range []struct {
		line   string
		filled float64
		p95    time.Duration
	}{
		{"isdn-64k", 0.98, 75 * ms},
		{"thin-256k", 0.985, 35 * ms},
		{"dsl-512k", 0.985, 23 * ms},
		{"dsl-2m", 0.985, 12 * ms},
		{"vpn-1m", 0.985, 16 * ms},
		{"sat-1m", 0.96, 45 * ms},
		{"lossy-1m", 0.88, 60 * ms}, // 5 % of it are lost
	} {
		t.Run(c.line, func(t *testing.T) {
			s := onStoryLine(t, c.line, 1)
			s.run(60 * time.Second)
			t.Logf("filled %.1f %%, queue p50 %v p95 %v", 100*s.filled(2*time.Second, 60*time.Second),
				s.queue(2*time.Second, 60*time.Second, 0.5), s.queue(2*time.Second, 60*time.Second, 0.95))
			require.Greater(t, s.filled(2*time.Second, 60*time.Second), c.filled)
			require.Less(t, s.queue(2*time.Second, 60*time.Second, 0.95), c.p95)
		})
	}
}

func TestAHalvedLineHasAShortQueueSoon(t *testing.T) {
	for _, c := range []struct {
		line          string
		median, worst time.Duration
	}{
		{"thin-256k", 900 * ms, 1600 * ms}, {"dsl-512k", 450 * ms, 900 * ms}, {"dsl-2m", 250 * ms, 500 * ms},
		{"lossy-1m", 1500 * ms, 3 * time.Second}, {"sat-1m", 1400 * ms, 2800 * ms},
	} {
		t.Run(c.line, func(t *testing.T) {
			median, worst := seeds(func(seed uint64) time.Duration {
				l, _ := netsim.Load(c.line)
				s := onStoryLine(t, c.line, seed, netsim.Step{At: 0, Bps: l.Down.Bps}, netsim.Step{At: 20 * time.Second, Bps: l.Down.Bps / 2}, netsim.Step{At: loops})
				s.run(32 * time.Second)
				return s.shortAfter(20*time.Second, 32*time.Second)
			})
			t.Logf("short after %v, at worst %v", median, worst)
			require.LessOrEqual(t, median, c.median)
			require.LessOrEqual(t, worst, c.worst)
		})
	}
}

func TestADoubledLineIsInUseSoon(t *testing.T) {
	for _, c := range []struct {
		line          string
		median, worst time.Duration
	}{
		{"thin-256k", 500 * ms, time.Second}, {"dsl-512k", 500 * ms, time.Second}, {"dsl-2m", 500 * ms, time.Second},
		{"sat-1m", 3200 * ms, 5 * time.Second},
	} {
		t.Run(c.line, func(t *testing.T) {
			median, worst := seeds(func(seed uint64) time.Duration {
				l, _ := netsim.Load(c.line)
				s := onStoryLine(t, c.line, seed, netsim.Step{At: 0, Bps: l.Down.Bps}, netsim.Step{At: 20 * time.Second, Bps: l.Down.Bps * 2}, netsim.Step{At: loops})
				s.run(40 * time.Second)
				return s.usedAfter(20*time.Second, 38*time.Second)
			})
			t.Logf("in use after %v, at worst %v", median, worst)
			require.LessOrEqual(t, median, c.median)
			require.LessOrEqual(t, worst, c.worst)
		})
	}
}

// After an outage the first packet chosen then arrives within 0.4 s, half a round trip and its own time on the line.
func TestAfterAnOutageANewPacketArrivesSoon(t *testing.T) {
	for _, name := range []string{"thin-256k", "dsl-512k", "sat-1m"} {
		for _, outage := range []time.Duration{3 * time.Second, 10 * time.Second, 60 * time.Second} {
			l, _ := netsim.Load(name)
			s := onStoryLine(t, name, 1, netsim.Step{At: 0, Bps: l.Down.Bps}, netsim.Step{At: 20 * time.Second}, netsim.Step{At: 20*time.Second + outage, Bps: l.Down.Bps}, netsim.Step{At: loops})
			back := 20*time.Second + outage
			s.run(back + 20*time.Second)
			var first time.Duration
			for _, c := range s.sends {
				if c.at >= back {
					first = c.at + c.wait + l.Down.Delay + time.Duration(float64(c.size)*8/l.Down.Bps*1e9)
					break
				}
			}
			// What was under way when the line was cut waits before it: 1.25 times what the controller lets be under way.
			allowed := silenceProbe + l.Down.Delay + 400*ms
			t.Logf("%s, cut for %v: %v", name, outage, first-back)
			require.Less(t, first-back, allowed, "%s, cut for %v", name, outage)
			require.Greater(t, s.filled(back+8*time.Second, back+18*time.Second), 0.9)
		}
	}
}

// Jitter must not be taken for a line that changes.
func TestJitterDoesNotBendTheRate(t *testing.T) {
	d := netsim.Direction{Bps: 1e6, Delay: 40 * ms, Queue: 300 * ms, Jitter: 8 * ms}
	s := newStory(d, d, 3)
	least, most := 1e9, 0.0
	for sec := 5; sec < 60; sec++ {
		s.run(time.Duration(sec) * time.Second)
		least, most = min(least, s.ctl.rate.rate*8), max(most, s.ctl.rate.rate*8)
	}
	t.Logf("between %.0f and %.0f", least, most)
	require.Greater(t, least, 0.85e6)
	require.Less(t, most, 1.2e6)
}

// Letters and now and then a page, on a line with jitter: what a person does. The rate must neither fall while nothing but letters is
// sent, nor run away.
func TestTypingKeepsTheRate(t *testing.T) {
	for seed := range uint64(5) {
		s := onStoryLine(t, "thin-256k", seed)
		s.run(3 * time.Second)
		for i := range 400 {
			s.greedy = i%50 == 0 // a page: 150 ms of greed
			s.run(3*time.Second + time.Duration(i)*150*ms)
			if !s.greedy {
				s.send(wireSize(20 + i*37%300))
			}
			require.InDelta(t, 256e3, s.ctl.rate.rate*8, 70e3, "seed %d, at %v", seed, s.line())
		}
	}
}

// A letter on an idle line leaves at once, whenever it comes.
func TestALetterOnAnIdleLineIsNeverHeldBack(t *testing.T) {
	s := onStoryLine(t, "thin-256k", 1)
	s.run(5 * time.Second)
	s.greedy = false
	s.run(8 * time.Second)
	for i := range 400 {
		s.run(8*time.Second + time.Duration(i)*150*ms)
		require.Zero(t, s.ctl.Wait(s.now, wireSize(20)), "letter %d", i)
		s.send(wireSize(20))
	}
}

// Before anything is known four packets leave, and then one a second until something comes back.
func TestTheFirstFlightIsFourPackets(t *testing.T) {
	c := newController()
	size := wireSize(maxPayload)
	now := begins
	for range firstFlight {
		require.Zero(t, c.Wait(now, size))
		c.OnSend(now, size)
	}
	require.Equal(t, firstRetry, c.Wait(now, size))
	require.Zero(t, c.Wait(now+firstRetry, size))
}

func TestMessagesHoldTheLineForNoMoreThan90ms(t *testing.T) {
	c := newController()
	require.Equal(t, maxPayload, c.messageSize(), "nothing is known yet")
	for _, x := range []struct{ kbit, size int }{{10, leastPayload}, {64, 628}, {128, 1152}, {2000, 1152}} {
		c.rate.rate = float64(x.kbit) * 125
		require.Equal(t, x.size, c.messageSize(), "%d kbit/s", x.kbit)
	}
}

func TestTheFlightForgetsWithinBounds(t *testing.T) {
	c := newController()
	for i := range 3 * maxFlight {
		c.OnSend(begins+time.Duration(i)*ms, 1241)
		c.flight.forget(0)
	}
	require.LessOrEqual(t, len(c.flight.packets), maxFlight)
	require.Equal(t, maxFlight*1241, c.flight.inflight)
	require.Nil(t, c.flight.at(3))
}

// An end that gets no processor does late what was due in time. That looks like a slow line, most of all while little is sent,
// and must not be taken for one for long after.
func TestAStarvedEndIsNoSlowLine(t *testing.T) {
	const busy, starved, end = 10 * time.Second, 20 * time.Second, 30 * time.Second
	for _, c := range []struct {
		gap   time.Duration // at most, between two moments at which an end runs
		least float64       // bit/s, while it lasts
	}{{20 * ms, 5e6}, {50 * ms, 50e3}, {150 * ms, 15e3}, {400 * ms, 10e3}} {
		t.Run(c.gap.String(), func(t *testing.T) {
			var during []float64
			for seed := range uint32(7) {
				lan := netsim.Direction{Bps: 20e6, Delay: ms, Queue: 50 * ms}
				s := newStory(lan, lan, uint64(seed)+1)
				s.starvedHost, s.starvedViewer = starving(c.gap, starved, 7+2*seed), starving(c.gap, starved, 8+2*seed)
				s.smallUpdates(0, busy, 60*ms, 300, seed)
				s.run(end)
				t.Logf("%.0f kbit/s while starved, %.0f kbit/s then", s.rate(busy, starved)/1e3, s.rate(starved+3*time.Second, end)/1e3)
				during = append(during, s.rate(busy, starved))
				require.Greater(t, s.rate(starved+3*time.Second, end), 5e6)
			}
			slices.Sort(during)
			require.Greater(t, during[len(during)/2], c.least)
		})
	}
}

// Small updates, each long after the one before, say nothing of the line's rate; what comes after them is not slow for that.
func TestSmallUpdatesAreNoSlowLine(t *testing.T) {
	const first, busy, end = 300 * ms, 2500 * ms, 12 * time.Second
	for _, c := range []struct {
		line          string
		median, worst time.Duration
	}{
		{"isdn-64k", 100 * ms, 200 * ms}, {"edge-128k", 1500 * ms, 2500 * ms}, {"thin-256k", 600 * ms, time.Second},
		{"dsl-512k", 500 * ms, 800 * ms}, {"dsl-2m", 500 * ms, 800 * ms}, {"vpn-1m", 500 * ms, 800 * ms},
		{"sat-1m", 2 * time.Second, 5 * time.Second}, {"lossy-1m", 2 * time.Second, 4 * time.Second}, {"rural-4g", 1200 * ms, 2500 * ms},
	} {
		for _, gap := range []time.Duration{10 * ms, 25 * ms, 60 * ms, 150 * ms} {
			t.Run(c.line+"/"+gap.String(), func(t *testing.T) {
				median, worst := seeds(func(seed uint64) time.Duration {
					s := onStoryLine(t, c.line, seed)
					s.smallUpdates(first, busy, gap, 300, uint32(seed))
					s.run(end)
					return s.usedAfter(busy, end)
				})
				t.Logf("in use after %v, at worst %v", median, worst)
				require.LessOrEqual(t, median, c.median)
				require.LessOrEqual(t, worst, c.worst)
			})
		}
	}
}

// starving makes an end run at chance moments, at most gap*5/4 apart, until the time given.
func starving(gap, until time.Duration, chance uint32) func(time.Duration) time.Duration {
	runs := time.Duration(0)
	return func(at time.Duration) time.Duration {
		if at > until {
			return at
		}
		for runs < at {
			chance = chance*1664525 + 1013904223
			runs += gap/4 + time.Duration(chance>>16)*gap/65536
		}
		return runs
	}
}

// rate is what was sent in between, in bit/s.
func (s *story) rate(from, to time.Duration) float64 {
	bytes := 0
	for _, c := range s.sends {
		if c.at >= from && c.at < to {
			bytes += c.size
		}
	}
	return float64(bytes) * 8 / (to - from).Seconds()
}
