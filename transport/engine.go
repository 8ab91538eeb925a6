package transport

import (
	"fmt"
	"log/slog"
	"net"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/stun/v4"
	"github.com/pion/transport/v5/stdnet"
	"github.com/pion/webrtc/v4"
)

// engine is what all sessions of a Host, or the one of a Dial, have in common below: a socket, a certificate, pion's settings.
type engine struct {
	api   *webrtc.API
	conf  webrtc.Configuration
	mux   *ice.UDPMuxDefault
	doors *doors
	check *checker // a viewer's
	sites sites    // a host's
	log   *slog.Logger
}

const (
	// minCwnd in bytes: above whatever the controller lets be under way, so that SCTP's congestion control never holds a message.
	minCwnd = 4 << 20
	// rtoMax: SCTP tries again at least so often after an outage.
	rtoMax = 2 * time.Second
	// dtlsRetry: DTLS's own 1 s makes a lost flight cost a second; below the round trip plus the flight's bytes it would send
	// each flight twice.
	dtlsRetry = 400 * time.Millisecond
	// checkRetry: the viewer repeats its check so often until the channel is open, with 130 bytes, for the same reasons.
	checkRetry = dtlsRetry
)

func newEngine(cfg Config, host bool) (*engine, error) {
	socket, err := openSocket(cfg)
	if err != nil {
		return nil, err
	}
	e := &engine{doors: newDoors(time.Now()), log: cfg.Logger}
	logs := pionLog{cfg.Logger}
	system, err := stdnet.NewNet()
	if err != nil {
		_ = socket.Close()
		return nil, fmt.Errorf("transport: the network's interfaces cannot be listed: %w", err)
	}
	gated := &gatedSocket{socket, e.doors}
	e.mux = ice.NewUDPMuxDefault(ice.UDPMuxParams{UDPConn: gated, Logger: logs.NewLogger("ice"), Net: system})

	var se webrtc.SettingEngine
	se.LoggerFactory = logs
	se.SetNet(gatedNet{system, e.doors})
	se.DetachDataChannels()
	se.DisableCloseByDTLS(true) // the channel's end tells, and Conn closes
	se.SetSCTPMinCwnd(minCwnd)
	se.SetSCTPRTOMax(rtoMax)
	se.EnableSCTPZeroChecksum(true)
	se.EnableSctpSnap(true)
	se.SetDTLSInsecureSkipHelloVerify(true)
	se.SetDTLSRetransmissionInterval(dtlsRetry)
	se.SetDTLSCipherSuites(dtls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256)
	se.SetICEUDPMux(e.mux)
	se.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	se.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4, webrtc.NetworkTypeUDP6})
	se.SetIncludeLoopbackCandidate(needsLoopback(socket.LocalAddr()))
	se.SetICETimeouts(0, 0, 0) // no pings, and no judgement: Conn judges
	if len(cfg.PublicIPs) > 0 {
		err := se.SetICEAddressRewriteRules(webrtc.ICEAddressRewriteRule{
			External: cfg.PublicIPs, AsCandidateType: webrtc.ICECandidateTypeHost, Mode: webrtc.ICEAddressRewriteReplace,
		})
		if err != nil {
			_ = e.close()
			return nil, fmt.Errorf("transport: PublicIPs cannot be used: %w", err)
		}
	}
	// The first check that comes through selects its pair: one round trip less.
	if !host {
		e.check = &checker{socket: gated, log: cfg.Logger}
		se.SetICEBindingRequestHandler(e.check.received)
	} else {
		se.SetICEBindingRequestHandler(func(*stun.Message, ice.Candidate, ice.Candidate, *ice.CandidatePair) bool { return true })
		if err := se.SetAnsweringDTLSRole(webrtc.DTLSRoleServer); err != nil {
			_ = e.close()
			return nil, err
		}
	}
	if cfg.SettingEngine != nil {
		cfg.SettingEngine(&se)
	}
	e.api = webrtc.NewAPI(webrtc.WithSettingEngine(se), webrtc.WithMediaEngine(&webrtc.MediaEngine{}), webrtc.WithInterceptorRegistry(&interceptor.Registry{}))
	for _, s := range cfg.ICEServers {
		e.conf.ICEServers = append(e.conf.ICEServers, webrtc.ICEServer{URLs: s.URLs, Username: s.Username, Credential: s.Credential})
	}
	cert := cfg.Certificate
	if cert == nil {
		if cert, err = newCertificate(); err != nil {
			_ = e.close()
			return nil, fmt.Errorf("transport: no certificate could be made: %w", err)
		}
	}
	e.conf.Certificates = []webrtc.Certificate{*cert}
	return e, nil
}

// close closes the socket too.
func (e *engine) close() error { return e.mux.Close() }

func openSocket(cfg Config) (net.PacketConn, error) {
	if cfg.ListenPacket != nil {
		c, err := cfg.ListenPacket()
		if err != nil {
			return nil, fmt.Errorf("transport: ListenPacket: %w", err)
		}
		if _, ok := c.LocalAddr().(*net.UDPAddr); !ok {
			c.Close()
			return nil, fmt.Errorf("transport: ListenPacket opened the address %v, which is not UDP's", c.LocalAddr())
		}
		return c, nil
	}
	c, err := net.ListenUDP("udp", &net.UDPAddr{Port: cfg.UDPPort})
	if err != nil {
		return nil, fmt.Errorf("transport: UDPPort %d cannot be opened: %w", cfg.UDPPort, err)
	}
	return c, nil
}

// needsLoopback says whether loopback addresses are to be offered: they are all there is, or the caller chose one.
func needsLoopback(local net.Addr) bool {
	if u, ok := local.(*net.UDPAddr); ok && !u.IP.IsUnspecified() {
		return u.IP.IsLoopback()
	}
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return true
	}
	for _, a := range addrs {
		if n, ok := a.(*net.IPNet); ok && !n.IP.IsLoopback() && !n.IP.IsLinkLocalUnicast() {
			return false
		}
	}
	return true
}
