package session

import (
	"container/heap"
	"context"
	"runtime"
	"sync"

	"github.com/thinpane/thinpane/codec"
)

// Priority orders what waits for the processor; the lowest goes first, equals in the order they came.
type Priority uint8

const (
	Capture  Priority = iota // a new picture is taken over: everything else depends on it
	Echo                     // what follows a viewer's own input
	Legible                  // anything else that makes a picture current
	Refining                 // what is legible already becomes exact
	priorities
)

// CPU shares the processor among the loops of one host, or of one viewer.
type CPU interface {
	// Do waits for its turn, runs f, and returns when the work that f says it did has been paid for. It returns
	// ctx's error, without having run f, when ctx ends first. Safe for concurrent use.
	Do(ctx context.Context, p Priority, f func() codec.Work) error
}

// Queue is the CPU of an ordinary program: so many at once, by priority. A turn lasts no longer than one
// codec.MaxWork, so that an echo waits for at most one of those.
type Queue struct {
	mu    sync.Mutex
	free  int
	turns turns
	came  uint64
}

// NewQueue lets workers run at once; 0 stands for one fewer than there are processors, and at least one: the line's
// own goroutines need a share too.
func NewQueue(workers int) *Queue {
	if workers <= 0 {
		workers = max(1, runtime.GOMAXPROCS(0)-1)
	}
	return &Queue{free: workers}
}

// Do is described at [CPU].
func (q *Queue) Do(ctx context.Context, p Priority, f func() codec.Work) error {
	if err := q.acquire(ctx, p); err != nil {
		return err
	}
	defer q.release()
	f()
	return nil
}

func (q *Queue) acquire(ctx context.Context, p Priority) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	q.mu.Lock()
	if q.free > 0 {
		q.free--
		q.mu.Unlock()
		return nil
	}
	q.came++
	t := &turn{priority: p, came: q.came, ready: make(chan struct{})}
	heap.Push(&q.turns, t)
	q.mu.Unlock()
	select {
	case <-t.ready:
		return nil
	case <-ctx.Done():
	}
	q.mu.Lock()
	waiting := t.index >= 0
	if waiting {
		heap.Remove(&q.turns, t.index)
	}
	q.mu.Unlock()
	if !waiting { // its turn came at the same moment
		q.release()
	}
	return ctx.Err()
}

func (q *Queue) release() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.turns) == 0 {
		q.free++
		return
	}
	close(heap.Pop(&q.turns).(*turn).ready)
}

type turn struct {
	priority Priority
	came     uint64
	index    int // in the heap, -1 once it has left
	ready    chan struct{}
}

// turns is a heap: the first to run on top.
type turns []*turn

func (t turns) Len() int { return len(t) }
func (t turns) Less(i, j int) bool {
	if t[i].priority != t[j].priority {
		return t[i].priority < t[j].priority
	}
	return t[i].came < t[j].came
}
func (t turns) Swap(i, j int) {
	t[i], t[j] = t[j], t[i]
	t[i].index, t[j].index = i, j
}
func (t *turns) Push(x any) {
	n := x.(*turn)
	n.index = len(*t)
	*t = append(*t, n)
}
func (t *turns) Pop() any {
	old := *t
	n := old[len(old)-1]
	old[len(old)-1] = nil
	*t = old[:len(old)-1]
	n.index = -1
	return n
}
