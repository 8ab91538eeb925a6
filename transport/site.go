package transport

import (
	"net/netip"
	"sync"
	"time"
)

// sites knows which sessions of a Host share a line: those of one Site, and those that come from one address. While several of them
// send, a queue that is not one's own is most likely theirs, and nobody competes for it (see rival); and a session that begins takes
// its part only of the rate that its first packets show.
type sites struct {
	mu   sync.Mutex
	busy map[siteKey]map[*Conn]time.Duration // when each last sent a large packet
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
		s.busy = map[siteKey]map[*Conn]time.Duration{}
	}
	if s.busy[key] == nil {
		s.busy[key] = map[*Conn]time.Duration{}
	}
	s.busy[key][c] = now
}

// others is how many other sessions of the site are busy.
func (s *sites) others(key siteKey, c *Conn, now time.Duration) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for other, at := range s.busy[key] {
		if other != c && now-at < busyFor {
			n++
		}
	}
	return n
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
