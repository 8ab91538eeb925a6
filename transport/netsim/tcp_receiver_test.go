package netsim

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// shaken returns a receiver that has seen and acknowledged the SYN.
func shaken() receiver {
	r := newReceiver(testMSS)
	r.accept(0, &segment{syn: true}, nil)
	r.acknowledge(&segment{})
	return r
}

func TestEverySecondSegmentIsAcknowledgedOrAfterAWhile(t *testing.T) {
	r := shaken()
	r.accept(time.Second, &segment{seq: 1, stamp: 1}, make([]byte, testMSS))
	require.False(t, r.ackNow)
	require.Equal(t, time.Second+delayedAck, r.ackAt)
	r.accept(time.Second+5, &segment{seq: kB(1), stamp: 2}, make([]byte, testMSS))
	require.True(t, r.ackNow)
	var h segment
	r.acknowledge(&h)
	require.Equal(t, segment{ack: kB(2), edge: 1 + receiveWindow, echo: 1}, h, "the echo is the first one's")
	require.Zero(t, r.ackAt)
	r.accept(2*time.Second, &segment{seq: kB(2)}, []byte("end"))
	require.Equal(t, 2*time.Second+delayedAck, r.ackAt)
	r.timeout()
	require.True(t, r.ackNow)
}

func TestAGapIsReportedAtOnceAndFilled(t *testing.T) {
	r := shaken()
	for _, s := range []struct {
		seq  int64
		data string
		next int64
	}{
		{4, "def", 1}, {4, "d", 1}, {9, "ij", 1}, {1, "abcde", 7}, {2, "bc", 7}, {7, "ghijk", 12},
	} {
		r.accept(0, &segment{seq: s.seq}, []byte(s.data))
		require.True(t, r.ackNow, s.data)
		r.acknowledge(&segment{})
		require.Equal(t, s.next, r.next, s.data)
	}
	require.Empty(t, r.held)
	require.Zero(t, r.heldN)
	b := make([]byte, 20)
	require.Equal(t, "abcdefghijk", string(b[:r.read(b)]))
}

func TestAnAcknowledgementIsNotAcknowledged(t *testing.T) {
	r := shaken()
	r.accept(0, &segment{seq: 1}, nil)
	r.accept(0, &segment{seq: 100}, nil)
	require.False(t, r.ackNow)
	require.Zero(t, r.ackAt)
	r.accept(0, &segment{seq: 0}, nil)
	require.True(t, r.ackNow, "a probe is")
}

func TestTheFINComesAfterAllBytes(t *testing.T) {
	r := shaken()
	r.accept(0, &segment{seq: 3, fin: true}, []byte("c"))
	require.False(t, r.finished())
	r.accept(0, &segment{seq: 1}, []byte("ab"))
	require.True(t, r.finished())
	require.EqualValues(t, 5, r.next)
	r.acknowledge(&segment{})
	r.accept(0, &segment{seq: 4, fin: true}, nil)
	require.True(t, r.ackNow, "again, when its acknowledgement got lost")
}

func TestTheWindowBoundsWhatIsKept(t *testing.T) {
	r := shaken()
	half := make([]byte, receiveWindow/2)
	r.accept(0, &segment{seq: 1}, half)
	r.accept(0, &segment{seq: 1 + receiveWindow/2}, half)
	r.acknowledge(&segment{})
	r.accept(0, &segment{seq: 1 + receiveWindow}, []byte("more"))
	require.Len(t, r.buf, receiveWindow)
	require.False(t, r.updateDue())
	r.read(make([]byte, testMSS))
	require.False(t, r.updateDue(), "not for little")
	r.read(make([]byte, testMSS))
	require.True(t, r.updateDue())
	var h segment
	r.acknowledge(&h)
	require.EqualValues(t, 1+receiveWindow+2*testMSS, h.edge)
	require.False(t, r.updateDue())
}
