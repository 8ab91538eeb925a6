package transport

import (
	"net/netip"
	"slices"
	"sync"
	"time"
)

// sites knows which sessions of a Host share a line: those of one Site, and those that come from one address. While several of them
// send, a queue that is not one's own is most likely theirs, and nobody competes for it (see rival); and a session that begins takes
// its part only of the rate that its first packets show.
type sites struct {
	mu   sync.Mutex
	busy map[siteKey]map[*Conn]*siteUse
}

// siteUse is what the others need to know of one session.
type siteUse struct {
	at   time.Duration // when it last sent a large packet
	rate float64       // bytes/s that it takes for its share of the line; 0: not known
}

type siteKey struct {
	name string
	addr netip.Addr // when there is no name
}

// busyFor: so long after its last large packet a session still counts.
const busyFor = 2 * time.Second

func (s *sites) note(key siteKey, c *Conn, now time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy == nil {
		s.busy = map[siteKey]map[*Conn]*siteUse{}
	}
	if s.busy[key] == nil {
		s.busy[key] = map[*Conn]*siteUse{}
	}
	if s.busy[key][c] == nil {
		s.busy[key][c] = &siteUse{}
	}
	s.busy[key][c].at = now
}

// believed is how many times more, or less, than the middle one a rate counts at most. What a rate rests on are its viewer's reports,
// which may lie.
const believed = 4

// others is told what a session takes for its share, and returns how many other sessions are busy, and the mean of all their shares.
func (s *sites) others(key siteKey, c *Conn, now time.Duration, rate float64) (n int, mean float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if own := s.busy[key][c]; own != nil {
		own.rate = rate
	}
	rates := []float64{rate}
	for other, use := range s.busy[key] {
		if other != c && now-use.at < busyFor {
			n++
			if use.rate > 0 {
				rates = append(rates, use.rate)
			}
		}
	}
	slices.Sort(rates)
	middle := rates[(len(rates)-1)/2]
	if rate > middle { // of two in the middle the one nearer to this session's: beside a single other it trusts itself
		middle = rates[len(rates)/2]
	}
	for _, r := range rates {
		mean += min(max(r, middle/believed), middle*believed) / float64(len(rates))
	}
	return n, mean
}

func (s *sites) leave(key siteKey, c *Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.busy[key], c)
	if len(s.busy[key]) == 0 {
		delete(s.busy, key)
	}
}

func keyOf(g Grant, remote netip.AddrPort) siteKey {
	if g.Site != "" {
		return siteKey{name: g.Site}
	}
	return siteKey{addr: remote.Addr()}
}
