package transport_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/transport"
	"github.com/thinpane/thinpane/transport/netsim"
)

// Cut for 3 and for 10 seconds, a session goes on.
func TestASessionOutlivesOutages(t *testing.T) {
	onLine(t, loadLine(t, "outages-1m"), func(t *testing.T, s *stack) {
		host, viewer := s.dial()
		const last = 6000
		sent := make(chan error, 1)
		go func() { sent <- sendAll(t.Context(), host, last) }()
		begun := time.Now()
		receiveAll(t, viewer, last)
		require.NoError(t, <-sent)
		took := time.Since(begun)
		t.Logf("%d objects in %.1f s", last, took.Seconds())
		require.Greater(t, took, 13*time.Second, "the outages were there")
		require.NoError(t, host.Err())
		require.NoError(t, viewer.Err())
	})
}

// What is decided after the outage arrives soon after it, however long it lasted: not after a time-out of seconds.
func TestAfterAnOutageTheNextObjectArrivesSoon(t *testing.T) {
	d := netsim.Direction{Bps: 512e3, Delay: 30 * time.Millisecond, Queue: 400 * time.Millisecond, Steps: []netsim.Step{
		{At: 0, Bps: 512e3}, {At: 10 * time.Second}, {At: 20 * time.Second, Bps: 512e3}, {At: 1000 * time.Second, Bps: 512e3},
	}}
	onLine(t, netsim.Line{Name: "cut", Down: d, Up: d}, func(t *testing.T, s *stack) {
		host, viewer := s.dial()
		s.net.RestartSteps()
		begun := time.Now()
		go sendAll(t.Context(), host, 1<<40)
		var worst, after time.Duration
		before := begun
		for time.Since(begun) < 30*time.Second {
			m, err := viewer.Receive(t.Context())
			require.NoError(t, err)
			viewer.Decoded(m.State)
			if gap := m.Arrived.Sub(before); gap > worst {
				worst, after = gap, m.Arrived.Sub(begun)-20*time.Second
			}
			before = m.Arrived
		}
		t.Logf("nothing for %v, until %v after the outage", worst, after)
		require.Less(t, after, 2500*time.Millisecond, "SCTP tries what was lost again after 2 s at most")
	})
}

func TestSilenceEndsASession(t *testing.T) {
	d := netsim.Direction{Bps: 512e3, Delay: 30 * time.Millisecond, Queue: 400 * time.Millisecond, Steps: []netsim.Step{
		{At: 0, Bps: 512e3}, {At: 10 * time.Second}, {At: 1000 * time.Second}, {At: 1001 * time.Second, Bps: 512e3},
	}}
	onLine(t, netsim.Line{Name: "cut for good", Down: d, Up: d}, func(t *testing.T, s *stack) {
		host, viewer := s.dial()
		begun := time.Now()
		for _, c := range []*transport.Conn{host, viewer} {
			<-c.Done()
			require.ErrorIs(t, c.Err(), transport.ErrSilent)
			_, err := c.Receive(t.Context())
			require.ErrorIs(t, err, transport.ErrSilent)
			require.ErrorIs(t, c.Send(t.Context(), 1, nil), transport.ErrSilent)
		}
		require.InDelta(t, 45, time.Since(begun).Seconds(), 16)
	})
}

// An idle session costs next to nothing, and lives.
func TestAnIdleSessionLivesOnFewBytes(t *testing.T) {
	onLine(t, loadLine(t, "thin-256k"), func(t *testing.T, s *stack) {
		host, viewer := s.dial()
		time.Sleep(10 * time.Second)
		_, down := s.net.Totals(netsim.Down)
		_, up := s.net.Totals(netsim.Up)
		time.Sleep(10 * time.Minute)
		_, downAfter := s.net.Totals(netsim.Down)
		_, upAfter := s.net.Totals(netsim.Up)
		t.Logf("%d bit/s down, %d bit/s up", (downAfter-down)*8/600, (upAfter-up)*8/600)
		require.Less(t, (downAfter-down)*8/600, 150)
		require.Less(t, (upAfter-up)*8/600, 150)
		require.NoError(t, host.Err())
		require.NoError(t, viewer.Err())
	})
}
