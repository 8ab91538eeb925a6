package transport

import "time"

// flight remembers the packets that were sent: those under way and the newest of those whose fate is known.
type flight struct {
	first    uint64 // number of packets[0]
	packets  []packet
	inflight int // bytes under way
}

type packet struct {
	sent, arrived time.Duration // our clock, the viewer's clock
	wait          time.Duration // measured: in the line's queue
	predicted     time.Duration // what the model expected
	size          int           // of the IP packet
	before        int           // bytes of other packets (SACKs, resends) that left between the one before and this one
	fate          fate
}

type fate uint8

const (
	underWay fate = iota
	arrived
	lost    // three later ones arrived
	resent  // it was lost, and SCTP's next try arrived: its delay says nothing
	settled = 300
	// maxFlight bounds the memory (64 B each): 4,096 full packets are 100 ms of 400 Mbit/s.
	maxFlight = 4096
)

func (f *flight) next() uint64 { return f.first + uint64(len(f.packets)) }

// at returns nil for a packet that is forgotten or was never sent.
func (f *flight) at(n uint64) *packet {
	if n < f.first || n >= f.next() {
		return nil
	}
	return &f.packets[n-f.first]
}

func (f *flight) add(p packet) {
	f.packets = append(f.packets, p)
	f.inflight += p.size
}

func (f *flight) settle(p *packet, as fate) {
	if p.fate == underWay {
		f.inflight -= p.size
	}
	p.fate = as
}

// oldest is when the oldest packet under way was sent.
func (f *flight) oldest() (time.Duration, bool) {
	for i := range f.packets {
		if f.packets[i].fate == underWay {
			return f.packets[i].sent, true
		}
	}
	return 0, false
}

// forget drops packets more than 300 older than the newest known to have arrived, and whatever is above the bound.
func (f *flight) forget(newest uint64) {
	n := 0
	for n < len(f.packets) && (f.first+uint64(n)+settled < newest || len(f.packets)-n > maxFlight) {
		f.settle(&f.packets[n], lost)
		n++
	}
	if n > 0 {
		f.first += uint64(n)
		f.packets = append(f.packets[:0], f.packets[n:]...)
	}
}
