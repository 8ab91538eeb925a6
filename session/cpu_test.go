package session

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/codec"
)

func TestTheMostUrgentRunsFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := NewQueue(1)
		var order []Priority
		var all sync.WaitGroup
		busy := make(chan struct{})
		all.Go(func() {
			q.Do(t.Context(), Legible, func() codec.Work { <-busy; return codec.Work{} })
		})
		synctest.Wait()
		for _, p := range []Priority{Refining, Legible, Refining, Echo, Capture, Echo} {
			all.Go(func() {
				q.Do(t.Context(), p, func() codec.Work { order = append(order, p); return codec.Work{} })
			})
			synctest.Wait()
		}
		close(busy)
		all.Wait()
		require.Equal(t, []Priority{Capture, Echo, Echo, Legible, Refining, Refining}, order)
	})
}

func TestWhoGivesUpWaitingIsNotRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := NewQueue(1)
		busy := make(chan struct{})
		go q.Do(t.Context(), Legible, func() codec.Work { <-busy; return codec.Work{} })
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		ran := func() codec.Work { require.Fail(t, "it must not run"); return codec.Work{} }
		require.ErrorIs(t, q.Do(ctx, Echo, ran), context.DeadlineExceeded)
		require.ErrorIs(t, q.Do(ctx, Echo, ran), context.DeadlineExceeded)
		close(busy)
		synctest.Wait()
		done := false
		require.NoError(t, q.Do(t.Context(), Echo, func() codec.Work { done = true; return codec.Work{} }))
		require.True(t, done)
	})
}

func TestSoManyRunAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := NewQueue(3)
		var mu sync.Mutex
		now, most := 0, 0
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() {
				q.Do(t.Context(), Legible, func() codec.Work {
					mu.Lock()
					now++
					most = max(most, now)
					mu.Unlock()
					time.Sleep(time.Second)
					mu.Lock()
					now--
					mu.Unlock()
					return codec.Work{}
				})
			})
		}
		all.Wait()
		require.Equal(t, 3, most)
	})
}
