package measure

import (
	"bytes"
	"cmp"
	"encoding/json"
	"math"
	"slices"
	"time"
)

// Millis is a time in milliseconds that may be infinite: what never came. In JSON it is
// rounded to a tenth, and null stands for infinite.
type Millis float64

// Never is the infinite time.
var Never = Millis(math.Inf(1))

// MillisOf turns a duration into Millis.
func MillisOf(d time.Duration) Millis { return Millis(float64(d) / float64(time.Millisecond)) }

// MillisIf is Never unless ok.
func MillisIf(d time.Duration, ok bool) Millis {
	if !ok {
		return Never
	}
	return MillisOf(d)
}

// Infinite tells whether it never came.
func (m Millis) Infinite() bool { return math.IsInf(float64(m), 0) }

// MarshalJSON implements json.Marshaler.
func (m Millis) MarshalJSON() ([]byte, error) {
	if m.Infinite() {
		return []byte("null"), nil
	}
	return json.Marshal(math.Round(float64(m)*10) / 10)
}

// UnmarshalJSON implements json.Unmarshaler.
func (m *Millis) UnmarshalJSON(b []byte) error {
	if bytes.Equal(b, []byte("null")) {
		*m = Never
		return nil
	}
	return json.Unmarshal(b, (*float64)(m))
}

// Percentile is the nearest rank of v: Never where that rank is infinite, and of no values.
func Percentile(v []Millis, percent float64) Millis {
	if len(v) == 0 {
		return Never
	}
	sorted := slices.Sorted(slices.Values(v))
	return sorted[max(0, int(math.Ceil(float64(len(v))*percent/100))-1)]
}

// Waited is how long something waited in a queue.
type Waited struct {
	Wait  time.Duration
	Bytes int
}

// QueuePercentile is the nearest rank of the waits, weighed by bytes; 0 of none.
func QueuePercentile(w []Waited, percent float64) Millis {
	sorted := slices.SortedFunc(slices.Values(w), func(a, b Waited) int { return cmp.Compare(a.Wait, b.Wait) })
	all, sum := 0, 0
	for _, x := range sorted {
		all += x.Bytes
	}
	for _, x := range sorted {
		if sum += x.Bytes; float64(sum) >= float64(all)*percent/100 {
			return MillisOf(x.Wait)
		}
	}
	return 0
}
