package coding

import (
	"runtime"
	"time"
)

// stopwatch measures the CPU time of one thread, to which it ties its goroutine. Neither
// other threads nor the garbage collector's count.
type stopwatch struct{ from time.Duration }

func startStopwatch() *stopwatch {
	runtime.LockOSThread()
	return &stopwatch{}
}

func (s *stopwatch) release() { runtime.UnlockOSThread() }

func (s *stopwatch) start() { s.from = threadCPU() }

func (s *stopwatch) stop() time.Duration { return threadCPU() - s.from }
