package transport

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// round is a report in which all packets waited that long, with little of ours under way.
func round(now, wait time.Duration, pauseBegun time.Duration) roundSeen {
	return roundSeen{
		now: now, wait: wait, least: wait, target: 20 * ms, rtt: 60 * ms, reportGap: 50 * ms, rate: 64e3, inflight: 1000, lastSize: 1241,
		pauseBegun: pauseBegun, alone: true,
	}
}

func TestARivalIsWhoeverFillsTheQueueThroughOurPause(t *testing.T) {
	var v rival
	require.False(t, v.observe(round(1000*ms, 50*ms, 0)), "a short queue is nobody's")
	require.True(t, v.observe(round(1100*ms, 300*ms, 0)), "a long one is to be tested by a pause")
	v.observe(round(2300*ms, 300*ms, 0))
	require.False(t, v.competing, "there was no pause yet")
	v.observe(round(2400*ms, 300*ms, 2000*ms))
	require.True(t, v.competing)

	was := v.window
	v.observe(round(2500*ms, 300*ms, 2000*ms))
	require.Greater(t, v.window, was, "it grows")
	hit := round(3500*ms, 300*ms, 2000*ms)
	hit.lost = true
	was = v.window
	v.observe(hit)
	require.InDelta(t, max(rivalLeast, was*rivalShrink), v.window, 1, "and shrinks at loss")

	v.observe(round(4000*ms, 10*ms, 2000*ms))
	require.False(t, v.competing, "the queue is gone: so is the rival")
	v.observe(round(5000*ms, 300*ms, 2000*ms))
	v.observe(round(5200*ms, 300*ms, 2000*ms))
	require.True(t, v.competing, "it is back, and known")
}

func TestOurOwnQueueIsNoRival(t *testing.T) {
	var v rival
	for i := range 50 {
		seen := round(time.Duration(i)*100*ms, 300*ms, time.Duration(i)*100*ms-500*ms)
		seen.inflight = 20000
		v.observe(seen)
		require.False(t, v.competing, "much of ours is under way")
	}
	for i := range 50 {
		seen := round(time.Duration(i)*100*ms, 300*ms, time.Duration(i)*100*ms-500*ms)
		seen.alone = false
		v.observe(seen)
		require.False(t, v.competing, "colleagues send")
	}
}
