package session

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// inputVectors are SPEC.md's section "Input", by example.
var inputVectors = []struct {
	hex string
	in  Input
}{
	{"81610401" + "61", Input{Kind: Key, Keysym: 'a', Code: 4, Text: "a", Down: true}},
	{"01610400", Input{Kind: Key, Keysym: 'a', Code: 4}},
	{"81ac4108" + "03e282ac", Input{Kind: Key, Keysym: 0x20ac, Code: 8, Text: "€", Down: true}},
	{"028005d804", Input{Kind: Pointer, X: 640, Y: 600}},
	{"83030000", Input{Kind: Button, Button: 3, Down: true}},
	{"0400ef010a14", Input{Kind: Wheel, DY: -120, X: 10, Y: 20}},
}

func TestInputsAreWrittenAsTheSpecSays(t *testing.T) {
	for _, v := range inputVectors {
		require.Equal(t, v.hex, hex.EncodeToString(appendInput(nil, v.in)), "%+v", v.in)
	}
}

func TestInputsAreReadBackOneBehindTheOther(t *testing.T) {
	var all []byte
	for _, v := range inputVectors {
		all = appendInput(all, v.in)
	}
	for _, v := range inputVectors {
		var in Input
		var err error
		in, all, err = parseInput(all)
		require.NoError(t, err)
		require.Equal(t, v.in, in)
	}
	require.Empty(t, all)
}

func TestAnInputCutShortIsAnError(t *testing.T) {
	for _, v := range inputVectors {
		whole := appendInput(nil, v.in)
		for n := range whole {
			_, _, err := parseInput(whole[:n])
			require.ErrorIs(t, err, ErrInput, "%+v cut to %d bytes", v.in, n)
		}
	}
}

func TestAnInputOutOfRangeIsAnError(t *testing.T) {
	for _, c := range []struct {
		in  Input
		err string
	}{
		{Input{}, "invalid input: kind 0"},
		{Input{Kind: 5}, "invalid input: kind 5"},
		{Input{Kind: Key, Text: strings.Repeat("x", 65)}, "invalid input: text of 65 bytes, at most 64 of UTF-8"},
		{Input{Kind: Key, Text: "\xff"}, "invalid input: text of 1 bytes, at most 64 of UTF-8"},
		{Input{Kind: Pointer, X: -1}, "invalid input: position -1,0, 0 to 8191"},
		{Input{Kind: Pointer, Y: 8192}, "invalid input: position 0,8192, 0 to 8191"},
		{Input{Kind: Wheel, DX: 32768}, "invalid input: wheel 32768,0, 16 bits each"},
		{Input{Kind: Button}, "invalid input: button 0, they count from 1"},
	} {
		require.EqualError(t, c.in.validate(), c.err)
		require.ErrorIs(t, new(Viewer).SendInput(c.in), ErrInput)
		_, _, err := parseInput(appendInput(nil, c.in))
		require.ErrorIs(t, err, ErrInput)
	}
}

func FuzzParseInput(f *testing.F) {
	for _, v := range inputVectors {
		f.Add(appendInput(nil, v.in))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		in, rest, err := parseInput(b)
		if err != nil {
			return
		}
		require.NoError(t, in.validate())
		again, none, err := parseInput(appendInput(nil, in))
		require.NoError(t, err)
		require.Empty(t, none)
		require.Equal(t, in, again)
		require.Less(t, len(rest), len(b))
	})
}
