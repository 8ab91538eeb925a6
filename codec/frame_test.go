package codec

import (
	"image"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAFrameIsResizedInPlaceAsIfItWereANewOne(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	f := newFrame(image.Pt(1, 1))
	for range 300 {
		size := image.Pt(1+rng.IntN(100), 1+rng.IntN(100))
		want := newFrame(size)
		for y := range min(size.Y, f.size.Y) {
			for x := range min(size.X, f.size.X) {
				f.pix[f.at(x, y)] = 1 + rng.Uint32N(1<<24-1)
				want.pix[want.at(x, y)] = f.pix[f.at(x, y)]
			}
		}
		f.resize(size)
		require.Equal(t, want, f)
		for y := range size.Y {
			for x := range size.X {
				f.pix[f.at(x, y)] = 1
			}
		}
	}
}
