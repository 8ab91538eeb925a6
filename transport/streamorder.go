package transport

import "bytes"

// streamOrder puts the fragments of all small streams in order and their messages together. Duplicates are dropped, what comes early
// waits, within bounds that an honest end stays under (see unreported).
type streamOrder struct {
	next    [MaxStream + 1]uint64 // fragment's number
	message [MaxStream + 1][]byte // as far as it has come
	waiting map[place]early
	bytes   int // waiting, with earlyCost
}

// place is a fragment's: its stream and its number in it.
type place struct {
	stream Stream
	number uint64
}

// early is a fragment that waits for one before it.
type early struct {
	last bool
	data []byte // a copy: the packet it came in may be much longer
}

const (
	// maxWaitingFragments of a stream may wait for a missing one.
	maxWaitingFragments = 8192
	// earlyCost in bytes is what a fragment that waits takes beside its data, about: an empty one is not free.
	earlyCost = 64
)

// accept takes a fragment and returns the messages that are complete now, which are copies.
func (o *streamOrder) accept(f fragment) ([][]byte, error) {
	next := &o.next[f.stream]
	at := place{f.stream, nearest(*next, uint16(f.number))}
	switch _, twice := o.waiting[at]; {
	case at.number < *next || twice:
		return nil, nil
	case at.number > *next+maxWaitingFragments:
		return nil, malformed("fragment %d of stream %d came while %d was missing", at.number, f.stream, *next)
	case at.number > *next:
		if o.bytes += earlyCost + len(f.data); o.bytes > maxWaitingBytes {
			return nil, malformed("more than %d bytes of streams wait for a missing fragment", maxWaitingBytes)
		}
		if o.waiting == nil {
			o.waiting = map[place]early{}
		}
		o.waiting[at] = early{f.last, bytes.Clone(f.data)}
		return nil, nil
	}
	var out [][]byte
	message := &o.message[f.stream]
	for here := (early{f.last, f.data}); ; {
		if len(*message)+len(here.data) > MaxMessage {
			return nil, malformed("a message of stream %d is longer than %d bytes", f.stream, MaxMessage)
		}
		*message = append(*message, here.data...)
		if here.last {
			out = append(out, *message)
			*message = nil
		}
		*next++
		at.number = *next
		var ok bool
		if here, ok = o.waiting[at]; !ok {
			return out, nil
		}
		delete(o.waiting, at)
		o.bytes -= earlyCost + len(here.data)
	}
}
