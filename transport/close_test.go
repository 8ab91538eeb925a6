package transport_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/transport"
)

func TestCloseFromEitherSideDeliversWhatWasSent(t *testing.T) {
	for _, hostFirst := range []bool{true, false} {
		onLine(t, loadLine(t, "thin-256k"), func(t *testing.T, s *stack) {
			closer, other := s.dial()
			if !hostFirst {
				closer, other = other, closer
			}
			for range 3 {
				require.NoError(t, closer.Send(t.Context(), 4, make([]byte, 700)))
			}
			begun := time.Now()
			require.NoError(t, closer.Close())
			require.Less(t, time.Since(begun), 1300*time.Millisecond)
			require.NoError(t, closer.Close(), "again is fine")
			for range 3 {
				m, err := other.Receive(t.Context())
				require.NoError(t, err)
				require.Len(t, m.Data, 700)
			}
			_, err := other.Receive(t.Context())
			require.ErrorIs(t, err, transport.ErrClosed)
			require.ErrorContains(t, err, "other end")
			<-other.Done()
			require.ErrorIs(t, other.Err(), transport.ErrClosed)
			require.ErrorIs(t, closer.Err(), transport.ErrClosed)
			require.ErrorIs(t, closer.Send(t.Context(), 4, nil), transport.ErrClosed)
			n, grew := closer.Budget()
			require.Zero(t, n)
			<-grew // whoever waits is let go
		})
	}
}

func TestClosingTheHostEndsItsSessions(t *testing.T) {
	onLine(t, loadLine(t, "dsl-512k"), func(t *testing.T, s *stack) {
		var viewers []*transport.Conn
		for range 3 {
			_, viewer := s.dial()
			viewers = append(viewers, viewer)
		}
		require.NoError(t, s.host.Close())
		for _, v := range viewers {
			<-v.Done()
			require.ErrorIs(t, v.Err(), transport.ErrClosed)
			require.NoError(t, v.Close())
		}
		_, err := s.host.Accept(t.Context())
		require.ErrorIs(t, err, transport.ErrClosed)
		_, err = s.tryDial(t.Context(), token)
		require.ErrorIs(t, err, transport.ErrFull)
	})
}
