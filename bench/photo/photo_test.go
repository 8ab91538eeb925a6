package photo

import (
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// meadow is smooth, with some grain.
func meadow() *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, 160, 96))
	seed := uint32(1)
	for y := range 96 {
		for x := range 160 {
			seed = seed*1664525 + 1013904223
			n := uint8(seed >> 28)
			m.SetRGBA(x, y, color.RGBA{uint8(x) + n, uint8(80+y) + n, uint8(200-x/2-y/2) + n, 255})
		}
	}
	return m
}

func TestMoreBitsAreNearerToThePhotograph(t *testing.T) {
	c, err := Ours(meadow())
	require.NoError(t, err)
	require.Len(t, c.Points, len(Sharpnesses))
	first, last := c.Points[0], c.Points[len(c.Points)-1]
	require.Greater(t, last.BPP, first.BPP)
	require.Greater(t, last.Luma, first.Luma+3)
	require.Greater(t, c.Exact, last.BPP)
	require.Positive(t, c.EncodeMpxps)
}

func TestPointsAreInterpolatedOnTheLogarithm(t *testing.T) {
	points := []Point{{0.4, 40, 36}, {0.1, 30, 26}}
	require.InDelta(t, 35, At(points, 0.2).Luma, 1e-9)
	require.InDelta(t, 45, At(points, 0.8).Luma, 1e-9)
	require.InDelta(t, 31, At(points, 0.2).RGB, 1e-9)
}

func TestEqualPicturesHaveNoError(t *testing.T) {
	luma, rgb := PSNR(meadow(), meadow())
	require.Greater(t, luma, 100.0)
	require.Greater(t, rgb, 100.0)
}

func TestRivalsThatAreInstalledCode(t *testing.T) {
	for _, r := range Rivals {
		if !r.Installed() {
			t.Logf("%s is not installed", r.Name)
			continue
		}
		points, err := r.Code(t.Context(), meadow())
		require.NoError(t, err)
		require.Greater(t, points[len(points)-1].Luma, points[0].Luma, r.Name)
	}
}

func TestPhotographsAreFoundAndCut(t *testing.T) {
	dir := t.TempDir()
	_, err := Files(dir)
	require.ErrorContains(t, err, "there are no photographs (.jpg, .png, .webp) in "+dir)
	name := filepath.Join(dir, "a.jpg")
	f, err := os.Create(name)
	require.NoError(t, err)
	require.NoError(t, jpeg.Encode(f, meadow(), nil))
	require.NoError(t, f.Close())
	files, err := Files(dir)
	require.NoError(t, err)
	require.Equal(t, []string{name}, files)
	img, err := Open(name)
	require.NoError(t, err)
	require.Equal(t, Size, img.Rect.Size())
	require.NoError(t, os.WriteFile(name, []byte("no picture"), 0o600))
	_, err = Open(name)
	require.ErrorContains(t, err, "a.jpg: image: unknown format")
}

func TestThePageHoldsTableAndPlot(t *testing.T) {
	c, err := Ours(meadow())
	require.NoError(t, err)
	var b strings.Builder
	require.NoError(t, Write(&b, Summary{Photographs: 1, Size: "160 x 96", Curves: []Curve{CurveOf("Thinpane", [][]Point{c.Points})}, Exact: c.Exact}))
	require.Contains(t, b.String(), "<polyline")
	require.Contains(t, b.String(), "<td>Thinpane")
	require.NotContains(t, b.String(), "NaN")
}
