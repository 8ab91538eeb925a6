package transport

import (
	"math"
	"time"
)

// delayBase keeps the smallest delay from sending to arrival: that of an empty line. Sender and viewer have different clocks, so
// a delay may be negative; only differences count. The idea is LEDBAT's base history (RFC 6817, 3.4.1), with classes of size so
// that the time a packet takes to cross the line is not mistaken for a wait. Within a class that time is not taken off: were the
// rate estimated too low, too much would be, and the estimate would prove itself.
type delayBase struct {
	buckets [5][sizeClasses]baseSample // newest first
	since   time.Duration              // when the newest began
}

type baseSample struct {
	delay time.Duration
	size  int
	known bool
}

const (
	// baseBucket: five of 5 s follow a route that became longer, and a viewer's clock 100 ppm off, within 25 s.
	baseBucket = 5 * time.Second
	// sizeClasses of 256 bytes each, the last without end.
	sizeClasses = 5
)

func (b *delayBase) add(now, delay time.Duration, size int) {
	if now-b.since > baseBucket {
		copy(b.buckets[1:], b.buckets[:])
		b.buckets[0] = [sizeClasses]baseSample{}
		b.since = now
	}
	s := &b.buckets[0][class(size)]
	if !s.known || delay < s.delay {
		*s = baseSample{delay, size, true}
	}
}

// of is the delay of a packet of that size on an empty line; false before the first add. rate is what the line gives us, peak what
// it can carry at most, in bytes/s (0: not known). What another class shows is corrected by how much longer a packet takes: from a
// smaller one by rate, from a larger one by peak. So the base is too long rather than too short when the rate is too low: else
// every packet would seem to have waited, the rate would fall on, and flows that share a line would take each other for rivals.
func (b *delayBase) of(size int, rate, peak float64) (time.Duration, bool) {
	best, known := time.Duration(math.MaxInt64), false
	for k := range sizeClasses {
		least := b.least(k)
		if !least.known {
			continue
		}
		known = true
		d := least.delay
		if more := float64(size - least.size); more > 0 && rate > 0 {
			d += seconds(more / rate)
		} else if more < 0 && peak > 0 && k != class(size) {
			d += seconds(more / peak)
		}
		best = min(best, d)
	}
	return best, known
}

// least is the smallest delay of a class.
func (b *delayBase) least(class int) (least baseSample) {
	for _, bucket := range b.buckets {
		if s := bucket[class]; s.known && (!least.known || s.delay < least.delay) {
			least = s
		}
	}
	return least
}

func class(size int) int { return min(size/256, sizeClasses-1) }

// seconds makes a Duration of a number of seconds, within plus or minus 100 years.
func seconds(s float64) time.Duration {
	const most = 100 * 365 * 24 * 3600
	return time.Duration(math.Max(-most, math.Min(most, s)) * 1e9)
}
