package virtual_test

import (
	"context"
	"fmt"
	"time"

	"github.com/thinpane/thinpane/bench/virtual"
)

// A program that sleeps for hours at once. Its main begins with Child, for the processes
// in which it does so.
func Example() {
	sleep := virtual.NewJob("sleep", func(hours int, tell virtual.Tell) (string, error) {
		began := time.Now()
		for i := range hours {
			time.Sleep(time.Hour)
			tell(float64(i+1) / float64(hours))
		}
		return time.Since(began).String(), nil
	})
	virtual.Child(sleep)

	pool := virtual.NewPool(virtual.PoolConfig{Workers: 2})
	slept, err := sleep.Run(context.Background(), pool, 1000, nil)
	fmt.Println(slept, err)
}
