package transport_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/transport"
)

func TestSmallStreamsKeepTheirOrderBothWays(t *testing.T) {
	onLine(t, loadLine(t, "lossy-1m"), func(t *testing.T, s *stack) {
		host, viewer := s.dial()
		const n = 150
		message := func(stream transport.Stream, i int) []byte {
			return bytes.Repeat([]byte{byte(stream), byte(i)}, i*i%900)
		}
		for _, ends := range [][2]*transport.Conn{{host, viewer}, {viewer, host}} {
			for _, stream := range []transport.Stream{1, 2, 31} {
				go func() {
					for i := range n {
						ends[0].Send(t.Context(), stream, message(stream, i))
					}
				}()
			}
			next := map[transport.Stream]int{}
			for range 3 * n {
				m, err := ends[1].Receive(t.Context())
				require.NoError(t, err)
				require.Equal(t, message(m.Stream, next[m.Stream]), append([]byte{}, m.Data...), "stream %d, message %d", m.Stream, next[m.Stream])
				require.Nil(t, m.Objects)
				next[m.Stream]++
			}
		}
	})
}

func TestALongMessageDoesNotHoldUpAShortOne(t *testing.T) {
	onLine(t, loadLine(t, "thin-256k"), func(t *testing.T, s *stack) {
		host, viewer := s.dial()
		clipboard := make([]byte, transport.MaxMessage)
		require.NoError(t, viewer.Send(t.Context(), 2, clipboard))
		time.Sleep(300 * time.Millisecond)
		begun := time.Now()
		require.NoError(t, viewer.Send(t.Context(), 1, []byte("key")))
		m, err := host.Receive(t.Context())
		require.NoError(t, err)
		require.Equal(t, "key", string(m.Data))
		t.Logf("the key took %v", m.Arrived.Sub(begun))
		require.Less(t, m.Arrived.Sub(begun), 700*time.Millisecond, "two packets of the clipboard and a SACK before it, at 64 kbit/s")
		m, err = host.Receive(t.Context())
		require.NoError(t, err)
		require.Equal(t, clipboard, m.Data)
	})
}

func TestSmallStreamsGoAheadOfObjects(t *testing.T) {
	onLine(t, loadLine(t, "thin-256k"), func(t *testing.T, s *stack) {
		host, viewer := s.dial()
		go sendAll(t.Context(), host, 1<<40)
		go func() {
			time.Sleep(5 * time.Second)
			host.Send(t.Context(), 3, fmt.Appendf(nil, "%d", time.Now().UnixNano()))
		}()
		for {
			m, err := viewer.Receive(t.Context())
			require.NoError(t, err)
			viewer.Decoded(m.State)
			if m.Stream == 3 {
				var sent int64
				fmt.Sscan(string(m.Data), &sent)
				late := m.Arrived.Sub(time.Unix(0, sent))
				t.Logf("%v on a busy line", late)
				require.Less(t, late, 200*time.Millisecond)
				return
			}
		}
	})
}

func TestSendBlocksWhileTooMuchIsUnsent(t *testing.T) {
	onLine(t, loadLine(t, "thin-256k"), func(t *testing.T, s *stack) {
		_, viewer := s.dial()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		sent := 0
		for ; sent < 100; sent++ {
			if err := viewer.Send(ctx, 5, make([]byte, transport.MaxMessage)); err != nil {
				require.ErrorIs(t, err, context.DeadlineExceeded)
				break
			}
		}
		require.InDelta(t, 4, sent, 1)
		require.LessOrEqual(t, viewer.Stats().Unsent, 5*transport.MaxMessage)
	})
}

func TestSendRefusesWhatCannotBeSent(t *testing.T) {
	onLine(t, loadLine(t, "thin-256k"), func(t *testing.T, s *stack) {
		host, viewer := s.dial()
		require.ErrorIs(t, viewer.Send(t.Context(), 0, nil), transport.ErrStream)
		require.ErrorIs(t, viewer.Send(t.Context(), 32, nil), transport.ErrStream)
		require.ErrorIs(t, viewer.Send(t.Context(), 1, make([]byte, transport.MaxMessage+1)), transport.ErrTooLarge)
		require.ErrorIs(t, host.SendObjects([][]byte{{1}}), transport.ErrTooLarge, "nobody asked for a budget")
		n, _ := host.Budget()
		require.ErrorIs(t, host.SendObjects([][]byte{make([]byte, n)}), transport.ErrTooLarge)
		err := host.SendObjects([][]byte{{}})
		require.EqualError(t, err, "transport: an object is empty")
		require.NotErrorIs(t, err, transport.ErrProtocol, "which the other end breaks")
		require.NoError(t, host.SendObjects([][]byte{make([]byte, n-transport.ObjectOverhead)}))
		require.ErrorIs(t, viewer.SendObjects([][]byte{{1}}), transport.ErrTooLarge, "a viewer has no budget")
	})
}

// A message that is being put together may be sent, whatever has become of the budget meanwhile.
func TestABudgetHoldsUntilSomethingIsSent(t *testing.T) {
	onLine(t, loadLine(t, "thin-256k"), func(t *testing.T, s *stack) {
		host, _ := s.dial()
		n, _ := host.Budget()
		require.Positive(t, n)
		require.NoError(t, host.Send(t.Context(), 5, make([]byte, transport.MaxMessage)))
		now, _ := host.Budget()
		require.Zero(t, now, "a message waits")
		require.NoError(t, host.SendObjects([][]byte{make([]byte, n-transport.ObjectOverhead)}))
		require.ErrorIs(t, host.SendObjects([][]byte{{1}}), transport.ErrTooLarge, "once")
	})
}

// A gap that lasts must not make an honest end send more than the other end lets wait.
func TestManySmallMessagesPassGapsBothWays(t *testing.T) {
	for _, c := range []struct {
		line string
		up   bool
		loss float64 // up, beside the line's own
		last int
	}{
		{"lossy-1m", false, 0, 40_000},
		{"lan", true, 0.1, 120_000}, // many round trips go by before SCTP tries for the third time
	} {
		t.Run(c.line, func(t *testing.T) {
			line := loadLine(t, c.line)
			line.Up.Loss += c.loss
			onLine(t, line, func(t *testing.T, s *stack) {
				from, to := s.dial()
				if c.up {
					from, to = to, from
				}
				begun := time.Now()
				go func() {
					for n := range c.last {
						if from.Send(t.Context(), 16, []byte{byte(n)}) != nil {
							return
						}
					}
				}()
				for n := range c.last {
					m, err := to.Receive(t.Context())
					if err != nil || len(m.Data) != 1 || m.Data[0] != byte(n) {
						require.NoError(t, err)
						require.Equal(t, []byte{byte(n)}, m.Data, "message %d", n)
					}
				}
				t.Logf("%v", time.Since(begun))
			})
		})
	}
}
