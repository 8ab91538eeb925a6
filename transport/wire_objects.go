package transport

import "encoding/binary"

// objectsMessage carries whole objects, numbered one after the other.
//
//	 0                   1                   2                   3
//	 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//	+-------+-------+-------------------------------+---------------+
//	|   1   | epoch |  packet's number, low 16 bits | first object's
//	+-------+-------+-------------------------------+---------------+
//	 low 16 bits    |  then for each object: its length, 1 or more (varint), its bytes
//	+---------------+-----------------------------------------------
//
// epoch is 0 until something opens a new one (a rewind, in a later version).
type objectsMessage struct {
	packet  uint64
	first   uint64
	objects [][]byte // of the message that was parsed, not copies
}

const objectsHeader = 5

// objectSpace is what an object of n bytes takes in a message.
func objectSpace(n int) int {
	if n < 0x80 {
		return n + 1
	}
	return n + 2
}

func (m objectsMessage) append(dst []byte) []byte {
	dst = append(dst, kindObjects<<4)
	dst = binary.BigEndian.AppendUint16(dst, uint16(m.packet))
	dst = binary.BigEndian.AppendUint16(dst, uint16(m.first))
	for _, o := range m.objects {
		dst = binary.AppendUvarint(dst, uint64(len(o)))
		dst = append(dst, o...)
	}
	return dst
}

// parseObjects reads a message whose packet and first object are near the numbers given.
func parseObjects(b []byte, packet, first uint64) (objectsMessage, error) {
	if len(b) <= objectsHeader {
		return objectsMessage{}, malformed("a message of objects has %d bytes", len(b))
	}
	if b[0]&15 != 0 {
		return objectsMessage{}, malformed("epoch %d was never opened", b[0]&15)
	}
	m := objectsMessage{
		packet: nearest(packet, binary.BigEndian.Uint16(b[1:])),
		first:  nearest(first, binary.BigEndian.Uint16(b[3:])),
	}
	if m.first == 0 {
		return objectsMessage{}, malformed("objects are numbered from 1")
	}
	for b = b[objectsHeader:]; len(b) > 0; {
		n, rest, err := uvarint(b, maxPayload)
		if err != nil {
			return objectsMessage{}, err
		}
		if n == 0 || n > uint64(len(rest)) {
			return objectsMessage{}, malformed("an object of %d bytes where %d are left", n, len(rest))
		}
		m.objects = append(m.objects, rest[:n:n])
		b = rest[n:]
	}
	return m, nil
}
