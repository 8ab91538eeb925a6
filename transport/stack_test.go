package transport_test

import (
	"context"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/transport"
	"github.com/thinpane/thinpane/transport/netsim"
)

// stack is a host behind a simulated line: HTTP signalling and pion's packets share it.
type stack struct {
	t      *testing.T
	net    *netsim.Net
	host   *transport.Host
	server *http.Server
	url    string
}

const token = "let me in"

func onlyToken(_ context.Context, _ *http.Request, given string) (transport.Grant, error) {
	if given != token {
		return transport.Grant{}, transport.ErrRefused
	}
	return transport.Grant{User: "ann", Site: "town hall"}, nil
}

// onLine runs f with a host on a line, in virtual time, and sees to it that nothing is left 10 s after its end.
func onLine(t *testing.T, line netsim.Line, f func(t *testing.T, s *stack)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := newStack(t, line, transport.HostConfig{Authorize: onlyToken})
		t.Cleanup(s.close)
		f(t, s)
	})
}

func newStack(t *testing.T, line netsim.Line, cfg transport.HostConfig) *stack {
	return newStackOn(t, netsim.New(line, 1), cfg)
}

// newStackOn is newStack on a net that the test has made.
func newStackOn(t *testing.T, n *netsim.Net, cfg transport.HostConfig) *stack {
	s := &stack{t: t, net: n}
	cfg.ListenPacket = func() (net.PacketConn, error) { return s.net.ListenPacket(netsim.Near) }
	var err error
	s.host, err = transport.NewHost(cfg)
	require.NoError(t, err)
	l, err := s.net.Listen(netsim.Near)
	require.NoError(t, err)
	s.url = "http://" + l.Addr().String() + "/screen"
	s.server = &http.Server{Handler: s.host}
	go s.server.Serve(l)
	return s
}

func (s *stack) close() {
	s.t.Helper()
	require.NoError(s.t, s.host.Close())
	s.server.Close()
	time.Sleep(10 * time.Second)
	synctest.Wait()
	require.NoError(s.t, s.net.Close())
}

func (s *stack) client() *http.Client {
	return &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, addr string) (net.Conn, error) {
			return s.net.Dial(ctx, netsim.Far, addr)
		},
	}}
}

func (s *stack) tryDial(ctx context.Context, with string) (*transport.Conn, error) {
	far := func() (net.PacketConn, error) { return s.net.ListenPacket(netsim.Far) }
	return transport.Dial(ctx, s.url, transport.DialConfig{Config: transport.Config{ListenPacket: far}, Token: with, HTTPClient: s.client()})
}

// dial connects a viewer and returns both ends.
func (s *stack) dial() (host, viewer *transport.Conn) {
	s.t.Helper()
	viewer, err := s.tryDial(s.t.Context(), token)
	require.NoError(s.t, err)
	host, err = s.host.Accept(s.t.Context())
	require.NoError(s.t, err)
	return host, viewer
}

func loadLine(t *testing.T, name string) netsim.Line {
	t.Helper()
	l, err := netsim.Load(name)
	require.NoError(t, err)
	return l
}
