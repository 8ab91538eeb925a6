package transport

import "sort"

// unreported knows how far the stream packets that left are ahead of the oldest whose arrival is not known: as much the other end may
// have to keep until the gap is filled. The host learns of arrivals by reports, packet for packet, the viewer when SCTP has nothing
// left to be acknowledged.
type unreported struct {
	packets   []sentStreams // in order
	bytes     int64         // sent ever
	fragments int64         // sent ever
}

type sentStreams struct {
	packet    uint64
	bytes     int64 // sent before it
	fragments int64 // sent before it
	came      bool
}

const (
	// maxAhead in bytes, and maxAheadFragments of all streams, with those of one more message, are under what the other end lets
	// wait: maxWaitingBytes and maxWaitingFragments.
	maxAhead          = 512 << 10
	maxAheadFragments = maxWaitingFragments - maxPayload/fragmentLeast
)

func (u *unreported) add(packet uint64, bytes, fragments int) {
	u.packets = append(u.packets, sentStreams{packet: packet, bytes: u.bytes, fragments: u.fragments})
	u.bytes += int64(bytes)
	u.fragments += int64(fragments)
}

func (u *unreported) arrived(packet uint64) {
	i := sort.Search(len(u.packets), func(i int) bool { return u.packets[i].packet >= packet })
	if i == len(u.packets) || u.packets[i].packet != packet {
		return
	}
	u.packets[i].came = true
	n := 0
	for n < len(u.packets) && u.packets[n].came {
		n++
	}
	u.packets = append(u.packets[:0], u.packets[n:]...)
}

func (u *unreported) allArrived() { u.packets = u.packets[:0] }

func (u *unreported) full() bool {
	if len(u.packets) == 0 {
		return false
	}
	oldest := u.packets[0]
	return u.bytes-oldest.bytes > maxAhead || u.fragments-oldest.fragments > maxAheadFragments
}
