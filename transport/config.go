package transport

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/pion/webrtc/v4"
)

// Config is what both ends have in common. Its zero value works on a host with a public or a local address.
type Config struct {
	// ICEServers are asked for this end's address as seen from outside (STUN), or to forward packets (TURN).
	// Default: none, which suits one end with an address that the other can reach.
	ICEServers []ICEServer
	// PublicIPs are announced in place of the socket's own addresses: for a host behind a 1:1 NAT or in a container.
	PublicIPs []string
	// UDPPort is the local port, 1 to 65535. Default 0: any. All viewers of a Host share it.
	UDPPort int
	// ListenPacket opens the UDP socket, once for each Host and each Dial, which closes it; it wins over UDPPort.
	// Two ends that both serve several sessions from one socket each cannot be told apart: each Dial needs its own.
	ListenPacket func() (net.PacketConn, error)
	// Certificate is the DTLS certificate, for fingerprints that survive a restart. Default: made anew by each Host and Dial.
	Certificate *webrtc.Certificate
	// SettingEngine is called last, after all settings of this package: for what the other fields do not offer.
	SettingEngine func(*webrtc.SettingEngine)
	// Logger gets set-ups and failures. Default: silent.
	Logger *slog.Logger
}

// ICEServer is a STUN or TURN server.
type ICEServer struct {
	URLs                 []string // stun:host:port, turn:host:port?transport=udp
	Username, Credential string   // for TURN
}

// Grant is what Authorize allows a viewer. The transport carries it to whoever accepts the Conn.
type Grant struct {
	User     string // who it is, for logs and lists
	Site     string // sessions of one Site share a line
	ViewOnly bool   // input is to be ignored
	Value    any    // the application's own
}

// HostConfig configures a Host. Its zero value works but refuses every viewer.
type HostConfig struct {
	Config
	// Authorize decides on a viewer by the bearer token of its request ("" when it sent none). An error refuses it with
	// 401, or with 403 when it wraps ErrForbidden. It may be called by many goroutines at once. Default nil: everyone is
	// refused.
	Authorize func(ctx context.Context, r *http.Request, token string) (Grant, error)
	// MaxPeers is how many viewers may be connected or connecting at once. Of those with one token, an eighth of it (4 at least)
	// may be connecting. Default 64.
	MaxPeers int
	// SetupTimeout is how long a viewer may take from its offer to an open channel. Default 20 s.
	SetupTimeout time.Duration
}

// DialConfig configures Dial. Its zero value works.
type DialConfig struct {
	Config
	// Token is sent as bearer token. Default: none.
	Token string
	// HTTPClient carries the signalling. Default: http.DefaultClient.
	HTTPClient *http.Client
	// SetupTimeout is how long it may take from the answer to an open channel. Default 20 s.
	SetupTimeout time.Duration
	// MaxUplink is the uplink's rate in bit/s as far as it is known: reports take at most 8 % of it. Default 0: not known, and
	// taken for a quarter of the rate at which packets come down.
	MaxUplink float64
}

const (
	defaultMaxPeers     = 64
	defaultSetupTimeout = 20 * time.Second
)

func (c Config) validate() error {
	if c.UDPPort < 0 || c.UDPPort > 65535 {
		return fmt.Errorf("transport: UDPPort must be between 0 and 65535, not %d", c.UDPPort)
	}
	for _, ip := range c.PublicIPs {
		if _, err := netip.ParseAddr(ip); err != nil {
			return fmt.Errorf("transport: PublicIPs holds %q, which is no IP address", ip)
		}
	}
	for _, s := range c.ICEServers {
		if len(s.URLs) == 0 {
			return fmt.Errorf("transport: ICEServers holds a server without URLs")
		}
		for _, u := range s.URLs {
			scheme, rest, _ := strings.Cut(u, ":")
			switch scheme {
			case "stun", "stuns", "turn", "turns":
			default:
				return fmt.Errorf("transport: ICEServers holds the URL %q, which begins with none of stun:, stuns:, turn: and turns: as it should", u)
			}
			if rest == "" {
				return fmt.Errorf("transport: ICEServers holds the URL %q, which names no host", u)
			}
		}
	}
	return nil
}

func (c HostConfig) validate() error {
	if c.MaxPeers < 0 {
		return fmt.Errorf("transport: MaxPeers must not be negative, not %d", c.MaxPeers)
	}
	if c.SetupTimeout < 0 {
		return fmt.Errorf("transport: SetupTimeout must not be negative, not %v", c.SetupTimeout)
	}
	return c.Config.validate()
}

func (c HostConfig) withDefaults() HostConfig {
	if c.MaxPeers == 0 {
		c.MaxPeers = defaultMaxPeers
	}
	if c.SetupTimeout == 0 {
		c.SetupTimeout = defaultSetupTimeout
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return c
}

func (c DialConfig) validate() error {
	if c.SetupTimeout < 0 {
		return fmt.Errorf("transport: SetupTimeout must not be negative, not %v", c.SetupTimeout)
	}
	if c.MaxUplink < 0 {
		return fmt.Errorf("transport: MaxUplink must not be negative, not %v", c.MaxUplink)
	}
	return c.Config.validate()
}

func (c DialConfig) withDefaults() DialConfig {
	if c.HTTPClient == nil {
		c.HTTPClient = http.DefaultClient
	}
	if c.SetupTimeout == 0 {
		c.SetupTimeout = defaultSetupTimeout
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return c
}
