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
	turn  uint64 // when it was used last
	ready time.Time
}

// settle is how long a fresh mapping rests before its first use, so that clients have read it.
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

// take returns the keycode for a keysym; fresh says that it must be mapped first. Keys that are held are not given
// away; ok is false when no other is there.
func (s *spares) take(now time.Time, sym keysym, held func(keycode) bool) (_ spare, fresh, ok bool) {
	s.turns++
	best := -1
	for i := range s.pool {
		p := &s.pool[i]
		if p.sym == sym {
			p.turn = s.turns
			return *p, false, true
		}
		if !held(p.code) && (best < 0 || p.turn < s.pool[best].turn) {
			best = i
		}
	}
	if best < 0 {
		return spare{}, false, false
	}
	s.pool[best] = spare{code: s.pool[best].code, sym: sym, turn: s.turns, ready: now.Add(settle)}
	return s.pool[best], true, true
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
