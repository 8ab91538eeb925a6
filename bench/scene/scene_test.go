package scene

import (
	"bytes"
	"crypto/sha256"
	"image"
	"image/draw"
	"os"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/thinpane/thinpane/bench/trace"
)

func open(t *testing.T) trace.Recording {
	r, err := WebPage(os.DirFS("../testdata/photos"))
	require.NoError(t, err)
	return r
}

func TestPlayedTwiceItShowsTheSamePixels(t *testing.T) {
	hashes := func(r trace.Recording) (all [][32]byte) {
		for u, err := range r.Updates() {
			require.NoError(t, err)
			all = append(all, sha256.Sum256(u.Picture.Pix))
		}
		return all
	}
	r := open(t)
	first := hashes(r)
	require.Len(t, first, 1+len(way))
	require.Equal(t, first, hashes(r), "the same recording again")
	require.Equal(t, first, hashes(open(t)), "made anew")
}

func TestAnUpdateChangesNothingOutsideItsPatches(t *testing.T) {
	r := open(t)
	last := image.NewRGBA(image.Rectangle{Max: r.Size()})
	at := time.Duration(0)
	for u, err := range r.Updates() {
		require.NoError(t, err)
		require.GreaterOrEqual(t, u.At, at)
		require.LessOrEqual(t, u.At, r.Duration())
		at = u.At
		require.False(t, bytes.Equal(last.Pix, u.Picture.Pix), "at %v nothing changed", u.At)
		for _, p := range u.Patches {
			draw.Draw(last, p, u.Picture, p.Min, draw.Src)
		}
		require.True(t, bytes.Equal(last.Pix, u.Picture.Pix), "at %v something else changed", u.At)
	}
}

func TestABrokenPhotographIsAnError(t *testing.T) {
	_, err := WebPage(fstest.MapFS{})
	require.ErrorContains(t, err, "clock.jpg")
	_, err = WebPage(fstest.MapFS{"clock.jpg": {Data: []byte("no picture")}})
	require.ErrorContains(t, err, "clock.jpg: invalid JPEG format")
}
