package x11

import (
	"slices"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/session"
)

// Keycodes of the test's hosts, and HID usages of the same places.
const (
	codeShift, usageShift     = 50, 0xe1
	codeAltGr, usageAltGr     = 92, 0xe6
	codeControl, usageControl = 37, 0xe0
	codeTab, usageTab         = 23, 0x2b
	codeQ, usageQ             = 24, 0x14
	codeE, usageE             = 26, 0x08
)

// host is a keyboard, and a server that understands what it is told to do.
type host struct {
	t *testing.T
	k keyboard
	locks
	now   time.Time
	down  map[keycode]bool
	typed string
	wait  time.Duration // rested before keys
}

// newHost has keys by keycode: the characters plain, with Shift, with AltGr, with AltGr+Shift.
func newHost(t *testing.T, keys map[keycode]string) *host {
	m := keymap{first: 8, width: 8, syms: make([]keysym, (256-8)*8)}
	row := func(code keycode) []keysym { return m.syms[(int(code)-8)*8:][:8] }
	for code, chars := range keys {
		for level, r := range []rune(chars) {
			for _, column := range []int{0, 1, 4, 5}[level : level+1] {
				row(code)[column], row(code)[column+2] = symOf(r), symOf(r)
			}
		}
	}
	for code, sym := range map[keycode]keysym{codeShift: symShiftL, codeAltGr: symLevel3, codeControl: symControlL, codeTab: symTab, 22: symBackSpace, 36: symReturn, 113: 0xff51, 67: 0xffbe} {
		row(code)[0], row(code)[2] = sym, sym
	}
	row(codeTab)[1] = symLeftTab
	for code := 130; code < 240; code++ {
		row(keycode(code))[0] = 0x1008ff00 + keysym(code) // few are spare: 240 to 255 and those below that are not listed
	}
	h := &host{t: t, down: map[keycode]bool{}, now: time.Unix(1000, 0)}
	h.k.layout = m
	h.k.spare.sync(&h.k.layout)
	return h
}

func us(t *testing.T) *host {
	return newHost(t, map[keycode]string{10: "1!", 11: "2@", 24: "qQ", 26: "eE", 38: "aA", 28: "tT", 65: "  ", 21: "=+"})
}

func fr(t *testing.T) *host {
	return newHost(t, map[keycode]string{10: "&1", 11: "é2~", 24: "aA", 26: "eE€¢", 38: "qQ", 28: "tT", 65: "  ", 21: "=+}"})
}

func (h *host) input(viewer string, in session.Input) *host {
	in.Kind = session.Key
	for _, stroke := range split(in) {
		h.play(h.k.input(h.now, viewer, stroke, h.locks))
	}
	return h
}

func (h *host) press(usage uint16, sym keysym, text string) *host {
	return h.input("ann", session.Input{Code: usage, Keysym: uint32(sym), Text: text, Down: true})
}

func (h *host) letGo(usage uint16, sym keysym) *host {
	return h.input("ann", session.Input{Code: usage, Keysym: uint32(sym)})
}

func (h *host) tap(usage uint16, sym keysym, text string) *host {
	return h.press(usage, sym, text).letGo(usage, sym)
}

// play understands steps as a server does.
func (h *host) play(steps []step) {
	for _, s := range steps {
		if wait := s.ready.Sub(h.now); wait > 0 {
			h.now, h.wait = h.now.Add(wait), h.wait+wait
		}
		switch {
		case s.remap != 0:
			row := h.k.layout.syms[(int(s.code)-8)*8:][:8]
			for i := range row {
				row[i] = s.remap
			}
		case s.down:
			require.False(h.t, h.down[s.code], "key %d is pressed twice", s.code)
			h.down[s.code] = true
			h.typed += h.means(s.code)
		default:
			require.True(h.t, h.down[s.code], "key %d is let go twice", s.code)
			delete(h.down, s.code)
		}
	}
}

// means is what a program gets for a key: a character, with ^ before it where Control is held, or a name.
func (h *host) means(code keycode) (s string) {
	m := &h.k.layout
	if m.sym(code, 0).modifier() != noModifier {
		return ""
	}
	shifted := h.down[codeShift]
	if small := m.sym(code, 0).rune(); h.caps && unicode.IsLower(small) && m.sym(code, 1).rune() == unicode.ToUpper(small) {
		shifted = !shifted
	}
	column := 0
	if h.down[codeAltGr] && m.sym(code, 4) != 0 {
		column = 4
	}
	if shifted && m.sym(code, column+1) != 0 {
		column++
	}
	if h.down[codeControl] {
		s = "^"
	}
	if r := m.sym(code, column).rune(); r != 0 {
		return s + string(r)
	}
	names := map[keysym]string{symTab: "Tab", symLeftTab: "LeftTab", symReturn: "Return", 0xff51: "Left", 0xffbe: "F1"}
	return s + "<" + names[m.sym(code, column)] + ">"
}

func (h *host) holds(codes ...keycode) {
	h.t.Helper()
	var down []keycode
	for code := range h.down {
		down = append(down, code)
	}
	slices.Sort(down)
	require.Equal(h.t, codes, down)
}

func TestTheTextDecidesWhateverTheLayouts(t *testing.T) {
	for _, layout := range []func(*testing.T) *host{us, fr} {
		h := layout(t)
		for i, r := range "a1A2é€~ =+e&E!qœ" {
			h.tap(uint16(4+i), symOf(r), string(r))
		}
		require.Equal(t, "a1A2é€~ =+e&E!qœ", h.typed)
		h.holds()
	}
}

