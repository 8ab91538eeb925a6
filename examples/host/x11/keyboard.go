package x11

import (
	"slices"
	"time"

	"github.com/thinpane/thinpane/session"
)

// keyboard turns what viewers type into keys of the host. It does not touch the server: it is told the layout and the
// time and says what to do, in steps. What a key types decides, not where it is: so any viewer's layout works with
// any layout of the host.
type keyboard struct {
	layout keymap
	spare  spares
	grips  map[grip]press
}

// grip is a viewer's finger on a key, known as session.Input is: by its place, or else by its keysym.
type grip struct {
	viewer string
	code   uint16
	keysym uint32
}

// press is what a grip holds down on the host. code 0: nothing, it has been typed and let go already.
type press struct {
	code     keycode
	modifier modifier
}

// locks is the part of the host's state that changes what keys mean.
type locks struct {
	group int
	caps  bool
}

// step is one thing to do, in order. A step that maps a keycode comes before all others.
type step struct {
	code  keycode
	down  bool
	remap keysym    // not 0: give it to code
	ready time.Time // not before
}

func gripOf(viewer string, in session.Input) grip {
	if in.Code != 0 {
		return grip{viewer: viewer, code: in.Code}
	}
	return grip{viewer: viewer, keysym: in.Keysym}
}

// input returns what a viewer's key does; it types one character at most (split).
func (k *keyboard) input(now time.Time, viewer string, in session.Input, l locks) []step {
	g := gripOf(viewer, in)
	if !in.Down {
		return k.release(g)
	}
	if k.grips == nil {
		k.grips = map[grip]press{}
	}
	sym := keysym(in.Keysym).plain()
	typed := typedRunes(in.Text)
	if r := []rune(in.Text); sym == 0 && len(typed) == 0 && len(r) == 1 {
		sym = symOf(r[0]) // a control character: Return, Tab, ...
	}
	if len(typed) == 0 && sym.viewersOwn() {
		return nil
	}
	if len(typed) == 0 && sym.rune() != 0 {
		typed = []rune{sym.rune()}
		if k.holds(shortcut) && k.lacks(sym, l) && keycodeOf(in.Code) != 0 {
			typed = nil // a shortcut on a letter that the host does not have: by its place
		}
	}
	if len(typed) == 0 {
		return k.function(now, g, sym, in.Code, l)
	}
	return k.character(now, g, symOf(typed[0]), l)
}

// split makes strokes of one character each of a key that types several: the last one is let go, too.
func split(in session.Input) []session.Input {
	typed := typedRunes(in.Text)
	if !in.Down || len(typed) < 2 {
		return []session.Input{in}
	}
	var strokes []session.Input
	for _, r := range typed {
		in.Text, in.Down = string(r), true
		strokes = append(strokes, in)
		in.Text, in.Down = "", false
		strokes = append(strokes, in)
	}
	return strokes
}

// foresee returns the mappings that an input will need, so that several rest at the same time.
func (k *keyboard) foresee(now time.Time, in session.Input, l locks) (steps []step) {
	if in.Kind != session.Key || !in.Down {
		return nil
	}
	for _, r := range typedRunes(in.Text) {
		if sym := symOf(r); k.lacks(sym, l) {
			steps = append(steps, k.spare.early(now, sym, k.down)...)
		}
	}
	return steps
}

// typedRunes are the characters of a text that keys can type.
func typedRunes(text string) (typed []rune) {
	for _, r := range text {
		if symOf(r).rune() != 0 {
			typed = append(typed, r)
		}
	}
	return typed
}

func (k *keyboard) lacks(sym keysym, l locks) bool {
	_, found := k.layout.find(sym, l.group, k.spare.owns)
	return !found
}

