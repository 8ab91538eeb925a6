package netsim

import (
	"net"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// sockets returns a socket at each end.
func sockets(t *testing.T, n *Net) (near, far net.PacketConn) {
	t.Helper()
	near, err := n.ListenPacket(Near)
	require.NoError(t, err)
	far, err = n.ListenPacket(Far)
	require.NoError(t, err)
	return near, far
}

func TestADatagramArrivesAfterItsBytesAndTheDelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := New(plain(1e6, 30*time.Millisecond, time.Second), 1)
		defer n.Close()
		near, far := sockets(t, n)
		time.Sleep(time.Second)
		b := make([]byte, 2000)
		b[0] = 23
		k, err := near.WriteTo(b[:972], far.LocalAddr())
		require.NoError(t, err)
		require.Equal(t, 972, k)
		b[0] = 1 // the packet holds a copy
		_, err = near.WriteTo(b[:97], far.LocalAddr())
		require.NoError(t, err)
		k, from, err := far.ReadFrom(b)
		require.NoError(t, err)
		require.Equal(t, 1038*time.Millisecond, n.Now())
		require.Equal(t, 972, k)
		require.EqualValues(t, 23, b[0])
		require.Equal(t, near.LocalAddr(), from)
		k, _, err = far.ReadFrom(b[:10])
		require.NoError(t, err)
		require.Equal(t, 10, k, "cut off, as by a socket")
		require.Equal(t, 1039*time.Millisecond, n.Now())
		require.Equal(t, []Packet{
			{At: time.Second, Size: 1000, Kind: Data},
			{At: time.Second, Wait: 8 * time.Millisecond, Size: 125, Kind: STUN},
		}, n.Packets(Down))
		require.Empty(t, n.Packets(Up))
		require.Equal(t, 5e5, n.Bits(Down, time.Second, 1500*time.Millisecond))
	})
}

func TestTotalsCountWhatEnteredTheQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		line := plain(1e6, 0, 8*time.Millisecond)
		line.Down.Loss = 1
		n := New(line, 1)
		defer n.Close()
		near, far := sockets(t, n)
		for range 3 {
			near.WriteTo(make([]byte, 972), far.LocalAddr())
		}
		packets, bytes := n.Totals(Down)
		require.Equal(t, []int{2, 2000}, []int{packets, bytes})
		require.Equal(t, []Fate{Lost, Lost, Dropped}, []Fate{n.Packets(Down)[0].Fate, n.Packets(Down)[1].Fate, n.Packets(Down)[2].Fate})
	})
}

func TestWhatIsForNobodyCrossesTheLineAndIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := New(plain(1e6, 0, time.Second), 1)
		defer n.Close()
		near, far := sockets(t, n)
		for _, to := range []string{"192.168.1.1:9", "[::1]:9", "127.0.0.1:4000"} {
			addr, err := net.ResolveUDPAddr("udp", to)
			require.NoError(t, err)
			_, err = near.WriteTo([]byte("hello"), addr)
			require.NoError(t, err)
		}
		packets, _ := n.Totals(Down)
		require.Equal(t, 3, packets)
		_, err := near.WriteTo(nil, &net.UnixAddr{Name: "x"})
		require.ErrorContains(t, err, "netsim: x is no address with a port")
		_, err = near.WriteTo(make([]byte, 65_508), far.LocalAddr())
		require.ErrorIs(t, err, syscall.EMSGSIZE)
	})
}

func TestSocketsAtOneEndNeedNoLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := New(plain(1e6, time.Second, time.Second), 1)
		defer n.Close()
		a, _ := sockets(t, n)
		b, err := n.ListenPacket(Near)
		require.NoError(t, err)
		_, err = a.WriteTo([]byte("hello"), b.LocalAddr())
		require.NoError(t, err)
		buf := make([]byte, 10)
		k, _, err := b.ReadFrom(buf)
		require.NoError(t, err)
		require.Equal(t, "hello", string(buf[:k]))
		require.Zero(t, n.Now())
		require.Empty(t, n.Packets(Down))
	})
}

func TestDeadlinesOfASocket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := New(plain(1e6, 0, time.Second), 1)
		defer n.Close()
		near, far := sockets(t, n)
		require.NoError(t, near.SetDeadline(time.Now().Add(time.Second)))
		_, _, err := near.ReadFrom(nil)
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		require.Equal(t, time.Second, n.Now())
		_, err = near.WriteTo(nil, far.LocalAddr())
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		require.NoError(t, near.SetWriteDeadline(time.Time{}))
		_, err = near.WriteTo(nil, far.LocalAddr())
		require.NoError(t, err)
		_, _, err = near.ReadFrom(nil)
		require.ErrorIs(t, err, os.ErrDeadlineExceeded, "it stays past")

		// A deadline that is moved does not fire at its first time.
		require.NoError(t, near.SetReadDeadline(time.Now().Add(time.Second)))
		require.NoError(t, near.SetReadDeadline(time.Now().Add(3*time.Second)))
		_, _, err = near.ReadFrom(nil)
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		require.Equal(t, 4*time.Second, n.Now())
	})
}

func TestClosingASocketEndsItsRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := New(plain(1e6, 0, time.Second), 1)
		defer n.Close()
		near, far := sockets(t, n)
		time.AfterFunc(time.Second, func() { near.Close() })
		_, _, err := near.ReadFrom(nil)
		require.ErrorIs(t, err, net.ErrClosed)
		_, err = near.WriteTo(nil, far.LocalAddr())
		require.ErrorIs(t, err, net.ErrClosed)
		require.ErrorIs(t, near.Close(), net.ErrClosed)
		require.ErrorIs(t, near.SetDeadline(time.Now()), net.ErrClosed)
		require.NoError(t, n.Close())
		_, _, err = far.ReadFrom(nil)
		require.ErrorIs(t, err, net.ErrClosed)
		_, err = n.ListenPacket(Near)
		require.ErrorIs(t, err, net.ErrClosed)
	})
}

func TestASocketThatNobodyReadsKeepsABoundedQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := New(plain(1e9, 0, time.Minute), 1)
		defer n.Close()
		near, far := sockets(t, n)
		for range 10_000 {
			near.WriteTo(make([]byte, 1000), far.LocalAddr())
		}
		time.Sleep(time.Second)
		require.NoError(t, far.SetReadDeadline(time.Now().Add(time.Second)))
		got := 0
		for {
			if _, _, err := far.ReadFrom(nil); err != nil {
				break
			}
			got++
		}
		require.Equal(t, receiveBuffer/(1000+datagramCost), got)
	})
}
