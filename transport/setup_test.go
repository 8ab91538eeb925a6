package transport_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/transport"
	"github.com/thinpane/thinpane/transport/netsim"
)

// On isdn-64k TCP sends the offer and the answer twice: they take longer than its first time-out.
//
// The floor with DTLS 1.2: two round trips for TCP and HTTP, one for DTLS's first flights, one and a half for the rest and the
// first object; and the bytes, of which 1.3 kB go up at 64 kbit/s.
func TestTheFirstObjectArrivesSoonAfterTheRequest(t *testing.T) {
	for _, c := range []struct {
		line          string
		opened, first time.Duration
	}{
		{"thin-256k", 760 * time.Millisecond, 800 * time.Millisecond},
		{"sat-1m", 2900 * time.Millisecond, 3 * time.Second},
		{"isdn-64k", 1100 * time.Millisecond, 1200 * time.Millisecond},
	} {
		t.Run(c.line, func(t *testing.T) {
			line := loadLine(t, c.line)
			line.Down.Loss, line.Up.Loss = 0, 0
			onLine(t, line, func(t *testing.T, s *stack) {
				begun := time.Now()
				go func() {
					host, err := s.host.Accept(t.Context())
					if err == nil {
						host.Budget()
						host.SendObjects([][]byte{make([]byte, 800)})
					}
				}()
				viewer, err := s.tryDial(t.Context(), token)
				require.NoError(t, err)
				opened := time.Since(begun)
				m, err := viewer.Receive(t.Context())
				require.NoError(t, err)
				require.Equal(t, uint64(1), m.State)
				first := m.Arrived.Sub(begun)
				_, down := s.net.Totals(netsim.Down)
				_, up := s.net.Totals(netsim.Up)
				rtt := line.Down.Delay + line.Up.Delay
				t.Logf("open after %v (%.1f round trips), first object after %v (%.1f); %d B down, %d B up", opened.Round(time.Millisecond),
					opened.Seconds()/rtt.Seconds(), first.Round(time.Millisecond), first.Seconds()/rtt.Seconds(), down, up)
				require.Less(t, opened, c.opened)
				require.Less(t, first, c.first)
				require.NoError(t, viewer.Close())
			})
		})
	}
}

// Whichever packet of the set-up is lost, another one follows soon. The slowest wait for TCP, which sends the offer again after 1, 3
// and 7 seconds.
func TestNoSetUpFailsUnderLoss(t *testing.T) {
	const setUps = 200
	var took []time.Duration
	for seed := range uint64(setUps) {
		synctest.Test(t, func(t *testing.T) {
			line := loadLine(t, "lan")
			line.Down.Loss, line.Up.Loss = 0.1, 0.1
			s := newStackOn(t, netsim.New(line, seed), transport.HostConfig{Authorize: onlyToken})
			defer s.close()
			begun := time.Now()
			viewer, err := s.tryDial(t.Context(), token)
			require.NoError(t, err, "seed %d", seed)
			took = append(took, time.Since(begun))
			require.NoError(t, viewer.Close())
		})
	}
	slices.Sort(took)
	t.Logf("open after %v (median), %v (19 of 20), %v (all)", took[setUps/2], took[setUps*19/20], took[setUps-1])
	require.Less(t, took[setUps/2], 600*time.Millisecond)
	require.Less(t, took[setUps*19/20], 4*time.Second)
}
