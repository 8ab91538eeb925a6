package transport_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/transport/netsim"
)

// The line halves; the queue is short again within a second, with SCTP below.
func TestAfterTheLineHalvesTheQueueIsShortSoon(t *testing.T) {
	line := loadLine(t, "dsl-512k")
	line.Down.Steps = []netsim.Step{{At: 0, Bps: 512e3}, {At: 10 * time.Second, Bps: 256e3}, {At: 1000 * time.Second, Bps: 256e3}}
	onLine(t, line, func(t *testing.T, s *stack) {
		host, viewer := s.dial()
		s.net.RestartSteps()
		begun := s.net.Now()
		go sendAll(t.Context(), host, 1<<40)
		for s.net.Now()-begun < 25*time.Second {
			m, err := viewer.Receive(t.Context())
			require.NoError(t, err)
			viewer.Decoded(m.State)
		}
		var short time.Duration
		for _, p := range s.net.Packets(netsim.Down) {
			if at := p.At - begun; at > 10*time.Second && p.Wait > 70*time.Millisecond {
				short = at - 10*time.Second
			}
		}
		t.Logf("short after %v; rate %.0f", short, host.Stats().Rate)
		require.Less(t, short, time.Second)
		require.InDelta(t, 256e3, host.Stats().Rate, 15e3)
	})
}
