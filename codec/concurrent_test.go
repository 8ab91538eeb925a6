package codec

import (
	"bytes"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEncodersOfOneScreenMayAppendAtTheSameTime(t *testing.T) {
	sc := newScene(11, 200, 150)
	screen := NewScreen(ScreenConfig{})
	viewers := []*link{newLink(t, screen), newLink(t, screen), newLink(t, screen)}
	for range 6 {
		sc.step()
		_, err := screen.Update(PictureOf(sc), Hints{})
		require.NoError(t, err)
		streams := make([][]byte, len(viewers))
		var wg sync.WaitGroup
		for k, v := range viewers {
			wg.Go(func() {
				for range 10 {
					streams[k], _ = v.Append(streams[k], Limits{Bytes: 700, Sharpness: 40, Refine: true})
				}
			})
		}
		wg.Wait()
		require.True(t, bytes.Equal(streams[0], streams[1]) && bytes.Equal(streams[0], streams[2]), "the same calls give the same bytes")
	}
}
