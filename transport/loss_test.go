package transport_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/transport"
)

// object makes one that says its number, of a length that depends on it.
func object(n uint64, most int) []byte {
	b := make([]byte, min(most, 8+int(n*97%1100)))
	for i := range b {
		b[i] = byte(n)
	}
	if len(b) >= 8 {
		binary.BigEndian.PutUint64(b, n)
	}
	return b
}

// sendAll sends objects 1 to last, as many in a message as fit, as fast as the budget allows.
func sendAll(ctx context.Context, c *transport.Conn, last uint64) error {
	for n := uint64(1); n <= last; {
		budget, grew := c.Budget()
		if budget == 0 {
			select {
			case <-grew:
			case <-ctx.Done():
				return ctx.Err()
			}
			continue
		}
		var batch [][]byte
		for n <= last {
			o := object(n, 1000)
			if len(o)+transport.ObjectOverhead > budget {
				break
			}
			budget -= len(o) + transport.ObjectOverhead
			batch = append(batch, o)
			n++
		}
		if len(batch) == 0 {
			o := object(n, budget-transport.ObjectOverhead)
			batch, n = append(batch, o), n+1
		}
		if err := c.SendObjects(batch); err != nil {
			return err
		}
	}
	return nil
}

// receiveAll checks that objects 1 to last come in order, whole, and once.
func receiveAll(t *testing.T, c *transport.Conn, last uint64) {
	t.Helper()
	for next := uint64(1); next <= last; {
		m, err := c.Receive(t.Context())
		require.NoError(t, err)
		for _, o := range m.Objects {
			require.True(t, len(o) < 8 || binary.BigEndian.Uint64(o) == next, "object %d", next)
			require.True(t, bytes.Equal(o, object(next, len(o))), "object %d is whole", next)
			next++
		}
		require.Equal(t, next-1, m.State)
		c.Decoded(m.State)
	}
}

func TestOnLossyLinesAllObjectsArriveInOrder(t *testing.T) {
	for _, name := range []string{"lossy-1m", "burst-1m", "edge-128k", "rural-4g"} {
		t.Run(name, func(t *testing.T) {
			onLine(t, loadLine(t, name), func(t *testing.T, s *stack) {
				host, viewer := s.dial()
				const last = 1000
				begun := time.Now()
				sent := make(chan error, 1)
				go func() { sent <- sendAll(t.Context(), host, last) }()
				receiveAll(t, viewer, last)
				require.NoError(t, <-sent)
				time.Sleep(2 * time.Second)
				require.Equal(t, uint64(last), host.Acked(), "and the host is told")
				h := host.Stats()
				require.Zero(t, h.Unacked)
				require.Equal(t, uint64(last), h.Sent.Objects)
				require.Equal(t, h.Sent.Payload, viewer.Stats().Received.Payload)
				t.Logf("%.1f s, loss %.1f %%, %d packets sent again, %d held back", time.Since(begun).Seconds()-2, 100*h.Loss, h.Sent.Resent, h.Sent.Held)
			})
		})
	}
}
