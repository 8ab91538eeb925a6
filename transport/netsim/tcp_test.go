package netsim

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// plain is a line with nothing but a rate, a delay and a queue, alike both ways.
func plain(bps float64, delay, queue time.Duration) Line {
	d := Direction{Bps: bps, Delay: delay, Queue: queue}
	return Line{Name: "plain", Down: d, Up: d}
}

// connect returns a stream's two ends, the near one first.
func connect(t *testing.T, n *Net) (near, far net.Conn) {
	t.Helper()
	l, err := n.Listen(Near)
	require.NoError(t, err)
	far, err = n.Dial(t.Context(), Far, l.Addr().String())
	require.NoError(t, err)
	near, err = l.Accept()
	require.NoError(t, err)
	require.NoError(t, l.Close())
	return near, far
}

// download sends so many bytes down and returns how long that takes until the last is read.
func download(t *testing.T, n *Net, bytes int) time.Duration {
	t.Helper()
	near, far := connect(t, n)
	begin := n.Now()
	go func() {
		near.Write(pattern(bytes))
		near.Close()
	}()
	got, err := io.ReadAll(far)
	took := n.Now() - begin
	require.NoError(t, err)
	require.Equal(t, pattern(bytes), got)
	require.NoError(t, far.Close())
	return took
}

// pattern returns bytes that differ from their neighbours.
func pattern(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i ^ i>>8 ^ i>>16)
	}
	return b
}

// openStreams counts the ends of streams that the net knows.
func openStreams(n *Net) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return len(n.streams)
}

func lineNamed(t testing.TB, name string) Line {
	t.Helper()
	l, err := Load(name)
	require.NoError(t, err)
	return l
}

func TestAHandshakeTakesARoundTripAndItsBytes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := New(plain(480_000, 50*time.Millisecond, time.Second), 1)
		defer n.Close()
		connect(t, n)
		// 60 bytes take 1 ms, twice; the 52 of the last one cross while the client goes on.
		require.Equal(t, []Packet{{Size: 60, Kind: TCP}, {At: 102 * time.Millisecond, Size: 52, Kind: TCP}}, n.Packets(Up))
		require.Equal(t, []Packet{{At: 51 * time.Millisecond, Size: 60, Kind: TCP}}, n.Packets(Down))
	})
}

func TestALostSYNIsSentAgainAfterASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		line := plain(1e6, 10*time.Millisecond, time.Second)
		line.Up.Loss = 1
		n := New(line, 1)
		defer n.Close()
		l, err := n.Listen(Near)
		require.NoError(t, err)
		_, err = n.Dial(t.Context(), Far, l.Addr().String())
		require.ErrorIs(t, err, syscall.ETIMEDOUT)
		var at []time.Duration
		for _, p := range n.Packets(Up) {
			require.Equal(t, Lost, p.Fate)
			at = append(at, p.At/time.Second)
		}
		require.Equal(t, []time.Duration{0, 1, 3, 7, 15, 31, 63}, at)
		require.Equal(t, 127*time.Second, n.Now())
	})
}

func TestNobodyListening(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := New(plain(1e6, 10*time.Millisecond, time.Second), 1)
		defer n.Close()
		_, err := n.Dial(t.Context(), Far, "10.9.9.9:80")
		require.ErrorIs(t, err, syscall.ECONNREFUSED)
		_, err = n.Dial(t.Context(), Far, "nowhere")
		require.ErrorContains(t, err, "dial tcp: not an ip:port")
		l, err := n.Listen(Far)
		require.NoError(t, err)
		_, err = n.Dial(t.Context(), Far, l.Addr().String())
		require.ErrorContains(t, err, "the listener is at the end that dials")
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
		defer cancel()
		_, err = n.Dial(ctx, Near, l.Addr().String())
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
}

func TestAListenerThatClosesResetsWhoWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := New(plain(1e6, 10*time.Millisecond, time.Second), 1)
		defer n.Close()
		l, err := n.Listen(Near)
		require.NoError(t, err)
		for range backlog {
			_, err := n.Dial(t.Context(), Far, l.Addr().String())
			require.NoError(t, err)
		}
		waits, err := n.Dial(t.Context(), Far, l.Addr().String())
		require.NoError(t, err, "the client cannot know yet that it is one too many")
		_, err = waits.Read(make([]byte, 1))
		require.ErrorIs(t, err, syscall.ECONNRESET)
		require.Equal(t, 2*backlog, openStreams(n))
		require.NoError(t, l.Close())
		require.ErrorIs(t, l.Close(), net.ErrClosed)
		_, err = l.Accept()
		require.ErrorIs(t, err, net.ErrClosed)
		_, err = n.Dial(t.Context(), Far, l.Addr().String())
		require.ErrorIs(t, err, syscall.ECONNREFUSED)
		time.Sleep(time.Second)
		require.Zero(t, openStreams(n))
	})
}

