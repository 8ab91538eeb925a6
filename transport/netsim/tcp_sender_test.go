package netsim

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const testMSS = 1000

// flow is a sender under test, with a peer whose window is open and whose round trip is 100 ms.
type flow struct {
	*testing.T
	sender
	now time.Duration
}

// opened returns a flow that has shaken hands at 100 ms and has much to send.
func opened(t *testing.T) *flow {
	f := &flow{T: t, sender: newSender(testMSS)}
	c, ok := f.outgoing(0)
	require.True(t, ok)
	require.Equal(t, chunk{syn: true}, c)
	f.none()
	f.now = 100 * time.Millisecond
	f.ack(1)
	f.write(make([]byte, 1_000_000))
	return f
}

// ack takes an acknowledgement of a chunk that was sent 100 ms ago.
func (f *flow) ack(upTo int64) {
	f.acknowledge(f.now, &segment{ack: upTo, edge: upTo + receiveWindow, echo: f.now - 100*time.Millisecond}, true)
}

// out requires that these full chunks leave now, and no more; in kB after the first byte.
func (f *flow) out(kB ...int64) {
	f.Helper()
	var got []int64
	for c, ok := f.outgoing(f.now); ok; c, ok = f.outgoing(f.now) {
		require.Len(f, c.data, testMSS)
		got = append(got, (c.seq-1)/testMSS)
	}
	require.Equal(f, kB, got)
}

func (f *flow) none() { f.Helper(); f.out() }

func kB(n int64) int64 { return 1 + n*testMSS }

func TestSlowStartDoublesAndAvoidanceAddsOne(t *testing.T) {
	f := opened(t)
	f.out(0, 1, 2, 3, 4, 5, 6, 7, 8, 9)
	f.ack(kB(2))
	f.out(10, 11, 12, 13)
	f.ack(kB(10))
	require.EqualValues(t, 20*testMSS, f.cwnd)
	f.ssthresh = f.cwnd
	for range 20 {
		for _, ok := f.outgoing(f.now); ok; _, ok = f.outgoing(f.now) {
		}
		f.ack(f.una + testMSS)
	}
	require.EqualValues(t, 21*testMSS, f.cwnd)
}

func TestThreeDuplicatesRepairALoss(t *testing.T) {
	f := opened(t)
	f.out(0, 1, 2, 3, 4, 5, 6, 7, 8, 9) // 0 and 5 get lost
	f.ack(1)
	f.out(10) // limited transmit
	f.ack(1)
	f.out(11)
	f.ack(1)
	f.out(0) // fast retransmit
	require.EqualValues(t, 6*testMSS, f.ssthresh, "half of the twelve out")
	for range 3 {
		f.ack(1) // 4, 6, 7
	}
	f.none() // the window is 6 + 6: the twelve that are out
	f.ack(1) // 8
	f.out(12)
	f.ack(kB(5)) // partial: 0 to 4 are there
	f.out(5, 13) // the next hole, at once, and one for the one that was repaired
	f.ack(kB(12))
	require.False(t, f.recovery, "all of it has arrived")
	require.EqualValues(t, 3*testMSS, f.cwnd, "no burst: what is out, and one")
	f.out(14)
}

func TestATimeoutBeginsAgainWithOneSegment(t *testing.T) {
	f := opened(t)
	f.out(0, 1, 2, 3, 4, 5, 6, 7, 8, 9)
	require.Equal(t, 400*time.Millisecond, f.wakeAt, "100 + 100 + 200 ms")
	f.now = f.wakeAt
	require.True(t, f.timeout(f.now))
	f.out(0)
	require.EqualValues(t, 5*testMSS, f.ssthresh)
	require.Equal(t, f.now+600*time.Millisecond, f.wakeAt, "twice as patient")
	for range 5 {
		f.ack(1) // what had arrived before: no sign of a loss
	}
	require.False(t, f.recovery)
	f.ack(kB(4)) // the others had arrived
	f.out(4, 5)  // and count once
	f.ack(kB(6))
	f.out(6, 7, 8)
}

func TestALostPeerIsGivenUp(t *testing.T) {
	f := opened(t)
	f.out(0, 1, 2, 3, 4, 5, 6, 7, 8, 9)
	tries := 0
	for f.now = f.wakeAt; f.timeout(f.now); f.now = f.wakeAt {
		f.out(0)
		tries++
	}
	require.Equal(t, dataRetries, tries)
}

func TestAClosedWindowIsProbedUntilItOpens(t *testing.T) {
	f := opened(t)
	f.edge = kB(1) + 500
	c, ok := f.outgoing(f.now)
	require.True(t, ok)
	require.Len(t, c.data, testMSS)
	f.none() // not a small piece while another is out
	f.acknowledge(f.now, &segment{ack: kB(1), edge: kB(1), echo: 0}, true)
	c, ok = f.outgoing(f.now)
	require.True(t, ok)
	require.Len(t, c.data, 500, "what is left of the window")
	f.acknowledge(f.now, &segment{ack: kB(1) + 500, echo: 0}, true)
	f.none()
	for range 2 * dataRetries { // as long as it answers
		f.now = f.wakeAt
		require.True(t, f.timeout(f.now))
		c, ok = f.outgoing(f.now)
		require.True(t, ok)
		require.Equal(t, chunk{seq: kB(1) + 499}, c)
		f.none()
		f.acknowledge(f.now, &segment{ack: kB(1) + 500}, true)
	}
	f.acknowledge(f.now, &segment{ack: kB(1) + 500, edge: kB(3) + 500, update: true}, true)
	c, ok = f.outgoing(f.now)
	require.True(t, ok)
	require.Equal(t, kB(1)+500, c.seq)
}

func TestAnIdleSenderBeginsAgainAtTheInitialWindow(t *testing.T) {
	f := opened(t)
	f.cwnd = 64 * testMSS
	f.sentAt = f.now
	f.now += 350 * time.Millisecond // one time-out of 300 ms
	f.slowStartAfterIdle(f.now)
	require.EqualValues(t, 32*testMSS, f.cwnd)
	f.sentAt = f.now - time.Hour
	f.slowStartAfterIdle(f.now)
	require.EqualValues(t, initialWindow*testMSS, f.cwnd)
}

func TestTheLastBytesCarryTheFIN(t *testing.T) {
	f := &flow{T: t, sender: newSender(testMSS)}
	f.outgoing(0)
	f.now = 100 * time.Millisecond
	f.ack(1)
	f.write(make([]byte, 1500))
	f.close()
	f.close()
	f.out1(chunk{seq: 1, data: make([]byte, 1000)})
	f.out1(chunk{seq: 1001, data: make([]byte, 500), fin: true})
	f.none()
	require.Zero(t, f.unsent())
	f.ack(1501)
	require.False(t, f.finAcked())
	f.now = f.wakeAt
	f.timeout(f.now)
	f.out1(chunk{seq: 1501, data: []byte{}, fin: true})
	f.ack(1502)
	require.True(t, f.finAcked())
	require.Zero(t, f.wakeAt)
	f.ack(9999)
	require.EqualValues(t, 1502, f.una, "of what was never sent")
}

func (f *flow) out1(want chunk) {
	f.Helper()
	got, ok := f.outgoing(f.now)
	require.True(f, ok)
	require.Equal(f, want, got)
}
