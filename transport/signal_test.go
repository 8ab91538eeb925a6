package transport_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/transport"
)

func onLoopback() (net.PacketConn, error) { return net.ListenPacket("udp", "127.0.0.1:0") }

// loopbackHost is one on a real socket, which a test with real HTTP needs.
func loopbackHost(t *testing.T, cfg transport.HostConfig) *transport.Host {
	t.Helper()
	cfg.ListenPacket = onLoopback
	h, err := transport.NewHost(cfg)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, h.Close()) })
	return h
}

func TestSignallingAnswersEveryWrongRequest(t *testing.T) {
	host := loopbackHost(t, transport.HostConfig{Authorize: func(_ context.Context, _ *http.Request, given string) (transport.Grant, error) {
		switch given {
		case token:
			return transport.Grant{}, nil
		case "known but not here":
			return transport.Grant{}, transport.ErrForbidden
		default:
			return transport.Grant{}, errors.New("unknown: " + given)
		}
	}})
	for _, c := range []struct {
		name, method, target, token, kind, body string
		status                                  int
		says                                    string
	}{
		{"GET", "GET", "/", token, "", "", 405, "POST an offer"},
		{"OPTIONS", "OPTIONS", "/", "", "", "", 204, ""},
		{"no token", "POST", "/", "", "application/sdp", "v=0", 401, "lets nobody in"},
		{"a wrong token", "POST", "/", "guess", "application/sdp", "v=0", 401, "lets nobody in"},
		{"a token for elsewhere", "POST", "/", "known but not here", "application/sdp", "v=0", 403, "not allowed"},
		{"JSON", "POST", "/", token, "application/json", "{}", 415, "application/sdp"},
		{"no type", "POST", "/", token, "", "v=0", 415, "application/sdp"},
		{"another version", "POST", "/", token, "application/sdp", "v=0\r\na=thinpane:2\r\n", 400, "version \"2\""},
		{"no version", "POST", "/", token, "application/sdp", "v=0\r\n", 400, "a=thinpane:1"},
		{"no SDP", "POST", "/", token, "application/sdp", "hello\r\na=thinpane:1\r\n", 400, "cannot be answered"},
		{"an empty offer", "POST", "/", token, "application/sdp", "v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=thinpane:1\r\n", 400, "cannot be answered"},
		{"a flood", "POST", "/", token, "application/sdp", strings.Repeat("a=thinpane:1\r\n", 4000), 413, "32768"},
		{"PATCH of nothing", "PATCH", "/", token, "application/trickle-ice-sdpfrag", "", 405, ""},
		{"PATCH of a session that is none", "PATCH", "/?session=ABC", token, "application/trickle-ice-sdpfrag", "", 404, "no such session"},
		{"DELETE of a session that is none", "DELETE", "/?session=ABC", token, "", "", 404, "no such session"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := serve(host, c.method, c.target, c.token, c.kind, c.body)
			require.Equal(t, c.status, w.Code, w.Body)
			require.Contains(t, w.Body.String(), c.says)
			require.NotContains(t, w.Body.String(), token)
			require.Empty(t, w.Header().Get("Access-Control-Allow-Origin"))
			switch c.status {
			case 401:
				require.Equal(t, "Bearer", w.Header().Get("WWW-Authenticate"))
			case 405, 204:
				require.Contains(t, w.Header().Get("Allow"), "POST")
			}
		})
	}
}

