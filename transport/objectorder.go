package transport

import "bytes"

// objectOrder puts arriving objects in order: what comes early waits, within bounds that an honest host stays under (see kept),
// what comes twice is dropped.
type objectOrder struct {
	delivered uint64            // number of the newest delivered
	waiting   map[uint64][]byte // copies: the packet that one came in may be much longer
	bytes     int               // waiting
}

// maxWaitingBytes bounds what waits for a gap to be filled: objects and fragments each.
const maxWaitingBytes = 2*maxKept + maxPayload

// accept takes objects numbered from first, of a message that it may keep, and returns those that are deliverable now.
func (o *objectOrder) accept(first uint64, objects [][]byte) ([][]byte, error) {
	last := first + uint64(len(objects)) - 1
	if last > o.delivered+maxKeptObjects {
		return nil, malformed("object %d came while %d was the newest in order", last, o.delivered)
	}
	var out [][]byte
	for i, b := range objects {
		n := first + uint64(i)
		switch {
		case n <= o.delivered || o.waiting[n] != nil: // a duplicate
		case n == o.delivered+1:
			out = append(out, b)
			o.delivered++
		default:
			if o.waiting == nil {
				o.waiting = map[uint64][]byte{}
			}
			if o.bytes += len(b); o.bytes > maxWaitingBytes {
				return nil, malformed("more than %d bytes of objects wait for a missing one", maxWaitingBytes)
			}
			o.waiting[n] = bytes.Clone(b)
		}
	}
	for {
		b, ok := o.waiting[o.delivered+1]
		if !ok {
			return out, nil
		}
		o.delivered++
		delete(o.waiting, o.delivered)
		o.bytes -= len(b)
		out = append(out, b)
	}
}
