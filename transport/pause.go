package transport

import "time"

// pauses keep the base delay honest: a sender that always holds a short queue comes to take it for the empty line's delay. So each
// 6 s it stops for as long as its queue needs to drain, and the next packet shows the base, as BBR's ProbeRTT does. All senders
// stop at the same second of the world's clock: pauses at each one's own time leave the others' queues, and 20 flows on one line
// came to a Jain index of 0.07 in place of 0.97.
type pauses struct {
	next  time.Duration // when the next begins; 0: none planned yet
	end   time.Duration // of the newest
	begun time.Duration // when the newest began; 0: there was none
}

const (
	pauseEvery = 6 * time.Second
	// pauseSoon is the clock's step at which senders meet that have a reason not to wait for the next regular pause.
	pauseSoon = 2 * time.Second
	// pauseMore than the target: what the queue holds beyond it.
	pauseMore = 8 * time.Millisecond
	// pauseShared: when several sessions share the line all pause for the same time. Who has most of it has the lowest target:
	// it would be back first, find the others' queue, take it for the empty line's delay, and keep what it has.
	pauseShared = 100 * time.Millisecond
	// pauseMissed: nobody asked for so long, so the line has had its rest.
	pauseMissed = time.Second
)

// soon asks for a pause at the next even second after t.
func (p *pauses) soon(t time.Duration) {
	if at := nextMultiple(t, pauseSoon); p.next == 0 || at < p.next {
		p.next = at
	}
}

// remaining is how much is left of the pause at now, which begins now when it is due and has the length given.
func (p *pauses) remaining(now, length time.Duration) time.Duration {
	if p.next == 0 {
		p.next = nextMultiple(now, pauseSoon)
	}
	if late := now - p.next; late > 0 {
		p.next = nextMultiple(now, pauseEvery)
		if late < pauseMissed {
			p.begun, p.end = now, now+length
		}
	}
	return max(0, p.end-now)
}

func nextMultiple(now, step time.Duration) time.Duration { return (now/step + 1) * step }
