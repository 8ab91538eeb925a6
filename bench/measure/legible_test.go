package measure

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// rgb is a pixel as tilePixels hold it.
func rgb(colour uint32) uint32 {
	return colour&0xff<<16 | colour&0xff00 | colour>>16&0xff
}

func plainTile(colour uint32) tilePixels {
	px := make(tilePixels, TileSize*TileSize)
	for i := range px {
		px[i] = rgb(colour)
	}
	return px
}

// spot is a white tile with a rectangle of another colour.
func spot(x, y, w, h int, colour uint32) tilePixels {
	px := plainTile(0xffffff)
	for j := y; j < y+h; j++ {
		for i := x; i < x+w; i++ {
			px[j*TileSize+i] = rgb(colour)
		}
	}
	return px
}

func TestLegibleIsWhatAPersonCanRead(t *testing.T) {
	white := plainTile(0xffffff)
	striped := slices.Clone(white)
	for i := range striped {
		if i/TileSize%2 == 0 { // every second row: the mean is right, the picture is not
			striped[i] = rgb(0xe8e8e8)
		}
	}
	for _, c := range []struct {
		name string
		a, b tilePixels
		want bool
	}{
		{"the same", white, plainTile(0xffffff), true},
		{"luma off by 3", white, plainTile(0xfcfcfc), true},
		{"luma off by 4", white, plainTile(0xfbfbfb), true},
		{"luma off by 5: mean colour", white, plainTile(0xfafafa), false},
		{"only blue off by 5", white, plainTile(0xfffffa), false},
		{"a comma for a full stop", spot(6, 10, 2, 2, 0), spot(6, 10, 2, 5, 0), false},
		{"a full stop one pixel aside", spot(6, 10, 2, 2, 0), spot(7, 10, 2, 2, 0), false},
		{"one grey dot", white, spot(4, 4, 1, 1, 0xd0d0d0), true},
		{"one black dot", white, spot(4, 4, 1, 1, 0), false},
		{"a dot of 64 in a block: RMSE 16", white, spot(4, 4, 1, 1, 0xbfbfbf), true},
		{"a dot of 65 in a block", white, spot(4, 4, 1, 1, 0xbebebe), false},
		{"stripes: RMSE over the tile, or mean", white, striped, false},
		{"red for green of the same luma", plainTile(0xff0000), plainTile(0x008200), false},
		{"a red cell for a green one, pale", plainTile(0xffe0e0), plainTile(0xe0f2e0), false},
		{"dark text blurred away", spot(4, 2, 1, 12, 0x202020), spot(3, 2, 3, 12, 0xb5b5b5), false},
	} {
		require.Equal(t, c.want, legible(c.a, c.b, TileSize), c.name)
		require.Equal(t, c.want, legible(c.b, c.a, TileSize), c.name)
	}
}

func TestLegibleOfEdgeTilesCountsTheirOwnPixels(t *testing.T) {
	// 3 x 2 pixels: one block. A dot of 39 is an RMSE of 16 over 6 pixels, but above 10 of the tile.
	ground := tilePixels{0, 0, 0, 0, 0, 0}
	dot := func(v uint32) tilePixels { return tilePixels{v, 0, 0, 0, 0, 0} }
	require.True(t, legible(ground, dot(rgb(0x171717)), 3))  // 23: RMSE 9.4, mean 3.8
	require.False(t, legible(ground, dot(rgb(0x1a1a1a)), 3)) // 26: RMSE 10.6
}

func BenchmarkLegible(b *testing.B) {
	x, y := spot(4, 2, 1, 12, 0x202020), spot(4, 2, 1, 12, 0x222222)
	for b.Loop() {
		legible(x, y, TileSize)
	}
}
