package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/bench/measure"
)

func TestJobsGiveTheirResultsInOrderAndGoOnAfterAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		after := func(d time.Duration, v int, err error) job[int] {
			return job[int]{d.String(), func() (int, error) { time.Sleep(d); return v, err }}
		}
		var log bytes.Buffer
		show := newProgress(&log)
		show.begin(3)
		var got []int
		err := inOrder(t.Context(), []job[int]{after(3*time.Second, 1, nil), after(time.Second, 2, errors.New("broken\nline")), after(2*time.Second, 3, nil)},
			show, func(i, v int) error { got = append(got, i, v); return nil })
		require.ErrorIs(t, err, errFailed)
		require.Equal(t, []int{0, 1, 2, 3}, got)
		require.Equal(t, "bench: 1s: broken; line\n1 of 3 runs, 1s\n2 of 3 runs, 2s\n3 of 3 runs, 3s\n", log.String())
	})
}

func TestProgressOnATerminalStaysInOneLine(t *testing.T) {
	var log bytes.Buffer
	p := newProgress(&log)
	p.terminal = true
	p.begin(4)
	tell := p.start("first")
	tell(0.5)
	p.finish("first", nil)
	p.finish("second", errors.New("broken"))
	p.end()
	require.Equal(t, "\r 12 %  0 of 4 runs  first"+
		"\r 25 %  1 of 4 runs  first"+
		"\r"+strings.Repeat(" ", 25)+"\r"+"bench: second: broken\n"+
		"\r 50 %  2 of 4 runs  second"+
		"\r"+strings.Repeat(" ", 26)+"\r", log.String())
}

func TestSpreadIsMedianLowestAndHighest(t *testing.T) {
	same := func(m measure.Millis) measure.Millis { return m }
	require.Equal(t, "20.0 (1.5-300)", spread([]measure.Millis{300, 1.5, 20}, same))
	require.Equal(t, "20.0", spread([]measure.Millis{20, 20.01, 20}, same))
	require.Equal(t, "never (7.0-never)", spread([]measure.Millis{measure.Never, 7, measure.Never}, same))
}

func TestRunsAreGroupedBySeeds(t *testing.T) {
	v := func(i int) *int { return &i }
	var all [][]int
	for runs := range bySeeds([]*int{v(1), nil, v(3), nil, v(5), v(6)}, 2) {
		all = append(all, runs)
	}
	require.Equal(t, [][]int{{1}, {3}, {5, 6}}, all)
}