func TestTheFirstRoundTripCarriesTenSegments(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := New(plain(100e6, 100*time.Millisecond, time.Second), 1)
		defer n.Close()
		download(t, n, 400_000)
		byTrip := map[int]int{}
		for _, p := range n.Packets(Down) {
			if p.Size > headerSYN {
				byTrip[int(p.At/(200*time.Millisecond))]++
			}
		}
		// The server is asked at 0.2 s; then slow start doubles at each round trip.
		require.Equal(t, 10, byTrip[1])
		require.Equal(t, 20, byTrip[2])
		require.Equal(t, 40, byTrip[3])
	})
}

func TestAMegabyteFillsAThinLine(t *testing.T) {
	for _, name := range []string{"isdn-64k", "thin-256k", "dsl-512k"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				line := lineNamed(t, name)
				n := New(line, 1)
				defer n.Close()
				const bytes = 1_000_000
				took := download(t, n, bytes)
				mss := line.Down.mtu() - headerTCP
				ideal := float64(bytes) * float64(line.Down.mtu()) / float64(mss) * 8 / line.Down.Bps
				t.Logf("%v, ideal %.3f s", took, ideal)
				require.InEpsilon(t, ideal, took.Seconds(), 0.03)
			})
		})
	}
}

func TestLossCostsTimeAndNoByte(t *testing.T) {
	for _, name := range []string{"lossy-1m", "burst-1m", "sat-1m", "outages-1m", "rural-4g", "edge-128k"} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				n := New(lineNamed(t, name), 3)
				defer n.Close()
				took := download(t, n, 500_000)
				packets, bytes := n.Totals(Down)
				t.Logf("%v, %d packets, %d bytes", took, packets, bytes)
				require.Less(t, took, 3*time.Minute)
			})
		})
	}
}

func TestBothWaysAtOnceUnderHeavyLossAndTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for seed := range uint64(10) {
			line := plain(1e6, 20*time.Millisecond, 50*time.Millisecond)
			line.Down.Loss, line.Up.Loss = 0.15, 0.15
			line.Down.Jitter = 30 * time.Millisecond
			n := New(line, seed)
			near, far := connect(t, n)
			done := make(chan []byte)
			for _, c := range []net.Conn{near, far} {
				go func() {
					for b := pattern(60_000); len(b) > 0; b = b[min(len(b), 777):] {
						c.Write(b[:min(len(b), 777)])
					}
					c.(interface{ CloseWrite() error }).CloseWrite()
				}()
				go func() {
					b, _ := io.ReadAll(c)
					done <- b
				}()
			}
			for range 2 {
				require.Equal(t, pattern(60_000), <-done)
			}
			time.Sleep(time.Hour) // the last acknowledgement may get lost, too
			require.Zero(t, openStreams(n), "seed %d", seed)
			require.NoError(t, n.Close())
		}
	})
}

func TestTwoStreamsShare(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := New(lineNamed(t, "dsl-2m"), 1)
		defer n.Close()
		got := [2]int{}
		for i := range got {
			near, far := connect(t, n)
			go func() {
				for {
					if _, err := near.Write(make([]byte, 10_000)); err != nil {
						return
					}
				}
			}()
			go func() {
				b := make([]byte, 10_000)
				for {
					k, err := far.Read(b)
					if err != nil {
						return
					}
					got[i] += k
				}
			}()
		}
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		share := float64(got[0]) / float64(got[0]+got[1])
		t.Logf("share %.2f, in all %.3f of the line", share, float64(got[0]+got[1])*8/2e6/120)
		require.InDelta(t, 0.5, share, 0.15)
	})
}

func TestAWriterFeelsTheLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := New(plain(1e6, 10*time.Millisecond, time.Second), 1)
		defer n.Close()
		near, far := connect(t, n)
		near.(interface{ SetWriteBuffer(int) error }).SetWriteBuffer(20_000)
		require.NoError(t, near.SetWriteDeadline(time.Now().Add(100*time.Millisecond)))
		sent, err := near.Write(make([]byte, 1_000_000))
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		require.Less(t, sent, 60_000) // 100 ms of the line, slow start's lead, and the buffer
		require.Greater(t, sent, 40_000)
		require.NoError(t, near.SetWriteDeadline(time.Time{}))
		require.NoError(t, near.Close())
		got, err := io.Copy(io.Discard, far)
		require.NoError(t, err)
		require.EqualValues(t, sent, got)
	})
}

