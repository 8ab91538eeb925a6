package transport

// kept holds the objects that the viewer has not reported as decoded. They are what a host replays after an outage, or goes back
// behind in a rewind. At its bound nothing more is sent until the viewer's decoder has caught up.
type kept struct {
	acked   uint64 // newest state reported
	objects [][]byte
	bytes   int
}

const (
	// maxKept and maxKeptObjects: at the largest rate times delay that we expect (10 Mbit/s, 600 ms) 0.75 MB are under way.
	maxKept        = 2 << 20
	maxKeptObjects = 4096
)

func (k *kept) last() uint64 { return k.acked + uint64(len(k.objects)) }

// full leaves room for one message's worth of objects.
func (k *kept) full() bool {
	return k.bytes+maxPayload > maxKept || len(k.objects)+maxPayload/2 > maxKeptObjects
}

// add keeps a copy.
func (k *kept) add(object []byte) {
	k.objects = append(k.objects, append([]byte(nil), object...))
	k.bytes += len(object)
}

// ack drops the objects up to a state, which is at most last.
func (k *kept) ack(state uint64) {
	if state <= k.acked {
		return
	}
	n := int(state - k.acked)
	for i, o := range k.objects[:n] {
		k.bytes -= len(o)
		k.objects[i] = nil
	}
	k.objects = k.objects[n:]
	k.acked = state
}
