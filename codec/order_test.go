package codec

import (
	"image"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestWhatChangesAgainAndAgainKeepsNothingWaiting changes a whole photograph before each object: all of it has its turn.
func TestWhatChangesAgainAndAgainKeepsNothingWaiting(t *testing.T) {
	sc := newScene(3, 320, 320)
	screen := NewScreen(ScreenConfig{})
	l := newLink(t, screen)
	seen := map[image.Point]int{}
	for range 150 {
		sc.photo(sc.Rect)
		_, err := screen.Update(PictureOf(sc), Hints{})
		require.NoError(t, err)
		_, o := l.send(t, Limits{Bytes: 600, Sharpness: 0})
		for y := o.Damage.Min.Y; y < o.Damage.Max.Y; y += tileSide {
			for x := o.Damage.Min.X; x < o.Damage.Max.X; x += tileSide {
				if t := (y/tileSide)*l.view.tx + x/tileSide; l.stamp[t] == l.number {
					seen[image.Pt(x, y)]++
				}
			}
		}
	}
	least, most := 1<<30, 0
	for y := 0; y < 320; y += tileSide {
		for x := 0; x < 320; x += tileSide {
			least, most = min(least, seen[image.Pt(x, y)]), max(most, seen[image.Pt(x, y)])
		}
	}
	require.Positive(t, least)
	require.LessOrEqual(t, most, 2*least+1, "turns of a tile")
}
