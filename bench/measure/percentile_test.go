package measure

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestPercentilesAreNearestRank(t *testing.T) {
	v := []Millis{30, 10, Never, 20}
	for _, c := range []struct {
		percent float64
		want    Millis
	}{{0, 10}, {25, 10}, {26, 20}, {50, 20}, {75, 30}, {76, Never}, {95, Never}, {100, Never}} {
		require.Equal(t, c.want, Percentile(v, c.percent), c.percent)
	}
	require.Equal(t, []Millis{30, 10, Never, 20}, v) // left as it was
	require.Equal(t, Never, Percentile(nil, 50))
	require.Equal(t, Millis(7), Percentile([]Millis{7}, 95))
}

func TestInfinityIsNull(t *testing.T) {
	b, err := json.Marshal([]Millis{Never, MillisOf(1234567 * time.Nanosecond), 0, MillisIf(time.Second, false)})
	require.NoError(t, err)
	require.Equal(t, `[null,1.2,0,null]`, string(b))
	var v []Millis
	require.NoError(t, json.Unmarshal(b, &v))
	require.Equal(t, []Millis{Never, 1.2, 0, Never}, v)
}

func TestQueueIsWeighedByBytes(t *testing.T) {
	w := []Waited{{90 * ms, 1200}, {0, 100}, {10 * ms, 100}, {20 * ms, 100}, {30 * ms, 100}}
	require.Equal(t, Millis(90), QueuePercentile(w, 50)) // four of five packets waited less
	require.Equal(t, Millis(20), QueuePercentile(w, 18))
	require.Zero(t, QueuePercentile(w, 5))
	require.Zero(t, QueuePercentile(nil, 95))
}

func TestLatenciesSumUpUpdates(t *testing.T) {
	r := newRow(100)
	page := func(from, to int) (u *Update) {
		at := time.Duration(from) * ms
		u = r.change(at, cell(0).Union(cell(65)), uint8(from))
		if to > 0 {
			r.show(time.Duration(to)*ms, cell(0).Union(cell(65)), uint8(from))
		}
		return u
	}
	updates := []*Update{page(10, 110), page(120, 180)}
	small := r.change(190*ms, cell(90), 200)
	r.show(195*ms, cell(90), 203)
	nothing := r.change(196*ms, cell(90), 200)
	free := r.change(197*ms, cell(90), 202)
	never := page(230, 0)
	l := LatenciesOf(append(updates, small, nothing, free, never))
	require.Equal(t, Latencies{
		Updates: 4, Free: 1, Pages: 3, LegibleNever: 1, ExactNever: 2,
		LegibleP50: 60, LegibleP95: Never, SmallP95: 5, PagesPerSecond: 2 / (170 * ms).Seconds(), PageP50: 100, PageP95: Never, ExactP50: 100, ExactP95: Never,
	}, l)
}
