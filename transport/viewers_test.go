package transport_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/transport"
)

func TestTwoViewersOfOneHostShareTheLine(t *testing.T) {
	onLine(t, loadLine(t, "dsl-512k"), func(t *testing.T, s *stack) {
		h1, v1 := s.dial()
		h2, v2 := s.dial()
		require.NotEqual(t, h1.ID(), h2.ID())
		require.Equal(t, h1.ID(), v1.ID())
		require.Equal(t, transport.Grant{User: "ann", Site: "town hall"}, h1.Grant())
		require.NotEqual(t, h1.RemoteAddr(), h2.RemoteAddr())
		const last = 1500
		go sendAll(t.Context(), h1, last)
		go sendAll(t.Context(), h2, last)
		done := make(chan time.Duration, 2)
		begun := time.Now()
		for _, v := range []*transport.Conn{v1, v2} {
			go func() {
				receiveAll(t, v, last)
				done <- time.Since(begun)
			}()
		}
		first, second := <-done, <-done
		t.Logf("%.1f s and %.1f s", first.Seconds(), second.Seconds())
		require.Less(t, second.Seconds()/first.Seconds(), 1.5, "neither starves")
	})
}

func TestAHostTakesMaxPeersAndFreesTheirPlaces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStack(t, loadLine(t, "dsl-2m"), transport.HostConfig{Authorize: onlyToken, MaxPeers: 2, SetupTimeout: 3 * time.Second})
		t.Cleanup(s.close)
		_, v1 := s.dial()
		_, _ = s.dial()
		_, err := s.tryDial(t.Context(), token)
		require.ErrorIs(t, err, transport.ErrFull)
		require.ErrorContains(t, err, "no more viewers")
		require.NoError(t, v1.Close())
		time.Sleep(time.Second)
		_, v3 := s.dial()
		require.NoError(t, v3.Err())
	})
}

func TestARefusedTokenIsErrRefused(t *testing.T) {
	onLine(t, loadLine(t, "dsl-2m"), func(t *testing.T, s *stack) {
		for _, bad := range []string{"", "another"} {
			_, err := s.tryDial(t.Context(), bad)
			require.ErrorIs(t, err, transport.ErrRefused)
			require.NotContains(t, err.Error(), token)
		}
	})
}

func TestDialEndsWithItsContext(t *testing.T) {
	onLine(t, loadLine(t, "sat-1m"), func(t *testing.T, s *stack) {
		for _, after := range []time.Duration{100 * time.Millisecond, 1500 * time.Millisecond} {
			ctx, cancel := context.WithTimeout(t.Context(), after)
			_, err := s.tryDial(ctx, token)
			require.ErrorIs(t, err, context.DeadlineExceeded)
			cancel()
		}
	})
}
