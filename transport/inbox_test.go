package transport_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/transport"
)

func TestAConnThatNobodyReceivesFromEnds(t *testing.T) {
	for _, gone := range []bool{false, true} {
		onLine(t, loadLine(t, "lan"), func(t *testing.T, s *stack) {
			host, viewer := s.dial()
			begun := time.Now()
			go func() {
				for host.Send(t.Context(), 1, make([]byte, transport.MaxMessage)) == nil {
				}
			}()
			time.Sleep(10 * time.Second)
			if gone {
				require.NoError(t, host.Close())
			}
			<-viewer.Done()
			took := time.Since(begun)
			t.Logf("%v after the first byte: %v", took, viewer.Err())
			require.Less(t, took, 65*time.Second, "the inbox fills within a few seconds")
			if !gone || !errors.Is(viewer.Err(), transport.ErrLost) { // the end of what is below may show before, when it sends
				require.ErrorIs(t, viewer.Err(), transport.ErrUnread)
				require.Greater(t, took, time.Minute)
			}
			require.NoError(t, viewer.Close())
			for range 64 { // what had come
				m, err := viewer.Receive(t.Context())
				require.NoError(t, err)
				require.Len(t, m.Data, transport.MaxMessage)
			}
		})
	}
}

func TestAConnBearsWithASlowReceiver(t *testing.T) {
	onLine(t, loadLine(t, "lan"), func(t *testing.T, s *stack) {
		host, viewer := s.dial()
		go func() {
			for host.Send(t.Context(), 1, make([]byte, transport.MaxMessage)) == nil {
			}
		}()
		for range 6 {
			time.Sleep(50 * time.Second)
			_, err := viewer.Receive(t.Context())
			require.NoError(t, err)
		}
		require.NoError(t, viewer.Err())
		require.NoError(t, host.Err())
		require.NoError(t, viewer.Close())
	})
}
