package session

import (
	"encoding/hex"
	"image"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// corner is a 3x2 cursor: white, half of red, clear / white, white, white.
func corner() Cursor {
	c := Cursor{Size: image.Pt(3, 2), Hot: image.Pt(2, 1)}
	for _, p := range []string{"ffffffff", "80000080", "00000000", "ffffffff", "ffffffff", "ffffffff"} {
		b, _ := hex.DecodeString(p)
		c.Pix = append(c.Pix, b...)
	}
	return c
}

func TestACursorIsWrittenAsTheSpecSays(t *testing.T) {
	const want = "03020201" + "41ffffffff80000080" + "00" + "22ffffffff"
	require.Equal(t, want, hex.EncodeToString(appendCursor(nil, corner())))
	require.Equal(t, "00000000", hex.EncodeToString(appendCursor(nil, Cursor{})))
	for _, c := range []Cursor{corner(), {}} {
		again, err := parseCursor(appendCursor(nil, c))
		require.NoError(t, err)
		require.Equal(t, c, again)
	}
}

func TestAShapeThatComesBackCostsOneByte(t *testing.T) {
	var host, viewer cursorSlots
	shape := func(n int) Cursor {
		c := corner()
		c.Pix[0] = byte(n)
		return c
	}
	show := func(c Cursor) int {
		msg := host.append(nil, c)
		seen, err := viewer.parse(msg)
		require.NoError(t, err)
		require.Equal(t, c, seen)
		return len(msg)
	}
	for n := range 32 {
		require.Greater(t, show(shape(n)), 1)
	}
	require.Equal(t, 1, show(shape(0)))
	require.Equal(t, 1, show(shape(31)))
	require.Greater(t, show(shape(32)), 1, "takes the place of the first")
	require.Greater(t, show(shape(0)), 1)
}

func TestACursorCutShortIsAnError(t *testing.T) {
	whole := appendCursor(nil, corner())
	for n := range whole {
		_, err := parseCursor(whole[:n])
		require.ErrorIs(t, err, ErrCursor, "cut to %d bytes", n)
	}
}

func TestABrokenCursorIsAnError(t *testing.T) {
	for _, bad := range []string{
		"",                       // nothing
		"20" + "00000000",        // slot 32
		"00" + "410100001f",      // 65 wide
		"00" + "0101010000",      // points outside
		"00" + "0101000060",      // a run of kind 3
		"00" + "0101000001",      // one pixel too many
		"00" + "010100000000",    // bytes behind the last pixel
		"00" + "0000000000",      // pixels of no cursor
		"00" + "ffff000000" + "", // more than may be
	} {
		b, err := hex.DecodeString(bad)
		require.NoError(t, err)
		_, err = new(cursorSlots).parse(b)
		require.ErrorIs(t, err, ErrCursor, "%s", bad)
	}
}

func TestASetCursorIsChecked(t *testing.T) {
	var s Screen
	require.EqualError(t, s.SetCursor(Cursor{Size: image.Pt(65, 1)}), "invalid cursor: 65 x 1 pixels, at most 64 each")
	require.EqualError(t, s.SetCursor(Cursor{Size: image.Pt(2, 2), Hot: image.Pt(2, 0)}), "invalid cursor: it points with 2,0, outside its 2 x 2 pixels")
	require.EqualError(t, s.SetCursor(Cursor{Size: image.Pt(2, 2), Pix: make([]byte, 4)}), "invalid cursor: 4 bytes of pixels for 2 x 2")
	noise := Cursor{Size: image.Pt(64, 64), Pix: make([]byte, 64*64*4)}
	for i := range noise.Pix {
		noise.Pix[i] = byte(i*i>>3) | 1
	}
	require.ErrorContains(t, s.SetCursor(noise), "at most 16384")
	require.NoError(t, s.SetCursor(corner()))
}

func FuzzParseCursor(f *testing.F) {
	f.Add(appendCursor(nil, corner()))
	f.Add([]byte(strings.Repeat("\x00", 4)))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := parseCursor(b)
		if err != nil {
			require.ErrorIs(t, err, ErrCursor)
			return
		}
		again, err := parseCursor(appendCursor(nil, c))
		require.NoError(t, err)
		require.True(t, c.equal(again))
	})
}
