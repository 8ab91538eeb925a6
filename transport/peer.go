package transport

import (
	"fmt"
	"net/netip"
	"strings"
	"sync/atomic"
	"time"

	"github.com/pion/datachannel"
	"github.com/pion/webrtc/v4"
)

// peer is one PeerConnection with the data channel that the two ends agree on without asking.
type peer struct {
	*engine
	id      string
	pc      *webrtc.PeerConnection
	dc      *webrtc.DataChannel
	door    *door
	opened  chan struct{} // closed when channel may be used
	channel datachannel.ReadWriteCloser
	failed  chan struct{} // closed when it can no longer open
	address atomic.Pointer[netip.AddrPort]
	closing atomic.Bool
	ended   chan struct{} // closed when close is done
	closed  func()        // called once, at the end of close
}

const (
	channelID    = 1 // SCTP's stream
	channelLabel = "thinpane"
	closePause   = 2 * time.Millisecond
)

func (e *engine) newPeer(id string, closed func()) (*peer, error) {
	pc, err := e.api.NewPeerConnection(e.conf)
	if err != nil {
		return nil, err
	}
	p := &peer{engine: e, id: id, pc: pc, door: &door{gate: newGate()}, opened: make(chan struct{}), failed: make(chan struct{}), ended: make(chan struct{}), closed: closed}
	negotiated, ordered, channel := true, false, uint16(channelID)
	p.dc, err = pc.CreateDataChannel(channelLabel, &webrtc.DataChannelInit{Negotiated: &negotiated, Ordered: &ordered, ID: &channel})
	if err != nil {
		_ = pc.Close()
		return nil, err
	}
	p.dc.OnOpen(func() {
		raw, err := p.dc.Detach()
		if err != nil {
			e.log.Info("channel could not be opened", "peer", id, "error", err)
			close(p.failed)
			return
		}
		p.channel = raw
		close(p.opened)
	})
	pc.SCTP().Transport().ICETransport().OnSelectedCandidatePairChange(p.use)
	return p, nil
}

// use tells the gates which way the packets take.
func (p *peer) use(pair *webrtc.ICECandidatePair) {
	ip, err := netip.ParseAddr(pair.Remote.Address)
	if err != nil {
		p.log.Info("pair with an address that is none", "peer", p.id, "address", pair.Remote.Address)
		return
	}
	at := netip.AddrPortFrom(ip.Unmap().WithZone(""), pair.Remote.Port)
	p.doors.bind(at, p.door)
	p.address.Store(&at)
}

// remote is not valid before ICE has found a way.
func (p *peer) remote() netip.AddrPort {
	if a := p.address.Load(); a != nil {
		return *a
	}
	return netip.AddrPort{}
}

// unacked is how many bytes SCTP has taken and the other end has not acknowledged.
func (p *peer) unacked() int { return int(p.dc.BufferedAmount()) }

// onDrained lets f be called whenever unacked falls to low. f must not call anything of p.
func (p *peer) onDrained(low int, f func()) {
	p.dc.SetBufferedAmountLowThreshold(uint64(low))
	p.dc.OnBufferedAmountLow(f)
}

// close ends what is below, and returns when it has ended, whoever was first to ask. When the other end was first, pion's goroutines
// are ending too, and pion waits for them with a lock held that one of them may want, for as long as 0.2 s; in the virtual time of
// testing/synctest that is for ever. So they get a moment to end by themselves. No lock of ours is held meanwhile, for the same reason:
// the host's time for a set-up and the viewer's may end at the same moment.
func (p *peer) close() {
	if !p.closing.CompareAndSwap(false, true) {
		<-p.ended
		return
	}
	time.Sleep(closePause)
	if err := p.pc.Close(); err != nil {
		p.log.Debug("close", "peer", p.id, "error", err)
	}
	p.doors.unbind(p.door)
	if p.closed != nil {
		p.closed()
	}
	close(p.ended)
}

// addCandidate takes a candidate of the other end's, as an attribute's value in SDP.
func (p *peer) addCandidate(line, mid string) error {
	line = strings.TrimPrefix(line, "a=")
	if err := p.pc.AddICECandidate(webrtc.ICECandidateInit{Candidate: line, SDPMid: &mid}); err != nil {
		return fmt.Errorf("candidate %q: %w", line, err)
	}
	return nil
}
