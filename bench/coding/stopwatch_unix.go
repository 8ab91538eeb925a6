//go:build unix

package coding

import (
	"time"

	"golang.org/x/sys/unix"
)

func threadCPU() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		panic(err) // every kernel since 2003 has it
	}
	return time.Duration(t.Nano())
}
