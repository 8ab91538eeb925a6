package virtual

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/codec"
	"github.com/thinpane/thinpane/session"
)

func TestTurnTakesAsLongAsItsWorkCosts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		work := codec.Work{Scanned: 1000, Copied: 500, Exact: 20}
		cost := time.Duration(work.Cost())
		require.Positive(t, cost)
		for _, factor := range []float64{1, 4, 0.5} {
			cpu, began := NewCPU(factor), time.Now()
			want := time.Duration(float64(cost) * factor)
			require.NoError(t, cpu.Do(t.Context(), session.Echo, func() codec.Work { return work }))
			require.Equal(t, want, time.Since(began))
			require.Equal(t, want, cpu.Used())
		}
	})
}

func TestCoreIsSharedByPriority(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		work := codec.Work{Exact: 10000}
		cpu, began := NewCPU(1), time.Now()
		var order []session.Priority
		var all sync.WaitGroup
		for _, p := range []session.Priority{session.Refining, session.Legible, session.Echo} {
			all.Go(func() {
				err := cpu.Do(t.Context(), p, func() codec.Work {
					order = append(order, p)
					return work
				})
				require.NoError(t, err)
			})
			synctest.Wait()
		}
		all.Wait()
		require.Equal(t, []session.Priority{session.Refining, session.Echo, session.Legible}, order)
		require.Equal(t, time.Duration(3*work.Cost()), cpu.Used())
		require.Equal(t, cpu.Used(), time.Since(began))
	})
}

func TestWhoGivesUpWaitingPaysNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cpu := NewCPU(1)
		go cpu.Do(t.Context(), session.Echo, func() codec.Work { return codec.Work{Exact: 1 << 20} })
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		err := cpu.Do(ctx, session.Echo, func() codec.Work { panic("not its turn") })
		require.ErrorIs(t, err, context.DeadlineExceeded)
		time.Sleep(time.Hour)
		require.Equal(t, time.Duration(codec.Work{Exact: 1 << 20}.Cost()), cpu.Used())
	})
}