// character types a character: exactly that one, whatever modifiers are held. With Control, Alt or Super it is a
// command, in which Shift is as the user holds it (Ctrl+Shift+T); AltGr together with them is how some systems tell
// of AltGr alone.
func (k *keyboard) character(now time.Time, g grip, sym keysym, l locks) []step {
	c, found := k.layout.find(sym, l.group, k.spare.owns)
	if !found {
		p, remap, ok := k.spare.take(now, sym, k.down)
		if !ok {
			return nil
		}
		return append(remap, k.with(chord{code: p.code}, p.ready, g)...)
	}
	if command := k.holds(shortcut) && !k.holds(level3); command && c.letter && !c.level3 {
		return k.strike(c.code, g, noModifier)
	}
	if c.letter && l.caps {
		c.shift = !c.shift
	}
	return k.with(c, time.Time{}, g)
}

// function presses a key that types nothing, as it is: the modifiers that are held are meant (Shift+Tab, Ctrl+Left).
func (k *keyboard) function(now time.Time, g grip, sym keysym, place uint16, l locks) []step {
	if c, found := k.layout.find(sym, 0, k.spare.owns); found && sym != 0 {
		return k.strike(c.code, g, sym.modifier())
	}
	if code := keycodeOf(place); code != 0 && !k.spare.owns(code) {
		return k.strike(code, g, k.layout.sym(code, 0).modifier())
	}
	if sym == 0 {
		return nil
	}
	p, remap, ok := k.spare.take(now, sym, k.down)
	if !ok {
		return nil
	}
	steps := k.strike(p.code, g, noModifier)
	steps[0].ready = p.ready
	return append(remap, steps...)
}

// with strikes a chord: what it lacks is held for the moment, what would change it is lifted and set again after.
func (k *keyboard) with(c chord, ready time.Time, g grip) []step {
	var before, after []step
	lift := func(m modifier) {
		for _, code := range k.held(m) {
			before = append(before, step{code: code})
			after = append([]step{{code: code, down: true}}, after...)
		}
	}
	hold := func(sym keysym) {
		if key, found := k.layout.find(sym, 0, k.spare.owns); found {
			before = append(before, step{code: key.code, down: true})
			after = append([]step{{code: key.code}}, after...)
		}
	}
	if k.holds(level3) {
		lift(shortcut)
	}
	switch held := k.holds(shift); {
	case held && !c.shift:
		lift(shift)
	case !held && c.shift:
		hold(symShiftL)
	}
	switch held := k.holds(level3); {
	case held && !c.level3:
		lift(level3)
	case !held && c.level3:
		hold(symLevel3)
	}
	steps := slices.Concat(before, k.strike(c.code, g, noModifier), after)
	steps[0].ready = ready
	return steps
}

// strike presses a key; one that is down already is let go first, as a key that repeats.
func (k *keyboard) strike(code keycode, g grip, m modifier) (steps []step) {
	old, again := k.grips[g]
	if again && old.code != code {
		steps = k.release(g)
	}
	if k.down(code) && m != noModifier {
		k.grips[g] = press{code, m} // a second Shift of another viewer, or one that repeats
		return steps
	}
	if k.down(code) {
		steps = append(steps, step{code: code})
	}
	k.grips[g] = press{code, m}
	return append(steps, step{code: code, down: true})
}

// release lets go what a grip holds, unless another one holds the same.
func (k *keyboard) release(g grip) []step {
	p := k.grips[g]
	delete(k.grips, g)
	if p.code == 0 || k.down(p.code) {
		return nil
	}
	return []step{{code: p.code}}
}

func (k *keyboard) down(code keycode) bool {
	for _, p := range k.grips {
		if p.code == code {
			return true
		}
	}
	return false
}

func (k *keyboard) holds(m modifier) bool {
	for _, p := range k.grips {
		if p.code != 0 && p.modifier == m {
			return true
		}
	}
	return false
}

// held lists the keycodes that are held as a modifier, in order.
func (k *keyboard) held(m modifier) (codes []keycode) {
	for _, p := range k.grips {
		if p.code != 0 && p.modifier == m && !slices.Contains(codes, p.code) {
			codes = append(codes, p.code)
		}
	}
	slices.Sort(codes)
	return codes
}
