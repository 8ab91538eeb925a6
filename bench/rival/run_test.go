package rival

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/bench/measure"
	"github.com/thinpane/thinpane/bench/trace"
	"github.com/thinpane/thinpane/transport/netsim"
)

func runTyping(t *testing.T, k Kind, lineName string, sample func(Sample)) (res Result) {
	r := openTyping(t)
	line, err := netsim.Load(lineName)
	require.NoError(t, err)
	synctest.Test(t, func(t *testing.T) {
		res, err = Run(k, r, line, 1, sample)
		require.NoError(t, err)
	})
	return res
}

func TestEveryRivalBringsTheWholeRecording(t *testing.T) {
	for _, k := range Kinds {
		r := runTyping(t, k, "dsl-512k", nil)
		require.NotZero(t, r.Updates, k)
		require.Zero(t, r.LegibleNever, k)
		require.True(t, r.FinalExact, k)
		require.Greater(t, r.LegibleP50, measure.Millis(30), "not faster than the line's delay")
		require.Less(t, r.LegibleP95, measure.Millis(500), k)
		require.Greater(t, float64(r.FirstLegible), float64(r.BytesFirst)*8/512, "not faster than the line's rate")
		require.Less(t, float64(r.FirstLegible), float64(r.BytesFirst)*8/512+2000, k)
	}
}

func TestLossAndOutagesDelayARivalOnly(t *testing.T) {
	for _, line := range []string{"lossy-1m", "outages-1m"} {
		r := runTyping(t, Tight, line, nil)
		require.Zero(t, r.LegibleNever, line)
	}
}

func TestSamplesComeAtTheirTimesAndSeeTheUserCatchUp(t *testing.T) {
	var last Sample
	began := time.Duration(0)
	r := runTyping(t, Tight, "thin-256k", func(s Sample) {
		require.Zero(t, s.Now%SampleStep)
		require.Equal(t, last.Now+SampleStep, s.Now)
		if s.Clock > 0 && began == 0 {
			began = s.Now - s.Clock
		}
		last = s
		last.Source = nil
	})
	require.Equal(t, r.Began, began)
	require.Equal(t, measure.MillisOf(r.Began), r.FirstLegible)
}

func TestAnUnknownRivalIsAnError(t *testing.T) {
	_, err := Run("zip", &trace.Drawn{Screen: openTyping(t).Size()}, netsim.Line{}, 1, nil)
	require.ErrorContains(t, err, `no coder "zip"`)
}
