package transport

import "encoding/binary"

// streamsMessage carries fragments of messages of small streams. A message of a stream is one fragment or several in a row, of
// which the last is marked.
//
//	 0                   1                   2                   3
//	 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//	+-------+-------+-------------------------------+
//	|   2   |   0   |  packet's number, low 16 bits |    then for each fragment:
//	+-+---+-+-------+-------------------------------+---------------+
//	|L| 0 | stream  | fragment's number in its      | length (varint), bytes
//	|*|   | 1 .. 31 | stream, low 16 bits           |
//	+-+---+---------+-------------------------------+---------------+
//
// L*: the last of its message.
type streamsMessage struct {
	packet    uint64
	fragments []fragment
}

type fragment struct {
	stream Stream
	number uint64 // only the low 16 bits are known after parsing
	last   bool
	data   []byte // of the message that was parsed, not a copy
}

const (
	streamsHeader  = 3
	fragmentHeader = 5 // at most: its length takes one or two bytes
	fragmentLeast  = 4
)

func appendStreamsHeader(dst []byte, packet uint64) []byte {
	dst = append(dst, kindStreams<<4)
	return binary.BigEndian.AppendUint16(dst, uint16(packet))
}

func (f fragment) append(dst []byte) []byte {
	head := byte(f.stream)
	if f.last {
		head |= 0x80
	}
	dst = append(dst, head)
	dst = binary.BigEndian.AppendUint16(dst, uint16(f.number))
	dst = binary.AppendUvarint(dst, uint64(len(f.data)))
	return append(dst, f.data...)
}

func parseStreams(b []byte, packet uint64) (streamsMessage, error) {
	if len(b) <= streamsHeader || b[0]&15 != 0 {
		return streamsMessage{}, malformed("a message of streams has %d bytes or unknown flags", len(b))
	}
	m := streamsMessage{packet: nearest(packet, binary.BigEndian.Uint16(b[1:]))}
	for b = b[streamsHeader:]; len(b) > 0; {
		if len(b) < 3 {
			return streamsMessage{}, malformed("a fragment's header is cut off")
		}
		f := fragment{stream: Stream(b[0] & 0x7f), last: b[0]&0x80 != 0, number: uint64(binary.BigEndian.Uint16(b[1:]))}
		if f.stream == 0 || f.stream > MaxStream {
			return streamsMessage{}, malformed("stream %d does not exist", f.stream)
		}
		n, rest, err := uvarint(b[3:], maxPayload)
		if err != nil {
			return streamsMessage{}, err
		}
		if n > uint64(len(rest)) {
			return streamsMessage{}, malformed("a fragment of %d bytes where %d are left", n, len(rest))
		}
		f.data = rest[:n:n]
		m.fragments = append(m.fragments, f)
		b = rest[n:]
	}
	return m, nil
}
