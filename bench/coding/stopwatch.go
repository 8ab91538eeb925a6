package coding

import (
	"runtime"
	"time"
)

// Stopwatch measures the CPU time of one thread, to which it ties its goroutine. Neither
// other threads nor the garbage collector's count.
type Stopwatch struct{ from time.Duration }

// NewStopwatch ties the goroutine to its thread until Release.
func NewStopwatch() *Stopwatch {
	runtime.LockOSThread()
	return &Stopwatch{}
}

// Release lets the goroutine go.
func (s *Stopwatch) Release() { runtime.UnlockOSThread() }

// Start begins to count.
func (s *Stopwatch) Start() { s.from = threadCPU() }

// Stop gives the CPU time since Start.
func (s *Stopwatch) Stop() time.Duration { return threadCPU() - s.from }
