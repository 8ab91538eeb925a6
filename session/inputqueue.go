package session

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/thinpane/thinpane/transport"
)

// inputQueue holds what the user did until it is on its way: keys in order, moves coalesced.
type inputQueue struct {
	mu    sync.Mutex
	queue []Input // at most maxQueued
	added signal
}

const (
	// maxQueued is more than a user can do in the longest outage that a connection outlives.
	maxQueued = 4096
	// maxInputMessage keeps a message within one packet.
	maxInputMessage = 1000
	// moveGap is the least time between two messages of moves alone: 20 a second, some 17 kbit/s of a thin uplink.
	moveGap = 50 * time.Millisecond
)

// ErrInputFull says that the connection has been still for so long that no more input is kept.
var ErrInputFull = errors.New("session: too much input waits for the line")

func (q *inputQueue) add(in Input) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if n := len(q.queue); n > 0 && in.Kind == Pointer && q.queue[n-1].Kind == Pointer {
		q.queue[n-1] = in
		return nil
	}
	if len(q.queue) == maxQueued {
		return ErrInputFull
	}
	q.queue = append(q.queue, in)
	q.added.fire()
	return nil
}

// clear forgets what was not sent: on another connection it would come too late, out of its place.
func (q *inputQueue) clear() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.queue = q.queue[:0]
}

// take moves the head of the queue to b, as much as fits one message, and tells whether it is moves alone.
func (q *inputQueue) take(b []byte) (_ []byte, moves bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	moves = true
	n := 0
	for ; n < len(q.queue) && len(b) < maxInputMessage-maxInputText-16; n++ {
		b = appendInput(b, q.queue[n])
		moves = moves && q.queue[n].Kind == Pointer
	}
	q.queue = append(q.queue[:0], q.queue[n:]...)
	return b, moves
}

// onlyMoves tells whether nothing but a pointer move waits.
func (q *inputQueue) onlyMoves() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.queue) == 1 && q.queue[0].Kind == Pointer
}

// drain sends the queue until ctx or the connection ends.
func (q *inputQueue) drain(ctx context.Context, conn *transport.Conn) {
	var buf []byte
	var moved time.Time
	for {
		added := q.added.next()
		if gap := moveGap - time.Since(moved); gap > 0 && q.onlyMoves() {
			select {
			case <-time.After(gap):
			case <-added:
			case <-ctx.Done():
				return
			}
			continue
		}
		msg, moves := q.take(buf[:0])
		if len(msg) == 0 {
			select {
			case <-added:
			case <-ctx.Done():
				return
			}
			continue
		}
		if moves {
			moved = time.Now()
		}
		if conn.Send(ctx, streamInput, msg) != nil {
			return
		}
		buf = msg
	}
}
