package netsim

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// story is a packet that enters, and what must become of it; times in ms.
type story struct {
	what      string
	now       float64
	size      int
	due, wait float64
	fate      Fate
}

func (s story) tell(t *testing.T, p *Pipe) {
	t.Helper()
	due, wait, fate := p.Accept(ms(s.now), s.size)
	require.Equal(t, s.fate, fate, s.what)
	require.Equal(t, ms(s.due), due, s.what)
	require.Equal(t, ms(s.wait), wait, s.what)
}

func TestAPipeQueuesSerialisesAndDelays(t *testing.T) {
	// 1,000 bytes take 8 ms; the queue holds 2,500 bytes.
	p := NewPipe(Direction{Bps: 1e6, Delay: 30 * time.Millisecond, Queue: 20 * time.Millisecond}, 1)
	for _, s := range []story{
		{"alone: its bytes, then the delay", 0, 1000, 38, 0, Delivered},
		{"waits for the first", 2, 1000, 46, 6, Delivered},
		{"14 ms of work before it", 2, 500, 50, 14, Delivered},
		{"18 ms: not full", 2, 1000, 58, 18, Delivered},
		{"26 ms: full", 2, 1, 0, 0, Dropped},
		{"20 ms: just not full any more", 8, 1000, 66, 20, Delivered},
		{"full again", 8, 40, 0, 0, Dropped},
		{"the line has long been idle", 1000, 1000, 1038, 0, Delivered},
	} {
		s.tell(t, p)
	}
}

func TestAPipeFollowsItsStepsInALoop(t *testing.T) {
	p := NewPipe(Direction{Delay: 10 * time.Millisecond, Queue: time.Second,
		Steps: []Step{{0, 1e6}, {100 * time.Millisecond, 2e6}, {200 * time.Millisecond, 1e6}}}, 1)
	for _, s := range []story{
		{"first step", 0, 1000, 18, 0, Delivered},
		{"half of it at each rate", 96, 1000, 112, 0, Delivered},
		{"second step", 150, 1000, 164, 0, Delivered},
		{"the steps begin again", 200, 1000, 218, 0, Delivered},
		{"and again, in the second", 1100, 1000, 1114, 0, Delivered},
	} {
		s.tell(t, p)
	}
}

func TestAnOutageKeepsTheQueueAndDropsWhatFindsItFull(t *testing.T) {
	// The queue holds 2,500 bytes of the highest rate, 2 Mbit/s.
	p := NewPipe(Direction{Delay: 10 * time.Millisecond, Queue: 10 * time.Millisecond,
		Steps: []Step{{0, 1e6}, {100 * time.Millisecond, 0}, {300 * time.Millisecond, 2e6}, {1000 * time.Millisecond, 0}}}, 1)
	for _, s := range []story{
		{"half before, half after the outage", 96, 1000, 312, 0, Delivered},
		{"waits for its end", 150, 1000, 316, 152, Delivered},
		{"12,000 bits wait", 160, 1000, 320, 146, Delivered},
		{"20,000 bits: just not full", 170, 1000, 324, 140, Delivered},
		{"28,000 bits: full", 299, 40, 0, 0, Dropped},
		{"the queue is empty", 400, 1000, 414, 0, Delivered},
	} {
		s.tell(t, p)
	}
	p = NewPipe(p.Direction, 1)
	story{"arrives when all is quiet, in the outage", 200, 1000, 314, 100, Delivered}.tell(t, p)
}

func TestAnMTUDropsWhatIsLonger(t *testing.T) {
	p := NewPipe(Direction{Bps: 1e6, Queue: time.Second, MTU: 1280}, 1)
	story{"just fits", 0, 1280, 10.24, 0, Delivered}.tell(t, p)
	story{"does not", 20, 1281, 0, 0, Dropped}.tell(t, p)
	p = NewPipe(Direction{Bps: 1e6, Queue: time.Second}, 1)
	story{"an Ethernet's, unless said otherwise", 0, 1500, 12, 0, Delivered}.tell(t, p)
	story{"no jumbo frames", 20, 1501, 0, 0, Dropped}.tell(t, p)
}

func TestJitterIsUniformAndNeverReorders(t *testing.T) {
	const jitter = 20 * time.Millisecond
	d := Direction{Bps: 1e8, Delay: 50 * time.Millisecond, Queue: time.Second, Jitter: jitter}
	p := NewPipe(d, 1)
	var last, sum time.Duration
	const n = 10_000
	for i := range n { // far apart: each one's jitter is its own
		now := time.Duration(i) * time.Second
		due, _, _ := p.Accept(now, 125)
		late := due - now - d.Delay - 10*time.Microsecond
		require.True(t, late >= 0 && late < jitter, late)
		sum += late
	}
	require.InDelta(t, inMS(jitter)/2, inMS(sum)/n, 0.2)
	p = NewPipe(d, 1)
	held := 0
	for i := range n { // 1 ms apart: many would overtake
		due, _, _ := p.Accept(time.Duration(i)*time.Millisecond, 125)
		require.GreaterOrEqual(t, due, last)
		if due == last {
			held++
		}
		last = due
	}
	require.Greater(t, held, n/2)
}

func TestLoss(t *testing.T) {
	for _, c := range []struct {
		name        string
		d           Direction
		share, mean float64 // of packets; in a row
	}{
		{"none", Direction{}, 0, 0},
		{"all", Direction{Loss: 1}, 1, 200_000},
		{"random", Direction{Loss: 0.05}, 0.05, 1 / 0.95},
		{"bursts", Direction{Bursts: Bursts{0.0077, 0.25}}, 0.0077 / 0.2577, 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.d.Bps, c.d.Queue = 1e9, time.Second
			p := NewPipe(c.d, 7)
			const n = 200_000
			lost, bursts := 0, 0
			was := Delivered
			for i := range n {
				due, _, fate := p.Accept(time.Duration(i)*time.Millisecond, 1000)
				if fate == Lost {
					require.Zero(t, due)
					lost++
					if was != Lost {
						bursts++
					}
				}
				was = fate
			}
			require.InDelta(t, c.share, float64(lost)/n, 0.003)
			if bursts > 0 {
				require.InEpsilon(t, c.mean, float64(lost)/float64(bursts), 0.05)
			}
		})
	}
}

func TestALostPacketUsesTheLine(t *testing.T) {
	p := NewPipe(Direction{Bps: 1e6, Queue: time.Second, Loss: 1}, 1)
	story{"lost behind the line", 0, 1000, 0, 0, Lost}.tell(t, p)
	story{"so the next one waits", 0, 1000, 0, 8, Lost}.tell(t, p)
}

func TestASeedDecidesAll(t *testing.T) {
	draw := func(seed uint64) (all []time.Duration) {
		p := NewPipe(Direction{Bps: 1e6, Queue: time.Second, Loss: 0.3, Jitter: time.Second}, seed)
		for i := range 100 {
			due, _, _ := p.Accept(time.Duration(i)*10*time.Millisecond, 100)
			all = append(all, due)
		}
		return all
	}
	require.Equal(t, draw(1), draw(1))
	require.NotEqual(t, draw(1), draw(2))
}

func TestABadDirectionPanics(t *testing.T) {
	require.PanicsWithValue(t, "netsim: bps must be from 1000 to 10000000000, not 0", func() { NewPipe(Direction{}, 1) })
}

func BenchmarkPipe(b *testing.B) {
	l := lineNamed(b, "rural-4g")
	p := NewPipe(l.Down, 1)
	now := time.Duration(0)
	for b.Loop() {
		p.Accept(now, 1249)
		now += 5 * time.Millisecond
	}
}
