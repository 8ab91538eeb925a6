package netsim

import (
	"context"
	"io"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestRestartedStepsHoldForWhatHasNotGoneOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		line := plain(1e6, 10*time.Millisecond, time.Second)
		line.Down.Steps = []Step{{0, 1e6}, {100 * time.Millisecond, 0}, {10 * time.Second, 0}}
		n := New(line, 1)
		defer n.Close()
		near, far := sockets(t, n)
		time.Sleep(96 * time.Millisecond)
		for range 3 { // 4 ms of the first go out; the rest would wait ten seconds
			near.WriteTo(make([]byte, 972), far.LocalAddr())
		}
		time.Sleep(104 * time.Millisecond)
		n.RestartSteps()
		for _, at := range []int{214, 222, 230} {
			_, _, err := far.ReadFrom(nil)
			require.NoError(t, err)
			require.Equal(t, time.Duration(at)*time.Millisecond, n.Now())
		}
		require.InDelta(t, 2e5, n.Bits(Down, 0, 5*time.Second), 1e-6)
	})
}

func TestRestartedStepsLeaveWhatHasGoneOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		line := plain(1e6, 500*time.Millisecond, time.Second)
		line.Down.Steps = []Step{{0, 1e6}, {time.Second, 1e5}, {2 * time.Second, 0}}
		n := New(line, 1)
		defer n.Close()
		near, far := sockets(t, n)
		near.WriteTo(make([]byte, 972), far.LocalAddr())
		time.Sleep(100 * time.Millisecond)
		n.RestartSteps()
		_, _, err := far.ReadFrom(nil)
		require.NoError(t, err)
		require.Equal(t, 508*time.Millisecond, n.Now())
	})
}

func TestHTTPCrossesALossyLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := New(lineNamed(t, "lossy-1m"), 1)
		l, err := n.Listen(Near)
		require.NoError(t, err)
		page := pattern(100_000)
		server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			b, err := io.ReadAll(r.Body)
			if err != nil || string(b) != "offer" {
				w.WriteHeader(http.StatusBadRequest)
			}
			w.Write(page)
		})}
		served := make(chan error)
		go func() { served <- server.Serve(l) }()
		transport := &http.Transport{DialContext: func(ctx context.Context, _, addr string) (net.Conn, error) {
			return n.Dial(ctx, Far, addr)
		}}
		client := &http.Client{Transport: transport, Timeout: time.Minute}
		for range 2 { // the second time over the same stream
			req, err := http.NewRequest("POST", "http://"+l.Addr().String()+"/", &slowReader{"offer"})
			require.NoError(t, err)
			resp, err := client.Do(req)
			require.NoError(t, err)
			got, err := io.ReadAll(resp.Body)
			require.NoError(t, err)
			require.NoError(t, resp.Body.Close())
			require.Equal(t, http.StatusOK, resp.StatusCode)
			require.Equal(t, page, got)
		}
		lost := 0
		for _, p := range n.Packets(Down) {
			require.Equal(t, TCP, p.Kind)
			if p.Fate == Lost {
				lost++
			}
		}
		require.NotZero(t, lost)
		transport.CloseIdleConnections()
		require.NoError(t, server.Shutdown(t.Context()))
		require.ErrorIs(t, <-served, http.ErrServerClosed)
		require.NoError(t, n.Close())
	})
}

// slowReader makes net/http send its request's body in chunks.
type slowReader struct{ rest string }

func (r *slowReader) Read(b []byte) (int, error) {
	if r.rest == "" {
		return 0, io.EOF
	}
	n := copy(b[:1], r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

func TestDatagramsAndStreamsShareOneBottleneck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := New(plain(1e6, 10*time.Millisecond, time.Second), 1)
		defer n.Close()
		a, b := sockets(t, n)
		near, _ := connect(t, n)
		a.WriteTo(make([]byte, 972), b.LocalAddr())
		near.Write(make([]byte, 1000))
		log := n.Packets(Down)
		require.Equal(t, 8*time.Millisecond, log[len(log)-1].Wait)
	})
}

// A bubble whose goroutines do not end fails its test: synctest says so.
func TestCloseEndsAllGoroutines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := New(lineNamed(t, "rural-4g"), 1)
		near, far := sockets(t, n)
		near.WriteTo(make([]byte, 100), far.LocalAddr())
		s, _ := connect(t, n)
		s.Write(make([]byte, 50_000))
		s.SetDeadline(time.Now().Add(time.Hour))
		require.NoError(t, n.Close())
		require.NoError(t, n.Close(), "again")
	})
}

// The same in real time, without a bubble: short enough that nobody waits for it.
func TestRealTime(t *testing.T) {
	n := New(lineNamed(t, "lan"), 1)
	defer n.Close()
	begin := time.Now()
	download(t, n, 10_000)
	require.GreaterOrEqual(t, time.Since(begin), 1800*time.Microsecond) // three round trips of 0.6 ms
}

func TestABadLinePanics(t *testing.T) {
	require.PanicsWithValue(t, "netsim: bps must be from 1000 to 10000000000, not 0", func() { New(Line{}, 1) })
}
