package codec

import (
	"image"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestModelEqualsPictureAfterEveryObject(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	s := NewScreen(ScreenConfig{})
	e, err := NewEncoder(s, EncoderConfig{})
	require.NoError(t, err)
	d := NewDecoder(DecoderConfig{})
	img := image.NewRGBA(image.Rect(0, 0, 70, 45))
	for range 5 {
		for i := range img.Pix {
			img.Pix[i] = byte(rng.Uint32())
		}
		_, err = s.Update(PictureOf(img), Hints{})
		require.NoError(t, err)
		for {
			b, o := e.Append(nil, Limits{Bytes: MinObject + rng.IntN(1000)})
			if o.State == 0 {
				break
			}
			_, err := d.Decode(b)
			require.NoError(t, err)
			require.Equal(t, e.Picture().Pix, d.Picture().Pix)
		}
		require.Equal(t, PictureOf(img).Image().Rect, d.Picture().Image().Rect)
	}
}
