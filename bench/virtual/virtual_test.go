package virtual

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestMain makes the test program its own child.
func TestMain(m *testing.M) {
	Child(naps, fails, panics, freezes, waits, babbles, leaks)
	os.Exit(m.Run())
}

type nap struct{ Hours int }

type slept struct {
	From, To time.Time
	Hours    int
}

var naps = NewJob("naps", func(n nap, tell Tell) (slept, error) {
	s := slept{From: time.Now(), Hours: n.Hours}
	for i := range n.Hours {
		time.Sleep(time.Hour)
		tell(float64(i+1) / float64(n.Hours))
	}
	s.To = time.Now()
	return s, nil
})

var fails = NewJob("fails", func(nap, Tell) (slept, error) { return slept{}, errors.New("the line is cut") })

var panics = NewJob("panics", func(nap, Tell) (slept, error) {
	panic("the line is cut twice")
})

var freezes = NewJob("freezes", func(nap, Tell) (slept, error) {
	var mu sync.Mutex
	mu.Lock()
	go func() {
		time.Sleep(time.Second) // never over: the other one is not durably blocked
		mu.Unlock()
	}()
	mu.Lock()
	return slept{}, nil
})

var waits = NewJob("waits", func(nap, Tell) (slept, error) {
	<-make(chan int)
	return slept{}, nil
})

var babbles = NewJob("babbles", func(nap, Tell) (slept, error) {
	fmt.Println("no JSON")
	return slept{Hours: 6}, nil
})

var leaks = NewJob("leaks", func(nap, Tell) (slept, error) {
	go func() { select {} }()
	return slept{Hours: 5}, nil
})

func TestRunSleepsHoursAtOnce(t *testing.T) {
	var shares []float64
	s, err := naps.Run(t.Context(), NewPool(PoolConfig{}), nap{4}, func(share float64) { shares = append(shares, share) })
	require.NoError(t, err)
	require.Equal(t, 4, s.Hours)
	require.Equal(t, 4*time.Hour, s.To.Sub(s.From))
	require.Equal(t, 2000, s.From.UTC().Year())
	require.Equal(t, []float64{.25, .5, .75, 1}, shares)
}

func TestWhatGoesWrongInARunIsOneSentence(t *testing.T) {
	for _, c := range []struct {
		job  *Job[nap, slept]
		want string
	}{
		{fails, `^the line is cut$`},
		{panics, `^the simulated run \(panics\) crashed: panic: the line is cut twice in bench/virtual\S*, virtual_test.go:\d+$`},
		{waits, `^the simulated run \(waits\) crashed: .*deadlock: all goroutines in bubble are blocked.*$`},
		{NewJob("unknown", naps.run), `^the simulated run \(unknown\) crashed: no job is called unknown$`},
	} {
		t.Run(c.job.name, func(t *testing.T) {
			_, err := c.job.Run(t.Context(), NewPool(PoolConfig{Workers: 1}), nap{1}, nil)
			require.Error(t, err)
			require.Regexp(t, c.want, err.Error())
		})
	}
}

func TestFrozenRunIsEnded(t *testing.T) {
	_, err := freezes.Run(t.Context(), NewPool(PoolConfig{Silence: 300 * time.Millisecond}), nap{}, nil)
	require.Error(t, err)
	require.Regexp(t, `^the simulated run \(freezes\) froze: no sign of life for 300ms; a goroutine waits in sync.Mutex.Lock, `+
		`in github.com/thinpane/thinpane/bench/virtual\S*, virtual_test.go:\d+$`, err.Error())
}

func TestResultCountsThoughGoroutinesAreLeft(t *testing.T) {
	s, err := leaks.Run(t.Context(), NewPool(PoolConfig{}), nap{}, nil)
	require.NoError(t, err)
	require.Equal(t, 5, s.Hours)
}

func TestRunMayPrint(t *testing.T) {
	s, err := babbles.Run(t.Context(), NewPool(PoolConfig{}), nap{}, nil)
	require.NoError(t, err)
	require.Equal(t, 6, s.Hours)
}

func TestReplyThatIsNoJSONIsAnError(t *testing.T) {
	_, err := NewPool(PoolConfig{}).follow(strings.NewReader("{\"share\":0.5}\nno JSON\n"), nil, nil)
	require.ErrorContains(t, err, "invalid character")
}

func TestCancelledRunIsEnded(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	p := NewPool(PoolConfig{Workers: 1})
	var all sync.WaitGroup
	for range 3 { // one runs, two wait for their turn
		all.Go(func() {
			_, err := naps.Run(ctx, p, nap{1 << 40}, func(float64) { cancel() })
			require.ErrorIs(t, err, context.Canceled)
		})
	}
	all.Wait()
}

func TestAtMostSoManyRunAtOnce(t *testing.T) {
	p := NewPool(PoolConfig{Workers: 2})
	var all sync.WaitGroup
	var mu sync.Mutex
	running, most := map[int]bool{}, 0
	for i := range 5 {
		all.Go(func() {
			_, err := naps.Run(t.Context(), p, nap{3}, func(share float64) {
				mu.Lock()
				defer mu.Unlock()
				if running[i] = true; share == 1 {
					delete(running, i)
				}
				most = max(most, len(running))
			})
			require.NoError(t, err)
		})
	}
	all.Wait()
	require.LessOrEqual(t, most, 2)
}

func TestProgramThatIsNoChildGoesOn(t *testing.T) {
	Child(naps) // returns: the test goes on
	require.NotEqual(t, command, os.Args[1])
}
