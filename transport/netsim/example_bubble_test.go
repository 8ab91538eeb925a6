package netsim_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/thinpane/thinpane/transport/netsim"
)

// A datagram crosses a line in virtual time: the test takes no time, and says exactly when.
func Example() {
	test := func(t *testing.T) {
		line, err := netsim.Load("isdn-64k")
		if err != nil {
			t.Fatal(err)
		}
		n := netsim.New(line, 1)
		defer n.Close()
		host, _ := n.ListenPacket(netsim.Near)
		viewer, _ := n.ListenPacket(netsim.Far)
		time.Sleep(time.Hour)
		host.WriteTo([]byte("a screen"), viewer.LocalAddr())
		b := make([]byte, 1500)
		size, from, err := viewer.ReadFrom(b)
		fmt.Printf("%s from %v at %v: %v\n", b[:size], from, n.Now(), err)
	}
	synctest.Test(&testing.T{}, test) // in a test: its own t
	// Output: a screen from 10.0.0.1:4000 at 1h0m0.0445s: <nil>
}
