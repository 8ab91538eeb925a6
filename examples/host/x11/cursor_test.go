package x11

import (
	"image"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/session"
)

func TestACursorsWordsBecomeBytes(t *testing.T) {
	c := cursor([]uint32{0xff010203, 0x80040506}, image.Pt(2, 1), image.Pt(1, 0), 1)
	require.Equal(t, session.Cursor{Size: image.Pt(2, 1), Hot: image.Pt(1, 0), Pix: []byte{1, 2, 3, 255, 4, 5, 6, 128}}, c)
}

func TestACursorThatIsTooLargeLosesPixels(t *testing.T) {
	words := make([]uint32, 96*90)
	words[2*96+2] = 0xff000001
	c := cursor(words, image.Pt(96, 90), image.Pt(95, 89), 2)
	require.Equal(t, image.Pt(48, 45), c.Size)
	require.Equal(t, image.Pt(47, 44), c.Hot)
	require.Equal(t, []byte{0, 0, 1, 255}, c.Pix[4*(48+1):][:4])
}

func TestAClearCursorIsNone(t *testing.T) {
	require.Equal(t, session.Cursor{}, cursor(make([]uint32, 4), image.Pt(2, 2), image.Pt(0, 0), 1))
}
