package transport

import "sort"

// unreported knows how far the stream packets that left are ahead of the oldest whose arrival is not known: as much the viewer may
// have to keep until the gap is filled.
type unreported struct {
	packets []sentStreams // in order
	bytes   int64         // sent ever
}

type sentStreams struct {
	packet uint64
	before int64 // bytes sent before it
	came   bool
}

// maxAhead in bytes, under the viewer's bound (maxWaitingBytes).
const maxAhead = 512 << 10

func (u *unreported) add(packet uint64, bytes int) {
	u.packets = append(u.packets, sentStreams{packet: packet, before: u.bytes})
	u.bytes += int64(bytes)
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

func (u *unreported) full() bool {
	return len(u.packets) > 0 && u.bytes-u.packets[0].before > maxAhead
}
