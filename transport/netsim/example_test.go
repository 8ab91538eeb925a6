package netsim_test

import (
	"fmt"
	"time"

	"github.com/thinpane/thinpane/transport/netsim"
)

// What becomes of ten packets that are sent at once over a thin line.
func ExamplePipe() {
	line, err := netsim.Load("thin-256k")
	if err != nil {
		fmt.Println(err)
		return
	}
	line.Down.Jitter = 0
	pipe := netsim.NewPipe(line.Down, 1)
	for range 3 {
		due, wait, fate := pipe.Accept(time.Second, 1200)
		fmt.Println(due, wait, fate == netsim.Delivered)
	}
	// Output:
	// 1.0875s 0s true
	// 1.125s 37.5ms true
	// 1.1625s 75ms true
}
