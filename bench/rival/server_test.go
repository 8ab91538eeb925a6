package rival

import (
	"bufio"
	"bytes"
	"image"
	"image/color"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// noise is a picture of many colours: Tight sends it as JPEG.
func noise(size image.Point) *image.RGBA {
	pic := image.NewRGBA(image.Rectangle{Max: size})
	for y := range size.Y {
		for x := range size.X {
			pic.SetRGBA(x, y, color.RGBA{byte(x * 3), byte(y * 5), byte(x * y / 7), 255})
		}
	}
	return pic
}

// TestAServerAnswersARequestWithAllThatHasChanged tells a session's story, with its times.
func TestAServerAnswersARequestWithAllThatHasChanged(t *testing.T) {
	size := image.Pt(160, 128)
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	s := newServer(size, newTightEncoder(size), nil)
	dec, seen := newTightDecoder(), image.NewRGBA(image.Rectangle{Max: size})
	answer := func() (paid bool, wait time.Duration) {
		b, wait, err := s.answer(at)
		require.NoError(t, err)
		if b == nil {
			return false, wait
		}
		r := bufio.NewReader(bytes.NewReader(b))
		n, err := readUpdateHead(r)
		require.NoError(t, err)
		for range n {
			rect, err := readHead(r, seen.Rect)
			require.NoError(t, err)
			require.NoError(t, dec.decode(r, seen, rect))
		}
		return true, wait
	}

	pic := noise(size)
	s.update(pic, []image.Rectangle{pic.Rect})
	paid, _ := answer()
	require.False(t, paid, "nothing was requested yet")

	s.requested = true
	paid, _ = answer()
	require.True(t, paid)
	require.NotEqual(t, pic.Pix, seen.Pix, "coarse")

	paid, _ = answer()
	require.False(t, paid, "one update is under way")

	s.requested = true
	at = at.Add(100 * time.Millisecond)
	paid, wait := answer()
	require.False(t, paid, "nothing has changed")
	require.Equal(t, restBefore-100*time.Millisecond, wait, "and it is too early to refresh")

	pic.SetRGBA(3, 3, color.RGBA{255, 255, 255, 255})
	pic.SetRGBA(150, 100, color.RGBA{255, 255, 255, 255})
	s.update(pic, []image.Rectangle{image.Rect(3, 3, 4, 4)})
	s.update(pic, []image.Rectangle{image.Rect(150, 100, 151, 101)})
	paid, _ = answer()
	require.True(t, paid, "both at once")

	s.requested = true
	_, wait = answer()
	require.Equal(t, restBefore, wait, "a change begins the rest anew")
	pieces := 0
	for at = at.Add(wait); ; pieces++ {
		s.requested = true
		if paid, wait = answer(); !paid {
			break
		}
	}
	require.Zero(t, wait)
	require.Equal(t, size.X*size.Y/refreshSize, pieces)
	require.Equal(t, pic.Pix, seen.Pix, "exact")
}

func TestMessagesThatNobodySendsAreErrors(t *testing.T) {
	_, _, err := readMessage(bytes.NewReader([]byte{99}))
	require.EqualError(t, err, "rival: the viewer sent a message of type 99")
	for _, b := range [][]byte{{}, {typeRequest, 1}, {typeKey, 0, 0}} {
		_, _, err := readMessage(bytes.NewReader(b))
		require.Error(t, err)
	}
	_, err = readUpdateHead(bytes.NewReader([]byte{7, 0, 0, 1}))
	require.ErrorContains(t, err, "message 7")
}
