package transport_test

import (
	"encoding/hex"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/transport"
)

// Whatever comes through the channel, an end that finds it wrong closes with ErrProtocol and says what was wrong.
func TestHostileBytesEndTheSessionAndNothingElse(t *testing.T) {
	for _, c := range []struct {
		name, hex string
		toHost    bool
		says      string
	}{
		{"an unknown kind", "7012", true, "kind 7"},
		{"objects from a viewer", "10000000010178", true, "kind 1"},
		{"a report from a host", "300000", false, "kind 3"},
		{"a report before anything was sent", "300000", true, "before anything"},
		{"an object far ahead", "1000007fff0178", false, "object 32767"},
		{"a length without end", "1000000001ffffffffffffffffff7f", false, "varint"},
		{"a stream that does not exist", "2000008000000161", true, "stream 0"},
		{"a fragment far ahead", "20000081400001" + "61", true, "fragment 16384"},
		{"a message of 2,049 bytes", "20" + hex.EncodeToString(make([]byte, 2048)), true, "longer than 2048"},
		{"nothing", "", true, "empty"},
	} {
		t.Run(c.name, func(t *testing.T) {
			onLine(t, loadLine(t, "dsl-2m"), func(t *testing.T, s *stack) {
				host, viewer := s.dial()
				bystander, bystanding := s.dial()
				from, to := host, viewer
				if c.toHost {
					from, to = viewer, host
				}
				b, err := hex.DecodeString(c.hex)
				require.NoError(t, err)
				require.NoError(t, from.WriteRaw(b))
				<-to.Done()
				require.ErrorIs(t, to.Err(), transport.ErrProtocol)
				require.ErrorContains(t, to.Err(), c.says)
				time.Sleep(5 * time.Second)
				require.Error(t, from.Err(), "the other end notices")
				require.NoError(t, bystander.Err())
				require.NoError(t, bystanding.Send(t.Context(), 1, []byte("still here")))
				m, err := bystander.Receive(t.Context())
				require.NoError(t, err)
				require.Equal(t, "still here", string(m.Data))
			})
		})
	}
}

// A message that never ends must not fill the memory.
func TestAStreamsMessageHasAnEnd(t *testing.T) {
	onLine(t, loadLine(t, "dsl-2m"), func(t *testing.T, s *stack) {
		host, viewer := s.dial()
		for i := range 40 {
			fragment := append([]byte{0x20, 0, byte(i), 0x01, 0, byte(i), 0xe8, 0x07}, make([]byte, 1000)...)
			if viewer.WriteRaw(fragment) != nil {
				break
			}
		}
		<-host.Done()
		require.ErrorContains(t, host.Err(), "longer than 16384")
	})
}
