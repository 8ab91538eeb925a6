package transport

import "time"

// rival finds a queue that is not ours, as a TCP download makes it, and then competes for the line as TCP would: by a window that
// grows by a packet a round trip and shrinks at loss. A sender that only keeps its own queue short would starve beside it. The
// test for rivals is Copa's idea (Arun and Balakrishnan, 2018); ours asks whether the queue stays when what is ours has left.
type rival struct {
	holding   bool          // the wait is above what we can have made ...
	heldSince time.Duration // ... since
	heldWait  time.Duration // and this was it then

	competing bool
	window    float64 // bytes under way
	rate      float64 // bytes/s, so that the window does not leave in one burst
	lossAt    time.Duration
	testAt    time.Duration // when the next pause tests whether the rival is still there
	testEnd   time.Duration
	endedAt   time.Duration // of the last competition; 0: there was none
	windowWas float64       // then
}

const (
	// rivalWait: only a longer queue can be a rival's; ours stay below.
	rivalWait = 120 * time.Millisecond
	// rivalHold beyond a round trip: for how long it must last.
	rivalHold = 500 * time.Millisecond
	// rivalAgain: within 15 s after the last competition 0.15 s are enough.
	rivalAgain     = 15 * time.Second
	rivalAgainHold = 150 * time.Millisecond
	rivalLeast     = 4 * 1250.0 // bytes of window
	rivalShrink    = 0.7        // at loss: CUBIC's
)

// roundSeen is what one report showed, and what the controller knows beside.
type roundSeen struct {
	now        time.Duration
	wait       time.Duration // of the newest
	least      time.Duration // the round's smallest wait
	target     time.Duration
	rtt        time.Duration // without queue
	reportGap  time.Duration
	rate       float64
	inflight   int
	lastSize   int
	lost       bool
	alone      bool // no other session of ours sends over this line
	pauseBegun time.Duration
}

// observe returns true when a pause would tell whether the queue is ours.
func (v *rival) observe(s roundSeen) (askPause bool) {
	rtt := s.rtt + s.wait
	if !s.alone {
		v.competing, v.testEnd = false, 0
	}
	if v.competing {
		v.compete(s, rtt)
		return false
	}
	mine := 0.7*s.rate*(s.rtt+s.reportGap).Seconds() + 2.5*float64(s.lastSize)
	if s.least < max(2*s.target+10*time.Millisecond, rivalWait) || float64(s.inflight) > mine {
		v.holding = false
		return false
	}
	if !v.holding || s.wait < v.heldWait*3/4 { // it shrinks: it was ours
		v.holding, v.heldSince, v.heldWait = true, s.now, s.wait
		askPause = true
	}
	held := s.now - v.heldSince
	again := v.endedAt > 0 && s.now-v.endedAt < rivalAgain
	paused := s.pauseBegun > v.heldSince && s.now-s.pauseBegun > s.rtt+2*s.reportGap
	if !s.alone {
		return askPause
	}
	if held > s.rtt+rivalHold && paused || again && held > rivalAgainHold {
		v.competing = true
		v.window = max(rivalLeast, 0.5*s.rate*rtt.Seconds())
		if again {
			v.window = max(v.window, v.windowWas)
		}
		v.rate = v.window / rtt.Seconds()
		v.testAt, v.testEnd, v.lossAt = nextMultiple(s.now, pauseEvery), 0, s.now
	}
	return askPause
}

func (v *rival) compete(s roundSeen, rtt time.Duration) {
	if s.least < s.target {
		v.competing, v.holding = false, false
		v.endedAt, v.windowWas = s.now, v.window
		return
	}
	if s.lost && s.now-v.lossAt > rtt {
		v.window = max(rivalLeast, v.window*rivalShrink)
		v.lossAt = s.now
	} else if !s.lost && s.now > v.testEnd {
		v.window += 1250 * max(s.reportGap, 20*time.Millisecond).Seconds() / rtt.Seconds()
	}
	v.rate = 1.2 * v.window / rtt.Seconds()
	if s.now > v.testAt {
		v.testAt = nextMultiple(s.now, pauseEvery) // all of ours at once, or they would see each other
		v.testEnd = s.now + min(s.wait+50*time.Millisecond, 600*time.Millisecond)
	}
}

// hold is how long a packet of that size must wait while we compete.
func (v *rival) hold(now, lastSend time.Duration, inflight, size int) time.Duration {
	if now < v.testEnd {
		return v.testEnd - now
	}
	if float64(inflight+size) > v.window {
		return 5 * time.Millisecond // a report will say so sooner
	}
	return max(0, lastSend+seconds(float64(size)/v.rate)-now)
}
