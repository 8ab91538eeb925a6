package transport

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAllPauseAtTheSameSecond(t *testing.T) {
	var a, b pauses
	var begunA, begunB []time.Duration
	for now := begins; now < begins+30*time.Second; now += 10 * ms {
		a.remaining(now, 30*ms)
		if now > begins+7*time.Second { // it comes later
			b.remaining(now, 60*ms)
		}
		if a.begun > 0 && (len(begunA) == 0 || begunA[len(begunA)-1] != a.begun) {
			begunA = append(begunA, a.begun)
		}
		if b.begun > 0 && (len(begunB) == 0 || begunB[len(begunB)-1] != b.begun) {
			begunB = append(begunB, b.begun)
		}
	}
	require.GreaterOrEqual(t, len(begunA), 5)
	require.Subset(t, begunA, begunB[1:], "after a first one of its own, at the same times")
}

func TestAPauseLastsAsLongAsAsked(t *testing.T) {
	p := pauses{next: begins}
	require.Equal(t, 30*ms, p.remaining(begins+1, 30*ms))
	require.Equal(t, 10*ms, p.remaining(begins+1+20*ms, 30*ms))
	require.Zero(t, p.remaining(begins+1+30*ms, 30*ms))
	p = pauses{next: begins}
	require.Zero(t, p.remaining(begins+pauseMissed, 30*ms), "nobody sent: the line has had its rest")
	require.Greater(t, p.next, begins)
}

func TestAFullQueueIsFoundByItsLosses(t *testing.T) {
	var o overload
	for range 40 {
		o.lost()
		o.arrived()
	}
	require.False(t, o.found(begins, 10*ms, 20*ms, 100*ms), "loss without a wait is the line's")
	require.True(t, o.found(begins, 100*ms, 20*ms, 100*ms))
	require.False(t, o.found(begins+50*ms, 100*ms, 20*ms, 100*ms), "once a round")
	var lossy overload
	for range 1000 {
		for range 19 {
			lossy.arrived()
		}
		lossy.lost()
		require.False(t, lossy.found(begins, 100*ms, 20*ms, 0), "5 % is no overload")
	}
}

func TestSessionsOfASiteKnowOfEachOther(t *testing.T) {
	var s sites
	a, b, c := &Conn{}, &Conn{}, &Conn{}
	hall, other := siteKey{name: "hall"}, siteKey{name: "library"}
	s.note(hall, a, begins)
	s.note(hall, b, begins)
	s.note(other, c, begins)
	s.others(hall, b, begins, 3000)
	n, mean := s.others(hall, a, begins, 1000)
	require.Equal(t, 1, n)
	require.Equal(t, 2000.0, mean)
	n, mean = s.others(hall, a, begins+busyFor, 1000)
	require.Zero(t, n, "it has been idle")
	require.Equal(t, 1000.0, mean)
	s.leave(hall, a)
	s.leave(hall, b)
	s.leave(other, c)
	require.Empty(t, s.busy)
}
