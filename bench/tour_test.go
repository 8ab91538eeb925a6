package main

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/bench/crossing"
	"github.com/thinpane/thinpane/bench/measure"
	"github.com/thinpane/thinpane/bench/report"
	"github.com/thinpane/thinpane/bench/trace"
	"github.com/thinpane/thinpane/bench/virtual"
	"github.com/thinpane/thinpane/transport/netsim"
)

func TestThePlanHasEverySystemOnceBeforeAnyTwice(t *testing.T) {
	groups, runs, err := planTour()
	require.NoError(t, err)
	require.Len(t, groups, len(exhibits)*len(tourLines)*len(systems))
	require.Len(t, runs, tourSeeds*len(groups))
	seen := map[*group]bool{}
	for _, r := range runs[:len(groups)] {
		require.False(t, seen[r.group])
		seen[r.group] = true
		require.EqualValues(t, 1, r.Config.Seed)
		require.Equal(t, r.Config.Line.Name == tourLines[0], len(r.Config.Observe.AfterConnecting) > 0)
	}
	require.Equal(t, systems[0].name, runs[0].System, "ours comes first")
}

func TestExhibitsAreWhatTheReportSaysOfThem(t *testing.T) {
	for _, e := range exhibits {
		rec, err := openBuiltIn(e.name)
		require.NoError(t, err)
		require.Equal(t, e.name, rec.Name())
		for _, m := range e.moments {
			require.Less(t, m.at, rec.Duration(), m.title)
		}
		updates := 0
		for u, err := range rec.Updates() {
			require.NoError(t, err)
			require.NotNil(t, u.Picture)
			updates++
		}
		require.Greater(t, updates, 10)
	}
}

// TestARunBecomesAReport lets a rival cross a line in a child process, and another one fail.
func TestARunBecomesAReport(t *testing.T) {
	groups, runs, err := planTour()
	require.NoError(t, err)
	pool := virtual.NewPool(virtual.PoolConfig{Workers: 1})
	for _, r := range runs {
		if r.Config.Line.Name != tourLines[0] || r.Exhibit != "typing" || r.Config.Seed > 1 {
			continue
		}
		if r.System != "PNG" {
			r.group.failed = errors.New("not run by this test")
			continue
		}
		o, err := tourJob.Run(t.Context(), pool, r.tourRun, nil)
		require.NoError(t, err)
		r.group.add(o)
	}
	doc, err := tourDocument(groups)
	require.NoError(t, err)
	typing := doc.Parts[0]
	require.Equal(t, "typing", typing.Name)
	rows := typing.Lines[0].Rows
	require.Equal(t, []string{"Thinpane", "Tight-like", "PNG"}, []string{rows[0].System, rows[1].System, rows[2].System})
	require.Equal(t, "not run by this test", rows[0].Failed)
	require.Len(t, rows[2].Runs, 1)
	require.Len(t, typing.Lines[0].Plots, 1)

	strip := typing.Strip
	require.Len(t, strip.Frames, len(connectMoments)+1)
	require.Len(t, strip.Rows, 2, "the source and the rival")
	source, seen := strip.Rows[0].Shots, strip.Rows[1].Shots
	require.Nil(t, seen[0].JPEG, "0.5 s after asking, nothing has come")
	for i := range strip.Frames {
		require.NotNil(t, source[i].JPEG)
	}
	last := len(seen) - 1
	require.NotNil(t, seen[last].JPEG)
	require.Equal(t, "at 6.2 s", source[last].Caption)

	var b strings.Builder
	require.NoError(t, report.Write(&b, doc))
	require.Less(t, b.Len(), 8<<20)
}

func TestAnUnknownSystemIsAnError(t *testing.T) {
	pool := virtual.NewPool(virtual.PoolConfig{Workers: 1})
	_, err := tourJob.Run(t.Context(), pool, tourRun{Exhibit: "typing", System: "carrier pigeon"}, nil)
	require.EqualError(t, err, "no system is called carrier pigeon")
}

func TestASeriesIsJoinedToThePlotsSteps(t *testing.T) {
	s := &crossing.Series{
		Step: 100 * ms, Start: time.Second,
		BytesDown: []int{100, 0, 0, 0, 25, 9, 9, 9, 9, 9, 1000},
		Legible:   []float64{0, 0, 0, 0, 0.5, 0, 0, 0, 0, 1, 0.1},
		Queue:     []measure.Millis{1, 7, 3, 0, 0, 0, 0, 2, 0, 0, 99},
	}
	require.Equal(t, report.Series{
		System: "X", Step: 500 * ms, Began: time.Second,
		Bits: []float64{2000, 720, 80000}, Legible: []float64{0.5, 1, 0.1}, Queue: []float64{7, 2, 99},
	}, seriesOf("X", crossing.Outcome{Observed: crossing.Observed{Series: s}}))

	exact := seriesOf("X", crossing.Outcome{Observed: crossing.Observed{Series: s}, Result: crossing.Result{FinalExact: true}})
	require.Equal(t, []float64{0.5, 1, 0.1, 1}, exact.Legible, "the run ended with it")
}

func TestTheSourceIsShownAsItWasAtEachMoment(t *testing.T) {
	rec, err := openBuiltIn("typing")
	require.NoError(t, err)
	e := exhibit{moments: []moment{{2 * time.Second, ""}, {rec.Duration(), ""}}}
	row, err := sourceRow(rec, e, "Ours", 4*time.Second)
	require.NoError(t, err)
	first, err := sourceRow(trace.Cut(rec, 0, time.Millisecond), exhibit{}, "Ours", time.Hour)
	require.NoError(t, err)
	require.Equal(t, first.Shots[0].JPEG, row.Shots[0].JPEG, "0.5 s after connecting, the clock stands")
	require.Equal(t, "first screen", row.Shots[2].Caption)
	require.Equal(t, "at 1.0 s", row.Shots[3].Caption)
	require.NotEqual(t, row.Shots[0].JPEG, row.Shots[4].JPEG, "six seconds of typing")
	require.NotEqual(t, row.Shots[5].JPEG, row.Shots[6].JPEG)
}

func TestARowOfTheTable(t *testing.T) {
	g := &group{exhibit: 0, line: netsim.Line{Name: "thin-256k"}, system: "PNG"}
	for seed, first := range []measure.Millis{4000, 5000, measure.Never} {
		g.add(crossing.Outcome{Result: crossing.Result{Seed: uint64(9 - seed), FirstLegible: first, LegibleP50: measure.Never, Staleness: 0.5, BytesDown: 12345}})
	}
	require.EqualValues(t, 7, g.outcomes[0].Result.Seed, "in the order of the seeds")
	require.Equal(t, []string{"thin-256k", "typing", "PNG", "5000", "0", "0", "never", "0", "0", "0", "50.00", "12"}, strings.Fields(tableRow(g)))
	require.Contains(t, tableRow(&group{line: g.line, system: "PNG", failed: errors.New("why")}), "failed: why")
}

func TestALineIsNamedWithWhatMatters(t *testing.T) {
	for name, want := range map[string]string{
		"thin-256k": "thin-256k: 256 kbit/s, 100 ms round trip",
		"lossy-1m":  "lossy-1m: 1 Mbit/s, 300 ms round trip, 5 % of packets lost",
	} {
		l, err := netsim.Load(name)
		require.NoError(t, err)
		require.Equal(t, want, lineTitle(l))
	}
}