func TestADeadlineEndsARead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := New(plain(1e6, 10*time.Millisecond, time.Second), 1)
		defer n.Close()
		near, far := connect(t, n)
		begin := n.Now()
		require.NoError(t, far.SetReadDeadline(time.Now().Add(time.Second)))
		_, err := far.Read(make([]byte, 1))
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		var timeout net.Error
		require.True(t, errors.As(err, &timeout) && timeout.Timeout())
		require.Equal(t, time.Second, n.Now()-begin)
		time.AfterFunc(time.Second, func() { far.SetReadDeadline(time.Unix(1, 0)) })
		require.NoError(t, far.SetReadDeadline(time.Now().Add(time.Hour)))
		_, err = far.Read(make([]byte, 1))
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		require.Equal(t, 2*time.Second, n.Now()-begin)
		require.NoError(t, far.SetReadDeadline(time.Time{}))
		near.Write([]byte("x"))
		_, err = io.ReadFull(far, make([]byte, 1))
		require.NoError(t, err)
	})
}

func TestAReaderThatPausesStopsTheSenderAndStartsItAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := New(plain(100e6, time.Millisecond, time.Second), 1)
		defer n.Close()
		near, far := connect(t, n)
		const all = 3 * receiveWindow
		go func() {
			near.Write(make([]byte, all))
			near.Close()
		}()
		time.Sleep(time.Minute)
		_, bytes := n.Totals(Down)
		require.Less(t, bytes, receiveWindow*11/10) // the window, and probes
		begin := n.Now()
		got, err := io.Copy(io.Discard, far)
		require.NoError(t, err)
		require.EqualValues(t, all, got)
		require.Less(t, n.Now()-begin, 2*time.Second)
	})
}

func TestClosing(t *testing.T) {
	newPair := func(t *testing.T) (*Net, net.Conn, net.Conn) {
		n := New(plain(1e6, 10*time.Millisecond, time.Second), 1)
		near, far := connect(t, n)
		return n, near, far
	}
	t.Run("half", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			n, near, far := newPair(t)
			defer n.Close()
			far.Write([]byte("question"))
			far.(interface{ CloseWrite() error }).CloseWrite()
			_, err := far.Write([]byte("more"))
			require.ErrorIs(t, err, syscall.EPIPE)
			b, err := io.ReadAll(near)
			require.NoError(t, err)
			require.Equal(t, "question", string(b))
			near.Write([]byte("answer"))
			require.NoError(t, near.Close())
			b, err = io.ReadAll(far)
			require.NoError(t, err)
			require.Equal(t, "answer", string(b))
			require.NoError(t, far.Close())
			require.ErrorIs(t, far.Close(), net.ErrClosed)
			time.Sleep(time.Second)
			require.Zero(t, openStreams(n))
		})
	})
	t.Run("with bytes unread resets", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			n, near, far := newPair(t)
			defer n.Close()
			near.Write([]byte("unread"))
			time.Sleep(time.Second)
			require.NoError(t, far.Close())
			_, err := near.Read(make([]byte, 1))
			require.ErrorIs(t, err, syscall.ECONNRESET)
			_, err = near.Write(make([]byte, 1))
			require.ErrorIs(t, err, syscall.ECONNRESET)
			require.Zero(t, openStreams(n))
		})
	})
	t.Run("of the net ends all waits", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			n, near, far := newPair(t)
			l, err := n.Listen(Near)
			require.NoError(t, err)
			errs := make(chan error)
			go func() { _, err := l.Accept(); errs <- err }()
			go func() { _, err := far.Read(make([]byte, 1)); errs <- err }()
			go func() { _, err := near.Write(make([]byte, 10<<20)); errs <- err }()
			go func() { _, err := n.Dial(context.Background(), Near, "10.9.9.9:9"); errs <- err }()
			synctest.Wait()
			require.NoError(t, n.Close())
			for range 4 {
				require.ErrorIs(t, <-errs, net.ErrClosed)
			}
			_, err = n.Listen(Near)
			require.ErrorIs(t, err, net.ErrClosed)
			_, err = n.Dial(t.Context(), Near, "10.9.9.9:9")
			require.ErrorIs(t, err, net.ErrClosed)
		})
	})
}
