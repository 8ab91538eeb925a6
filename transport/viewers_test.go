package transport_test

import (
	"context"
	"net/http"
	"net/http/httptest"
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

// offerAlone is one of a viewer that never sends a packet.
const offerAlone = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\n" +
	"a=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdef012345\r\na=setup:actpass\r\na=mid:0\r\na=sctp-port:5000\r\na=fingerprint:sha-256 " +
	"00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF\r\na=thinpane:1\r\n"

func TestOffersAloneCannotTakeAllPlaces(t *testing.T) {
	everyone := func(_ context.Context, _ *http.Request, given string) (transport.Grant, error) {
		return transport.Grant{User: given}, nil
	}
	for _, c := range []struct{ maxPeers, room int }{{64, 8}, {16, 4}} {
		synctest.Test(t, func(t *testing.T) {
			s := newStack(t, loadLine(t, "dsl-2m"), transport.HostConfig{Authorize: everyone, MaxPeers: c.maxPeers, SetupTimeout: 5 * time.Second})
			t.Cleanup(s.close)
			for range 2 {
				s.dial() // who is connected counts no more
			}
			offer := func(token string) *httptest.ResponseRecorder {
				return serve(s.host, "POST", "/screen", token, "application/sdp", offerAlone)
			}
			var last *httptest.ResponseRecorder
			for range c.room {
				last = offer(token)
				require.Equal(t, http.StatusCreated, last.Code, last.Body)
			}
			refused := offer(token)
			require.Equal(t, http.StatusServiceUnavailable, refused.Code)
			require.NotEmpty(t, refused.Header().Get("Retry-After"))
			_, err := s.tryDial(t.Context(), token)
			require.ErrorIs(t, err, transport.ErrFull)

			other, err := s.tryDial(t.Context(), "another")
			require.NoError(t, err, "has room")
			require.NoError(t, other.Err())
			require.Equal(t, http.StatusOK, serve(s.host, "DELETE", "/screen"+last.Header().Get("Location"), token, "", "").Code)
			require.Equal(t, http.StatusCreated, offer(token).Code, "in place of the one that ended")
			require.Equal(t, http.StatusServiceUnavailable, offer(token).Code)
			time.Sleep(6 * time.Second)
			_, err = s.tryDial(t.Context(), token)
			require.NoError(t, err, "once the offers are too old")
		})
	}
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
