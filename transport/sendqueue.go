package transport

// sendQueue holds what Send was given and has not left yet, per stream, and packs it into messages: one fragment after the other,
// from the streams in turn, so that a long message does not hold up a short one of another stream.
type sendQueue struct {
	streams [MaxStream + 1]outStream
	turn    int // stream that is asked first
	bytes   int // waiting
}

type outStream struct {
	next    uint64 // fragment's number
	waiting [][]byte
}

// maxUnsent in bytes: Send blocks while more is waiting: four of the longest messages.
const maxUnsent = 4 * MaxMessage

func (q *sendQueue) put(s Stream, msg []byte) {
	q.streams[s].waiting = append(q.streams[s].waiting, append([]byte(nil), msg...))
	q.bytes += len(msg) + fragmentHeader
}

func (q *sendQueue) empty() bool { return q.bytes == 0 }

// nextSize is how long the next message will be, at most max.
func (q *sendQueue) nextSize(max int) int { return min(streamsHeader+q.bytes, max) }

// fill appends fragments to dst, which holds a header, until it is max bytes long or nothing is left. It returns how many
// they are and the bytes of payload in them beside.
func (q *sendQueue) fill(dst []byte, max int) (msg []byte, fragments, payload int) {
	for range MaxStream {
		q.turn = q.turn%MaxStream + 1
		s := &q.streams[q.turn]
		for len(s.waiting) > 0 {
			room := max - len(dst) - fragmentHeader
			if room <= 0 {
				q.turn-- // it goes on with this one
				return dst, fragments, payload
			}
			head := s.waiting[0]
			n := min(room, len(head))
			f := fragment{stream: Stream(q.turn), number: s.next, last: n == len(head), data: head[:n]}
			dst = f.append(dst)
			fragments++
			payload += n
			s.next++
			q.bytes -= n
			if !f.last {
				s.waiting[0] = head[n:]
				break
			}
			q.bytes -= fragmentHeader
			s.waiting[0] = nil
			s.waiting = s.waiting[1:]
		}
	}
	return dst, fragments, payload
}
