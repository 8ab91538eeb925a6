package crossing

import (
	"time"

	"github.com/thinpane/thinpane/bench/measure"
	"github.com/thinpane/thinpane/transport/netsim"
)

// What an update costs on the line beside its own bytes: for each packet's worth of them
// IP, UDP, DTLS and SCTP headers and our own.
const (
	floorPayload  = 1150
	floorOverhead = 89 + 8
)

// Floors are the latencies below which updates of so many bytes, each coded to exact
// alone, cannot come: the one-way delay and the time on a line that carries nothing else.
// Updates of 0 bytes have none.
func Floors(d netsim.Direction, coded []int) []measure.Millis {
	var all []measure.Millis
	for _, n := range coded {
		if n == 0 {
			continue
		}
		packets := (n + floorPayload - 1) / floorPayload
		bits := float64(n+packets*floorOverhead) * 8
		all = append(all, measure.MillisOf(d.Delay+time.Duration(bits/d.MeanBps()*float64(time.Second))))
	}
	return all
}
