package crossing_test

import (
	"fmt"

	"github.com/thinpane/thinpane/bench/crossing"
	"github.com/thinpane/thinpane/bench/trace"
	"github.com/thinpane/thinpane/transport/netsim"
)

// What a run in virtual time does; package virtual starts it.
func Example() {
	rec, err := trace.Open("typing.trace.zip")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer rec.Close()
	line, err := netsim.Load("thin-256k")
	if err != nil {
		fmt.Println(err)
		return
	}
	o, _, err := crossing.Measure(rec, crossing.Thinpane{}, crossing.Config{Line: line, Seed: 1}, nil)
	fmt.Println(o.Result.LegibleP95, err)
}
