package greedy

import (
	"encoding/json"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/transport/netsim"
)

func run(t *testing.T, cfg Config) (r Result) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		var err error
		r, err = Run(t.Context(), cfg)
		require.NoError(t, err)
		time.Sleep(10 * time.Second)
	})
	return r
}

func TestAThinLineIsFullWithAShortQueue(t *testing.T) {
	line, err := netsim.Load("thin-256k")
	require.NoError(t, err)
	r := run(t, Config{Line: line, Seed: 1, Duration: 20 * time.Second})
	t.Logf("%+v", r)
	require.Equal(t, "thin-256k", r.Line)
	require.Equal(t, 256e3, r.LineBps)
	require.Greater(t, r.Utilization, 0.9)
	require.Less(t, r.Utilization, 0.93, "1,152 of 1,241 bytes are the message")
	require.Less(t, r.QueueP95Ms, 40.0)
	require.LessOrEqual(t, r.QueueP50Ms, r.QueueP95Ms)
	require.Zero(t, r.ResentShare)
	require.InDelta(t, 0.084, r.OverheadShare, 0.01)
	require.Less(t, r.FeedbackBps, r.UpBps)
	require.Equal(t, 1.0, r.Jain)
	require.LessOrEqual(t, *r.Ramp70Ms, 400.0)
}

func TestLossIsResentAndSharedFairly(t *testing.T) {
	line, err := netsim.Load("dsl-2m")
	require.NoError(t, err)
	r := run(t, Config{Line: line, Flows: 3, Loss: 0.02, Seed: 1, Duration: 15 * time.Second})
	t.Logf("%+v", r)
	require.Greater(t, r.ResentShare, 0.01)
	require.Greater(t, r.Jain, 0.95)
	require.Greater(t, r.Utilization, 0.7)
}

func TestBadConfigsAreRefused(t *testing.T) {
	for _, c := range []struct {
		cfg   Config
		names string
	}{
		{Config{Flows: -1}, "Flows"}, {Config{Flows: 65}, "Flows"}, {Config{Loss: 1}, "Loss"}, {Config{Loss: -0.1}, "Loss"}, {Config{Duration: time.Second}, "Duration"},
	} {
		_, err := Run(t.Context(), c.cfg)
		require.ErrorContains(t, err, c.names)
	}
}

func TestTheJSONHasTheFieldsThatTheReadmeNames(t *testing.T) {
	b, err := json.Marshal(Result{})
	require.NoError(t, err)
	var fields map[string]any
	require.NoError(t, json.Unmarshal(b, &fields))
	for _, name := range []string{"line", "flows", "seed", "line_bps", "goodput_bps", "utilization", "queue_p50_ms", "queue_p95_ms", "resent_share",
		"overhead_down_share", "up_bps", "feedback_bps", "ramp70_ms", "jain"} {
		require.Contains(t, fields, name)
	}
	require.Len(t, fields, reflect.TypeFor[Result]().NumField())
	require.Nil(t, fields["ramp70_ms"], "a line that was never full")
}

func TestQueuePercentilesAreWeighedByBytes(t *testing.T) {
	packets := []netsim.Packet{{Size: 100, Wait: 30 * time.Millisecond}, {Size: 100, Wait: 20 * time.Millisecond}, {Size: 1800, Wait: 5 * time.Millisecond},
		{Size: 5000, Wait: 0, Fate: netsim.Dropped}}
	require.Equal(t, 5.0, queue(packets, 0.5))
	require.Equal(t, 5.0, queue(packets, 0.9))
	require.Equal(t, 20.0, queue(packets, 0.95))
	require.Equal(t, 30.0, queue(packets, 1))
	require.Zero(t, queue(nil, 0.5))
}

func TestJainsIndex(t *testing.T) {
	require.Equal(t, 1.0, jain([]float64{5, 5, 5}))
	require.InDelta(t, 0.25, jain([]float64{8, 0, 0, 0}), 1e-9)
	require.Zero(t, jain([]float64{0, 0}))
}
