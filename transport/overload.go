package transport

import "time"

// overload finds a queue that is full and drops what we send. It is not the same as loss on the line: packets that arrive have
// waited. It happens when several senders begin at once: each one's first packets show it the whole line, and a base delay with the
// others' queue in it. Waits say too little then, so losses must do: less at once, and a pause long enough for the queue to drain.
type overload struct {
	share float64       // of packets lost, over 32 or so
	last  time.Duration // when it was last found; 0: never
}

const (
	overloadSpan = 1.0 / 32
	// overloadShare of loss no line has for long that is worth using.
	overloadShare  = 0.25
	overloadShrink = 0.7
	// overloadPause drains the queues of most routers (300 to 500 ms).
	overloadPause = 500 * time.Millisecond
)

func (o *overload) arrived() { o.share -= overloadSpan * o.share }
func (o *overload) lost()    { o.share += overloadSpan * (1 - o.share) }

// found says so at most once in each round.
func (o *overload) found(now, wait, target, round time.Duration) bool {
	if o.share < overloadShare || wait < 2*target || o.last > 0 && now-o.last < round {
		return false
	}
	o.last, o.share = now, overloadShare/2
	return true
}
