package rival

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/bench/crossing"
	"github.com/thinpane/thinpane/bench/measure"
	"github.com/thinpane/thinpane/transport/netsim"
)

func cross(t *testing.T, k Kind, line string) (r crossing.Result) {
	rec := openTyping(t)
	l, err := netsim.Load(line)
	require.NoError(t, err)
	synctest.Test(t, func(t *testing.T) {
		out, err := crossing.Run(rec, k, crossing.Config{Line: l, Seed: 1}, nil)
		require.NoError(t, err)
		r = out.Result
	})
	return r
}

func TestEveryRivalBringsTheWholeRecording(t *testing.T) {
	for _, k := range Kinds {
		r := cross(t, k, "dsl-512k")
		require.NotZero(t, r.Updates, k)
		require.Zero(t, r.LegibleNever, k)
		require.True(t, r.FinalExact, k)
		require.Greater(t, r.LegibleP50, measure.Millis(30), "not faster than the line's delay")
		require.Less(t, r.LegibleP95, measure.Millis(500), k)
		onLine := measure.MillisOf(time.Duration(float64(r.BytesFirst) * 8 / 512000 * float64(time.Second)))
		require.Greater(t, r.FirstLegible, onLine, "not faster than the line's rate")
		require.Less(t, r.FirstLegible, onLine+2000, k)
		require.Greater(t, r.InputP50, measure.Millis(30), "inputs cross the line, too")
		require.Less(t, r.EchoP50, measure.Millis(200), k)
	}
}

func TestLossAndOutagesOnlyDelayARival(t *testing.T) {
	for _, line := range []string{"lossy-1m", "outages-1m"} {
		require.Zero(t, cross(t, Tight, line).LegibleNever, line)
	}
}

func TestAnUnknownRivalIsAnError(t *testing.T) {
	_, err := Kind("zip").Open(&crossing.Stage{})
	require.ErrorContains(t, err, `no coder "zip"`)
}
