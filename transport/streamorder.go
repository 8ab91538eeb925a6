package transport

// streamOrder puts the fragments of one small stream in order and its messages together. Duplicates are dropped.
type streamOrder struct {
	next    uint64 // fragment's number
	waiting map[uint64]fragment
	message []byte // as far as it has come
}

// maxWaitingFragments of a stream may wait for a missing one.
const maxWaitingFragments = 8192

// accept takes a fragment, of a message that it may keep, and returns the messages that are complete now. waiting is the number
// of bytes that all streams of a Conn hold back, which it keeps up to date.
func (o *streamOrder) accept(f fragment, waiting *int) ([][]byte, error) {
	f.number = nearest(o.next, uint16(f.number))
	switch _, twice := o.waiting[f.number]; {
	case f.number < o.next || twice:
		return nil, nil
	case f.number > o.next+maxWaitingFragments:
		return nil, malformed("fragment %d of stream %d came while %d was missing", f.number, f.stream, o.next)
	case f.number > o.next:
		if *waiting += len(f.data); *waiting > maxWaitingBytes {
			return nil, malformed("more than %d bytes of streams wait for a missing fragment", maxWaitingBytes)
		}
		if o.waiting == nil {
			o.waiting = map[uint64]fragment{}
		}
		o.waiting[f.number] = f
		return nil, nil
	}
	var out [][]byte
	for {
		o.next++
		if len(o.message)+len(f.data) > MaxMessage {
			return nil, malformed("a message of stream %d is longer than %d bytes", f.stream, MaxMessage)
		}
		o.message = append(o.message, f.data...)
		if f.last {
			out = append(out, o.message)
			o.message = nil
		}
		var ok bool
		if f, ok = o.waiting[o.next]; !ok {
			return out, nil
		}
		delete(o.waiting, o.next)
		*waiting -= len(f.data)
	}
}
