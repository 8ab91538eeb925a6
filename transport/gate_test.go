package transport

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// datagram is one of DTLS's application data that carries n bytes of a message.
func datagram(n int) []byte {
	b := make([]byte, datagramHeader+chunkHeader+(n+3)&^3)
	b[0] = dtlsApplicationData
	return b
}

func TestTheGateLetsMessagesPassAndHoldsAStormOfResends(t *testing.T) {
	g := newGate()
	now := time.Second
	for range 50 {
		g.expect(maxPayload)
		require.True(t, g.pass(now, datagram(maxPayload), 28))
		now += 10 * ms
	}
	require.Zero(t, g.counted().surplus)

	// A time-out sends all of them again at once.
	passed := 0
	for range 50 {
		if g.pass(now, datagram(maxPayload), 28) {
			passed++
		}
	}
	require.Equal(t, int(surplusFirst), passed)
	require.Equal(t, uint64(44), g.counted().dropped)
	require.Equal(t, uint64(6*wireSize(maxPayload)), g.counted().surplusSize)
	require.Equal(t, 6*wireSize(maxPayload), g.tookOthers(), "the controller is told")
	require.Zero(t, g.tookOthers())
}

func TestResendsOfWhatIsKnownToBeLostPass(t *testing.T) {
	g := newGate()
	g.line(idleNever, 125e3)
	now := time.Second
	for range 50 {
		g.pass(now, datagram(maxPayload), 28)
	}
	g.lost(20)
	passed := 0
	for range 100 { // SCTP tries for a second
		if g.pass(now, datagram(maxPayload), 28) {
			passed++
		}
		now += 10 * ms
	}
	require.InDelta(t, 20, passed, 2, "the lost ones, and little more")
}

func TestOnAnIdleLineResendsPassOneAfterTheOther(t *testing.T) {
	g := newGate()
	now := 10 * time.Second
	g.line(idleNever, 32e3)
	for g.pass(now, datagram(maxPayload), 28) {
	}
	g.line(now, 32e3)
	require.True(t, g.pass(now, datagram(maxPayload), 28))
	require.False(t, g.pass(now, datagram(maxPayload), 28), "the first still takes the line")
	require.True(t, g.pass(now+40*ms, datagram(maxPayload), 28))
}

func TestTheGateNeverHoldsSmallOrForeignPackets(t *testing.T) {
	g := newGate()
	for range 1000 {
		require.True(t, g.pass(0, datagram(16), 28), "SACKs and letters")
		require.True(t, g.pass(0, append([]byte{22}, make([]byte, 1000)...), 28), "DTLS's handshake")
		require.True(t, g.pass(0, []byte{0, 1}, 28), "STUN")
		require.True(t, g.pass(0, nil, 28))
	}
}

// SCTP may put two messages into one packet.
func TestBundledMessagesAreOurs(t *testing.T) {
	g := newGate()
	for range 100 {
		g.expect(300)
		g.expect(500)
		both := make([]byte, datagramHeader+2*chunkHeader+800)
		both[0] = dtlsApplicationData
		require.True(t, g.pass(0, both, 28))
	}
	require.Zero(t, g.counted().surplus)
}
