package codec

import (
	"image"
	"image/draw"
	"image/jpeg"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestPhotographsAreShortAndNear holds what the coarse pass makes of real photographs, cut to 400 x 240, against what it
// made when its bounds were set here, with 3 % and 0.15 dB to spare.
func TestPhotographsAreShortAndNear(t *testing.T) {
	for _, v := range []struct {
		name  string
		sharp Sharpness
		bytes int
		luma  float64 // PSNR, dB
		rgb   float64
	}{
		{"clock", 10, 6434, 31.39, 29.86},
		{"clock", 70, 17101, 39.01, 35.13},
		{"seeds", 10, 9314, 30.60, 29.47},
		{"seeds", 70, 21685, 38.03, 35.23},
		{"sun", 10, 1073, 39.40, 35.63},
		{"sun", 70, 2326, 45.25, 40.13},
	} {
		f, err := os.Open(filepath.Join("..", "bench", "testdata", "photos", v.name+".jpg"))
		require.NoError(t, err)
		img, err := jpeg.Decode(f)
		require.NoError(t, err)
		require.NoError(t, f.Close())
		cut := image.NewRGBA(image.Rect(0, 0, 400, 240))
		draw.Draw(cut, cut.Rect, img, img.Bounds().Min.Add(image.Pt(40, 40)), draw.Src)
		_, l := shown(t, &scene{RGBA: cut})
		size := 0
		for o := (Object{Stale: 1}); o.Stale > 0; {
			var b []byte
			b, o = l.send(t, Limits{Bytes: 1100, Sharpness: v.sharp})
			size += len(b)
		}
		luma, rgb := psnr(cut, l.d.Picture().Image())
		require.LessOrEqual(t, float64(size), 1.03*float64(v.bytes), "%s at %d", v.name, v.sharp)
		require.GreaterOrEqual(t, luma, v.luma-0.15, "%s at %d", v.name, v.sharp)
		require.GreaterOrEqual(t, rgb, v.rgb-0.15, "%s at %d", v.name, v.sharp)
	}
}

// psnr is that of luma and of all channels together, dB.
func psnr(a, b *image.RGBA) (luma, rgb float64) {
	var y, c float64
	for i := 0; i < len(a.Pix); i += 4 {
		dr, dg, db := float64(a.Pix[i])-float64(b.Pix[i]), float64(a.Pix[i+1])-float64(b.Pix[i+1]), float64(a.Pix[i+2])-float64(b.Pix[i+2])
		d := 0.299*dr + 0.587*dg + 0.114*db
		y += d * d
		c += (dr*dr + dg*dg + db*db) / 3
	}
	of := func(sum float64) float64 { return 10 * math.Log10(255*255*float64(len(a.Pix)/4)/sum) }
	return of(y), of(c)
}
