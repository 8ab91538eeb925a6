package x11

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func none(keycode) bool { return false }

func TestAKeyIsFoundWithTheLeastEffort(t *testing.T) {
	m := keymap{first: 8, width: 8, syms: []keysym{
		'&', '1', 0x7e1, 0x7c1, 'a', 0, 0, 0, // 8: & 1, alpha and its capital in the second group, AltGr: a
		'a', 'A', 'b', 'B', 0, 0, '{', '}', // 9
	}}
	for _, c := range []struct {
		sym   keysym
		group int
		want  chord
	}{
		{'1', 0, chord{code: 8, shift: true}},
		{'a', 0, chord{code: 9, letter: true}},
		{'A', 0, chord{code: 9, shift: true, letter: true}},
		{'b', 1, chord{code: 9, letter: true}},
		{'}', 1, chord{code: 9, shift: true, level3: true}},
		{0x010003b1, 1, chord{code: 8, letter: true}}, // alpha by its new name
	} {
		got, ok := m.find(c.sym, c.group, none)
		require.True(t, ok, "%#x", c.sym)
		require.Equal(t, c.want, got, "%#x", c.sym)
	}
	for _, sym := range []keysym{0, 'b', '}', symReturn} {
		_, ok := m.find(sym, 0, none)
		require.False(t, ok, "%#x", sym)
	}
	_, ok := m.find('a', 2, none)
	require.False(t, ok, "a third group is not in the core mapping")
	_, ok = m.find('A', 0, func(code keycode) bool { return code == 9 })
	require.False(t, ok)
}

func TestKeysymsAndCharacters(t *testing.T) {
	for _, c := range []struct {
		r   rune
		sym keysym
	}{{'a', 'a'}, {'é', 0xe9}, {'€', 0x20ac}, {'œ', 0x13bd}, {'Ž', 0x1ae}, {'ш', 0x6db}, {'日', 0x010065e5}, {'😀', 0x0101f600}} {
		require.Equal(t, c.sym, symOf(c.r), "%c", c.r)
		require.Equal(t, c.r, c.sym.rune(), "%c", c.r)
	}
	require.Equal(t, symReturn, symOf('\n'))
	require.Zero(t, symOf(0x01))
	require.Zero(t, symReturn.rune())
	require.Equal(t, keysym('5'), keysym(0xffb5).plain())
	require.Equal(t, keysym(0xff51), keysym(0xff96).plain(), "KP_Left")
	require.Equal(t, symDelete, keysym(0xff9f).plain(), "KP_Delete")
}

func TestKeysByTheirPlace(t *testing.T) {
	for usage, code := range map[uint16]keycode{
		0x04: 38, 0x14: 24, 0x1e: 10, 0x27: 19, 0x28: 36, 0x29: 9, 0x2c: 65, 0x3a: 67, 0x45: 96, 0x4f: 114, 0x50: 113,
		0x51: 116, 0x52: 111, 0x58: 104, 0x64: 94, 0xe0: 37, 0xe1: 50, 0xe2: 64, 0xe3: 133, 0xe6: 108, 0xe7: 134,
		0: 0, 3: 0, 0xa0: 0, 0xe8: 0, 0xffff: 0,
	} {
		require.Equal(t, code, keycodeOf(usage), "%#x", usage)
	}
}
