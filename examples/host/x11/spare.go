package x11

import "time"

// spares are the keycodes that the layout leaves empty. A keysym that the layout lacks gets one of them, and keeps it
// for as long as possible: clients read the mapping after they were told that it changed, so a keycode that is given
// away early types the wrong character there.
type spares struct {
	pool  []spare
	turns uint64
}

type spare struct {
	code  keycode
	sym   keysym // 0: free
	turn  uint64 // when it was taken last
	ready time.Time
	used  time.Time // last
}

// settle is how long a fresh mapping rests before its first use, so that clients have read it, and how long one that
// was used stays, so that clients have looked it up. Measured with xterm and GTK 3, 50 characters at once through 8
// spares: a third of them wrong with no rest, none with 50 ms.
const settle = 50 * time.Millisecond

// owns tells whether a keycode is one of the pool's.
func (s *spares) owns(code keycode) bool {
	for i := range s.pool {
		if s.pool[i].code == code {
			return true
		}
	}
	return false
}

// sync makes the pool agree with a layout that has just been read: of the keys that were given a keysym those stay
// that still have it, of the others those that are empty.
func (s *spares) sync(m *keymap) {
	old := s.pool
	s.pool = nil
	for _, p := range old {
		if p.sym != 0 && m.sym(p.code, 0) == p.sym {
			s.pool = append(s.pool, p)
		}
	}
	for i := m.keys() - 1; i >= 0; i-- {
		if code := m.first + keycode(i); m.empty(code) && !s.owns(code) {
			s.pool = append(s.pool, spare{code: code})
		}
	}
}

// free is when the keycode may be given to another keysym.
func (p *spare) free() time.Time {
	if p.sym == 0 {
		return time.Time{}
	}
	return p.used.Add(settle)
}

// take returns the keycode for a keysym, and the steps that map it where it has another one. Keys that are held are
// not given away; ok is false when no other is there.
func (s *spares) take(now time.Time, sym keysym, held func(keycode) bool) (_ spare, remap []step, ok bool) {
	s.turns++
	best := -1
	for i := range s.pool {
		p := &s.pool[i]
		if p.sym == sym {
			p.turn, p.used = s.turns, latest(now, p.ready)
			return *p, nil, true
		}
		if !held(p.code) && (best < 0 || p.turn < s.pool[best].turn) {
			best = i
		}
	}
	if best < 0 {
		return spare{}, nil, false
	}
	p := &s.pool[best]
	remap = []step{{code: p.code, remap: sym, ready: p.free()}}
	ready := latest(now, p.free()).Add(settle)
	*p = spare{code: p.code, sym: sym, turn: s.turns, ready: ready, used: ready}
	return *p, remap, true
}

// early is take for a keysym that will be needed soon: only where a keycode is free already.
func (s *spares) early(now time.Time, sym keysym, held func(keycode) bool) (remap []step) {
	for i := range s.pool {
		if p := &s.pool[i]; p.sym == sym || !held(p.code) && !p.free().After(now) {
			_, remap, _ = s.take(now, sym, held)
			return remap
		}
	}
	return nil
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// given lists the keycodes that have a keysym of ours.
func (s *spares) given() (codes []keycode) {
	for _, p := range s.pool {
		if p.sym != 0 {
			codes = append(codes, p.code)
		}
	}
	return codes
}