func serve(h http.Handler, method, target, token, kind, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestAHostWithoutAuthorizeRefusesEveryone(t *testing.T) {
	host := loopbackHost(t, transport.HostConfig{})
	w := serve(host, "POST", "/", token, "application/sdp", "v=0")
	require.Equal(t, http.StatusUnauthorized, w.Code)
}

// spy keeps what a viewer sent and got, so that a test can play with the session.
type spy struct {
	http.Handler
	offer, location, answer string
	prefix                  string
}

func (s *spy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	rec := httptest.NewRecorder()
	http.StripPrefix(s.prefix, s.Handler).ServeHTTP(rec, r)
	if r.Method == http.MethodPost {
		s.offer, s.answer, s.location = string(body), rec.Body.String(), rec.Header().Get("Location")
	}
	for k, v := range rec.Header() {
		w.Header()[k] = v
	}
	w.WriteHeader(rec.Code)
	w.Write(rec.Body.Bytes())
}

func TestASessionBehindAProxyIsPatchedAndEnded(t *testing.T) {
	host := loopbackHost(t, transport.HostConfig{Authorize: onlyToken})
	proxy := &spy{Handler: host, prefix: "/offices/north"}
	server := httptest.NewServer(proxy)
	defer server.Close()
	viewer, err := transport.Dial(t.Context(), server.URL+"/offices/north/screen?desk=4", transport.DialConfig{Config: transport.Config{ListenPacket: onLoopback}, Token: token})
	require.NoError(t, err)
	_, err = host.Accept(t.Context())
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(proxy.location, "?desk=4&session="), "relative, and the query is kept: %s", proxy.location)
	require.Equal(t, 1, strings.Count(proxy.answer, "a=thinpane:1"))
	require.Contains(t, proxy.answer, "a=setup:passive", "the host is DTLS's server")

	const frag = "application/trickle-ice-sdpfrag"
	at := "/screen" + proxy.location
	ufrag := lineOf(proxy.offer, "a=ice-ufrag:")
	candidate := "a=mid:0\r\na=candidate:1 1 udp 2130706431 127.0.0.1 9 typ host\r\n"
	require.Equal(t, 204, serve(host, "PATCH", at, token, frag, ufrag+candidate).Code)
	require.Equal(t, 422, serve(host, "PATCH", at, token, frag, "a=ice-ufrag:other\r\na=ice-pwd:other\r\n"+candidate).Code, "no ICE restart")
	require.Equal(t, 400, serve(host, "PATCH", at, token, frag, candidate).Code)
	require.Equal(t, 400, serve(host, "PATCH", at, token, frag, ufrag+"a=candidate:nonsense\r\n").Code)
	require.Equal(t, 400, serve(host, "PATCH", at, token, frag, ufrag+strings.Repeat(candidate, 33)).Code)
	require.Equal(t, 415, serve(host, "PATCH", at, token, "text/plain", ufrag+candidate).Code)
	require.Equal(t, 401, serve(host, "PATCH", at, "stolen", frag, ufrag+candidate).Code)
	require.Equal(t, 401, serve(host, "DELETE", at, "", "", "").Code)
	require.NoError(t, viewer.Err())

	require.Equal(t, 200, serve(host, "DELETE", at, token, "", "").Code)
	<-viewer.Done()
	require.ErrorIs(t, viewer.Err(), transport.ErrClosed)
	require.Equal(t, 404, serve(host, "DELETE", at, token, "", "").Code)
}

func lineOf(sdp, prefix string) string {
	for line := range strings.Lines(sdp) {
		if strings.HasPrefix(line, prefix) {
			return line
		}
	}
	return ""
}

func TestDialSaysWhyItFailed(t *testing.T) {
	status := func(code int, text string) string {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.Error(w, text, code) }))
		t.Cleanup(s.Close)
		return s.URL
	}
	for _, c := range []struct {
		url  string
		want error
	}{
		{status(404, "nothing here"), transport.ErrGone},
		{status(410, "gone"), transport.ErrGone},
		{status(403, "no"), transport.ErrRefused},
		{status(503, "later"), transport.ErrFull},
		{status(500, "broken"), transport.ErrSetup},
		{status(201, "no location"), transport.ErrSetup},
		{"ftp://somewhere", transport.ErrSetup},
		{"not a url", transport.ErrSetup},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		_, err := transport.Dial(ctx, c.url, transport.DialConfig{})
		require.ErrorIs(t, err, c.want, c.url)
		cancel()
	}
}

// Two programs on one machine, in real time, with nothing configured but the token.
func TestWithDefaultsTwoEndsOfOneMachineFindEachOther(t *testing.T) {
	host, err := transport.NewHost(transport.HostConfig{Authorize: onlyToken})
	require.NoError(t, err)
	defer host.Close()
	server := httptest.NewServer(host)
	defer server.Close()
	viewer, err := transport.Dial(t.Context(), server.URL, transport.DialConfig{Token: token})
	require.NoError(t, err)
	defer viewer.Close()
	hc, err := host.Accept(t.Context())
	require.NoError(t, err)
	sent := make(chan error, 1)
	go func() { sent <- sendAll(t.Context(), hc, 500) }()
	receiveAll(t, viewer, 500)
	require.NoError(t, <-sent)
	stats := hc.Stats()
	require.Equal(t, uint64(500), stats.Sent.Objects)
	require.Greater(t, stats.Sent.Packets, uint64(200))
}
