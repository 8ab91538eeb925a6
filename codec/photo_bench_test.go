package codec

import (
	"image"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkPhotographs codes the PNG files of $THINPANE_PHOTOS at fixed quantisers and gives the mean PSNR of luma and of
// R, G, B at 0.15, 0.3 and 0.6 bits per pixel, interpolated on the logarithm of the rate.
func BenchmarkPhotographs(b *testing.B) {
	files, err := filepath.Glob(filepath.Join(os.Getenv("THINPANE_PHOTOS"), "*.png"))
	require.NoError(b, err)
	if os.Getenv("THINPANE_PHOTOS") == "" || len(files) == 0 {
		b.Skip("$THINPANE_PHOTOS names no folder of PNG files")
	}
	var photos []*image.RGBA
	pixels := 0
	for _, name := range files {
		f, err := os.Open(name)
		require.NoError(b, err)
		img, err := png.Decode(f)
		require.NoError(b, err)
		f.Close()
		photos = append(photos, PictureOf(img).Image())
		pixels += img.Bounds().Dx() * img.Bounds().Dy()
	}
	steps := []uint32{6, 13, 20, 27}
	var sums [3][2]float64
	for b.Loop() {
		sums = [3][2]float64{}
		for _, img := range photos {
			var points [][3]float64
			for _, step := range steps {
				points = append(points, codeAt(b, img, step))
			}
			slices.SortFunc(points, func(p, q [3]float64) int { return int(math.Copysign(1, p[0]-q[0])) })
			for k, rate := range []float64{0.15, 0.3, 0.6} {
				i := 1
				for i < len(points)-1 && points[i][0] < rate {
					i++
				}
				p, q := points[i-1], points[i]
				t := math.Log(rate/p[0]) / math.Log(q[0]/p[0])
				sums[k][0] += p[1] + t*(q[1]-p[1])
				sums[k][1] += p[2] + t*(q[2]-p[2])
			}
		}
	}
	for k, rate := range []string{"0.15", "0.30", "0.60"} {
		b.ReportMetric(sums[k][0]/float64(len(photos)), "dB-luma-"+rate)
		b.ReportMetric(sums[k][1]/float64(len(photos)), "dB-rgb-"+rate)
	}
	b.ReportMetric(float64(pixels*len(steps))/(b.Elapsed().Seconds()/float64(b.N))/1e6, "Mpx/s-both")
}

// codeAt codes all tiles coarsely with one quantiser: bits per pixel, PSNR of luma and of R, G, B.
func codeAt(b *testing.B, img *image.RGBA, step uint32) [3]float64 {
	screen := NewScreen(ScreenConfig{})
	_, err := screen.Update(PictureOf(img), Hints{})
	require.NoError(b, err)
	s := newStream()
	s.rc.startEncoding(nil)
	s.number++
	sized(s, img.Rect.Dx(), img.Rect.Dy())
	s.codeCopies()
	for ty := range s.view.ty {
		for tx := range s.view.tx {
			at := image.Pt(tx, ty)
			s.codeNext(at, true, at == image.Point{})
			i, _, _ := s.view.tile(tx, ty)
			s.coarse.search(s.view, tx, ty, screen.pic.pix[i:], step, false)
			s.codeHead(at, tileWay{mode: modeCoarse, former: -1})
			s.codeCoarse()
		}
	}
	s.codeNext(image.Point{}, false, false)
	obj := s.rc.finish()
	d := NewDecoder(DecoderConfig{})
	_, err = d.Decode(obj)
	require.NoError(b, err)
	got := d.Picture().Image()
	require.Equal(b, s.picture().Image().Pix, got.Pix)
	luma, rgb := psnr(img, got)
	return [3]float64{8 * float64(len(obj)) / float64(len(got.Pix)/4), luma, rgb}
}
