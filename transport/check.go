package transport

import (
	"log/slog"
	"net"
	"sync/atomic"

	"github.com/pion/ice/v4"
	"github.com/pion/stun/v4"
)

// checker makes ICE's set-up as short as it can be: the first of the host's checks that comes through selects its pair at the
// viewer, and the viewer answers it with a check of its own, which selects the pair at the host. pion alone would send none any
// more, having selected, unless it also sent one each 2 s for ever.
//
//	host --check--> viewer (selected) --check--> host (selected)
//	                viewer ----ClientHello-----> host
//
// The host, whose own check has been answered, sends no further one, so the viewer's is repeated until the channel is open.
type checker struct {
	socket net.PacketConn
	to     atomic.Pointer[checkKeys]
	last   atomic.Pointer[sentCheck]
	log    *slog.Logger
}

// sentCheck is a check on its way to an address.
type sentCheck struct {
	raw []byte
	to  net.Addr
}

// checkKeys are the short-term credentials of RFC 8445, 7.2.2.
type checkKeys struct{ username, password string }

// aim sets whom to check: two descriptions' credentials.
func (c *checker) aim(local, remote string) {
	c.to.Store(&checkKeys{
		username: attribute(remote, "ice-ufrag") + ":" + attribute(local, "ice-ufrag"),
		password: attribute(remote, "ice-pwd"),
	})
}

// received is pion's hook: a check came in. It returns whether that selects the pair.
func (c *checker) received(_ *stun.Message, local, remote ice.Candidate, _ *ice.CandidatePair) bool {
	keys := c.to.Load()
	if keys == nil || local.Type() != ice.CandidateTypeHost {
		return false // not through our socket: ICE's ordinary nomination will do
	}
	m, err := stun.Build(stun.BindingRequest, stun.TransactionID, stun.NewUsername(keys.username), ice.UseCandidate(),
		ice.AttrControlling(1), ice.PriorityAttr(local.Priority()), stun.NewShortTermIntegrity(keys.password), stun.Fingerprint)
	if err != nil {
		c.log.Debug("no check could be made", "error", err)
		return false
	}
	c.last.Store(&sentCheck{m.Raw, &net.UDPAddr{IP: net.ParseIP(remote.Address()), Port: remote.Port()}})
	return c.send()
}

// send sends the last check, also again (RFC 8489, 6.2.1). It returns whether there was one and it could be sent.
func (c *checker) send() bool {
	m := c.last.Load()
	if m == nil {
		return false
	}
	if _, err := c.socket.WriteTo(m.raw, m.to); err != nil {
		c.log.Debug("no check could be sent", "error", err)
		return false
	}
	return true
}
