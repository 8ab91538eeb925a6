package session

import "slices"

// held knows what a viewer holds down, so that it can be let go when the viewer is gone.
type held struct {
	down []Input // at most maxHeld
}

// maxHeld bounds what a viewer may hold: more fingers than a person has, and less than would hurt.
const maxHeld = 64

// note takes an input's effect and tells whether it may go on to the application: not when more would be held than
// a person can.
func (h *held) note(in Input) bool {
	if in.Kind != Key && in.Kind != Button {
		return true
	}
	at := slices.IndexFunc(h.down, func(d Input) bool { return samePress(d, in) })
	switch {
	case in.Down && at < 0:
		if len(h.down) == maxHeld {
			return false
		}
		h.down = append(h.down, in)
	case !in.Down && at >= 0:
		h.down = slices.Delete(h.down, at, at+1)
	}
	return true
}

// lets tells whether an input lets go of something that is held.
func (h *held) lets(in Input) bool {
	return !in.Down && slices.ContainsFunc(h.down, func(d Input) bool { return samePress(d, in) })
}

// release lists what lets everything go, the last pressed first.
func (h *held) release() []Input {
	var up []Input
	for _, in := range slices.Backward(h.down) {
		in.Down, in.Text = false, ""
		up = append(up, in)
	}
	h.down = nil
	return up
}

// samePress tells whether two inputs are of the same key or button. A key is known by its place where that is given:
// what it types may change while it is down, with Shift.
func samePress(a, b Input) bool {
	if a.Kind != b.Kind {
		return false
	}
	if a.Kind == Button {
		return a.Button == b.Button
	}
	if a.Code != 0 || b.Code != 0 {
		return a.Code == b.Code
	}
	return a.Keysym == b.Keysym
}
