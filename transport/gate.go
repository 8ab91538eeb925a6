package transport

import (
	"sync"
	"time"
)

// gate stands below pion and holds SCTP's own resends back. SCTP resends a whole flight at a time-out, into a queue that the
// controller keeps short. The gate knows what the Conn has handed to SCTP: datagrams that those bytes account for pass. The
// surplus passes while the line is idle, or as far as reports tell of packets that were lost. What the gate drops SCTP tries again.
//
//	Conn --expect--> gate <--pass?-- datagrams of DTLS <-- SCTP <-- messages of the Conn
//
// Delaying in place of dropping would not do: DTLS refuses records that come 64 late.
type gate struct {
	mu     sync.Mutex
	owed   int     // bytes of SCTP chunks handed over and not yet seen to leave
	due    float64 // resends that are known to be needed, and may pass
	bucket float64 // of these, at once
	filled time.Duration
	idleAt time.Duration // when the line will be free of ours; idleNever: not known, or cut
	resent time.Duration // when it will be free of the resends let through
	rate   float64       // bytes/s

	others int // bytes of packets that left and are none of the Conn's messages, since tookOthers

	count gateCount
}

// gateCount is what passed, in IP packets and their bytes.
type gateCount struct {
	packets, bytes       uint64
	surplus, surplusSize uint64 // of these, sent again by SCTP
	dropped              uint64 // datagrams held back
}

const (
	dtlsApplicationData = 23
	// chunkHeader and datagramHeader in bytes: I-DATA's, and those of DTLS with ChaCha20-Poly1305 and SCTP.
	chunkHeader    = 20
	datagramHeader = 29 + 12
	// largeDatagram in bytes: smaller ones pass always. SACKs, reports and letters are never worth holding back.
	largeDatagram = 300
	// surplusFirst resends may pass before any loss is known: the first reports may be late.
	surplusFirst = 6.0
	// surplusShare of the line may be resends of packets that are not known to be lost (or lost twice), but one each surplusEvery
	// at least; surplusMost of it all resends: new messages yield to them.
	surplusShare = 0.08
	surplusMost  = 0.5
	surplusEvery = 400 * time.Millisecond
	// surplusBurst or surplusSpan of the line may pass at once.
	surplusBurst = 6.0
	surplusSpan  = 250 * time.Millisecond
	// owedSlack in bytes: a SACK may have been taken for ours.
	owedSlack = 64

	idleNever = time.Duration(1<<63 - 1)
)

func newGate() *gate { return &gate{due: surplusFirst, bucket: surplusBurst, idleAt: idleNever} }

// expect is told of a message of n bytes that is about to be handed to SCTP.
func (g *gate) expect(n int) {
	g.mu.Lock()
	g.owed += chunkHeader + (n+3)&^3
	g.mu.Unlock()
}

// line is told what the controller knows.
func (g *gate) line(idleAt time.Duration, rate float64) {
	g.mu.Lock()
	g.idleAt, g.rate = idleAt, rate
	g.mu.Unlock()
}

// pass says whether a datagram may leave; headers are the bytes of UDP's and IP's.
func (g *gate) pass(now time.Duration, b []byte, headers int) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	ours := false
	if len(b) > 0 && b[0] == dtlsApplicationData {
		var pass bool
		if ours, pass = g.account(now, len(b), headers); !pass {
			g.count.dropped++
			return false
		}
	}
	if !ours {
		g.others += len(b) + headers
	}
	g.count.packets++
	g.count.bytes += uint64(len(b) + headers)
	return true
}

func (g *gate) account(now time.Duration, size, headers int) (ours, pass bool) {
	chunks := size - datagramHeader
	if g.owed > 0 && chunks <= g.owed+owedSlack {
		g.owed = max(0, g.owed-chunks)
		return true, true
	}
	if size < largeDatagram {
		return false, true
	}
	g.refill(now, float64(size+headers))
	switch {
	case now >= g.idleAt && now >= g.resent && g.rate > 0:
		g.resent = now + seconds(float64(size+headers)/g.rate)
	case g.due >= 1 && g.bucket >= 1:
		g.bucket--
	default:
		return false, false
	}
	g.due = max(0, g.due-1)
	g.count.surplus++
	g.count.surplusSize += uint64(size + headers)
	return false, true
}

// refill counts in packets of the size given.
func (g *gate) refill(now time.Duration, size float64) {
	passed := (now - g.filled).Seconds()
	g.filled = now
	line := g.rate / size // packets/s
	every := 1 / surplusEvery.Seconds()
	if line > 0 {
		every = min(every, surplusShare*line)
	}
	g.due = max(g.due, min(surplusFirst, g.due+passed*every))
	g.bucket = min(max(surplusBurst, surplusSpan.Seconds()*line), g.bucket+passed*max(every, surplusMost*line))
}

// lost is told of packets that the viewer has not got: SCTP will send each again.
func (g *gate) lost(n int) {
	g.mu.Lock()
	g.due += float64(n)
	g.mu.Unlock()
}

// tookOthers is how many bytes have left beside the Conn's messages since it was last called: SACKs, resends, STUN.
func (g *gate) tookOthers() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := g.others
	g.others = 0
	return n
}

func (g *gate) counted() gateCount {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.count
}
