package x11

import "unicode"

// keysym is X11's number for what a key means (X protocol, appendix A).
type keysym uint32

const (
	symBackSpace  keysym = 0xff08
	symTab        keysym = 0xff09
	symReturn     keysym = 0xff0d
	symEscape     keysym = 0xff1b
	symCompose    keysym = 0xff20
	symNumLock    keysym = 0xff7f
	symKeypad     keysym = 0xff80 // the keypad's characters are ASCII above this
	symShiftL     keysym = 0xffe1
	symShiftR     keysym = 0xffe2
	symControlL   keysym = 0xffe3
	symControlR   keysym = 0xffe4
	symCapsLock   keysym = 0xffe5
	symShiftLock  keysym = 0xffe6
	symMetaL      keysym = 0xffe7
	symHyperR     keysym = 0xffee
	symDelete     keysym = 0xffff
	symLevel3     keysym = 0xfe03 // ISO_Level3_Shift: AltGr
	symModeSwitch keysym = 0xff7e
	symLeftTab    keysym = 0xfe20 // Tab with Shift
	symFirstDead  keysym = 0xfe50
	symLastDead   keysym = 0xfe93
)

// legacyRunes and legacySyms are legacy, to look up.
var legacyRunes, legacySyms = indexLegacy()

func indexLegacy() (map[keysym]rune, map[rune]keysym) {
	runes, syms := map[keysym]rune{}, map[rune]keysym{}
	for _, run := range legacy {
		sym := run.first
		for _, r := range run.runes {
			runes[sym] = r
			if _, known := syms[r]; !known {
				syms[r] = sym
			}
			sym++
		}
	}
	return runes, syms
}

// rune is the character that the keysym stands for, 0 for none: a key's function, or a dead key.
func (s keysym) rune() rune {
	switch {
	case s >= 0x20 && s <= 0x7e, s >= 0xa0 && s <= 0xff:
		return rune(s)
	case s >= 0x01000100 && s <= 0x0110ffff:
		return rune(s - 0x01000000)
	}
	return legacyRunes[s]
}

// symOf is the keysym that programs know best for a character: the old one where there is one. Control characters
// are their keys; 0 for those that have none.
func symOf(r rune) keysym {
	switch {
	case r >= 0x20 && r <= 0x7e, r >= 0xa0 && r <= 0xff:
		return keysym(r)
	case r == '\r', r == '\n':
		return symReturn
	case r == '\t':
		return symTab
	case r == '\b':
		return symBackSpace
	case r == 0x1b:
		return symEscape
	case r == 0x7f:
		return symDelete
	case unicode.IsControl(r):
		return 0
	}
	if s, ok := legacySyms[r]; ok {
		return s
	}
	return 0x01000000 + keysym(r)
}

// plain is what the keysym means whatever the host's NumLock says: the keypad's keys are those of the main block.
func (s keysym) plain() keysym {
	switch {
	case s >= 0xff95 && s <= 0xff9f:
		return [...]keysym{0xff50, 0xff51, 0xff52, 0xff53, 0xff54, 0xff55, 0xff56, 0xff57, 0xff58, 0xff63, symDelete}[s-0xff95]
	case s >= symKeypad+'*' && s <= symKeypad+'9', s == symKeypad+'=':
		return s - symKeypad
	case s == symLeftTab:
		return symTab
	}
	return s
}

// viewersOwn tells whether the key works at the viewer alone: it shows in the text of the keys that follow.
func (s keysym) viewersOwn() bool {
	return s == symCapsLock || s == symShiftLock || s == symNumLock || s == symCompose || s >= symFirstDead && s <= symLastDead
}

// modifier is what a key does to others while it is held.
type modifier uint8

const (
	noModifier modifier = iota
	shift
	level3   // AltGr
	shortcut // Control, Alt, Meta, Super, Hyper: what is typed is a command
)

func (s keysym) modifier() modifier {
	switch {
	case s == symShiftL || s == symShiftR:
		return shift
	case s == symLevel3 || s == symModeSwitch:
		return level3
	case s == symControlL || s == symControlR || s >= symMetaL && s <= symHyperR:
		return shortcut
	}
	return noModifier
}
