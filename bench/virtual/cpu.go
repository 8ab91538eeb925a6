package virtual

import (
	"context"
	"math"
	"sync/atomic"
	"time"

	"github.com/thinpane/thinpane/codec"
	"github.com/thinpane/thinpane/session"
)

// CPU is a processor core in virtual time: a turn takes as long as the work in it costs.
// All loops of one host share one; each viewer has its own. Safe for concurrent use.
type CPU struct {
	queue  *session.Queue
	factor float64
	used   atomic.Int64 // ns
}

// NewCPU returns a core on which work takes factor times its Cost; 1 is the slow core that
// Cost is measured in.
func NewCPU(factor float64) *CPU {
	return &CPU{queue: session.NewQueue(1), factor: factor}
}

// Do implements session.CPU.
func (c *CPU) Do(ctx context.Context, p session.Priority, f func() codec.Work) error {
	return c.queue.Do(ctx, p, func() codec.Work {
		w := f()
		cost := time.Duration(math.Round(float64(w.Cost()) * c.factor))
		c.used.Add(int64(cost))
		time.Sleep(cost)
		return w
	})
}

// Used is the time that work has taken so far.
func (c *CPU) Used() time.Duration { return time.Duration(c.used.Load()) }