func TestShiftThatIsHeldIsLiftedWhereTheHostNeedsNone(t *testing.T) {
	h := fr(t)
	h.press(usageShift, symShiftL, "").press(0x21, '&', "&")
	require.Equal(t, "&", h.typed)
	h.holds(10, codeShift)
	h.letGo(0x21, '&').letGo(usageShift, symShiftL).holds()
}

func TestAltGrThatIsHeldIsLiftedWhereTheHostNeedsNone(t *testing.T) {
	h := us(t)
	h.press(usageAltGr, symLevel3, "").tap(0x21, 'e', "e").tap(usageE, 0x20ac, "€").tap(0x21, 'q', "Q")
	require.Equal(t, "e€Q", h.typed)
	h.holds(codeAltGr)
	h.letGo(usageAltGr, symLevel3).holds()
}

func TestAltGrThatComesWithControlIsNoCommand(t *testing.T) {
	h := fr(t)
	h.press(usageControl, symControlL, "").press(usageAltGr, symLevel3, "").tap(usageE, 0x20ac, "€")
	require.Equal(t, "€", h.typed)
	h.holds(codeControl, codeAltGr)
}

func TestACommandKeepsShiftAndFollowsTheLetter(t *testing.T) {
	for _, layout := range []func(*testing.T) *host{us, fr} {
		h := layout(t)
		h.press(usageControl, symControlL, "").tap(usageQ, 'a', "")
		h.press(usageShift, symShiftL, "").tap(0x17, 'T', "").tap(0x2e, '+', "")
		require.Equal(t, "^a^T^+", h.typed)
		h.letGo(usageShift, symShiftL).letGo(usageControl, symControlL).holds()
	}
}

func TestACommandOnALetterThatTheHostLacksGoesByItsPlace(t *testing.T) {
	h := us(t)
	h.press(usageControl, symControlL, "").tap(usageQ, symOf('й'), "")
	require.Equal(t, "^q", h.typed)
}

func TestKeysThatTypeNothingKeepWhatIsHeld(t *testing.T) {
	h := us(t)
	h.tap(0x50, 0xff51, "").press(usageShift, symShiftL, "").tap(usageTab, symLeftTab, "").tap(0x28, symReturn, "\r").tap(0x3a, 0xffbe, "")
	require.Equal(t, "<Left><LeftTab><Return><F1>", h.typed)
	h.holds(codeShift)
	h.letGo(usageShift, symShiftL).tap(0, 0, "\t").tap(0x3a, 0, "")
	require.Equal(t, "<Left><LeftTab><Return><F1><Tab><F1>", h.typed, "a control character is its key; no keysym: the place")
}

func TestTheViewersLocksAndDeadKeysStayThere(t *testing.T) {
	h := fr(t)
	h.tap(0x39, symCapsLock, "").tap(0x53, symNumLock, "").tap(0x2f, 0xfe52, "").tap(usageE, symOf('ê'), "ê").tap(0x59, symKeypad+'1', "1").tap(0x5c, 0xff96, "")
	require.Equal(t, "ê1<Left>", h.typed)
	h.holds()
}

func TestTheHostsCapsLockChangesNothing(t *testing.T) {
	h := us(t)
	h.caps = true
	h.tap(4, 'a', "a").tap(4, 'A', "A").tap(0x1e, '1', "1")
	require.Equal(t, "aA1", h.typed)
}

func TestAKeyThatRepeatsIsLetGoInBetween(t *testing.T) {
	h := fr(t)
	h.press(usageE, 'e', "e").press(usageE, 'e', "e").press(usageE, 0x20ac, "€")
	require.Equal(t, "ee€", h.typed)
	h.holds(codeE)
	h.letGo(usageE, 'e').holds()
}

func TestAKeyChangesItsCharacterWhileItIsHeld(t *testing.T) {
	h := fr(t)
	h.press(usageQ, 'a', "a").press(usageQ, '1', "1")
	require.Equal(t, "a1", h.typed)
	h.holds(10)
	h.letGo(usageQ, 'a').holds()
}

func TestTwoViewersHoldTheSameKey(t *testing.T) {
	h := us(t)
	shiftDown := session.Input{Code: usageShift, Keysym: uint32(symShiftL), Down: true}
	shiftUp := session.Input{Code: usageShift, Keysym: uint32(symShiftL)}
	h.input("ann", shiftDown).input("bob", shiftDown).input("ann", shiftUp)
	h.holds(codeShift)
	h.tap(4, 'a', "a")
	require.Equal(t, "a", h.typed, "bob's Shift does not change what ann types")
	h.input("bob", shiftUp).holds()
}

func TestATextOfSeveralCharactersIsTypedAtOnce(t *testing.T) {
	h := us(t)
	h.press(0, 0, "日本e")
	require.Equal(t, "日本e", h.typed)
	h.letGo(0, 0).holds()
}

func TestAFreshMappingRestsOnceBeforeItsFirstUse(t *testing.T) {
	h := us(t)
	h.tap(4, symOf('œ'), "œ")
	require.Equal(t, settle, h.wait)
	h.tap(4, symOf('œ'), "œ").tap(4, 'a', "a")
	require.Equal(t, settle, h.wait)
	require.Equal(t, "œœa", h.typed)
}

func TestMappingsThatAreForeseenRestTogether(t *testing.T) {
	h := us(t)
	ahead := []string{"é", "ç", "a", "à"}
	first := h.k.input(h.now, "ann", session.Input{Kind: session.Key, Text: "œ", Code: 4, Down: true}, h.locks)
	for _, text := range ahead {
		h.play(h.k.foresee(h.now, session.Input{Kind: session.Key, Text: text, Down: true}, h.locks))
	}
	h.play(first)
	for _, text := range ahead {
		h.tap(5, 0, text)
	}
	require.Equal(t, "œéçaà", h.typed)
	require.Equal(t, settle, h.wait)
}
