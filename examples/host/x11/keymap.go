package x11

import "unicode"

// keycode is a key of the host, by its number in X: 8 to 255.
type keycode = byte

// chord is a key, and what must be held for it to mean what is meant.
type chord struct {
	code          keycode
	shift, level3 bool
	letter        bool // Lock works on it as Shift does
}

// keymap is the layout that the host has at the moment, as GetKeyboardMapping tells it: a row of keysyms for each
// keycode. Columns: group 1 plain and with Shift, group 2 the same, then group 1 with AltGr and AltGr+Shift, group 2
// the same (XKB protocol, section 12.4, "core keyboard mapping").
type keymap struct {
	first keycode
	width int
	syms  []keysym
}

// levels are a group's columns, the least effort first.
func levels(group int) [4]int {
	return [4]int{2 * group, 2*group + 1, 2*group + 4, 2*group + 5}
}

func (m *keymap) keys() int { return len(m.syms) / max(m.width, 1) }

// sym is what a key means at a column, 0 for nothing.
func (m *keymap) sym(code keycode, column int) keysym {
	i := (int(code)-int(m.first))*m.width + column
	if code < m.first || column >= m.width || i >= len(m.syms) {
		return 0
	}
	return m.syms[i]
}

// empty tells whether a key means nothing at all.
func (m *keymap) empty(code keycode) bool {
	for column := range m.width {
		if m.sym(code, column) != 0 {
			return false
		}
	}
	return true
}

// find returns how a keysym, or another one of the same character, is typed in a group (0 or 1) of the layout; except
// says which keys do not count.
func (m *keymap) find(want keysym, group int, except func(keycode) bool) (chord, bool) {
	char := want.rune()
	if group > 1 {
		return chord{}, false
	}
	for level, column := range levels(group) {
		for i := range m.keys() {
			code := m.first + keycode(i)
			s := m.sym(code, column)
			if s == 0 || s != want && (char == 0 || s.rune() != char) || except(code) {
				continue
			}
			return chord{code: code, shift: level&1 == 1, level3: level >= 2, letter: m.pair(code, column&^1)}, true
		}
	}
	return chord{}, false
}

// pair tells whether a key has a letter at a column and its capital at the next.
func (m *keymap) pair(code keycode, column int) bool {
	small, large := m.sym(code, column).rune(), m.sym(code, column+1).rune()
	return small != large && unicode.IsLower(small) && unicode.ToUpper(small) == large
}
