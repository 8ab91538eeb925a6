package transport

import (
	"encoding/binary"
	"math"
	"slices"
	"time"
)

// report is what the viewer tells of the packets that came: which, and when by its clock.
//
//	 0                   1                   2                   3
//	 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//	+-------+-------+-------------------------------+---------------+
//	|   3   |   0   |  decoded state, low 16 bits   |    the rest is missing when no packet is reported
//	+-------+-------+-------------------------------+---------------+
//	|  newest packet's number       | how long ago it came (varint) |  when it came (varint)
//	+-------------------------------+-------------------------------+---------------
//	  then for each earlier arrival: 2 * (time before the one above) + J (varint), and
//	  where J is 1 its number as the one above's minus 1 minus it (zigzag varint)
//
// Times are in units of 50 us, since a moment of the viewer's choice. "Newest" is the one that came last.
type report struct {
	state    uint64
	hold     time.Duration // how long the newest had been there when the report left
	arrivals []arrival     // in order of arrival
}

// arrival is one packet's at the viewer.
type arrival struct {
	packet uint64
	at     time.Duration // by the viewer's clock
}

const (
	tick = 50 * time.Microsecond
	// maxArrivals is how many arrivals a report holds: with two bytes each it stays one packet.
	maxArrivals = 400
	reportState = 3       // length of a report without arrivals
	maxTicks    = 1 << 44 // 27 years
)

func (r report) append(dst []byte) []byte {
	dst = append(dst, kindReport<<4)
	dst = binary.BigEndian.AppendUint16(dst, uint16(r.state))
	n := len(r.arrivals)
	if n == 0 {
		return dst
	}
	last := r.arrivals[n-1]
	dst = binary.BigEndian.AppendUint16(dst, uint16(last.packet))
	dst = binary.AppendUvarint(dst, uint64(max(0, r.hold)/tick))
	dst = binary.AppendUvarint(dst, uint64(last.at/tick))
	for i := n - 2; i >= 0; i-- {
		a := r.arrivals[i]
		v := uint64(last.at/tick-a.at/tick) << 1
		jump := int64(last.packet) - 1 - int64(a.packet)
		if jump != 0 {
			v |= 1
		}
		dst = binary.AppendUvarint(dst, v)
		if jump != 0 {
			dst = binary.AppendVarint(dst, jump)
		}
		last = a
	}
	return dst
}

// parseReport reads a report; packet and state are the newest that were sent.
func parseReport(b []byte, packet, state uint64) (report, error) {
	if len(b) < reportState || b[0]&15 != 0 {
		return report{}, malformed("a report has %d bytes or unknown flags", len(b))
	}
	r := report{state: nearest(state, binary.BigEndian.Uint16(b[1:]))}
	if r.state > state {
		return report{}, malformed("state %d is reported, %d was never sent", r.state, state)
	}
	if b = b[reportState:]; len(b) == 0 {
		return r, nil
	}
	if len(b) < 2 {
		return report{}, malformed("a report is cut off")
	}
	a := arrival{packet: nearest(packet, binary.BigEndian.Uint16(b))}
	if a.packet > packet {
		return report{}, malformed("packet %d is reported, %d was never sent", a.packet, packet)
	}
	hold, b, err := uvarint(b[2:], maxTicks)
	if err != nil {
		return report{}, err
	}
	r.hold = time.Duration(hold) * tick
	at, b, err := uvarint(b, maxTicks)
	if err != nil {
		return report{}, err
	}
	a.at = time.Duration(at) * tick
	r.arrivals = append(r.arrivals, a)
	for len(b) > 0 {
		if len(r.arrivals) == maxArrivals {
			return report{}, malformed("a report holds more than %d arrivals", maxArrivals)
		}
		var v uint64
		if v, b, err = uvarint(b, maxTicks); err != nil {
			return report{}, err
		}
		a.at -= time.Duration(v>>1) * tick
		jump := int64(0)
		if v&1 != 0 {
			var n int
			if jump, n = binary.Varint(b); n <= 0 || jump < math.MinInt16 || jump > math.MaxInt16 {
				return report{}, malformed("a report's jump is cut off or too long")
			}
			b = b[n:]
		}
		number := int64(a.packet) - 1 - jump
		if a.at < 0 || number < 0 || uint64(number) > packet {
			return report{}, malformed("a report tells of a time or a packet that never was")
		}
		a.packet = uint64(number)
		r.arrivals = append(r.arrivals, a)
	}
	slices.Reverse(r.arrivals)
	return r, nil
}
